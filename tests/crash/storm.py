"""Kills, cuts and stalls at random moments of a run, drawn from a seed that the test prints."""

import asyncio
import os
import random
import sys
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor

from tests.crash.server import CrashServer
from tests.journeys.cutting_proxy import CuttingProxy


def seed_of(name: str) -> int:
    """A new seed for each run, printed with a failure; ``CRASH_SEED`` plays its draws again (not its timing)."""
    seed = int(os.environ.get("CRASH_SEED") or time.time_ns() % 1_000_000)
    sys.stdout.write(f"{name}: CRASH_SEED={seed}\n")
    return seed


async def storm(
    server: CrashServer,
    proxies: list[CuttingProxy],
    rng: random.Random,
    kills: int,
    cuts: int,
    moment: Callable[[float], bool],
):
    """Let everything happen, spread over the work: ``moment(share)`` tells whether that share of it is done."""
    happenings = ["kill"] * kills + ["cut"] * cuts
    rng.shuffle(happenings)
    for n, happening in enumerate(happenings, 1):
        share = n / (len(happenings) + 1)
        while not moment(share):
            await asyncio.sleep(0.005)
        await asyncio.sleep(rng.uniform(0, 0.03))
        if happening == "kill":
            await asyncio.to_thread(server.strike, rng)
        elif rng.random() < 0.3:
            rng.choice(proxies).stall()
        else:
            rng.choice(proxies).cut()


async def patiently(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until it is true; False when ``seconds`` pass first."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.02)
    return True


def alone(work: Coroutine):
    """Run ``work`` in a loop and a thread of its own: the browser tests of the same process have a loop that runs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
