"""Letters as people read them: a row of ``mail`` becomes text and HTML in the customer's language."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from .. import clock
from ..access import all_lines
from ..customer.language import page_language
from ..customer.times import times_of
from ..extensions import db
from ..models import Contact, Mail
from ..texts import one_line

STYLE = Path(__file__).parent.parent / "static" / "css" / "mail.css"


def write_letter(mail: Mail) -> EmailMessage:
    """The letter of this row; inside an application context, outside of any request."""
    contact = db.session.get(Contact, mail.contact_id)
    house = contact.point_of_contact.house
    words = {
        "contact": contact,
        "lines": list(all_lines(contact.id)),
        "house": house,
        "times": times_of(mail.language, mail.zone, mail.locale),
        **page_language(mail.language),
    }
    sender = contact.skill.transcript_from or current_app.config["MAIL_FROM"]
    with force_locale(mail.language):
        letter = _envelope(mail, house, sender, _("Conversation with %(house)s", house=house))
        letter.set_content(_rendered("mail/transcript.txt", words))
        letter.add_alternative(_styled(_rendered("mail/transcript.html", words)), subtype="html")
    return letter


def _envelope(mail: Mail, house: str, sender: str, subject: str) -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"] = one_line(subject)
    letter["From"] = Address(one_line(house), addr_spec=sender)
    letter["To"] = Address(addr_spec=mail.recipient)
    letter["Date"] = format_datetime(clock.now())
    letter["Message-ID"] = mail.message_id
    letter["Auto-Submitted"] = "auto-generated"  # no out-of-office note comes back (RFC 3834)
    return letter


def _rendered(template: str, words: dict) -> str:
    """Without what the faces tell their pages: there is no request here, and nobody signed in."""
    return current_app.jinja_env.get_template(template).render(**words)


def _styled(page: str) -> str:
    """Mail programs load no stylesheet, so it travels inside; templates themselves hold none."""
    return page.replace("</head>", f"<style>{STYLE.read_text('utf-8')}</style></head>", 1)
