"""Every field of the configuration is read: another value changes what is learned somewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from functools import cache
from typing import Any, Final

import numpy as np
import pytest

from abduce.configuration import configured, leaves
from abduce.errors import InputError
from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.config import CONFIG, LENGTHS, METHOD, Config, recorded
from abduce.neural.kernels.evidence import evidence
from abduce.neural.kernels.files import load
from abduce.neural.kernels.kernel import one_thread, train
from abduce.neural.kernels.places import SHIPPED
from abduce.verify.verdict import Proved

BRIEF: Final = configured(
    CONFIG,
    None,
    (
        "attempts=1",
        "stream.annealing.steps=30", "stream.examples=200",
        "mask.steps=20", "mask.lists=40",
        "program.steps=4", "program.lists=8",
        "rules.steps=4", "rules.graphs=8",
        "value_iteration.layer.steps=20", "value_iteration.samples.graphs=3",
        "shortest_path.layer.steps=20", "shortest_path.samples.graphs=3",
        "orientation.polynomial.steps=20", "orientation.examples=60",
        "in_circle.polynomial.steps=10", "in_circle.examples=60",
        "move.polynomial.steps=40", "move.examples=60",
        "pointer.steps=5", "pointer.batch=64", "pointer.smaller.points=5",
        "pointer.smaller.tours=8", "pointer.larger.points=6", "pointer.larger.tours=8",
        "group.steps=20", "s5.steps=3",
        "brackets.annealing.steps=20", "brackets.words=80",
        "permutation.networks=3", "permutation.width=16", "permutation.steps=3",
        "step.general=12", "step.boolean=2", "step.batch=2", "step.steps=9",
    ),
)  # fmt: skip
"""What is trained in moments; a change of a field is seen all the same."""
KERNELS: Final[Mapping[str, str]] = {
    "stream": "add",
    "mask": "mask",
    "program": "insertion-program",
    "rules": "dijkstra-rules",
    "value_iteration": "value-iteration",
    "shortest_path": "shortest-path",
    "orientation": "orientation",
    "in_circle": "in-circle",
    "move": "insertion",
    "pointer": "pointer",
    "group": "s3",
    "s5": "s5",
    "brackets": "brackets",
    "permutation": "permutation",
    "step": "lambda-step",
}
"""For each part of the configuration a kernel that it trains."""
OTHERS: Final[Mapping[str, Any]] = {
    "stream.bits": 7,
    "program.numbers.many": 1,
    "rules.weight": 1,
    "orientation.rounding.largest": 1,
    "orientation.rounding.moved": 0.4,
    "in_circle.rounding.largest": 1,
    "in_circle.rounding.moved": 0.4,
    "move.polynomial.cuts.third": 0.9,
    "step.general": 6,
    "step.grown": 1.0,
    "step.short": 10,
}
"""Other values, where half of the default or twice as much is none."""


def other(field: str) -> Any:
    """Another value of a field: half of it, or twice as much of a whole number."""
    value = leaves(BRIEF)[field]
    return OTHERS.get(field, 2 * value if isinstance(value, int) else value / 2)


STARTS: Final[Mapping[str, Sequence[str]]] = {
    "orientation.rounding.largest": (
        "orientation.polynomial.steps=1", "orientation.rounding.moved=0.4"
    ),
    "orientation.rounding.moved": ("orientation.polynomial.steps=1",),
    "in_circle.rounding.largest": ("in_circle.polynomial.steps=5", "in_circle.examples=30"),
    "in_circle.rounding.moved": ("in_circle.polynomial.steps=5", "in_circle.examples=30"),
}  # fmt: skip
"""What is changed before, where a field counts only for weights that are hardly trained."""


@cache
def outcome(name: str, config: Config) -> Sequence[Any]:
    """What is learned: examples, attempts, the verdict, the weights and the exact part."""
    one_thread()
    learned = train(TASKS[name], config)
    weights = {key: value.tolist() for key, value in learned.weights.items()}
    exact = {key: np.asarray(value).tolist() for key, value in learned.exact.arrays().items()}
    return learned.examples, learned.attempts, repr(learned.verdict), weights, exact


def test_every_kernel_is_trained_by_a_part() -> None:
    parts = {each.name for each in fields(CONFIG)} - {"attempts"}
    assert {task.part for task in TASKS.values()} == parts == KERNELS.keys()
    assert all(TASKS[name].part == part for part, name in KERNELS.items())


@pytest.mark.parametrize("field", [field for field in leaves(CONFIG) if field != "attempts"])
def test_another_value_of_a_field_changes_what_is_learned(field: str) -> None:
    name = KERNELS[field.partition(".")[0]]
    before = configured(BRIEF, None, STARTS.get(field, ()))
    after = configured(before, None, [f"{field}={other(field)}"])
    assert after != before
    assert outcome(name, after) != outcome(name, before)


def test_the_upper_limit_on_attempts_is_kept() -> None:
    hard = configured(BRIEF, None, ["stream.annealing.steps=1"])
    for attempts in (1, 3):
        learned = train(TASKS["add"], replace(hard, attempts=attempts))
        assert not isinstance(learned.verdict, Proved)
        assert learned.attempts == attempts


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("stream.bits=5", r"stream\.seen = 64, expected from 1 to 32"),
        ("rules.most_degree=0.1", r"rules\.most_degree = 0\.1, expected 0\.5 or more"),
        ("shortest_path.samples.most_states=9", "shortest_path.samples.most_states = 9"),
        ("move.longest=3", "move.longest = 3, expected 4 or more"),
        ("pointer.larger.points=2", "pointer.larger.points = 2, expected 3 or more"),
        ("step.short=2", "step.short = 2, expected 3 or more"),
        ("shortest_path.samples.graphs=1", "do not determine"),
    ],
)
def test_a_configuration_that_nothing_can_be_trained_by_is_refused(setting: str, told: str) -> None:
    config = configured(BRIEF, None, [setting])
    with pytest.raises(InputError, match=told):
        train(TASKS[KERNELS[setting.partition(".")[0]]], config)


def test_a_record_holds_the_parts_that_were_read_and_the_method() -> None:
    assert recorded(CONFIG, ()) == {"method": METHOD}
    found = recorded(CONFIG, ("stream", "mask", "stream"))
    assert found == {
        "method": METHOD, "attempts": 20, "stream": asdict(CONFIG.stream),
        "mask": asdict(CONFIG.mask),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["add", "mask", "pointer", "s3"])
def test_sizes_of_a_network_are_lengths_of_its_weights(name: str) -> None:
    learned = load(TASKS[name], SHIPPED)
    lengths = {length for weights in learned.weights.values() for length in weights.shape}
    sizes = [getattr(learned.config, size) for size in LENGTHS if hasattr(learned.config, size)]
    assert sizes
    assert lengths >= set(sizes)
    wrong = {size: 1 + max(lengths) for size in LENGTHS if hasattr(learned.config, size)}
    found = evidence(TASKS[name], replace(learned, config=replace(learned.config, **wrong)))
    assert found.learned is False
