"""The product's own server settings around the tiny application, which has none of the product's services."""

import runpy
from pathlib import Path

_product = runpy.run_path(str(Path(__file__).resolve().parents[2] / "gunicorn.conf.py"))
globals().update({name: value for name, value in _product.items() if not name.startswith("_")})


def post_worker_init(worker):
    """As the product does it, without starting its services."""
    from app.realtime.drain import arm

    worker.requests_open = 0
    arm(worker)
