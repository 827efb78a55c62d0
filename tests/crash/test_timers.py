"""A deadline whose firing fails must not hold up the others that were claimed with it."""

import logging
from datetime import timedelta

import pytest

from app import clock
from app.actions import sweeper
from app.errors import Busy
from app.models import Timer
from app.models.timer import OFFER_DEADLINE, WRAP_UP_DEADLINE
from tests.faces.scene import Scene


@pytest.fixture
def due(app, monkeypatch):
    """Two due timers, the older of which fails with what the test says; the fired ones are listed."""
    scene, fired = Scene(app), []
    place = scene.tenant()
    for n, kind in enumerate((OFFER_DEADLINE, WRAP_UP_DEADLINE)):
        moment = clock.now() - timedelta(seconds=10 - n)
        scene.put(Timer(tenant_id=place.id, kind=kind, subject_id=1, due_at=moment))

    def fire(error: Exception) -> list:
        def broken(_subject):
            raise error

        monkeypatch.setattr(sweeper, "FIRE", {OFFER_DEADLINE: broken, WRAP_UP_DEADLINE: fired.append})
        with app.app_context():
            sweeper.fire_due_timers()
        return fired

    return fire


@pytest.mark.both_databases
def test_a_timer_that_fails_lets_the_others_fire(due, caplog):
    logger = logging.getLogger("app")
    logger.addHandler(caplog.handler)
    try:
        assert due(RuntimeError("a bug")) == [1]
    finally:
        logger.removeHandler(caplog.handler)
    assert "timer offer_deadline of 1 failed" in caplog.text


def test_a_timer_that_meets_a_busy_database_comes_again_later(due):
    assert due(Busy()) == [1]
