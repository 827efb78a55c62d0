"""The report as people read it."""


def table(report: dict) -> str:
    """Machine, then a line per row: value, budget, whether it is met, and the ratio to the relay."""
    facts = report["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
    lines = [
        f"{facts['cpu']}, {facts['cores']} cores, {facts['memory_mb']:,} MB; {facts['system']}, "
        f"Python {facts['python']}; {versions}",
        f"a synced write of 4 KiB: {facts['synced_write_ms']} ms; load before the run: {facts['load_before']}",
        "",
    ]
    body = [["what", "value", "budget", "stretch", "met", "÷ relay"], *[_cells(row) for row in report["rows"]]]
    widths = [max(len(cells[n]) for cells in body) for n in range(len(body[0]))]
    for first, *others in body:
        lines.append("  ".join([first.ljust(widths[0]), *map(str.rjust, others, widths[1:])]))
    shares = [row["more"]["rounds"] for row in report["rows"] if "rounds" in row["more"]]
    own = max((pair["ours"]["generator_cpu"] for rounds in shares for pair in rounds), default=0)
    lines += ["", f"The load generator took {own} % of a core at our peak; the whole run {report['seconds']} s."]
    return "\n".join(lines)


def _cells(row: dict) -> list[str]:
    sign = "≥" if row["at_least"] else "≤"
    met = "stretch" if row["stretch_met"] else "yes" if row["met"] else "NO"
    bounds = [
        f"{sign} {bound:g} {row['unit']}".rstrip() if bound is not None else "–"
        for bound in (row["budget"], row["stretch"])
    ]
    ratio = "–" if row["ratio"] is None else f"{row['ratio']:g}"
    return [row["what"], f"{row['value']:g} {row['unit']}".rstrip(), *bounds, met, ratio]
