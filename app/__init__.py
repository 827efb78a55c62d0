"""Clavardage: a live-chat contact centre. ``create_app`` puts the house together; nothing connects at import."""

import importlib

from flask import Flask, jsonify, redirect, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

from . import cli
from .access import allowed
from .assembly import errorpages, joined_files, live_services, locale, logs, lower_case, numbers, safety, static_files
from .config import ROOT, Settings
from .database import Gate, prepare_engine
from .extensions import csrf, db, limiter, migrate, sock
from .realtime import server
from .realtime.drain import drain

# Faces and widgets by name, so that the house has no arrow to them.
FACES = ("customer", "agent", "admin", "auth")
WIDGETS = ("widget_v1", "widget_v2")


def create_app(settings: Settings | None = None) -> Flask:
    """The application with these settings (default: from the environment)."""
    settings = settings or Settings()
    app = Flask(__name__)
    app.url_map.converters["int"] = numbers.Id
    app.config.update(settings.flask())
    app.config["CLAVARDAGE"] = settings
    logs.set_up(app, settings.log_level)
    safety.install(app)
    _bind_extensions(app)
    live_services.install(app)
    for name in FACES:
        importlib.import_module(f"app.{name}").register(app)
    for name in WIDGETS:
        app.register_blueprint(importlib.import_module(name).blueprint)
    errorpages.install(app)
    joined_files.install(app)
    static_files.install(app)
    cli.install(app)
    _front(app)
    _health(app)
    app.wsgi_app = lower_case.LowerCasePaths(app.wsgi_app)
    if settings.behind_proxies:
        hops = settings.behind_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    return app


def _bind_extensions(app: Flask) -> None:
    server.install(app)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        app.extensions["gate"] = Gate(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    csrf.init_app(app)
    limiter.init_app(app)
    sock.init_app(app)
    locale.install(app)


def _front(app: Flask) -> None:
    @app.get("/")
    @allowed("anyone")
    def home():
        """Whoever comes to the bare address wants to sign in; the sign-in sends those who have on to their place."""
        return redirect(url_for("auth.sign_in"))


def _health(app: Flask) -> None:
    @app.get("/health/live")
    @allowed("anyone")
    def live():
        """The process answers."""
        return jsonify(status="live")

    @app.get("/health/ready")
    @allowed("anyone")
    def ready():
        """New visitors may come: the database answers and no drain has begun."""
        if drain.draining:
            return jsonify(status="draining"), 503
        db.session.execute(db.select(1))
        return jsonify(status="ready")
