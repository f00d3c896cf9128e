"""Which word is which: said of a person's own file and lexicon, and of rows of HINT."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer

from abduce.benchmarks.data.hint import hint_readings
from abduce.cli import app as cli
from abduce.cli.learning.check_labels import check_hint_labels, lines
from abduce.symbolic.nsr import learn
from abduce.symbolic.nsr.identifying.identification import identify

Capture = pytest.CaptureFixture[str]
ROWS = (
    ("dax", "R"),
    ("wif", "G"),
    ("lug", "B"),
    ("dax fep", "R R R"),
    ("lug fep", "B B B"),
    ("wif fep", "G G G"),
)
TELLS_LITTLE = "dax fep\tR R R\nlug fep\tB B B\n"


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lexicon") / "lexicon.json"
    learn([(tuple(words.split()), tuple(out.split())) for words, out in ROWS]).save(path)
    return path


def asked(train: str, lexicon: Path, *more: str) -> int:
    path = lexicon.parent / "pairs.tsv"
    path.write_text(train)
    options = ["--train", str(path), "--lexicon", str(lexicon), "--check-labels", *more]
    return cli.run(["solve", *options])


def test_pairs_that_fix_the_words(lexicon: Path, capsys: Capture) -> None:
    text = "".join(f"{words}\t{out}\n" for words, out in ROWS)
    assert asked(text, lexicon) == 0
    assert capsys.readouterr().out.splitlines() == [
        "6 different rows fix the 4 symbols that occur: "
        "any other labels, each used once, change a value"
    ]


def test_two_words_that_can_be_exchanged_are_named_with_the_remedy(
    tmp_path: Path, capsys: Capture
) -> None:
    pairs = [(tuple(words.split()), tuple(out.split())) for words, out in (*ROWS, ("zup", "R"))]
    learn(pairs).save(tmp_path / "lexicon.json")
    assert asked("dax fep\tR R R\nzup\tR\nwif\tG\n", tmp_path / "lexicon.json") == 0
    assert capsys.readouterr().out.splitlines() == [
        "3 different rows do not fix the symbols",
        "dax and zup can be exchanged: every row keeps its value",
        "  one label of dax or zup excludes that; no expression does, since they mean the same",
        "never seen: lug",
    ]


@pytest.mark.parametrize(
    ("train", "place", "found"),
    [
        ("dax\tR\nblicket\tR\n", ":2", "the word 'blicket'"),
        ("dax\tR\nlug\tR\n", ":2", "the output 'R'"),
        ("dax\tR\nfep dax\tR\n", ":2", "the output 'R'"),
    ],
)
def test_what_the_lexicon_does_not_give_is_refused_with_its_line(
    train: str, place: str, found: str, lexicon: Path, capsys: Capture
) -> None:
    assert asked(train, lexicon) == 2
    err = capsys.readouterr().err
    assert f"pairs.tsv{place}: found {found}" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--check-labels"],
        ["--train", "a", "--check-labels"],
        ["--train", "a", "--lexicon", "b"],
        ["scan", "--lexicon", "b", "--check-labels"],
        ["--train", "a", "--lexicon", "b", "--check-labels", "--rows", "3"],
        ["hint", "--lexicon", "b", "--check-labels"],
        ["hint", "--check-labels", "--noise", "0.1"],
    ],
)
def test_options_that_do_not_go_together_are_refused(
    arguments: Sequence[str], capsys: Capture
) -> None:
    assert cli.run(["solve", *arguments]) == 2
    assert "--check-labels" in capsys.readouterr().err


def test_json_is_the_decision(lexicon: Path, capsys: Capture) -> None:
    assert asked(TELLS_LITTLE, lexicon, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "fixed"
    assert told["never_seen"] == ["wif"]


def test_expressions_of_hint_are_checked_with_its_own_arithmetic(
    tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "expressions.tsv"
    path.write_text("1+2*3\t7\n(1+2)*3\t9\n4 - 4\t0\n")
    assert cli.run(["solve", "hint", "--train", str(path), "--check-labels", "--json"]) == 0
    pairs = [set(each["moved"]) for each in json.loads(capsys.readouterr().out)["exchanges"]]
    assert {"4", "5"} in pairs
    assert {"1", "2"} not in pairs
    path.write_text("1+2\t3\n1/0\t0\n")
    assert cli.run(["solve", "hint", "--train", str(path), "--check-labels"]) == 2
    assert ":2: found the output '0', expected 'no output'" in capsys.readouterr().err


@pytest.mark.slow
def test_rows_of_hint_fix_its_symbols(data: Path, capsys: Capture) -> None:
    check_hint_labels(200, 0, data, json_=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["rows"], told["never_seen"]) == ("fixed", 200, [])
    with pytest.raises(typer.Exit) as caught:
        check_hint_labels(200, 0, data, timeout_s=1e-9)
    assert caught.value.exit_code == 4


def told(pairs: Sequence[tuple[str, int]], deadline: float | None = None) -> list[str]:
    return [*lines(identify(pairs, hint_readings(), deadline=deadline), str)]


def test_an_exchange_is_told_with_the_expression_that_excludes_it() -> None:
    text = told([("1+2", 3), ("2+1", 3)])
    assert text[:3] == [
        "2 different rows do not fix the symbols",
        "1 and 2 can be exchanged: every row keeps its value",
        "  one label of 1 or 2 excludes that; so does the expression 1, whose value is 1 "
        "and would be 2",
    ]
    assert text[-1].startswith("never seen: 0, 3, 4")


NINE_IS_OPEN = (
    *((str(n), n) for n in range(9)),
    *(("1+1", 2), ("2*3", 6), ("3-1", 2), ("5/2", 3), ("2*(1+2)", 6), ("0*9", 0)),
)


def test_a_merging_is_told() -> None:
    assert told(NINE_IS_OPEN)[1:] == [
        "if two symbols may share a label, 9 can be read as 8",
        "  one label of 9 excludes that; so does the expression 9, whose value is 9 and would be 8",
    ]


def test_no_decision_is_told() -> None:
    known = told(NINE_IS_OPEN, deadline=-1.0)
    assert known == ["whether 15 different rows fix the symbols is not known"]


def test_rows_that_contradict_the_lexicon_are_told() -> None:
    assert told([("1", 2), ("1+1", 2)])[0] == (
        "1 of 2 different rows have another value than the lexicon gives: "
        "nothing follows for its symbols"
    )
