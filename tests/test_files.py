"""Files are read and unpacked within limits of size and time, or refused in one way."""

import bz2
import gzip
import lzma
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abduce import clock
from abduce.clock import OutOfTime
from abduce.errors import InputError
from abduce.files import PART, unpacked

PACKS = (gzip.compress, bz2.compress, lzma.compress)
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(content=st.binary(max_size=200), parts=st.integers(1, 3), pack=st.sampled_from(PACKS))
@SHARED
def test_what_was_packed_is_unpacked_in_one_or_several_parts(
    content: bytes, parts: int, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "packed"
    path.write_bytes(pack(content) * parts)
    assert unpacked(path, limit=1000) == content * parts


@given(size=st.integers(0, 50), limit=st.integers(0, 50), pack=st.sampled_from((bytes, *PACKS)))
@SHARED
def test_the_limit_itself_is_accepted_and_one_byte_more_is_refused(
    size: int, limit: int, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(pack(b"a" * size))
    if size <= limit:
        assert unpacked(path, limit=limit) == b"a" * size
    else:
        with pytest.raises(InputError, match=f"file: found more than {limit} bytes"):
            unpacked(path, limit=limit)


@pytest.mark.parametrize("pack", PACKS)
def test_a_small_file_that_unpacks_to_a_large_one_never_holds_more_than_the_limit(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path, limit = tmp_path / "bomb", 4 * PART
    path.write_bytes(pack(bytes(64 * PART)))
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="more than"):
            unpacked(path, limit=limit)
        assert tracemalloc.get_traced_memory()[1] < limit + 16 * PART
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("pack", PACKS)
@given(draws=st.data())
@SHARED
def test_a_damaged_file_is_refused_or_unpacks_to_what_was_packed(
    pack: Callable[[bytes], bytes], draws: st.DataObject, tmp_path: Path
) -> None:
    content = bytearray(pack(b"some text, some text"))
    place = draws.draw(st.integers(6, len(content) - 1))
    if draws.draw(st.booleans()):
        del content[place:]
    else:
        content[place] ^= draws.draw(st.integers(1, 255))
    path = tmp_path / "file"
    path.write_bytes(content)
    found, error = b"some text, some text", None
    try:
        found = unpacked(path, limit=1000)
    except InputError as caught:
        error = str(caught)
    assert found == b"some text, some text"
    assert error is None or error.startswith((f"{path}: found a damaged", f"{path}: found more"))


@pytest.mark.parametrize("pack", [bytes, *PACKS])
def test_unpacking_ends_at_its_deadline(
    pack: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(pack(bytes(8 * PART)))
    looks = iter(range(100))
    monkeypatch.setattr(clock, "wall_s", lambda: float(next(looks)))
    with pytest.raises(OutOfTime):
        unpacked(path, limit=100 * PART, deadline=3.5)
    assert next(looks) == 5


def test_what_is_no_file_is_bad_input(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError, match="no file that can be read"):
            unpacked(path, limit=1)


def test_a_size_that_a_packed_file_states_is_believed_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(bytes(3 * PART)))
    monkeypatch.setattr("abduce.files._read", None)
    with pytest.raises(InputError, match="found more than 1,000 bytes"):
        unpacked(path, limit=1000)


@pytest.mark.parametrize("pack", [bytes, *PACKS])
def test_a_pipe_is_read_as_a_file_is(pack: Callable[[bytes], bytes]) -> None:
    reading, writing = os.pipe()
    try:
        os.write(writing, pack(b"some text"))
        os.close(writing)
        assert unpacked(Path(f"/dev/fd/{reading}"), limit=1000) == b"some text"
    finally:
        os.close(reading)
