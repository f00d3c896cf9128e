"""What a state tracker is asked: the state after every letter of a word, and the last of them."""

from collections.abc import Callable
from functools import partial
from itertools import permutations

import numpy as np

from abduce.errors import InputError
from abduce.neural.kernels.jobs import compiled_kernels
from abduce.neural.modules.answers import ModuleAnswer, ModuleJob, check_size, differing
from abduce.symbolic.machines.jobs import Answer, Request
from abduce.symbolic.machines.words.state_tracking import running_products
from abduce.symbolic.machines.words.words import (
    permutation_text,
    read_bits,
    read_permutations,
    read_residues,
)
from abduce.symbolic.programs.groups import GROUPS

MOST = 50_000
"""The upper limit on letters; this many need several hundred megabytes of memory."""
MODULUS = 5
Reader = Callable[[str, str], np.ndarray]


def _track(
    task: str,
    machine: str,
    read: Reader,
    names: tuple[str, ...],
    numbers: tuple[int, ...],
    request: Request,
    exact: Callable[[], Answer],
) -> ModuleAnswer:
    """The state after each letter is an entry.

    Args:
        machine: what it is called in a command.
        names: of the states, by the module's number.
        numbers: the module's, of the elements of the group.
    """
    import torch

    word = read(request.text, str(request.path))
    if not len(word):
        raise InputError("no letters", ("one letter or more",), request.path)
    check_size(len(word), MOST, "letters", request, machine)
    own = np.array(numbers)
    (module,) = request.kernels.values()
    device = next(module.parameters()).device
    logits = module(torch.from_numpy(own[word][None]).to(device))
    found = logits[0].argmax(-1).cpu().numpy()
    expected = own[running_products(compiled_kernels((task,))[task], word)]
    told, true, letters = ([names[n] for n in part] for part in (found, expected, own[word]))
    if request.note is not None:
        before = names[own[0]]
        for letter, after, other in zip(letters, told, true, strict=True):
            wrong = "" if after == other else f"  wrong, {other} is right"
            request.note(f"{task:<9}{before} * {letter} = {after}{wrong}")
            before = after
    return ModuleAnswer(
        lines=[told[-1]],
        value={"final": told[-1], "length": len(word)},
        size=len(word),
        right=int((found == expected).sum()),
        entries=len(word),
        entry="states, one after each letter",
        remarks=(
            *differing(told, true, "the state after letter"),
            f"at the end the exact machine says {true[-1]}, "
            + ("too" if told[-1] == true[-1] else "and not that"),
        ),
    )


def _job(
    task: str, machine: tuple[str, str], read: Reader, names: tuple[str, ...], *numbers: int
) -> ModuleJob:
    command = f"{machine[0]} --method {machine[1]}" if machine[1] else machine[0]
    own = numbers or tuple(range(len(names)))
    return ModuleJob(
        task=task, machine=machine, run=partial(_track, task, command, read, names, own)
    )


def _permuting(things: int) -> ModuleJob:
    """The module numbers permutations as `itertools.permutations` lists them."""
    task = f"s{things}"
    group, listed = GROUPS[task], list(permutations(range(things)))
    numbers = (listed.index(element) for element in group.elements)
    names = tuple(map(permutation_text, listed))
    return _job(task, (task, ""), partial(read_permutations, group, task.upper()), names, *numbers)


STATE_TRACKING_JOBS = (
    _job("parity", ("parity", ""), read_bits, ("even", "odd")),
    _job(
        f"mod-{MODULUS}",
        ("mod", str(MODULUS)),
        partial(read_residues, MODULUS),
        tuple(map(str, range(MODULUS))),
    ),
    *(_permuting(things) for things in (3, 4, 5)),
)
