"""The kernels that there are, by name: what each learns from and what it is proved against."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np

from abduce.neural.kernels.examples import StreamExamples, arithmetic, comparison
from abduce.neural.kernels.kernel import Kernel, Task
from abduce.neural.kernels.layer_tasks import LAYER_TASKS
from abduce.neural.kernels.moves import moves
from abduce.neural.kernels.permutation_task import PERMUTATION_TASK
from abduce.neural.kernels.pointer_task import POINTER_TASK
from abduce.neural.kernels.program_tasks import PROGRAM_TASKS
from abduce.neural.kernels.selections import selections
from abduce.neural.kernels.signs import circle, signs, turn
from abduce.neural.kernels.state_tasks import STATE_TASKS
from abduce.neural.kernels.traces import traces
from abduce.neural.lambda_reducer.pairs import pairs
from abduce.verify.discrete.arithmetic import STREAMS
from abduce.verify.discrete.beta import BETA
from abduce.verify.discrete.geometry import IN_CIRCLE, ORIENTATION
from abduce.verify.discrete.graph_rules import GRAPH_RULES
from abduce.verify.discrete.masks import MASK
from abduce.verify.discrete.mealy import Mealy
from abduce.verify.discrete.polynomials import Polynomial, PolynomialSpecification
from abduce.verify.discrete.rules import Rules, RulesSpecification
from abduce.verify.discrete.step_tables import StepTables
from abduce.verify.discrete.table import Table
from abduce.verify.discrete.tours import MOVES

SEEN = "inputs and outputs of 64 of the 256 8-bit numbers; 192 are never shown"


def _stream(symbols: int, outputs: int, seed: int) -> Kernel:
    from abduce.neural.kernels.stream import StreamKernel

    return StreamKernel(4, symbols, outputs, seed)


def _mask(seed: int) -> Kernel:
    from abduce.neural.kernels.mask import MaskKernel

    return MaskKernel(seed)


def _step(seed: int) -> Kernel:
    from abduce.neural.lambda_reducer.step_kernel import StepKernel

    return StepKernel(seed)


def _rules(specification: RulesSpecification, seed: int) -> Kernel:
    from abduce.neural.kernels.controller import RulesKernel

    shape, least, first = specification.shape, specification.least, specification.first
    return RulesKernel(shape, seed, least=least, first=first)


def _polynomial(specification: PolynomialSpecification, degree: int, seed: int) -> Kernel:
    from abduce.neural.kernels.polynomial import PolynomialKernel

    return PolynomialKernel(len(specification.variables), degree, seed, sign=specification.sign)


def _controller(name: str) -> Task:
    specification = GRAPH_RULES[name]
    return Task(
        name=f"{name}-rules",
        about=f"how nodes change in {name}",
        learned_from="execution traces on 200 random graphs of 1 to 16 nodes",
        specification=specification,
        exact=Rules.from_arrays,
        examples=partial(traces, name),
        module=partial(_rules, specification),
    )


def _move(name: str, about: str) -> Task:
    return Task(
        name=name,
        about=about,
        learned_from="200 moves of tours of 4 to 9 points and what they changed",
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
) -> Task:
    specification = STREAMS[name]
    return Task(
        name=name,
        about=about,
        learned_from=learned_from,
        specification=specification,
        exact=Mealy.from_arrays,
        examples=examples,
        module=partial(_stream, specification.symbols, outputs),
    )


TASKS: Mapping[str, Task] = MappingProxyType(
    {
        task.name: task
        for task in (
            _task(
                "compare",
                "which of two numbers is larger",
                comparison,
                3,
                f"{SEEN}; its labels are its states",
            ),
            _task("add", "a + b", partial(arithmetic, lambda a, b: a + b, 2)),
            _task("subtract", "a - b", partial(arithmetic, lambda a, b: a - b, 2)),
            _task("increment", "a + 1", partial(arithmetic, lambda a: a + 1, 1)),
            _task("decrement", "a - 1", partial(arithmetic, lambda a: a - 1, 1)),
            _task(
                "multiply-step",
                "r + m * a, m a bit",
                partial(arithmetic, lambda r, a, m: r + (a & m), 3),
            ),
            Task(
                name="mask",
                about="which entries of a list are done",
                learned_from="500 selections on lists of up to 8 entries, 20 of the 64 cases",
                specification=MASK,
                exact=Table.from_arrays,
                examples=selections,
                module=_mask,
            ),
            Task(
                name="orientation",
                about="which way three points turn",
                learned_from="400 signs of random points, coordinates from -2 to 2",
                specification=ORIENTATION,
                exact=Polynomial.from_arrays,
                examples=partial(signs, turn, 3, 400),
                module=partial(_polynomial, ORIENTATION, 2),
            ),
            Task(
                name="in-circle",
                about="whether a point is in the circle of three",
                learned_from="1,000 signs of random points, coordinates from -2 to 2",
                specification=IN_CIRCLE,
                exact=Polynomial.from_arrays,
                examples=partial(signs, circle, 4, 1000),
                module=partial(_polynomial, IN_CIRCLE, 4),
            ),
            _move("exchange", "what turning a path of a tour round changes"),
            _move("insertion", "what moving a path of a tour changes"),
            POINTER_TASK,
            *map(_controller, GRAPH_RULES),
            *PROGRAM_TASKS,
            *STATE_TASKS,
            PERMUTATION_TASK,
            *LAYER_TASKS,
            Task(
                name="lambda-step",
                about="one step of beta reduction, the leftmost outermost redex first",
                learned_from="500 random terms of at most 50 tokens and their next steps; no redex "
                "and no substitution is ever shown",
                specification=BETA,
                exact=StepTables.from_arrays,
                examples=pairs,
                module=_step,
            ),
        )
    }
)
