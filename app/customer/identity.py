"""Who the customer is, as the site's own server has signed it (rule R18)."""

import base64
import hashlib
import hmac
import json
import re
from datetime import datetime

from ..actions.identity import Identity
from ..routing.pre_chat import NAME_LENGTH, email_fits
from ..texts import one_line, storable

LONGEST = 4096  # characters of the whole text
AHEAD_SECONDS = 600
CLOCKS_APART_SECONDS = 30  # the site's clock may be ahead of ours by this much
_NONCE = re.compile(r"[A-Za-z0-9_.~+/=-]{16,64}")


class NotBelieved(Exception):
    """Why an identity counts for nothing: ``off``, ``malformed``, ``signature`` or ``expired``."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def verify(signed: object, secret: str | None, now: datetime) -> Identity:
    """The identity in ``signed``: base64url(JSON), a dot, and the hexadecimal HMAC-SHA256 of what is before the dot.

    The JSON holds `sub`, `exp` (unix seconds, at most ten minutes ahead), `nonce` (16 to 64 characters), and may hold
    `name` and `email`. Raises ``NotBelieved``.
    """
    if not secret:
        raise NotBelieved("off")
    if not isinstance(signed, str) or len(signed) > LONGEST or not signed.isascii():
        raise NotBelieved("malformed")
    payload, dot, signature = signed.partition(".")
    if not dot:
        raise NotBelieved("malformed")
    wanted = hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted, signature.strip().lower()):
        raise NotBelieved("signature")
    claims = _claims(payload)
    exp = claims["exp"]
    if not now.timestamp() < exp <= now.timestamp() + AHEAD_SECONDS + CLOCKS_APART_SECONDS:
        raise NotBelieved("expired")
    email = claims.get("email") or ""
    return Identity(
        sub=claims["sub"],
        nonce=claims["nonce"],
        name=one_line(claims.get("name") or "")[:NAME_LENGTH],
        email=email if email_fits(email) else "",
    )


def _claims(payload: str) -> dict:
    """The signed JSON in the right form; it is read only after the signature has been found to fit."""
    try:
        claims = json.loads(base64.b64decode(payload + "=" * (-len(payload) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError) as error:
        raise NotBelieved("malformed") from error
    if not isinstance(claims, dict) or not all(_text(claims.get(key)) for key in ("sub", "nonce")):
        raise NotBelieved("malformed")
    optional = all(_text(claims[key], empty=True) for key in ("name", "email") if claims.get(key) is not None)
    moment = isinstance(claims.get("exp"), int | float) and not isinstance(claims["exp"], bool)
    if not (optional and moment and len(claims["sub"]) <= 255 and _NONCE.fullmatch(claims["nonce"])):
        raise NotBelieved("malformed")
    return claims


def _text(value: object, empty: bool = False) -> bool:
    return isinstance(value, str) and storable(value) and (empty or bool(value))
