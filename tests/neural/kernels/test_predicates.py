"""Predicates learned from signs of small points, and proved."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.config import CONFIG
from abduce.neural.kernels.files import load, save
from abduce.neural.kernels.kernel import soft_part, train
from abduce.neural.kernels.plane.polynomial import PolynomialKernel, monomials
from abduce.neural.kernels.plane.signs import Labels, signs, turn
from abduce.symbolic.programs.compiling import compiled
from abduce.symbolic.programs.definitions.geometry import ORIENTATION
from abduce.symbolic.programs.polynomials import Polynomial
from abduce.verify.verdict import Refuted


@pytest.mark.parametrize(
    ("name", "point"),
    [("orientation", (0, 1, 10**40, 1, -3, 2)), ("in-circle", (0, 0, 2, 0, 2, 2, 1, 1))],
)
def test_a_predicate_is_learned_from_signs_and_proved(
    name: str, point: tuple[int, ...], tmp_path: Path
) -> None:
    torch.set_num_threads(1)
    learned = train(TASKS[name], seed=2)
    assert learned.proved
    assert learned.examples <= 1000
    save(learned, tmp_path)
    again = load(TASKS[name], tmp_path)
    assert again.proved
    assert again(*point) > 0
    exact = soft_part(TASKS[name], again).discretise()
    assert isinstance(exact, Polynomial)
    assert exact(*point) == again(*point)


@pytest.mark.parametrize("name", ["orientation", "in-circle"])
def test_labels_are_the_signs_of_the_determinant(name: str) -> None:
    examples = TASKS[name].examples(getattr(CONFIG, TASKS[name].part), np.random.default_rng(4))
    right = compiled(TASKS[name].specification)
    assert isinstance(right, Polynomial)
    assert isinstance(examples, Labels)
    found = np.sign(right.values(examples.points.T))
    assert found.tolist() == examples.values.tolist()
    assert set(examples.values.tolist()) == {-1, 0, 1}
    assert np.abs(examples.points).max() == 2


def test_too_few_labels_are_refuted_and_not_believed() -> None:
    torch.set_num_threads(1)
    config = replace(CONFIG.orientation, examples=10)
    brief = replace(config.polynomial, steps=20)
    kernel = PolynomialKernel(brief, 6, 2, 0, rounding=config.rounding)
    kernel.fit(signs(turn, 3, config, np.random.default_rng(0)))
    verdict = kernel.prove(ORIENTATION)
    assert isinstance(verdict, Refuted)
    assert len(verdict.x) == 6


def test_monomials_are_all_there_are() -> None:
    rows = monomials(3, 4)
    assert len({tuple(row) for row in rows.tolist()}) == len(rows) == math.comb(7, 3)
    assert rows.sum(1).max() == 4
