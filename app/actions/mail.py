"""Letters: asked for as a row, written and sent by the sweeper, tried again until the mail server has them."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import Protocol

from flask import current_app
from sqlalchemy import func, select

from .. import clock
from ..config import address
from ..errors import Forbidden, Invalid, SentOften
from ..extensions import db
from ..mailers import NotDelivered
from ..models import Contact, Mail
from ..models.mail import FAILED, QUEUED, SENT, TRANSCRIPT
from ..tokens import random_token
from ..transaction import Transaction, transaction
from .lines import lock_contact

log = logging.getLogger(__name__)

A_HOUR = 3  # letters per contact
TO_ONE_AN_HOUR = 10  # letters of one tenant to one address: whoever asks for them need not be the one who reads them
ADDRESS = 254  # characters
RETRIES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(minutes=60))
CLAIM = timedelta(minutes=5)  # longer than a talk with the mail server takes, its time-outs included
LARGEST = 10 * 1024 * 1024


class Mailer(Protocol):
    """Whatever carries a letter away (app/mailers.py)."""

    def send(self, letter: EmailMessage) -> None:
        """Raises ``NotDelivered``."""


@dataclass
class Post:
    """``write`` makes a row of ``mail`` a letter: it knows templates, which this floor does not."""

    mailer: Mailer
    write: Callable[[Mail], EmailMessage]


def mail_offered(contact: Contact) -> bool:
    """May this contact's customer have the conversation by e-mail?

    Only once an agent has answered: before, anybody could have us send anybody a letter with their own words alone.
    """
    return (
        contact.answered_at is not None
        and contact.skill.transcript_available
        and current_app.config["CLAVARDAGE"].sends_mail()
    )


def checked_address(text: object) -> str:
    """One e-mail address; a domain beyond ASCII in its ASCII form. Raises ``Invalid`` for everything else.

    The limits are those of the mail protocol; a line break, a second address or a name beside it does not fit.
    """
    if not isinstance(text, str):
        raise Invalid(field="email")
    local, _, domain = text.strip().rpartition("@")
    try:
        plain = address(f"{local}@{domain.encode('idna').decode()}")
    except ValueError as error:
        raise Invalid(field="email") from error
    if len(plain) > ADDRESS or ".." in plain or local[0] == "." or local[-1] == "." or "." not in domain:
        raise Invalid(field="email")
    return plain


def send_transcript(contact: Contact, recipient: object, language: str, zone: str = "UTC", locale: str = "") -> Mail:
    """Put a transcript into the post; the same address twice before the first letter is away makes one letter.

    zone, locale: how the reader writes times, checked by the caller. Raises ``Forbidden`` where it is not offered,
    ``Invalid`` for an address out of form, ``SentOften`` after three of this contact or ten to this address an hour.
    """
    if not mail_offered(contact):
        raise Forbidden()
    recipient, contact_id = checked_address(recipient), contact.id
    with transaction() as tx:
        contact, moment = lock_contact(tx, contact_id), clock.now()
        mine = (Mail.contact_id == contact_id, Mail.kind == TRANSCRIPT)
        waiting = tx.session.scalar(select(Mail).where(*mine, Mail.recipient == recipient, Mail.state == QUEUED))
        if waiting is not None:
            return waiting
        _hold_back(tx, mine, A_HOUR)
        _hold_back(tx, (Mail.tenant_id == contact.tenant_id, Mail.recipient == recipient), TO_ONE_AN_HOUR)
        mail = Mail(
            tenant_id=contact.tenant_id,
            kind=TRANSCRIPT,
            contact_id=contact_id,
            recipient=recipient,
            language=language,
            zone=zone,
            locale=locale,
            message_id=f"<{random_token()}@{_domain()}>",
            created_at=moment,
            due_at=moment,
        )
        tx.session.add(mail)
    return mail


def _hold_back(tx: Transaction, which: tuple, most: int) -> None:
    """Raises ``SentOften`` when there were ``most`` letters of these within an hour."""
    since = clock.now() - timedelta(hours=1)
    found = select(func.count(), func.min(Mail.created_at)).where(*which, Mail.created_at > since)
    count, first = tx.session.execute(found).one()
    if count >= most:
        raise SentOften(retry_seconds=(first - since).total_seconds())


def _domain() -> str:
    domain = current_app.config["MAIL_FROM"].rpartition("@")[2]
    return domain if len(domain) <= 50 else "clavardage.invalid"


def letters_due() -> bool:
    """Is there any to send now? Asked before locking: most sweeps find none."""
    due = (Mail.state == QUEUED, Mail.due_at <= clock.now())
    found = db.session.scalar(select(Mail.id).where(*due).limit(1)) is not None
    db.session.rollback()
    return found


def deliver_due() -> int:
    """Send every letter that is due; returns how many were tried.

    Claim, send, write down: a process that dies in between leaves a claim that runs out, and the letter goes again
    under the same Message-ID. While the mail server is talked to, nothing of the database is held.
    """
    tried = 0
    while (mail_id := _claim()) is not None:
        tried += 1
        try:
            _send(mail_id)
            _settle(mail_id)
        except NotDelivered as error:
            _settle(mail_id, str(error), for_good=error.for_good)
    return tried


def _claim() -> int | None:
    if not letters_due():
        return None
    with transaction() as tx:
        moment = clock.now()
        mail = tx.session.scalar(
            select(Mail)
            .where(Mail.state == QUEUED, Mail.due_at <= moment)
            .order_by(Mail.due_at, Mail.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if mail is None:
            return None
        mail.attempts += 1  # counted before, so that a letter which kills its process is not sent for ever
        mail.due_at = moment + CLAIM
        return mail.id


def _send(mail_id: int) -> None:
    post: Post = current_app.extensions["post"]
    mail = db.session.get(Mail, mail_id)
    if mail.attempts > len(RETRIES) + 1:
        raise NotDelivered("given up: the attempts before were never finished", for_good=True)
    try:
        letter = post.write(mail)
    finally:
        db.session.remove()
    if len(letter.as_bytes(policy=SMTP)) > LARGEST:
        raise NotDelivered("larger than 10 MiB", for_good=True)
    post.mailer.send(letter)


def _settle(mail_id: int, error: str = "", *, for_good: bool = False) -> None:
    with transaction() as tx:
        mail = tx.session.get(Mail, mail_id, with_for_update=True)
        mail.error = error[:300]
        if not error:
            mail.state, mail.sent_at = SENT, clock.now()
        elif for_good or mail.attempts > len(RETRIES):
            mail.state = FAILED
        else:
            mail.due_at = clock.now() + RETRIES[mail.attempts - 1]
        failed = mail.state == FAILED
    if error:
        log.log(logging.ERROR if failed else logging.INFO, "letter given up" if failed else "letter put off")
