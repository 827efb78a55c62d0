"""A customer who has gone quiet: warned in time, kept by one key, and told why when the chat is closed."""

import pytest
from playwright.sync_api import expect

from tests.journeys.embedding import Books
from tests.journeys.windows import Window, answered

pytestmark = pytest.mark.browser
AGO = "strftime('%Y-%m-%d %H:%M:%f000', {column}, '-{seconds} seconds')"


def earlier(books, table, column, contact, seconds):
    """Let that moment of the contact lie further back, as if time had passed."""
    key = {"message": "contact_id", "contact": "id", "timer": "subject_id"}[table]
    books.change(f"UPDATE {table} SET {column} = {AGO.format(column=column, seconds=seconds)} WHERE {key} = ?", contact)


class Quiet:
    """A chat in which the agent has spoken last, and a clock to turn."""

    def __init__(self, window, agent, books):
        self.window, self.page, self.agent, self.books = window, window.page, agent, books
        self.contact = window.contact

    def speak(self, text):
        assert self.agent.write(self.contact, text)["t"] == "ack"
        expect(self.page.locator(".message--agent", has_text=text)).to_be_visible()

    def pass_time(self, seconds):
        for table, column in (
            ("message", "at"),
            ("contact", "idle_warned_at"),
            ("contact", "stirred_at"),
            ("timer", "due_at"),
        ):
            earlier(self.books, table, column, self.contact, seconds)


@pytest.fixture
def quiet(new_page, server, agent, poc):
    books = Books(server)
    books.change("UPDATE skill SET idle_enabled = 1, idle_seconds = 600, idle_countdown_seconds = 60")
    window = Window(new_page(locale="en"), server, poc)
    window.start()
    answered(window, agent)
    one = Quiet(window, agent, books)
    one.speak("How can I help?")
    yield one
    books.change("UPDATE skill SET idle_enabled = 0")


def test_one_key_keeps_the_chat(quiet):
    page = quiet.page
    expect(page.locator("[data-idle]")).to_be_hidden()
    quiet.pass_time(600)
    expect(page.locator("[data-idle]")).to_contain_text("Are you still there? Ending in")
    expect(page.locator("[data-status]")).to_contain_text("Are you still there? Ending in")
    expect(page.locator(".message--system", has_text="Ending in 60 seconds")).to_have_count(1)
    quiet.window.clean("a quiet customer is warned")
    page.locator("[data-still-here]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-idle]")).to_be_hidden()
    expect(page.locator("[data-draft]")).to_be_focused()
    expect(page.locator("[data-status]")).to_have_text("The chat goes on.")
    quiet.window.be("active")
    quiet.window.leave()


def test_writing_and_a_new_line_take_the_warning_away(quiet):
    page = quiet.page
    quiet.pass_time(600)
    expect(page.locator("[data-idle]")).to_be_visible()
    page.locator("[data-draft]").press_sequentially("I")
    expect(page.locator("[data-idle]")).to_be_hidden()
    quiet.pass_time(600)
    expect(page.locator("[data-idle]")).to_be_visible()
    quiet.speak("Hello?")
    expect(page.locator("[data-idle]")).to_be_hidden()
    quiet.window.leave()


def test_a_warning_outlives_a_reload_and_the_end_says_why(quiet):
    page = quiet.page
    quiet.pass_time(600)
    expect(page.locator("[data-idle]")).to_be_visible()
    page.reload()
    quiet.window.be("active")
    expect(page.locator("[data-idle]")).to_be_visible()
    page.locator("[data-draft]").evaluate("(field) => (field.value = 'Half a sen')")
    quiet.pass_time(60)
    quiet.window.be("ended")
    expect(page.locator("[data-idle]")).to_be_hidden()
    expect(page.locator("[data-ended-title]")).to_have_text("The chat has ended")
    expect(page.locator("[data-end-reason]")).to_have_text(
        "The chat was closed because nothing was written for a while."
    )
    assert quiet.books.ask("SELECT end_reason FROM contact WHERE id = ?", quiet.contact) == [("customer_idle",)]


def test_where_no_script_runs_the_warning_stands_in_the_log_and_looking_is_a_sign_of_life(new_page, server, agent, poc):
    books = Books(server)
    books.change("UPDATE skill SET idle_enabled = 1, idle_seconds = 600, idle_countdown_seconds = 60")
    page = new_page(java_script_enabled=False, locale="en")
    page.goto(f"{server.url}/inContact/ChatClient/ChatClient.aspx?poc={poc}")
    page.locator("[data-start] [name=name]").fill("Mika")
    page.locator("[data-start] [type=submit]").click()
    page.wait_for_load_state()
    contact = books.ask("SELECT max(id) FROM contact")[0][0]
    agent.take(contact)
    agent.subscribe(contact)
    assert agent.write(contact, "How can I help?")["t"] == "ack"
    for table, column in (("message", "at"), ("timer", "due_at")):
        earlier(books, table, column, contact, 600)
    expect(page.frame_locator("iframe").get_by_text("Are you still there? Ending in 60 seconds")).to_be_visible(
        timeout=15_000
    )
    page.get_by_role("button", name="Refresh").click()
    expect(page.locator(".plain-newest").get_by_text("Are you still there?")).to_be_visible()
    assert books.ask("SELECT stirred_at IS NOT NULL FROM contact WHERE id = ?", contact) == [(1,)]
    agent.post(f"/agent/contacts/{contact}/ending")
    books.change("UPDATE skill SET idle_enabled = 0")
