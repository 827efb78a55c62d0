"""How gunicorn serves Clavardage; each line answers a trap told in docs/operations.md."""

import os
import resource

worker_class = "gevent"
workers = int(os.environ.get("CLAVARDAGE_WORKERS", "1"))
bind = os.environ.get("CLAVARDAGE_BIND", "127.0.0.1:8000")
# Sockets and requests in one worker; gunicorn's default of 1,000 would silently cap them.
worker_connections = 20000
# Links carry up to nine values of a page; the most that gunicorn allows.
limit_request_line = 8190
# Everybody comes back at once after a restart.
backlog = 4096
# The drain needs about two seconds; idle connections must let go before.
graceful_timeout = 5
keepalive = 2
# A worker full of sockets is never restarted for its age.
max_requests = 0
# The application must be imported after gevent's patch.
preload_app = False
accesslog = None
errorlog = "-"
# A second way to command the server that nobody uses.
control_socket_disable = True


def on_starting(server):
    """The descriptor limit is the first one met: take all that is allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError) as error:  # an unlimited hard limit is refused on some systems
        server.log.warning("file descriptors: the limit stays at %s (%s)", soft, error)
        return
    server.log.info("file descriptors: limit raised from %s to %s", soft, hard)


def post_worker_init(worker):
    """Signals drain the worker from here on, and what runs beside the requests begins."""
    from app.assembly.live_services import start  # not before gevent's patch
    from app.realtime.drain import arm

    worker.requests_open = 0
    arm(worker)
    start(worker.wsgi)


def pre_request(worker, _request):
    """A drained worker need not wait when nothing is under way; an open socket is a request under way."""
    worker.requests_open += 1


def post_request(worker, _request, _environ, _response):
    """Called however the request ended."""
    worker.requests_open -= 1


def worker_exit(_server, worker):
    """Accepted work is finished before the process ends."""
    if worker.pid == os.getpid():  # the master calls this, too, for a worker that is gone
        from app.realtime.drain import drain

        drain.wait()
