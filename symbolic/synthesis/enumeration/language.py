"""The language that is searched: a table of primitives as a grammar, with prices.

A sort of the grammar is a *place*: the sort of a value, and the sorts of the states that it may
see, the innermost first. So steps of iterations are trees of a place of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from abduce.grammars import Grammar, Rule
from abduce.symbolic.programs.typed.primitives import SORTS, Sort, Table
from abduce.symbolic.programs.typed.terms import Prices, Term, bits
from abduce.symbolic.programs.typed.typing import Signature

Place = tuple[Sort, tuple[Sort, ...]]


@dataclass(frozen=True, slots=True)
class ProgramLanguage:
    """A grammar of programs.

    Attributes:
        grammar: over places; it starts at the result's.
        costs: bits of each rule by its name, rounded to whole ones and at least 1.
        leaves: the terms of the rules without arguments, by name.
        binders: the rules of which one argument is a step, with its index.
    """

    grammar: Grammar
    costs: Mapping[str, int]
    leaves: Mapping[str, Term]
    binders: Mapping[str, int]

    def cost(self, rule: Rule) -> int:
        return self.costs[rule.name]


def language(
    signature: Signature,
    table: Table,
    prices: Prices,
    constants: Sequence[tuple[Sort, Term]] = (),
) -> ProgramLanguage:
    """The language of all programs of a type over a table.

    Args:
        constants: terms that are leaves beside the arguments, with their sorts.

    >>> from abduce.symbolic.programs.typed.primitives import INTEGER, PRIMITIVES
    >>> from abduce.symbolic.synthesis.budget import ProgramPrices
    >>> found = language(Signature((INTEGER,), INTEGER), PRIMITIVES, ProgramPrices())
    >>> [rule.name for rule in found.grammar.rules((INTEGER, ()))]
    ['variable 0', 'zero', 'increment', 'decrement', 'if_zero', 'iterate']
    """
    arguments = [(sort, ("variable", i)) for i, sort in enumerate(signature.arguments)]
    named = {(sort, _name(term)): term for sort, term in (*arguments, *constants)}
    leaves = {name: term for (_, name), term in named.items()}
    costs = {name: _cost(bits(term, prices, table)) for name, term in leaves.items()}
    leaves |= {f"state {k}": ("state", k) for k in range(8)}
    costs |= {f"state {k}": _cost(getattr(prices, "state", 2.0)) for k in range(8)}
    for name, primitive in table.items():
        costs[name] = _cost(getattr(prices, primitive.weight))
        if not primitive.arguments and name not in leaves:
            leaves[name] = (name,)
    used = _reachable(signature, table)

    def rules(place: Any) -> list[Rule]:
        sort, states = place
        found = [Rule(place, name) for at, name in named if at == sort]
        found += [Rule(place, f"state {k}") for k, state in enumerate(states) if state == sort]
        for name, primitive in table.items():
            own = primitive.result
            if (own in SORTS and own != sort) or name in {rule.name for rule in found}:
                continue
            sorts = [a if a in SORTS else sort for a in primitive.arguments]
            if not used.issuperset(sorts) or (name == "self"):
                continue
            inner = (sort, *states)
            args = [(s, inner if at == primitive.binder else states) for at, s in enumerate(sorts)]
            found.append(Rule(place, name, tuple(args), tuple(range(len(args)))))
        return found

    binders = {name: p.binder for name, p in table.items() if p.binder is not None}
    return ProgramLanguage(Grammar(rules, (signature.result, ())), costs, leaves, binders)


def _name(term: Term) -> str:
    return " ".join([str(part) if not isinstance(part, tuple) else _name(part) for part in term])


def _cost(price: float) -> int:
    return max(1, round(price))


def _reachable(signature: Signature, table: Table) -> set[Sort]:
    """The sorts that values can have: those of the arguments, of the result, and of what can be
    made of these."""
    used = {signature.result, *signature.arguments}
    before = 0
    while before != len(used):
        before = len(used)
        used |= {
            primitive.result
            for primitive in table.values()
            if primitive.result in SORTS
            and primitive.arguments
            and used.issuperset([a for a in primitive.arguments if a in SORTS])
        }
    return used
