"""A working day at the console: a real browser, a real server, customers over the public protocol."""

import re
import sqlite3
from contextlib import closing

import pytest

from tests.browsing import axe
from tests.people import Agent, Customer, new_cid
from tests.services import until

pytestmark = pytest.mark.browser

CLASSIC_POC = "8a41d6c2-93ef-4b07-b6a2-1e5c7f20d9ab"
EXPECTED = (r"status of (401|409|422)", r"WebSocket connection to .* failed", r"ERR_CONNECTION_REFUSED")


@pytest.fixture(scope="module")
def server(start_server):
    """A server of these journeys' own: on a shared one the demo agents would get other journeys' chats."""
    return start_server(CLAVARDAGE_SIGN_INS_PER_MINUTE="1000")


@pytest.fixture(autouse=True)
def end_of_the_day(server):
    """Afterwards nobody waits and nobody is at work."""
    yield
    agent = Agent(server.url, "ana@demo.example", "demo-ana-4321")
    agent.post("/agent/state", {"state": "Unavailable"})
    for contact in re.findall(rb'id="contact-item-(\d+)"', agent.web.ask("GET", "/agent/contacts")[2]):
        agent.post(f"/agent/contacts/{int(contact)}/ending")
    agent.post("/auth/sign-out", {"requeue": "yes"})
    for customer in waiting:
        customer.ask("POST", "/chat/ending", {"now": True})
    waiting.clear()


waiting: list[Customer] = []


def arrive(server, name: str, **more) -> Customer:
    """A customer starts a chat."""
    waiting.append(Customer(server.url, name, **more))
    return waiting[-1]


def write(customer: Customer, text: str) -> None:
    status, answer = customer.ask("POST", "/chat/messages", {"text": text}, {"Idempotency-Key": new_cid()})
    assert status == 201, answer


def open_console(new_page, server, who="ana", **options):
    """Sign in as one of the demo agents and wait until the link is up."""
    page = new_page(f"{server.url}/auth/sign-in", allow=EXPECTED, **options)
    page.get_by_label("E-mail").fill(f"{who}@demo.example")
    page.get_by_label("Password").fill(f"demo-{who}-4321")
    page.get_by_role("button", name="Sign in").click()
    page.locator("[data-link=online]").wait_for()
    return page


def take(page, customer_name: str):
    """Accept the offer of this customer with the keyboard; returns the conversation."""
    page.locator(f"[data-offer][data-name='{customer_name}']").wait_for()
    page.keyboard.press("Alt+a")
    page.locator(f"[data-offer][data-name='{customer_name}']").wait_for(state="detached")
    pane = page.get_by_role("article", name=customer_name)
    says(pane, "joined the chat")
    return pane


def says(pane, text: str):
    pane.locator(".message", has_text=text).last.wait_for()


def heard(customer: Customer, text: str) -> bool:
    _, answer = customer.ask("GET", "/chat/events?after=0&wait=0")
    return any(event.get("text") == text for event in answer["events"])


def test_a_chat_from_the_offer_to_the_wrap_up_by_keyboard_alone(new_page, server):
    page = open_console(new_page, server)
    assert axe(page) == []
    page.get_by_role("button", name="Available", exact=True).press("Enter")
    customer = arrive(server, "Camille", params=["", "", "", "A-20391"])
    write(customer, "Is the Atlas lamp made of brass?")

    offer = page.locator("[data-offer]")
    offer.wait_for()
    assert re.search(r"\d+ s left", offer.inner_text())
    until(lambda: "Camille" in page.title(), what="the title that moves")
    assert "Camille" in page.get_by_role("alert").first.inner_text()
    assert axe(page) == []

    pane = take(page, "Camille")
    says(pane, "Is the Atlas lamp made of brass?")
    until(lambda: page.evaluate("document.activeElement.matches('[data-draft]')"), what="the caret in the reply box")
    page.keyboard.type("Yes, brushed brass.")
    page.keyboard.press("Enter")
    pane.locator("[data-state=sent]", has_text="Yes, brushed brass.").wait_for()
    until(lambda: heard(customer, "Yes, brushed brass."), what="the customer's copy")
    page.locator("#details", has_text="A-20391").wait_for()
    assert axe(page) == []

    page.keyboard.press("Alt+e")
    page.keyboard.press("Tab")
    assert axe(page) == []
    page.keyboard.press("Enter")
    pane.get_by_label("Outcome").select_option("Question answered")
    pane.get_by_label("Notes").fill("n" * 1001)
    pane.get_by_role("button", name="Save and close").click()
    pane.get_by_text("up to 1,000 characters").wait_for()
    assert axe(page) == []
    pane.get_by_label("Notes").fill("Brass.")
    pane.get_by_role("button", name="Save and close").click()
    pane.wait_for(state="detached")
    assert customer.snapshot()["end_reason"] == "agent_ended"
    assert page.locator("#contacts [data-contact]").count() == 0


def test_live_updates_take_neither_focus_nor_half_typed_words(new_page, server):
    page = open_console(new_page, server)
    page.locator("#state-available").click()
    first = arrive(server, "First")
    pane = take(page, "First")
    box = pane.locator("[data-draft]")
    box.fill("half a thou")
    second = arrive(server, "Second")
    other = take(page, "Second")
    box.focus()
    write(second, "hello?")
    write(first, "are you there?")
    says(other, "hello?")
    says(pane, "are you there?")
    page.locator("#contacts [data-unread]", has_text="1").wait_for()
    third = arrive(server, "Third")
    page.locator("[data-offer][data-name='Third']").wait_for()
    assert box.input_value() == "half a thou"
    assert page.evaluate("document.activeElement.id") == box.get_attribute("id")
    page.keyboard.type("ght")
    third.ask("POST", "/chat/ending", {"now": True})
    page.locator("[data-offer]").wait_for(state="detached")
    assert box.input_value() == "half a thought"

    page.reload()
    pane = page.get_by_role("article", name="First")
    pane.wait_for()
    says(pane, "are you there?")
    until(lambda: pane.locator("[data-draft]").input_value() == "half a thought", what="the draft after a reload")
    page.keyboard.press("Alt+2")
    until(
        lambda: page.evaluate("document.activeElement.closest('[data-pane]')?.dataset.name") == "Second",
        what="the second chat",
    )


def test_typing_is_shown_both_ways(new_page, server):
    page = open_console(new_page, server)
    page.locator("#state-available").click()
    customer = arrive(server, "Typist")
    pane = take(page, "Typist")
    live = customer.connect()
    live.say({"t": "typing", "contact": customer.contact, "on": True})
    pane.get_by_text("Typist is typing").wait_for()
    pane.locator("[data-draft]").press_sequentially("H")
    frame = live.wait_for(lambda frame: frame["t"] == "typing")
    assert (frame["by"], frame["on"]) == ("agent", True)
    live.close()


def test_a_refusal_shows_and_the_next_chat_does_not_come(new_page, server):
    page = open_console(new_page, server)
    page.locator("#state-available").click()
    customer = arrive(server, "Refused one")
    page.locator("[data-offer]").wait_for()
    page.keyboard.press("Alt+r")
    page.locator("[data-offer]").wait_for(state="detached")
    page.locator("#state", has_text="Refused").wait_for()
    assert page.locator("#state-unavailable").get_attribute("aria-pressed") == "true"
    assert customer.snapshot()["state"] == "waiting"
    assert axe(page) == []


def test_a_chat_that_is_taken_away_says_so_and_stays_until_it_is_closed(new_page, server):
    page = open_console(new_page, server)
    page.locator("#state-available").click()
    customer = arrive(server, "Taken")
    pane = take(page, "Taken")
    pane.locator("[data-draft]").fill("not yet sent")

    elsewhere = open_console(new_page, server)
    elsewhere.get_by_role("button", name="Sign out").click()
    elsewhere.get_by_role("heading", name="You still have one chat.").wait_for()
    assert axe(elsewhere) == []
    elsewhere.get_by_role("button", name="Give them back and sign out").click()
    elsewhere.get_by_role("heading", name="Sign in").wait_for()

    pane.get_by_text("went back to the queue").wait_for()
    assert pane.locator("[data-draft]").input_value() == "not yet sent"
    assert pane.locator("[data-draft]").get_attribute("readonly") is not None
    assert customer.snapshot()["state"] == "waiting"
    assert axe(page) == []
    pane.get_by_role("button", name="Close").click()
    pane.wait_for(state="detached")
    page.get_by_text("What is known about the customer appears here.").wait_for()


def test_a_shift_that_ended_while_the_link_was_lost_is_explained_and_its_chats_stay(new_page, start_server):
    server = start_server()
    page = open_console(new_page, server)
    page.get_by_text("Set yourself to Available: the next").wait_for()
    page.locator("#state-available").click()
    page.get_by_text("The next customer is offered to you here, with a sound.", exact=True).wait_for()
    names = ("Asleep", "Sleepy")
    customers = [Customer(server.url, name) for name in names]
    panes = [take(page, name) for name in names]
    panes[0].locator("[data-draft]").fill("half a thought")
    server.terminate()
    page.locator("[data-link=reconnecting]").wait_for()
    page.locator("#state-unavailable").click()
    page.get_by_text("That did not work.").wait_for()
    page.context.set_offline(True)
    kept = server.env
    server.env = {**kept, "CLAVARDAGE_LEASE_SECONDS": "1"}
    with closing(sqlite3.connect(server.folder / "clavardage.db")) as database, database:
        database.execute("UPDATE agent_session SET lease_until = started_at")
        database.execute(
            "UPDATE timer SET due_at = (SELECT min(started_at) FROM agent_session) WHERE kind = 'agent_lease'"
        )
    server.start()
    until(lambda: all(one.snapshot()["state"] == "waiting" for one in customers), what="the end of the lease")
    server.terminate()
    server.env = kept
    server.start()
    missing = []
    page.on("response", lambda answer: answer.status == 404 and missing.append(answer.url))
    page.context.set_offline(False)

    page.get_by_text("Your shift ended because the connection was lost").wait_for()
    for pane in panes:
        pane.get_by_text("went back to the queue").wait_for()
    assert panes[0].locator("[data-draft]").input_value() == "half a thought"
    assert axe(page) == []

    page.locator("#state-available").click()
    page.get_by_text("Your shift ended because the connection was lost").wait_for(state="hidden")
    again = take(page, "Asleep")
    until(lambda: again.locator("[data-draft]").is_editable(), what="a new pane for the chat that came back")
    page.get_by_role("article", name="Sleepy").get_by_role("button", name="Close").click()
    assert missing == []


def test_a_sign_in_that_was_ended_elsewhere_leaves_a_calm_page(new_page, server):
    page = open_console(new_page, server)
    page.locator("#state-available").click()
    arrive(server, "Left", params=["", "", "", "A-20391"])
    pane = take(page, "Left")
    page.locator("#details", has_text="A-20391").wait_for()
    pane.locator("[data-draft]").fill("half a thought")
    other = page.context.new_page()
    other.goto(f"{server.url}/agent/")
    other.locator("[data-link=online]").wait_for()
    other.get_by_role("button", name="Sign out").click()
    other.get_by_role("button", name="Give them back and sign out").click()
    other.get_by_role("heading", name="Sign in").wait_for()

    link = page.get_by_role("link", name="Sign in again")
    link.wait_for()
    box = pane.locator("[data-draft]")
    assert (box.input_value(), box.is_editable()) == ("half a thought", False)
    assert page.evaluate("document.activeElement.matches('[data-signed-out]')")
    assert "A-20391" not in page.locator("#details").inner_text()
    page.get_by_text("What is known about the customer appears here.").wait_for()
    assert axe(page) == []
    link.click()
    page.get_by_role("heading", name="Sign in").wait_for()


def test_on_a_phone_one_part_at_a_time_fits_the_screen(new_page, server):
    page = open_console(new_page, server, viewport={"width": 320, "height": 640})
    page.locator("#state-available").click()
    customer = arrive(server, "A customer with quite a long name")
    take(page, "A customer with quite a long name")
    write(customer, "words" * 60)
    for part in ("Chats", "Conversation", "Details"):
        page.get_by_role("navigation", name="Views").get_by_role("button", name=part).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.locator(".desk > :is(nav, section, aside):visible").count() == 1
        assert axe(page) == []


def test_the_shortcuts_are_listed_and_can_be_switched_off(new_page, server):
    page = open_console(new_page, server)
    page.locator("#state-available").click()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    dialog.wait_for()
    assert axe(page) == []
    dialog.get_by_label("Use the Alt shortcuts").uncheck()
    page.keyboard.press("Escape")
    arrive(server, "Keys")
    page.locator("[data-offer]").wait_for()
    page.keyboard.press("Alt+a")
    assert page.locator("[data-offer]").count() == 1
    page.locator("[data-accept]").click()
    page.get_by_role("article", name="Keys").wait_for()


def test_the_administrator_reads_what_was_said(new_page, server):
    page = open_console(new_page, server)
    page.locator("#state-available").click()
    customer = arrive(server, "Historic")
    pane = take(page, "Historic")
    write(customer, "For the record")
    says(pane, "For the record")
    customer.ask("POST", "/chat/ending", {"now": True})

    admin = new_page(f"{server.url}/auth/sign-in")
    admin.get_by_label("E-mail").fill("admin@demo.example")
    admin.get_by_label("Password").fill("demo-admin-4321")
    admin.get_by_role("button", name="Sign in").click()
    for name in ("Overview", "Skills", "Points of contact", "Chat profiles", "Contacts"):
        admin.get_by_role("link", name=name, exact=True).first.click()
        admin.get_by_role("heading", level=1).wait_for()
        assert axe(admin) == []
    admin.get_by_role("link", name="Historic").click()
    admin.get_by_text("For the record").wait_for()
    assert axe(admin) == []


def test_after_a_restart_nothing_is_missing_and_the_gap_is_told(new_page, server):
    page = open_console(new_page, server)
    page.locator("#state-available").click()
    customer = arrive(server, "Returning")
    pane = take(page, "Returning")
    server.terminate()
    page.locator("[data-link=reconnecting]").wait_for()
    page.keyboard.type("written while away")
    page.keyboard.press("Enter")
    pane.locator("[data-state=sending]", has_text="written while away").wait_for()
    assert axe(page) == []
    page.context.set_offline(True)  # or the page may be back before the customer has written
    server.start()
    write(customer, "still there?")
    page.context.set_offline(False)
    page.locator("[data-link=online]").wait_for()
    pane.locator("[data-state=sent]", has_text="written while away").wait_for()
    says(pane, "still there?")
    pane.get_by_text("New messages meanwhile: 1").wait_for()
    until(lambda: heard(customer, "written while away"), what="the customer's copy")


def test_a_customer_without_a_name_is_not_taken_for_the_script(new_page, server):
    page = open_console(new_page, server)
    page.locator("#state-available").click()
    write(arrive(server, "", poc=CLASSIC_POC), "Is somebody there?")
    pane = take(page, "Customer")
    says(pane, "Is somebody there?")
    line = pane.locator(".message", has_text="Is somebody there?")
    assert "message--grouped" not in line.get_attribute("class")
    said = line.locator(".message-name").evaluate("(name) => getComputedStyle(name, '::before').content")
    assert said == '"Customer"'


def test_what_the_customer_reads_now_stands_beside_the_chat_at_once(new_page, server):
    page = open_console(new_page, server)
    page.locator("#state-available").click()
    customer = arrive(server, "Polyglot")
    take(page, "Polyglot")
    page.locator("#details", has_text="English").wait_for()
    assert customer.ask("POST", "/chat/language", {"language": "ja"})[0] == 200
    page.locator("#details", has_text="Japanese").wait_for()
    assert axe(page) == []


def test_a_chat_is_handed_to_another_skill_by_keyboard(new_page, server):
    page = open_console(new_page, server)
    page.get_by_role("button", name="Available", exact=True).click()
    customer = arrive(server, "Mika")
    pane = take(page, "Mika")
    pane.locator("[data-draft]").fill("Half a sen")
    for _ in range(2):  # impatient: still one question
        page.keyboard.press("Alt+t")
    dialog = page.get_by_role("dialog", name="Hand this chat over")
    dialog.get_by_text("What stands in your field has not been sent.").wait_for()
    assert axe(page) == []
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    pane.locator("[data-draft]").fill("")
    page.keyboard.press("Alt+t")
    dialog.get_by_role("radio").first.wait_for()
    assert dialog.get_by_text("not been sent").is_hidden()
    page.keyboard.press("Enter")
    page.get_by_text("You handed this chat to After_sales.").first.wait_for()
    page.get_by_role("article", name="Mika", exact=True).wait_for(state="detached")
    _, answer = customer.ask("GET", "/chat/events?after=0&wait=0")
    assert "transferred" in [event.get("kind") for event in answer["events"]]
    _, snapshot = customer.ask("GET", "/chat/contact")
    assert snapshot["state"] == "waiting"
