"""Which categories the symbols of rows may have: every relabelled row must have a derivation.

Whether a sentence has one depends on the categories of its words alone, not on how tightly they
bind. A *role* is a category, with the partner where there is one; every partner is a role of its
own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, Category
from abduce.symbolic.nsr.identifying.rows import Readings, Row, Rows, Watch, Words


@dataclass(frozen=True, slots=True)
class Role:
    """What a symbol combines with.

    Attributes:
        partner: what it waits for, where its category has a partner.
        name: the symbol itself, if it is a partner; else empty.
    """

    category: Category
    partner: str = ""
    name: str = ""


def roles_of(readings: Readings) -> dict[Role, Words]:
    """The symbols of each role.

    >>> from abduce.symbolic.nsr.deduction.syntax import NULLARY, PARTNER, Reading, Sign
    >>> opening = Reading.of(Sign(Category.CIRCUMFIX, partner=")"), lambda x: x)
    >>> found = roles_of({"(": opening, ")": Reading.of(PARTNER, 0), "1": Reading.of(NULLARY, 1)})
    >>> [(role.category.name, *symbols) for role, symbols in found.items()]
    [('CIRCUMFIX', '('), ('PARTNER', ')'), ('NULLARY', '1')]
    """
    found: dict[Role, list[str]] = {}
    for word, reading in readings.items():
        if word == JUXTAPOSITION:
            continue
        closed = reading.category in (Category.MIXFIX, Category.CIRCUMFIX)
        name = word if reading.category is Category.PARTNER else ""
        role = Role(reading.category, reading.partner if closed else "", name)
        found.setdefault(role, []).append(word)
    return {role: tuple(words) for role, words in found.items()}


def goes_on(roles: Sequence[Role], juxtaposed: bool, *, whole: bool) -> bool:
    """Whether a sentence can begin with these roles, or be made of them.

    Args:
        juxtaposed: whether phrases may stand side by side.
        whole: whether the sentence ends here.

    >>> one, plus = Role(Category.NULLARY), Role(Category.INFIX)
    >>> [goes_on(roles, False, whole=True) for roles in ([one, plus], [one, plus, one])]
    [False, True]
    >>> goes_on([one, plus], False, whole=False), goes_on([one, one], False, whole=False)
    (True, False)
    """
    awaited: list[Role] = []
    wants = True
    for role in roles:
        match role.category:
            case Category.POSTFIX | Category.INFIX:
                if wants:
                    return False
                wants = role.category is Category.INFIX
            case Category.PARTNER:
                if wants or not awaited or awaited[-1].partner != role.name:
                    return False
                wants = awaited.pop().category is Category.MIXFIX
            case _:
                if not (wants or juxtaposed):
                    return False
                wants = role.category is not Category.NULLARY
                if role.partner:
                    awaited.append(role)
    return not whole or not (wants or awaited)


def casts(rows: Rows, apart: bool, watch: Watch) -> Iterator[dict[str, Role]]:
    """Every choice of roles for the symbols of the rows with which each row has a derivation.

    Args:
        apart: whether a role is given to at most as many symbols as have it in the lexicon.

    Raises:
        OutOfTime: the deadline passed.
    """
    roles = roles_of(rows.readings)
    room = {role: len(words) for role, words in roles.items()}
    juxtaposed = JUXTAPOSITION in rows.readings
    order = tuple(dict.fromkeys([symbol for row in rows.rows for symbol in row.symbols]))
    chosen: dict[str, Role] = {}
    untried = [iter(roles)]
    while untried:
        symbol = order[len(untried) - 1] if len(untried) <= len(order) else None
        if symbol is None:
            yield dict(chosen)
            untried.pop()
            continue
        if symbol in chosen:
            room[chosen.pop(symbol)] += 1
        role = next(untried[-1], None)
        if role is None:
            untried.pop()
            continue
        if apart and not room[role]:
            continue
        chosen[symbol] = role
        room[role] -= 1
        if all(_fits(row, chosen, juxtaposed, watch) for row in rows.of[symbol]):
            untried.append(iter(roles))


def _fits(row: Row, chosen: Mapping[str, Role], juxtaposed: bool, watch: Watch) -> bool:
    """Whether the row may have a derivation: looks up to the first symbol without a role."""
    watch.count()
    known: list[Role] = []
    for word in row.words:
        role = chosen.get(word)
        if role is None:
            return goes_on(known, juxtaposed, whole=False)
        known.append(role)
    return goes_on(known, juxtaposed, whole=True)
