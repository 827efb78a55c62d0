"""A chat that is gone, wherever it was shown: words without a chat are seen, outlive it, and go on in the next."""

import pytest
from playwright.sync_api import expect

from tests.journeys.embedding import Books, chat, html, launcher, opened, snippet, started, state
from tests.journeys.forms import closed_now, open_for
from tests.journeys.host_site import CLASSIC_POC
from tests.journeys.test_closed import DESK
from tests.journeys.test_embed_next_page import NO_STORAGE_IN_FRAMES
from tests.journeys.test_popout import ROOM, PopUp, pop_out
from tests.journeys.test_popout_stranded import DEAF
from tests.journeys.windows import Window, holds

pytestmark = pytest.mark.browser
GONE = {"status": 401, "json": {"error": {"code": "sign_in_needed", "message": "gone"}}}
WORDS = ("Unsent line", "Half a sentence")


def forget(page):
    """The server does not know the chat any more; returns how to make it know again."""
    page.route("**/chat/contact", lambda route: route.fulfill(**GONE))
    return lambda: page.unroute("**/chat/contact")


def unsent(window):
    """One line that cannot go out, and half of another."""
    window.page.evaluate(DEAF)
    window.write(WORDS[0])
    expect(window.page.locator(".message--own[data-state=sending]")).to_have_count(1)
    window.page.locator("[data-draft]").fill(WORDS[1])


def carried(window, *words):
    """Waits until the words stand before the form."""
    for text in words:
        expect(window.locator("[data-view=start] [data-carried]")).to_contain_text(text)


@pytest.fixture
def window(new_page, server, idle):
    one = Window(new_page(allow=["401"], **ROOM), server, CLASSIC_POC)
    one.start()
    return one


def test_what_a_window_has_not_sent_is_seen_and_stands_in_the_next_chat(window):
    unsent(window)
    again = forget(window.page)
    window.page.reload()
    window.be("start")
    carried(window.page, *WORDS)
    again()
    window.page.locator("[data-start] [type=submit]").click()
    window.be("waiting")
    expect(window.page.locator("[data-draft]")).to_have_value("\n\n".join(WORDS))


def test_what_a_pop_up_had_is_seen_when_it_comes_back_to_no_chat(window):
    popup = pop_out(window)
    popup.be("waiting")
    unsent(popup)
    again = forget(window.page)
    popup.page.close()
    window.be("start")
    carried(window.page, *WORDS)
    again()
    window.page.locator("[data-start] [type=submit]").click()
    window.be("waiting")
    expect(window.page.locator("[data-draft]")).to_have_value("\n\n".join(WORDS))


def test_a_pop_up_that_has_lost_its_chat_gives_the_words_to_its_page(window):
    popup = pop_out(window)
    popup.be("waiting")
    unsent(popup)
    forget(popup.page)
    popup.page.reload()
    popup.be("start")
    carried(popup.page, *WORDS)
    popup.page.close()
    window.be("start")
    carried(window.page, *WORDS)
    window.page.reload()
    window.be("start")
    carried(window.page, *WORDS)


def test_a_pop_up_without_its_page_asks_before_such_words_are_lost(new_page, site, server, idle):
    page = new_page(site.put("/", html(snippet(CLASSIC_POC))), allow=["401"], **ROOM)
    inside = started(page)
    with page.expect_popup() as opening:
        inside.locator("[data-popout]").click()
    popup = PopUp(opening.value, server)
    popup.be("waiting")
    popup.page.locator("[data-draft]").fill(WORDS[1])
    page.goto(site.put("/elsewhere", html("")))
    holds(popup.page, "!opener || opener.closed")
    forget(popup.page)
    asked = []
    popup.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    popup.page.reload()
    popup.be("start")
    carried(popup.page, WORDS[1])
    asked.clear()
    popup.page.locator("[data-start] [name=name]").press_sequentially("M")
    with popup.page.expect_event("close"):
        popup.page.close(run_before_unload=True)
    assert asked == ["beforeunload"]


def test_where_frames_may_store_nothing_the_page_keeps_the_draft_of_a_chat_that_is_gone(new_page, site, idle):
    page = new_page(allow=["401"])
    page.add_init_script(NO_STORAGE_IN_FRAMES)
    page.goto(site.put("/", html(snippet(CLASSIC_POC))))
    started(page).locator("[data-draft]").fill(WORDS[1])
    holds(page, "Object.values(sessionStorage).some((kept) => kept.includes('Half a sentence'))")
    again = forget(page)
    page.goto(site.put("/next", html(snippet(CLASSIC_POC))))
    launcher(page).click()
    state(chat(page), "start")
    carried(chat(page), WORDS[1])
    again()
    page.goto(site.put("/third", html(snippet(CLASSIC_POC))))
    launcher(page).click()
    opened(page)
    carried(chat(page), WORDS[1])
    chat(page).locator("[data-start] [type=submit]").click()
    state(chat(page), "waiting")
    expect(chat(page).locator("[data-draft]")).to_have_value(WORDS[1])


@pytest.mark.parametrize("messages", [1, 0])
def test_while_closed_they_become_part_of_the_message_or_are_shown(new_page, server, messages):
    books = Books(server)
    open_for(books, closed_now()[0])
    books.change("UPDATE skill SET messages_when_closed = ?", messages)
    page = Window(new_page(allow=["401"]), server, DESK, "closed").page
    lost = "{token: 'x'.repeat(22), contact: 987654}"
    page.evaluate(f"localStorage.setItem('clavardage:{DESK}', JSON.stringify({lost}))")
    page.evaluate("sessionStorage.setItem('clavardage:draft:987654', 'Half a sentence')")
    page.reload()
    expect(page.locator("[data-banner]")).to_contain_text("What you wrote is still here")
    if messages:
        expect(page.locator("[data-leave] [name=text]")).to_have_value(WORDS[1])
        page.reload()
        expect(page.locator("[data-leave] [name=text]")).to_have_value(WORDS[1])
    else:
        expect(page.locator("[data-view=closed] [data-carried]")).to_contain_text(WORDS[1])
    books.change("UPDATE skill SET messages_when_closed = 1")


def test_nobody_types_into_a_form_that_is_on_its_way(new_page, server, idle, poc):
    window = Window(new_page(allow=["503"]), server, poc)
    page, held = window.page, []
    page.route("**/contacts", lambda route: held.append(route))
    page.locator("[data-start] [name=name]").fill("Mika")
    with page.expect_request("**/contacts"):
        page.locator("[data-start] [type=submit]").click()
    page.locator("[data-start] [name=name]").press_sequentially("x")
    expect(page.locator("[data-start] [name=name]")).to_have_value("Mika")
    held[0].fulfill(status=503, json={"error": {"code": "busy", "message": "Later"}})
    expect(page.locator("[data-start-error]")).to_be_visible()
    page.unroute("**/contacts")
    page.locator("[data-start] [name=name]").press_sequentially("x")
    page.locator("[data-start] [type=submit]").click()
    window.be("waiting")
    window.leave()


def test_a_window_that_cannot_be_loaded_again_stays_as_it_is(new_page, server, poc):
    window = Window(new_page(allow=["409", "ERR_FAILED"]), server, poc)
    page = window.page
    page.route(
        "**/contacts", lambda route: route.fulfill(status=409, json={"error": {"code": "closed", "message": "x"}})
    )
    page.route("**/ChatClient.aspx*", lambda route: route.abort())
    page.locator("[data-start] [name=name]").fill("Mika")
    page.locator("[data-start] [type=submit]").click()
    expect(page.locator("[data-start-error]")).to_be_visible()
    expect(page.locator("[data-start] [name=name]")).to_have_value("Mika")


SEEN = """async ([known, told]) => {
  const { Visit } = await import("/static/js/visit.js");
  localStorage.setItem("clavardage:desk", JSON.stringify({ token: "mine", seen: known }));
  const visit = new Visit("desk");
  visit.token = "mine";
  visit.settle({ token: "mine", seen: told });
  const both = visit.seen;
  visit.token = "another";
  return [both, visit.seen];
}"""


@pytest.mark.parametrize(("known", "told"), [(5, 3), (3, 5)])
def test_what_was_seen_in_whichever_window_counts_as_seen_and_of_another_chat_nothing(new_page, server, known, told):
    page = Window(new_page(), server, CLASSIC_POC).page
    assert page.evaluate(SEEN, [known, told]) == [5, None]
