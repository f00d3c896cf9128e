"""Unification agrees with substitution: what merges has equal terms, what clashes has none."""

from hypothesis import given
from hypothesis import strategies as st

from abduce.symbolic.unification import Classes

COUNT = 6
VARIABLE = st.integers(0, COUNT - 1)
PAIRS = st.lists(st.tuples(VARIABLE, VARIABLE), max_size=8)
GIVEN = st.dictionaries(VARIABLE, st.sampled_from(["list", "integer"]), max_size=3)


@given(PAIRS, GIVEN)
def test_constants_clash_exactly_where_two_are_connected(
    pairs: list[tuple[int, int]], given_: dict[int, str]
) -> None:
    connected = [{v} for v in range(COUNT)]
    for a, b in pairs:
        both = connected[a] | connected[b]
        for v in both:
            connected[v] = both
    agree = all(len({given_[v] for v in c if v in given_}) <= 1 for c in connected)
    classes = Classes(COUNT)
    fine = [classes.equate(v, (name,)) for v, name in given_.items()]
    fine += [classes.merge(a, b) for a, b in pairs]
    assert all(fine) == agree
    if agree:
        for v in range(COUNT):
            assert {classes.root(v) == classes.root(w) for w in connected[v]} == {True}
            names = {given_[w] for w in connected[v] if w in given_}
            assert classes.structure(v) == ((names.pop(),) if names else None)


@given(VARIABLE, VARIABLE)
def test_parts_of_equal_structures_are_equal(a: int, b: int) -> None:
    classes = Classes(COUNT + 2)
    pair, other = COUNT, COUNT + 1
    assert classes.equate(pair, ("pair", a, 0))
    assert classes.equate(other, ("pair", b, 1))
    assert classes.merge(pair, other)
    assert classes.root(a) == classes.root(b)
    assert classes.root(0) == classes.root(1)
    assert not classes.equate(pair, ("other", 0))
