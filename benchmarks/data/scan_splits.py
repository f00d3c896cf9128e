"""SCAN's splits: made from the language, row for row as published, or read.

The simple, size, length, add-primitive, template and filler splits all follow from the command
language and two facts about how the files were made, both found by reproducing them: `tasks.txt` is
the iteration order of a Python 2.7 dictionary whose keys are the commands, and all other orders
come from one `random.seed(0)`. So `split` needs no data and equals every official file of its names
in every row and in their order. MCD1-3 come from a search by others and are read
(`official_split`); their rows are SCAN's, their choice is not a function of the language.

Source: Lake and Baroni 2018 (simple, size, length, add-primitive); Loula et al. 2018, Rearranging
the familiar (templates, fillers); Keysers et al. 2020 (MCD).
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from random import Random

from abduce.errors import InputError
from abduce.grammars.folding import run
from abduce.grammars.grammar import Grammar
from abduce.grammars.languages import scan
from abduce.grammars.parsing import parse

Row = tuple[str, str]
"""A command and its actions, words separated by one blank."""

Split = tuple[list[Row], list[Row]]
"""Training rows and test rows."""

SIZES = (1, 2, 4, 8, 16, 32, 64)
VERBS = ("walk", "look", "run", "jump")
FILLERS = ("look", "walk", "run")
"""The verbs that `filler_num1` to `filler_num3` show with "around right": one, two and three of
them."""

GENERATED = (
    "simple",
    *(f"size_p{percent}" for percent in SIZES),
    "length",
    "addprim_jump",
    "addprim_turn_left",
    *(
        f"template_{name}"
        for name in ("around_right", "jump_around_right", "opposite_right", "right")
    ),
    *(f"filler_num{number}" for number in range(len(FILLERS) + 1)),
)
READ = ("mcd1", "mcd2", "mcd3")
LONGEST_TRAINED = 22


def split(name: str) -> Split:
    """A split as (training rows, test rows), in the order of the official files.

    Raises:
        InputError: no split of this name is a function of the language.

    >>> train, test = split("length")
    >>> len(train), len(test), train[1]
    (16990, 3920, ('jump', 'I_JUMP'))
    """
    kind, _, detail = name.partition("_")
    if name not in GENERATED:
        raise InputError(f"the split {name!r}", GENERATED, advice="MCD splits are read from data.")
    if kind in ("simple", "size"):
        percent = int(detail.removeprefix("p")) if detail else 80
        mixed = shuffled(tasks(), Random(0))
        cut = len(mixed) * percent // 100
        return mixed[:cut], mixed[cut:]
    if kind == "length":
        by_length = sorted(shuffled(tasks(), Random(0)), key=_length)  # stable: ties stay shuffled
        return _divide(by_length, lambda row: _length(row) > LONGEST_TRAINED)
    if kind == "addprim":
        return _add_primitive(detail.replace("_", " "))
    if kind == "filler":
        return _hold_out("around right", FILLERS[: int(detail.removeprefix("num"))], ("jump",))
    if detail == "jump_around_right":
        return _hold_out("around right", FILLERS, ("jump",))
    return _hold_out(detail.replace("_", " "), (), VERBS)


def official_split(name: str, read: Callable[[str], str]) -> Split:
    """A split as its official files have it: those of `split`, and mcd1 to mcd3.

    Args:
        read: the text of an official file, by its path in the SCAN repository (MCD in
            `mcd_split/`).

    >>> official_split("mcd1", lambda path: f"IN: jump OUT: I_JUMP\\n# {path}"[:21])
    ([('jump', 'I_JUMP')], [('jump', 'I_JUMP')])
    """
    kind, _, detail = name.partition("_")
    if name in READ:
        path = f"mcd_split/tasks_{{}}_{name}.txt"
    elif kind == "size":
        path = f"simple_split/size_variations/tasks_{{}}_simple_{detail}.txt"
    elif name in GENERATED:
        path = f"{kind.replace('addprim', 'add_prim')}_split/tasks_{{}}_{name}.txt"
    else:
        raise InputError(f"the split {name!r}", (*GENERATED, *READ))
    train, test = (path.format(part) for part in ("train", "test"))
    return rows_of(read(train), train), rows_of(read(test), test)


def rows_of(text: str, path: str | None = None) -> list[Row]:
    """The rows of a file of lines `IN: command OUT: actions`; empty lines are passed over.

    Raises:
        InputError: another line, with its number.

    >>> rows_of("IN: jump twice OUT: I_JUMP I_JUMP")
    [('jump twice', 'I_JUMP I_JUMP')]
    """
    rows: list[Row] = []
    for number, line in enumerate(text.splitlines(), 1):
        command, out, actions = line.strip().partition(" OUT:")
        if line.strip() and not (out and command.startswith("IN:")):
            raise InputError("another line", ("IN: command OUT: actions",), path, number, 1, line)
        if line.strip():
            rows.append((command[3:].strip(), actions.strip()))
    return rows


@cache
def tasks() -> tuple[Row, ...]:
    """All 20,910 commands with their actions, in the order of `tasks.txt`.

    >>> tasks()[0][0]
    'walk opposite right thrice after run opposite right'
    """
    language = scan.language()
    phrases = _phrases(language.grammar)
    meaning = {p: run(parse(language.grammar, p), language.algebra) for p in phrases}
    commands = {p: meaning[p] for p in phrases}
    for conjunction in ("and", "after"):
        join = language.algebra[conjunction]
        for first in phrases:
            for second in phrases:
                actions = join(meaning[first], meaning[second])
                commands[f"{first} {conjunction} {second}"] = actions
    order = dictionary_order([(command,) for command in commands])
    return tuple((command, " ".join(commands[command])) for command in order)


def dictionary_order(steps: Iterable[Iterable[str]]) -> list[str]:
    """The order of a 64-bit Python 2.7 dict that begins empty and is updated step by step.

    A step of one key is an insertion, which grows the table fourfold when two thirds are in use; a
    longer step is `dict.update`, which first makes the table large enough for both, doubled.

    >>> dictionary_order([["walk"], ["look"], ["run"], ["jump"]])
    ['jump', 'run', 'look', 'walk']

    Source: CPython 2.7, Objects/dictobject.c (lookdict_string, dictresize, PyDict_Merge),
    Objects/stringobject.c.
    """
    table: list[tuple[int, str] | None] = [None] * 8
    used = 0
    for step in steps:
        keys = list(step)
        if len(keys) > 1 and 3 * (used + len(keys)) >= 2 * len(table):
            table = _resized(table, 2 * (used + len(keys)))
        for key in keys:
            _insert(table, (_string_hash(key), key))
            used += 1
            if 3 * used >= 2 * len(table):
                table = _resized(table, 4 * used)
    return [entry[1] for entry in table if entry]


def shuffled(rows: Iterable[Row], rng: Random) -> list[Row]:
    """The rows as Python 2.7's `random.shuffle` leaves them; Python 3 draws differently.

    >>> shuffled([("a", ""), ("b", ""), ("c", "")], Random(0))
    [('a', ''), ('b', ''), ('c', '')]

    Source: Durstenfeld 1964, Algorithm 235.
    """
    mixed = list(rows)
    for last in range(len(mixed) - 1, 0, -1):
        other = int(rng.random() * (last + 1))
        mixed[last], mixed[other] = mixed[other], mixed[last]
    return mixed


def _phrases(grammar: Grammar) -> list[str]:
    """The 102 commands without a conjunction, in the order in which the files join them.

    Each kind of action is a dictionary of its own, merged with `update`; their copy is updated with
    the same actions twice, then thrice. Some other orders of the merge come to the same; which was
    the authors' is not known.
    """
    verbs = [rule.name for rule in grammar.rules("VERB")]
    directions = [rule.name for rule in grammar.rules("DIRECTION")]

    def turned(modifier: str) -> list[str]:
        every = [f"{v} {modifier}{d}" for v in (*verbs, "turn") for d in directions]
        return dictionary_order([key] for key in every)

    plain = dictionary_order([verb] for verb in verbs)
    merged = dictionary_order([plain, turned("opposite "), turned(""), turned("around ")])
    actions = dictionary_order([merged])  # a copy: its table has another size
    repeated = [
        dictionary_order([f"{action} {times}"] for action in actions)
        for times in ("twice", "thrice")
    ]
    return dictionary_order([actions, *repeated])


def _add_primitive(primitive: str) -> Split:
    """Train without the primitive, except alone, where it makes up a tenth of the rows."""
    rng = Random(0)
    mixed = shuffled(tasks(), rng)
    alone = next(row for row in mixed if row[0] == primitive)
    rest, test = _divide(
        [row for row in mixed if row != alone], lambda row: f" {primitive} " in f" {row[0]} "
    )
    return shuffled([*rest, *[alone] * (len(rest) // 9)], rng), test


def _hold_out(template: str, shown: Sequence[str], tested: Sequence[str]) -> Split:
    """Train on no "X template" but for the verbs X shown; test on the verbs tested.

    "turn template" is in neither part, as in the official files (the papers do not say so).
    """
    kept_out = [verb for verb in (*VERBS, "turn") if verb not in shown]
    train = _without(tasks(), kept_out, template)
    tested_rows = [row for row in tasks() if any(f"{v} {template}" in row[0] for v in tested)]
    return train, _without(tested_rows, ["turn"], template)


def _without(rows: Iterable[Row], verbs: Iterable[str], template: str) -> list[Row]:
    banned = [f"{verb} {template}" for verb in verbs]
    return [row for row in rows if not any(phrase in row[0] for phrase in banned)]


def _divide(rows: Iterable[Row], is_test: Callable[[Row], bool]) -> Split:
    train: list[Row] = []
    test: list[Row] = []
    for row in rows:
        (test if is_test(row) else train).append(row)
    return train, test


def _length(row: Row) -> int:
    return row[1].count(" ") + 1


def _string_hash(text: str) -> int:
    value = ord(text[0]) << 7
    for character in text.encode("ascii"):
        value = (1000003 * value ^ character) & 0xFFFFFFFFFFFFFFFF
    return value ^ len(text)


def _insert(table: list[tuple[int, str] | None], entry: tuple[int, str]) -> None:
    mask = len(table) - 1
    slot = perturb = entry[0]
    while table[slot & mask] is not None:
        slot = 5 * slot + perturb + 1
        perturb >>= 5
    table[slot & mask] = entry


def _resized(table: list[tuple[int, str] | None], needed: int) -> list[tuple[int, str] | None]:
    size = 8
    while size <= needed:
        size *= 2
    new: list[tuple[int, str] | None] = [None] * size
    for entry in table:
        if entry is not None:
            _insert(new, entry)
    return new
