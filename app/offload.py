"""Work that would hold up the hub (fsync, argon2) goes to a pool of real threads; without gevent it simply runs.

Only plain C-level calls belong in there: Python locks made under gevent's patch are not to be met by a foreign thread.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

try:
    import gevent
    from gevent import monkey
    from gevent.threadpool import ThreadPool
except ImportError:  # the test process and the command line run without gevent's patch, and may run without gevent
    monkey = None


def under_gevent() -> bool:
    """Has gevent patched this process?"""
    return monkey is not None and monkey.is_module_patched("threading")


def offload(work: Callable[..., Any], *args: Any) -> Any:
    """Run ``work(*args)`` in a pool thread and wait for it politely; its exception comes back as it is."""
    if not under_gevent():
        return work(*args)
    return _waited(gevent.get_hub().threadpool, work, args)


def offload_slow(work: Callable[..., Any], *args: Any) -> Any:
    """The same for work of a tenth of a second and more (passwords), in threads of its own: no commit waits for it."""
    if not under_gevent():
        return work(*args)
    return _waited(_slow_pool(), work, args)


@cache
def _slow_pool():
    return ThreadPool(2)


def _waited(pool, work: Callable[..., Any], args: tuple) -> Any:
    value, error = pool.apply(_outcome, (work, args))
    if error is not None:
        raise error
    return value


def _outcome(work: Callable[..., Any], args: tuple) -> tuple[Any, Exception | None]:
    """An exception as a value: one that leaves a pool thread is printed there as a traceback, handled or not."""
    try:
        return work(*args), None
    except Exception as error:  # noqa: BLE001 - it is raised again by the waiting caller
        return None, error
