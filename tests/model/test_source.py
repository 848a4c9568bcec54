"""When two sources of a cell say the same."""

from __future__ import annotations

import pytest

from jupyter_artifacts.model.source import same_code

CELL = "%%log_artifact raw -v x\nx = [1, 2]\nif x:\n    y = 'a # b'\n"


@pytest.mark.parametrize(
    "other",
    [
        CELL.rstrip(),
        "# why\n" + CELL,
        CELL.replace("\nif", "  # two of them\n\n\nif"),
        CELL.replace("[1, 2]", "[\n    1,\n    2,\n]"),
        CELL.replace("raw -v", "raw   -v"),
    ],
)
def test_layout_and_comments_do_not_count(other: str) -> None:
    assert same_code(CELL, other)


@pytest.mark.parametrize(
    "other",
    [
        CELL.replace("2]", "3]"),
        CELL.replace("-v x", "-v y"),
        CELL.replace("a # b", "a # c"),
        CELL.replace("    y", "y"),
        CELL.replace("%%log_artifact raw -v x\n", ""),
        "",
    ],
)
def test_everything_else_does(other: str) -> None:
    assert not same_code(CELL, other)


def test_a_magic_inside_a_block_and_what_is_no_python() -> None:
    assert same_code("if x:\n    %time y\n", "if x:\n\n    %time  y")
    assert not same_code("if x:\n    %time y\n", "if x:\n    %time z\n")
    assert same_code("x = \n", "x =")
    assert not same_code("x = ", "y = ")
    assert not same_code("\0", "\0\0")
