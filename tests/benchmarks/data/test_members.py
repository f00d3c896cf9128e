"""Members of data sets: found in order, checked always, and a clear word where they are missing."""

import hashlib
import lzma
import re
from pathlib import Path

import pytest

from abduce.benchmarks.data import members as module
from abduce.benchmarks.data.members import (
    find,
    folders,
    overview,
    read_member,
    read_text,
    where,
)
from abduce.benchmarks.data.table import DATA_SETS, addresses, checksums, part
from abduce.errors import ChecksumError, DataError, InputError, OutputError
from abduce.files import write_whole

MEMBER = "length_split/tasks_train_length.txt"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ABDUCE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize("name", list(DATA_SETS))
def test_every_member_has_a_sha256_a_part_and_an_origin(name: str) -> None:
    for member, sha256 in checksums(name).items():
        assert len(sha256) == 64
        assert part(name, member).origin
        assert len(addresses(name, member)) <= 2


def test_addresses_are_pinned_to_a_commit() -> None:
    every = [a for name in DATA_SETS for member in checksums(name) for a in addresses(name, member)]
    assert every
    for address in every:
        assert address.startswith("https://")
        assert re.fullmatch("[0-9a-f]{7,40}", address.split("/")[5])
        assert "{" not in address


@pytest.mark.parametrize("name", list(DATA_SETS))
def test_the_members_at_hand_are_the_ones_of_the_table(name: str, data: Path) -> None:
    small = [m for m in checksums(name) if "train" not in m]
    for member in small[:12]:
        content = read_member(name, member, [data])
        assert hashlib.sha256(content).hexdigest() == checksums(name)[member]


def test_a_member_is_unpacked_once(
    data: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read_text("scan", MEMBER, [data])
    assert first.startswith("IN: ")

    def never(*_: object) -> bytes:
        raise AssertionError("unpacked again")

    monkeypatch.setattr(module, "unpack", never)
    assert read_text("scan", MEMBER, [data]) == first
    assert len(list(cache.rglob("*.txt"))) == 1


def test_a_kept_member_that_was_changed_is_refused(data: Path, cache: Path) -> None:
    read_member("scan", MEMBER, [data])
    (kept,) = cache.rglob("*.txt")
    kept.write_bytes(b"IN: jump OUT: I_WALK\n")
    with pytest.raises(ChecksumError, match="wrong sha256"):
        read_member("scan", MEMBER, [data])


def test_a_cache_that_cannot_be_written_is_done_without(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ABDUCE_CACHE", str(tmp_path / "file" / "cache"))
    assert read_member("miniscan", "data_human/few_shot/val_gold/mini_scan.txt", [data])


def test_what_is_missing_is_named_with_the_places_and_the_way_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_member("scan", MEMBER, [tmp_path])
    text = str(caught.value)
    assert f"scan: {MEMBER} was not found" in text
    assert str(tmp_path) in text
    assert "abduce data fetch scan" in text


def test_what_nobody_serves_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="re-derived and has no official address"):
        read_member("handwritten", "symbols_32x32_16grey.npz", [tmp_path])
    with pytest.raises(DataError, match="Derive it anew: abduce data make hint"):
        read_member("hint", "hint_val.tsv", [tmp_path])


@pytest.mark.parametrize(("name", "member"), [("scam", MEMBER), ("scan", "nothing.txt")])
def test_unknown_names_are_refused(name: str, member: str) -> None:
    with pytest.raises(DataError, match=r"abduce data where|Expected one of scan, pcfg"):
        read_member(name, member, [])


@pytest.mark.parametrize("layout", ["systematic/pcfg", "pcfg", "."])
def test_an_archive_is_found_in_every_layout(tmp_path: Path, layout: str, cache: Path) -> None:
    (tmp_path / layout).mkdir(parents=True, exist_ok=True)
    archive = tmp_path / layout / "iid_test.tsv.xz"
    archive.write_bytes(lzma.compress(b"not it"))
    place = find("pcfg", "iid_test.tsv", [tmp_path])
    assert place is not None
    assert place.path.resolve() == archive.resolve()
    with pytest.raises(ChecksumError):
        read_member("pcfg", "iid_test.tsv", [tmp_path])


def test_a_damaged_archive_is_named(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "pcfg").mkdir()
    (tmp_path / "pcfg" / "iid_test.tsv.xz").write_bytes(lzma.compress(b"text" * 99)[:-9])
    with pytest.raises(InputError, match="damaged archive"):
        read_member("pcfg", "iid_test.tsv", [tmp_path])


def test_the_folder_given_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    given, named = tmp_path / "given", tmp_path / "named"
    given.mkdir()
    named.mkdir()
    monkeypatch.setenv("ABDUCE_DATA", str(named))
    assert folders(given)[0] == given
    assert folders()[0] == named
    assert folders()[-1] == cache / "fetched"


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder of data sets"):
        folders(tmp_path / "none")


def test_the_overview_counts_what_is_at_hand(tmp_path: Path) -> None:
    (tmp_path / "miniscan").mkdir()
    (tmp_path / "miniscan" / "mlc_data_human.tar.xz").write_bytes(b"")
    rows = {row["name"]: row for row in overview([tmp_path])}
    assert rows["miniscan"]["at_hand"] == rows["miniscan"]["members"]
    assert rows["scan"]["at_hand"] == 0
    assert (rows["hint"]["downloadable"], rows["hint"]["derivable"]) == (0, 4)
    assert (rows["handwritten"]["downloadable"], rows["handwritten"]["derivable"]) == (0, 0)


def test_where_names_each_member(tmp_path: Path) -> None:
    assert set(where("hint", [tmp_path])) == set(checksums("hint"))
    assert where(None, [tmp_path]) == {"folder 1": str(tmp_path)}


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    (target / "inside").mkdir(parents=True)
    with pytest.raises(OutputError):
        write_whole(target, b"a folder is in the way")
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]
