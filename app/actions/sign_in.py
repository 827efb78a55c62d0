"""Signing in and out: argon2id, and one row per signed-in browser that can be revoked at once."""

from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from sqlalchemy import select, update

from .. import clock
from ..errors import Invalid, NotFound
from ..extensions import db
from ..models import SignInSession, User
from ..offload import offload_slow
from ..realtime import audience
from ..realtime.events import AccessRevoked
from ..tokens import hashed, random_token
from ..transaction import transaction
from .audit import SYSTEM, actor, record

SHORTEST_PASSWORD = 10


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # the library's defaults follow RFC 9106's second recommendation


@cache
def _nobody() -> str:
    """A hash to check when no such user exists, so that the time tells nothing about who does."""
    return _hasher().hash(random_token())


def hash_password(password: str) -> str:
    """The argon2id hash of a password (100 ms and 64 MiB of work, off the hub)."""
    return offload_slow(_hasher().hash, password)


def password_fits(password_hash: str, password: str) -> bool:
    """Is it the password of this hash?"""
    return offload_slow(_verify, password_hash, password)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def sign_in(email: str, password: str, address: str) -> tuple[User, str] | None:
    """The user and the token of a new sign-in; None when name and password do not fit an active user."""
    user = db.session.scalar(select(User).where(User.email == email.strip().lower()))
    password_hash = user.password_hash if user else _nobody()
    db.session.rollback()  # no connection is held while the password is being hashed
    if not password_fits(password_hash, password) or user is None:
        return None
    token, moment = random_token(), clock.now()
    with transaction() as tx:
        user = tx.session.get(User, user.id)
        if not user.active or user.password_hash != password_hash:  # changed while it was being checked
            return None
        row = SignInSession(
            tenant_id=user.tenant_id,
            user_id=user.id,
            token_hash=hashed(token),
            created_at=moment,
            last_seen_at=moment,
            expires_at=moment + timedelta(hours=current_app.config["SESSION_HOURS"]),
            address=address[:64],
        )
        tx.session.add(row)
        tx.session.flush()
        record(tx, actor(user), row, "signed in", None, user.email)
    return user, token


def sign_out(sign_in_id: int, user: User) -> None:
    """End one sign-in; its sockets are closed within two seconds."""
    user_id = user.id
    with transaction() as tx:
        row = tx.session.get(SignInSession, sign_in_id)
        if row.revoked_at is None:
            row.revoked_at = clock.now()
            record(tx, actor(user), row, "signed out", None, user.email)
        tx.announce(audience.agent(user_id), AccessRevoked(session=sign_in_id))


def change_password(email: str, password: str) -> None:
    """A new password for a user, at least 10 characters; every sign-in of theirs is revoked at once.

    Raises ``NotFound`` and ``Invalid``.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(field="password")
    password_hash = hash_password(password)
    with transaction() as tx:
        user = tx.session.scalar(select(User).where(User.email == email.strip().lower()))
        if user is None:
            raise NotFound()
        user.password_hash = password_hash
        user.demo_password = False
        tx.session.execute(
            update(SignInSession)
            .where(SignInSession.user_id == user.id, SignInSession.revoked_at.is_(None))
            .values(revoked_at=clock.now())
        )
        record(tx, SYSTEM, user, "password", None, "changed")
        tx.announce(audience.agent(user.id), AccessRevoked())


def touch_sign_in(sign_in_id: int) -> None:
    """Note that this sign-in is in use (at most once a minute; the idle limit counts from here)."""
    with transaction() as tx:
        tx.session.execute(update(SignInSession).where(SignInSession.id == sign_in_id).values(last_seen_at=clock.now()))
