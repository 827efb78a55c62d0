"""The application of a test run on one database, and how its rows are removed between tests."""

from pathlib import Path

from sqlalchemy import event

ROOT = Path(__file__).resolve().parent.parent


class World:
    """An application on a database that the migrations made (never ``create_all``: they are tested too)."""

    def __init__(self, url: str, instance: Path):
        from flask_migrate import upgrade

        from app import create_app
        from app.config import Settings
        from app.extensions import db

        self.db = db
        self.app = create_app(Settings(database_url=url, instance=str(instance)))
        self.app.testing = True
        with self.app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            # What the migrations themselves put in (the database's epoch …) belongs to an empty database.
            with db.engine.connect() as connection:
                self.seed = {
                    table: [dict(row) for row in connection.execute(table.select()).mappings()]
                    for table in self.tables()
                }

    def tables(self) -> list:
        """Every table of the models."""
        return list(self.db.metadata.tables.values())

    def clean(self):
        """Delete every row, put the migrations' own rows back, and reset the rate limits."""
        from app.database import WRITE

        with self.app.app_context():
            self.db.session.remove()
            engine = self.db.engine
            with engine.connect().execution_options(**WRITE) as connection, connection.begin():
                # One transaction in which the order of the tables does not matter, so that cycles of
                # references (agent to offer to contact to agent) do no harm.
                if engine.dialect.name == "sqlite":
                    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
                else:
                    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
                for table in self.tables():
                    connection.execute(table.delete())
                for table, rows in self.seed.items():
                    if rows:
                        connection.execute(table.insert(), rows)
        self._reset_limits()

    def _reset_limits(self):
        from app.extensions import limiter

        for name in (
            "chat_rate",
            "message_rate",
            "agent_message_rate",
            "typing_rate",
            "transcript_rate",
            "mail_rate",
            "presence_rate",
        ):
            self.app.extensions[name].forget()
        if self.app.config.get("RATELIMIT_ENABLED", True) and limiter.initialized:
            with self.app.app_context():
                limiter.reset()

    def close(self):
        """Give back every connection."""
        with self.app.app_context():
            self.db.session.remove()
            self.db.engine.dispose()


def count_statements(engine) -> list[str]:
    """A list that grows by every statement ``engine`` executes, for tests that bound them."""
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    return statements
