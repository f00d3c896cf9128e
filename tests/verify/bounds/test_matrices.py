"""All kinds of matrices give the same products as arrays do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from abduce.verify.bounds.affine import matrices
from abduce.verify.bounds.affine.coefficients import added, carried, spread
from abduce.verify.bounds.affine.convolutions import convolution
from abduce.verify.bounds.affine.expressions import Expression
from abduce.verify.bounds.affine.groups import row_groups
from abduce.verify.bounds.affine.matrices import (
    Matrix,
    back,
    back_on,
    column_terms,
    multiplications,
    row_terms,
    rows_on,
    times,
)
from abduce.verify.networks.network import Conv

seeds = st.integers(0, 2**32 - 1)
KINDS = ("array", "sparse", "convolution", "identity")


def matrix_of(kind: str, rng: np.random.Generator) -> tuple[Matrix, np.ndarray]:
    """A matrix of a kind, and as an array."""
    if kind == "convolution":
        kernel = rng.normal(size=(2, 2, 2, 3))
        conv = Conv(kernel, np.zeros(2), (1, 2), ((1, 0), (1, 1)), (1, 1), 1)
        found = convolution(conv, (1, 2, 4, 5), (1, 2, 4, 3))
        return found, found.T.back(np.eye(40)).T
    if kind == "identity":
        return None, np.eye(7)
    full = rng.normal(size=tuple(rng.integers(1, 9, 2)))
    if kind == "array":
        return full, full
    full *= rng.random(full.shape) < 0.3
    return sparse.csr_matrix(full), full


@pytest.mark.parametrize("kind", KINDS)
@given(seeds)
def test_products_are_those_of_arrays(kind: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix, full = matrix_of(kind, rng)
    rows, columns = full.shape
    for lead in ((3,), (2, 3), (2, 0)):
        x, a = rng.normal(size=(*lead, columns)), rng.normal(size=(*lead, rows))
        np.testing.assert_allclose(times(x, matrix), x @ full.T, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(back(a, matrix), a @ full, rtol=1e-12, atol=1e-12)
    assert row_terms(matrix) >= np.count_nonzero(full, axis=1).max()
    assert column_terms(matrix) >= np.count_nonzero(full, axis=0).max()
    assert multiplications(matrix, rows) >= np.count_nonzero(full)


@pytest.mark.parametrize("kind", KINDS)
@given(seeds)
def test_products_of_some_rows_are_zero_but_where_they_say(kind: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix, full = matrix_of(kind, rng)
    rows, columns = full.shape
    index = np.sort(rng.choice(rows, int(rng.integers(1, rows + 1)), False))
    a = rng.normal(size=(2, 3, len(index)))
    found, places = back_on(a, index, matrix)
    np.testing.assert_allclose(
        spread(found, places, columns), a @ full[index], rtol=1e-12, atol=1e-12
    )
    chosen, places = rows_on(matrix, index)
    np.testing.assert_array_equal(spread(chosen, places, columns), full[index])
    for some in (index, None):
        a = rng.normal(size=(1, 2, rows if some is None else len(index)))
        found, places = carried(a, some, matrix, None)
        theirs = a @ (full if some is None else full[index])
        np.testing.assert_allclose(spread(found, places, columns), theirs, rtol=1e-12, atol=1e-12)


@given(seeds)
def test_coefficients_on_some_entries_each_are_added(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 9))

    def some() -> tuple[np.ndarray, np.ndarray | None]:
        if rng.integers(3) == 0:
            return rng.normal(size=(1, 2, size)), None
        index = np.sort(rng.choice(size, int(rng.integers(1, size + 1)), False))
        return rng.normal(size=(1, 2, len(index))), index

    (a, there), (b, other) = some(), some()
    total, both = added(a, there, b, other)
    theirs = spread(a, there, size) + spread(b, other, size)
    np.testing.assert_array_equal(spread(total, both, size), theirs)


@given(seeds, st.integers(1, 60))
def test_groups_of_rows_are_a_partition_in_order(seed: int, most: int) -> None:
    rng = np.random.default_rng(seed)
    matrix, full = matrix_of(str(rng.choice(["array", "convolution"])), rng)
    x = Expression({0: matrix}, np.zeros(len(full)))
    rows = np.sort(rng.choice(x.size, int(rng.integers(0, x.size + 1)), False))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("abduce.verify.bounds.affine.groups.TOGETHER", int(rng.integers(1, 9)))
        groups = list(row_groups(x, rows, most))
    assert sorted(np.concatenate([*groups, []]).tolist()) == rows.tolist()
    for group in groups:
        assert len(group) <= most
        assert (np.diff(group) > 0).all()


def test_small_convolutions_are_multiplied_out(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix, full = matrix_of("convolution", np.random.default_rng(0))
    np.testing.assert_array_equal(matrices.compact(matrix), full)
    monkeypatch.setattr(matrices, "SMALL", 0)
    monkeypatch.setattr(matrices, "MAX_FILL", full.size / matrix.entries)
    np.testing.assert_array_equal(matrices.compact(matrix), full)
    monkeypatch.setattr(matrices, "MAX_FILL", 1.0)
    assert matrices.compact(matrix) is matrix
