"""Modules that are asked what machines are: one that knows the truth is right in every entry."""

import random
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.neural.modules.catalogue import MODULES
from abduce.neural.modules.config import PointerNetworkConfig
from abduce.neural.modules.convergent.processes import worth
from abduce.neural.modules.execution_engine.examples import BITS, PRODUCT_BITS, SUM_BITS
from abduce.neural.modules.execution_engine.numbers import from_bits, infinity, to_bits
from abduce.neural.modules.jobs import MODULE_JOBS, execute
from abduce.neural.modules.pointer_network import answers, beam
from abduce.neural.modules.state_tracking.groups import cyclic, permuting
from abduce.neural.modules.transformer.tokens import END, NUMBERS, PAD, WORDS, encoded
from abduce.symbolic.lambda_calculus import NormalForm, from_tokens, normal_form, parse
from abduce.symbolic.lambda_calculus.reduction.steps import contract, redex
from abduce.symbolic.lambda_calculus.terms.sampling import drawing

Mask = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


class Knowing(torch.nn.Module):
    """Has a device, as a network has, and answers by a function on arrays."""

    def __init__(self, told: Callable[..., Any], **attributes: Any) -> None:
        super().__init__()
        self.none = torch.nn.Parameter(torch.zeros(1))
        self.told = told
        for name, value in attributes.items():
            setattr(self, name, value)

    def forward(self, *inputs: torch.Tensor) -> Any:
        return self.told(*(part.numpy() for part in inputs))


NAMING = Knowing(lambda: None, config=PointerNetworkConfig(names=16))


def hiding(visible: torch.Tensor, pointer: torch.Tensor) -> torch.Tensor:
    return visible & ~pointer


def following(visible: torch.Tensor, pointer: torch.Tensor) -> torch.Tensor:
    after = visible & ~pointer
    after[:, 1:] |= pointer[:, :-1]
    return after


def engine(
    step: Callable[[np.ndarray, np.ndarray], np.ndarray], bits: int, masked: Mask = hiding
) -> Knowing:
    """Writes what a function says of numbers and mask, and points at the first such entry."""

    def told(sent: np.ndarray, visible: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        numbers = from_bits(sent)
        value = step(numbers, visible)
        scores = (numbers == value[:, None]) & visible
        return torch.from_numpy(to_bits(value, bits) - 0.5), torch.from_numpy(scores * 1.0)

    return Knowing(told, bits=bits, masked=masked)


def least(numbers: np.ndarray, visible: np.ndarray) -> np.ndarray:
    return np.where(visible, numbers, infinity(BITS) + 1).min(1)


SELECT = engine(least, BITS)
MERGE = engine(least, BITS, following)
ADD = engine(lambda numbers, _: np.minimum(numbers.sum(1), infinity(SUM_BITS)), SUM_BITS)
MULTIPLY = engine(lambda numbers, _: numbers.prod(1), PRODUCT_BITS)
ENGINES: Mapping[str, Any] = {
    f"execution-engine-{name}": module
    for name, module in {"select": SELECT, "merge": MERGE, "add": ADD, "multiply": MULTIPLY}.items()
}


def tracker(table: np.ndarray) -> Knowing:
    def told(tokens: np.ndarray) -> torch.Tensor:
        state, states = 0, []
        for token in tokens[0]:
            state = int(table[state, token])
            states.append(state)
        return torch.from_numpy(np.eye(len(table))[states][None])

    return Knowing(told)


def stepping(wrong: int = 0) -> Knowing:
    """Writes the next term, but for the last tokens, so many of them."""

    def told(before: np.ndarray, after: np.ndarray) -> torch.Tensor:
        read = [WORDS[number] for number in before[0] if number not in (PAD, END)]
        term = from_tokens(read)
        position = redex(term.codes, "normal")
        assert position is not None
        (row,) = encoded([contract(term, position)])
        row[len(row) - 1 - wrong : len(row) - 1] = NUMBERS["c"]
        return torch.from_numpy(np.eye(len(WORDS))[row[: after.shape[1]]][None])

    return Knowing(told)


@settings(max_examples=10)
@given(st.integers(0, 999))
def test_a_transformer_that_knows_comes_to_the_normal_form(seed: int) -> None:
    term = drawing("open-bool", 3, 50, random.Random(seed))()
    found = execute("lambda", "transformer", str(term), {"any": stepping()})
    expected = normal_form(term)
    assert isinstance(expected, NormalForm)
    assert parse(found.value["result"]) == expected.term
    assert found.right in (found.entries, None)
    assert found.size == term.size


def test_a_transformer_that_errs_is_told_where() -> None:
    found = execute("lambda", "transformer", r"(\x y. y x) a b", {"any": stepping(wrong=1)})
    assert (found.right, found.entries, found.value["result"]) == (0, 2, "c c")
    assert found.remarks[0] == "step 1 is wrong; right is @ l @ 0 a b"
    assert found.remarks[-1] == "the normal form of the exact machine is b a, and not that"


def test_a_transformer_that_does_not_end_is_stopped() -> None:
    found = execute("lambda", "transformer", r"(\x. x x) (\x. x x)", {"any": stepping()}, fuel=3)
    assert (found.right, found.entries, found.value["result"]) == (3, 3, None)
    assert found.remarks[-1] == "no normal form after 3 steps"


def test_every_module_can_be_asked() -> None:
    assert {task.task for task in MODULES} == {*MODULE_JOBS}
    assert all(job.task == name for name, job in MODULE_JOBS.items())


@settings(max_examples=15)
@given(st.lists(st.integers(0, 255), min_size=1, max_size=12))
def test_an_engine_that_knows_sorts(values: list[int]) -> None:
    for method in ("execution-engine", "execution-engine-merge"):
        name = "merge" if method.endswith("merge") else "select"
        models = {f"execution-engine-{name}": ENGINES[f"execution-engine-{name}"]}
        found = execute("sort", method, " ".join(map(str, values)), models)
        assert found.right == found.entries == found.size == len(values)
        assert found.value == [str(value) for value in sorted(values)]
        assert found.remarks == ()


@settings(max_examples=15)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_an_engine_that_knows_calculates(values: list[int]) -> None:
    text = " ".join(map(str, values))
    for task, expected in (("add", sum(values)), ("multiply", int(np.prod(values)))):
        found = execute(task, "execution-engine", text, ENGINES)
        assert (found.value, found.right, found.entries) == (str(expected), 1, 1)


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 30)), min_size=1, max_size=15
    ),
    st.booleans(),
)
def test_an_engine_that_knows_searches(edges: list[tuple[int, int, int]], directed: bool) -> None:
    text = "\n".join(f"{u} {v} {w}" for u, v, w in edges)
    source = str(edges[-1][0])
    for task in ("dijkstra", "prim") if not directed else ("dijkstra",):
        found = execute(task, "execution-engine", text, ENGINES, source=source, directed=directed)
        assert found.right == found.entries == found.size
        names = {str(node) for edge in edges for node in edge[:2]}
        assert [row["node"] for row in found.value] == sorted(names)


@settings(max_examples=10)
@given(st.data())
def test_a_tracker_that_knows_is_right_after_every_letter(data: st.DataObject) -> None:
    words = st.lists(st.integers(0, 4), min_size=1, max_size=20)
    digits = data.draw(words)
    asked = {
        ("parity", "deltanet"): (cyclic(2), " ".join(str(d % 2) for d in digits)),
        ("mod-5", "deltanet-positive"): (cyclic(5), " ".join(map(str, digits))),
    }
    for things in (3, 4, 5):
        letters = data.draw(st.lists(st.permutations("12345"[:things]), min_size=1, max_size=20))
        text = " ".join("".join(letter) for letter in letters)
        asked[f"s{things}", "deltanet" if things == 4 else "deltaproduct"] = (
            permuting(things),
            text,
        )
    for (task, method), (table, text) in asked.items():
        found = execute(task, method, text, {"any": tracker(table)})
        assert found.right == found.entries == found.size == len(text.split())
        wrong = execute(task, method, text, {"any": tracker((table + 1) % len(table))})
        assert wrong.right is not None
        assert wrong.right < wrong.entries


@pytest.mark.parametrize("seed", range(3))
def test_a_network_that_points_at_what_is_true_is_right(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a square of another side, at another place: what is true does not change."""
    points = np.random.default_rng(seed).integers(-900, 900, (9, 2)) / 10
    text = "\n".join(f"{x} {y}" for x, y in points)
    true = {
        "hull": answers.hull,
        "delaunay": answers.delaunay,
        "tsp": lambda one: answers.tours(one[None])[0].tolist(),
    }
    for task, method in (("hull", "attention"), ("delaunay", "pointer-network"),
                         ("tsp", "pointer-network")):  # fmt: skip

        def pointed(*sent: Any, task: str = task) -> list[list[int]]:
            assert 0 <= sent[1].min() <= sent[1].max() <= 1
            return [true[task](sent[1][0].numpy().astype(float))]

        monkeypatch.setattr(beam, "beam_search", pointed)
        found = execute(
            task,
            method,
            text,
            {"any": NAMING},
        )
        assert found.right == found.entries
        assert (found.size, found.error or 0.0) == (9, pytest.approx(0.0, abs=1e-9))


PROCESS = "discount 0.9\na go b 1 0.5\na stay a 1 0.1\nb back a 1 1\nc on b 1 0\n"


def test_a_solver_that_knows_does_what_is_best() -> None:
    """States with fewer actions have them repeated, which changes no value."""

    def solved(following: np.ndarray, rewards: np.ndarray) -> torch.Tensor:
        values = np.zeros(following.shape[:2])
        for _ in range(300):
            values = worth(following, rewards, values).max(2)
        return torch.from_numpy(values)

    found = execute("value-iteration", "convergent", PROCESS, {"any": Knowing(solved)})
    assert (found.right, found.entries) == (3, 3)
    assert found.error == pytest.approx(0.0, abs=1e-6)
    assert [row["action"] for row in found.value["states"]] == ["go", "back", "on"]
    lazy = Knowing(lambda following, _: torch.zeros(following.shape[:2]))
    found = execute("value-iteration", "convergent", PROCESS, {"any": lazy})
    assert found.error is not None
    assert found.error > 0.5


@pytest.mark.parametrize(
    ("task", "method", "text", "told"),
    [
        ("sort", "execution-engine", "3 256", "256, expected a whole number from 0 to 255, of 8"),
        ("sort", "execution-engine", "3 -1", "'-1', expected a whole number, 0 or more"),
        ("sort", "execution-engine", "3 x", "<text>:1:3: found 'x', expected a number"),
        ("sort", "execution-engine", "", "no numbers"),
        ("sort", "execution-engine", "1 " * 1001, "1,001 numbers, expected at most 1,000"),
        ("add", "execution-engine", "4095 1", "a result of 4096, expected at most 4095"),
        ("multiply", "execution-engine", "200 100", "a result of 20000, expected at most 16383"),
        ("dijkstra", "execution-engine", "a b 0.5", "the weight 0.5, expected a whole number"),
        ("dijkstra", "execution-engine", "a b -1", "the weight -1, expected a whole number"),
        ("dijkstra", "execution-engine", "a b 200\nb c 99", "a distance of 299, expected a whole"),
        ("prim", "execution-engine", "a b", "2 words"),
        ("parity", "deltanet", "0 2", "<text>:1:3: found '2', expected one of 0 or 1"),
        ("s3", "deltaproduct", "", "no letters, expected one letter or more"),
        ("hull", "pointer-network", "0 0", "1 point, expected 3 or more"),
        ("hull", "attention", "\n".join(f"{n} {n * n}" for n in range(17)), "17 points, expected"),
        ("delaunay", "pointer-network", "0 1\n" * 61, "61 points, expected at most 60"),
        ("value-iteration", "convergent", PROCESS.replace("0.9", "0.5"), "the discount 0.5"),
        (
            "value-iteration",
            "convergent",
            "discount 0.9\na x a 0.5 0\na x b 0.5 0",
            "2 outcomes of 'x' in 'a', expected one outcome of an action",
        ),
    ],
)
def test_what_a_module_cannot_take_is_refused(task: str, method: str, text: str, told: str) -> None:
    models = ENGINES if method == "execution-engine" else {"any": NAMING}
    with pytest.raises(InputError) as caught:
        execute(task, method, text, models)
    assert told in str(caught.value)
