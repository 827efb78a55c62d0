"""Seats: taken, given back, and made to fit an agent's capacity."""

from sqlalchemy import delete, func, select, update

from ..models import Seat, User
from ..transaction import Transaction


def fit_seats(tx: Transaction, user: User) -> None:
    """As many seats as the user may have. Taken ones above that stay until given back: nobody is thrown out."""
    have = set(tx.session.scalars(select(Seat.n).where(Seat.user_id == user.id)))
    wanted = user.seats_allowed
    for n in range(1, wanted + 1):
        if n not in have:
            tx.session.add(Seat(tenant_id=user.tenant_id, user_id=user.id, n=n))
    tx.session.execute(delete(Seat).where(Seat.user_id == user.id, Seat.n > wanted, Seat.contact_id.is_(None)))


def take_seat(tx: Transaction, user_id: int, contact_id: int) -> bool:
    """Put the contact on the agent's lowest free seat; False when none is free."""
    free = select(func.min(Seat.n)).where(Seat.user_id == user_id, Seat.contact_id.is_(None)).scalar_subquery()
    taken = tx.session.execute(
        update(Seat)
        .where(Seat.user_id == user_id, Seat.n == free, Seat.contact_id.is_(None))
        .values(contact_id=contact_id)
        .execution_options(synchronize_session=False)
    )
    return taken.rowcount == 1


def give_back_seat(tx: Transaction, contact_id: int) -> int | None:
    """Free the seat that the contact sits on; returns the user whose seat it was, None if it had none."""
    return tx.session.scalar(
        update(Seat)
        .where(Seat.contact_id == contact_id)
        .values(contact_id=None)
        .returning(Seat.user_id)
        .execution_options(synchronize_session=False)
    )


def seats_taken(tx: Transaction, user_id: int) -> int:
    """How many contacts (offered, active or in wrap-up) the agent has."""
    return tx.session.scalar(
        select(func.count()).select_from(Seat).where(Seat.user_id == user_id, Seat.contact_id.is_not(None))
    )
