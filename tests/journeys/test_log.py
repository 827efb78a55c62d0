"""The log of a chat in Chromium: text, order, groups and the reader's place."""

import pytest

from tests.journeys.scripted_server import CONTACT
from tests.services import until

pytestmark = pytest.mark.browser


def test_markup_in_a_line_is_text_and_only_web_addresses_become_links(face, scripted):
    page = face()
    page.until_online()
    nasty = (
        '<img src=x onerror=alert(1)> javascript:alert(1) see https://example.org/a_(b)?c=1&d="x". (http://x.test/)!'
    )
    scripted.say(nasty)
    page.until_texts([nasty])
    links = page.page.locator("[data-log] a")
    assert [link.get_attribute("href") for link in links.all()] == [
        "https://example.org/a_(b)?c=1&d=",
        "http://x.test/",
    ]
    assert {link.get_attribute("rel") for link in links.all()} == {"noopener noreferrer"}
    assert page.page.locator("[data-log] img").count() == 0


def test_lines_of_one_speaker_are_grouped_until_another_speaks(face, scripted):
    page = face()
    page.until_online()
    scripted.say("One")
    scripted.say("Two")
    scripted.say("Mine", "customer", "c" * 22)
    scripted.say("Three")
    page.until_texts(["One", "Two", "Mine", "Three"])
    grouped = page.page.evaluate(
        "[...document.querySelectorAll('[data-log] li')].map((one) => one.matches('.message--grouped'))"
    )
    assert grouped == [False, True, False, False]


def test_a_reader_of_older_lines_is_not_moved_but_told_the_number_of_new_ones(face, scripted):
    page = face()
    page.until_online()
    page.page.evaluate(
        "Object.assign(document.querySelector('[data-scroll]').style, { height: '120px', overflow: 'auto' })"
    )
    for number in range(20):
        scripted.say(f"Line {number}")
    until(lambda: len(page.texts()) == 20, 10)
    top = "document.querySelector('[data-scroll]').scrollTop"
    assert page.page.evaluate(top) > 0
    page.page.evaluate(f"{top} = 0")
    chip = page.page.locator("[data-new-lines]")
    # The scroll event comes with the next frame.
    page.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    scripted.say("New")
    scripted.say("Newer")
    until(lambda: chip.text_content() == "2 new", 10)
    assert page.page.evaluate(top) == 0
    chip.click()
    assert page.page.evaluate(top) > 0
    assert chip.is_hidden()


def test_a_line_that_arrives_before_a_failed_one_is_sent_again_stands_above_it(face, scripted):
    page = face()
    page.until_online()
    scripted.answer = lambda send: {
        "t": "nack", "contact": CONTACT, "cid": send["cid"], "code": "invalid"
    }  # fmt: skip
    page.send("Mine")
    until(lambda: page.states() == ["failed"], 10)
    scripted.say("Yours")
    page.until_texts(["Yours", "Mine"])


def test_a_log_from_the_server_is_continued_not_repeated(face, scripted):
    for text in ("One", "Two", "Three"):
        scripted.say(text)
    page = face()
    page.until_texts(["One", "Two", "Three"])
    page.page.evaluate("""() => {
      const old = document.querySelector("[data-log]");
      const fresh = old.cloneNode();
      old.replaceWith(fresh);
      window.log.detach();
      for (const line of [...old.children].slice(0, 2)) fresh.append(line);
      fresh.dataset.seq = 2;
      return import("/static/js/log.js").then(({ attachLog }) => { window.log = attachLog(fresh, live); });
    }""")
    page.until_texts(["One", "Two", "Three"])
    scripted.say("Four")
    page.until_texts(["One", "Two", "Three", "Four"])
    assert [hello["subs"][0]["after"] for hello in scripted.hellos] == [0, 2]
