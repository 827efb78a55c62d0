"""What runs beside the requests: hub, bus, message log, repairer, sweeper. Only a serving process starts them."""

import atexit

from flask import Flask

from ..access import standings, valid_sign_ins
from ..actions.mail import Post
from ..actions.message_log import MessageLog
from ..actions.sweeper import Sweeper
from ..mailers import make_mailer
from ..realtime.bus import make_bus
from ..realtime.drain import drain
from ..realtime.hub import Hub
from ..realtime.limits import Counts, Rate
from ..realtime.repair import Repairer
from .letters import write_letter

DRAIN_SECONDS = 3.0


def install(app: Flask) -> None:
    """Make them; nothing connects and no thread starts here."""
    hub = Hub()
    bus = make_bus(hub, app.config["REDIS_URL"])
    app.extensions["hub"] = hub
    app.extensions["bus"] = bus
    app.extensions["message_log"] = MessageLog(app, app.extensions["gate"], bus)
    app.extensions["repairer"] = Repairer(
        lambda ids: _standings(app, ids), lambda ids: _valid_sign_ins(app, ids), app.config["HINT_POLL_SECONDS"]
    )
    app.extensions["sweeper"] = Sweeper(app, hub, app.config["SWEEP_SECONDS"])
    app.extensions["post"] = Post(make_mailer(app.config["SMTP_URL"], app.config["INSTANCE"]), write_letter)
    app.extensions["counts"] = Counts()
    app.extensions["message_rate"] = Rate(app.config["CUSTOMER_PER_MINUTE"], app.config["CUSTOMER_BURST"])
    agents = app.config["AGENT_RATE_FACTOR"]
    app.extensions["agent_message_rate"] = Rate(
        agents * app.config["CUSTOMER_PER_MINUTE"], agents * app.config["CUSTOMER_BURST"]
    )
    app.extensions["typing_rate"] = Rate(60, 5)
    app.extensions["presence_rate"] = Rate(20)
    app.extensions["transcript_rate"] = Rate(6)
    app.extensions["mail_rate"] = Rate(20)
    app.extensions["chat_rate"] = Rate(app.config["CHATS_PER_ADDRESS_PER_MINUTE"])


def start(app: Flask) -> None:
    """Start them in this process, and let its drain finish what was accepted (called by the server's worker)."""
    services = app.extensions
    for name in ("bus", "message_log", "repairer", "sweeper"):
        services[name].start()
    drain.when_draining(services["sweeper"].stop)
    drain.before_exit(lambda: services["message_log"].drain(DRAIN_SECONDS))
    drain.before_exit(services["repairer"].stop)
    drain.before_exit(services["bus"].stop)
    atexit.register(services["sweeper"].stop)


def _valid_sign_ins(app: Flask, ids: list[int]) -> set[int]:
    with app.app_context():
        return valid_sign_ins(ids)


def _standings(app: Flask, contact_ids: list[int]) -> dict[int, tuple[int, set[int]]]:
    with app.app_context():
        return standings(contact_ids)
