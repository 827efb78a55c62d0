"""Tenant: one organisation. Its number is the ``bu`` of public addresses."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from .base import BigId, Model, UtcDateTime


class Tenant(Model):
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    bus_no: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    default_language: Mapped[str] = mapped_column(String(12), default="en")
    created_at = mapped_column(UtcDateTime, nullable=False)
