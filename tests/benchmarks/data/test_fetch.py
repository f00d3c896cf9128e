"""Fetching: every byte checked, nothing kept of what is wrong. No test touches the network."""

import hashlib
from functools import partial
from pathlib import Path

import pytest

from abduce.benchmarks.data import table as data_sets
from abduce.benchmarks.data.fetch import fetch
from abduce.benchmarks.data.making import make
from abduce.benchmarks.data.table import checksums
from abduce.errors import ChecksumError, DataError, InputError

FILES = {
    "tasks.txt": b"IN: jump OUT: I_JUMP\n",
    "mcd_split/tasks_test_mcd1.txt": b"IN: walk OUT: I_WALK\n",
}


@pytest.fixture
def small_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    """SCAN with two tiny members."""
    sums = {path: hashlib.sha256(content).hexdigest() for path, content in FILES.items()}
    for module in ("members", "table", "fetch"):
        monkeypatch.setattr(f"abduce.benchmarks.data.{module}.checksums", lambda name: sums)


def serve(address: str) -> bytes:
    """The official addresses, with the tiny members behind them."""
    return next(c for path, c in FILES.items() if address.endswith(path.rsplit("/", 1)[-1]))


@pytest.mark.usefixtures("small_scan")
def test_a_download_is_kept_under_its_own_name_and_not_repeated(tmp_path: Path) -> None:
    asked: list[str] = []

    def get(address: str) -> bytes:
        asked.append(address)
        return serve(address)

    first = fetch("scan", into=tmp_path, get=get)
    second = fetch("scan", into=tmp_path, get=get)
    assert (first.new, first.kept, second.new, second.kept) == (2, 0, 0, 2)
    assert len(asked) == 2
    for path, content in FILES.items():
        assert (tmp_path / "scan" / path).read_bytes() == content


@pytest.mark.usefixtures("small_scan")
def test_a_wrong_checksum_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ChecksumError) as caught:
        fetch("scan", into=tmp_path, get=lambda _: b"<html>not found</html>")
    assert caught.value.found == hashlib.sha256(b"<html>not found</html>").hexdigest()
    assert caught.value.expected in checksums_of(FILES)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.usefixtures("small_scan")
def test_a_damaged_member_is_fetched_again(tmp_path: Path) -> None:
    fetch("scan", into=tmp_path, get=serve)
    (tmp_path / "scan" / "tasks.txt").write_bytes(b"damaged")
    assert fetch("scan", into=tmp_path, get=serve).new == 1


@pytest.mark.usefixtures("small_scan")
def test_a_clone_of_the_origin_serves(tmp_path: Path) -> None:
    clone = tmp_path / "SCAN"
    clone.mkdir()
    (clone / "tasks.txt").write_bytes(FILES["tasks.txt"])
    told: list[str] = []
    done = fetch("scan", clone, into=tmp_path / "into", progress=told.append)
    assert (done.new, done.left_out) == (1, ("mcd_split/tasks_test_mcd1.txt",))
    assert "not in" in told[0]


def test_the_data_folder_serves(tmp_path: Path, data: Path) -> None:
    done = fetch("miniscan", data, into=tmp_path)
    assert done.new == len(checksums("miniscan"))
    archive = data / "systematic" / "miniscan" / "mlc_data_human.tar.xz"
    assert fetch("miniscan", archive, into=tmp_path / "again").new == done.new


def test_sources_and_targets_are_joined_and_the_whole_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = b"copy A\tA\n"
    sums = {"iid_test.tsv": hashlib.sha256(whole).hexdigest()}
    for module in ("table", "fetch"):
        monkeypatch.setattr(f"abduce.benchmarks.data.{module}.checksums", lambda name: sums)
    fetch("pcfg", into=tmp_path, get=lambda a: b"copy A\n" if a.endswith(".src") else b"A\n")
    assert (tmp_path / "pcfg" / "iid_test.tsv").read_bytes() == whole


def test_what_nobody_serves_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    def never(address: str) -> bytes:
        raise AssertionError(address)

    with pytest.raises(DataError) as caught:
        fetch("handwritten", into=tmp_path, get=never)
    told = str(caught.value)
    assert "how its crops were cut and scaled is not recorded" in told
    assert "SubhamSaurabh/hmer @ da24411 (brackets, from CROHME)" in told
    assert "CC BY-NC-SA 3.0" in told


def test_what_is_derived_by_program_is_checked_like_a_download(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"expr\tvalue\n"
    sums = {"hint_val.tsv": hashlib.sha256(content).hexdigest()}
    for module in ("making", "fetch", "table"):
        monkeypatch.setattr(f"abduce.benchmarks.data.{module}.checksums", lambda name: sums)
    right = {"hint": lambda tell: iter([("hint_val.tsv", content)])}
    wrong = {"hint": lambda tell: iter([("hint_val.tsv", b"expr\n")])}
    monkeypatch.setattr("abduce.benchmarks.data.fetch.make", partial(make, makers=right))
    with pytest.raises(ChecksumError):
        make("hint", tmp_path / "wrong", print, wrong)
    assert not (tmp_path / "wrong").exists()
    assert make("hint", tmp_path / "made", print, right) == ("hint_val.tsv",)
    first, second = fetch("hint", into=tmp_path), fetch("hint", into=tmp_path)
    assert (first.new, first.kept, second.new, second.kept) == (1, 0, 0, 1)
    assert (tmp_path / "hint" / "hint_val.tsv").read_bytes() == content
    with pytest.raises(DataError, match="is not derived by program"):
        make("scan", tmp_path, print)


def test_a_folder_without_the_data_set_says_what_it_should_hold(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"handwritten/symbols_32x32_16grey\.npz\.xz"):
        fetch("handwritten", tmp_path, into=tmp_path / "into")


def test_a_source_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder or an archive"):
        fetch("scan", tmp_path / "none", into=tmp_path / "into")


def checksums_of(files: dict[str, bytes]) -> set[str]:
    return {hashlib.sha256(content).hexdigest() for content in files.values()}


def test_the_table_has_no_data_set_without_members() -> None:
    assert all(checksums(name) for name in data_sets.DATA_SETS)
