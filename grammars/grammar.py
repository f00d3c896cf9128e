"""The grammar object: sorts, weighted rules, trees as plain tuples.

A *sort* is any hashable value. A *rule* builds a tree of its head sort from trees of its argument
sorts. A *grammar* is a function from a sort to its rules, together with a start sort. The rules of
a sort are made when it is first asked for and then kept, so a grammar over infinitely many sorts
costs only what is used of it.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from abduce.errors import InputError, UnsupportedError

Sort = Hashable
Tree = tuple[Any, ...]
"""`(name, *children)`, every child a tree again; a leaf is `(name,)`."""

Derived = TypeVar("Derived")


@dataclass(frozen=True, slots=True)
class Rule:
    """`head -> text`, under a name; `args` are the sorts of the children, in their order.

    Args:
        text: the surface template: a string is one token, an integer i is the hole for child i.
            Every child has exactly one hole; the order of the holes is free.
        weight: at least 0; the probability of a rule is its share of the weights of its head.
    """

    head: Sort
    name: str
    args: tuple[Sort, ...] = ()
    text: tuple[str | int, ...] = ()
    weight: float = 1.0

    def __post_init__(self) -> None:
        holes = sorted(part for part in self.text if isinstance(part, int))
        if holes != list(range(len(self.args))):
            raise InputError(
                f"the holes {holes} in rule {self.name!r} of sort {self.head!r}",
                (f"each of the {len(self.args)} arguments exactly once",),
            )
        if "" in self.text:
            raise InputError(f"an empty token in rule {self.name!r} of sort {self.head!r}")
        if not 0 <= self.weight < float("inf"):
            raise InputError(
                f"the weight {self.weight} of rule {self.name!r} of sort {self.head!r}",
                ("a finite number, at least 0",),
            )


@dataclass(frozen=True, eq=False)
class Grammar:
    """A start sort and, for every sort, its weighted rules.

    Args:
        expand: the rules of a sort; called once a sort.
        separator: what stands between two tokens in a text: `" "` or nothing.

    >>> succ = Rule("nat", "succ", ("nat",), ("s", 0))
    >>> nat = Grammar.of([Rule("nat", "zero", (), ("z",)), succ], "nat")
    >>> [rule.name for rule in nat.rules("nat")]
    ['zero', 'succ']
    """

    expand: Callable[[Sort], Iterable[Rule]]
    start: Sort
    separator: str = " "
    _rules: dict[Sort, tuple[Rule, ...]] = field(default_factory=dict, init=False, repr=False)
    _derived: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, rules: Iterable[Rule], start: Sort, separator: str = " ") -> "Grammar":
        """The context-free grammar that is this table of rules.

        Raises:
            InputError: a sort without rules, two rules of one name, or sorts from which no tree
                can be finished.
        """
        table: dict[Sort, list[Rule]] = {}
        for rule in rules:
            table.setdefault(rule.head, []).append(rule)
        for rule in (rule for rules_ in table.values() for rule in rules_):
            for sort in rule.args:
                if sort not in table:
                    raise InputError(
                        f"the sort {sort!r} in rule {rule.name!r} of sort {rule.head!r}",
                        tuple(repr(known) for known in table),
                        advice="Every sort that a rule uses needs rules of its own.",
                    )
        grammar = cls(lambda sort: table.get(sort, ()), start, separator)
        productive = least_depths(grammar, tuple(table))
        if barren := [repr(sort) for sort in table if sort not in productive]:
            raise InputError(
                f"no finite tree of sort {', '.join(barren)}",
                advice="Give each of these sorts a rule that does not lead back to them.",
            )
        return grammar

    def rules(self, sort: Sort) -> tuple[Rule, ...]:
        """The rules of a sort, in their fixed order."""
        try:
            return self._rules[sort]
        except KeyError:
            rules = tuple(self.expand(sort))
            self._check(sort, rules)
            return self._rules.setdefault(sort, rules)

    def rule(self, sort: Sort, name: Any) -> Rule:
        """The rule of this name; an InputError that lists the names of the sort where there is
        none."""
        found = self.derived(_named).get((sort, name))
        if found is None:
            for rule in self.rules(sort):
                self.derived(_named)[sort, rule.name] = rule
                if rule.name == name:
                    found = rule
        if found is None:
            names = tuple(repr(rule.name) for rule in self.rules(sort))
            raise InputError(f"{name!r} in a tree of sort {sort!r}", few(names))
        return found

    def derived(self, make: Callable[["Grammar"], Derived]) -> Derived:
        """`make(self)`, made once: where views keep their tables."""
        if make not in self._derived:
            self._derived[make] = make(self)
        return self._derived[make]

    def _check(self, sort: Sort, rules: tuple[Rule, ...]) -> None:
        if not rules:
            raise InputError(f"the sort {sort!r}, which has no rules")
        if strangers := [rule.name for rule in rules if rule.head != sort]:
            raise InputError(f"rules {strangers} of another head among those of sort {sort!r}")
        counts = Counter(rule.name for rule in rules)
        if twice := [name for name, count in counts.items() if count > 1]:
            raise InputError(
                f"two rules named {', '.join(map(repr, twice))} of sort {sort!r}",
                advice="Rules of one sort are told apart by their names.",
            )


def sorts(grammar: Grammar, limit: int = 20_000) -> tuple[Sort, ...]:
    """Every sort that the start sort leads to, in order of discovery.

    Raises:
        UnsupportedError: there are more than `limit`, perhaps infinitely many.
    """
    found: dict[Sort, None] = {grammar.start: None}
    queue = [grammar.start]
    for sort in queue:
        for rule in grammar.rules(sort):
            new = [arg for arg in dict.fromkeys(rule.args) if arg not in found]
            found.update(dict.fromkeys(new))
            queue += new
        if len(queue) > limit:
            raise UnsupportedError(
                "a table over all sorts of the grammar", (f"more than {limit} sorts",)
            )
    return tuple(queue)


def least_depths(grammar: Grammar, among: tuple[Sort, ...]) -> dict[Sort, int]:
    """The depth of the shallowest tree of each sort, rules of weight 0 included; a leaf has depth
    1.

    Sorts without a finite tree over the sorts `among` are missing.
    """
    depths: dict[Sort, int] = {}
    waiting = [rule for sort in among for rule in grammar.rules(sort)]
    depth = 0
    while waiting:
        depth += 1
        done = {
            r.head for r in waiting if r.head not in depths and all(a in depths for a in r.args)
        }
        if not done:
            break
        depths.update(dict.fromkeys(done, depth))
        waiting = [rule for rule in waiting if rule.head not in depths]
    return depths


def _named(_: Grammar) -> dict[tuple[Sort, Any], Rule]:
    return {}


def few(names: tuple[str, ...], most: int = 12) -> tuple[str, ...]:
    return names if len(names) <= most else (*names[:most], f"… ({len(names) - most} more)")
