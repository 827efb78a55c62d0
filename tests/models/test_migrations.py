"""Migrations: an empty and a filled database come to what the models say, and back."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, inspect, update
from sqlalchemy.exc import IntegrityError

from app import create_app
from app.config import ROOT, Settings
from app.extensions import db
from app.models import ChatProfile, Contact, Installation, Tenant
from tests.cast import Cast

MIGRATIONS = str(ROOT / "migrations")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def fresh(request, tmp_path):
    """An application on a database that nobody has touched."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'fresh.db'}"
    else:
        url = request.getfixturevalue("postgres").new_database()
    app = create_app(Settings(database_url=url, instance=str(tmp_path)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def differences():
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        return compare_metadata(context, db.metadata)


def test_an_empty_database_comes_to_what_the_models_say(fresh):
    upgrade(directory=MIGRATIONS)
    assert differences() == []


def test_the_comparison_sees_a_difference(fresh):
    upgrade(directory=MIGRATIONS)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX ix_contact_queue")
    assert differences() != []


@pytest.mark.slow
def test_every_database_has_an_epoch_of_its_own(fresh, tmp_path):
    upgrade(directory=MIGRATIONS)
    first = db.session.query(Installation).one().epoch
    db.session.remove()
    downgrade(directory=MIGRATIONS, revision="base")
    upgrade(directory=MIGRATIONS)
    assert db.session.query(Installation).one().epoch != first


def test_a_filled_database_keeps_its_rows_through_an_upgrade(fresh, monkeypatch):
    monkeypatch.setattr("app.actions.demo.hash_password", lambda password: "no hash")
    upgrade(directory=MIGRATIONS)
    cast = Cast()
    contact = cast.arrive()
    upgrade(directory=MIGRATIONS)
    assert cast.again(contact).state == "QUEUED"
    assert db.session.query(Tenant).count() == 2


@pytest.mark.slow
def test_rows_of_the_first_schema_come_through_every_later_one(fresh, monkeypatch):
    """Written on the newest schema and taken back to the first: what only newer columns hold is the price."""
    monkeypatch.setattr("app.actions.demo.hash_password", lambda password: "no hash")
    upgrade(directory=MIGRATIONS)
    cast = Cast()
    contact = cast.arrive()
    number = contact.id
    db.session.add(ChatProfile(tenant_id=contact.tenant_id, name="Window", pre_chat_welcome={"en": "Good day"}))
    db.session.commit()
    db.session.remove()
    downgrade(directory=MIGRATIONS, revision="0001")
    upgrade(directory=MIGRATIONS)
    assert db.session.get(Contact, number).state == "QUEUED"
    assert {profile.pre_chat_welcome["en"] for profile in db.session.query(ChatProfile)} == {"Good day"}
    with pytest.raises(IntegrityError):
        db.session.execute(update(ChatProfile).values(tenant_id=4711))


@pytest.mark.slow
def test_every_check_of_the_models_stands_in_the_database(fresh):
    upgrade(directory=MIGRATIONS)
    downgrade(directory=MIGRATIONS, revision="0001")
    upgrade(directory=MIGRATIONS)
    for name, table in db.metadata.tables.items():
        wanted = {check.name for check in table.constraints if isinstance(check, CheckConstraint) and check.name}
        assert {check["name"] for check in inspect(db.engine).get_check_constraints(name)} >= wanted, name


@pytest.mark.slow
def test_downgrading_leaves_nothing(fresh):
    upgrade(directory=MIGRATIONS)
    downgrade(directory=MIGRATIONS, revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
