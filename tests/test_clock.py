"""Only `abduce.clock` reads time, and `ABDUCE_CLOCK_RATE` makes all of its clocks run faster."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOUSE = ("abduce", "benchmarks", "grammars", "neural", "symbolic", "verify")
APART = {
    "abduce/clock.py": "the one that does",
    "benchmarks/lambda_calculus/peer.py": "runs in another Python, which has no abduce",
}
OF_TIME = {
    f"{name}{ending}"
    for name in (
        "clock_gettime",
        "localtime",
        "gmtime",
        "monotonic",
        "perf_counter",
        "process_time",
        "thread_time",
        "time",
    )
    for ending in ("", "_ns")
}
READS = {
    "time": OF_TIME,
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "os": {"times"},
    "timeit": {"default_timer", "timeit", "repeat"},
    "resource": {"getrusage"},
}
"""What reads time, by the module or class that has it."""
ENDINGS = {"ru_utime", "ru_stime"}
NAMES = "|".join(sorted(ENDINGS.union(*READS.values())))
MAY_READ = re.compile(rf"\.[\s\\]*(?:{NAMES})\b|\bfrom[\s\\]+(?:{'|'.join(READS)})\b")
"""What is in every text that reads time: only such a text is parsed."""


def clocks_read(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Lines in which time is read, and what is read there; aliases of imports are followed."""
    called: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            called |= {each.asname: each.name for each in node.names if each.asname}
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                if each.name in READS.get(node.module or "", ()) and node.module != "datetime":
                    yield node.lineno, f"{node.module}.{each.name}"
                called[each.asname or each.name] = each.name
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=name):
                owner = called.get(owner, owner)
            case ast.Attribute(value=ast.Attribute(attr=owner), attr=name):
                pass
            case ast.Attribute(attr=name):
                owner = ""
            case _:
                continue
        if name in READS.get(owner, ()) or name in ENDINGS:
            yield node.lineno, f"{owner}.{name}"


def sources(folder: str) -> Iterator[Path]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        inside = path.relative_to(ROOT / folder).parts
        if folder != "abduce" or inside[0] not in HOUSE:  # links to the other folders
            yield path


def readers(folder: str) -> list[str]:
    found: list[str] = []
    for path in sources(folder):
        place = path.relative_to(ROOT).as_posix()
        text = path.read_text(encoding="utf-8")
        if place not in APART and MAY_READ.search(text):
            tree = ast.parse(text)
            found += [f"{place}:{line}: {name}" for line, name in clocks_read(tree)]
    return found


@pytest.mark.parametrize("folder", HOUSE)
def test_no_module_but_the_clock_reads_time(folder: str) -> None:
    assert readers(folder) == []
    assert list(sources(folder))


def test_no_test_reads_time() -> None:
    """What children have cost, as the system counts it, is all that a test compares with."""
    found = [each for each in readers("tests") if not each.endswith(": resource.getrusage")]
    assert found == []


def test_no_process_that_a_test_starts_has_little_time() -> None:
    """A limit on a subprocess is a net for one that hangs; it does not decide what a test says."""
    short = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("tests")
        if "timeout" in (text := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.keyword)
        and node.arg == "timeout"
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, int | float)
        and node.value.value < 300
    ]
    assert short == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import time\ntime.time()", ["time.time"]),
        ("import time as t\nt.perf_counter_ns()", ["time.perf_counter_ns"]),
        ("from time import monotonic", ["time.monotonic"]),
        ("import datetime\ndatetime.datetime.now()", ["datetime.now"]),
        ("from datetime import datetime as d\nd.now()", ["datetime.now"]),
        ("from datetime import date\ndate.today()", ["date.today"]),
        ("import os\nread = os.times", ["os.times"]),
        ("usage.ru_utime", ["usage.ru_utime"]),
        ("import time\ntime.sleep(1)", []),
        ("from abduce import clock\nclock.wall_s()", []),
        ("from datetime import UTC, timedelta", []),
    ],
)
def test_the_law_sees_what_reads_time(text: str, found: list[str]) -> None:
    assert [name for _, name in clocks_read(ast.parse(text))] == found
    assert MAY_READ.search(text) or not found


MEASURED = """if True:
    import sys, time, types
    seconds = {"monotonic": 0.0, "process_time": 0.0, "thread_time": 0.0}
    for name in seconds:
        setattr(time, name, lambda name=name: seconds[name])
    from abduce import clock
    read = (clock.wall_s, clock.cpu_s, clock.thread_cpu_s)
    watch = clock.Stopwatch.now()
    before = [each() for each in read]
    seconds.update(monotonic=2.0, process_time=3.0, thread_time=5.0)
    spent = types.SimpleNamespace(ru_utime=4.0, ru_stime=3.0)
    gone = [each() - was for each, was in zip(read, before)]
    print(*gone, clock.charged_s(spent), watch.wall_s, watch.cpu_s)
    print(clock.passed(15.0), clock.passed(None))
"""


RATES = {"10": 10, "0.5": 0.5, "1": 1, "no": 1, "-2": 1, "inf": 1, "0": 1}


@pytest.mark.parametrize(("rate", "times"), RATES.items())
def test_the_rate_makes_every_clock_faster(rate: str, times: float) -> None:
    asked = [sys.executable, "-c", MEASURED]
    environment = os.environ | {"ABDUCE_CLOCK_RATE": rate}
    done = subprocess.run(
        asked, capture_output=True, text=True, cwd=ROOT, env=environment, check=True
    )
    measured, passed = done.stdout.splitlines()
    expected = [seconds * times for seconds in (2, 3, 5, 7, 2, 3)]
    assert [float(number) for number in measured.split()] == expected
    assert passed == f"{2 * times > 15} False"
