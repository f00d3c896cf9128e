"""The protocol: retrained until proved, kept whole, proved again when read."""

import json
from collections.abc import Sized
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from abduce import clock
from abduce.errors import ChecksumError, InputError
from abduce.neural.kernels.config import Config, MaskConfig
from abduce.neural.kernels.files import load, missing, save
from abduce.neural.kernels.kernel import KernelTask, Progress, soft_part, told, train
from abduce.symbolic.programs.table import Table, TableSpecification
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Proved, Refuted, Unknown, Verdict

AND = TableSpecification("a and b", (2, 2), lambda a, b: a & b)


class Toy(torch.nn.Module):
    """Four logits; it learns nothing when its seed is odd."""

    def __init__(self, config: MaskConfig, seed: int) -> None:
        super().__init__()
        self.config, self.seed = config, seed
        self.logits = torch.nn.Parameter(torch.zeros(2, 2))

    def fit(
        self, examples: Any, *, deadline: float | None = None, progress: Progress | None = None
    ) -> None:
        with torch.no_grad():
            for a, b, value in examples:
                self.logits[a, b] = value - 0.5 if self.seed % 2 == 0 else -1.0

    def discretise(self) -> Table:
        return Table((self.logits.detach() > 0).long().numpy())

    def prove(self, specification: TableSpecification, *, deadline: float | None = None) -> Verdict:
        return prove(self.discretise(), specification, deadline=deadline)


def examples(*_: object) -> Sized:
    return [(a, b, a & b) for a in (0, 1) for b in (0, 1)]


TASK = KernelTask(
    name="toy",
    about="and",
    learned_from="all four cases",
    part="mask",
    specification=AND,
    exact=Table.from_arrays,
    examples=examples,
    module=Toy,
)


def test_training_goes_on_until_there_is_a_proof() -> None:
    parities = np.random.SeedSequence(3).generate_state(20) % 2
    learned = train(TASK, seed=3)
    assert learned.proved
    assert learned.attempts == int(np.argmin(parities)) + 1
    assert learned(1, 1) == 1
    assert "proved: a and b (enumeration of all cases, 4 cases)" in told(learned)


def test_training_gives_up_after_so_many_attempts_and_says_why() -> None:
    never = replace(TASK, module=lambda config, seed: Toy(config, 2 * seed + 1))
    learned = train(never, Config(attempts=3))
    assert isinstance(learned.verdict, Refuted)
    assert learned.attempts == 3
    assert not learned.proved
    assert "not proved" in told(learned)
    late = train(never, deadline=clock.wall_s() - 1)
    assert isinstance(late.verdict, Unknown)
    assert late.attempts == 1


def test_what_is_kept_is_what_was_learned(tmp_path: Path) -> None:
    learned = train(TASK, seed=1)
    assert missing([TASK], tmp_path) == ["toy"]
    save(learned, tmp_path)
    assert missing([TASK], tmp_path) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["toy.json", "toy.safetensors"]
    again = load(TASK, tmp_path)
    assert again.verdict == learned.verdict
    for name in ("seed", "attempts", "examples", "parameters", "cpu_s"):
        assert getattr(again, name) == getattr(learned, name)
    soft = soft_part(TASK, again)
    assert isinstance(soft.prove(AND), Proved)


def test_a_kept_proof_is_not_believed(tmp_path: Path) -> None:
    learned = replace(train(TASK), exact=Table(np.zeros((2, 2), int)))
    save(learned, tmp_path)
    assert json.loads((tmp_path / "toy.json").read_text())["verdict"] == "proved"
    assert isinstance(load(TASK, tmp_path).verdict, Refuted)


def test_damaged_files_are_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="abduce train"):
        load(TASK, tmp_path)
    tensors, described = save(train(TASK), tmp_path)
    whole, text = tensors.read_bytes(), described.read_text()
    tensors.write_bytes(whole[:-1])
    with pytest.raises(ChecksumError):
        load(TASK, tmp_path)
    tensors.unlink()
    with pytest.raises(InputError, match="no such file"):
        load(TASK, tmp_path)
    tensors.write_bytes(whole)
    for damaged in ("", "[]", text.replace("toy", "other"), text.replace("sha256", "sha")):
        described.write_text(damaged)
        with pytest.raises(InputError):
            load(TASK, tmp_path)
