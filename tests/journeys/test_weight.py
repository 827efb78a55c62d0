"""What the window's first load costs: few requests, few bytes, nothing that the screen does not need yet."""

import gzip

import pytest

from tests.journeys.host_site import CLASSIC_POC, POC

pytestmark = pytest.mark.browser
WEIGHED = ("document", "script", "stylesheet")


@pytest.mark.parametrize("guid", [POC, CLASSIC_POC], ids=["V2", "V1 and its logo"])
def test_the_first_load_is_light(live_server, browser, guid):
    context = browser.new_context()
    page = context.new_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer))  # a method of a list bears no mark of the driver
    page.goto(f"{live_server.url}/inContact/ChatClient/ChatClient.aspx?poc={guid}", wait_until="networkidle")
    assert len(answers) <= 6, [answer.url for answer in answers]
    weights = {a.url: len(gzip.compress(a.body(), 6)) for a in answers if a.request.resource_type in WEIGHED}
    assert len(weights) == 4
    assert sum(weights.values()) <= 30_000, weights
    context.close()
