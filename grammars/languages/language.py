"""A language: a grammar with its surface text and its standard algebra."""

from dataclasses import dataclass
from typing import Any

from abduce.grammars.folding import Algebra, run
from abduce.grammars.grammar import Grammar
from abduce.grammars.parsing import parse


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A grammar (which carries the surface text) and what its trees mean."""

    name: str
    grammar: Grammar
    algebra: Algebra

    def value(self, text: str) -> Any:
        """The meaning of a sentence: parsed, then run in the standard algebra."""
        return run(parse(self.grammar, text), self.algebra)
