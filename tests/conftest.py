"""What every test may ask for: the data folder, and randomness that can be had again."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "house")

ROOT = Path(__file__).parent.parent


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
