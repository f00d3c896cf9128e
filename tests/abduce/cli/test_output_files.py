"""Files that commands write: missing folders are said, drawings are SVG and are called so."""

from pathlib import Path

import pytest

from abduce.cli import app as cli

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("command", "option"),
    [(["reduce", "x"], "--graph"), (["answer", "lexicon.json", "jump"], "--svg")],
)
@pytest.mark.parametrize("name", ["tree.png", "tree", "tree.svg.gz"])
def test_a_drawing_is_refused_under_a_name_that_is_not_svg(
    command: list[str], option: str, name: str, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / name
    assert cli.run([*command, option, str(file)]) == 2
    assert "a file name that ends in .svg" in capsys.readouterr().err
    assert not file.exists()


@pytest.mark.parametrize("quiet", [False, True])
def test_a_folder_that_is_missing_is_made_and_said(
    quiet: bool, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "a" / "b" / "tree.SVG"
    more = ["--quiet"] if quiet else []
    for already in (False, True):
        assert cli.run(["reduce", "x", "--graph", str(file), *more]) == 0
        said = f"note: there is no folder {file.parent}; it is made" in capsys.readouterr().err
        assert said == (not already and not quiet)
        assert file.exists()
