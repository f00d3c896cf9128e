"""The library of a lexicon as plain data: the programs that others call, each after those it calls.

[{"name": name, "arguments": number, "program": term}, ...]
"""

from typing import TYPE_CHECKING, Any, Final

from abduce.errors import InputError
from abduce.symbolic.nsr.files.data_spot import Spot
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.program_data import term_data, term_from

if TYPE_CHECKING:
    from abduce.symbolic.synthesis.library import Library

KEYS: Final = ("name", "arguments", "program")
MOST_ARGUMENTS: Final = 6


def library_data(library: "Library | None") -> list[dict[str, Any]]:
    """The library as plain data."""
    return [
        {
            "name": each.name,
            "arguments": each.program.arity,
            "program": term_data(each.program.term),
        }
        for each in library or ()
    ]


def library_from(spot: Spot) -> "Library | None":
    """Reads plain data; None for an empty library.

    Raises:
        InputError: it is no library; says what stands where, and what could.
    """
    if not spot.items():
        return None
    from abduce.symbolic.synthesis.library import Library

    library = Library()
    for each in spot.items():
        each.object("a program of the library", KEYS, KEYS)
        name, arity = each.at("name").text(), each.at("arguments").number(0, MOST_ARGUMENTS)
        if arity != int(arity):
            each.at("arguments").wrong("a whole number")
        program = each.at("program")
        term = term_from(program.value, int(arity), program.reporter(), library.table)
        try:
            library = library.added(name, Program(term, int(arity), library.table))
        except InputError as error:
            each.wrong(", ".join(error.expected), error.found)
    return library
