"""Tenant: one organisation. Its number is the ``bu`` of public addresses."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import BigId, Model, UtcDateTime, one_of

ENTRY, CURRENT = "entry", "current"  # whose time-out governs: the entry's default skill, or that of the moment
FOLLOWS = (ENTRY, CURRENT)


class Tenant(Model):
    __table_args__ = (CheckConstraint(one_of("timeout_follows", FOLLOWS), name="timeout_follows"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    bus_no: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    default_language: Mapped[str] = mapped_column(String(12), default="en")
    timeout_follows: Mapped[str] = mapped_column(String(8), default=ENTRY)  # rule R24
    created_at = mapped_column(UtcDateTime, nullable=False)
