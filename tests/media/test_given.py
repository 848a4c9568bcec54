"""Files as users give them."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MissingFileError, SpecialFileError
from jupyter_artifacts.media import given
from jupyter_artifacts.media.given import caption_text, read_given, utf8

if TYPE_CHECKING:
    from pathlib import Path


def test_a_path_an_open_file_and_bytes_give_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"hello")
    for data in (path, str(path)):
        assert read_given(data, "a text").data == b"hello"
        assert read_given(data, "a text").name == "a.txt"
    with path.open("rb") as file:
        file.read(3)
        assert read_given(file, "a text").data == b"hello", "an open file is read from its beginning"
    with path.open() as file:
        assert read_given(file, "a text").name == "a.txt"
    assert read_given(io.StringIO("é"), "a text").data == "é".encode()
    assert read_given(bytearray(b"x"), "a text") == given.Given(b"x", "")
    assert read_given(b"x", "a text").where == "what you passed"


def test_a_stream_that_cannot_go_back_is_read_as_it_is() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as end:
        end.write(b"abc")
    with os.fdopen(reading, "rb") as file:
        assert read_given(file, "a text").data == b"abc"


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"there is no video at .*gone"):
        read_given(tmp_path / "gone", "a video")
    with pytest.raises(SpecialFileError, match="is a folder, not a video"):
        read_given(tmp_path, "a video")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SpecialFileError, match="a fifo"):
        read_given(tmp_path / "pipe", "a video")
    with pytest.raises(InvalidValueError, match="is not a path"):
        read_given("a\0b", "a video")
    with pytest.raises(InvalidTypeError, match="a video comes as a path, an open file or bytes, not as int"):
        read_given(3, "a video")


def test_a_reader_that_gives_something_else() -> None:
    class Odd:
        def read(self) -> int:
            return 3

    with pytest.raises(InvalidTypeError, match=r"read\(\) of a video gave int"):
        read_given(Odd(), "a video")


def test_large_files_are_refused_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given, "MAX_BYTES", 4)
    (tmp_path / "a").write_bytes(b"hello")
    for data in (tmp_path / "a", b"hello", io.BytesIO(b"hello")):
        with pytest.raises(InvalidValueError, match=r"has 5 bytes \(limit 4\); use add_file"):
            read_given(data, "a video")


def test_half_a_character_is_refused_by_place() -> None:
    with pytest.raises(InvalidValueError, match="half a surrogate pair at 2"):
        utf8("ab\ud800", "the HTML")


def test_captions() -> None:
    assert [caption_text(value) for value in (None, "a", 3, 2.5)] == [None, "a", "3", "2.5"]
    with pytest.raises(InvalidTypeError, match="caption must be a str, not list"):
        caption_text([])
