"""One term, reduced by another package, in its own Python: `PYTHON lambda_peer.py PACKAGE`.

Reads a prefix code as JSON from stdin and prints one JSON object: what became of it ('code', or
'error'), the CPU seconds that the reduction took, and the package's version. It is run as a
file, imports nothing of Abduce, and knows the packages by their PyPI names. Terms are built from
and taken apart into their own classes, so that no parser or printer is measured.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import Any

Tree = Any
View = tuple[str, Any] | tuple[str, Any, Any]
"""('variable', name), ('abstraction', name, body) or ('application', function, argument)."""
Peer = tuple[Callable[[list[int]], Tree], Callable[[Tree], Tree], Callable[[Tree], View]]
"""Three functions: to make a term from a code, to reduce it, and to view its root."""


def built(
    codes: list[int],
    variable: Callable[[str], Tree],
    abstraction: Callable[[str, Tree], Tree],
    application: Callable[[Tree, Tree], Tree],
) -> Tree:
    """A term, from the leaves up; every binder has a name of its own."""
    depths = [0]
    around: list[str] = []
    name_at: list[str] = []
    for position, code in enumerate(codes):
        depth = depths.pop()
        del around[depth:]
        name_at.append("")
        if code == 0:
            depths += (depth, depth)
        elif code == 1:
            depths.append(depth + 1)
            around.append(f"v{position}")
            name_at[-1] = around[-1]
        else:
            name_at[-1] = around[depth - 1 - (code - 2)] if code > 0 else f"free{~code}"
    made: list[Tree] = []
    for code, name in zip(reversed(codes), reversed(name_at), strict=True):
        if code == 0:
            function, argument = made.pop(), made.pop()
            made.append(application(function, argument))
        else:
            made.append(abstraction(name, made.pop()) if code == 1 else variable(name))
    return made.pop()


def coded(tree: Tree, view: Callable[[Tree], View]) -> list[int]:
    """The code of a term; a free variable that is not one of the input's is code -1000."""
    codes: list[int] = []
    scope: dict[Any, list[int]] = {}
    around: list[Any] = []
    todo: list[tuple[Tree, int]] = [(tree, 0)]
    while todo:
        tree, depth = todo.pop()
        while len(around) > depth:
            scope[around.pop()].pop()
        match view(tree):
            case ("application", function, argument):
                codes.append(0)
                todo += ((argument, depth), (function, depth))
            case ("abstraction", name, body):
                codes.append(1)
                scope.setdefault(name, []).append(depth)
                around.append(name)
                todo.append((body, depth + 1))
            case (_, name):
                levels = scope.get(name)
                free = str(name)[4:] if str(name).startswith("free") else "999"
                codes.append(1 + depth - levels[-1] if levels else ~int(free))
    return codes


def lambda_calculus() -> Peer:
    terms = import_module("lambda_calculus.terms")
    visitor = import_module("lambda_calculus.visitors.normalisation").BetaNormalisingVisitor()

    def view(tree: Tree) -> View:
        match type(tree).__name__:
            case "Variable":
                return "variable", tree.name
            case "Abstraction":
                return "abstraction", tree.bound, tree.body
            case _:
                return "application", tree.abstraction, tree.argument

    return (
        lambda codes: built(codes, terms.Variable, terms.Abstraction, terms.Application),
        visitor.skip_intermediate,
        view,
    )


def lc() -> Peer:
    package = import_module("lc")

    def reduce(tree: Tree) -> Tree:
        for after in package.recursive_reduction(tree):
            tree = after
        return tree

    def view(tree: Tree) -> View:
        match type(tree).__name__:
            case "Variable":
                return "variable", tree.id if tree.bound else tree.name
            case "Abstraction":
                return "abstraction", tree.var.id, tree.term
            case _:
                return "application", tree.m, tree.n

    def abstraction(name: str, body: Tree) -> Tree:
        return package.Abstraction(package.Variable(name), body)

    return (
        lambda codes: built(codes, package.Variable, abstraction, package.Application),
        reduce,
        view,
    )


def lamb_engine() -> Peer:
    nodes = import_module("lamb_engine.nodes")
    bound: dict[str, Any] = {}

    class Runner:
        """The methods that the package's nodes need from the program around them."""

        bound_variable_counter = 0

    runner = Runner()

    def variable(name: str) -> Tree:
        if name.startswith("free"):
            return nodes.FreeVar(name, runner=runner)
        if name not in bound:
            bound[name] = nodes.Bound(name, runner=runner)
        return bound[name].copy()

    def abstraction(name: str, body: Tree) -> Tree:
        return nodes.Func(variable(name), body, runner=runner)

    def application(function: Tree, argument: Tree) -> Tree:
        return nodes.Call(function, argument, runner=runner)

    def reduce(root: Tree) -> Tree:
        while True:
            kind, root = nodes.reduce(root)
            if kind == nodes.ReductionType.NOTHING:
                return root

    def view(tree: Tree) -> View:
        match type(tree).__name__:
            case "Root":
                return view(tree.left)
            case "Bound":
                return "variable", tree.identifier
            case "Func":
                return "abstraction", tree.input.identifier, tree.left
            case "Call":
                return "application", tree.left, tree.right
            case _:
                return "variable", tree.name

    def build(codes: list[int]) -> Tree:
        return nodes.Root(built(codes, variable, abstraction, application), runner=runner)

    return build, reduce, view


def lambda_interpreter() -> Peer:
    package = import_module("interpreter")

    def reduce(tree: Tree) -> Tree:
        tree.normal_evaluation()
        return tree.check_state()

    def view(tree: Tree) -> View:
        match type(tree).__name__:
            case "Variable":
                return "variable", tree.var
            case "Lambda":
                first, *others = tree.arguments
                body = package.Lambda(others, tree.body) if others else tree.body
                return "abstraction", first, body
            case _:
                *function, argument = tree.element_list
                if not function:
                    return view(argument)
                inner = package.Expression(function) if len(function) > 1 else function[0]
                return "application", inner, argument

    return (
        lambda codes: built(
            codes,
            package.Variable,
            lambda name, body: package.Lambda([name], body),
            lambda function, argument: package.Expression([function, argument]),
        ),
        reduce,
        view,
    )


PEERS: dict[str, Callable[[], Peer]] = {
    "lambda-calculus": lambda_calculus,
    "lamb-engine": lamb_engine,
    "lc": lc,
    "lambda-interpreter": lambda_interpreter,
}


def main() -> None:
    codes: list[int] = json.load(sys.stdin)
    found: dict[str, Any] = {}
    try:
        build, reduce, view = PEERS[sys.argv[1]]()
        found["version"] = version(sys.argv[1])
        tree = build(codes)
        start = time.thread_time()
        tree = reduce(tree)
        found["s"] = time.thread_time() - start
        found["code"] = coded(tree, view)
    except ImportError as error:
        found["missing"] = str(error)
    except Exception as error:  # whatever another package may raise is its result here
        found["error"] = type(error).__name__
    sys.stdout.write(json.dumps(found))  # noqa: TID251


if __name__ == "__main__":
    main()
