"""One conversation, one clock: whatever is kept of it tells the times of the window, in the customer's zone."""

import re
from datetime import UTC, datetime

import pytest

from app import clock
from app.actions.mail import deliver_due
from app.customer.times import times_of
from app.extensions import db
from app.mailers import MemoryMailer
from app.models import Contact, Mail, Message
from app.transaction import transaction
from tests.cast import cast, inside
from tests.faces.test_customer_door import Door

__all__ = ["cast", "inside"]

MOMENT = datetime(2026, 11, 28, 0, 2, tzinfo=UTC)
NEW_YORK = {"zone": "America/New_York", "locale": "en-GB"}
CLOCK = re.compile(r"\b\d{1,2}:\d\d(?:\W?[AP]M)?")


@pytest.fixture
def speaking(cast, client, app):
    """A chat in a language, begun and answered two minutes after midnight in UTC."""
    box = app.extensions["post"]
    kept, box.mailer = box.mailer, MemoryMailer()

    def make(language):
        door = Door(client, locale=language)
        door.write("Where is my lamp?")
        with transaction() as tx:
            tx.session.query(Contact).update({"created_at": MOMENT, "answered_at": clock.now()})
            tx.session.query(Message).update({"at": MOMENT})
        return door

    yield make
    box.mailer = kept


def kept_of(door, client, app, told) -> list[str]:
    """The page, the file, the page behind the link, and both parts of the letter."""
    form = {"token": door.token, **told}
    page = client.post("/chat/transcript", data=form).text
    file = client.post("/chat/transcript", data={**form, "format": "text"}).text
    shared = client.get(door.ask("POST", "/chat/transcript/link", json=told).get_json()["url"]).text
    assert door.ask("POST", "/chat/mail", json={"email": "zoe@example.org", **told}).status_code == 202
    deliver_due()
    (letter,) = app.extensions["post"].mailer.sent
    return [page, file, shared, *(letter.get_body((kind,)).get_content() for kind in ("plain", "html"))]


def shown(text: str) -> str:
    """What is read of it; the moments for programs are taken out."""
    return re.sub(r"<[^>]+>", "", text)


def test_page_file_link_and_letter_tell_the_time_of_the_customers_own_clock(speaking, client, app):
    for kept in kept_of(speaking("en"), client, app, NEW_YORK):
        assert "27 November 2026" in kept
        assert "Time zone: New York (UTC−5)" in kept
        assert set(CLOCK.findall(shown(kept))) == {"19:02"}


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"zone": "Mars/Olympus", "locale": "en-XX"},
        {"zone": "../../etc/passwd", "locale": "../en"},
        {"zone": "america/new_york", "locale": "fr-CA"},
    ],
    ids=["nothing", "unknown", "a path", "another language"],
)
def test_who_says_nothing_that_can_be_believed_reads_utc_in_the_plain_language(speaking, client, app, told):
    for kept in kept_of(speaking("en"), client, app, told):
        assert "November 28, 2026" in kept
        assert "Times in UTC" in kept
        assert set(CLOCK.findall(shown(kept))) == {"12:02\u202fAM"}


@pytest.mark.parametrize("told", [{"zone": 5, "locale": ["en"]}, {"zone": None, "locale": {}}, {"zone": "x" * 5000}])
def test_a_program_may_send_anything(speaking, told):
    door = speaking("en")
    assert door.ask("POST", "/chat/transcript/link", json=told).status_code == 201
    assert door.ask("POST", "/chat/mail", json={"email": "zoe@example.org", **told}).status_code == 202
    assert (db.session.query(Mail).one().zone, db.session.query(Mail).one().locale) == ("UTC", "en")


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("ar", "نص الدردشة، 28 نوفمبر 2026"),
        ("de", "Chatverlauf vom 28. November 2026"),
        ("fr", "Transcription du 28 novembre 2026"),
        ("ja", "チャット履歴（2026年11月28日）"),
    ],
)
def test_the_first_line_of_the_file_is_put_together_by_the_language(speaking, client, language, first):
    file = client.post("/chat/transcript", data={"token": speaking(language).token, "format": "text"}).text
    assert file.splitlines()[0] == first


@pytest.mark.parametrize(
    ("language", "zone", "tag", "time", "words"),
    [
        ("fr", "America/Toronto", "fr-CA", "19 h 02", "Fuseau horaire : Toronto (UTC−5)"),
        ("ja", "Asia/Tokyo", "ja-JP", "9:02", "タイムゾーン：東京（UTC+9）"),
        ("en", "Asia/Kathmandu", "en-IN", "5:47\u202fam", "Time zone: Kathmandu (UTC+5:45)"),
        ("en", "America/Argentina/Buenos_Aires", "en-GB", "21:02", "Time zone: Buenos Aires (UTC−3)"),
        ("en", "Europe/London", "en-GB", "00:02", "Time zone: London (UTC)"),
        ("en", "Etc/GMT+5", "en-GB", "19:02", "Time zone: UTC−5"),
        ("en", "Etc/UTC", "en-GB", "00:02", "Times in UTC"),
        ("zh_Hant", "Asia/Hong_Kong", "zh-HK", "上午8:02", "時區：香港（UTC+8）"),
        ("nb", "Europe/Oslo", "no-NO", "01:02", "Tidssone: Oslo (UTC+1)"),
    ],
)
def test_zone_and_variant_are_told_as_they_are_written_there(app, language, zone, tag, time, words):
    from flask_babel import force_locale

    times = times_of(language, zone, tag)
    with app.test_request_context(), force_locale(language):
        assert (times.time(MOMENT), times.words(MOMENT)) == (time, words)
