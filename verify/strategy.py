"""What somebody may choose about a search who does not want the automatic choice."""

from dataclasses import dataclass
from typing import Literal

from abduce.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """How to search. No choice makes a wrong verdict; a bad one makes an unknown of it.

    Attributes:
        split: what is split into parts: inputs, activations, or inputs where few of them vary.
        input_score: the word of the score that chooses the input to be split: ``slope-width`` or
            ``largest-width``, or one of a table that `verify` is given.
        lookahead: whether all inputs are tried, and the best one is split, where the last split
            gained little.
        activation_score: the word of the score that chooses the activation to be split:
            ``relaxation-loss`` or ``babsr``, or one of a table that `verify` is given.
        restarts: starting points of the first attack, for each case; later attacks have more.
        steps: of an attack.
        seed: of all that is drawn.

    Raises:
        InputError: another kind of split, no restart or no step.
    """

    split: Literal["auto", "inputs", "activations"] = "auto"
    input_score: str = "slope-width"
    lookahead: bool = True
    activation_score: str = "relaxation-loss"
    restarts: int = 32
    steps: int = 25
    seed: int = 0

    def __post_init__(self) -> None:
        if self.split not in (kinds := ("auto", "inputs", "activations")):
            raise InputError(f"a split of {self.split}", kinds)
        for name in ("restarts", "steps"):
            if getattr(self, name) < 1:
                raise InputError(f"{getattr(self, name)} {name} of an attack", ("1 or more",))


AUTOMATIC = Strategy()
