"""Programs: terms that type. What does not is refused when it is built."""

from dataclasses import dataclass, field

from abduce.errors import InputError
from abduce.symbolic.programs.typed.primitives import PRIMITIVES, Table
from abduce.symbolic.programs.typed.terms import Prices, Term, bits, show
from abduce.symbolic.programs.typed.typing import Misfit, Signature, infer


@dataclass(frozen=True, slots=True)
class Program:
    """A term with a number of arguments over a table of primitives, with its signature.

    Raises:
        InputError: the term is none over the table, or does not type; says where, and which two
            sorts do not agree.

    >>> twice = Program(("append", ("variable", 0), ("variable", 0)), 1)
    >>> print(twice, twice.signature)
    x x Signature(arguments=('list',), result='list')
    >>> Program(("head", ("zero",)), 0)
    Traceback (most recent call last):
    abduce.errors.InputError: found a number, 0, at [1] of the program head(0), expected a list
    """

    term: Term
    arity: int
    table: Table = field(default_factory=lambda: PRIMITIVES, compare=False, repr=False)
    signature: Signature = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        try:
            found = infer(self.term, self.arity, self.table)
        except Misfit as misfit:
            raise _refused(self.term, misfit) from misfit
        object.__setattr__(self, "signature", found)

    def __str__(self) -> str:
        return show(self.term)

    def bits(self, prices: Prices) -> float:
        """Its description length; see ``terms.bits``."""
        return bits(self.term, prices, self.table)


def _refused(term: Term, misfit: Misfit) -> InputError:
    place = "".join([f"[{index}]" for index in misfit.path]) or "the whole"
    if not misfit.sort:
        return InputError(f"{misfit.part!r:.80} at {place} of a program", (misfit.expected,))
    shown = f"{misfit.sort}, {show(misfit.part):.80}, at {place} of the program {show(term):.200}"
    return InputError(shown, (misfit.expected,))
