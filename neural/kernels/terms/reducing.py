"""The machine of lambda terms, with its tables proved before it runs."""

from collections.abc import Mapping
from typing import Any

from abduce.symbolic.machines.terms.machine import STEP, LambdaReducer
from abduce.symbolic.programs.definitions.beta import BETA
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Proved


def proved_reducer(kernels: Mapping[str, Any]) -> LambdaReducer:
    """The machine of kernels from anywhere: its tables are proved here.

    Args:
        kernels: exact, by name, as `LambdaReducer` takes them.

    Raises:
        ValueError: the tables are not proved to make steps of beta reduction.
    """
    if not isinstance(prove(kernels[STEP], BETA), Proved):
        raise ValueError("tables without a proof")
    return LambdaReducer(kernels)
