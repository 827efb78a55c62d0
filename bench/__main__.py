"""``bin/bench``: load against our server and a bare relay in the same run, as a table and as JSON."""

import argparse
import json
import resource
import sys
import time
import tomllib
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from . import pages, rows
from .ground import ROOT, Broken, folder, machine
from .load import Crowd
from .report import table
from .servers import Postgres, Product, Relay, postgres_binaries

REPORTS = ROOT / "bench/reports"


def main() -> int:
    """Measure, print, write. 0 also when a budget is missed; 1 when the run broke or a message was lost."""
    options = _options()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    begun = time.monotonic()
    measured: list[rows.Row] = []
    report = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "options": {**vars(options), "json": None}}
    try:
        with folder() as place:
            report["machine"] = machine(place)
        for part in (_sqlite, _postgres, _idle):
            part(options, measured)
    except Broken as error:
        print(f"The run is broken: {error}", file=sys.stderr)
        return 1
    report |= {"rows": [row.as_dict() for row in measured], "seconds": round(time.monotonic() - begun)}
    print(table(report))
    path = options.json or REPORTS / f"{report['at'].replace(':', '')}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"\nAll figures: {path}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="18,000 idle sockets instead of 2,000, longer rounds")
    parser.add_argument("--quick", action="store_true", help="short rounds: a look, not a figure")
    parser.add_argument("--no-postgres", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--customers", type=int, default=300, help="customers in talks under load (300)")
    parser.add_argument("--json", type=Path, help="where to write the figures (bench/reports/<time>.json)")
    options = parser.parse_args()
    options.rounds, options.seconds = (2, 1.5) if options.quick else (5, 6.0) if options.full else (3, 4.0)
    return options


def _sqlite(options: argparse.Namespace, measured: list) -> None:
    demo = tomllib.loads((ROOT / "demo/data.toml").read_text("utf-8"))
    poc, bus_no = demo["point_of_contact"][0]["guid"], demo["tenant"]["bus_no"]
    with ExitStack() as stack:
        place = stack.enter_context(folder())
        server = stack.enter_context(Product(place, options.customers))
        relay = stack.enter_context(Relay(place, server.agents))
        ours, bare = Crowd(server), Crowd(relay)
        measured += rows.latency(ours, bare, 1000, options.seconds)
        measured.insert(0, rows.peak(ours, bare, "SQLite", options.rounds, options.seconds, 0.5, 1.0))
        messages = len(ours.book.marks)
        ours.close()
        bare.close()
        row, more = rows.stalled_reader(server, options.seconds * 2)
        small = rows.sizes(server, poc, bus_no)
        small += pages.window(server, poc, bus_no)
        measured += [row, rows.goodbye(server), *small]
        server.check(messages + more)


def _postgres(options: argparse.Namespace, measured: list) -> None:
    if options.no_postgres:
        return
    if postgres_binaries() is None:
        print("PostgreSQL is not installed: its row is left out.", file=sys.stderr)
        return
    with ExitStack() as stack:
        place = stack.enter_context(folder())
        cluster = stack.enter_context(Postgres(place))
        server = stack.enter_context(Product(place, options.customers, cluster.url))
        relay = stack.enter_context(Relay(place, server.agents))
        ours, bare = Crowd(server), Crowd(relay)
        measured.insert(1, rows.peak(ours, bare, "PostgreSQL", options.rounds, options.seconds, 0.4, 0.7))
        messages = len(ours.book.marks)
        ours.close()
        bare.close()
        server.check(messages)


def _idle(options: argparse.Namespace, measured: list) -> None:
    sockets = 18_000 if options.full else 500 if options.quick else 2_000
    with folder() as place, Product(place, sockets * 12 // 13) as server:
        measured += rows.idle_memory(server, options.full)


if __name__ == "__main__":
    sys.exit(main())
