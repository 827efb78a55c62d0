"""Transcripts by e-mail: a row first, then a letter; against a real SMTP server, with failures of every kind."""

import email
import email.policy
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import event, select

from app import clock
from app.actions import mail as mail_actions
from app.actions.mail import checked_address, deliver_due, send_transcript
from app.assembly.letters import write_letter
from app.errors import Forbidden, Invalid, RateLimited
from app.extensions import db
from app.mailers import FolderMailer, MemoryMailer, NotDelivered, SmtpMailer, make_mailer
from app.models import ChatProfile, Contact, Mail, Skill
from app.transaction import transaction
from tests.live import free_port

pytestmark = pytest.mark.both_databases


class Mailbox:
    """Handler of a real SMTP server: keeps letters, and answers as it is told to."""

    def __init__(self):
        self.envelopes = []
        self.answers = []
        self.recipient_answer = "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.envelopes.append(envelope)
        return answer

    def letters(self):
        return [email.message_from_bytes(e.content, policy=email.policy.default) for e in self.envelopes]


@pytest.fixture
def mailbox(cast, app):
    """The application's post goes to a real server for this test."""
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    post = app.extensions["post"]
    kept, post.mailer = post.mailer, SmtpMailer(f"smtp://127.0.0.1:{port}")
    yield box
    post.mailer = kept
    controller.stop()


@pytest.fixture
def memory(cast, app):
    """The application's post stays in memory."""
    post = app.extensions["post"]
    kept, post.mailer = post.mailer, MemoryMailer()
    yield post.mailer
    post.mailer = kept


def the_mail() -> Mail:
    db.session.rollback()
    return db.session.scalars(select(Mail)).one()


def later(**much):
    clock.turn(timedelta(**much))


def chat(cast, language="fr", name="Zoé"):
    contact = cast.arrive(name)
    with transaction() as tx:
        poc = tx.session.merge(cast.poc())
        if poc.chat_profile_id is None:
            tx.session.add(ChatProfile(tenant_id=poc.tenant_id, name="Window", header_text="Maison Lumière 🕯"))
        tx.session.flush()
        poc.chat_profile_id = tx.session.scalar(select(ChatProfile.id).where(ChatProfile.tenant_id == poc.tenant_id))
    from app.actions.lines import add_line, lock_contact

    with transaction() as tx:
        row = lock_contact(tx, contact.id)
        row.answered_at = clock.now()
        add_line(tx, row, "text", sender="customer", name=name, text="Où est ma lampe ? 灯り <b>&amp;</b> مصباح")
    return cast.again(contact)


def test_the_transcript_arrives_in_the_customers_language_as_text_and_html(cast, mailbox):
    send_transcript(chat(cast), "zoe@example.org", "fr")
    assert deliver_due() == 1
    letter = mailbox.letters()[0]
    assert mailbox.envelopes[0].mail_from == "clavardage@localhost"
    assert mailbox.envelopes[0].rcpt_tos == ["zoe@example.org"]
    assert letter["To"] == "zoe@example.org"
    assert letter["From"].addresses[0].display_name == "Maison Lumière 🕯"
    assert "Maison Lumière 🕯" in letter["Subject"]
    plain, html = letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()
    assert "Où est ma lampe ? 灯り <b>&amp;</b> مصباح" in plain
    assert "Où est ma lampe ? 灯り &lt;b&gt;&amp;amp;&lt;/b&gt; مصباح" in html
    assert '<html lang="fr" dir="ltr">' in html
    assert "<script" not in html
    assert "http" not in html
    assert (the_mail().state, the_mail().attempts) == ("sent", 1)
    assert deliver_due() == 0


def test_a_skill_names_the_sender(cast, mailbox):
    contact = chat(cast)
    with transaction() as tx:
        tx.session.get(Skill, contact.skill_id).transcript_from = "shop@lumiere.example"
    send_transcript(contact, "zoe@example.org", "ar")
    deliver_due()
    assert mailbox.envelopes[0].mail_from == "shop@lumiere.example"
    assert 'dir="rtl"' in mailbox.letters()[0].get_body(("html",)).get_content()


def test_a_letter_that_is_refused_comes_again_under_the_same_id_and_is_given_up_in_the_end(cast, mailbox):
    send_transcript(chat(cast), "zoe@example.org", "en")
    ids = []
    mailbox.answers = ["451 later"] * 4
    write = mail_actions.current_app.extensions["post"].write
    for wait in (1, 10, 60):
        assert deliver_due() == 1
        ids.append(write(the_mail())["Message-ID"])
        assert the_mail().state == "queued"
        later(minutes=wait, seconds=-5)
        assert deliver_due() == 0
        later(seconds=6)
    assert deliver_due() == 1
    assert (the_mail().state, the_mail().error) == ("failed", "SMTPDataError: 451")
    assert len({*ids, the_mail().message_id}) == 1
    later(days=1)
    assert deliver_due() == 0


def test_a_letter_goes_after_the_mail_server_came_back(cast, mailbox):
    mailbox.answers = ["421 closing"]
    send_transcript(chat(cast), "zoe@example.org", "en")
    deliver_due()
    assert not mailbox.envelopes
    later(minutes=1, seconds=1)
    deliver_due()
    assert mailbox.letters()[0]["Message-ID"] == the_mail().message_id
    assert (the_mail().state, the_mail().error) == ("sent", "")


def test_a_mail_server_that_is_away_puts_the_letter_off(cast, app):
    post = app.extensions["post"]
    kept, post.mailer = post.mailer, SmtpMailer(f"smtp://127.0.0.1:{free_port()}")
    try:
        send_transcript(chat(cast), "zoe@example.org", "en")
        deliver_due()
    finally:
        post.mailer = kept
    assert (the_mail().state, the_mail().error) == ("queued", "ConnectionRefusedError")


def test_a_recipient_refused_for_good_is_not_tried_again(cast, mailbox):
    mailbox.recipient_answer = "550 no such user"
    send_transcript(chat(cast), "nobody@example.org", "en")
    deliver_due()
    assert (the_mail().state, the_mail().error) == ("failed", "recipient refused: 550")


def test_a_process_that_dies_after_sending_lets_the_letter_come_twice_under_one_id(cast, memory, monkeypatch):
    send_transcript(chat(cast), "zoe@example.org", "en")
    with monkeypatch.context() as killed:
        killed.setattr(mail_actions, "_settle", lambda *args, **kw: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            deliver_due()
    assert the_mail().state == "queued"
    assert deliver_due() == 0  # its claim still stands
    later(minutes=5, seconds=1)
    assert deliver_due() == 1
    assert len({letter["Message-ID"] for letter in memory.sent}) == 1
    assert len(memory.sent) == 2
    assert the_mail().state == "sent"


def test_a_letter_whose_process_always_dies_is_given_up(cast, memory):
    send_transcript(chat(cast), "zoe@example.org", "en")
    with transaction() as tx:
        tx.session.scalars(select(Mail)).one().attempts = 4
    deliver_due()
    assert (the_mail().state, memory.sent) == ("failed", [])


def test_nothing_of_the_database_is_held_while_the_mail_server_is_talked_to(cast, memory, monkeypatch):
    held = []
    counted = {"out": 0}
    pool = db.engine.pool
    event.listen(pool, "checkout", lambda *a: counted.__setitem__("out", counted["out"] + 1))
    event.listen(pool, "checkin", lambda *a: counted.__setitem__("out", counted["out"] - 1))
    send_transcript(chat(cast), "zoe@example.org", "en")
    db.session.remove()
    counted["out"] = 0
    monkeypatch.setattr(memory, "send", lambda letter: held.append(counted["out"]))
    deliver_due()
    assert held == [0]


@pytest.mark.parametrize(
    "hostile",
    [
        "zoe@example.org\r\nBcc: all@example.org",
        "zoe@example.org\nSubject: buy",
        "zoe@example.org, ben@example.org",
        "Zoe <zoe@example.org>",
        "zoe example.org",
        "@example.org",
        "zoe@",
        "zoe@localhost",
        "zoe@exa mple.org",
        ".zoe@example.org",
        "zo..e@example.org",
        "zoe@example..org",
        "zoe\x00@example.org",
        "a" * 65 + "@example.org",
        "zoe@" + "a" * 60 + ("." + "b" * 60) * 4 + ".org",
        "zoe@" + "ü" * 70 + ".org",
        "",
        None,
        ["zoe@example.org"],
    ],
)
def test_only_one_plain_address_is_a_recipient(hostile):
    with pytest.raises(Invalid) as refused:
        checked_address(hostile)
    assert refused.value.field == "email"


def test_an_address_keeps_its_form(app):
    assert checked_address(" zoe.o'neil+shop@example.org ") == "zoe.o'neil+shop@example.org"
    assert checked_address("zoe@bücher.example") == "zoe@xn--bcher-kva.example"


def test_a_name_with_a_line_break_makes_no_header(cast, memory):
    contact = chat(cast)
    with transaction() as tx:
        tx.session.scalars(select(ChatProfile)).one().header_text = "Shop\r\nBcc: all@example.org"
    send_transcript(contact, "zoe@example.org", "en")
    deliver_due()
    assert "Bcc" not in memory.sent[0]
    assert memory.recipients() == ["zoe@example.org"]


def test_three_letters_an_hour_and_not_one_more(cast, memory):
    contact = chat(cast)
    for name in ("a", "b", "c"):
        send_transcript(contact, f"{name}@example.org", "en")
        later(minutes=1)
    with pytest.raises(RateLimited) as refused:
        send_transcript(contact, "d@example.org", "en")
    assert 3300 < refused.value.retry_seconds < 3500
    later(minutes=58)
    send_transcript(contact, "d@example.org", "en")


def test_ten_letters_an_hour_to_one_address_from_however_many_chats(cast, memory):
    for n in range(10):
        send_transcript(chat(cast, name=f"Zoé {n}"), "zoe@example.org", "en")
        deliver_due()
    with pytest.raises(RateLimited):
        send_transcript(chat(cast), "zoe@example.org", "en")
    send_transcript(chat(cast), "ida@example.org", "en")
    later(minutes=61)
    send_transcript(chat(cast), "zoe@example.org", "en")


def test_a_second_click_makes_no_second_letter(cast, memory):
    contact = chat(cast)
    first = send_transcript(contact, "zoe@example.org", "en").id
    assert send_transcript(contact, "zoe@example.org", "en").id == first
    deliver_due()
    assert len(memory.sent) == 1


def test_where_transcripts_are_off_or_mail_reaches_nobody_none_is_sent(cast, app, monkeypatch):
    contact = chat(cast)
    monkeypatch.setattr(type(app.config["CLAVARDAGE"]), "public", lambda self: True)
    with pytest.raises(Forbidden):
        send_transcript(contact, "zoe@example.org", "en")
    monkeypatch.undo()
    with transaction() as tx:
        tx.session.get(Skill, contact.skill_id).transcript_available = False
    with pytest.raises(Forbidden):
        send_transcript(db.session.get(Contact, contact.id), "zoe@example.org", "en")


def test_without_a_mail_server_a_letter_is_a_file(cast, tmp_path):
    send_transcript(chat(cast), "zoe@example.org", "ja")
    FolderMailer(tmp_path / "mail").send(write_letter(the_mail()))
    (path,) = (tmp_path / "mail").iterdir()
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert letter["To"] == "zoe@example.org"
    assert "灯り" in letter.get_body(("plain",)).get_content()


def test_a_folder_that_cannot_be_written_is_no_delivery(cast, tmp_path):
    (tmp_path / "mail").write_text("a file")
    send_transcript(chat(cast), "zoe@example.org", "en")
    with pytest.raises(NotDelivered):
        FolderMailer(tmp_path / "mail").send(write_letter(the_mail()))


def test_the_address_of_the_mail_server_is_read_in_both_forms_and_never_repeated():
    mailer = make_mailer("smtp://me%40shop:p%3Aw@mail.example", "/nowhere")
    assert (mailer.host, mailer.port, mailer.user, mailer.password) == ("mail.example", 587, "me@shop", "p:w")
    assert make_mailer("smtps://mail.example", "").port == 465
    for wrong in ("mail.example:25", "http://mail.example", "smtp://", "smtp://a:secret@host:port"):
        with pytest.raises(SystemExit) as refused:
            make_mailer(wrong, "")
        assert "secret" not in str(refused.value)


def test_a_sweep_sends_what_is_due_in_a_thread_of_its_own(cast, app, memory):
    from app.actions.sweeper import Sweeper

    send_transcript(chat(cast), "zoe@example.org", "en")
    sweeper = Sweeper(app, app.extensions["hub"], 0.5)
    sweeper.sweep()
    sweeper._postman.join(20)
    assert the_mail().state == "sent"
