"""Jobs on lists of numbers: sort, minimum, select, search, add, subtract, multiply."""

from collections.abc import Callable
from functools import partial, reduce

from abduce.errors import InputError
from abduce.symbolic.machines.jobs import Answer, Job, Request
from abduce.symbolic.machines.lists.arithmetic import MOST, Arithmetic
from abduce.symbolic.machines.lists.list_programs import Run, run_program
from abduce.symbolic.machines.lists.lists import ListMachine
from abduce.symbolic.machines.lists.numbers import Numbers, digits, read_numbers, read_whole, scaled
from abduce.symbolic.machines.lists.searching import binary_search, minimum, select
from abduce.symbolic.machines.lists.sorting import METHODS

ORDER = ("compare",)
PROGRAMS = ("quick", "heap", "selection", "insertion", "bubble")
"""The sorting methods that have a learned program; the first is the default of level L2."""


def _machine(request: Request, values: tuple[int, ...]) -> ListMachine:
    kernels = request.kernels
    return ListMachine(values, kernels["compare"], kernels.get("mask"), request.note)


def _steps(machine: ListMachine) -> dict[str, int]:
    return {"pairs compared": machine.pairs}


def _run(
    name: str, request: Request, values: tuple[int, ...], length: int | None = None, t: int = 0
) -> Run:
    """The learned program of a name, on the list machine."""
    program, compare = request.kernels[f"{name}-program"], request.kernels["compare"]
    return run_program(name, program, values, compare, length=length, t=t, note=request.note)


def _counts(run: Run) -> dict[str, int]:
    return {"pairs compared": run.pairs, "steps": run.steps}


def _sort(request: Request) -> Answer:
    numbers = read_numbers(request.text, request.path)
    if not numbers.texts:
        return Answer(lines=[], value=[], steps={"pairs compared": 0})
    if request.learned:
        run = _run(request.method, request, numbers.values)
        texts = [numbers.texts[place] for place in run.places.tolist()]
        return Answer(lines=texts, value=texts, steps=_counts(run))
    machine = _machine(request, numbers.values)
    order = METHODS[request.method](machine)
    texts = [numbers.texts[place] for place in order.tolist()]
    return Answer(lines=texts, value=texts, steps=_steps(machine))


def _some(request: Request) -> Numbers:
    numbers = read_numbers(request.text, request.path)
    if not numbers.texts:
        raise InputError("no numbers", ("one number or more",), request.path)
    return numbers


def _minimum(request: Request) -> Answer:
    numbers = _some(request)
    if request.learned:
        run = _run("minimum", request, numbers.values)
        place, steps = run.registers["i"], _counts(run)
    else:
        machine = _machine(request, numbers.values)
        place, steps = minimum(machine), _steps(machine)
    return Answer(
        lines=[numbers.texts[place]],
        value={"value": numbers.texts[place], "place": place},
        steps=steps,
    )


def _select(request: Request) -> Answer:
    numbers = _some(request)
    rank = request.rank if request.rank is not None else (len(numbers) + 1) // 2
    if not 1 <= rank <= len(numbers):
        raise InputError(f"rank {rank}", (f"1 to {len(numbers)}",), request.path)
    if request.learned:
        run = _run("select", request, numbers.values, t=rank - 1)
        place, steps = int(run.places[rank - 1]), _counts(run)
    else:
        machine = _machine(request, numbers.values)
        place, steps = select(machine, rank - 1), _steps(machine)
    return Answer(
        lines=[numbers.texts[place]],
        value={"value": numbers.texts[place], "place": place, "rank": rank},
        steps=steps,
    )


def _search(request: Request) -> Answer:
    if request.find is None:
        raise InputError("no number to search for", ("--find NUMBER",))
    values = _with(read_numbers(request.text, request.path), request.find)
    wanted = len(values) - 1
    machine = _machine(request, values)
    if wanted:
        import numpy as np

        if not machine.is_sorted(np.arange(wanted)):
            advice = "Sort them first: abduce execute sort"
            raise InputError(
                "numbers out of order", ("sorted numbers",), request.path, advice=advice
            )
    if request.learned:
        run = _run("search", request, values, length=wanted, t=wanted)
        place, steps = run.registers["l"], _counts(run)
    else:
        place = binary_search(machine, wanted)
        steps = _steps(machine)
    found = place < wanted and not machine.less(wanted, place)
    return Answer(
        lines=[f"{'found at' if found else 'not found; it would go to'} place {place}"],
        value={"found": found, "place": place},
        steps=steps,
    )


def _with(numbers: Numbers, text: str) -> tuple[int, ...]:
    """The values of numbers and, at their end, of one more, in one unit.

    Raises:
        InputError: the text is not one number.
    """
    one = read_numbers(text, "--find")
    if len(one) != 1:
        raise InputError(f"{len(one)} numbers", ("one number",), "--find")
    both = [(value, -part.places) for part in (numbers, one) for value in part.values]
    return scaled(both, "--find")[0]


def _calculate(operation: str, request: Request) -> Answer:
    values = read_whole(request.text, request.path)
    step: Callable[[int, int], int] = getattr(Arithmetic(request.kernels), operation)

    def told(a: int, b: int) -> int:
        try:
            result = step(a, b)
        except ValueError as error:
            expected = (f"at most {MOST:,} pairs of bytes",)
            raise InputError(str(error), expected, request.path) from error
        if request.note is not None:
            request.note(f"{operation:<9}{digits(a)} {digits(b)} -> {digits(result)}")
        return result

    text = digits(reduce(told, values))
    return Answer(lines=[text], value=text, steps={operation: len(values) - 1})


def _increment(request: Request) -> Answer:
    values = read_whole(request.text, request.path)
    arithmetic = Arithmetic(request.kernels)
    texts = [digits(arithmetic.increment(value)) for value in values]
    return Answer(lines=texts, value=texts, steps={"increment": len(values)})


LIST_JOBS = (
    Job(
        name="sort",
        about="the numbers in ascending order; any size and sign, decimals too",
        kernels=ORDER,
        run=_sort,
        methods=tuple(METHODS),
        own={"selection": ("mask",)},
        controllers={name: f"{name}-program" for name in PROGRAMS},
    ),
    Job(
        name="minimum",
        about="the smallest number and its first position",
        kernels=ORDER,
        run=_minimum,
        controllers={"": "minimum-program"},
    ),
    Job(
        name="select",
        about="the number of rank --rank; by default the median",
        kernels=ORDER,
        run=_select,
        controllers={"": "select-program"},
        options=("rank",),
    ),
    Job(
        name="search",
        about="the position of --find among sorted numbers",
        kernels=ORDER,
        run=_search,
        controllers={"": "search-program"},
        options=("find",),
    ),
    *(
        Job(
            name=name,
            about=about,
            kernels=kernels,
            run=partial(_calculate, name),
            controllers={},
        )
        for name, about, kernels in (
            ("add", "the sum of whole numbers", ("add",)),
            ("subtract", "the first whole number minus the others", ("subtract",)),
            ("multiply", "the product of whole numbers", ("add", "multiply-step")),
        )
    ),
    Job(
        name="increment",
        about="each whole number plus one",
        kernels=("increment",),
        run=_increment,
        controllers={},
    ),
)
