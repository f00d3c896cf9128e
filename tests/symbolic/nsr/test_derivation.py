"""Derivations as trees: what text, drawing and page show is the derivation, and nothing steers."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given

from abduce.symbolic.nsr import Lexicon, learn
from abduce.symbolic.nsr.showing.derivation import MOST_WORDS, Node
from abduce.symbolic.nsr.showing.derivation_svg import LONGEST, svg
from tests.toy_languages import COMMANDS, TREE, languages, pairs_of

SVG = "{http://www.w3.org/2000/svg}"


GOLDEN = """\
<svg xmlns="http://www.w3.org/2000/svg" class="derivation" role="img" \
width="106" height="168" viewBox="-16 -14 106 168">
<title>a &lt;b&gt;</title>
<path d="M37.2 56.0C37.2 70.0 37.2 70.0 37.2 84.0"/>
<g><title>a
a: &#x27;&amp;&#x27;
&amp;</title>
<rect x="7.3" y="84.0" width="59.8" height="56.0" rx="4"/>
<text class="phrase" \
x="37.2" y="100.0">a</text>
<text class="program" \
x="37.2" y="116.0">a: &#x27;&amp;&#x27;</text>
<text class="value" \
x="37.2" y="132.0">&amp;</text>
</g>
<g><title>a &lt;b&gt;
&lt;b&gt;: x x
&amp; &amp;</title>
<rect x="0.0" y="0.0" width="74.4" height="56.0" rx="4"/>
<text class="phrase" \
x="37.2" y="16.0">a &lt;b&gt;</text>
<text class="program" \
x="37.2" y="32.0">&lt;b&gt;: x x</text>
<text class="value" \
x="37.2" y="48.0">&amp; &amp;</text>
</g>
</svg>
"""


def nodes(node: Node) -> list[Node]:
    return [node, *(below for child in node.children for below in nodes(child))]


@given(languages())
def test_the_root_is_the_sentence_with_its_answer_and_phrases_hold_their_parts(
    teacher: Lexicon,
) -> None:
    for words, value in list(pairs_of(teacher, (1, 2, 3)))[:40]:
        tree = teacher.derivation(words)
        assert isinstance(tree, Node)
        assert (tree.phrase, tree.value) == (words, value)
        for node in nodes(tree):
            for child in node.children:
                assert " ".join(child.phrase) in " ".join(node.phrase)
        assert tree.show() == teacher.explain(words)
        assert teacher.derivation(" ".join(words)) == tree


def test_there_is_no_tree_without_a_derivation_or_of_a_very_long_sentence() -> None:
    lexicon = learn(list(COMMANDS))
    for sentence in ("jump jimp", "twice", " ".join(["jump"] * (MOST_WORDS + 1))):
        tree = lexicon.derivation(sentence)
        assert isinstance(tree, str)
        assert tree == lexicon.explain(sentence)
    assert lexicon.explain("jump around left twice") == TREE


def boxes(drawing: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each box."""
    found = ElementTree.fromstring(drawing).iter(f"{SVG}rect")
    sizes = [[float(rect.attrib[a]) for a in ("x", "y", "width", "height")] for rect in found]
    return [(x, y, x + width, y + height) for x, y, width, height in sizes]


@given(languages())
def test_a_drawing_has_all_nodes_inside_it_and_none_over_another(teacher: Lexicon) -> None:
    for words, _ in list(pairs_of(teacher, (1, 3, 4)))[-20:]:
        tree = teacher.derivation(words)
        assert isinstance(tree, Node)
        drawing = svg(tree)
        root = ElementTree.fromstring(drawing)
        left, top, width, height = map(float, root.attrib["viewBox"].split())
        found = boxes(drawing)
        assert len(found) == len(nodes(tree)) == len(list(root.iter(f"{SVG}path"))) + 1
        for x0, y0, x1, y1 in found:
            assert left <= x0 < x1 <= left + width
            assert top <= y0 < y1 <= top + height
        for row in {box[1] for box in found}:
            mine = sorted(box for box in found if box[1] == row)
            assert all(a[2] <= b[0] for a, b in pairwise(mine))
        said = [text.text for text in root.iter(f"{SVG}text")]
        for node in nodes(tree):
            assert " ".join(node.phrase) in said
            assert any(node.shown_value[: LONGEST - 1] in (text or "") for text in said)


def test_the_deepest_tree_is_drawn() -> None:
    lexicon = learn(list(COMMANDS))
    words = ("jump", *["left"] * 0, *["twice"] * 8, *["around", "left"] * 2)
    tree = lexicon.derivation(words)
    assert isinstance(tree, Node)
    deep = tree
    for _ in range(MOST_WORDS):
        deep = Node(tree.phrase, tree.value, "x", "x", (deep,))
    ElementTree.fromstring(svg(deep))
    assert deep.show().count("\n") + 1 == len(nodes(tree)) + MOST_WORDS


@pytest.mark.parametrize(
    "word", ["<script>", "&amp;", "\x1b[31m", "\u202edax", '"quoted"', "日本語"]
)
def test_no_word_steers_a_drawing_or_a_page(word: str) -> None:
    lexicon = learn([(word, word), ("lug", "BLUE"), (f"{word} fep", f"{word} {word}")])
    tree = lexicon.derivation((word, "fep"))
    assert isinstance(tree, Node)
    for text in (svg(tree), lexicon._repr_html_()):
        ElementTree.fromstring(re.sub("<title>.*?</title>", "", text, flags=re.DOTALL))
        ElementTree.fromstring(text)
        assert "<script>" not in text
        assert not set("\x1b\u202e") & set(text)
    assert "quoted" not in word or word in "".join(ElementTree.fromstring(svg(tree)).itertext())


def test_the_drawing_of_a_small_tree() -> None:
    tree = Node(("a", "<b>"), ("&", "&"), "<b>", "x x", (Node(("a",), ("&",), "a", "'&'"),))
    lines = [line for line in svg(tree).splitlines() if not line.startswith("<style>")]
    assert lines == GOLDEN.splitlines()


def test_the_page_of_a_lexicon_has_its_words_operators_and_a_derivation() -> None:
    lexicon = learn(list(COMMANDS))
    assert repr(lexicon) == "<Lexicon: 4 words, 3 operators, 7 rivals; explains 12 of 12 rows>"
    page = ElementTree.fromstring(lexicon._repr_html_())
    cells = ["".join(cell.itertext()) for cell in page.iter("td")]
    for text in ("jump", "JUMP", "x around y", "(y x)^4", "x twice"):
        assert text in cells
    drawn = ["".join(t.itertext()) for t in page.iter(f"{SVG}text")]
    assert any("twice" in text for text in drawn)
    assert any("around" in text for text in drawn)


def test_an_empty_lexicon_has_a_page_too() -> None:
    lexicon = learn([])
    assert repr(lexicon).startswith("<Lexicon: 0 words, 0 operators")
    ElementTree.fromstring(lexicon._repr_html_())
