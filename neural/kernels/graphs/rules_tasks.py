"""Kernels that are rules of graph machines: one for each graph algorithm."""

from functools import partial

from abduce.neural.kernels.config import CONFIG, RulesConfig
from abduce.neural.kernels.graphs.traces import ALGORITHMS, Algorithm, traces
from abduce.neural.kernels.kernel import Kernel, KernelTask
from abduce.symbolic.programs.definitions.graph_rules import GRAPH_ALGORITHMS, GraphAlgorithm
from abduce.symbolic.programs.rules import Rules, RulesSpecification


def _rules(specification: RulesSpecification, config: RulesConfig, seed: int) -> Kernel:
    from abduce.neural.kernels.graphs.controller import RulesKernel

    shape, least, first = specification.shape, specification.least, specification.first
    return RulesKernel(config, shape, seed, least=least, first=first)


def rules_task(row: GraphAlgorithm, algorithm: Algorithm) -> KernelTask:
    """The kernel of a graph algorithm.

    Args:
        algorithm: how it runs by hand, to be learned from.
    """
    return KernelTask(
        name=row.kernel,
        about=f"the rule by which a node changes in a step of {row.name}",
        learned_from=f"execution traces on {CONFIG.rules.graphs} random graphs of 1 to "
        f"{CONFIG.rules.nodes} nodes",
        part="rules",
        specification=row.rules,
        exact=Rules.from_arrays,
        examples=partial(traces, algorithm, negative=row.cycles),
        module=partial(_rules, row.rules),
    )


RULES_TASKS: tuple[KernelTask, ...] = tuple(
    rules_task(row, ALGORITHMS[row.name]) for row in GRAPH_ALGORITHMS.values()
)
