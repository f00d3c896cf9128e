"""Build the sdist and the wheel from it, install it in fresh environments, and use it away from the
checkout: with no extra, with each extra alone, and with all of them.

Two environments are tried at a time. The packages that are needed without extras are the same in
each, so they are unpacked and compiled once; an environment holds links to them, and what pip adds
for its extra. Pip and Python replace files and never write into them, so no environment changes
another.

Usage: PYTHON .ci/smoke.py, with a PYTHON that has `build` and pip
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = tuple(
    tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
)
COMPILED = "from importlib.util import find_spec; find_spec('sympy') and __import__('sympy')"
"""Sympy is compiled beforehand: the process that `calculate` confines has seconds to start, and
leaves nothing compiled behind."""
SLOWEST = "neural"
"""The extra that takes longest to install, so the others are added to its environment."""
LEFT_OUT = ("ABDUCE_DATA", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
"""Variables that would lead into the checkout, or have each command compile its imports anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """An environment for packages in `folder`, and an empty folder beside it to work in."""

    folder: Path

    @property
    def programs(self) -> Path:
        return self.folder / "bin"

    @property
    def packages(self) -> Path:
        return next((self.folder / "lib").glob("python3*")) / "site-packages"

    def make(self, needed: Path | None) -> None:
        """Make it, with links to the packages that lie in a folder."""
        run([sys.executable, "-m", "venv", "--without-pip", str(self.folder)], self.folder.parent)
        if needed is not None:
            shutil.copytree(needed, self.packages, copy_function=os.link, dirs_exist_ok=True)

    def pip(self, *arguments: str) -> None:
        pip = (sys.executable, "-m", "pip", "--python", str(self.programs / "python"))
        run([*pip, "--quiet", "--disable-pip-version-check", *arguments], self.folder.parent)

    def install(self, *requirements: str) -> None:
        self.pip("install", "--no-compile", "-c", str(ROOT / "constraints.txt"), *requirements)

    def run(self, *arguments: str) -> str:
        """What its Python prints in a new folder."""
        return run(
            [str(self.programs / "python"), *arguments],
            Path(tempfile.mkdtemp(dir=self.folder.parent)),
            ABDUCE_CACHE=str(self.folder / "cache"),
        )

    def doors(self, *extras: str) -> None:
        """Try every command of the installed abduce."""
        self.run("-c", COMPILED)
        records = str(ROOT / "docs" / "results" / "reduce.jsonl")
        doors = str(ROOT / ".ci" / "doors.py")
        say(self.run(doors, str(self.programs / "abduce"), records, *extras))


def main() -> int:
    try:
        with tempfile.TemporaryDirectory() as away:
            tried(Path(away))
    except subprocess.CalledProcessError as error:
        say(f"{error.stdout}\n{' '.join(error.cmd)}\nended with exit code {error.returncode}")
        return 1
    say("the wheel works away from the checkout")
    return 0


def tried(away: Path) -> None:
    """Build and try all; what fails is raised when all has ended."""
    timed("building", lambda: built(away))
    (wheel,) = (str(path) for path in (away / "dist").glob("*.whl"))
    plain = Environment(folder=away / "none")
    timed("no extra", lambda: alone(plain, None, wheel))
    plain.pip("uninstall", "--yes", "abduce")
    needed = plain.packages

    def slowest() -> None:
        environment = Environment(folder=away / SLOWEST)
        timed(SLOWEST, lambda: alone(environment, needed, wheel, SLOWEST))
        timed("all extras", lambda: together(environment, wheel))

    def other(extra: str) -> None:
        environment = Environment(folder=away / extra)
        timed(extra, lambda: alone(environment, needed, wheel, extra))

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(slowest)]
        jobs += [pool.submit(other, extra) for extra in EXTRAS if extra != SLOWEST]
    for job in jobs:
        job.result()


def built(away: Path) -> None:
    run([sys.executable, "-m", "build", "--quiet", "--outdir", str(away / "dist"), str(ROOT)], away)


def alone(environment: Environment, needed: Path | None, wheel: str, *extra: str) -> None:
    """What an environment with one extra, or none, can do."""
    environment.make(needed)
    environment.install(asking(wheel, extra))
    environment.doors(*extra)


def together(environment: Environment, wheel: str) -> None:
    """What an environment with all extras can do, and all examples in docstrings."""
    environment.install(asking(wheel, EXTRAS), "pytest")
    environment.doors(*EXTRAS)
    checked = 'assert "site-packages" in abduce.__file__, abduce.__file__; abduce.Record'
    environment.run("-W", "error", "-c", f"import abduce; {checked}")
    quiet = ("-q", "-W", "error", "-p", "no:cacheprovider")
    say(environment.run("-m", "pytest", *quiet, "--doctest-modules", "--pyargs", "abduce"))


def asking(wheel: str, extras: Sequence[str]) -> str:
    return f"{wheel}[{','.join(extras)}]" if extras else wheel


def timed(what: str, job: Callable[[], None]) -> None:
    began = time.monotonic()
    job()
    say(f"{what}: {time.monotonic() - began:.0f} s")


def run(command: list[str], folder: Path, **variables: str) -> str:
    """What a command prints; `CalledProcessError` where it fails."""
    kept = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    done = subprocess.run(
        command,
        cwd=folder,
        env=kept | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    return done.stdout


def say(text: str) -> None:
    sys.stdout.write(text.rstrip() + "\n")  # noqa: TID251
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
