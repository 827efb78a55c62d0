"""Every "may X see or do Y?". The only way a face gets an object; not yours and not there are the same 404."""

import functools
import hmac
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

from flask import current_app, g, request, session
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select

from . import clock
from .errors import Forbidden, Invalid, NotFound, SignInNeeded
from .extensions import db
from .models import (
    ChatSession,
    Contact,
    Image,
    Installation,
    Message,
    Offer,
    PointOfContact,
    SignInSession,
    Tenant,
    User,
)
from .models.contact import ACTIVE, TOKEN_LIFE_AFTER_END
from .tokens import hashed, ticket, ticket_number

LINES_A_PAGE = 200
WHO = ("anyone", "customer", "signed-in", "agent", "supervisor", "administrator")


def allowed(who: str) -> Callable:
    """Declare and enforce who may use a view. A test walks all routes and fails on one without it."""
    assert who in WHO

    def decorate(view):
        @functools.wraps(view)
        def guarded(*args, **kwargs):
            if who in ("signed-in", "agent", "supervisor", "administrator"):
                user = signed_in_user()
                if who != "signed-in" and who not in user.roles:
                    raise Forbidden()
            return view(*args, **kwargs)

        guarded.allowed = who
        return guarded

    return decorate


def sign_in_of(token: str | None) -> SignInSession | None:
    """The valid sign-in behind a cookie's token: not revoked, not expired, not idle for too long, user active."""
    if not token:
        return None
    row = db.session.scalar(select(SignInSession).where(SignInSession.token_hash == hashed(token)))
    moment = clock.now()
    idle = timedelta(minutes=current_app.config["SESSION_IDLE_MINUTES"])
    if row is None or row.revoked_at is not None or row.expires_at < moment or row.last_seen_at + idle < moment:
        return None
    return row if row.user.active else None


def valid_sign_ins(ids: list[int]) -> set[int]:
    """Which of these sign-ins still stand: for the sockets, whose revocation may have been announced to nobody."""
    rows = select(SignInSession.id).join(User, User.id == SignInSession.user_id)
    stands = (SignInSession.revoked_at.is_(None), SignInSession.expires_at > clock.now(), User.active)
    return set(db.session.scalars(rows.where(SignInSession.id.in_(ids), *stands)))


def standings(contact_ids: list[int]) -> dict[int, tuple[int, set[int]]]:
    """Of each contact the number its log has reached, and the users who may read it now: for the open sockets."""
    rows = db.session.execute(
        select(Contact.id, Contact.last_seq, Contact.agent_id, Contact.wrap_up_agent_id).where(
            Contact.id.in_(contact_ids)
        )
    )
    return {number: (seq, {agent, wrapping} - {None}) for number, seq, agent, wrapping in rows}


def current_sign_in() -> SignInSession | None:
    """The sign-in of this request, looked up once."""
    if "sign_in" not in g:
        g.sign_in = None  # first: whoever answers a database error asks again for the reader's language
        g.sign_in = sign_in_of(session.get("token"))
    return g.sign_in


def csrf_fits(token: object, raw: str | None) -> bool:
    """Does the signed token of a page belong to its cookie's raw one? (For sockets; forms have their own guard.)"""
    if not isinstance(token, str) or not raw:
        return False
    try:
        shown = URLSafeTimedSerializer(current_app.secret_key, salt="wtf-csrf-token").loads(token)
    except BadData:
        return False
    return isinstance(shown, str) and hmac.compare_digest(shown, raw)


def signed_in_user() -> User:
    """The signed-in user. Raises ``SignInNeeded``."""
    sign_in = current_sign_in()
    if sign_in is None:
        raise SignInNeeded()
    return sign_in.user


def json_body() -> dict:
    """The JSON object of this request. Raises ``Invalid`` for anything else, however deep or broken."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    if not isinstance(body, dict):
        raise Invalid()
    return body


def bearer_token() -> str:
    """The customer's token of this request: the Authorization header, or a form's hidden field. Never the address."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return request.form.get("token", "")


def chat_session(token: str) -> ChatSession:
    """The chat behind a customer's token. Raises ``SignInNeeded`` for one that is unknown or has run out."""
    if isinstance(token, str) and 16 <= len(token) <= 100 and token.isascii():
        chat = db.session.scalar(select(ChatSession).where(ChatSession.token_hash == hashed(token)))
        if chat is not None:
            ended_at = chat.contact.ended_at
            if ended_at is None or ended_at + TOKEN_LIFE_AFTER_END > clock.now():
                return chat
    raise SignInNeeded()


def ticket_of(chat: ChatSession, kind: str) -> str:
    """A ticket to read this chat: for an address, where its token must never stand."""
    return ticket(current_app.config["SECRET_KEY"], kind, chat.contact_id)


def chat_of_ticket(kind: str, given: str, seconds: int) -> ChatSession | None:
    """The chat that a ticket of this kind opens; None when it is forged, or older than ``seconds``."""
    contact_id = ticket_number(current_app.config["SECRET_KEY"], kind, given, seconds)
    if contact_id is None:
        return None
    return db.session.scalar(select(ChatSession).where(ChatSession.contact_id == contact_id))


def entry_point(guid: str, bus_no: int | None = None) -> PointOfContact:
    """The point of contact of a public address. Raises ``NotFound``, also when ``bu`` names another tenant."""
    try:
        canonical = str(uuid.UUID(guid))
    except (ValueError, AttributeError, TypeError) as error:
        raise NotFound() from error
    poc = db.session.scalar(select(PointOfContact).where(PointOfContact.guid == canonical))
    if poc is None or (bus_no is not None and bus_no != poc.tenant.bus_no):
        raise NotFound()
    return poc


def picture_named(sha256: str) -> tuple[str, bytes]:
    """Media type and bytes of a picture. Whoever knows the name of its content may see it. Raises ``NotFound``."""
    row = db.session.execute(select(Image.media_type, Image.content).where(Image.sha256 == sha256).limit(1)).first()
    if row is None:
        raise NotFound()
    return row


def contact_of_agent(contact_id: int, user: User, *, over_too: bool = True) -> Contact:
    """A contact this user has now, or (``over_too``) had when it ended. Raises ``NotFound``."""
    contact = db.session.scalar(
        select(Contact).where(
            Contact.tenant_id == user.tenant_id,
            Contact.id == contact_id,
            (Contact.agent_id == user.id) | (Contact.wrap_up_agent_id == user.id),
        )
    )
    if contact is None or (not over_too and contact.state != ACTIVE):
        raise NotFound()
    return contact


def contact_for_history(contact_id: int, user: User) -> Contact:
    """A contact whose record this user may read: administrators and supervisors all of their tenant's."""
    contact = db.session.scalar(select(Contact).where(Contact.tenant_id == user.tenant_id, Contact.id == contact_id))
    if contact is None or not (user.is_administrator or user.is_supervisor or contact.agent_id == user.id):
        raise NotFound()
    return contact


def contacts_of_agent(user: User) -> list[Contact]:
    """What the agent has in hand: active contacts and open wrap-ups, oldest first."""
    mine = ((Contact.agent_id == user.id) & (Contact.state == ACTIVE)) | (Contact.wrap_up_agent_id == user.id)
    return list(
        db.session.scalars(
            select(Contact).where(Contact.tenant_id == user.tenant_id, mine).order_by(Contact.answered_at, Contact.id)
        )
    )


def own_offer(offer_id: int, user: User) -> Offer:
    """An offer made to this user. Raises ``NotFound``."""
    offer = db.session.scalar(select(Offer).where(Offer.id == offer_id, Offer.user_id == user.id))
    if offer is None:
        raise NotFound()
    return offer


def lines_after(contact_id: int, after: int, limit: int) -> list[Message]:
    """Lines of a contact above number ``after``, in order. The caller has been given the contact by this module."""
    columns = Message.__table__.c
    return db.session.execute(
        select(*columns).where(columns.contact_id == contact_id, columns.seq > after).order_by(columns.seq).limit(limit)
    ).all()


def all_lines(contact_id: int) -> Iterator[Message]:
    """The whole log, read page by page; between two pages the others have their turn."""
    after = 0
    while page := lines_after(contact_id, after, LINES_A_PAGE):
        yield from page
        after = page[-1].seq
        time.sleep(0)


def of_tenant(model, user: User, *order):
    """All rows of a kind that belong to the user's tenant, as a query."""
    return select(model).where(model.tenant_id == user.tenant_id).order_by(*order)


def tenant_of(user: User) -> Tenant:
    """The user's own tenant."""
    return db.session.get(Tenant, user.tenant_id)


def epoch() -> str:
    """The database's epoch: changes when a backup is restored, so that no cursor of before is believed."""
    return db.session.scalar(select(Installation.epoch))


def agent_now(contact_id: int) -> int | None:
    """Which user has this contact at this moment."""
    return db.session.scalar(select(Contact.agent_id).where(Contact.id == contact_id, Contact.state == ACTIVE))
