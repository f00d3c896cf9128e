"""Every prior of the learner, in bits, in one place.

Nothing here is learned, and nothing here depends on the task. The table is part of every
configuration, so that a record made under other priors has another hash. What each prior decides,
and which split of SCAN is under-determined without it, is told in ``docs/nsr.md``.

Source: description lengths as in Rissanen 1978; class sharing and mutual exclusivity after the
human biases of Lake, Linzen and Baroni 2019.
"""

from collections.abc import Mapping
from typing import Final

PRIORS: Final[Mapping[str, float]] = {
    # programs: bits a symbol; a constant token also pays for the choice among the tokens
    "variable": 2.0,
    "state": 2.0,
    "self": 2.0,
    "nil": 2.0,
    "token": 3.0,
    "append": 1.0,
    "head": 3.0,
    "tail": 3.0,
    "reverse": 3.0,
    "zero": 2.0,
    "increment": 2.0,
    "decrement": 3.0,
    "if_zero": 4.0,
    "iterate": 4.0,
    "call": 3.0,
    # a token that is a constant of two words: words exclude each other's meanings
    "reused_token": 8.0,
    # categories of words
    "nullary": 1.0,
    "postfix": 3.0,
    "infix": 3.0,
    "prefix": 3.0,
    "mixfix": 5.0,
    "circumfix": 6.0,
    # how far a right operand goes on: to its looser operators only, its equals too, all, none
    "reach_left": 0.0,
    "reach_right": 2.0,
    "reach_loose": 5.0,
    "reach_tight": 5.0,
    # binding levels: a level of its own; one shared with operators of other categories only;
    # one shared with operators of the same category (words of one class bind alike)
    "new_level": 6.0,
    "shared_level": 3.0,
    "class_level": 1.0,
    # words denote themselves unless the lexicon says otherwise
    "open_class": 8.0,
    # a word of the examples without an entry: what an entry of its own would cost
    "unknown_word": 14.0,
    # an unexplained example, beside the spelling of its target: a noise rate of about one in 64
    "surprise": 6.0,
    # revisions of one example: a word read as another (and the choice of that one), an operand
    # that binds against the levels, a replaced entry (and the bits of the new one)
    "misread_word": 4.0,
    "violated_binding": 6.0,
    "redefined_word": 4.0,
}
