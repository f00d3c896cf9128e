"""No tables without a proof come to the machine of lambda terms, from wherever they are."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.neural.kernels.config import CONFIG
from abduce.neural.kernels.files import save
from abduce.neural.kernels.jobs import compiled_kernels, kernels_at
from abduce.neural.kernels.kernel import LearnedKernel
from abduce.neural.kernels.terms.reducing import proved_reducer
from abduce.symbolic.lambda_calculus import normal_form, parse
from abduce.symbolic.lambda_calculus.reduction.outcomes import NormalForm
from abduce.symbolic.machines.terms.indices import KERNELS
from abduce.symbolic.machines.terms.machine import STEP
from abduce.symbolic.programs.definitions.beta import BETA
from abduce.symbolic.programs.step_tables import ENTRIES, Case, cases
from abduce.verify.discrete.proving import prove

MET = [case for case in cases() if BETA.rule(case) is not None]


@given(st.data())
def test_tables_run_where_they_are_proved_and_only_there(data: st.DataObject) -> None:
    case: Case = data.draw(st.sampled_from(MET))
    value = data.draw(st.integers(0, ENTRIES[case[0]] - 1))
    kernels = compiled_kernels((*KERNELS, STEP))
    kernels[STEP] = kernels[STEP].changed(case, value)
    if value != BETA.rule(case):
        with pytest.raises(ValueError, match="tables without a proof"):
            proved_reducer(kernels)
        return
    term = parse("(\\x. x x) ((\\y. y) z)")
    expected = normal_form(term)
    assert isinstance(expected, NormalForm)
    assert proved_reducer(kernels)(term).term == expected.term


def test_kept_tables_that_are_refuted_are_not_read_for_the_machine(tmp_path: Path) -> None:
    wrong = compiled_kernels((STEP,))[STEP].changed(("pasted", (2,)), 0)
    numbers = {
        "seed": 0,
        "attempts": 1,
        "examples": 0,
        "parameters": 0,
        "cpu_s": 0.0,
        "config": CONFIG.step,
    }
    verdict = prove(wrong, BETA)
    save(LearnedKernel(name=STEP, exact=wrong, verdict=verdict, **numbers), tmp_path)
    with pytest.raises(InputError, match=f"a kernel {STEP} without a proof"):
        kernels_at("L2", (STEP,), tmp_path)
