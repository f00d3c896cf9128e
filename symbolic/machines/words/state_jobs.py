"""Jobs that track a state: parity, sums modulo k, products of permutations, brackets."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from abduce.symbolic.machines.jobs import Answer, Job, Request
from abduce.symbolic.machines.words.state_tracking import match, running_products
from abduce.symbolic.machines.words.words import (
    permutation_text,
    places_of,
    read_bits,
    read_brackets,
    read_permutations,
    read_residues,
)
from abduce.symbolic.programs.definitions.brackets import KINDS, SYMBOLS
from abduce.symbolic.programs.groups import GROUPS, MODULI

SHOWN = 8
Reader = Callable[[str, Path | str | None], np.ndarray]


def _product(kernel: str, read: Reader, text: Callable[[int], str], request: Request) -> Answer:
    word = read(request.text, request.path)
    running = running_products(request.kernels[kernel], word).tolist()
    if request.note is not None:
        for before, element, after in zip([0, *running], word.tolist(), running, strict=False):
            request.note(f"{kernel:<9}{text(before)} * {text(element)} = {text(after)}")
    final = text(running[-1] if running else 0)
    value = {"final": final, "length": len(running)}
    return Answer(lines=[final], value=value, steps={"products": len(running)})


def _parity(request: Request) -> Answer:
    return _product("parity", read_bits, lambda bit: ("even", "odd")[bit], request)


def _modulo(request: Request) -> Answer:
    read = partial(read_residues, int(request.method))
    return _product(f"mod-{request.method}", read, str, request)


def _permutations(name: str, request: Request) -> Answer:
    group = GROUPS[name]
    read = partial(read_permutations, group, name.upper())
    return _product(name, read, lambda place: permutation_text(group.elements[place]), request)


def _brackets(request: Request) -> Answer:
    word = read_brackets(request.text, request.path).tolist()
    found = match(request.kernels["brackets"], word, request.note)
    last = [] if found.broken is None else [found.broken]
    shown = [*last, *found.open[::-1][: SHOWN - len(last)]]
    at = places_of(request.text, shown)
    said = [f"{SYMBOLS[word[place]]} of {at[place][0]}:{at[place][1]}" for place in shown]
    if found.broken is not None:
        line = f"broken: {said[0]} " + (f"meets {said[1]}" if found.open else "closes nothing")
    elif found.open:
        more = len(found.open) - len(said)
        line = f"open: {', '.join(said)}{f' and {more:,} more' if more else ''}"
    else:
        line = "balanced"
    value = {
        "valid": line == "balanced",
        "length": len(word),
        "broken": dict(zip(("line", "column"), at[last[0]], strict=True)) if last else None,
        "open": None if last else len(found.open),
    }
    return Answer(lines=[line], value=value, steps={"symbols": len(word)})


STATE_JOBS = (
    Job(
        name="parity",
        about="whether the number of ones is even or odd",
        kernels=("parity",),
        run=_parity,
        controllers={},
    ),
    Job(
        name="mod",
        about="the sum of numbers modulo --method",
        kernels=(),
        run=_modulo,
        methods=tuple(str(modulus) for modulus in MODULI),
        own={str(modulus): (f"mod-{modulus}",) for modulus in MODULI},
        controllers={},
    ),
    *(
        Job(
            name=name,
            about=f"the product of permutations in {name.upper()}, applied from first to last",
            kernels=(name,),
            run=partial(_permutations, name),
            controllers={},
        )
        for name in ("s3", "s4", "a5", "s5")
    ),
    Job(
        name="dyck",
        about=f"whether brackets of {KINDS} kinds are balanced, and the first error",
        kernels=("brackets",),
        run=_brackets,
        controllers={},
    ),
)
