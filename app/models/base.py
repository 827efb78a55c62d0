"""Column kinds and the two mixins that every table uses."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from ..extensions import db

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts rows up only for a column that is called INTEGER
Json = JSON(none_as_null=True)


class UtcDateTime(TypeDecorator):
    """Moments in UTC. SQLite drops the zone on the way in, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect):
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect):
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Owned:
    """Belongs to one tenant. The pair (tenant_id, id) is a key, so that children only point inside their tenant."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)

    @declared_attr
    def tenant_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("tenant.id"), index=True)


def own_key() -> UniqueConstraint:
    """The key that :func:`within_tenant` points at."""
    return UniqueConstraint("tenant_id", "id")


def within_tenant(column: str, table: str, **options) -> ForeignKeyConstraint:
    """A reference that can't leave the tenant: ``(tenant_id, column)`` -> ``table (tenant_id, id)``."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], **options)


def one_of(column: str, values, nullable: bool = False) -> str:
    """The text of a check constraint: ``column`` is one of ``values``."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})" + (f" OR {column} IS NULL" if nullable else "")


Model = db.Model
