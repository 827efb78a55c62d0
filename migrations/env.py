"""How a migration runs: on the application's engine, in batch mode, so that the same steps work on SQLite."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def _leave_out_empty(_context, _revision, directives):
    """No migration file for a comparison that found nothing."""
    if context.config.cmd_opts and getattr(context.config.cmd_opts, "autogenerate", False) and directives:
        script = directives[0]
        if script.upgrade_ops.is_empty():
            directives[:] = []


def _render(kind, column_type, _autogen):
    """Our own column types under their plain names: a migration must not depend on today's code."""
    if kind == "type" and type(column_type).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def _references(connection, on):
    """SQLite makes a changed table anew and drops the old one, rows and all: meanwhile nothing may refer to it."""
    if connection.dialect.name == "sqlite":
        # On the driver's connection: inside a transaction the pragma would do nothing, without a word.
        connection.connection.driver_connection.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def _check_references(connection):
    if connection.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"references without their rows after the migration: {broken[:5]}")


def run():
    """Run what is due in one transaction."""
    arguments = current_app.extensions["migrate"].configure_args
    with database.engine.connect() as connection:
        _references(connection, on=False)
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            process_revision_directives=_leave_out_empty,
            render_item=_render,
            **arguments,
        )
        with context.begin_transaction():
            context.run_migrations()
            _check_references(connection)
        connection.commit()
        _references(connection, on=True)


run()
