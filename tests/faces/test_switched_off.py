"""A point of contact that is switched off: a page in words for people, a code for programs, and no refusal."""

import pytest

from app.models import PointOfContact, Skill
from app.tokens import random_token
from app.transaction import transaction
from tests.cast import GUID, cast, inside

__all__ = ["cast", "inside"]

PAGES = [f"/inContact/ChatClient/{page}?poc={GUID}" for page in ("ChatClient.aspx", "index.html", "launcher.html")]
POSTS = [f"/chat/{GUID}/plain", f"/chat/{GUID}/plain/message"]
FORM = {"name": "Zoe", "email": "zoe@example.org", "text": "A long story", "start_key": random_token()}


@pytest.fixture
def off(cast):
    with transaction() as tx:
        tx.session.merge(cast.poc()).active = False


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(
    ("reader", "words"), [("en-GB", "Chat is not available"), ("fr-CA", "Le chat n’est pas disponible")]
)
def test_its_pages_are_not_found_and_say_so_in_the_readers_language(off, client, address, reader, words):
    answer = client.get(address, headers={"Accept-Language": reader})
    assert answer.status_code == 404
    assert words in answer.text
    assert 'data-refused="unavailable"' in answer.text


@pytest.mark.parametrize("address", POSTS)
def test_a_form_that_is_posted_without_a_script_is_answered_alike_and_keeps_what_was_written(off, client, address):
    answer = client.post(address, data=FORM, headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "Chat is not available at the moment." in answer.text
    assert "A long story" in answer.text


def test_a_program_hears_the_code(off, client):
    headers = {"Idempotency-Key": random_token()}
    left = {"text": "Hello", "email": "zoe@example.org"}
    answers = [
        client.get(f"/chat/{GUID}/hours"),
        client.post(f"/chat/{GUID}/contacts", json={"name": "Zoe"}, headers=headers),
        client.post(f"/chat/{GUID}/messages", json=left, headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert {answer.get_json()["error"]["code"] for answer in answers} == {"unavailable"}


def test_where_no_messages_are_taken_a_message_is_refused(cast, client):
    with transaction() as tx:
        tx.session.get(Skill, cast.skill().id).messages_when_closed = False
    left = {"text": "Hello", "email": "zoe@example.org"}
    answer = client.post(f"/chat/{GUID}/messages", json=left, headers={"Idempotency-Key": random_token()})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "unavailable")


def test_a_site_that_is_not_on_the_list_is_refused(cast, client):
    with transaction() as tx:
        tx.session.query(PointOfContact).filter_by(guid=GUID).one().allowed_origins = ["https://shop.example"]
    answer = client.get(f"{PAGES[0]}&frame=1&from=https://else.example")
    assert (answer.status_code, 'data-refused="unavailable"' in answer.text) == (403, True)
