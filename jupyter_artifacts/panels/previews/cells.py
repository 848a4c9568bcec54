"""Cells of tables: as text, and the pictures that cells of a logged Table stand for, as thumbnails.

A picture in a Table is a file of the same version; its cell says path, size and digest.
The cell's text holds the digest, so that equal texts are equal pictures.
"""

from __future__ import annotations

import io
import json
from hashlib import blake2b
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CorruptError, InvalidValueError
from jupyter_artifacts.media.pictures import bare, converted, read_picture
from jupyter_artifacts.panels import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jupyter_artifacts.model.shards import Entry

CELL = 200
SIDE, MOST = 48, 60
LARGEST, ROOM = 4 << 20, 160 << 10
"""Bytes of a file that is read for a thumbnail, and of all thumbnails of an answer."""

_PICTURE, _KIND, _DIGEST = "image-file", 20, 16


def shown(value: object) -> tuple[str, str]:
    """Return a cell's text, and the path of the picture that it stands for or ``""``."""
    if isinstance(value, dict) and isinstance(value.get("_type"), str):
        path = value.get("path")
        is_picture = value["_type"] == _PICTURE and isinstance(path, str)
        return _media(value), str(path) if is_picture else ""
    if isinstance(value, (list, dict)):
        return cut(json.dumps(value, ensure_ascii=False, default=str)), ""
    return cut(value if isinstance(value, str) else "" if value is None else str(value)), ""


def cut(text: str) -> str:
    """Return a text of at most 200 characters; what is cut off is told apart by a digest of the whole."""
    if len(text) <= CELL:
        return text
    end = f"… {_short(text)}"
    return text[: CELL - len(end)] + end


def _media(cell: Mapping[str, object]) -> str:
    """Return a picture's kind, sides, size and digest, say: what differs in bytes differs in text."""
    sides = [cell.get(name) for name in ("width", "height")]
    size, digest = cell.get("size"), cell.get("sha256")
    known = isinstance(digest, str) and digest
    parts = [
        str(cell["_type"]).removesuffix("-file")[:_KIND],
        " \N{MULTIPLICATION SIGN} ".join(map(str, sides)) if all(type(side) is int for side in sides) else "",
    ]
    facts = [words.size(size) if type(size) is int else "", str(digest)[:_DIGEST] if known else _short(_text(cell))]
    return cut(", ".join(filter(None, (" ".join(filter(None, parts)), *facts))))


def _text(cell: Mapping[str, object]) -> str:
    return json.dumps(cell, sort_keys=True, default=str)


def _short(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def thumbnails(
    wanted: Iterable[str],
    pictures: Mapping[str, str],
    find: Callable[[str], Entry | None],
    read: Callable[[Entry], bytes],
    room: int = ROOM,
) -> dict[str, bytes]:
    """Return PNGs at most 48 pixels a side, by the text of their cell.

    Parameters
    ----------
    wanted : iterable of str
        Texts of cells, those first that matter most.
    pictures : mapping of str to str
        The path of each cell's picture.
    find, read : callable
        A file of the version by its path, and its verified bytes. What is not among the version's files,
        rotten, no picture or too large has no thumbnail; its text tells of it.
    room : int
        Bytes of all.
    """
    made: dict[str, bytes] = {}
    for text in dict.fromkeys(wanted):
        entry = find(pictures[text]) if text in pictures else None
        if entry is None or not 0 <= entry.size <= LARGEST:
            continue
        try:
            png = _thumbnail(read(entry), entry.path)
        except (InvalidValueError, CorruptError):
            continue
        if len(png) > room or len(made) >= MOST:
            break
        made[text] = png
        room -= len(png)
    return made


def _thumbnail(data: bytes, where: str) -> bytes:
    picture = read_picture(data, where)
    small = converted(bare(picture), "RGBA" if picture.mode in {"RGBA", "LA", "PA"} else "RGB")
    small.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    small.save(out, format="PNG", optimize=True)
    return out.getvalue()
