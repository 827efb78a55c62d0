"""What a customer keeps of a chat that still goes on, in Chromium: by e-mail and as a page."""

import pytest
from playwright.sync_api import expect

from tests.services import until

pytestmark = pytest.mark.browser


def test_the_conversation_so_far_goes_out_by_mail_and_the_chat_goes_on(talking, server):
    page = talking.page
    talking.write("So far")
    talking.sent(1)
    page.get_by_role("button", name="Keep this conversation").click()
    dialog = page.get_by_role("dialog")
    talking.clean("kept while it goes on")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Keep this conversation")).to_be_focused()
    page.keyboard.press("Enter")
    recipient = f"early{talking.contact}@example.org"
    dialog.get_by_label("Your e-mail address").fill(recipient)
    page.keyboard.press("Enter")
    expect(dialog.locator("[data-kept]")).to_contain_text(recipient)
    dialog.get_by_role("button", name="Close").click()
    talking.be("active")
    letters = server.folder / "mail"
    until(lambda: any(recipient in letter.read_text() for letter in letters.glob("*.eml")), 20, "the letter")
    talking.write("And on")
    talking.sent(2)


def test_the_end_takes_what_was_typed_into_the_receipt(talking, agent):
    page = talking.page
    page.locator("[data-keep-open]").click()
    page.locator("[data-mail] input").fill("mika@example.org")
    agent.post(f"/agent/contacts/{talking.contact}/ending")
    talking.be("ended")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("[data-keep-open]")).to_be_hidden()
    expect(page.locator(".receipt [data-mail] input")).to_have_value("mika@example.org")
