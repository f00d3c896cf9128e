"""Recursion with the examples as oracle: steps between examples of which one extends the other.

If the list of one example is that of another with one item more at its end, and all else is equal,
the second output is the value of the recursive call. The step between the two is a goal for the
table of lambda bodies, and the recursion is a `fold`. The same holds for an item more at the front,
which is a fold over the reversed list, and for a number that is 1 greater, which is an `iterate`.

Source: Albarghouthi, Gulwani and Kincaid 2013 (ESCHER: a recursive call looks up the examples).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from abduce.symbolic.synthesis.functional.enumerating.lambdas import Point
from abduce.symbolic.synthesis.functional.examples import FunctionalExample
from abduce.symbolic.synthesis.functional.terms import Term, constant
from abduce.symbolic.synthesis.functional.types import INT, FunctionOf, ListOf, Signature, Type

LEAST_STEPS: Final = 2
"""The number of different steps that a recursion is looked for from."""


@dataclass(frozen=True, slots=True)
class Recursion:
    """A recursion on one argument.

    Attributes:
        name: `fold` or `iterate`.
        function: the type of the step.
        steps: what the step must give at which points.
        base: the value where nothing is left.
        reversed: whether items come from the end.
    """

    name: str
    argument: int
    function: FunctionOf
    steps: Mapping[Point, Any]
    base: Any
    result: Type
    reversed: bool

    def term(self, step: Term) -> Term:
        """The program with a step."""
        over: Term = ("argument", self.argument)
        base = constant(self.result, self.base)
        if self.name == "iterate":
            return ("iterate", step, over, base)
        return ("fold", step, base, ("reverse", over) if self.reversed else over)


def recursions(examples: Sequence[FunctionalExample], type: Signature) -> list[Recursion]:
    """The recursions that examples have steps of, with a base among the examples.

    >>> from abduce.symbolic.synthesis.functional.types import read_signature
    >>> lists = [(), (5,), (5, 2), (5, 2, 7)]
    >>> examples = [FunctionalExample((xs,), sum(xs)) for xs in lists]
    >>> [found] = recursions(examples, read_signature("[int] -> int"))
    >>> [(point.values, value) for point, value in found.steps.items()]
    [((0, 5), 5), ((5, 2), 7), ((7, 7), 14)]
    """
    found: list[Recursion] = []
    outputs = {example.arguments: example.value for example in examples}
    for at, each in enumerate(type.arguments):
        if isinstance(each, ListOf):
            for backwards in (False, True):
                one = _fold(examples, outputs, type, at, each.item, backwards)
                found += [] if one is None else [one]
        elif each == INT:
            one = _iterate(examples, outputs, type, at)
            found += [] if one is None else [one]
    return found


def _fold(
    examples: Sequence[FunctionalExample],
    outputs: Mapping[tuple, Any],
    type: Signature,
    at: int,
    item: Type,
    backwards: bool,
) -> Recursion | None:
    steps: dict[Point, Any] = {}
    bases: list[Any] = []
    for number, example in enumerate(examples):
        xs = example.arguments[at]
        if not xs:
            bases.append(example.value)
            continue
        first, rest = (xs[0], xs[1:]) if backwards else (xs[-1], xs[:-1])
        before = (*example.arguments[:at], rest, *example.arguments[at + 1 :])
        if before in outputs:
            steps[Point(number, (outputs[before], first))] = example.value
    function = FunctionOf((type.result, item), type.result)
    return _checked("fold", at, function, steps, bases, type.result, backwards)


def _iterate(
    examples: Sequence[FunctionalExample], outputs: Mapping[tuple, Any], type: Signature, at: int
) -> Recursion | None:
    steps: dict[Point, Any] = {}
    bases: list[Any] = []
    for number, example in enumerate(examples):
        n = example.arguments[at]
        if n == 0:
            bases.append(example.value)
        before = (*example.arguments[:at], n - 1, *example.arguments[at + 1 :])
        if n > 0 and before in outputs:
            steps[Point(number, (outputs[before],))] = example.value
    function = FunctionOf((type.result,), type.result)
    return _checked("iterate", at, function, steps, bases, type.result, False)


def _checked(
    name: str,
    at: int,
    function: FunctionOf,
    steps: Mapping[Point, Any],
    bases: Sequence[Any],
    result: Type,
    backwards: bool,
) -> Recursion | None:
    if len(steps) < LEAST_STEPS or not bases or any(base != bases[0] for base in bases):
        return None
    return Recursion(name, at, function, steps, bases[0], result, backwards)
