"""Audit lines: written in the transaction of the change they speak of."""

from dataclasses import dataclass

from .. import clock
from ..models import AuditEntry, User
from ..transaction import Transaction


@dataclass(frozen=True)
class Actor:
    """Who did it: a user, the customer, the script, or the system itself."""

    kind: str
    id: int | None = None
    name: str = ""


SYSTEM = Actor("system")
CUSTOMER = Actor("customer")
SCRIPT = Actor("script")


def actor(user: User) -> Actor:
    """The actor that a signed-in user is."""
    return Actor("user", user.id, user.display_name)


def record(tx: Transaction, by: Actor, subject, attribute: str, previous, changed, reason: str = "") -> None:
    """Note that ``attribute`` of ``subject`` (a model with id and tenant_id) went from ``previous`` to ``changed``."""
    tx.session.add(
        AuditEntry(
            tenant_id=subject.tenant_id,
            at=clock.now(),
            actor_kind=by.kind,
            actor_id=by.id,
            actor_name=by.name,
            entity=subject.__tablename__,
            entity_id=subject.id,
            attribute=attribute,
            previous_value=None if previous is None else str(previous),
            changed_value=None if changed is None else str(changed),
            reason=reason,
        )
    )
