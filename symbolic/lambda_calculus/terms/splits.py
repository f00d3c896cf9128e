"""Splits of terms: a term belongs to one by the hash of its tokens, whatever was drawn how."""

import hashlib
from typing import Literal

from abduce.symbolic.lambda_calculus.terms.notations import tokens
from abduce.symbolic.lambda_calculus.terms.terms import Term

Split = Literal["train", "valid", "test"]

SHARES: dict[Split, range] = {"train": range(80), "valid": range(80, 90), "test": range(90, 100)}
"""The values of the hash, modulo 100, that belong to each split."""


def split_of(term: Term) -> Split:
    """The split that a term belongs to.

    >>> from abduce.symbolic.lambda_calculus import parse
    >>> split_of(parse("\\\\x. x")) == split_of(parse("\\\\y. y"))
    True
    """
    digest = hashlib.sha256(" ".join(tokens(term)).encode()).digest()
    number = int.from_bytes(digest[:8], "big") % 100
    return next(split for split, share in SHARES.items() if number in share)
