"""The measurements: each returns rows of the report."""

import gzip
import re
import statistics
import time
import urllib.request
from dataclasses import asdict, dataclass, field
from urllib.parse import urljoin

from .ground import Broken
from .load import Crowd
from .servers import Product

LONG_TEXT = "x" * 3500
DEMO_WINDOW = "/inContact/ChatClient/ChatClient.aspx?poc={}&bu={}"
LOADER = "/inContact/ChatClient/js/embed.min.js"
RESTART = 1012


@dataclass
class Row:
    """One line: what was measured, its value and what it may be; ``more`` are the figures behind it."""

    what: str
    value: float
    unit: str
    budget: float
    stretch: float | None = None
    at_least: bool = False  # else at most
    ratio: float | None = None  # to the bare relay in the same run
    more: dict = field(default_factory=dict)

    def meets(self, bound: float | None) -> bool | None:
        """Is the value as good as ``bound``?"""
        if bound is None:
            return None
        return self.value >= bound if self.at_least else self.value <= bound

    def as_dict(self) -> dict:
        """For the JSON file."""
        return {**asdict(self), "met": self.meets(self.budget), "stretch_met": self.meets(self.stretch)}


def peak(ours: Crowd, relay: Crowd, name: str, rounds: int, seconds: float, budget: float, stretch: float) -> Row:
    """Rounds of saturation, ours and the relay's in turn; the value is the median of their ratios."""
    pairs = [(ours.saturate(seconds), relay.saturate(seconds)) for _ in range(rounds)]
    ratio = statistics.median(mine["rate"] / bare["rate"] for mine, bare in pairs)
    cpu = statistics.median(bare["server_us"] / mine["server_us"] for mine, bare in pairs)
    more = {
        "messages_per_second": statistics.median(mine["rate"] for mine, _ in pairs),
        "relay_messages_per_second": statistics.median(bare["rate"] for _, bare in pairs),
        "ratio_of_processor_time": round(cpu, 2),
        "customers": len(ours.customers),
        "rounds": [{"ours": mine, "relay": bare} for mine, bare in pairs],
    }
    what = f"durable delivered messages/s, {name} ÷ relay"
    return Row(what, round(ratio, 2), "", budget, stretch, at_least=True, ratio=round(ratio, 2), more=more)


def latency(ours: Crowd, relay: Crowd, rate: int, seconds: float) -> list[Row]:
    """Open loop at a steady rate, from the intended moment of sending to the other reader: the median of three."""
    pairs = [(ours.pace(rate, seconds), relay.pace(rate, seconds / 2)) for _ in range(3)]
    rows = []
    for place, budget, stretch in (("p50", 2, 1), ("p99", 10, 5)):
        value, other = (statistics.median(each[side]["delivery"][place] for each in pairs) for side in (0, 1))
        more = {"rounds": [{"ours": mine, "relay": bare} for mine, bare in pairs]}
        what = f"delivery at {rate:,} messages/s, {place}"
        rows.append(Row(what, value, "ms", budget, stretch, ratio=round(value / max(0.01, other), 1), more=more))
    return rows


def stalled_reader(server: Product, seconds: float) -> tuple[Row, int]:
    """The same load, first with everybody reading, then with one agent who reads nothing of many long texts."""
    crowd = Crowd(server, loud=LONG_TEXT)
    rate, loud = 700, 3 / 7
    before = crowd.pace(rate, seconds, loud)
    crowd.stall()
    during = crowd.pace(rate, seconds, loud)
    code = crowd.catch_up()
    messages = len(crowd.book.marks)
    crowd.close()
    cost = max(0.0, round(during["delivery"]["p99"] - before["delivery"]["p99"], 2))
    more = {"reading": before, "stalled": during, "closed_with": code, "caught_up": True}
    return Row("a stalled reader's cost for everybody else, p99", cost, "ms", 5, more=more), messages


def idle_memory(server: Product, full: bool) -> list[Row]:
    """Memory of the worker with everybody connected and silent, less what it held before."""
    before = server.memory()
    begun = time.monotonic()
    crowd = Crowd(server)
    sockets = len(crowd.agents) + len(crowd.customers)
    opened = time.monotonic() - begun
    crowd.idle(3)
    after = server.memory()
    crowd.close()
    more = {
        "sockets": sockets,
        "before_mb": before / 1e6,
        "after_mb": after / 1e6,
        "opened_per_second": sockets / opened,
    }
    each = round((after - before) / sockets / 1024, 1)
    rows = [Row(f"memory per idle socket ({sockets:,} in one process)", each, "KiB", 30, 21, more=more)]
    if full:
        rows.append(Row(f"memory of the process with {sockets:,} sockets", round(after / 1e6), "MB", 700, more=more))
    return rows


def goodbye(server: Product, agents: int = 16) -> Row:
    """SIGTERM with some 200 sockets open; everybody must hear 1012. Raises ``Broken`` for one who did not."""
    crowd = Crowd(server, agents)
    peers, processes = [*crowd.agents, *crowd.customers], server.processes()
    begun = time.monotonic()
    processes[0].terminate()
    told = 0.0
    while any(each.is_running() and each.status() != "zombie" for each in processes):
        crowd.loop.turn(0.005)
        if not told and all(peer.close_code for peer in peers):
            told = time.monotonic() - begun
        if time.monotonic() - begun > 20:
            raise Broken("the server did not end within 20 s")
    gone = time.monotonic() - begun
    crowd.close()
    heard = sum(peer.close_code == RESTART for peer in peers)
    if heard != len(peers):
        raise Broken(f"{len(peers) - heard} of {len(peers)} sockets did not hear {RESTART}")
    more = {"sockets": len(peers), "told_1012": heard, "all_told_seconds": round(told, 2)}
    return Row(
        f"SIGTERM with {len(peers)} sockets: all told {RESTART}, process gone", round(gone, 2), "s", 3, 1, more=more
    )


def sizes(server: Product, poc: str, bus_no: int) -> list[Row]:
    """Gzip sizes of the loader, and of the window with every script and style sheet that it really names."""
    base = f"http://127.0.0.1:{server.port}"
    window = base + DEMO_WINDOW.format(poc, bus_no)
    parts: dict[str, int] = {}
    waiting = [window]
    while waiting:
        url = waiting.pop()
        if url not in parts:
            body = _fetch(url)
            parts[url] = len(gzip.compress(body, 6))
            waiting += [urljoin(url, name) for name in _named(url == window, body.decode())]
    more = {url.removeprefix(base).partition("?")[0]: size for url, size in parts.items()}
    whole = Row(
        "window's first load: HTML + JS + CSS, gzip", round(sum(parts.values()) / 1024, 1), "KiB", 30, 20, more=more
    )
    loader = round(len(_fetch(base + LOADER, {"Accept-Encoding": "gzip"})) / 1024, 2)
    return [Row("loader script, gzip", loader, "KiB", 5, 3), whole]


def _named(page: bool, text: str) -> list[str]:
    if page:
        links = re.findall(r"<link\b[^>]*>", text)
        sheets = [link for link in links if re.search(r'rel="(stylesheet|modulepreload)"', link)]
        names = [found.group(1) for link in sheets if (found := re.search(r'href="([^"]+)"', link))]
        return [name.replace("&amp;", "&") for name in names + re.findall(r'<script\b[^>]*\bsrc="([^"]+)"', text)]
    return re.findall(r"""(?:\bfrom|\bimport|@import)\s*["']((?:\.{1,2})?/[^"']+)["']""", text)


def _fetch(url: str, headers: dict | None = None) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=10) as answer:
        return answer.read()
