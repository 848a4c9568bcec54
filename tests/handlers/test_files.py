from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import SpecialFileError
from jupyter_artifacts.handlers.files import landing, plain_file

if TYPE_CHECKING:
    from pathlib import Path


def test_the_file_arrives_whole_and_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with landing(path) as part:
        part.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert [left.name for left in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_after_an_error_all_is_as_before(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def half() -> None:
        with landing(path) as part:
            part.write_text("half")
            raise error

    with pytest.raises(error):
        half()
    assert path.read_text() == "old"
    assert [left.name for left in tmp_path.iterdir()] == ["a.txt"]


def test_a_name_of_255_bytes_is_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 251 + ".txt")
    with landing(path) as part:
        part.write_text("x")
    assert path.read_text() == "x"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no fifos here")
def test_a_fifo_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SpecialFileError, match="fifo, socket or device"):
        plain_file(tmp_path / "pipe")
