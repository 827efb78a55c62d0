"""The operator's commands: ``flask --app wsgi …``."""

import tomllib
from pathlib import Path

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import inspect, select

from .actions.demo import demo_sign_ins, load_demo
from .actions.sign_in import change_password
from .config import DEMO_SECRET, ROOT
from .errors import ClavardageError
from .extensions import db
from .models import Tenant, User

DATA = ROOT / "demo" / "data.toml"


def install(app: Flask) -> None:
    """Register the commands."""
    for command in (prepare, demo, serve_check, set_password):
        app.cli.add_command(command)


@click.command("prepare")
@with_appcontext
def prepare() -> None:
    """Everything before the server starts: the check, the newest schema, demo data when the database is empty."""
    _check()
    _migrate()
    _demo()
    click.echo("Demo sign-ins:")
    for email, password, roles in demo_sign_ins(tomllib.loads(DATA.read_text("utf-8"))):
        click.echo(f"  {email:<20} {password:<18} {roles}")


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Fill an empty database from demo/data.toml."""
    click.echo("demo data loaded" if _demo() else "the database is not empty: nothing to do")


@click.command("serve-check")
@with_appcontext
def serve_check() -> None:
    """Refuse to serve a public address with the demo secret or demo passwords (exit status 2)."""
    _check()


@click.command("set-password")
@click.argument("email")
@click.password_option()
@with_appcontext
def set_password(email: str, password: str) -> None:
    """Give a user a new password; every sign-in of theirs ends at once."""
    try:
        change_password(email, password)
    except ClavardageError as error:
        raise click.ClickException(f"{email}: {error.message}") from error
    click.echo(f"{email} has a new password")


def _migrate() -> None:
    settings = current_app.config["CLAVARDAGE"]
    Path(settings.instance).mkdir(parents=True, exist_ok=True)
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    newest = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    if current != newest:
        upgrade()


def _demo() -> bool:
    if db.session.scalar(select(Tenant.id).limit(1)) is not None:
        return False
    db.session.rollback()
    load_demo(tomllib.loads(DATA.read_text("utf-8")))
    return True


def _users() -> list[tuple[str, bool]]:
    """E-mail and "has a demo password" of every active user; none where there is no schema yet."""
    database = db.engine.url.database
    if db.engine.dialect.name == "sqlite" and not Path(database).exists():
        return []
    if not inspect(db.engine).has_table("user"):
        return []
    rows = db.session.execute(select(User.email, User.demo_password).where(User.active)).all()
    db.session.rollback()
    return [(email, demo_password) for email, demo_password in rows]


def _check() -> None:
    settings = current_app.config["CLAVARDAGE"]
    if settings.workers > 1 and not settings.redis_url:
        raise click.ClickException("CLAVARDAGE_WORKERS is more than 1: then CLAVARDAGE_REDIS_URL must be set.")
    if not settings.public():
        return
    problems = []
    if settings.secret_key == DEMO_SECRET:
        problems.append("CLAVARDAGE_SECRET_KEY is the demo secret; set it to a long random text.")
    users = _users()
    names = [email for email, demo_password in users if demo_password]
    if names:
        problems.append(f"these users still have demo passwords: {', '.join(names)} (flask set-password changes one).")
    if not users:
        problems.append(
            "the empty database would be filled with demo users; start on 127.0.0.1 and set passwords first."
        )
    if problems:
        click.echo(f"Refusing to serve {settings.bind}, which others can reach:", err=True)
        for problem in problems:
            click.echo(f"- {problem}", err=True)
        raise SystemExit(2)
