"""What `solve` says about a lexicon and its answers."""

from collections.abc import Iterator, Mapping
from typing import Any

ROWS_SHOWN = 10
"""The upper limit on the rows that are listed."""


def told(found: Mapping[str, Any]) -> Iterator[str]:
    """The measurements, as text."""
    from abduce.benchmarks.drawing.numbers import percent, seconds

    name = f"{found['task']} {found['split']}".strip()
    rows = f"{found['train_rows']:,} training rows"
    if found["queries"] is not None:
        rows = f"{found['queries']} examples asked for"
    learned = f"{rows}, learned in {seconds(found['train_s'])}"
    memory = f", {found['peak_mb']:.0f} MB" if found["peak_mb"] else ""
    if found["n"]:
        right = found["n"] - found["abstained"] - found["wrong"]
        yield (
            f"{name}: {percent(found['accuracy'])} ({right:,} of {found['n']:,} right, "
            f"{found['abstained']:,} withheld) in {seconds(found['test_s'])}; {learned}{memory}; "
            f"configuration {found['config_hash']}"
        )
    else:
        yield f"{name}: {learned}{memory}; configuration {found['config_hash']}"
    for group, measured in found.get("groups", {}).items():
        share, wrong = percent(measured["accuracy"]), percent(measured["wrong"])
        yield f"  {group:2}  {share} right, {wrong} wrong, of {measured['n']:,}"
    yield from _explained(found)
    for header in found.get("column_names", ()):
        yield f"{header} are read as the names of the columns, and not learned"
    if found["status"] == "timeout":
        yield "the time limit was reached: this is the best lexicon found until then"
    if found["contradictions"]:
        yield f"training sentences with several different outputs: {found['contradictions']:,}"
    if found["unknown_count"]:
        more = ", ..." if found["unknown_count"] > len(found["unknown"]) else ""
        words = ", ".join(found["unknown"]) + more
        yield f"{found['unknown_count']:,} words of the test were not in training: {words}"


def risked(risk: float, found: Mapping[str, Any]) -> str:
    """How much is answered at a risk, and how much of that is wrong."""
    from abduce.benchmarks.drawing.numbers import percent

    answered = found["answered"]
    error = percent(found["wrong"] / answered) if answered else "none"
    return (
        f"at a risk of {risk:g}: {percent(answered / found['n'])} answered, of which {error} wrong"
    )


def _explained(found: Mapping[str, Any]) -> Iterator[str]:
    """How many of the training rows are explained, and the first of those that are not."""
    from abduce.benchmarks.drawing.numbers import percent

    checked, explained = found.get("checked", 0), found.get("explained", 0)
    if not checked:
        return
    looked = "" if checked == found["rows"] else f" that were checked, of {found['rows']:,},"
    share = percent(explained / checked)
    yield f"{explained:,} of {checked:,} training rows{looked} are explained ({share})"
    kind = "line" if found["task"] == "pairs" else "row"
    listed = (
        ("unexplained", "not explained"),
        ("noise_rows", "treated as noise, since the lexicon gives another output"),
    )
    for name, told in listed:
        rows = found.get(name, ())
        if rows and (name == "unexplained" or 2 * explained >= checked):
            kinds = f"{kind}s" if len(rows) > 1 else kind
            more = ", ..." if len(rows) > ROWS_SHOWN else ""
            yield f"{told}: {kinds} {', '.join(map(str, rows[:ROWS_SHOWN]))}{more}"
    for reason in found.get("reasons", ()):
        yield f"a reason: {reason}"
