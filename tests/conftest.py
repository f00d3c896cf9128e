"""What every test may ask for: the data folder, and randomness that can be had again."""

import functools
import os
import random
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# A law that does not say how many examples it needs has 100 in CI, and 50 fresh ones elsewhere.
settings.register_profile("house", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "house")

ROOT = Path(__file__).parent.parent
TRACED = 20
"""Examples of a law in which `coverage` looks at lines, which makes them three times as slow."""


def data_folder() -> Path | None:
    """`ABDUCE_DATA`, or `../shared/data` beside the repository; None where neither is a folder."""
    named = os.environ.get("ABDUCE_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder with the data sets; the test is skipped where there is none."""
    folder = data_folder()
    if folder is None:
        pytest.skip(
            "no data folder: set ABDUCE_DATA to one, or put it at ../shared/data beside the "
            "repository (abduce data list says what there is)"
        )
    return folder


@pytest.fixture
def seed(record_property: Callable[[str, object], None]) -> int:
    """A fresh seed, printed (pytest shows it where the test fails); pinned by `ABDUCE_SEED`."""
    value = int(os.environ.get("ABDUCE_SEED") or random.SystemRandom().randrange(2**32))
    print(f"run it again with this randomness: ABDUCE_SEED={value}")  # noqa: T201
    record_property("seed", value)
    return value


@pytest.fixture
def rng(seed: int) -> random.Random:
    return random.Random(seed)


@pytest.fixture(autouse=True, scope="session")
def private_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or writes the user's cache."""
    os.environ["ABDUCE_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Under `coverage` only the first examples of a law are traced; all of them are tried."""
    law = getattr(getattr(item, "obj", None), "hypothesis", None)
    measured = "coverage" in sys.modules and sys.modules["coverage"].Coverage.current()
    if law is None or not measured:
        return (yield)
    tried, count = law.inner_test, 0

    @functools.wraps(tried)
    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal count
        count += 1
        if count == TRACED + 1:
            measured.stop()
        return tried(*arguments, **named)

    law.inner_test = counted
    try:
        return (yield)
    finally:
        law.inner_test = tried
        if count > TRACED:
            measured.start()
