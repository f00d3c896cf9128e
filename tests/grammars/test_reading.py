""".lark files: what is read, what is refused and where; and that Lark itself reads them alike."""

from pathlib import Path
from random import Random

import pytest
from lark import Lark

import abduce.grammars
from abduce.errors import InputError
from abduce.grammars import read, read_file, sample, text
from abduce.grammars.mutation import mutate

FILES = sorted(
    path
    for path in (Path(abduce.grammars.__file__).parent / "languages").glob("*.lark")
    if not path.name.startswith(
        ("vnnlib", "lambda")
    )  # for lark alone; see the tests of their rooms
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_lark_itself_accepts_the_same_sentences(path: Path) -> None:
    grammar, rng = read_file(path), Random(0)
    lark = Lark(path.read_text(), start=str(grammar.start), parser="lalr")
    for _ in range(200):
        lark.parse(text(grammar, mutate(grammar, sample(grammar, rng), rng)))


def test_terminals_are_sorts_and_their_words_are_rules() -> None:
    grammar = read('s: A\nA: "x" "1".."3" | B ("p" | "q")\nB: "y"\n')
    assert [rule.text for rule in grammar.rules("A")] == [
        ("x1",),
        ("x2",),
        ("x3",),
        ("yp",),
        ("yq",),
    ]
    assert grammar.separator == ""


def test_weights_stand_beside_their_alternatives() -> None:
    grammar = read(['s: "a" -> a //@ 2\n | "b" s -> b\n', " are comments elsewhere? no\n"][0])
    assert [rule.weight for rule in grammar.rules("s")] == [2.0, 1.0]


@pytest.mark.parametrize(
    ("source", "place", "found"),
    [
        ('s: "a"*', ":1:4:", "repetition"),
        ('s: ["a"]', ":1:4:", "optional"),
        ('s: ("a" | "b") "c"', ":1:5:", "group"),
        ("s: /a/", ":1:4:", "regular expression"),
        ('s: "a"i', ":1:4:", "case-blind"),
        ('?s: "a"', ":1:1:", "mark '\\?'"),
        ('_s: "a"', ":1:1:", "mark '_'"),
        ('s.2: "a"', ":1:2:", "priority"),
        ('s: "a" -> a | "b"', ":1:15:", "without a name"),
        ('s: "a" -> a | "b" -> b //@ 2', "", "several|-> "),
        ('s: "a" //@ much', ":1:12:", "'much'"),
        ('s: "a"\n//@ 2', ":2:1:", "no alternative"),
        ('s: "a b"', ":1:4:", "literal"),
        ('s: A\nA: "a" A', ":2:1:", "terminal A"),
        ('s: A\nA: "z".."a"', ":2:4:", "range"),
        ("s: A\nA: /a+/", ":2:4:", "regular expression"),
        ('s: "a"\n%ignore /x/', ":2:", "ignore"),
        ("s: WS\n%import common.WS", ":2:", "import"),
        ('s: "a"\nt: t t', "", "no finite tree of sort 't'"),
        ("s: t", "", "'t' in rule 's'"),
        ('s: "a" )', ":1:8:", "\\)"),
        ("", "", "no rule"),
    ],
)
def test_what_is_not_supported_is_refused_with_its_place(
    source: str, place: str, found: str
) -> None:
    if "several" in found:
        with pytest.raises(InputError, match="several"):
            read(source, "x.lark")
        return
    with pytest.raises(InputError, match=found) as caught:
        read(source, "x.lark")
    assert f"x.lark{place}" in str(caught.value) or not place
