"""A tiny application around the socket server, served by a real gunicorn child process for the tests."""

import gc
import json
import os
import threading
import time
from pathlib import Path

import flask
import flask_sock
import greenlet

from app.realtime import drain as goodbye
from app.realtime.frames import encode_text
from app.realtime.keeper import keeper
from app.realtime.outbox import Batch
from app.realtime.server import install, socket_route

app = flask.Flask(__name__)
app.config["ORIGINS"] = ["https://chat.example", "http://127.0.0.1:8000"]
app.config["SOCK_SERVER_OPTIONS"] = json.loads(os.environ.get("TEST_SOCKET_OPTIONS", "{}"))
install(app)
sock = flask_sock.Sock(app)
room = set()
received = [0]


def echo(ws, **_known):
    """Say back whatever comes."""
    while True:
        ws.send(ws.receive())


socket_route(sock, "/echo")(echo)


@sock.route("/stock")
def stock(ws):
    """flask-sock's own way."""
    echo(ws)


@sock.route("/stock/failing")
def stock_failing(ws):
    """A handler with a bug, flask-sock's own way."""
    ws.receive()
    raise ValueError("planted")


@socket_route(sock, "/failing")
def failing(ws):
    """A handler with a bug."""
    ws.receive()
    raise ValueError("planted")


@socket_route(sock, "/closing/<int:code>")
def closing(ws, code):
    """Close with the code of the path as soon as something was heard."""
    ws.receive()
    ws.close(code, "as asked")


@socket_route(sock, "/asking", prepare=lambda: {"agent": flask.request.headers.get("X-Agent")})
def asking(ws, agent):
    """Tell what the handler sees of Flask, and what the request was prepared into."""
    ws.receive()
    ws.send(json.dumps({"app": flask.has_app_context(), "request": flask.has_request_context(), "agent": agent}))
    ws.receive()


@socket_route(sock, "/patient")
def patient(ws):
    """Wait a little, then say whether something came."""
    ws.send("nothing" if ws.receive(timeout=0.05) is None else "something")
    ws.send("nothing" if ws.receive(timeout=0) is None else "something")
    echo(ws)


@socket_route(sock, "/busy")
def busy(ws):
    """Take one message, then none until told: nobody reads meanwhile."""
    ws.receive()
    while not app.config.get("GO"):
        time.sleep(0.01)
    while True:
        ws.receive()
        received[0] += 1


@socket_route(sock, "/room")
def in_room(ws):
    """Hear what is posted to the room."""
    room.add(ws)
    try:
        while True:
            ws.receive()
    finally:
        room.discard(ws)


@app.post("/room")
def to_room():
    """Send as many bytes as asked, as often as asked, to everybody in the room."""
    data = encode_text("x" * int(flask.request.args["size"]))
    for _ in range(int(flask.request.args.get("times", 1))):
        with Batch() as batch:
            for ws in tuple(room):
                batch.push(ws.outbox, data)
        time.sleep(0)
    return {"heard": len(room)}


@app.post("/go")
def go():
    """Let the busy ones go on."""
    app.config["GO"] = True
    return {}


@app.get("/counts")
def counts():
    """What must be back at the start when all sockets are gone."""
    gc.collect()
    greenlets = sum(1 for thing in gc.get_objects() if isinstance(thing, greenlet.greenlet) and not thing.dead)
    return {
        "sockets": len(keeper),
        "room": len(room),
        "descriptors": sum(1 for _ in Path("/proc/self/fd").iterdir()),
        "greenlets": greenlets,
        "threads": threading.active_count(),
        "native_threads": sum(1 for _ in Path("/proc/self/task").iterdir()),
        "rss": int(Path("/proc/self/statm").read_text().split()[1]) * 4096,
        "received": received[0],
        "waiting": sum(ws.outbox.size for ws in keeper.sockets()),
        "pid": os.getpid(),
    }


@app.get("/ready")
def ready():
    """As readiness does it."""
    return {}, 503 if goodbye.drain.draining else 200


def flushed():
    """Stands for the message log's last commit."""
    Path(os.environ["TEST_FLUSHED"]).write_text(f"{len(keeper)} sockets left")


if os.environ.get("TEST_FLUSHED"):
    goodbye.drain.before_exit(flushed)
