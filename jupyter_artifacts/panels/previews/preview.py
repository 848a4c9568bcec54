"""From a file's name and bytes to what can be shown of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_artifacts.panels import words
from jupyter_artifacts.panels.previews import arrays, cells, pictures, tables, tensors, texts
from jupyter_artifacts.panels.protocol import FilePreview, PreviewTable
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.model.shards import Entry
    from jupyter_artifacts.panels.protocol import PreviewKind, TensorRow

MOST = 256 << 20
"""A file larger than this is not read for a preview."""

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")


@dataclass
class Preview:
    """What was found; `png` is a picture's bytes, or a table's thumbnails of `lengths` bytes each."""

    kind: PreviewKind = "none"
    note: str = ""
    text: str = ""
    json: JsonObject = field(default_factory=dict)
    table: PreviewTable = field(default_factory=lambda: PreviewTable(columns=[], rows=[], total=0))
    tensors: list[TensorRow] = field(default_factory=list)
    size: tuple[int, int] = (0, 0)
    png: bytes = b""
    pictures: dict[str, str] = field(default_factory=dict)
    pictured: list[str] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)

    def add_thumbnails(self, find: Callable[[str], Entry | None], read: Callable[[Entry], bytes]) -> None:
        """Bring the pictures that a table's cells stand for, as files of the same version."""
        wanted = [cell for row in self.table["rows"] for cell in row]
        made = cells.thumbnails(wanted, self.pictures, find, read)
        self.pictured, self.lengths = list(made), [len(png) for png in made.values()]
        self.png = b"".join(made.values())

    def wire(self, path: str) -> FilePreview:
        """Return the wire's form, without the picture."""
        return FilePreview(
            path=path,
            kind=self.kind,
            note=self.note,
            text=self.text,
            json=self.json,
            table=self.table,
            tensors=self.tensors,
            width=self.size[0],
            height=self.size[1],
            pictured=self.pictured,
            lengths=self.lengths,
            png="",
        )


def preview(path: str, size: int, read: Callable[[], bytes]) -> Preview:
    """Return what is in a file.

    Parameters
    ----------
    path : str
        Its ending says what it should be; its bytes have the last word.
    size : int
        Bytes; -1 where a reference's is not known.
    read : callable
        Returns the verified bytes.

    Raises
    ------
    CorruptError
        The stored bytes are rotten: said as such, never shown.
    """
    if not 0 <= size <= MOST:
        what = say("unknown size") if size < 0 else words.size(size)
        return Preview(
            note=say(
                "a file of {size} is not read for a preview; the limit is {most}", size=what, most=words.size(MOST)
            )
        )
    data = read()
    try:
        return _read(path.lower(), data, path)
    except Exception as error:  # noqa: BLE001  parsers raise anything over hostile bytes; the reader is told
        return Preview(note=say("cannot be shown: {why}", why=words.visible(str(error), 200)))


def _read(name: str, data: bytes, path: str) -> Preview:
    if not data:
        return Preview(note=say("an empty file"))
    if name.endswith(PICTURES):
        size, png, note = pictures.shown(data, path)
        return Preview("image", note, size=size, png=png)
    if (read_arrays := arrays.reader(name, data)) is not None:
        rows, note = tensors.shown(read_arrays(data), torch_zip=arrays.is_torch_zip(name, data))
        return Preview("tensors", note, tensors=rows)
    if (read_table := tables.reader(name)) is not None:
        read = read_table(data, tables.ROWS)
        table, note = tables.shown(read)
        return Preview("table", note, table=table, pictures=read.pictures)
    return _text(name, data)


def _text(name: str, data: bytes) -> Preview:
    tree = texts.tree(data) if name.endswith((".json", ".ipynb")) else None
    if tree is not None:
        return Preview("json", json=tree)
    found = texts.text(data)
    if found is None:
        return Preview(note=say("binary, begins with {bytes}", bytes=data[:16].hex(" ")))
    return Preview("text", found[1], found[0])
