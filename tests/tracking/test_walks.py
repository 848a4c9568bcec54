"""Sequences that are found as they are walked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.tracking.walks import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator


def counted(read: list[int], limit: int = 5) -> Walk[int]:
    """Return a walk that notes what has been read of it."""

    def found() -> Iterator[int]:
        for number in range(limit):
            read.append(number)
            yield number

    return Walk(found())


def test_nothing_is_found_before_it_is_asked_for() -> None:
    read: list[int] = []
    walk = counted(read)
    assert read == []
    assert walk[1] == 1
    assert read == [0, 1]
    assert len(walk) == 5


def test_it_begins_anew_and_a_slice_is_a_list() -> None:
    walk = counted([])
    assert list(walk) == list(walk) == [0, 1, 2, 3, 4]
    assert (walk[-1], walk[1:3], 3 in walk, repr(walk)) == (4, [1, 2], True, "<Walk of 5>")
    with pytest.raises(IndexError):
        _ = walk[5]


def test_next_walks_on_its_own() -> None:
    walk = counted([], limit=2)
    assert (next(walk), list(walk), walk.next()) == (0, [0, 1], 1)
    with pytest.raises(StopIteration):
        next(walk)
