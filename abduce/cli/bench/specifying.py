"""`bench specifications`: activation patterns, certificates, certified answers, and branching on
networks of other functions, one job after the other in this process."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from abduce.cli.bench.asked import (
    ANSWERS,
    CERTIFICATES,
    NONLINEAR,
    SOUNDNESS,
    SPECIFICATIONS,
    Asked,
)
from abduce.cli.bench.turns import bench_in_turn
from abduce.cli.terminal import print_json
from abduce.errors import InputError
from abduce.text import nearest

NAP: Final = "nap"


def bench_specifications(seed: int, asked: Asked) -> int:
    """Mines activation patterns of MNIST networks and proves claims about them; tries the verifier
    on instances with a known counterexample; writes and checks certificates; certifies answers to
    sentences of images; verifies networks of other functions. `--only` chooses one of these.

    Raises:
        InputError: `--only` with another name.
    """
    if asked.only not in (None, *PARTS):
        advice = nearest(asked.only, PARTS)
        raise InputError(f"--only {asked.only} with specifications", tuple(PARTS), advice=advice)
    told: list[Any] = []
    codes = [part(seed, asked, told) for name, part in PARTS.items() if asked.only in (None, name)]
    if asked.json_ and not asked.list_:
        print_json(told)
    return max(codes)


def _patterns(seed: int, asked: Asked, told: list[Any]) -> int:
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.specifications.nap import run_nap
    from abduce.benchmarks.specifications.nap_jobs import nap_jobs
    from abduce.benchmarks.specifications.table import specification_summary, target_lines

    places = folders(asked.data)
    return bench_in_turn(
        SPECIFICATIONS,
        nap_jobs(seed, asked.timeout_s),
        asked,
        run=lambda todo, records: run_nap(todo, records, places, progress=asked.progress),
        lines=target_lines,
        summary=specification_summary,
        told=told,
    )


def _soundness(seed: int, asked: Asked, told: list[Any]) -> int:
    from abduce.benchmarks.soundness.table import soundness_summary
    from abduce.benchmarks.specifications.soundness import (
        SoundnessJob,
        run_soundness,
        soundness_targets,
    )

    limit = {} if asked.timeout_s is None else {"timeout_s": asked.timeout_s}
    return bench_in_turn(
        SOUNDNESS,
        [SoundnessJob(seed=seed, **limit)],
        asked,
        run=lambda todo, records: run_soundness(todo, records, asked.progress),
        lines=lambda records: soundness_targets([*records]),
        summary=soundness_summary,
        told=told,
    )


def _certificates(seed: int, asked: Asked, told: list[Any]) -> int:
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.specifications.certificate_jobs import certificate_jobs
    from abduce.benchmarks.specifications.certificate_table import (
        certificate_lines,
        certificate_summary,
    )
    from abduce.benchmarks.specifications.certificates import run_certificates

    places = folders(asked.data)
    return bench_in_turn(
        CERTIFICATES,
        certificate_jobs(places, seed, asked.timeout_s),
        asked,
        run=lambda todo, records: run_certificates(todo, records, progress=asked.progress),
        lines=certificate_lines,
        summary=certificate_summary,
        told=told,
    )


def _answers(seed: int, asked: Asked, told: list[Any]) -> int:
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.specifications.answers import run_answers
    from abduce.benchmarks.specifications.answers_jobs import answers_jobs
    from abduce.benchmarks.specifications.answers_table import answers_summary, answers_targets

    places = folders(asked.data)
    return bench_in_turn(
        ANSWERS,
        answers_jobs(seed, asked.timeout_s),
        asked,
        run=lambda todo, records: run_answers(todo, records, places, progress=asked.progress),
        lines=answers_targets,
        summary=answers_summary,
        told=told,
    )


def _nonlinear(seed: int, asked: Asked, told: list[Any]) -> int:
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.specifications.nonlinear.jobs import nonlinear_jobs
    from abduce.benchmarks.specifications.nonlinear.run import run_nonlinear
    from abduce.benchmarks.specifications.nonlinear.table import (
        nonlinear_summary,
        nonlinear_targets,
    )

    places = folders(asked.data)
    return bench_in_turn(
        NONLINEAR,
        nonlinear_jobs(seed, asked.timeout_s),
        asked,
        run=lambda todo, records: run_nonlinear(todo, records, places, progress=asked.progress),
        lines=nonlinear_targets,
        summary=nonlinear_summary,
        told=told,
    )


PARTS: Final[Mapping[str, Callable[[int, Asked, list[Any]], int]]] = MappingProxyType(
    {
        NAP: _patterns,
        SOUNDNESS: _soundness,
        CERTIFICATES: _certificates,
        ANSWERS: _answers,
        NONLINEAR: _nonlinear,
    }
)
"""The values of `--only`."""
