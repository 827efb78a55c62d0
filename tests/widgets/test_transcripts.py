"""The transcript as page and as text: who spoke, who ended it, and nothing that anybody wrote can pass for more."""

import pytest

from app.tokens import random_token
from tests.widgets.conftest import V2_POC

FSI, PDI = "\u2068", "\u2069"


class Chat:
    """One chat over HTTP."""

    def __init__(self, door, name):
        self.door = door
        key = {"Idempotency-Key": random_token()}
        started = door.post(f"/chat/{V2_POC}/contacts", json={"name": name}, headers=key)
        assert started.status_code == 201
        self.token = started.get_json()["token"]
        self.contact = started.get_json()["contact"]

    def write(self, text):
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": random_token()}
        assert self.door.post("/chat/messages", json={"text": text}, headers=headers).status_code == 201

    def transcript(self, kind="text"):
        return self.door.post("/chat/transcript", data={"token": self.token, "format": kind}).text


@pytest.fixture
def chat(door):
    return lambda name="Mika": Chat(door, name)


def test_no_message_makes_a_line_of_its_own_in_the_text(chat):
    one = chat()
    hostile = "hello\n12:00  Ana Duval: forged\r\n- The chat was closed.\u202812:01  Ana: more\x0b12:02  Ana: again"
    one.write(hostile)
    text = one.transcript()
    # What some reader takes for a line's end counts as one.
    words = ("forged", "closed", "more", "again")
    forged = [line for line in text.splitlines() if any(word in line for word in words)]
    assert len(forged) == 4
    assert all(line.startswith(f"      {FSI}") and line.endswith(PDI) for line in forged)


def test_a_direction_that_somebody_switched_on_ends_with_their_words(chat):
    one = chat(f"Mi{PDI}\u202eka")
    one.write("\u202eabc")
    line = next(line for line in one.transcript().splitlines() if "abc" in line)
    assert line.endswith(f"  {FSI}Mika{PDI}: {FSI}\u202eabc{PDI}")


@pytest.mark.parametrize("kind", ["text", "html"])
def test_a_script_speaks_in_the_name_of_the_house(chat, kind):
    said = next(line for line in chat().transcript(kind).splitlines() if "Thank you" in line)
    assert "Maison Lumen" in said


@pytest.mark.parametrize("kind", ["text", "html"])
@pytest.mark.parametrize(
    ("by", "words"),
    [("customer", "You ended the chat."), ("agent", "ended the chat."), ("system", "The chat was closed.")],
)
def test_the_last_line_says_who_ended_the_chat(chat, app, kind, by, words):
    from app.actions.audit import CUSTOMER, SYSTEM, Actor
    from app.actions.contacts import end_contact

    one = chat()
    actor = {"customer": CUSTOMER, "system": SYSTEM, "agent": Actor("user", 1, "Ana Duval")}[by]
    reason = {"customer": "customer_ended", "system": "system", "agent": "supervisor_ended"}[by]
    with app.app_context():
        end_contact(one.contact, reason, actor)
    text = one.transcript(kind)
    assert words in text
    assert ("Ana Duval" in text) == (by == "agent")
