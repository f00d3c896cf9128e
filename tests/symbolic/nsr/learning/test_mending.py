"""Mending: what is wrong in a lexicon that knows its words is found, and learned again."""

import pytest

from abduce.symbolic.nsr import learn

NAMES = "abc"


@pytest.mark.parametrize(
    ("sentence", "output"),
    [
        ("{o} {x} {y}", "( {x} {o} {y} )"),
        ("{x} {y} {o}", "( {x} {o} {y} )"),
    ],
)
def test_words_whose_token_is_in_the_output_can_be_operators_of_two_operands(
    sentence: str, output: str
) -> None:
    pairs = [(name, name) for name in NAMES]
    pairs += [
        (sentence.format(o=o, x=x, y=y), output.format(o=o, x=x, y=y))
        for o in "+*"
        for x in NAMES
        for y in NAMES
    ]
    lexicon = learn(pairs)
    assert lexicon.summary["explained"] == len(pairs)
    inner = sentence.format(o="*", x="b", y="c"), output.format(o="*", x="b", y="c")
    nested = [
        form.format(o="+", x="a", y=part)
        for form, part in zip((sentence, output), inner, strict=True)
    ]
    assert lexicon.answer(nested[0]).value == tuple(nested[1].split())
