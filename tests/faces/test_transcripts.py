"""What a customer keeps of a chat: a link that runs out, mail, and a page to print."""

from datetime import timedelta

import pytest

from app import clock
from app.extensions import db
from app.mailers import MemoryMailer
from app.models import Contact, Mail, Skill
from app.tokens import ticket
from app.transaction import transaction
from tests.cast import cast, inside
from tests.faces.test_customer_door import Door

__all__ = ["cast", "inside"]


@pytest.fixture
def door(cast, client):
    one = Door(client, locale="fr")
    one.write("Où est ma lampe ?")
    with transaction() as tx:
        tx.session.query(Contact).one().answered_at = clock.now()
    return one


@pytest.fixture
def post(app):
    box = app.extensions["post"]
    kept, box.mailer = box.mailer, MemoryMailer()
    yield box.mailer
    box.mailer = kept


def link(door) -> str:
    answer = door.ask("POST", "/chat/transcript/link")
    assert answer.status_code == 201
    return answer.get_json()["url"]


def test_a_link_shows_the_transcript_for_a_day_to_whoever_has_it(door, client):
    url = link(door)
    assert door.token not in url
    page = client.get(url)
    assert page.status_code == 200
    assert "Où est ma lampe ?" in page.text
    assert '<html lang="fr" dir="ltr">' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in page.headers
    clock.turn(timedelta(hours=23, minutes=59))
    assert client.get(url).status_code == 200
    clock.turn(timedelta(minutes=2))
    late = client.get(url, headers={"Accept-Language": "en"})
    assert late.status_code == 410
    assert "<h1>This link has expired</h1>" in late.text
    assert "lampe" not in late.text


def test_the_link_tells_when_it_ends(door):
    answer = door.ask("POST", "/chat/transcript/link").get_json()
    assert answer["expires_at"].startswith((clock.now() + timedelta(hours=24)).strftime("%Y-%m-%dT"))


def test_forged_links_open_nothing(door, client, app):
    url = link(door)
    base, _, good = url.rpartition("/")
    secret, contact = app.config["SECRET_KEY"], door.answer.get_json()["contact"]
    forged = [
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.replace(".", "", 1),
        ticket("another secret", "transcript", contact),
        ticket(secret, "log", contact),
        ticket(secret, "transcript", contact + 999),
        str(contact),
        "%00",
    ]
    for one in forged:
        assert client.get(f"{base}/{one}").status_code == 410, one


def test_a_link_reads_and_nothing_else(door, client):
    secret_part = link(door).rpartition("/")[2]
    assert client.get("/chat/contact", headers={"Authorization": f"Bearer {secret_part}"}).status_code == 401


def test_a_skill_without_transcripts_gives_no_link_and_closes_those_given(door, client):
    url = link(door)
    with transaction() as tx:
        for skill in tx.session.query(Skill):
            skill.transcript_available = False
    assert door.ask("POST", "/chat/transcript/link").status_code == 403
    assert door.ask("POST", "/chat/mail", json={"email": "zoe@example.org"}).status_code == 403
    assert client.get(url).status_code == 410


def test_without_a_token_there_is_no_link_and_no_mail(client, cast):
    assert client.post("/chat/transcript/link").status_code == 401
    assert client.post("/chat/mail", json={"email": "zoe@example.org"}).status_code == 401


def test_the_conversation_goes_to_the_address_that_was_typed(door, post):
    answer = door.ask("POST", "/chat/mail", json={"email": " zoe@example.org "})
    assert (answer.status_code, answer.get_json()) == (202, {"recipient": "zoe@example.org"})
    mail = db.session.query(Mail).one()
    assert (mail.language, mail.state) == ("fr", "queued")


@pytest.mark.parametrize("email", [None, 5, "", "zoe", "a@example.org\r\nBcc: b@example.org", ["a@example.org"]])
def test_an_address_out_of_form_is_told_with_its_field(door, post, email):
    answer = door.ask("POST", "/chat/mail", json={"email": email})
    assert answer.status_code == 422
    assert answer.get_json()["error"]["field"] == "email"


def test_the_fourth_letter_within_an_hour_has_to_wait(door, post):
    for name in "abc":
        assert door.ask("POST", "/chat/mail", json={"email": f"{name}@example.org"}).status_code == 202
    answer = door.ask("POST", "/chat/mail", json={"email": "d@example.org"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 3500
    assert answer.get_json()["error"] == {
        "code": "sent_often",
        "message": "This conversation has already been sent several times. Please try again in an hour.",
        "retry_ms": answer.get_json()["error"]["retry_ms"],
    }


def test_the_page_without_a_script_says_the_same_of_the_fourth_letter(door, post, client):
    for name in "abcd":
        page = client.post("/chat/plain/mail", data={"token": door.token, "email": f"{name}@example.org"}).text
    assert "Cette conversation a déjà été envoyée plusieurs fois." in page
    assert 'value="d@example.org"' in page


def test_the_snapshot_says_whether_mail_is_offered(door, app, monkeypatch):
    assert door.ask("GET", "/chat/contact").get_json()["mail_offered"] is True
    monkeypatch.setattr(type(app.config["CLAVARDAGE"]), "public", lambda self: True)
    assert door.ask("GET", "/chat/contact").get_json()["mail_offered"] is False


def test_before_an_agent_answered_there_is_nothing_to_send(cast, client):
    waiting = Door(client)
    waiting.write("Buy my watches")
    assert waiting.ask("GET", "/chat/contact").get_json()["mail_offered"] is False
    assert waiting.ask("POST", "/chat/mail", json={"email": "victim@example.org"}).status_code == 403


def test_letters_asked_for_from_one_address_are_counted(door, app, post, monkeypatch):
    monkeypatch.setattr(app.extensions["mail_rate"], "allowed", 1)
    app.extensions["mail_rate"].forget()
    assert door.ask("POST", "/chat/mail", json={"email": "a@example.org"}).status_code == 202
    assert door.ask("POST", "/chat/mail", json={"email": "b@example.org"}).status_code == 429
    app.extensions["mail_rate"].forget()


def test_the_page_brings_its_own_print_button_and_no_inline_script(door, client):
    page = client.get(link(door)).text
    assert "data-print hidden" in page
    assert page.count("<script") == page.count('<script type="module" src="')
