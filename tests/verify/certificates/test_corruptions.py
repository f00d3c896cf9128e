"""Certificates that were changed: what is no proof is refused, and what is still one accepted.

Changes of bytes and fields are refused by the hashes. Then all hashes are made to fit, and the
claim is made false, with a counterexample that is replayed in exact arithmetic; or the tree is
changed until a leaf does not close.
"""

import json
import lzma
import random
from collections.abc import Callable, Sequence
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")

from abduce.errors import InputError
from abduce.verify.bounds.affine.layers import layers_of
from abduce.verify.bounds.propagation.backward import AlphaBeta, lower_bounds
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.bounds.query import queries
from abduce.verify.certificates.certificate import sha256
from abduce.verify.certificates.checking import Accepted, Rejected, check_files
from abduce.verify.certificates.kernel import LEAF, MIX, SLOPE
from abduce.verify.networks.onnx.reading import read_network
from abduce.verify.specifications.vnnlib.reading import read_property
from tests.verify.certificates.narrow import CASES, Narrow, form_of, narrow, saved
from tests.verify.certificates.relu_nets import Net, box

Form = dict[str, Any]
MARGIN: Final = 0.02
"""What bounds in floats may be below 0 where the kernel, which bounds more, closes a leaf."""


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Narrow:
    return narrow(tmp_path_factory.mktemp("certificate"))


def counts(few: int, many: int) -> pytest.MarkDecorator:
    slow = pytest.param(many, marks=pytest.mark.slow)
    return pytest.mark.parametrize("count", [few, slow])


# Refused by the hashes


def changed_digit(text: str, rng: random.Random) -> str:
    place = rng.randrange(len(text))
    digit = rng.choice([d for d in "0123456789abcdef" if d != text[place]])
    return text[:place] + digit + text[place + 1 :]


def changed_entry(form: Form, rng: random.Random) -> Form:
    """Another entry in a tree, one more, or one less."""
    form = deepcopy(form)
    entries = form["trees"][0][0]
    place = rng.randrange(len(entries))
    match rng.randrange(3):
        case 0:
            entries[place] += rng.choice((-1, 1, 2))
        case 1:
            entries.insert(place, rng.randrange(-1, 3))
        case _:
            del entries[place]
    return form


FIELDS: Final[Sequence[Callable[[Form, random.Random], Form]]] = (
    changed_entry,
    lambda form, rng: form | {"scale": form["scale"] + rng.choice((-2, -1, 1, 2))},
    lambda form, rng: form | {"trees": form["trees"] * rng.choice((0, 2))},
    lambda form, rng: form | {"trees": [[form["trees"][0][0], []]]},
    *[
        lambda form, rng, name=name: form | {name: changed_digit(form[name], rng)}
        for name in ("network", "property", "digest")
    ],
)


@counts(14, 250)
def test_changed_fields_are_refused_by_the_digest(
    count: int, given: Narrow, tmp_path: Path, rng: random.Random
) -> None:
    form, path = form_of(given.proof), tmp_path / "changed.json.xz"
    for number in range(count):
        changed = FIELDS[number % len(FIELDS)](form, rng)
        assert changed != form
        found = check_files(*given.files, saved(changed, path, digest=False))
        assert isinstance(found, Rejected)
        assert "digest" in found.reason


@counts(10, 250)
def test_changed_bytes_are_refused(
    count: int, given: Narrow, tmp_path: Path, rng: random.Random
) -> None:
    content, path = given.proof.read_bytes(), tmp_path / "changed.json.xz"
    for _ in range(count):
        changed, place = bytearray(content), rng.randrange(len(content))
        changed[place] ^= rng.randrange(1, 256)
        path.write_bytes(changed)
        try:
            found = check_files(*given.files, path)
        except InputError:
            continue
        assert isinstance(found, Rejected)


# Refused by the arithmetic


def violated(net: Net, x: Sequence[Fraction], bounds: tuple[str, str]) -> bool:
    """Whether an input violates the property with these bounds, in exact arithmetic."""
    y0, y1 = net.layers(x)[-1]
    return (y0 <= y1 and y0 <= Fraction(bounds[0])) or y1 >= Fraction(bounds[1])


def point(rng: random.Random, reach: Sequence[float] = (1.0, 1.0, 1.0)) -> list[Fraction]:
    return [Fraction(rng.randint(-64, 64), 64) * Fraction(end) for end in reach]


Claim = tuple[Net, str, tuple[str, str]]
"""A network, the text of a box, and the bounds of the property."""


def another_property(given: Narrow, rng: random.Random) -> tuple[Claim, list[Fraction]]:
    """A bound is moved to the value at a point."""
    x = point(rng)
    y0, y1 = given.net.layers(x)[-1]
    first = f"{float(y0) + 1e-6:.9f}" if y0 <= y1 and rng.random() < 0.5 else given.bounds[0]
    bounds = (first, given.bounds[1] if first != given.bounds[0] else f"{float(y1) - 1e-6:.9f}")
    return (given.net, given.box, bounds), x


def another_weight(given: Narrow, rng: random.Random) -> tuple[Claim, list[Fraction]]:
    """One weight or bias grows until the property is violated at a point."""
    while True:
        x, layer = point(rng), rng.randrange(3)
        weights, biases = (
            [w.copy() for w in given.net.weights],
            [b.copy() for b in given.net.biases],
        )
        array = rng.choice((weights, biases))[layer].reshape(-1)
        place, sign = rng.randrange(len(array)), rng.choice((-1, 1))
        for power in range(-3, 7):
            changed = array.copy()
            changed[place] += np.float32(sign * 2.0**power)
            kept, array[place] = array[place], changed[place]
            net = Net(tuple(weights), tuple(biases))
            if violated(net, x, given.bounds):
                return (net, given.box, given.bounds), x
            array[place] = kept


def wider_interval(given: Narrow, rng: random.Random) -> tuple[Claim, list[Fraction]]:
    """The interval of one input reaches to a point that violates the property."""
    while True:
        axis, reach = rng.randrange(3), [1.0, 1.0, 1.0]
        reach[axis] = 2.0 ** rng.randint(1, 6)
        x = point(rng, reach)
        if violated(given.net, x, given.bounds):
            low, high = [-1.0] * 3, [1.0] * 3
            low[axis], high[axis] = min(-1.0, float(x[axis])), max(1.0, float(x[axis]))
            return (given.net, box(low, high), given.bounds), x


FALSE: Final = (another_property, another_weight, wider_interval)


@counts(9, 300)
def test_false_claims_are_refused_by_the_arithmetic(
    count: int, given: Narrow, tmp_path: Path, rng: random.Random
) -> None:
    """All hashes fit. The counterexample is replayed."""
    form, path = form_of(given.proof), tmp_path / "changed.json.xz"
    for number in range(count):
        (net, text, bounds), x = FALSE[number % len(FALSE)](given, rng)
        assert violated(net, x, bounds)
        files = net.files(tmp_path, text + CASES.format(*bounds))
        hashes = {
            name: sha256(file.read_bytes())
            for name, file in zip(("network", "property"), files, strict=True)
        }
        found = check_files(*files, saved(form | hashes, path))
        assert isinstance(found, Rejected)
        assert "does not close" in found.reason
        assert found.box


def pruned(form: Form, rng: random.Random) -> Form:
    """A split whose children are leaves is made a leaf; there was none before, so it is open."""
    entries, choices = form["trees"][0]
    pairs = [i for i, e in enumerate(entries[:-2]) if e >= 0 and entries[i + 1 : i + 3] == [-1, -1]]
    place = rng.choice(pairs)
    first = entries[:place].count(LEAF)
    kept = [
        c if c[0] < first else [c[0] - 1, *c[1:]] for c in choices if c[0] not in (first, first + 1)
    ]
    return form | {"trees": [[[*entries[:place], LEAF, *entries[place + 3 :]], kept]]}


def permuted(form: Form, rng: random.Random) -> Form:
    """Every input is split where another one was."""
    entries, choices = form["trees"][0]
    turn = rng.choice(((1, 2, 0), (2, 0, 1), (1, 0, 2), (0, 2, 1), (2, 1, 0)))
    places = [i for i, entry in enumerate(entries) if entry >= 0]
    chosen = set(rng.sample(places, rng.randint(len(places) // 2, len(places))))
    changed = [turn[e] if i in chosen else e for i, e in enumerate(entries)]
    return form | {"trees": [[changed, choices]]}


def without_choices(form: Form, rng: random.Random) -> Form:
    """The choice of a leaf is lost, or its weights are turned round."""
    entries, choices = form["trees"][0]
    place = rng.randrange(len(choices))
    number, case, weights, digits, signs = choices[place]
    other = [] if rng.random() < 0.5 else [[number, case, weights[::-1], digits, signs]]
    return form | {"trees": [[entries, [*choices[:place], *other, *choices[place + 1 :]]]]}


@pytest.mark.parametrize("change", [pruned, permuted, without_choices])
@counts(4, 70)
def test_trees_that_do_not_close_are_refused_by_the_arithmetic(
    count: int,
    change: Callable[[Form, random.Random], Form],
    given: Narrow,
    tmp_path: Path,
    rng: random.Random,
) -> None:
    """The hashes fit. Where a change is accepted, all of its leaves close with bounds in floats,
    too, and it does not count."""
    form, path, refused = form_of(given.proof), tmp_path / "changed.json.xz", 0
    for _ in range(20 * count):
        changed = change(form, rng)
        found = check_files(*given.files, saved(changed, path))
        if isinstance(found, Accepted):
            assert change is not pruned
            assert closes_in_floats(given, changed["trees"][0])
            continue
        assert "does not close" in found.reason
        refused += 1
        if refused == count:
            return
    pytest.fail(f"only {refused} changes made a difference")


def closes_in_floats(given: Narrow, tree: list) -> bool:
    """Whether a row of each case, or the mean with its choice, is positive in each leaf, by bounds
    in floats, but for a margin."""
    network = read_network(given.files[0])
    layers = layers_of(network)
    shapes = network.input_shape, network.output_shape
    (query,) = queries(read_property(given.files[1], *shapes))
    choices = {(number, case): (w, digits) for number, case, w, digits, _ in tree[1]}
    stack, leaves = [(-np.ones(3), np.ones(3))], 0
    for entry in tree[0]:
        low, high = stack.pop()
        if entry != LEAF:
            middle, upper, lower = (low[entry] + high[entry]) / 2, high.copy(), low.copy()
            upper[entry] = lower[entry] = middle
            stack += [(lower, high), (low, upper)]
            continue
        known = bound_layers(layers, (low[None], high[None]))
        for case in range(2):
            mine = np.flatnonzero(query.owner == case)
            outputs, bounds = query.outputs[mine], query.bounds[mine]
            least = float(lower_bounds(layers, known, {3: outputs}, -bounds).value.max())
            if (leaves, case) in choices:
                weights, digits = choices[leaves, case]
                slopes = np.array([int(digit) / SLOPE for digit in digits]).reshape(2, 1, 1, 12)
                alpha = {j: slopes[j - 1][..., known.active[j]] for j in (1, 2)}
                shares = np.array([weights]) / 2**MIX
                mixed = {3: shares @ outputs}, -(shares @ bounds), AlphaBeta(alpha_lower=alpha)
                least = max(least, float(lower_bounds(layers, known, *mixed).value.max()))
            if least < -MARGIN:
                return False
        leaves += 1
    return True


# Accepted


def reordered(form: Form, rng: random.Random) -> Form:
    entries, choices = form["trees"][0]
    names = [*form]
    rng.shuffle(names)
    changed = form | {"trees": [[entries, rng.sample(choices, len(choices))]]}
    return {name: changed[name] for name in names}


def finer(form: Form, rng: random.Random) -> Form:
    """A leaf is split once more; its halves have its choices."""
    entries, choices = form["trees"][0]
    number = rng.randrange(entries.count(LEAF))
    place = [i for i, entry in enumerate(entries) if entry == LEAF][number]
    changed = [*entries[:place], rng.randrange(3), LEAF, *entries[place:]]
    moved = [[c[0] + 1, *c[1:]] for c in choices if c[0] >= number]
    return form | {"trees": [[changed, [c for c in choices if c[0] <= number] + moved]]}


@counts(8, 100)
def test_harmless_changes_are_accepted(
    count: int, given: Narrow, tmp_path: Path, rng: random.Random
) -> None:
    """Other orders of fields and of choices, leaves that are split once more, other scales, and
    other ways to pack and to write."""
    form, path = form_of(given.proof), tmp_path / "changed.json.xz"
    for number in range(count):
        match number % 4:
            case 0:
                saved(reordered(form, rng), path)
            case 1:
                saved(finer(form, rng), path)
            case 2:
                saved(form | {"scale": form["scale"] + rng.choice((-4, -3, 2, 4))}, path)
            case _:
                text = json.dumps(form, indent=rng.randrange(5), sort_keys=rng.random() < 0.5)
                path.write_bytes(lzma.compress(text.encode(), preset=rng.randrange(10)))
        assert isinstance(check_files(*given.files, path), Accepted)
