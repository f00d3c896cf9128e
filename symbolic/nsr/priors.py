"""Every prior of the learner, in bits, in one place.

Nothing here is learned, and nothing here depends on the task. The priors are a part of `Config`,
are read from it, and are hashed with it. ``docs/nsr.md`` says what each prior decides, and which
split of SCAN fails without it.

Source: description lengths as in Rissanen 1978; class sharing and mutual exclusivity after the
human biases of Lake, Linzen and Baroni 2019.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Priors:
    """Bits that a part of a lexicon, an unexplained example or a revision costs.

    Attributes:
        variable, state, self, nil, token, append, head, tail, reverse, zero, increment, decrement,
            if_zero, iterate, call: a primitive of a program. A constant token also pays for the
            choice among the tokens.
        reused_token: a token that is a constant of a second word: words exclude each other's
            meanings.
        nullary, postfix, infix, prefix, mixfix, circumfix, polish, reverse_polish: the category of
            a word.
        reach_left, reach_right, reach_loose, reach_tight: how far a right operand extends: over
            tighter operators only, over equal ones too, over all, over none.
        new_level: a binding level that no other operator has.
        shared_level: a level that is shared only with operators of other categories.
        class_level: a level that is shared with operators of the same category.
        open_class: the rule that words denote themselves unless the lexicon says otherwise.
        unknown_word: a word of the examples without an entry: what an entry would cost.
        surprise: an unexplained example, in addition to the spelling of its target; 6 bits are a
            noise rate of about one in 64.
        misread_word: a word read as another in a revision (and the choice of that one).
        violated_binding: an operand that binds against the levels in a revision.
        redefined_word: an entry that is replaced in a revision (and the bits of the new one).
    """

    variable: float = 2.0
    state: float = 2.0
    self: float = 2.0
    nil: float = 2.0
    token: float = 3.0
    append: float = 1.0
    head: float = 3.0
    tail: float = 3.0
    reverse: float = 3.0
    zero: float = 2.0
    increment: float = 2.0
    decrement: float = 3.0
    if_zero: float = 4.0
    iterate: float = 4.0
    call: float = 3.0
    reused_token: float = 8.0
    nullary: float = 1.0
    postfix: float = 3.0
    infix: float = 3.0
    prefix: float = 3.0
    mixfix: float = 5.0
    circumfix: float = 6.0
    polish: float = 5.0
    reverse_polish: float = 5.0
    reach_left: float = 0.0
    reach_right: float = 2.0
    reach_loose: float = 5.0
    reach_tight: float = 5.0
    new_level: float = 6.0
    shared_level: float = 3.0
    class_level: float = 1.0
    open_class: float = 8.0
    unknown_word: float = 14.0
    surprise: float = 6.0
    misread_word: float = 4.0
    violated_binding: float = 6.0
    redefined_word: float = 4.0


PRIORS = Priors()
"""The default priors."""
