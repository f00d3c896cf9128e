"""The commands that learn and answer, from the command line to the record."""

import io
import itertools
import json
import os
import shlex
import signal
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abduce import clock
from abduce.benchmarks.records.record import config_hash, record_id
from abduce.benchmarks.records.record_file import read
from abduce.cli import app as cli
from abduce.configuration import configured
from abduce.symbolic.nsr import Lexicon
from abduce.symbolic.nsr.config import CONFIG, METHOD
from abduce.symbolic.nsr.showing.derivation import Node
from abduce.symbolic.nsr.showing.derivation_svg import svg
from tests.work import calls

MINI = """*SUPPORT*
IN: dax OUT: RED
IN: lug OUT: BLUE
IN: wif OUT: GREEN
IN: zup OUT: YELLOW
IN: dax fep OUT: RED RED RED
IN: lug fep OUT: BLUE BLUE BLUE
IN: lug kiki wif OUT: GREEN BLUE
IN: dax kiki lug OUT: BLUE RED
IN: lug fep kiki wif OUT: GREEN BLUE BLUE BLUE
*QUERY*
IN: zup fep OUT: YELLOW YELLOW YELLOW
IN: zup kiki dax OUT: RED YELLOW
"""

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def mini(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of few words, in a folder of its own where records go too."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mini.txt"
    path.write_text(MINI)
    return path


def solved(arguments: Sequence[object], capsys: Capture) -> dict[str, Any]:
    """What `abduce solve ... --json` prints."""
    code = cli.run(["solve", *map(str, arguments), "--json", "--quiet"])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return json.loads(out)


@pytest.fixture
def lexicon(mini: Path, capsys: Capture) -> Path:
    path = mini.parent / "lexicon.json"
    solved(["--train", mini, "--save", path], capsys)
    return path


def python(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-c", textwrap.dedent(code))
    return subprocess.run(
        command, capture_output=True, text=True, timeout=600, check=False, cwd=folder
    )


def test_json_has_all_that_is_promised(mini: Path, capsys: Capture) -> None:
    found = solved(["--train", mini], capsys)
    promised = (
        "task split accuracy n abstained train_rows train_s test_s peak_mb seed noise active "
        "queries config_hash contradictions unknown lexicon"
    )
    assert set(promised.split()) <= found.keys()
    assert (found["accuracy"], found["n"], found["train_rows"]) == (1.0, 2, 9)
    (record,) = read(Path("records/solve.jsonl"))
    assert record.status == "complete"
    assert record.command == f"abduce solve --train {mini}"
    assert record.task["task"] == "pairs"


def test_a_person_sees_the_lexicon_and_then_the_accuracy(mini: Path, capsys: Capture) -> None:
    assert cli.run(["solve", "--train", str(mini)]) == 0
    out, err = capsys.readouterr()
    assert "fep" in out
    assert "100 % (2 of 2 right, 0 withheld)" in out
    assert err == "record: records/solve.jsonl\n"


@pytest.mark.slow
def test_a_named_split_goes_the_same_way(mini: Path, capsys: Capture) -> None:
    asked = ["scan", "--split", "around-right", "--rows", 8, "--seed", 3, "--noise", 0.05]
    found = solved([*asked, "--timeout-s", 1e6, "--out", "runs/r.jsonl"], capsys)
    shown = [found[key] for key in ("task", "split", "train_rows", "seed", "noise", "n")]
    assert shown == ["scan", "template_around_right", 8, 3, 0.05, 4476]
    assert read(Path("runs/r.jsonl"))[0].task["rows"] == 8
    assert found["config_hash"] == solved(["--train", mini], capsys)["config_hash"]


OUTPUTS = {
    sentence: output
    for line in MINI.splitlines()
    if " OUT: " in line
    for sentence, output in [line.removeprefix("IN: ").split(" OUT: ")]
}


class Person(io.StringIO):
    """Reads the questions on stderr, and types outputs; all of ``typed`` before."""

    def __init__(self, capsys: Capture, typed: Sequence[str] = (), most: int = 99) -> None:
        super().__init__()
        self.capsys, self.typed, self.most = capsys, list(typed), most
        self.questions: list[str] = []

    def readline(self, _: int = -1, /) -> str:
        said = self.capsys.readouterr().err
        self.questions.append(said.rstrip("\n").rpartition(": ")[2])
        if len(self.questions) > self.most:
            return ""
        return (self.typed.pop(0) if self.typed else OUTPUTS[self.questions[-1]]) + "\n"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def pool(mini: Path) -> Path:
    """The sentences of the file of pairs, without outputs."""
    path = mini.with_name("pool.txt")
    path.write_text("".join(f"{sentence}\n" for sentence in OUTPUTS))
    return path


def asked(
    pool: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, person: io.StringIO, *more: object
) -> dict[str, Any]:
    monkeypatch.setattr(sys, "stdin", person)
    return solved(["--train", pool, "--active", *more], capsys)


def test_a_person_is_asked_for_no_more_than_the_limit(
    pool: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(capsys)
    found = asked(pool, capsys, monkeypatch, person, "--limit", 6)
    assert found["active"] is True
    assert found["train_rows"] == found["queries"] == len(person.questions) == 6
    assert set(person.questions) <= OUTPUTS.keys()


def test_what_a_person_types_is_what_is_learned(
    pool: Path, mini: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = asked(pool, capsys, monkeypatch, Person(capsys), "--test", mini)
    assert found["accuracy"] == 1.0
    of_pairs = asked(mini, capsys, monkeypatch, Person(capsys), "--limit", 4)
    assert of_pairs["queries"] == 4  # the outputs that stand in the file are not read


def test_an_empty_line_passes_a_sentence_over_and_the_end_ends_the_questions(
    pool: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(capsys, ["", "  "], most=5)
    found = asked(pool, capsys, monkeypatch, person)
    assert len(set(person.questions)) == len(person.questions) == 6
    assert found["queries"] == 3
    assert found["status"] == "complete"


def test_an_answer_with_an_invisible_character_is_asked_again_or_refused(
    pool: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(capsys, ["RED\u200b"], most=3)
    found = asked(pool, capsys, monkeypatch, person)
    assert person.questions[0] == person.questions[1] != person.questions[2]
    assert found["queries"] == 2
    monkeypatch.setattr(sys, "stdin", io.StringIO("RED\n\u200bBLUE\n"))
    assert cli.run(["solve", "--train", str(pool), "--active"]) == 2
    assert "<stdin>:2:1: found U+200B" in capsys.readouterr().err


def test_a_task_answers_the_questions_of_its_benchmark_itself(
    mini: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    found = solved(["scan", "--split", "length", "--active", "--limit", 2], capsys)
    assert (found["queries"], found["active"]) == (2, True)


def test_noise_of_typed_answers_is_refused(pool: Path, capsys: Capture) -> None:
    assert cli.run(["solve", "--train", str(pool), "--active", "--noise", "0.1"]) == 2
    assert "--noise with --active and --train" in capsys.readouterr().err


def test_contradicting_targets_are_reported_and_learned_from(mini: Path, capsys: Capture) -> None:
    mini.write_text(MINI.replace("*QUERY*", "IN: dax OUT: BLUE\nIN: dax OUT: RED\n*QUERY*"))
    found = solved(["--train", mini], capsys)
    assert (found["contradictions"], found["train_rows"]) == (1, 11)


def test_an_unknown_word_is_named_and_abstained_on(mini: Path, capsys: Capture) -> None:
    test = mini.parent / "test.tsv"
    test.write_text("wug fep\tWUG WUG WUG\nlug fep\tBLUE BLUE BLUE\n")
    errors = mini.parent / "errors.jsonl"
    found = solved(["--train", mini, "--test", test, "--errors", errors], capsys)
    assert (found["unknown"], found["abstained"], found["accuracy"]) == (["wug"], 1, 0.5)
    (wrong,) = map(json.loads, errors.read_text().splitlines())
    assert (wrong["input"], wrong["answer"], wrong["unknown"]) == ("wug fep", None, ["wug"])
    assert wrong["reason"]


def test_a_sentence_of_10000_tokens_takes_little_work(mini: Path, capsys: Capture) -> None:
    test = mini.parent / "test.tsv"
    long = " kiki ".join(["dax fep"] * 3334)
    test.write_text(f"{long}\tRED\n")
    found, work = calls(lambda: solved(["--train", mini, "--test", test], capsys))
    assert work < 200 * 10_000
    assert (found["n"], found["status"]) == (1, "complete")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--train", "empty.txt"], "empty.txt: found no pairs: the file is empty"),
        (["--train", "half.txt"], "half.txt:2:9: found no output"),
        (["--train", "none.txt"], "none.txt: found no file that can be read"),
        (["scan", "--split", "lenght"], "Did you mean length?"),
        (["scan"], "found no --split"),
        (["scam", "--split", "length"], "found the task 'scam'"),
        ([], "found neither a task nor --train"),
        (["scan", "--split", "length", "--rows", "16991"], "at most the 16990 training rows"),
        (["scan", "--split", "length", "--noise", "nan"], "--noise"),
        (["scan", "--split", "length", "--data", "nowhere"], "nowhere: found no folder"),
    ],
)
def test_bad_input_is_2_and_says_what_to_do(
    arguments: Sequence[str], text: str, mini: Path, capsys: Capture
) -> None:
    Path("empty.txt").write_text("")
    Path("half.txt").write_text("IN: a OUT: b\nIN: jump\n")
    assert cli.run(["solve", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert text in err
    assert not Path("records/solve.jsonl").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder_is_refused_before_the_work(mini: Path, capsys: Capture) -> None:
    locked = mini.parent / "locked"
    locked.mkdir(mode=0o555)
    assert cli.run(["solve", "--train", "none.txt", "--out", f"{locked}/r.jsonl"]) == 2
    assert "permission denied" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--out", "--save", "--errors"])
def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    option: str, mini: Path, capsys: Capture
) -> None:
    assert cli.run(["solve", "--train", "none.txt", option, f"{mini}/below/a/file"]) == 2
    assert f"cannot write {mini}/below/a/file: not a directory" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_ctrl_c_is_130_with_one_line_and_a_record(mini: Path) -> None:
    done = python(
        """
        import os, signal, sys, time
        from abduce.benchmarks.solve import learner
        from abduce.cli.app import main
        signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a background job
        def learn(*_, **__):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(9)
        learner.nsr = lambda *_: learner.Learner({}, learn, learn, learn)
        sys.argv = ["abduce", "solve", "--train", "mini.txt", "--json"]
        main()
        """,
        mini.parent,
    )
    assert done.returncode in (130, -signal.SIGINT)
    assert (done.stdout, done.stderr) == ("", "abduce: interrupted\n")
    (record,) = read(mini.parent / "records" / "solve.jsonl")
    assert (record.status, record.metrics["train_rows"]) == ("interrupted", 9)


def test_nothing_answered_in_time_is_4(mini: Path, capsys: Capture) -> None:
    asked = ["scan", "--split", "length", "--timeout-s", "0.001", "--json"]
    assert cli.run(["solve", *asked]) == 4
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert (found["status"], found["accuracy"]) == ("timeout", 0.0)
    assert "nothing was answered in time" in err
    assert read(Path("records/solve.jsonl"))[0].status == "timeout"


def test_answer_prints_the_tokens(lexicon: Path, capsys: Capture) -> None:
    assert cli.run(["answer", str(lexicon), "zup fep", "zup kiki lug"]) == 0
    assert capsys.readouterr().out == "YELLOW YELLOW YELLOW\nBLUE YELLOW\n"


def test_answer_reads_weighted_words(lexicon: Path, capsys: Capture) -> None:
    sentence = '[{"zup": 0.6, "dax": 0.4}, "fep"]'
    assert cli.run(["answer", str(lexicon), sentence, "--weighted", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["input"] == sentence
    assert found["posterior"] == pytest.approx(0.6)
    assert cli.run(["answer", str(lexicon), "zup fep", "--json"]) == 0
    assert found["answer"] == json.loads(capsys.readouterr().out)["answer"]


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("zup fep", "no JSON"),
        ('["zup", {"fep": 2}]', "at position 2"),
        ("7", "a list with an entry for each position"),
    ],
)
def test_answer_says_what_is_no_weighted_sentence(
    sentence: str, says: str, lexicon: Path, capsys: Capture
) -> None:
    assert cli.run(["answer", str(lexicon), sentence, "--weighted"]) == 2
    assert says in capsys.readouterr().err
    assert cli.run(["answer", str(lexicon), '["zup"]', "--weighted", "--explain"]) == 2


def test_answer_explains_itself(lexicon: Path, capsys: Capture) -> None:
    assert cli.run(["answer", str(lexicon), "zup fep", "--explain"]) == 0
    first, *tree = capsys.readouterr().out.splitlines()
    assert first == "YELLOW YELLOW YELLOW"
    assert any("zup" in line for line in tree)


def test_answer_says_whether_it_is_as_expected(lexicon: Path, capsys: Capture) -> None:
    expected = ["answer", str(lexicon), "zup fep", "--expect", "YELLOW YELLOW YELLOW"]
    assert cli.run(expected) == 0
    assert capsys.readouterr().out == "YELLOW YELLOW YELLOW\nas expected\n"
    assert cli.run([*expected, "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["agrees"], row["revision"]) == (True, None)


def test_answer_finds_the_smallest_revision(lexicon: Path, capsys: Capture) -> None:
    other = ["answer", str(lexicon), "zup fep", "--expect", "RED RED RED"]
    assert cli.run(other) == 0
    out = capsys.readouterr().out
    assert "not as expected; the smallest revision that gives it:" in out
    assert "word 1, 'zup', is read as 'dax'" in out
    assert cli.run([*other, "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["agrees"], row["expected"]) == (False, ["RED"] * 3)
    edit = {"kind": "misread", "position": 0, "word": "zup", "symbol": "dax"}
    assert row["revision"]["edits"] == [edit]
    assert row["revision"]["derivation"].startswith("dax fep  ->  RED RED RED")


def test_answer_expects_something_of_one_sentence_only(lexicon: Path, capsys: Capture) -> None:
    assert cli.run(["answer", str(lexicon), "zup", "dax", "--expect", "RED"]) == 2
    assert "one sentence" in capsys.readouterr().err


def test_an_empty_sentence_has_no_revision(lexicon: Path, capsys: Capture) -> None:
    assert cli.run(["answer", str(lexicon), "", "--expect", "RED", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["abstained"]
    assert row["revision"] == {"gave_up": "the sentence is empty", "tried": 0}


def test_answer_draws_the_derivation(lexicon: Path, capsys: Capture, tmp_path: Path) -> None:
    drawing = tmp_path / "tree.svg"
    arguments = ["answer", str(lexicon), "zup fep", "--svg", str(drawing)]
    assert cli.run(arguments) == 0
    assert capsys.readouterr().out == "YELLOW YELLOW YELLOW\n"
    tree = Lexicon.load(lexicon).derivation("zup fep")
    assert isinstance(tree, Node)
    assert drawing.read_text("utf-8") == svg(tree)
    uncertain = '[{"zup": 0.4, "fep": 0.6}, {"fep": 1}]'
    assert cli.run(["answer", str(lexicon), uncertain, "--weighted", "--svg", str(drawing)]) == 0
    assert drawing.read_text("utf-8") == svg(tree)


@pytest.mark.parametrize(
    ("sentences", "says"),
    [
        (["zup fep wug"], "no meaning is known for wug"),
        (["fep"], "the words do not combine"),
        (["zup", "dax"], "--svg with several sentences"),
        (["-"], "--svg with several sentences"),
        (['["fep"]', "--weighted"], "no choice of words combines"),
    ],
)
def test_what_cannot_be_drawn_is_said_and_nothing_written(
    lexicon: Path, capsys: Capture, tmp_path: Path, sentences: list[str], says: str
) -> None:
    drawing = tmp_path / "tree.svg"
    assert cli.run(["answer", str(lexicon), *sentences, "--svg", str(drawing)]) == 2
    assert says in capsys.readouterr().err
    assert not drawing.exists()


def test_answer_names_unknown_words_and_the_nearest(lexicon: Path, capsys: Capture) -> None:
    assert cli.run(["answer", str(lexicon), "lugg fep"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("withheld: ")
    assert "unknown word 'lugg'; near: lug" in out


def test_answer_reads_lines_and_writes_json(
    lexicon: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("zup fep\n\nwug\n"))
    assert cli.run(["answer", str(lexicon), "-", "--json"]) == 0
    known, blank, unknown = json.loads(capsys.readouterr().out)
    assert (blank["input"], blank["answer"], blank["abstained"]) == ("", None, True)
    assert known["answer"] == ["YELLOW"] * 3
    assert (unknown["answer"], unknown["abstained"], unknown["unknown"]) == (None, True, ["wug"])
    assert cli.run(["answer", str(lexicon), "zup", "--json", "--explain"]) == 0
    single = json.loads(capsys.readouterr().out)
    assert single["answer"] == ["YELLOW"]
    assert "zup" in single["derivation"]


LINES = st.lists(st.sampled_from(["zup fep", "", "  ", "wug", "wug lugg", "dax", "fep fep"]))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES)
def test_each_line_has_its_answer(
    lexicon: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    assert cli.run(["answer", str(lexicon), "-"]) == 0
    answers = capsys.readouterr().out.split("\n")[:-1]
    assert len(answers) == len(lines)
    for line, answer in zip(lines, answers, strict=True):
        alone = cli.run(["answer", str(lexicon), line]), capsys.readouterr().out
        assert (0, answer) == (alone[0], alone[1].split("\n")[0] if line.strip() else "")


def test_a_mark_in_front_of_the_lines_is_no_part_of_a_word(
    lexicon: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[str] = []
    for mark in ("", "\ufeff"):
        monkeypatch.setattr("sys.stdin", io.StringIO(mark + "zup fep\nwug\n"))
        assert cli.run(["answer", str(lexicon), "-"]) == 0
        answers.append(capsys.readouterr().out)
    assert answers[0] == answers[1] != ""


def test_lines_that_are_no_text_are_refused(
    lexicon: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"zup\n\xff\n"), "utf-8"))
    assert cli.run(["answer", str(lexicon), "-"]) == 2
    assert "<stdin>: found the byte 0xff" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, "No such file"),
        ("", "lexicon.json:1:1: found no JSON"),
        ('{\n  "schema": 1,,\n}', "lexicon.json:2:15: found no JSON"),
        ("[1, 2]", "lexicon.json"),
        ("{}", "lexicon.json"),
        ("[" * 100_000, "lexicon.json: found JSON that is nested too deeply"),
    ],
)
def test_what_is_no_lexicon_is_refused(
    content: str | None, text: str, mini: Path, capsys: Capture
) -> None:
    path = mini.parent / "lexicon.json"
    if content is not None:
        path.write_text(content)
    assert cli.run(["answer", str(path), "zup"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert text in err


def test_bench_lists_its_parts_and_their_commands(capsys: Capture) -> None:
    assert cli.run(["bench"]) == 0
    assert "pcfg-rows" in capsys.readouterr().out
    assert cli.run(["bench", "noise", "--list", "--seeds", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == (
        "abduce solve scan --split simple --noise 0.05 --timeout-s 300"
    )
    assert cli.run(["bench", "scam"]) == 2
    capsys.readouterr()
    assert cli.run(["bench", "scan", "verify"]) == 2
    told = capsys.readouterr().err
    assert "found the part 'verify'" in told
    assert "Run verify alone." in told


def test_bench_runs_each_job_in_its_own_process_and_resumes(
    data: Path, tmp_path: Path, capsys: Capture
) -> None:
    records = tmp_path / "r.jsonl"
    asked = ["bench", "miniscan", "--out", str(records), "--data", str(data), "--json"]
    assert cli.run(asked) == 0
    (end,) = json.loads(capsys.readouterr().out)
    assert (end["exit_code"], end["status"]) == (0, "complete")
    assert len(read(records)) == 1
    assert cli.run([*asked, "--resume"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert len(read(records)) == 1


def test_the_configuration_that_was_set_is_learned_with_and_recorded(
    mini: Path, capsys: Capture
) -> None:
    path = mini.parent / "config.json"
    path.write_text('{"rivals": {"kept": 1}, "priors": {"token": 5}}')
    as_ever = solved(["--train", mini], capsys)
    asked = ["--train", mini, "--config", path, "--set", "priors.token=4"]
    found = solved(asked, capsys)
    assert len(as_ever["lexicon"]["rivals"]) > len(found["lexicon"]["rivals"]) == 1
    first, second = read(Path("records/solve.jsonl"))
    expected = configured(CONFIG, None, ["rivals.kept=1", "priors.token=4"])
    for record, config in ((first, CONFIG), (second, expected)):
        whole = {"method": METHOD, **asdict(config)}
        assert record.config == whole
        assert record.id == record_id("solve", record.task, whole, 0)
        assert record.metrics["config_hash"] == config_hash(whole)
    assert first.task == second.task
    assert first.id != second.id


def test_the_command_of_a_record_has_its_whole_configuration(mini: Path, capsys: Capture) -> None:
    path = mini.parent / "config.json"
    path.write_text('{"rivals": {"kept": 1}}')
    solved(["--train", mini, "--config", path, "--set", "priors.token=4"], capsys)
    path.unlink()
    (record,) = read(Path("records/solve.jsonl"))
    assert record.command.endswith(" --set priors.token=4.0 --set rivals.kept=1")
    again = solved(shlex.split(record.command)[2:], capsys)
    assert read(Path("records/solve.jsonl"))[1].id == record.id
    assert again["config_hash"] == record.metrics["config_hash"]


@pytest.mark.parametrize("command", [["solve", "miniscan"], ["bench", "miniscan"]])
@pytest.mark.parametrize(
    ("option", "message"),
    [
        (["--set", "priors.reused_tok=9"], "expected priors.reused_token"),
        (["--set", "search.beam=wide"], 'search.beam = "wide", expected a whole number'),
        (["--config", "none.json"], "none.json: found no such file"),
    ],
)
def test_a_wrong_configuration_is_2_and_leaves_no_record(
    mini: Path, capsys: Capture, command: list[str], option: list[str], message: str
) -> None:
    assert cli.run([*command, *option]) == 2
    assert message in capsys.readouterr().err
    assert [path.name for path in mini.parent.iterdir()] == [mini.name]


def test_bench_passes_the_configuration_on_and_resumes_with_it(
    data: Path, tmp_path: Path, capsys: Capture
) -> None:
    records = tmp_path / "r.jsonl"
    asked = ["bench", "miniscan", "--out", str(records), "--data", str(data), "--json", "--quiet"]
    for changes in ((), ("--set", "rivals.kept=1")):
        for ran in (1, 0):
            assert cli.run([*asked, *changes, "--resume"]) == 0
            assert len(json.loads(capsys.readouterr().out)) == ran
    first, second = read(records)
    assert (first.config["rivals"]["kept"], second.config["rivals"]["kept"]) == (
        CONFIG.rivals.kept,
        1,
    )
    assert cli.run(["bench", "miniscan", "--list", *changes]) == 0
    assert capsys.readouterr().out == "abduce solve miniscan --timeout-s 300 --set rivals.kept=1\n"


@pytest.mark.parametrize("part", ["execution", "lambda", "verify"])
def test_bench_refuses_a_setting_of_another_part(part: str, capsys: Capture) -> None:
    assert cli.run(["bench", part, "--set", "priors.token=8"]) == 2
    assert "--set: found the unknown field 'priors" in capsys.readouterr().err


RULE = [("dax", "R"), ("lug", "B"), ("wif", "G"), ("dax fep", "R R R"), ("lug fep", "B B B")]
ROWS = "".join(f"{words}\t{tokens}\n" for words, tokens in RULE)


def noise(rows: int) -> str:
    """Rows that contradict the first one and each other."""
    return "".join(f"dax\tA{n}\n" for n in range(rows))


def test_what_is_not_explained_is_told_with_its_lines(mini: Path, capsys: Capture) -> None:
    mini.write_text("\n" + ROWS + "\n" + noise(1))
    arguments = ["solve", "--train", str(mini), "--quiet"]
    assert cli.run(arguments) == 0
    out, err = capsys.readouterr()
    assert "5 of 6 training rows are explained (83.3 %)\nnot explained: line 8\n" in out
    assert err == ""
    found = solved(["--train", mini], capsys)
    assert (found["explained"], found["rows"], found["unexplained"]) == (5, 6, [8])
    summary = found["lexicon"]["summary"]
    assert (summary["explained"], summary["rows"], summary["unexplained"]) == (5, 6, [6])
    assert {record.metrics["explained"] for record in read(Path("records/solve.jsonl"))} == {5}


def test_all_rows_that_are_not_explained_go_to_a_file(mini: Path, capsys: Capture) -> None:
    mini.write_text("\n" + ROWS + noise(1))
    assert cli.run(["solve", "--train", str(mini), "--unexplained", "missed.jsonl"]) == 0
    out, err = capsys.readouterr()
    found = [json.loads(line) for line in Path("missed.jsonl").read_text().splitlines()]
    row = {"row": 6, "input": "dax", "output": ["A0"], "lexicon": ["R"], "treated_as_noise": True}
    assert found == [{"line": 7, **row}]
    assert "treated as noise, since the lexicon gives another output: line 7\n" in out
    assert "abduce: many training rows are not explained; answers may be wrong\n" in err


def test_a_reason_is_told_and_recorded(mini: Path, capsys: Capture) -> None:
    names = "abcd"
    rows = [(f"+ a {x} {y}", f"( a + {x} + {y} )") for x in names for y in names]
    rows += [(f"+ + {x} b c d {x}", f"( ( {x} + b + c ) + d + {x} )") for x in names]
    mini.write_text("".join(f"{words}\t{tokens}\n" for words, tokens in rows))
    cli.run(["solve", "--train", str(mini), "--quiet", "--timeout-s", "20"])
    text = "words take more than two operands side by side, which no category allows: those after +"
    assert f"a reason: {text}\n" in capsys.readouterr().out
    assert read(Path("records/solve.jsonl"))[0].metrics["reasons"] == [text]


def test_lines_are_those_of_the_rows_that_were_drawn(mini: Path, capsys: Capture) -> None:
    mini.write_text("\n" + ROWS + noise(6))
    lines = mini.read_text().split("\n")
    for seed in range(3):
        found = solved(["--train", mini, "--rows", 8, "--seed", seed], capsys)
        assert found["rows"] == 8
        assert len(found["unexplained"]) == 8 - found["explained"] >= 2
        learned = Lexicon.from_json(found["lexicon"])
        for number in found["unexplained"]:
            words, tokens = lines[number - 1].split("\t")
            assert learned.answer(words).value != tuple(tokens.split())


@pytest.mark.parametrize("more", [0, 3, 40])
def test_fewer_than_half_explained_is_4_and_the_lexicon_is_there_all_the_same(
    more: int, mini: Path, capsys: Capture
) -> None:
    mini.write_text(ROWS + noise(more))
    code = cli.run(["solve", "--train", str(mini), "--save", "lexicon.json", "--json", "--quiet"])
    out, err = capsys.readouterr()
    found = json.loads(out)
    little = 2 * found["explained"] < found["rows"]
    assert little == (more == 40)
    assert code == (4 if little else 0)
    assert ("explains fewer than half of the training rows" in err) == little
    assert json.loads(Path("lexicon.json").read_text()) == found["lexicon"]
    assert found["status"] == "complete"


def test_names_of_columns_are_told_and_not_learned(mini: Path, capsys: Capture) -> None:
    mini.write_text("command\tactions\n" + ROWS)
    test = mini.parent / "test.tsv"
    test.write_text("input\toutput\nwif fep\tG G G\n")
    found = solved(["--train", mini, "--test", test], capsys)
    names = [f"{mini}:1: 'command', 'actions'", f"{test}:1: 'input', 'output'"]
    assert found["column_names"] == names
    assert (found["train_rows"], found["rows"], found["n"], found["accuracy"]) == (5, 5, 1, 1.0)
    assert "command" not in found["lexicon"]["entries"]
    assert cli.run(["solve", "--train", str(mini), "--quiet"]) == 0
    assert f"{names[0]} are read as the names of the columns" in capsys.readouterr().out


def test_what_was_learned_in_time_answers_what_there_is(
    mini: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time of learning ends while there is some left to answer."""
    looks = itertools.count()
    monkeypatch.setattr(clock, "wall_s", lambda: float(next(looks)))
    mini.write_text("".join(f"{w} {v}\t{w.upper()} {v.upper()}\n" for w in WORDS for v in WORDS))
    arguments = ["--train", str(mini), "--test", str(mini), "--quiet", "--json"]
    code = cli.run(["solve", *arguments, "--timeout-s", "5000"])
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == "timeout"
    assert (code, found["answered"]) == (0, found["n"])


WORDS = [f"w{n}" for n in range(12)]


def test_a_file_that_takes_too_long_to_read_is_4(
    mini: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = itertools.count()
    monkeypatch.setattr(clock, "wall_s", lambda: float(next(looks)))
    mini.write_text(ROWS * 10_000)
    assert cli.run(["solve", "--train", str(mini), "--timeout-s", "10"]) == 4
    out, err = capsys.readouterr()
    assert (out, err) == ("", "abduce: the time was up before everything was read\n")


def test_what_pairs_hold_steers_no_terminal(mini: Path, capsys: Capture) -> None:
    hostile = "\x9b31m"
    mini.write_text(f"dax{hostile}\tR\n")
    assert cli.run(["solve", "--train", str(mini)]) == 2
    out, err = capsys.readouterr()
    assert (out, "\x9b" in err, "U+009B" in err) == ("", False, True)


def test_what_a_lexicon_holds_steers_no_terminal(mini: Path, capsys: Capture) -> None:
    entry = {"category": "nullary", "program": ["token", "\x1b[31mRED\x1b]0;pwn\x07\u202e"]}
    data = {"format": 1, "entries": {"a": entry}, "vocabulary": ["a"]}
    path = mini.parent / "lexicon.json"
    path.write_text(json.dumps(data))
    for more in ([], ["--explain"], ["--json"], ["--expect", "b"]):
        assert cli.run(["answer", str(path), "a", *more]) == 0
        out, err = capsys.readouterr()
        assert not {"\x1b", "\x07", "\u202e"} & set(out + err)
        assert "RED" in out
