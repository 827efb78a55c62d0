"""Ways for a letter to leave the house, all of one shape: ``send(letter)``. Each raises ``NotDelivered``."""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .offload import offload
from .tokens import random_token

TIMEOUT = 20  # seconds, for each step of the talk with the mail server
PORTS = {"smtp": 587, "smtps": 465}
FORM = "CLAVARDAGE_SMTP_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465."


class NotDelivered(Exception):
    """The letter did not get away; ``for_good`` when the mail server said that another attempt is useless."""

    def __init__(self, reason: str, *, for_good: bool = False):
        super().__init__(reason)
        self.for_good = for_good


class SmtpMailer:
    """Hands letters to one mail server. ``smtp``: STARTTLS when the server offers it; ``smtps``: TLS from the start.

    Raises ``SystemExit`` for an address out of form: without the password that stands in it.
    """

    def __init__(self, url: str):
        try:
            parts = urlsplit(url)
            self.host, port = parts.hostname, parts.port
        except ValueError as error:
            raise SystemExit(FORM) from error
        if parts.scheme not in PORTS or not self.host or parts.path not in ("", "/"):
            raise SystemExit(FORM)
        self.tls = parts.scheme == "smtps"
        self.port = port or PORTS[parts.scheme]
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")

    def send(self, letter: EmailMessage) -> None:
        """One connection, one letter. Under gevent the waiting is polite: smtplib only waits for its socket."""
        try:
            with self._connection() as server:
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            code = max(code for code, _ in error.recipients.values())
            raise NotDelivered(f"recipient refused: {code}", for_good=code >= 500) from error
        except smtplib.SMTPNotSupportedError as error:  # an address beyond ASCII, and a server that knows only ASCII
            raise NotDelivered("the mail server does not take this address", for_good=True) from error
        except smtplib.SMTPResponseException as error:
            raise NotDelivered(f"{type(error).__name__}: {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotDelivered(type(error).__name__) from error

    def _connection(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.tls:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
        except BaseException:
            server.close()
            raise
        return server


class FolderMailer:
    """Writes each letter as an ``.eml`` file: for a machine that has no mail server."""

    def __init__(self, folder: Path):
        self.folder = folder

    def send(self, letter: EmailMessage) -> None:
        """Write one file; one of half a letter is never seen under its last name."""
        try:
            offload(self._write, letter.as_bytes(policy=SMTP))
        except OSError as error:
            raise NotDelivered(type(error).__name__) from error

    def _write(self, content: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = random_token()
        path = self.folder / f".{name}"
        path.write_bytes(content)
        path.rename(self.folder / f"{name}.eml")


class MemoryMailer:
    """The twin for tests: keeps what was sent, and fails as often as it is told to."""

    def __init__(self):
        self.sent: list[EmailMessage] = []
        self.failures: list[NotDelivered] = []

    def send(self, letter: EmailMessage) -> None:
        """Keep the letter, or raise the next failure."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(letter)

    def recipients(self) -> list[str]:
        """The addresses of everything sent."""
        return [address for letter in self.sent for _, address in getaddresses([letter["To"]])]


def make_mailer(smtp_url: str, instance: str) -> SmtpMailer | FolderMailer:
    """The mail server of the settings; without one, the folder ``mail`` of the instance."""
    return SmtpMailer(smtp_url) if smtp_url else FolderMailer(Path(instance) / "mail")
