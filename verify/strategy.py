"""The one configuration of the verifier: how it searches, and what each part of it may cost.

No choice makes a verdict wrong; a bad one makes it unknown. The fields are what `--config` and
`--set` change and what a record stores. *Work* is counted, not timed: one unit is about one
multiplication, and a *work second* is the `SECOND` of ``bounds.effort``, about what one core does
in a second.

Outside stay the unit of work, the tolerances of rounding, and the comparison of a network with its
file (``networks.agreement``, ``instances.checking``). So does the number of Newton steps for the
lines of a function, whose error is part of the bound. How matrices are stored, how many rows are
certified at once and how many points the runtime is given at once change time and memory, and sums
by their rounding alone. All this is part of the method: `METHOD` is raised when it changes.
"""

from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Final, Literal

from abduce.errors import InputError

METHOD: Final = 1
"""The version of the method, which is part of every record's configuration and so of its id. Raise
it with every change after which the same settings may lead to another verdict, other subdomains or
other bounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttackConfig:
    """How counterexamples are searched for, by projected gradient descent with sign steps.

    Step sizes are shares of the width of the box.

    Attributes:
        restarts: starting points for each case in the first attack.
        more_restarts: the factor on restarts from one attack to the next.
        max_restarts: the upper limit on restarts.
        steps: steps from the starting points; then as many again from near the best points.
        least_steps: steps in an attack on a network so large that there is little work for it.
        corners: the share of starting points that are corners of the box.
        pause: work seconds of branch and bound before the second attack.
        longer_pause: the factor on the pause from one attack to the next.
        share: the work of a later attack, as a share of the pause before it.
        work: multiplications for each restart; large networks get fewer restarts.
        least_points: the least number of points, if a step costs at most `step_work`.
        step_work: see `least_points`.
        values: the upper limit on the values of the network held in memory at once.
        least_step, most_step: step sizes from the starting points are drawn between these.
        least_near, most_near: the same for step sizes near the best points.
        decay: the factor on a step size after each step.
        least_size: the lower limit on a step size that decays.
        best: the least number of best points that the second half begins with.
        best_of: one of this many points is a best point, if that makes more than `best`.
        copies: the number of points near each best point.
        suspects: the upper limit on points of one step that go to the counterexample check.
        raised: the upper limit on neurons that are raised since no point activated them.
        raised_from: the number of best points that each of them is raised from.
    """

    restarts: int = 32
    more_restarts: int = 4
    max_restarts: int = 10_000
    steps: int = 25
    least_steps: int = 4
    corners: float = 0.5
    pause: float = 0.5
    longer_pause: float = 2.0
    share: float = 0.2
    work: float = 3e7
    least_points: int = 4
    step_work: float = 1e9
    values: int = 10_000_000
    least_step: float = 0.02
    most_step: float = 0.3
    least_near: float = 1e-4
    most_near: float = 0.05
    decay: float = 0.92
    least_size: float = 2e-4
    best: int = 8
    best_of: int = 40
    copies: int = 8
    suspects: int = 8
    raised: int = 8
    raised_from: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckConfig:
    """How a counterexample is checked, and where the runtime is run before a proof counts.

    Attributes:
        exact_work: the upper limit on the multiplications of a network that is evaluated in
            rationals, which takes half a second.
        enclosure_work: the upper limit on the multiplications for bounds on the outputs at a point.
        enclosed_outputs: the upper limit on the outputs that get better bounds than intervals.
        roundings: the upper limit on points kept that violate the specification only by rounding.
        boxes: the upper limit on boxes that have a point; of more boxes, this many are drawn.
        corners: corners of boxes at which the runtime is run.
        drawn: the upper limit on further points, in all boxes together.
        drawn_work: the upper limit on the multiplications for running the network at these.
        drawn_numbers: the upper limit on the random numbers for these.
        ends: the upper limit on end points of attacks that are kept; the first attacks count.
        end_numbers: the upper limit on the numbers in these end points.
        least_points: the least number of points at which the runtime is run.
        work: the upper limit on the multiplications for points beyond these.
        float32_work: the upper limit on the multiplications for a float32 bound that was not asked
            for.
    """

    exact_work: float = 600_000.0
    enclosure_work: float = 3e8
    enclosed_outputs: int = 128
    roundings: int = 4
    boxes: int = 4096
    corners: int = 64
    drawn: int = 512
    drawn_work: float = 5e7
    drawn_numbers: int = 100_000
    ends: int = 2**14
    end_numbers: int = 10_000_000
    least_points: int = 8
    work: float = 2e9
    float32_work: float = 3e7


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundsConfig:
    """How far intermediate bounds are improved by backward bounds (CROWN).

    Attributes:
        patience: work seconds for the layers of a batch; later layers keep interval bounds.
        entries: the upper limit on the coefficients of a group of rows that is bounded at once.
        one_end: the number of undecided relus in a single box from which one end of each is bounded
            first.
        probe: the number of rows of a layer after which the gain is checked.
        least_gain: if these rows gain less than this share, the other rows are skipped.
        gaps: the upper limit on the gaps before a softmax for which rows on products of matrices
            are regrouped.
        sums: the upper limit on the regrouped sums in a box.
        regrouping: products are regrouped if the inner dimension is at most this multiple of the
            number of columns.
        slopes: the upper limit on the slopes of a layer for products of deviations.
        layer_work: the upper limit on the multiplications for these of a layer.
        rows_work: the upper limit on the multiplications for these of a group of rows.
    """

    patience: float = 60.0
    entries: int = 2_000_000
    one_end: int = 64
    probe: int = 128
    least_gain: float = 0.1
    gaps: int = 1_000
    sums: int = 1_000
    regrouping: float = 2.0
    slopes: int = 24_000_000
    layer_work: float = 1e9
    rows_work: float = 3e9


@dataclass(frozen=True, slots=True, kw_only=True)
class AscentConfig:
    """How slopes (alpha) and multipliers (beta) are improved by gradient ascent (Adam).

    Attributes:
        momentum: the decay rate of the mean of gradients.
        memory: the decay rate of the mean of squared gradients.
        last: the factor on the rate that is reached at the last step.
        smooth: the step size for slopes of smooth functions, relative to that for relus.
        weights: the step size for the weights of rows, relative to the rate.
        cancelling: if a bias is more than this multiple of the widths of its layer, float64 is used
            instead of float32.
    """

    momentum: float = 0.9
    memory: float = 0.999
    last: float = 0.55
    smooth: float = 0.2
    weights: float = 4.0
    cancelling: float = 1e4


@dataclass(frozen=True, slots=True, kw_only=True)
class InputConfig:
    """Branch and bound on boxes of inputs.

    Attributes:
        score: the word of the score that chooses the input to be split: ``slope-width`` or
            ``largest-width``, or one of a table that `verify` is given.
        lookahead: whether all inputs are tried, and the best one is split, where the last split
            gained little.
        batch_entries: the coefficients in a batch of boxes, which is the smaller the wider the
            network is.
        max_batch: the upper limit on the boxes of a batch.
        forward: if backward bounds of all layers cost more than this multiple of forward bounds,
            forward bounds are used.
        clipped_cases: domain clipping is left out if there are more cases; with 0 it always is.
        slow: a split gained little if it gained less than this share of the bound.
        tried_inputs: the upper limit on the inputs of a network for which they are tried.
        worth_trying: if that gains less than this share of the bounds, it rests.
        rest: the number of batches for which trying or ascent rests.
        steps: steps of ascent.
        rate: the rate of ascent.
        worth_ascent: if ascent gains less than this share of the bounds, it rests.
        other_rows: the weight shared among all rows when ascent begins; the row with the best bound
            has the rest.
        suspects: the upper limit on points of a batch that go to the counterexample check.
    """

    score: Literal["slope-width", "largest-width"] | str = "slope-width"
    lookahead: bool = True
    batch_entries: int = 700_000
    max_batch: int = 512
    forward: float = 100.0
    clipped_cases: int = field(default=16, metadata={"least": 0})
    slow: float = 0.1
    tried_inputs: int = 12
    worth_trying: float = 0.03
    rest: int = 30
    steps: int = 20
    rate: float = 0.2
    worth_ascent: float = 0.1
    other_rows: float = 0.1
    suspects: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationConfig:
    """Branch and bound on activations, and the search for better intermediate bounds.

    Attributes:
        score: the word of the score that chooses the activation to be split, and the point:
            ``relaxation-loss``, ``babsr``, ``bbps``, ``bbps-middle``, ``babsr-like`` or ``none``,
            or one of a table that `verify` is given.
        batch: subdomains that are split in a round.
        first_search: the work of the first search over the cases, as a multiple of that of bounding
            them.
        least_search: work seconds that every search over the cases has in addition.
        rounds: rounds of the second search for better bounds; the first improves slopes alone.
        more_rounds: the factor on rounds from one search to the next.
        many_rounds: rounds after which the search gives up if nothing is left to be split.
        first_layer: the factor on rounds for the first layer searched, on which all others build.
        numbers: the upper limit on the numbers that the search of one layer holds in memory.
        least_entries: the number of entries of a layer that are searched even so.
        root_steps: steps of ascent for a whole box.
        last_steps: steps of ascent for a subdomain in which nothing is left to be split.
        rate: the rate of ascent.
        margin: a split leaves at least half this share of an interval on each side.
        lower_share: the weight of the loss at a relu's lower line, which is below 1 because the
            line can still be moved.
        linear_parts: the upper limit on the linear programs of a batch.
        steps: the least number of steps of ascent for the halves of a split.
        more_steps: the factor on steps from one rung of the ladder to the next.
        rungs: the number of rungs.
        rung_worth: the powers of two of work that each rung must save.
        tried: halves that take part in a trial of other rungs.
        first_rest: rounds between the first two trials; then twice as many each time.
        longest_rest: the upper limit on the rounds between trials.
        suspects: the upper limit on points of a round that go to the counterexample check.
    """

    score: (
        Literal["relaxation-loss", "babsr", "bbps", "bbps-middle", "babsr-like", "none"] | str
    ) = "relaxation-loss"
    batch: int = 64
    first_search: float = 4.0
    least_search: float = 0.2
    rounds: int = 5
    more_rounds: int = 3
    many_rounds: int = 40
    first_layer: int = 3
    numbers: int = 60_000_000
    least_entries: int = 8
    root_steps: int = 30
    last_steps: int = 100
    rate: float = 0.3
    margin: float = 0.1
    lower_share: float = 0.03
    linear_parts: int = 16
    steps: int = 5
    more_steps: int = 4
    rungs: int = 3
    rung_worth: float = 6.0
    tried: int = 32
    first_rest: int = 2
    longest_rest: int = 64
    suspects: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """How to search.

    Attributes:
        split: what is split: inputs, activations, or (auto) inputs if few of them vary.
        max_split_inputs: the upper limit on varying inputs up to which auto splits inputs.
        seed: the random seed.

    Raises:
        InputError: another kind of split, or a number that its field cannot have.
    """

    split: Literal["auto", "inputs", "activations"] = "auto"
    max_split_inputs: int = 24
    seed: int = field(default=0, metadata={"least": 0})
    attack: AttackConfig = field(default_factory=AttackConfig)
    checks: CheckConfig = field(default_factory=CheckConfig)
    bounds: BoundsConfig = field(default_factory=BoundsConfig)
    ascent: AscentConfig = field(default_factory=AscentConfig)
    inputs: InputConfig = field(default_factory=InputConfig)
    activations: ActivationConfig = field(default_factory=ActivationConfig)

    def __post_init__(self) -> None:
        if self.split not in (kinds := ("auto", "inputs", "activations")):
            raise InputError(f"a split of {self.split}", kinds)
        _check_numbers(self, "")


def _check_numbers(config: Any, above: str) -> None:
    """Raises: InputError, where a whole number is below 1 or another number is negative."""
    for each in fields(config):
        value, name = getattr(config, each.name), f"{above}{each.name}"
        if is_dataclass(value):
            _check_numbers(value, f"{name}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            least = each.metadata.get("least", int(isinstance(value, int)))
            if not least <= value < float("inf"):
                raise InputError(f"{name} = {value}", (f"{least} or more",))


AUTOMATIC = Strategy()
"""The default configuration."""
