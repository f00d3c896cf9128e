"""A verifier on instances with planted counterexamples: which it gets wrong.

The verifier is any command. Its answer is one word, alone: the first word of the result file, or
else a line of its output that is nothing but that word. A word inside another is not counted, since
'unsat' contains 'sat'.
"""

import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from abduce import clock
from abduce.benchmarks.soundness.planted import Listed
from abduce.benchmarks.soundness.replaying import Loaded, violates
from abduce.errors import InputError

OURS: Final = shlex.join([sys.executable, "-m", "abduce", "vnncomp", "v1", "soundness"]) + (
    " {onnx} {vnnlib} {result} {timeout}"
)
"""Abduce itself, as a verifier among others."""
GRACE_S: Final = 30.0
"""The seconds beyond its limit after which a verifier is stopped."""
WORDS: Final[Mapping[str, str]] = {
    **{word: word for word in ("sat", "unsat", "unknown", "timeout", "error")},
    **{"violated": "sat", "falsified": "sat", "holds": "unsat", "verified": "unsat"},
    **{"unsupported": "error", "timed-out": "timeout"},
}
"""The words of verifiers, and those of VNN-COMP that they stand for."""
VALUE: Final = re.compile(r"\(\s*X_(\d+)\s+([-+0-9.eE]+)\s*\)")


@dataclass(frozen=True, slots=True)
class Judged:
    """A verifier's answer to an instance.

    Attributes:
        said: a word of VNN-COMP.
        witness: whether the counterexample that it gives holds in onnxruntime; None where it gives
            none.
        seconds: the wall time of its run.
    """

    instance: Listed
    said: str
    witness: bool | None
    seconds: float

    @property
    def unsound(self) -> bool:
        """Whether it proved a property that a known input violates."""
        return self.instance.planted and self.said == "unsat"


def check_command(command: str) -> list[str]:
    """The command's words.

    Raises:
        InputError: it does not name the network and the property, or is no command.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise InputError(f"the command {command!r} ({error})", ("quotes in pairs",)) from None
    missing = [place for place in ("{onnx}", "{vnnlib}") if place not in command]
    if missing or not words:
        raise InputError(
            f"a verifier's command without {' and '.join(missing) or 'a program'}",
            ("'PROGRAM {onnx} {vnnlib} {result} {timeout}'; the last two may be left out",),
        )
    return words


def judge(words: Sequence[str], instance: Listed, timeout_s: float | None = None) -> Judged:
    """Run a verifier on an instance.

    Args:
        words: the command as `check_command` returns it.
        timeout_s: the time limit; None for that of the instance.

    Raises:
        InputError: its program cannot be started.
    """
    limit = timeout_s or instance.timeout_s
    with TemporaryDirectory(prefix="abduce-") as place:
        result = Path(place) / "result.txt"
        given = {
            "{onnx}": str(instance.network),
            "{vnnlib}": str(instance.property),
            "{result}": str(result),
            "{timeout}": f"{limit:g}",
        }
        began = clock.wall_s()
        try:
            ended = subprocess.run(
                [_filled(word, given) for word in words],
                capture_output=True,
                timeout=limit + GRACE_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Judged(instance, "timeout", None, clock.wall_s() - began)
        except OSError as error:
            told = f"a verifier that cannot be started ({error.strerror or error}: {words[0]!r})"
            raise InputError(told) from error
        seconds = clock.wall_s() - began
        printed = ended.stdout.decode(errors="replace")
        written = result.read_text(errors="replace") if result.is_file() else ""
    said = answer(written, printed)
    return Judged(instance, said, _replayed(instance, written) if said == "sat" else None, seconds)


def _filled(word: str, given: Mapping[str, str]) -> str:
    for place, value in given.items():
        word = word.replace(place, value)
    return word


def answer(written: str, printed: str) -> str:
    """The answer of a verifier, from its result file, or else from its output.

    >>> answer("", "sat or unsat?\\nunsat\\n"), answer("sat\\n((X_0 1))", "unsat"), answer("", "?")
    ('unsat', 'sat', 'error')
    """
    if written.split():
        return WORDS.get(written.split()[0].lower(), "error")
    lines = [line.strip().lower() for line in printed.splitlines()]
    return next((WORDS[line] for line in reversed(lines) if line in WORDS), "error")


def _replayed(instance: Listed, written: str) -> bool | None:
    """Whether the counterexample in a result file violates the property in onnxruntime.

    Raises:
        InputError: the network of the instance cannot be loaded.
    """
    try:
        found = {int(i): float(value) for i, value in VALUE.findall(written)}
    except ValueError:
        return False
    if not found or sorted(found) != list(range(len(found))):
        return None
    sizes, network = _loaded(instance.network)
    if int(np.prod(sizes)) != len(found):
        return False
    x = np.array([found[i] for i in range(len(found))], np.float32)
    return violates(instance.property.read_text(), x, network(x))


def _loaded(path: Path) -> tuple[tuple[int, ...], Loaded]:
    """The shape of the input of a network, and the network in onnxruntime."""
    import onnx

    from abduce.benchmarks.soundness.graphs import source_of

    try:
        content = path.read_bytes()
        _, sizes = source_of(onnx.load_from_string(content))
        return sizes, Loaded(content, sizes)
    except Exception as error:  # of protobuf and onnxruntime, whose classes are not public
        raise InputError("a file that is no ONNX network", ("an ONNX file",), path) from error


def judge_all(
    command: str,
    instances: Sequence[Listed],
    *,
    timeout_s: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Iterator[Judged]:
    """Run a verifier on instances, one after the other."""
    words = check_command(command)
    for number, instance in enumerate(instances, start=1):
        if progress:
            progress(f"{number} of {len(instances)}: {instance.name}")
        yield judge(words, instance, timeout_s)


@dataclass(frozen=True, slots=True)
class Kind:
    """The answers to the instances of a kind.

    Attributes:
        proved: those that it proved; each is wrong where a counterexample is planted.
        refuted: those that it refuted; the counterexample, where it gave one, holds.
        unfounded: those that it refuted with a counterexample that does not hold.
        names: the instances that it proved wrongly.
    """

    kind: str
    instances: int
    planted: bool
    proved: int
    refuted: int
    unfounded: int
    others: Mapping[str, int]
    names: Sequence[str]


def by_kind(judged: Sequence[Judged]) -> list[Kind]:
    """The answers by kind of instance, in the order of the instances."""
    kinds = dict.fromkeys((each.instance.kind, each.instance.planted) for each in judged)
    return [_kind(kind, planted, judged) for kind, planted in kinds]


def _kind(kind: str, planted: bool, judged: Sequence[Judged]) -> Kind:
    mine = [j for j in judged if (j.instance.kind, j.instance.planted) == (kind, planted)]
    refuted = [each for each in mine if each.said == "sat"]
    unfounded = sum(each.witness is False for each in refuted)
    said = Counter(each.said for each in mine if each.said not in ("sat", "unsat"))
    return Kind(
        kind,
        len(mine),
        planted,
        sum(each.said == "unsat" for each in mine),
        len(refuted) - unfounded,
        unfounded,
        dict(sorted(said.items())),
        [each.instance.name for each in mine if each.unsound],
    )


def verdict_of(kinds: Sequence[Kind]) -> Mapping[str, Any]:
    """The figures over all planted instances, as JSON values."""
    planted = [kind for kind in kinds if kind.planted]
    total = sum(kind.instances for kind in planted)
    refuted = sum(kind.refuted for kind in planted)
    traps = [kind for kind in planted if kind.kind != "needle"]
    return {
        "planted": total,
        "falsely verified": sum(kind.proved for kind in planted),
        "falsified": refuted,
        "falsified_share": refuted / total if total else None,
        "falsified_without_needles": sum(kind.refuted for kind in traps),
        "planted_without_needles": sum(kind.instances for kind in traps),
        "unfounded counterexamples": sum(kind.unfounded for kind in kinds),
        "names": [name for kind in planted for name in kind.names],
    }
