"""The console's pages and fragments, as the agent's browser gets them."""

import re

import pytest
from sqlalchemy import select

from app import clock
from app.actions.matching import match_agent
from app.extensions import db
from app.models import AgentSession, Contact, Message, Offer, Seat
from app.transaction import transaction
from tests.faces.scene import csrf
from tests.worlds import count_statements

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def console(app, scene, place):
    """The agent's browser, at work and Available."""
    scene.shift(place, place.agent, state="Available")
    return scene.signed_in(place.agent, place.id)


@pytest.fixture
def post(console):
    """Posts as htmx does it from the console's page."""
    token = csrf(console.get("/agent/").text)
    return lambda path, **form: console.post(path, data=form, headers={**FRAGMENT, "X-CSRFToken": token})


@pytest.fixture
def offer(app, scene, place, console):
    """An offer that waits for the agent's answer."""
    scene.contact(place, "Zoé <b>", state="QUEUED")
    with app.app_context():
        match_agent(place.agent)
        return db.session.scalar(select(Offer.id))


@pytest.fixture
def contact(app, post, offer):
    """A chat that the agent has accepted."""
    assert post(f"/agent/offers/{offer}/acceptance").status_code == 200
    with app.app_context():
        return db.session.scalar(select(Contact.id))


def test_opening_the_console_begins_a_shift_that_is_not_ready(app, scene, place):
    page = scene.signed_in(place.agent, place.id).get("/agent/")
    assert page.status_code == 200
    with app.app_context():
        shift = db.session.scalar(select(AgentSession))
        assert (shift.user_id, shift.state) == (place.agent, "Unavailable")


def test_loading_it_again_begins_no_second_shift(app, console):
    assert console.get("/agent/").status_code == console.get("/agent/").status_code == 200
    with app.app_context():
        assert len(db.session.scalars(select(AgentSession)).all()) == 1


@pytest.mark.parametrize("path", ["/agent/", "/agent/contacts", "/agent/offers", "/agent/state", "/agent/contacts/1"])
def test_only_agents_see_the_console(scene, place, client, path):
    assert client.get(path).status_code == 303
    assert scene.signed_in(place.admin, place.id).get(path).status_code == 403


def test_a_fragment_for_nobody_sends_the_page_to_the_sign_in(client):
    answer = client.get("/agent/contacts", headers=FRAGMENT)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/auth/sign-in"
    assert "password" not in answer.text


def test_an_offer_tells_who_waits_where_and_why_it_counts(console, offer):
    page = console.get("/agent/offers").text
    for told in ("Zoé &lt;b&gt;", "Shop page", "French", "data-deadline=", "data-accept", "data-refuse"):
        assert told in page
    assert f"/agent/offers/{offer}/acceptance" in page


def test_accepting_makes_the_chat_ones_own(scene, console, contact):
    assert scene.read(Contact, contact).state == "ACTIVE"
    assert "data-offer=" not in console.get("/agent/offers").text
    assert f'id="contact-item-{contact}"' in console.get("/agent/contacts").text
    pane = console.get(f"/agent/contacts/{contact}").text
    assert 'data-foot="active"' in pane
    assert "Zoé &lt;b&gt;" in pane


def test_refusing_gives_it_back_and_shows_refused(scene, app, console, post, offer):
    assert post(f"/agent/offers/{offer}/refusal").status_code == 200
    assert scene.read(Offer, offer).state == "refused"
    page = console.get("/agent/state").text
    assert "Refused" in page
    assert 'value="Unavailable" aria-pressed="true"' in page


def test_an_offer_decided_before_says_so(post, offer):
    post(f"/agent/offers/{offer}/refusal")
    answer = post(f"/agent/offers/{offer}/acceptance")
    assert answer.status_code == 409
    assert "changed in the meantime" in answer.text


def test_a_change_of_state_waits_for_the_chats(console, post, contact):
    page = post("/agent/state", state="Unavailable").text
    assert "Unavailable after your chats" in page
    page = post("/agent/state", state="Available").text
    assert "after your chats" not in page
    assert 'value="Available" aria-pressed="true"' in page


def test_a_state_that_does_not_exist_is_refused(post):
    assert post("/agent/state", state="Asleep").status_code == 422


def test_a_post_without_the_token_changes_nothing(scene, console, offer):
    assert console.post(f"/agent/offers/{offer}/acceptance", headers=FRAGMENT).status_code == 400
    assert scene.read(Offer, offer).state == "pending"


def test_ending_asks_for_the_wrap_up(scene, post, console, contact):
    foot = post(f"/agent/contacts/{contact}/ending").text
    assert 'data-foot="owed"' in foot
    assert "Answered" in foot
    assert "data-until=" in foot
    assert scene.read(Contact, contact).end_reason == "agent_ended"
    assert "Wrap-up" in console.get("/agent/contacts").text


def test_the_wrap_up_is_kept_and_the_chat_leaves_the_list(scene, place, post, console, contact):
    post(f"/agent/contacts/{contact}/ending")
    foot = post(f"/agent/contacts/{contact}/wrap-up", disposition_id=place.outcomes[0], notes="brass").text
    assert 'data-foot="over"' in foot
    kept = scene.read(Contact, contact)
    assert (kept.disposition_id, kept.disposition_notes) == (place.outcomes[0], "brass")
    assert f'id="contact-item-{contact}"' not in console.get("/agent/contacts").text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"disposition_id": "99999"}, "choose one of the outcomes"),
        ({"disposition_id": "x"}, "choose one of the outcomes"),
        ({"disposition_id": "9" * 19}, "choose one of the outcomes"),
        ({"disposition_id": "9" * 5000}, "choose one of the outcomes"),
        ({"notes": "n" * 1001}, "up to 1,000 characters"),
    ],
)
def test_a_wrong_wrap_up_comes_back_with_its_words_and_all_that_was_typed(scene, post, contact, form, words):
    post(f"/agent/contacts/{contact}/ending")
    answer = post(f"/agent/contacts/{contact}/wrap-up", **{"notes": "half a thought", **form})
    assert answer.status_code == 422
    assert words in answer.text
    assert form.get("notes", "half a thought") in answer.text
    assert scene.read(Contact, contact).wrap_up_agent_id is not None


def test_a_wrong_wrap_up_without_htmx_says_what_is_wrong(scene, place, console, contact):
    page = console.get("/agent/").text
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]
    answer = console.post(f"/agent/contacts/{contact}/wrap-up", data={"disposition_id": "x", "csrf_token": token})
    assert answer.status_code == 422
    assert "Redirecting" not in answer.text
    assert "Please check what you entered." in answer.text


def test_nobody_sees_the_chats_of_a_colleague(scene, place, post, contact):
    colleague = scene.user(place, "Ben Okafor", is_agent=True)
    other = scene.signed_in(colleague, place.id)
    token = csrf(other.get("/agent/").text)
    headers = {**FRAGMENT, "X-CSRFToken": token}
    for path in ("", "/details"):
        assert other.get(f"/agent/contacts/{contact}{path}").status_code == 404
    for path in ("/ending", "/wrap-up"):
        assert other.post(f"/agent/contacts/{contact}{path}", headers=headers).status_code == 404
    assert scene.read(Contact, contact).state == "ACTIVE"


def test_the_details_are_text_whatever_the_page_sent(scene, place, console, app):
    hostile = '<img src=x onerror=alert(1) hx-get="/admin/">'
    parameters = [{"name": "Order", "value": hostile}, {"name": "", "value": "second"}]
    more = {"parameters": parameters, "page_url": "javascript:alert(1)"}
    contact_id = scene.contact(place, hostile, agent=place.agent, **more)
    for path in ("", "/details"):
        page = console.get(f"/agent/contacts/{contact_id}{path}").text
        assert "&lt;img" in page
        assert "<img" not in page
        assert 'href="javascript' not in page
    assert "p2" in page


def test_the_waiting_counts_from_the_first_words_not_answered(scene, place, console):
    waiting = scene.contact(place, "Waits", agent=place.agent)
    me = f"agent:{place.agent}"
    spoken = [("customer", "Z", "one"), (me, "Ana", "two"), ("customer", "Z", "three"), ("customer", "Z", "four")]
    scene.lines(place, waiting, *spoken)
    answered = scene.contact(place, "Answered", agent=place.agent)
    scene.lines(place, answered, ("customer", "Z", "one"), (me, "Ana", "two"), ("script", "", "three"))
    page = console.get("/agent/contacts").text
    shown = {
        number: page.partition(f'id="contact-item-{number}"')[2].partition('data-waiting-since="')[2].partition('"')[0]
        for number in (waiting, answered)
    }
    with scene.app.app_context():
        third = db.session.scalar(select(Message.at).where(Message.contact_id == waiting, Message.seq == 3))
        assert shown == {waiting: clock.iso(third), answered: ""}


def test_many_chats_cost_no_more_queries_than_two(app, scene, place, console):
    with app.app_context():
        statements = count_statements(db.engine)

    def cost(path: str) -> int:
        statements.clear()
        assert console.get(path).status_code == 200
        return len(statements)

    for n in range(2):
        scene.contact(place, f"Customer {n}", agent=place.agent)
    few = {path: cost(path) for path in ("/agent/", "/agent/contacts")}
    rows = [("customer", "Z", "words")] * 3
    for n in range(2, 40):
        scene.lines(place, scene.contact(place, f"Customer {n}", agent=place.agent), *rows)
    many = {path: cost(path) for path in ("/agent/", "/agent/contacts")}
    assert many == few
    assert few["/agent/"] <= 10


def test_choosing_a_state_after_a_lost_link_begins_the_next_shift(app, scene, place):
    browser = scene.signed_in(place.agent, place.id)
    token = csrf(browser.get("/agent/").text)
    with app.app_context(), transaction() as tx:
        shift = tx.session.scalar(select(AgentSession))
        shift.ended_at = clock.now()
    assert "Not at work" in browser.get("/agent/state").text
    page = browser.post("/agent/state", data={"state": "Available"}, headers={**FRAGMENT, "X-CSRFToken": token}).text
    assert 'value="Available" aria-pressed="true"' in page
    with app.app_context():
        assert db.session.scalar(select(Seat.n).limit(1)) == 1
