"""The configuration of training kernels: its fields are what a record stores.

Every kernel is trained by one part of `Config`, which its task names. Sizes of networks, counts of
examples and everything else that shapes what is learned stand here, are passed down, and are read
by the code they configure. What a kernel has to compute, and from which family of functions it is
learned, is its task and no configuration.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from abduce.errors import InputError

METHOD: Final = 2
"""The version of the method, which is part of every record's configuration and so of its id. Raise
it with every change after which the same settings may learn something else. Records of method 1
have no configuration."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnealingConfig:
    """How a soft table is trained until it is a hard one.

    Attributes:
        steps: the number of optimiser steps.
        batch: words in a step.
        rate: learning rate of Adam.
        sharpness: factor on the logits at the end; it is 1 at the beginning.
        grown: share of the training after which words have full length.
        hardening: share of the training after which choices begin to harden.
    """

    steps: int = 300
    batch: int = 128
    rate: float = 0.1
    sharpness: float = 10.0
    grown: float = 0.6
    hardening: float = 0.3


@dataclass(frozen=True, kw_only=True, slots=True)
class StreamConfig:
    """Automata that read numbers bit by bit.

    Attributes:
        bits: the number of bits of the numbers in training.
        seen: different numbers in training, out of 2 ** bits.
        examples: tuples of these numbers, where there are several operands.
        states: the number of states of the learned automaton, before it is minimised.
    """

    bits: int = 8
    seen: int = 64
    examples: int = 4096
    states: int = 4
    annealing: AnnealingConfig = field(default_factory=AnnealingConfig)


@dataclass(frozen=True, kw_only=True, slots=True)
class MaskConfig:
    """The convolution that says which entries of a list are done.

    Attributes:
        lists: the number of lists, from which entries are selected one by one.
        longest: the upper limit on the entries of a list.
        filters: the number of filters of the convolution.
        spread: standard deviation of the first weights.
        steps: the number of optimiser steps.
        batch: examples in a step.
        rate: learning rate of AdamW.
        decay: the decay rate of the weights; weights that no example needs stay near 0.
    """

    lists: int = 500
    longest: int = 8
    filters: int = 16
    spread: float = 0.3
    steps: int = 400
    batch: int = 64
    rate: float = 0.02
    decay: float = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class CutsConfig:
    """The thresholds below which weights are pruned after each round, relative to the largest
    weight."""

    first: float = 0.05
    second: float = 0.15
    third: float = 0.25
    fourth: float = 0.4


@dataclass(frozen=True, kw_only=True, slots=True)
class PolynomialConfig:
    """Weights of monomials, pruned in rounds.

    Attributes:
        spread: standard deviation of the first weights.
        steps: the number of optimiser steps between two prunings.
        rate: learning rate of Adam at the beginning of a round.
        last_rate: part of that rate at the end of the round.
        share: the share of the examples that an attempt uses, drawn anew for each.
        pull: the strength of the pull of the weights towards 0.
        cuts: what is pruned.
    """

    spread: float = 0.01
    steps: int = 150
    rate: float = 0.05
    last_rate: float = 0.02
    share: float = 0.95
    pull: float = 1e-3
    cuts: CutsConfig = field(default_factory=CutsConfig)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundingConfig:
    """How weights are rounded where only the sign of a polynomial counts.

    Attributes:
        largest: the upper limit on absolute coefficients, up to a common factor.
        moved: change of a weight by rounding, at most; beyond it a larger common factor is tried.
    """

    largest: int = 3
    moved: float = 0.25


@dataclass(frozen=True, kw_only=True, slots=True)
class PredicateConfig:
    """Polynomials whose sign is a predicate of points.

    Attributes:
        degree: the upper limit on the degree of the polynomial.
        examples: random tuples of points.
        radius: coordinates are whole numbers from -radius to radius.
    """

    degree: int
    examples: int
    radius: int = 2
    polynomial: PolynomialConfig = field(default_factory=PolynomialConfig)
    rounding: RoundingConfig = field(default_factory=RoundingConfig)


@dataclass(frozen=True, kw_only=True, slots=True)
class MoveConfig:
    """Linear polynomials of how much longer a move makes a tour.

    Attributes:
        examples: random moves.
        longest: the upper limit on the points of a tour, and on the length of an edge.
    """

    examples: int = 200
    longest: int = 9
    polynomial: PolynomialConfig = field(default_factory=PolynomialConfig)


@dataclass(frozen=True, kw_only=True, slots=True)
class ToursConfig:
    """Tours of as many points each; the time to find one doubles with each point."""

    points: int
    tours: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PointerConfig:
    """The network that says which pairs of points a tour should join.

    Attributes:
        smaller, larger: the two sets of tours that it learns from.
        extent: coordinates are whole numbers below this.
        hidden: units of the network.
        spread: standard deviation of the first weights.
        steps: the number of optimiser steps.
        batch: pairs in a step.
        rate: learning rate of Adam at the beginning.
        last_rate: part of that rate at the end.
        units: units of score in one unit of a logit.
    """

    smaller: ToursConfig = field(default_factory=lambda: ToursConfig(points=10, tours=200))
    larger: ToursConfig = field(default_factory=lambda: ToursConfig(points=12, tours=300))
    extent: int = 10**6
    hidden: int = 16
    spread: float = 0.5
    steps: int = 400
    batch: int = 4096
    rate: float = 0.03
    last_rate: float = 0.02
    units: int = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class RulesConfig:
    """The tables by which the nodes of a graph change.

    Attributes:
        graphs: random graphs with a trace each.
        nodes: the upper limit on the nodes of a graph.
        least_degree, most_degree: mean number of edges of a node.
        weight: the upper limit on the weight of an edge.
        spread: standard deviation of the first logits.
        steps: the number of optimiser steps for each table.
        rate: learning rate of Adam.
    """

    graphs: int = 200
    nodes: int = 16
    least_degree: float = 0.5
    most_degree: float = 4.0
    weight: int = 9
    spread: float = 0.1
    steps: int = 150
    rate: float = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class NumbersConfig:
    """Numbers of a list are below one of these, so that some lists have many equal ones."""

    few: int = 3
    some: int = 10
    many: int = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgramConfig:
    """The tables of a list program.

    Attributes:
        lists: random lists with a trace each.
        longest: the upper limit on the numbers of a list.
        numbers: how different they are.
        spread: standard deviation of the first logits.
        simpler: the difference by which each candidate begins lower than the simpler one before it.
        steps: the number of optimiser steps for each table.
        rate: learning rate of Adam.
    """

    lists: int = 200
    longest: int = 16
    numbers: NumbersConfig = field(default_factory=NumbersConfig)
    spread: float = 0.01
    simpler: float = 0.1
    steps: int = 100
    rate: float = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupConfig:
    """Matrices that multiply as the elements of a group.

    Attributes:
        share: the share of the products that is shown.
        size: rows of a matrix.
        steps: the number of optimiser steps.
        rate: learning rate of Adam; it falls to nothing.
        sharpness: factor on scores, where elements compete for a product.
        grown: share of the training after which products have to be exact.
    """

    share: float = 0.5
    size: int = 6
    steps: int = 300
    rate: float = 0.03
    sharpness: float = 4.0
    grown: float = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class BracketsConfig:
    """The table of a stack machine.

    Attributes:
        words: random words.
        longest: symbols of a word.
        any_symbol: chance that a symbol is any one.
        closing: chance that a symbol closes the bracket that was opened last.
        spread: standard deviation of the first logits.
    """

    words: int = 2000
    longest: int = 8
    any_symbol: float = 0.12
    closing: float = 0.4
    spread: float = 0.5
    annealing: AnnealingConfig = field(default_factory=AnnealingConfig)


@dataclass(frozen=True, kw_only=True, slots=True)
class PermutationConfig:
    """The ensemble of networks that permutes bits.

    Attributes:
        networks: the number of networks; with 512 the chance of an error is at most 1 in 1,000,
            by `tangent.ensemble_size`.
        width: hidden units of a network.
        steps: the number of gradient descent steps.
        rate: learning rate, as a part of the largest stable one.
    """

    networks: int = 512
    width: int = 256
    steps: int = 40
    rate: float = 0.75


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerConfig:
    """Coefficients of a layer that has a fixed point.

    Attributes:
        spread: standard deviation of the first coefficients.
        choice_spread: standard deviation of the first logits of choices.
        steps: the number of optimiser steps.
        rate: learning rate of Adam; it falls to nothing.
        sharpness: factor on the logits at the end; it is 1 at the beginning.
        hardening: share of the training after which choices begin to harden.
    """

    spread: float = 0.3
    choice_spread: float = 0.1
    steps: int = 600
    rate: float = 0.1
    sharpness: float = 10.0
    hardening: float = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class SamplesConfig:
    """Random graphs whose values are known.

    Attributes:
        graphs: how many.
        least_states, most_states: states of a graph.
        least_choices, most_choices: actions of a state, or edges from it.
        least_discount, most_discount: what the future is worth.
    """

    graphs: int = 30
    least_states: int = 20
    most_states: int = 50
    least_choices: int = 5
    most_choices: int = 10
    least_discount: float = 0.1
    most_discount: float = 0.95


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessesConfig:
    """The layer of value iteration, learned from the values of decision processes.

    Attributes:
        branches: states to which an action may lead.
    """

    samples: SamplesConfig = field(default_factory=SamplesConfig)
    branches: int = 3
    layer: LayerConfig = field(default_factory=LayerConfig)


@dataclass(frozen=True, kw_only=True, slots=True)
class PathsConfig:
    """The layer of shortest paths, learned from distances.

    Attributes:
        weight: the upper limit on the weight of an edge.
    """

    samples: SamplesConfig = field(
        default_factory=lambda: SamplesConfig(least_choices=2, most_choices=5)
    )
    weight: int = 19
    layer: LayerConfig = field(default_factory=LayerConfig)


@dataclass(frozen=True, kw_only=True, slots=True)
class StepConfig:
    """The tables of one step of beta reduction.

    Attributes:
        general: uniform terms of at most `short` tokens.
        boolean: closed boolean expressions of at most `longest` tokens, and as many open ones.
        short, longest: upper limits on the tokens of a term.
        spread: standard deviation of the first logits.
        steps: the number of optimiser steps.
        batch: pairs in a step, of about the same length.
        rate: learning rate of Adam.
        grown: share of the training after which pairs of all lengths are drawn.
        first: batches of the shortest pairs that it begins with.
    """

    general: int = 400
    boolean: int = 50
    short: int = 20
    longest: int = 50
    spread: float = 0.3
    steps: int = 200
    batch: int = 25
    rate: float = 0.1
    grown: float = 0.3
    first: int = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """How kernels are trained; each is trained by one part.

    Attributes:
        attempts: trainings of a kernel from one random start after the other, until one is proved.
        group: groups, but for s5, which is learned from a smaller share of its table.
    """

    attempts: int = 20
    stream: StreamConfig = field(default_factory=StreamConfig)
    mask: MaskConfig = field(default_factory=MaskConfig)
    program: ProgramConfig = field(default_factory=ProgramConfig)
    rules: RulesConfig = field(default_factory=RulesConfig)
    value_iteration: ProcessesConfig = field(default_factory=ProcessesConfig)
    shortest_path: PathsConfig = field(default_factory=PathsConfig)
    orientation: PredicateConfig = field(
        default_factory=lambda: PredicateConfig(degree=2, examples=400)
    )
    in_circle: PredicateConfig = field(
        default_factory=lambda: PredicateConfig(degree=4, examples=1000)
    )
    move: MoveConfig = field(default_factory=MoveConfig)
    pointer: PointerConfig = field(default_factory=PointerConfig)
    group: GroupConfig = field(default_factory=GroupConfig)
    s5: GroupConfig = field(default_factory=lambda: GroupConfig(share=0.25))
    brackets: BracketsConfig = field(default_factory=BracketsConfig)
    permutation: PermutationConfig = field(default_factory=PermutationConfig)
    step: StepConfig = field(default_factory=StepConfig)


CONFIG: Final = Config()
"""The default configuration."""

ADVICE: Final = "Change it with --set or in the file of --config."
LENGTHS: Final = ("states", "filters", "hidden", "size", "networks", "width")
"""The fields of parts that are lengths of weights."""


def check(config: Config) -> None:
    """Make sure that examples can be drawn as a configuration says.

    Raises:
        InputError: names the field, its value, and what it could be.
    """
    for name, value, least in _bounds(config):
        if value < least:
            raise InputError(f"{name} = {value}", (f"{least} or more",), advice=ADVICE)
    most = 2**config.stream.bits
    if config.stream.seen > most:
        found = f"stream.seen = {config.stream.seen}"
        raise InputError(found, (f"from 1 to {most}",), advice=ADVICE)


def _bounds(config: Config) -> Iterator[tuple[str, float, float]]:
    """Fields by name, their values, and the least that these can be."""
    yield "rules.most_degree", config.rules.most_degree, config.rules.least_degree
    yield "move.longest", config.move.longest, 4
    yield "pointer.smaller.points", config.pointer.smaller.points, 3
    yield "pointer.larger.points", config.pointer.larger.points, 3
    yield "step.short", config.step.short, 3
    for part in ("value_iteration", "shortest_path"):
        samples = getattr(config, part).samples
        for each in ("states", "choices", "discount"):
            most, least = getattr(samples, f"most_{each}"), getattr(samples, f"least_{each}")
            yield f"{part}.samples.most_{each}", most, least


def recorded(config: Config, parts: tuple[str, ...]) -> dict[str, Any]:
    """The configuration as the record of kernels that are trained by some parts holds it."""
    trained = {part: asdict(getattr(config, part)) for part in dict.fromkeys(parts)}
    return {"method": METHOD, **({"attempts": config.attempts} if parts else {}), **trained}
