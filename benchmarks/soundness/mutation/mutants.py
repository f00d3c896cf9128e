"""Every place of the verifier's source at which an operator applies, and the changed source."""

import ast
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from abduce.benchmarks.soundness.mutation.operators import OPERATORS

SOURCES: Final[Sequence[str]] = (
    *("rounding", "verification", "specifications/specification", "specifications/cases"),
    *("specifications/vnnlib/reader", "specifications/vnnlib/reading"),
    *("specifications/vnnlib/exact", "specifications/vnnlib/scalars"),
    *("networks/evaluation", "networks/convolution", "networks/onnx/*"),
    *("networks/onnx/operators/*", "networks/functions/*"),
    *("networks/functions/gates/*", "networks/functions/pieces/*", "networks/functions/smooth/*"),
    *("bounds/query", "bounds/affine/*", "bounds/functions/*", "bounds/propagation/*"),
    *("branch/boxes", "branch/inputs", "branch/linear", "branch/refining", "branch/steps"),
    *("branch/trees", "branch/activations", "branch/carrying"),
)
"""The files that decide what is proved, below `verify/`: readers, bounds, rounding and search."""
NOT_OF_PROOFS: Final = ("messages", "effort", "__init__")
"""Files that decide no verdict: texts of errors, counted work, lists of names."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A slip at one place.

    Attributes:
        module: its full name; path: of its file below `verify/`.
        node: the place of the node among those of the tree, in the order of `ast.walk`.
    """

    module: str
    path: str
    operator: str
    node: int
    line: int

    @property
    def name(self) -> str:
        return f"{self.path}:{self.line} {self.operator} ({self.node})"


def files(root: Path) -> Iterator[Path]:
    """The files of `SOURCES`, in their order."""
    for pattern in SOURCES:
        for path in sorted(root.glob(f"{pattern}.py")):
            if path.stem not in NOT_OF_PROOFS:
                yield path


def mutants(root: Path) -> list[Mutant]:
    """All mutants of the verifier.

    Args:
        root: the folder `verify/`.
    """
    found = []
    for path in files(root):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        passive = _passive(tree)
        relative = path.relative_to(root)
        module = ".".join(("abduce", "verify", *relative.with_suffix("").parts))
        for n, node in enumerate(ast.walk(tree)):
            if id(node) in passive:
                continue
            found += [
                Mutant(module, relative.as_posix(), name, n, getattr(node, "lineno", 0))
                for name, change in OPERATORS.items()
                if change(node) is not None
            ]
    return found


def _passive(tree: ast.AST) -> set[int]:
    """Nodes that nothing runs: docstrings' strings, annotations, and texts of errors."""
    found: set[int] = set()
    for node in ast.walk(tree):
        parts: list[Any] = []
        if isinstance(node, ast.FunctionDef):
            parts = [node.returns, *(a.annotation for a in node.args.args)]
        elif isinstance(node, ast.AnnAssign):
            parts = [node.annotation]
        elif isinstance(node, ast.Raise):
            parts = [node.exc]
        for part in parts:
            if part is not None:
                found |= {id(each) for each in ast.walk(part)}
    return found


def drawn(root: Path, count: int, seed: int) -> list[Mutant]:
    """As many mutants by seed, without repetition; each operator and each file is as likely as
    there are places for it."""
    every = mutants(root)
    return random.Random(seed).sample(every, min(count, len(every)))


class _Replaced(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.old else self.generic_visit(node)


def source(mutant: Mutant, root: Path) -> str:
    """The changed source of its file."""
    tree = ast.parse((root / mutant.path).read_text(encoding="utf-8"))
    node = next(each for n, each in enumerate(ast.walk(tree)) if n == mutant.node)
    new = OPERATORS[mutant.operator](node)
    assert new is not None
    return ast.unparse(ast.fix_missing_locations(_Replaced(node, new).visit(tree)))
