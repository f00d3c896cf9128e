"""The table of kernels by name: the examples and the specification of each."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np

from abduce.neural.kernels.config import (
    CONFIG,
    MaskConfig,
    MoveConfig,
    PredicateConfig,
    StepConfig,
    StreamConfig,
)
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
from abduce.verify.discrete.bounded import BOUNDED

NUMBERS = 2**CONFIG.stream.bits
SEEN = (
    f"inputs and outputs on {CONFIG.stream.seen} of the {NUMBERS} {CONFIG.stream.bits}-bit "
    f"numbers; the other {NUMBERS - CONFIG.stream.seen} are never shown"
)


def _stream(symbols: int, outputs: int, config: StreamConfig, seed: int) -> Kernel:
    from abduce.neural.kernels.streams.stream import StreamKernel

    return StreamKernel(config, symbols, outputs, seed)


def _mask(config: MaskConfig, seed: int) -> Kernel:
    from abduce.neural.kernels.lists.mask import MaskKernel

    return MaskKernel(config, seed)


def _step(config: StepConfig, seed: int) -> Kernel:
    from abduce.neural.kernels.terms.step_kernel import StepKernel

    return StepKernel(config, seed)


def _predicate(
    specification: PolynomialSpecification, config: PredicateConfig, seed: int
) -> Kernel:
    from abduce.neural.kernels.plane.polynomial import PolynomialKernel

    variables = len(specification.variables)
    return PolynomialKernel(
        config.polynomial, variables, config.degree, seed, rounding=config.rounding
    )


def _linear(specification: PolynomialSpecification, config: MoveConfig, seed: int) -> Kernel:
    from abduce.neural.kernels.plane.polynomial import PolynomialKernel

    variables = len(specification.variables)
    return PolynomialKernel(config.polynomial, variables, 1, seed, rounding=None)


def _move(name: str, about: str) -> KernelTask:
    return KernelTask(
        name=name,
        about=about,
        learned_from=f"{CONFIG.move.examples} moves on tours of 4 to {CONFIG.move.longest} points "
        "and the changes in length",
        part="move",
        specification=MOVES[name],
        exact=Polynomial.from_arrays,
        examples=partial(moves, name),
        module=partial(_linear, MOVES[name]),
    )


def _task(
    name: str,
    about: str,
    examples: Callable[[StreamConfig, np.random.Generator], StreamExamples],
    outputs: int = 2,
    learned_from: str = SEEN,
) -> KernelTask:
    specification = STREAMS[name]
    return KernelTask(
        name=name,
        about=about,
        learned_from=learned_from,
        part="stream",
        specification=specification,
        exact=Mealy.from_arrays,
        examples=examples,
        module=partial(_stream, specification.symbols, outputs),
        bounded=BOUNDED[name],
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
                f"{SEEN}; its outputs are its states, so no hidden state has to be found",
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
                learned_from=f"{CONFIG.mask.lists} selections on lists of up to "
                f"{CONFIG.mask.longest} entries, which show 20 of its 64 cases",
                part="mask",
                specification=MASK,
                exact=Table.from_arrays,
                examples=selections,
                module=_mask,
            ),
            KernelTask(
                name="orientation",
                about="the orientation of three points: left turn, right turn or straight",
                learned_from=f"the signs of {CONFIG.orientation.examples} random triples of "
                f"points, coordinates -{CONFIG.orientation.radius} to {CONFIG.orientation.radius}",
                part="orientation",
                specification=ORIENTATION,
                exact=Polynomial.from_arrays,
                examples=partial(signs, turn, 3),
                module=partial(_predicate, ORIENTATION),
            ),
            KernelTask(
                name="in-circle",
                about="whether a point lies inside the circle through three others",
                learned_from=f"the signs of {CONFIG.in_circle.examples:,} random quadruples of "
                f"points, coordinates -{CONFIG.in_circle.radius} to {CONFIG.in_circle.radius}",
                part="in_circle",
                specification=IN_CIRCLE,
                exact=Polynomial.from_arrays,
                examples=partial(signs, circle, 4),
                module=partial(_predicate, IN_CIRCLE),
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
                learned_from=f"{CONFIG.step.general + 2 * CONFIG.step.boolean} random terms of at "
                f"most {CONFIG.step.longest} tokens and their next terms; redexes "
                "and substitutions are never shown",
                part="step",
                specification=BETA,
                exact=StepTables.from_arrays,
                examples=pairs,
                module=_step,
            ),
        )
    }
)
