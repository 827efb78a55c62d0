"""Every setting, from the environment, in one table (documented in docs/operations.md; a test compares the two)."""

import os
import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
DEMO_SECRET = "demo-secret-not-for-the-internet"  # noqa: S105 - known to all on purpose; serve-check refuses it


def _setting(name: str, default, kind=str):
    """A field read from ``CLAVARDAGE_<name>``."""

    def read():
        raw = os.environ.get(f"CLAVARDAGE_{name}")
        if raw is None or raw == "":
            return default() if callable(default) else default
        try:
            return kind(raw)
        except ValueError as error:
            raise SystemExit(f"CLAVARDAGE_{name}={raw!r} is not a valid {kind.__name__}.") from error

    return field(default_factory=read, metadata={"env": f"CLAVARDAGE_{name}"})


def _flag(raw: str) -> bool:
    return raw.strip().lower() in {"1", "true", "yes", "on"}


def address(raw: str) -> str:
    """One e-mail address and nothing else. Raises ``ValueError``."""
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,189}", raw):
        raise ValueError(raw)
    return raw


@dataclass(frozen=True)
class Settings:
    """Settings of one process. Durations in seconds, sizes in bytes unless the name says otherwise."""

    instance: str = _setting("INSTANCE", lambda: str(ROOT / "instance"))
    database_url: str = _setting("DATABASE_URL", "")
    redis_url: str = _setting("REDIS_URL", "")
    secret_key: str = _setting("SECRET_KEY", DEMO_SECRET)
    bind: str = _setting("BIND", "127.0.0.1:8000")
    shop_bind: str = _setting("SHOP_BIND", "127.0.0.1:8001")
    origins: str = _setting("ORIGINS", "")
    behind_proxies: int = _setting("BEHIND_PROXIES", 0, int)
    secure_cookies: bool = _setting("SECURE_COOKIES", False, _flag)
    workers: int = _setting("WORKERS", 1, int)
    log_level: str = _setting("LOG_LEVEL", "INFO")
    max_text: int = _setting("MAX_TEXT", 4000, int)
    max_frame: int = _setting("MAX_FRAME", 16 * 1024, int)
    ping_seconds: float = _setting("PING_SECONDS", 25.0, float)
    pong_seconds: float = _setting("PONG_SECONDS", 10.0, float)
    hello_seconds: float = _setting("HELLO_SECONDS", 5.0, float)
    customer_burst: int = _setting("CUSTOMER_BURST", 10, int)
    customer_per_minute: int = _setting("CUSTOMER_PER_MINUTE", 60, int)
    agent_rate_factor: int = _setting("AGENT_RATE_FACTOR", 10, int)
    sockets_per_customer: int = _setting("SOCKETS_PER_CUSTOMER", 5, int)
    sockets_per_agent: int = _setting("SOCKETS_PER_AGENT", 10, int)
    sockets_per_address: int = _setting("SOCKETS_PER_ADDRESS", 500, int)
    unauthenticated_per_address: int = _setting("UNAUTHENTICATED_PER_ADDRESS", 20, int)
    chats_per_address_per_minute: int = _setting("CHATS_PER_ADDRESS_PER_MINUTE", 60, int)
    sign_ins_per_minute: int = _setting("SIGN_INS_PER_MINUTE", 10, int)
    smtp_url: str = _setting("SMTP_URL", "")
    mail_from: str = _setting("MAIL_FROM", "clavardage@localhost", address)
    lease_seconds: float = _setting("LEASE_SECONDS", 45.0, float)
    session_hours: int = _setting("SESSION_HOURS", 12, int)
    session_idle_minutes: int = _setting("SESSION_IDLE_MINUTES", 120, int)
    sweep_seconds: float = _setting("SWEEP_SECONDS", 0.5, float)
    hint_poll_seconds: float = _setting("HINT_POLL_SECONDS", 1.0, float)

    def flask(self) -> dict:
        """The same as Flask configuration keys, with what the extensions want to be called otherwise."""
        config = {f.name.upper(): getattr(self, f.name) for f in fields(self)}
        config["ORIGINS"] = self.own_origins()
        config["SQLALCHEMY_DATABASE_URI"] = self.database()
        # A database error in the log must not carry the words of a chat.
        config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True}
        if not config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite:///:memory:"):
            # A request that finds no connection is told "busy" soon; by default it would wait for 30 s.
            config["SQLALCHEMY_ENGINE_OPTIONS"] |= {"pool_size": 10, "max_overflow": 20, "pool_timeout": 5}
        config["MAX_CONTENT_LENGTH"] = 64 * 1024
        config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "translations")
        config["SESSION_COOKIE_SAMESITE"] = "Lax"
        config["SESSION_COOKIE_HTTPONLY"] = True
        config["SESSION_COOKIE_SECURE"] = self.secure_cookies
        config["SESSION_COOKIE_NAME"] = "clavardage"
        config["WTF_CSRF_TIME_LIMIT"] = None
        config["RATELIMIT_STORAGE_URI"] = self.redis_url.replace("unix://", "redis+unix://", 1) or "memory://"
        config["SOCK_SERVER_OPTIONS"] = {
            "max_message_size": self.max_frame,
            "ping_interval": self.ping_seconds,
            "pong_wait": self.pong_seconds,
        }
        return config

    def database(self) -> str:
        """The database's address in SQLAlchemy's form; psycopg 3 is the driver for PostgreSQL."""
        url = self.database_url or f"sqlite:///{Path(self.instance).resolve() / 'clavardage.db'}"
        for short in ("postgresql://", "postgres://"):
            if url.startswith(short):
                return "postgresql+psycopg://" + url.removeprefix(short)
        return url

    def own_origins(self) -> frozenset[str]:
        """The origins our own pages are served from; no other may open a socket."""
        if self.origins:
            return frozenset(part.strip().rstrip("/") for part in self.origins.split(",") if part.strip())
        port = self.bind.rpartition(":")[2]
        return frozenset({f"http://127.0.0.1:{port}", f"http://localhost:{port}"})

    def public(self) -> bool:
        """Can others than this machine reach it: by its address, through a proxy, or under a public origin?"""
        hosts = {self.bind.rpartition(":")[0].strip("[]"), *(urlsplit(o).hostname for o in self.own_origins())}
        return self.behind_proxies > 0 or not hosts <= LOOPBACK

    def sends_mail(self) -> bool:
        """Do letters reach people? Without a mail server they are files: good for trying it out on one machine."""
        return bool(self.smtp_url) or not self.public()
