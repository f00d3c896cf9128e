"""One verb proves every object, and only against what can be asked of it."""

from typing import get_args

import pytest

from abduce.neural.kernels.catalogue import TASKS
from abduce.symbolic.programs.compiling import Exact, Specification, compiled
from abduce.verify.discrete.proving import PROOFS, prove
from abduce.verify.verdict import Proved


def test_every_object_and_every_specification_has_one_proof() -> None:
    assert set(PROOFS) == set(get_args(Exact))
    assert {asked for asked, _ in PROOFS.values()} == set(get_args(Specification))
    assert len({proof for _, proof in PROOFS.values()}) == len(PROOFS)


@pytest.mark.parametrize("name", TASKS)
def test_what_is_compiled_from_a_definition_is_proved_to_be_it(name: str) -> None:
    """So what runs at level L0 needs no proof of its own."""
    specification = TASKS[name].specification
    assert isinstance(prove(compiled(specification), specification), Proved)


@pytest.mark.parametrize("name", TASKS)
def test_an_object_is_not_proved_against_what_is_said_of_another(name: str) -> None:
    exact = compiled(TASKS[name].specification)
    others = [
        task.specification
        for task in TASKS.values()
        if type(task.specification) is not type(TASKS[name].specification)
    ]
    assert others
    for other in others:
        with pytest.raises(TypeError, match=f"{type(exact).__name__} is proved against"):
            prove(exact, other)
