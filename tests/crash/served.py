"""What a crash test serves: the product, with one bug planted when ``PLANTED`` names it, and a fast clock if asked.

The product knows nothing of this; each bug proves that a checker sees what it is there for.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from app import clock, create_app
from tests.crash.planted import BUGS


def _speed_up(factor: int, base: float) -> None:
    from app.actions import sweeper

    def now() -> datetime:
        return datetime.fromtimestamp(base, UTC) + timedelta(seconds=(time.time() - base) * factor)

    clock.now = now
    sweeper.time = SimpleNamespace(monotonic=lambda: time.monotonic() * factor)


if factor := int(os.environ.get("CLOCK_FACTOR", "0")):
    _speed_up(factor, float(os.environ["CLOCK_BASE"]))
app = create_app()
if bug := os.environ.get("PLANTED"):
    BUGS[bug](app)
