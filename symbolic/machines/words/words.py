"""Words of a finite alphabet as a user writes them: numbers, permutations, brackets."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from abduce.symbolic.machines.fields import CHARACTER, FIELD, fields
from abduce.symbolic.programs.definitions.brackets import SYMBOLS
from abduce.symbolic.programs.groups import GroupSpecification, Permutation
from abduce.text import Line, lines, quoted

CYCLES = re.compile(r"(?:\([1-9]*\))+")


def read_word(
    written: Iterable[Line],
    element: Callable[[str], int | None],
    expected: tuple[str, ...],
    token: re.Pattern[str] = FIELD,
) -> np.ndarray:
    """The elements of a text; what stands apart by blanks, line ends, commas or semicolons.

    Args:
        element: a token to its element, None where it is none.

    Raises:
        InputError: a token is none, with line and column.
    """
    known: dict[str, int] = {}
    found: list[int] = []
    for line in written:
        for word, column in fields(line, token):
            if word not in known:
                value = element(word)
                if value is None:
                    raise line.wrong(quoted(word), expected, column)
                known[word] = value
            found.append(known[word])
    return np.array(found, dtype=np.int64)


def places_of(text: str, symbols: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Line and column, from 1, of characters that are no separators, by their places from 0.

    >>> places_of("((\\n )", [0, 2])
    {0: (1, 1), 2: (2, 2)}
    """
    wanted, passed = sorted(symbols), 0
    found: dict[int, tuple[int, int]] = {}
    for line in lines(text):
        if len(found) == len(wanted):
            break
        columns = [column for _, column in fields(line, CHARACTER)]
        here = [symbol for symbol in wanted if passed <= symbol < passed + len(columns)]
        found |= {symbol: (line.number, columns[symbol - passed]) for symbol in here}
        passed += len(columns)
    return found


def read_bits(text: str, path: Path | str | None) -> np.ndarray:
    """Zeros and ones, apart or not."""
    digits = {"0": 0, "1": 1}
    return read_word(lines(text, path), digits.get, ("0", "1"), CHARACTER)


def read_residues(modulus: int, text: str, path: Path | str | None) -> np.ndarray:
    """Whole numbers from 0 to modulus - 1."""
    names = {str(value): value for value in range(modulus)}
    return read_word(lines(text, path), names.get, (f"a whole number from 0 to {modulus - 1}",))


def read_permutations(
    group: GroupSpecification, name: str, text: str, path: Path | str | None
) -> np.ndarray:
    """Permutations of the points 1, 2, ...: their images in turn, `21345`, or cycles, `(12)(345)`;
    `()` moves nothing."""
    places = {element: place for place, element in enumerate(group.elements)}
    points = len(group.elements[0])

    def element(token: str) -> int | None:
        permutation = parsed_permutation(token, points)
        return None if permutation is None else places.get(permutation)

    images = "".join(str(1 + point) for point in (1, 2, 0, *range(3, points)))
    expected = (f"an element of {name}, such as {images} or (123)",)
    return read_word(lines(text, path), element, expected)


def parsed_permutation(token: str, points: int) -> Permutation | None:
    """A permutation of 0 to points - 1, None where a token is none.

    >>> parsed_permutation("(13)", 3), parsed_permutation("321", 3), parsed_permutation("(11)", 3)
    ((2, 1, 0), (2, 1, 0), None)
    """
    every = tuple(range(points))
    if not CYCLES.fullmatch(token):
        images = tuple(int(digit) - 1 for digit in token) if re.fullmatch("[1-9]+", token) else ()
        return images if sorted(images) == list(every) else None
    images = list(every)
    for cycle in re.findall(r"\(([1-9]*)\)", token):
        moved = [int(digit) - 1 for digit in cycle]
        if len(set(moved)) != len(moved) or any(point >= points for point in moved):
            return None
        step = dict(zip(moved, moved[1:] + moved[:1], strict=True))
        images = [step.get(image, image) for image in images]
    return tuple(images)


def permutation_text(permutation: Permutation) -> str:
    """
    >>> permutation_text((1, 0, 2))
    '213'
    """
    return "".join(str(image + 1) for image in permutation)


def read_brackets(text: str, path: Path | str | None) -> np.ndarray:
    """The symbols of a text of brackets and nothing else."""
    names = {symbol: place for place, symbol in enumerate(SYMBOLS)}
    return read_word(lines(text, path), names.get, tuple(SYMBOLS), CHARACTER)
