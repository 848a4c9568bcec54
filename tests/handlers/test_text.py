from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MissingFileError, SpecialFileError
from jupyter_artifacts.handlers.text import BytesHandler, TextHandler

if TYPE_CHECKING:
    from pathlib import Path


@given(text=st.text())
def test_text_comes_back_with_its_line_ends(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("t") / "a.txt"
    TextHandler().dump(text, path)
    assert TextHandler().load(path) == text
    assert path.read_bytes() == text.encode()


@given(data=st.binary())
def test_bytes_come_back(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("b") / "a.bin"
    for form in (data, bytearray(data), memoryview(data)):
        BytesHandler().dump(form, path)
        assert BytesHandler().load(path) == data


def test_a_lone_surrogate_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match="lone surrogate at position 2"):
        TextHandler().dump("ab\ud800", tmp_path / "a.txt")
    assert list(tmp_path.iterdir()) == []


def test_bytes_that_are_not_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidValueError, match=r"a\.txt is not a readable UTF-8 text file: UnicodeDecodeError"):
        TextHandler().load(tmp_path / "a.txt")


def test_the_wrong_type(tmp_path: Path) -> None:
    with pytest.raises(InvalidTypeError, match="saves str, not int"):
        TextHandler().dump(3, tmp_path / "a.txt")
    with pytest.raises(InvalidTypeError, match="saves bytes, not str"):
        BytesHandler().dump("3", tmp_path / "a.bin")


def test_a_missing_file_or_folder_and_a_folder_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"a\.txt is not there"):
        TextHandler().load(tmp_path / "a.txt")
    with pytest.raises(SpecialFileError, match="is a folder"):
        TextHandler().load(tmp_path)
    with pytest.raises(MissingFileError, match=r"the folder .*no is not there"):
        TextHandler().dump("x", tmp_path / "no" / "a.txt")
