"""The kernels that there are, by name: what each learns from and what it is proved against."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np

from abduce.neural.kernels.graphs.layer_tasks import LAYER_TASKS
from abduce.neural.kernels.graphs.rules_tasks import RULES_TASKS
from abduce.neural.kernels.kernel import Kernel, KernelTask
from abduce.neural.kernels.lists.program_tasks import PROGRAM_TASKS
from abduce.neural.kernels.lists.selections import selections
from abduce.neural.kernels.plane.moves import moves
from abduce.neural.kernels.plane.pointer_task import POINTER_TASK
from abduce.neural.kernels.plane.signs import circle, signs, turn
from abduce.neural.kernels.streams.examples import StreamExamples, arithmetic, comparison
from abduce.neural.kernels.terms.pairs import pairs
from abduce.neural.kernels.words.permutation_task import PERMUTATION_TASK
from abduce.neural.kernels.words.state_tasks import STATE_TASKS
from abduce.symbolic.programs.definitions.arithmetic import STREAMS
from abduce.symbolic.programs.definitions.beta import BETA
from abduce.symbolic.programs.definitions.geometry import IN_CIRCLE, ORIENTATION
from abduce.symbolic.programs.definitions.masks import MASK
from abduce.symbolic.programs.definitions.tours import MOVES
from abduce.symbolic.programs.mealy import Mealy
from abduce.symbolic.programs.polynomials import Polynomial, PolynomialSpecification
from abduce.symbolic.programs.step_tables import StepTables
from abduce.symbolic.programs.table import Table

SEEN = "inputs and outputs on 64 of the 256 8-bit numbers; the other 192 are never shown"


def _stream(symbols: int, outputs: int, seed: int) -> Kernel:
    from abduce.neural.kernels.streams.stream import StreamKernel

    return StreamKernel(4, symbols, outputs, seed)


def _mask(seed: int) -> Kernel:
    from abduce.neural.kernels.lists.mask import MaskKernel

    return MaskKernel(seed)


def _step(seed: int) -> Kernel:
    from abduce.neural.kernels.terms.step_kernel import StepKernel

    return StepKernel(seed)


def _polynomial(specification: PolynomialSpecification, degree: int, seed: int) -> Kernel:
    from abduce.neural.kernels.plane.polynomial import PolynomialKernel

    return PolynomialKernel(len(specification.variables), degree, seed, sign=specification.sign)


def _move(name: str, about: str) -> KernelTask:
    return KernelTask(
        name=name,
        about=about,
        learned_from="200 moves on tours of 4 to 9 points and the changes in length",
        specification=MOVES[name],
        exact=Polynomial.from_arrays,
        examples=partial(moves, name, 200),
        module=partial(_polynomial, MOVES[name], 1),
    )


def _task(
    name: str,
    about: str,
    examples: Callable[[np.random.Generator], StreamExamples],
    outputs: int = 2,
    learned_from: str = SEEN,
) -> KernelTask:
    specification = STREAMS[name]
    return KernelTask(
        name=name,
        about=about,
        learned_from=learned_from,
        specification=specification,
        exact=Mealy.from_arrays,
        examples=examples,
        module=partial(_stream, specification.symbols, outputs),
    )


TASKS: Mapping[str, KernelTask] = MappingProxyType(
    {
        task.name: task
        for task in (
            _task(
                "compare",
                "which of two numbers is larger",
                comparison,
                3,
                f"{SEEN}; the labels are the automaton's states",
            ),
            _task(
                "add", "the sum a + b of two numbers", partial(arithmetic, lambda a, b: a + b, 2)
            ),
            _task(
                "subtract",
                "the difference a - b of two numbers",
                partial(arithmetic, lambda a, b: a - b, 2),
            ),
            _task(
                "increment",
                "the successor a + 1 of a number",
                partial(arithmetic, lambda a: a + 1, 1),
            ),
            _task(
                "decrement",
                "the predecessor a - 1 of a number",
                partial(arithmetic, lambda a: a - 1, 1),
            ),
            _task(
                "multiply-step",
                "one step of multiplication: r + m * a, where m is a bit",
                partial(arithmetic, lambda r, a, m: r + (a & m), 3),
            ),
            KernelTask(
                name="mask",
                about="which entries of a list have been selected already",
                learned_from="500 selections on lists of up to 8 entries: 20 of the 64 cases",
                specification=MASK,
                exact=Table.from_arrays,
                examples=selections,
                module=_mask,
            ),
            KernelTask(
                name="orientation",
                about="the orientation of three points: left turn, right turn or straight",
                learned_from="the signs of 400 random triples of points, coordinates -2 to 2",
                specification=ORIENTATION,
                exact=Polynomial.from_arrays,
                examples=partial(signs, turn, 3, 400),
                module=partial(_polynomial, ORIENTATION, 2),
            ),
            KernelTask(
                name="in-circle",
                about="whether a point lies inside the circle through three others",
                learned_from="the signs of 1,000 random quadruples of points, coordinates -2 to 2",
                specification=IN_CIRCLE,
                exact=Polynomial.from_arrays,
                examples=partial(signs, circle, 4, 1000),
                module=partial(_polynomial, IN_CIRCLE, 4),
            ),
            _move("exchange", "the change in length when a part of a tour is reversed"),
            _move("insertion", "the change in length when a part of a tour is moved"),
            POINTER_TASK,
            *RULES_TASKS,
            *PROGRAM_TASKS,
            *STATE_TASKS,
            PERMUTATION_TASK,
            *LAYER_TASKS,
            KernelTask(
                name="lambda-step",
                about="one step of beta reduction, at the leftmost outermost redex",
                learned_from="500 random terms of at most 50 tokens and their next terms; redexes "
                "and substitutions are never shown",
                specification=BETA,
                exact=StepTables.from_arrays,
                examples=pairs,
                module=_step,
            ),
        )
    }
)
