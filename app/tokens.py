"""Chance and secrets: every random name and every hash of a secret is made here."""

import hashlib
import hmac
import re
import secrets

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from . import clock

CID = re.compile(r"[A-Za-z0-9_-]{16,64}")


def random_token() -> str:
    """128 random bits, URL-safe (22 characters)."""
    return secrets.token_urlsafe(16)


def hashed(token: str) -> str:
    """What the database keeps of a bearer token: 64 hexadecimal characters.

    The tokens carry 128 random bits, so a plain digest is enough; passwords go through argon2 instead.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def derived_token(secret: str, *parts: str) -> str:
    """A bearer token that the same request derives again, so that a repeated start gets the same answer.

    ``parts`` must hold at least 128 bits that only the rightful caller knows (the start's idempotency key).
    """
    digest = hmac.new(secret.encode(), "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()
    return digest[:40]


def valid_cid(cid: object) -> bool:
    """Is this a client-made message id in the form of the protocol?"""
    return isinstance(cid, str) and CID.fullmatch(cid) is not None


class _Signer(TimestampSigner):
    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


def _tickets(secret: str, kind: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=f"clavardage.{kind}", signer=_Signer)


def ticket(secret: str, kind: str, number: int) -> str:
    """A signed, dated number for an address: it opens one ``kind`` of page to read, and nothing else."""
    return _tickets(secret, kind).dumps(number)


def ticket_number(secret: str, kind: str, given: str, seconds: int) -> int | None:
    """The number of a ticket of this kind, None when it is forged or older than ``seconds``."""
    try:
        number = _tickets(secret, kind).loads(given, max_age=seconds)
    except BadData:
        return None
    return number if isinstance(number, int) else None
