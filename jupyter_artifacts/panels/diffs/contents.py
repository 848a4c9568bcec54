"""What differs inside of a file: the kind is told by its name, as for previews, and its bytes have the last word."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.panels import words
from jupyter_artifacts.panels.diffs import lines, pixels, rows, tensors
from jupyter_artifacts.panels.previews import arrays, cells, tables, texts
from jupyter_artifacts.panels.previews.preview import PICTURES
from jupyter_artifacts.panels.protocol import FileDiff
from jupyter_artifacts.tracking.artifact.entries import is_in_store
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.model.shards import Entry
    from jupyter_artifacts.panels.diffs.files import Pair
    from jupyter_artifacts.panels.shelf import Shelf

MOST = 128 << 20
"""A file larger than this is not read to be compared."""

_TEXT = 8 << 20


def file_diff(
    shelf: Shelf,
    pair: Pair,
    index: int,
    beside: Callable[[int, str], Entry | None] = lambda _side, _path: None,
    room: int = cells.ROOM,
) -> tuple[FileDiff, bytes]:
    """Return what differs inside of a file, and its pictures one after the other.

    Parameters
    ----------
    shelf : Shelf
    pair : Pair
    index : int
        Its place among those that differ.
    beside : callable, optional
        Takes a side (0 or 1) and a path: where the pictures lie that a table's cells stand for.
    room : int, optional
        Bytes of all thumbnails of a table.

    Raises
    ------
    CorruptError
        The stored bytes are rotten: said as such, never compared.
    """
    found = FileDiff(
        index=index,
        path=pair.path,
        mark=pair.mark,
        kind="none",
        note="",
        lines=[],
        columns=[],
        rows=[],
        tensors=[],
        width=0,
        height=0,
        lengths=[],
        pictured=[],
        png="",
    )
    sides = [side for side in (pair.before, pair.after) if side is not None]
    refusal = _refusal(sides)
    if refusal:
        found["note"] = refusal
        return found, b""
    before, after = (b"" if side is None else _read(shelf, side) for side in (pair.before, pair.after))
    try:
        filled = _fill(found, before, after)
        if isinstance(filled, bytes):
            return found, filled
        return found, _pictured(found, shelf, filled, beside, room)
    except CorruptError:
        raise
    except Exception as error:  # noqa: BLE001  parsers raise anything over hostile bytes; the reader is told
        found["kind"], found["note"] = "none", say("cannot be compared: {why}", why=words.visible(str(error), 200))
        return found, b""


def _refusal(sides: list[Entry]) -> str:
    if not all(map(is_in_store, sides)):
        return say("a reference: its bytes are not in the store")
    largest = max(side.size for side in sides)
    if largest > MOST:
        return say(
            "a file of {size} is not read to be compared; the limit is {most}",
            size=words.size(largest),
            most=words.size(MOST),
        )
    return ""


def _read(shelf: Shelf, entry: Entry) -> bytes:
    return shelf.store.read(Digest(entry.digest), f"file {entry.path}")


def _fill(found: FileDiff, before: bytes, after: bytes) -> bytes | tuple[tables.Read, tables.Read]:
    """Put in what differs; return pictures, or the tables that may speak of some."""
    name = found["path"].lower()
    if name.endswith(PICTURES):
        made = pixels.differing(before, after, found["path"])
        found["kind"], found["note"] = "image", made.note
        found["width"], found["height"] = made.size
        found["lengths"] = [len(png) for png in made.pngs]
        return b"".join(made.pngs)
    listing = arrays.reader(name, before or after)
    if listing is not None:
        here, there = (listing(data) if data else [] for data in (before, after))
        found["tensors"], found["note"] = tensors.differing(here, there)
        found["kind"] = "tensors"
        return b""
    table = tables.reader(name)
    if table is not None:
        empty = tables.Read([], [], 0)
        mine, theirs = (table(data, rows.COMPARED) if data else empty for data in (before, after))
        found["columns"], found["rows"], found["note"] = rows.differing(mine, theirs)
        found["kind"] = "table"
        return mine, theirs
    return _text(found, name, before, after)


def _pictured(
    found: FileDiff,
    shelf: Shelf,
    sides: tuple[tables.Read, tables.Read],
    beside: Callable[[int, str], Entry | None],
    room: int,
) -> bytes:
    """Put in which cells have thumbnails; return those one after the other."""
    made: dict[str, bytes] = {}
    for at, (read, which) in enumerate(zip(sides, ("before", "after"), strict=True)):
        if not read.pictures:
            continue
        wanted = [cell for row in found["rows"] for cell in (row["before"] if which == "before" else row["after"])]
        left = (room // 2) if at == 0 else room - sum(map(len, made.values()))

        def find(path: str, side: int = at) -> Entry | None:
            entry = beside(side, path)
            return entry if entry is not None and is_in_store(entry) else None

        new = [cell for cell in wanted if cell not in made]
        made |= cells.thumbnails(new, read.pictures, find, lambda entry: _read(shelf, entry), left)
    found["pictured"] = list(made)
    found["lengths"] = [len(png) for png in made.values()]
    return b"".join(made.values())


def _text(found: FileDiff, name: str, before: bytes, after: bytes) -> bytes:
    sides = [_lines(name, data) for data in (before, after)]
    if sides[0] is None or sides[1] is None:
        found["note"] = say("binary: only sizes and digests are compared")
        return b""
    found["lines"], found["note"] = lines.differing(sides[0], sides[1])
    found["kind"] = "text"
    if max(len(before), len(after)) > _TEXT:
        found["note"] += "; " + say("the first {size} are compared", size=words.size(_TEXT))
    return b""


def _lines(name: str, data: bytes) -> list[str] | None:
    if not data:
        return []
    laid_out = _laid_out(data) if name.endswith((".json", ".ipynb")) and len(data) <= _TEXT else None
    text = texts.decoded(data, _TEXT) if laid_out is None else laid_out
    return None if text is None else text.splitlines()


def _laid_out(data: bytes) -> str | None:
    """Return JSON laid out anew, since a file on one line has no lines to compare; None where it is no JSON."""
    try:
        return json.dumps(json.loads(data), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return None  # named so, but something else: it is compared as the text that it is
