"""Test sets of the reducer: sizes and splits; the machine is right on the small ones."""

from itertools import islice

import pytest

from abduce.benchmarks.execution.job import execution_jobs
from abduce.benchmarks.execution.lambda_tests import cases, lambda_sizes, reduced
from abduce.neural.kernels.jobs import compiled_kernels
from abduce.symbolic.lambda_calculus.terms.sampling import FAMILIES
from abduce.symbolic.lambda_calculus.terms.splits import split_of
from abduce.symbolic.machines.terms.indices import KERNELS
from abduce.symbolic.machines.terms.machine import STEP, LambdaReducer


@pytest.mark.parametrize("family", FAMILIES)
def test_the_machine_is_right_on_short_and_on_longer_terms(family: str) -> None:
    machine = LambdaReducer(compiled_kernels((*KERNELS, STEP)))
    for size in lambda_sizes(family):
        if size.tokens > 1000:
            continue
        for term, expected in islice(cases(size.task, family, size.tokens, 0), 5):
            assert reduced(machine, size.task, term)[0] == expected
            if size.tokens == 50:
                assert term.size <= 50
                assert split_of(term) == "test"
            else:
                assert 700 < term.size < 1300


def test_families_are_jobs_and_so_is_the_baseline() -> None:
    assert [job.name for job in execution_jobs("^lambda closed", 1)] == [
        f"lambda closed-bool {level}" for level in ("L0", "L1", "L2")
    ]
    assert "lambda transformer module" in {job.name for job in execution_jobs("transformer")}
