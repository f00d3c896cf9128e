"""Operators change what they say, in the source that they are given, and the audit sees it."""

import ast
from pathlib import Path

import pytest

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
pytest.importorskip("mpmath", reason="mpmath is not installed")

from abduce.benchmarks.soundness.mutation.mutants import Mutant, drawn, mutants, source
from abduce.benchmarks.soundness.mutation.operators import OPERATORS

ROOT = Path(__file__).parents[3] / "verify"
CHANGES = {
    "rounding dropped": ("low - error * 2", "low"),
    "ends exchanged": ("np.minimum(a, b)", "np.maximum(a, b)"),
    "sign turned": ("-(a)", "a"),
    "condition turned": ("np.where(c, a, b)", "np.where(c, b, a)"),
    "attribute ignored": ("site.number('alpha', 0.01)", "0.01"),
    "cast left out": ("x.astype(int)", "x"),
    "comparison turned": ("a < b", "a >= b"),
    "axis moved": ("x.sum(axis=-1)", "x.sum(axis=0)"),
    "factor dropped": ("a * b", "a"),
    "branch lost": ("[f(x) for x in xs]", "[f(x) for x in list(xs)[1:]]"),
}


@pytest.mark.parametrize("operator", CHANGES)
def test_an_operator_makes_its_slip(operator: str, tmp_path: Path) -> None:
    before, after = CHANGES[operator]
    (tmp_path / "m.py").write_text(before)
    change = OPERATORS[operator]
    places = [n for n, node in enumerate(ast.walk(ast.parse(before))) if change(node) is not None]
    made = {source(Mutant("m", "m.py", operator, n, 1), tmp_path) for n in places}
    assert after in made


def test_every_mutant_is_a_program_that_differs() -> None:
    for mutant in drawn(ROOT, 60, 0):
        text = source(mutant, ROOT)
        compile(text, mutant.path, "exec")
        assert text != ast.unparse(ast.parse((ROOT / mutant.path).read_text()))


def test_every_operator_has_places_and_no_two_mutants_are_one() -> None:
    every = mutants(ROOT)
    assert {mutant.operator for mutant in every} == set(OPERATORS)
    assert len({(m.path, m.operator, m.node) for m in every}) == len(every)
    assert drawn(ROOT, 10, 3) == drawn(ROOT, 10, 3) != drawn(ROOT, 10, 4)


PLANTED = """
import sys
from pathlib import Path
from abduce.benchmarks.soundness.mutation.material import material
from abduce.benchmarks.soundness.mutation.mutants import mutants
from abduce.benchmarks.soundness.mutation.running import baseline, judged

folder, root = Path(sys.argv[1]), Path(sys.argv[2])
made = material(folder)
refused = baseline(made)
mutant = next(
    m
    for m in mutants(root)
    if m.path == "networks/onnx/operators/activations.py" and m.operator == "attribute ignored"
)
found = judged(mutant, root, made, refused)
print(mutant.name, found.told)
assert found.caught and found.unsound
"""


@pytest.mark.slow
def test_the_verifier_passes_the_audit_and_a_planted_fault_does_not(tmp_path: Path) -> None:
    import subprocess
    import sys

    ended = subprocess.run(
        [sys.executable, "-c", PLANTED, str(tmp_path), str(ROOT)], capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
