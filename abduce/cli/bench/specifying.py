"""`bench specifications`: activation patterns and certificates, one job after the other in this
process."""

from typing import Final

from abduce.cli.bench.asked import CERTIFICATES, SPECIFICATIONS, Asked
from abduce.cli.bench.turns import bench_in_turn
from abduce.errors import InputError

NAP: Final = "nap"
PARTS: Final = (NAP, CERTIFICATES)
"""The values of `--only`."""


def bench_specifications(seed: int, asked: Asked) -> int:
    """Mines activation patterns of MNIST networks and proves claims about them; writes and checks
    certificates.

    Raises:
        InputError: `--only` with another name.
    """
    if asked.only not in (None, *PARTS):
        raise InputError(f"--only {asked.only} with specifications", PARTS)
    chosen = PARTS if asked.only is None else (asked.only,)
    code = _patterns(seed, asked) if NAP in chosen else 0
    return max(code, _certificates(seed, asked)) if CERTIFICATES in chosen else code


def _patterns(seed: int, asked: Asked) -> int:
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
    )


def _certificates(seed: int, asked: Asked) -> int:
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
    )
