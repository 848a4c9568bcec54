"""Text that differs, line by line, with the lines round a difference."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from jupyter_artifacts.panels import words
from jupyter_artifacts.panels.protocol import DiffLine
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_artifacts.panels.protocol import Mark

ROUND = 3
SHOWN = 400
COMPARED = 4000
"""So many lines between the first and the last difference are compared; of more it is only said that they differ."""

_CELL = 400


def differing(before: Sequence[str], after: Sequence[str]) -> tuple[list[DiffLine], str]:
    """Return the lines that differ with three lines round them, and a note."""
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    middle = before[start : len(before) - end], after[start : len(after) - end]
    if max(map(len, middle)) > COMPARED:
        counts = " → ".join(f"{len(side):,}" for side in middle)
        return [], say("too many lines between the first difference and the last to compare: {counts}", counts=counts)
    steps = [
        ("equal", max(0, start - ROUND), start, max(0, start - ROUND), start),
        *((tag, a + start, b + start, c + start, d + start) for tag, a, b, c, d in _opcodes(*middle)),
        ("equal", len(before) - end, len(before) - end + min(end, ROUND), len(after) - end, len(after)),
    ]
    found = list(_lines(steps, before, after))
    counted = {mark: sum(line["mark"] == mark for line in found) for mark in ("added", "removed")}
    added, removed = (words.count(counted[mark], "line") for mark in ("added", "removed"))
    note = say("{added} added, {removed} removed", added=added, removed=removed)
    if len(found) > SHOWN:
        note += "; " + say("the first {n} lines of the difference are shown", n=SHOWN)
    return found[:SHOWN], note


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    pairs = zip(before, after, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(before), len(after)))


def _opcodes(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    return list(SequenceMatcher(None, before, after).get_opcodes())


def _lines(
    steps: Sequence[tuple[str, int, int, int, int]], before: Sequence[str], after: Sequence[str]
) -> Iterator[DiffLine]:
    last = len(steps) - 1
    for i, (tag, a, b, c, d) in enumerate(steps):
        if tag == "equal":
            yield from _unchanged(a, b, c, before, whole=i in {0, last})
            continue
        for at in range(a, b):
            yield _line("removed", at + 1, 0, before[at])
        for at in range(c, d):
            yield _line("added", 0, at + 1, after[at])


def _unchanged(start: int, end: int, other: int, before: Sequence[str], *, whole: bool) -> Iterator[DiffLine]:
    """Return unchanged lines, of a long stretch its two ends and between them how many were left out."""
    gap = not whole and end - start > 2 * ROUND + 1
    for at in range(start, end):
        if gap and start + ROUND <= at < end - ROUND:
            if at == start + ROUND:
                yield _line("same", 0, 0, f"{end - start - 2 * ROUND:,}")
            continue
        yield _line("same", at + 1, other + at - start + 1, before[at])


def _line(mark: Mark, before: int, after: int, text: str) -> DiffLine:
    return DiffLine(mark=mark, before=before, after=after, text=text[:_CELL])
