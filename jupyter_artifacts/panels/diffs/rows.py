"""Tables that differ, row by row.

Rows of both sides belong together by the first column that names each row once on either
side; where there is none, by their place if there are as many; else a row is only ever
added or removed.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jupyter_artifacts.panels.diffs.counts import counted
from jupyter_artifacts.panels.protocol import DiffRow
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_artifacts.panels.previews.tables import Read
    from jupyter_artifacts.panels.protocol import Mark

SHOWN = 200
COMPARED = 20_000
COLUMNS = 40
_CELL, _NAMED = 80, 5

Row = list[str]


def differing(before: Read, after: Read) -> tuple[list[str], list[DiffRow], str]:
    """Return the columns of both, the rows that differ, and a note."""
    columns = [*before.names, *(name for name in after.names if name not in before.names)]
    here, there = _aligned(before, columns), _aligned(after, columns)
    key = _key(before, after, columns, here, there)
    if key is not None:
        found, how = _by_key(here, there, key), say("rows by {column}", column=repr(columns[key][:60]))
    elif len(here) == len(there):
        found, how = _by_place(here, there), say("rows by their place")
    else:
        found, how = _by_content(here, there), say("rows by all their cells")
    counts = Counter(mark for mark, *_ in found)
    notes = [how + ": " + (counted(counts) or say("none differs"))]
    notes += _notes(before, after, columns, len(found))
    cut = columns[:COLUMNS]
    return [name[:_CELL] for name in cut], [_row(each, len(cut)) for each in found[:SHOWN]], "; ".join(notes)


def _notes(before: Read, after: Read, columns: Sequence[str], found: int) -> Iterator[str]:
    lost = [name for name in before.names if name not in after.names]
    new = [name for name in columns if name not in before.names]
    if new:
        yield say("columns added: {names}", names=_some(new))
    if lost:
        yield say("columns removed: {names}", names=_some(lost))
    if any(len(side.rows) >= COMPARED and side.total != len(side.rows) for side in (before, after)):
        yield say("the first {n} rows are compared", n=COMPARED)
    if found > SHOWN:
        yield say("the first {n} are shown", n=SHOWN)
    if len(columns) > COLUMNS:
        yield say("{n} of {all} columns", n=COLUMNS, all=len(columns))


def _some(names: Sequence[str]) -> str:
    return ", ".join(name[:40] for name in names[:_NAMED]) + (" …" if len(names) > _NAMED else "")


def _aligned(read: Read, columns: Sequence[str]) -> list[Row]:
    """Return the rows with a cell for each of the columns."""
    if list(columns) == read.names:
        return [row + [""] * (len(columns) - len(row)) for row in read.rows]
    place = {name: at for at, name in enumerate(read.names)}
    places = [place.get(name, -1) for name in columns]
    return [[row[at] if 0 <= at < len(row) else "" for at in places] for row in read.rows]


def _key(before: Read, after: Read, columns: Sequence[str], here: list[Row], there: list[Row]) -> int | None:
    for at, name in enumerate(columns[:COLUMNS]):
        if name not in before.names or name not in after.names or not here or not there:
            continue
        mine, theirs = {row[at] for row in here}, {row[at] for row in there}
        # Numbers that happen to be unique (losses, timings) name nothing: they have nothing in common.
        if (
            len(mine) == len(here)
            and len(theirs) == len(there)
            and 2 * len(mine & theirs) >= min(len(mine), len(theirs))
        ):
            return at
    return None


_Found = tuple["Mark", str, Row, Row]


def _by_key(here: list[Row], there: list[Row], key: int) -> list[_Found]:
    after = {row[key]: row for row in there}
    before = {row[key]: row for row in here}
    found: list[_Found] = []
    for name, row in before.items():
        other = after.get(name)
        if other is None:
            found.append(("removed", name, row, []))
        elif other != row:
            found.append(("changed", name, row, other))
    return found + [("added", name, [], row) for name, row in after.items() if name not in before]


def _by_place(here: list[Row], there: list[Row]) -> list[_Found]:
    return [("changed", f"{at:,}", a, b) for at, (a, b) in enumerate(zip(here, there, strict=True), 1) if a != b]


def _by_content(here: list[Row], there: list[Row]) -> list[_Found]:
    mine, theirs = Counter(map(tuple, here)), Counter(map(tuple, there))
    lost, new = mine - theirs, theirs - mine
    removed: list[_Found] = [("removed", "", list(row), []) for row in lost.elements()]
    return removed + [("added", "", [], list(row)) for row in new.elements()]


def _row(found: _Found, columns: int) -> DiffRow:
    mark, at, before, after = found
    starts = [_start(*cells) for cells in zip(before, after, strict=False)] or [0] * columns
    cut = [[_cut(cell, start) for cell, start in zip(side[:columns], starts, strict=False)] for side in (before, after)]
    return DiffRow(mark=mark, at=at[:_CELL], before=cut[0], after=cut[1])


def _start(before: str, after: str) -> int:
    """Return where to begin, so that what differs is seen."""
    if before == after or max(len(before), len(after)) <= _CELL:
        return 0
    same = next(
        (at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    return max(0, same - _CELL // 4) if same >= _CELL // 2 else 0


def _cut(cell: str, start: int) -> str:
    return cell[:_CELL] if start == 0 else "…" + cell[start : start + _CELL - 1]
