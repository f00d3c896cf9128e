"""Operators that compute: sums, products, matrices, powers, reductions.

In real arithmetic each translation is the operator, with one exception: a constant that has to be
computed (a quotient, a square root) is rounded to the nearest double.
"""

from collections.abc import Mapping
from math import inf, prod
from types import MappingProxyType

import numpy as np

from abduce.errors import InputError
from abduce.verify.networks.functions.pieces.absolute import ABS
from abduce.verify.networks.functions.pieces.clip import clip
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.smooth.exponential import EXP
from abduce.verify.networks.functions.smooth.logarithm import LOG
from abduce.verify.networks.functions.smooth.power import power
from abduce.verify.networks.functions.smooth.reciprocal import RECIPROCAL
from abduce.verify.networks.functions.smooth.square_root import SQRT
from abduce.verify.networks.network import Conv, Pick, Shape
from abduce.verify.networks.onnx.building import Builder, Site, Translator, Value, groups
from abduce.verify.networks.onnx.operators.gates import product
from abduce.verify.networks.onnx.operators.masking import masked_by, plus_mask


def _together(site: Site) -> tuple[Value, Value]:
    """The first two operands, nodes broadcast to the shape of the result."""
    a, b = site.value(0), site.value(1)
    builder = site.builder
    shape = np.broadcast_shapes(builder.shape_of(a), builder.shape_of(b))
    return builder.broadcast(a, shape), builder.broadcast(b, shape)


def _sum(site: Site, sign: float) -> Value:
    match _together(site):
        case int(a), int(b):
            return site.builder.plus(a, b, sign)
        case int(a), np.ndarray() as b:
            return site.builder.affine(a, 1.0, sign * b)
        case np.ndarray() as a, int(b):
            return site.builder.affine(b, sign, a)
        case a, b:
            return site.builder.affine(site.builder.node(a), 1.0, sign * np.asarray(b))


def _add(site: Site) -> Value:
    """A constant may be a mask, with entries of minus infinity."""
    builder, (a, b) = site.builder, _together(site)
    if isinstance(a, int) and isinstance(b, int) and {a, b} & builder.masked.keys():
        masks = [builder.masked.get(each, np.array(False)) for each in (a, b)]
        found = builder.plus(a, b)
        builder.masked[found] = masks[0] | masks[1]
        return found
    for node, array in ((a, b), (b, a)):
        if not (isinstance(node, int) and isinstance(array, np.ndarray)):
            continue
        if node in builder.masked or masked_by(array) is not None:
            return plus_mask(builder, node, array)
    return _sum(site, 1.0)


def _sub(site: Site) -> Value:
    return _sum(site, -1.0)


def _mul(site: Site) -> Value:
    match _together(site):
        case int(a), int(b):
            return product(site.builder, a, b)
        case int(node), np.ndarray() as c:
            return site.builder.affine(node, c, 0.0)
        case np.ndarray() as c, b:
            return site.builder.affine(site.builder.node(b), c, 0.0)
    raise AssertionError("a value is a node or an array")


def _div(site: Site) -> Value:
    a, b = _together(site)
    builder = site.builder
    if isinstance(b, np.ndarray):
        if not np.all(b):
            raise InputError("a division by zero", ("another constant",))
        return builder.affine(builder.node(a), 1.0 / b, 0.0)
    inverse = _inverse(builder, b)
    if isinstance(a, np.ndarray):
        return builder.affine(inverse, a, 0.0)
    return builder.times(a, inverse)


def _inverse(builder: Builder, node: int) -> int:
    """1 / node, before its entries are copied; of a square root a power."""
    operation = builder.nodes[node].operation
    if operation is SQRT:
        return builder.unary(builder.nodes[node].inputs[0], power(-0.5))
    match operation:
        case Pick(index=None):
            shape = builder.nodes[node].shape
            return builder.reshape(_inverse(builder, builder.nodes[node].inputs[0]), shape)
        case Pick(index=index) if index is not None and bool((index >= 0).all()):
            return builder.pick(_inverse(builder, builder.nodes[node].inputs[0]), index)
    return builder.unary(node, RECIPROCAL)


def _several(site: Site) -> Value:
    """Sum of any number of operands."""
    shape = np.broadcast_shapes(*(site.shape(i) for i in range(len(site.values))))
    builder = site.builder
    constant = np.zeros(shape)
    total: int | None = None
    for i in range(len(site.values)):
        value = builder.broadcast(site.value(i), shape)
        if isinstance(value, np.ndarray):
            constant = constant + value
        else:
            total = value if total is None else builder.plus(total, value)
    return builder.affine(builder.node(constant * 0.0) if total is None else total, 1.0, constant)


def _mean(site: Site) -> Value:
    """The mean of any number of operands."""
    total = site.builder.node(_several(site))
    return site.builder.affine(total, 1.0 / len(site.values), 0.0)


def _neg(site: Site) -> Value:
    return site.builder.affine(site.node(0), -1.0, 0.0)


def _pow(site: Site) -> Value:
    """Entries with the same constant exponent are one power."""
    exponents, builder = site.constant(1).astype(np.float64), site.builder
    shape = np.broadcast_shapes(site.shape(0), exponents.shape)
    node = builder.node(builder.broadcast(site.value(0), shape))
    each = np.broadcast_to(exponents, shape).reshape(-1)
    different = np.unique(each)
    if len(different) == 1:
        return _power_of(builder, node, float(different[0]))
    place, parts = np.empty(each.size, np.int64), []
    start = 0
    for exponent in different:
        (own,) = np.nonzero(each == exponent)
        parts.append(_power_of(builder, builder.pick(node, own), float(exponent)))
        place[own] = start + np.arange(len(own))
        start += len(own)
    return builder.assembled(parts, place.reshape(shape))


def _power_of(builder: Builder, node: int, exponent: float) -> Value:
    match exponent:
        case 0.0:
            return np.ones(builder.nodes[node].shape)
        case 1.0:
            return node
        case 0.5:
            return builder.unary(node, SQRT)
        case -1.0:
            return builder.unary(node, RECIPROCAL)
    return builder.unary(node, power(exponent))


def _clip(site: Site) -> Value:
    """Bounds as attributes before opset 11; one of them may be missing."""
    low, high = site.number("min", -inf), site.number("max", inf)
    for i in (1, 2):
        if site.has(i):
            bound = site.constant(i)
            if bound.size != 1:
                raise InputError(f"bounds of shape {bound.shape}", ("a number",))
            low, high = (float(bound.flat[0]), high) if i == 1 else (low, float(bound.flat[0]))
    if low != low or high != high:
        raise InputError("a bound that is NaN", ("numbers",))
    # ONNX runs into float32's range where it means no bound
    low, high = (-inf if low <= -3.4e38 else low), (inf if high >= 3.4e38 else high)
    node, builder = site.node(0), site.builder
    if low > high:
        return np.full(builder.nodes[node].shape, high)
    if -inf < low and high < inf:
        return builder.unary(node, clip(low, high))
    if -inf < low:
        return _above(builder, node, low)
    return _below(builder, node, high) if high < inf else node


def _above(builder: Builder, node: int, low: np.ndarray | float) -> int:
    """max(node, low)."""
    part = builder.unary(builder.affine(node, 1.0, np.negative(low)), RELU)
    return builder.affine(part, 1.0, low)


def _below(builder: Builder, node: int, high: np.ndarray | float) -> int:
    """min(node, high)."""
    part = builder.unary(builder.affine(node, -1.0, high), RELU)
    return builder.affine(part, -1.0, high)


def _extreme(sign: float) -> Translator:
    """Max (1) or Min (-1) of any number of operands."""

    def translate(site: Site) -> Value:
        builder = site.builder
        shape = np.broadcast_shapes(*(site.shape(i) for i in range(len(site.values))))
        values = [builder.broadcast(site.value(i), shape) for i in range(len(site.values))]
        nodes = [value for value in values if not isinstance(value, np.ndarray)]
        arrays = [value for value in values if isinstance(value, np.ndarray)]
        best = np.full(shape, -inf)
        for array in arrays:
            best = np.maximum(best, sign * array)
        if not nodes:
            return sign * best
        node = nodes[0]
        if len(nodes) > 1:
            size = prod(shape)
            joined = builder.concat([builder.reshape(node, (size,)) for node in nodes], 0)
            groups = np.arange(size).reshape(*shape, 1) + size * np.arange(len(nodes))
            node = _largest(builder, joined, groups, sign)
        if not arrays or bool(np.isneginf(best).all()):
            return node
        return _above(builder, node, best) if sign > 0 else _below(builder, node, -best)

    return translate


def _largest(builder: Builder, node: int, groups: np.ndarray, sign: float) -> int:
    if sign > 0:
        return builder.largest(node, groups)
    negated = builder.largest(builder.affine(node, -1.0, 0.0), groups)
    return builder.affine(negated, -1.0, 0.0)


def _reduce_sum(site: Site) -> Value:
    return site.builder.sum(site.node(0), *site.reduced())


def _reduce_mean(site: Site) -> Value:
    axes, keep = site.reduced()
    count = prod(site.shape(0)[axis] for axis in axes)
    return site.builder.affine(site.builder.sum(site.node(0), axes, keep), 1.0 / count, 0.0)


def _reduce_extreme(sign: float) -> Translator:
    def translate(site: Site) -> Value:
        axes, keep = site.reduced()
        if not axes:
            return site.node(0)
        return _largest(site.builder, site.node(0), groups(site.shape(0), axes, keep), sign)

    return translate


def _reduce_product(site: Site) -> Value:
    """Products of halves, until one is left."""
    axes, keep = site.reduced()
    builder, node = site.builder, site.node(0)
    if not axes:
        return node
    index = groups(site.shape(0), axes, keep)
    shape, node = index.shape[:-1], builder.pick(node, index)
    while (size := builder.nodes[node].shape[-1]) > 1:
        half = size // 2
        a, b = (
            builder.node(builder.copied(node, lambda array, s=start, n=half: array[..., s : s + n]))
            for start in (0, half)
        )
        pairs = builder.times(a, b)
        if size % 2:
            rest = builder.node(builder.copied(node, lambda array: array[..., -1:]))
            pairs = builder.concat([pairs, rest], len(shape))
        node = pairs
    return builder.reshape(node, shape)


def _reduce_l1(site: Site) -> Value:
    return site.builder.sum(site.builder.unary(site.node(0), ABS), *site.reduced())


def _reduce_sum_square(site: Site) -> Value:
    squares = product(site.builder, site.node(0), site.node(0))
    return site.builder.sum(squares, *site.reduced())


def _reduce_l2(site: Site) -> Value:
    return site.builder.unary(site.builder.node(_reduce_sum_square(site)), SQRT)


def _reduce_log_sum(site: Site) -> Value:
    return site.builder.unary(site.builder.node(_reduce_sum(site)), LOG)


def _reduce_log_sum_exp(site: Site) -> Value:
    builder = site.builder
    total = builder.sum(builder.unary(site.node(0), EXP), *site.reduced())
    builder.unbounded.append(
        f"node {builder.tensor}: {site.call.kind}, which a runtime computes in another way"
    )
    return builder.unary(total, LOG)


def _gemm(site: Site) -> Value:
    builder = site.builder
    alpha, beta = site.number("alpha", 1.0), site.number("beta", 1.0)
    a, b = site.value(0), site.value(1)
    for i, name in enumerate(("transA", "transB")):
        if len(site.shape(i)) != 2:
            raise InputError(f"a matrix of shape {site.shape(i)}", ("two axes",))
        if site.number(name, 0):
            a, b = (
                (builder.copied(a, np.transpose), b)
                if i == 0
                else (a, builder.copied(b, np.transpose))
            )
    node = builder.node(_matrix_product(builder, a, b))
    if alpha != 1.0:
        node = builder.affine(node, alpha, 0.0)
    if not site.has(2) or beta == 0.0:
        return node
    exact = site.opset < 7 and not site.number("broadcast", 0)
    if exact and site.shape(2) != builder.nodes[node].shape:
        raise InputError(f"a sum with {site.shape(2)}", (str(builder.nodes[node].shape),))
    c = builder.broadcast(site.value(2), builder.nodes[node].shape)
    if isinstance(c, np.ndarray):
        return builder.affine(node, 1.0, beta * c)
    return builder.plus(node, c if beta == 1.0 else builder.affine(c, beta, 0.0))


def _matmul(site: Site) -> Value:
    """Operands of one axis get a second one for the product, which then goes away again."""
    builder = site.builder
    a, b = site.value(0), site.value(1)
    row, column = len(site.shape(0)) == 1, len(site.shape(1)) == 1
    if isinstance(a, int) and row and isinstance(b, np.ndarray) and b.ndim == 2:
        return builder.dense(a, b)
    if isinstance(b, int) and column and isinstance(a, np.ndarray) and a.ndim == 2:
        return builder.dense(b, a.T)
    if row:
        a = builder.copied(a, lambda array: array[None])
    if column:
        b = builder.copied(b, lambda array: array[:, None])
    found = builder.node(_matrix_product(builder, a, b))
    *leading, n, m = builder.nodes[found].shape
    return builder.reshape(found, (*leading, *(() if row else (n,)), *(() if column else (m,))))


def _turn(array: np.ndarray) -> np.ndarray:
    return np.swapaxes(array, -1, -2)


def _matrix_product(builder: Builder, a: Value, b: Value) -> Value:
    """``a @ b`` of matrices, or of batches of them; constants to the right become Dense."""
    shape_a, shape_b = builder.shape_of(a), builder.shape_of(b)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        a = builder.node(a)
    if isinstance(a, np.ndarray):
        turned = _matrix_product(builder, builder.copied(b, _turn), _turn(a))
        return builder.copied(turned, _turn)
    leading = np.broadcast_shapes(shape_a[:-2], shape_b[:-2])
    if isinstance(b, np.ndarray):
        if prod(shape_b[:-2]) == 1:
            shape = (*leading, *shape_a[-2:]) if len(leading) > len(shape_a) - 2 else shape_a
            return builder.dense(builder.reshape(a, shape), b.reshape(shape_b[-2:]))
        return _batched_dense(builder, a, b, leading)
    return builder.matmul(
        builder.node(builder.broadcast(a, (*leading, *shape_a[-2:]))),
        builder.node(builder.broadcast(b, (*leading, *shape_b[-2:]))),
    )


def _batched_dense(builder: Builder, a: int, b: np.ndarray, leading: Shape) -> Value:
    """A matrix of its own for each member of a batch: a convolution of length 1 in groups."""
    (n, k), (k_too, m), batch = builder.nodes[a].shape[-2:], b.shape[-2:], prod(leading)
    if k != k_too:
        raise InputError(f"a product of {builder.nodes[a].shape} and {b.shape}", ("equal sizes",))
    builder.claim((batch, k, m))
    weight = _turn(np.broadcast_to(b, (*leading, k, m))).reshape(batch * m, k, 1)
    spread = builder.node(builder.broadcast(a, (*leading, n, k)))
    columns = builder.copied(spread, lambda array: _turn(array).reshape(1, batch * k, n))
    conv = Conv(weight, np.zeros(batch * m), (1,), ((0, 0),), (1,), batch)
    rows = builder.conv(builder.node(columns), conv, (n,))
    return builder.copied(rows, lambda array: _turn(array.reshape(*leading, m, n)))


ARITHMETIC: Mapping[str, Translator] = MappingProxyType(
    {
        "Add": _add,
        "Clip": _clip,
        "Div": _div,
        "Gemm": _gemm,
        "MatMul": _matmul,
        "Max": _extreme(1.0),
        "Mean": _mean,
        "Min": _extreme(-1.0),
        "Mul": _mul,
        "Neg": _neg,
        "Pow": _pow,
        "Reciprocal": lambda site: _inverse(site.builder, site.node(0)),
        "ReduceL1": _reduce_l1,
        "ReduceL2": _reduce_l2,
        "ReduceLogSum": _reduce_log_sum,
        "ReduceLogSumExp": _reduce_log_sum_exp,
        "ReduceMax": _reduce_extreme(1.0),
        "ReduceMean": _reduce_mean,
        "ReduceMin": _reduce_extreme(-1.0),
        "ReduceProd": _reduce_product,
        "ReduceSum": _reduce_sum,
        "ReduceSumSquare": _reduce_sum_square,
        "Sub": _sub,
        "Sum": _several,
    }
)
