"""Examples: arguments, the value wanted, and how much an example counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from abduce.errors import InputError
from abduce.symbolic.programs.typed.primitives import INTEGER, SORTS, Sort, Value
from abduce.symbolic.programs.typed.typing import Signature

LARGEST = 2**31 - 1
"""The upper limit on the numbers of examples and of the values that search looks at."""


@dataclass(frozen=True, slots=True)
class Example:
    """An input and the output wanted; lists are encoded by an ``Alphabet``.

    Attributes:
        weight: how much the example counts where some may be wrong, such as a number of votes.
    """

    arguments: tuple[Value, ...]
    value: Value
    weight: float = 1.0


def check(examples: Sequence[Example], signature: Signature) -> None:
    """Whether examples are of a type.

    Raises:
        InputError: there are none, one has other arguments than the type says, a number is out of
            range or a weight is not above 0.

    >>> check([Example((1, 2), 3)], Signature(("integer", "integer"), "integer"))
    """
    if not examples:
        raise InputError("no examples", ("at least one",))
    for sort in (*signature.arguments, signature.result):
        if sort not in SORTS:
            raise InputError(f"the sort {sort!r}", tuple(SORTS))
    for number, example in enumerate(examples, 1):
        if len(example.arguments) != len(signature.arguments):
            found = f"{len(example.arguments)} argument(s) in example {number}"
            raise InputError(found, (f"{len(signature.arguments)}, as the type says",))
        sorts = (*signature.arguments, signature.result)
        for value, sort in zip((*example.arguments, example.value), sorts, strict=True):
            _check_value(value, sort, number)
        if not 0 < example.weight < float("inf"):
            raise InputError(f"the weight {example.weight} of example {number}", ("above 0",))


def _check_value(value: Value, sort: Sort, number: int) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole != (sort == INTEGER):
        raise InputError(f"{value!r:.80} in example {number}", (SORTS[sort],))
    if isinstance(value, int) and not 0 <= value <= LARGEST:
        raise InputError(f"{value} in example {number}", (f"a number from 0 to {LARGEST}",))


def merged(examples: Sequence[Example]) -> list[Example]:
    """Examples with equal inputs and outputs as one, with the sum of their weights."""
    weights: dict[tuple[tuple[Value, ...], Value], float] = {}
    for example in examples:
        key = (example.arguments, example.value)
        weights[key] = weights.get(key, 0.0) + example.weight
    return [Example(*key, weight) for key, weight in weights.items()]


def size(example: Example) -> int:
    """The largest number, or the greatest length of a list, in an example."""
    values = (*example.arguments, example.value)
    return max([v if isinstance(v, int) else len(v) for v in values])


def spread(examples: Sequence[Example], count: int, small: int) -> list[int]:
    """The indices of examples to search on: `small` ones, and others of all magnitudes.

    As far as possible, the small ones have different outputs other than 0 and the empty list, and
    no less weight than the median example. The indices come in the order in which they are chosen.
    """
    middle = sorted([example.weight for example in examples])[len(examples) // 2]
    order = sorted(
        range(len(examples)),
        key=lambda i: (examples[i].weight < middle, size(examples[i]), i),
    )
    chosen: list[int] = []
    seen: set[Value] = {0, ""}
    for i in order:
        if len(chosen) < small and examples[i].value not in seen:
            seen.add(examples[i].value)
            chosen.append(i)
    chosen += [i for i in order if i not in chosen][: small - len(chosen)]
    rest = [i for i in order if i not in set(chosen)]
    missing = min(count - len(chosen), len(rest))
    if missing > 0:
        chosen += [rest[(2 * k + 1) * len(rest) // (2 * missing)] for k in range(missing)]
    return chosen
