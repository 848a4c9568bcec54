"""What a cell's body has shown: text and MIME bundles in their order, within a bound.

It is kept as a front end would have it at the end: a line that was written over is
gone, and so is what was cleared; a display that was updated is as it was last.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_artifacts.model.jsonable import JsonObject

Stream = Literal["stdout", "stderr"]
Kind = Literal["stdout", "stderr", "display", "result"]

MOST = 4 << 20
"""Bytes of one body's outputs that are kept."""

WIDGET = "application/vnd.jupyter.widget-view+json"
_ESCAPED = 6  # bytes that a character outside ASCII takes in the file at most


@dataclass
class Output:
    """One output: the parts of its text, or a bundle as JSON; `rewrites` where a part returns to a line's begin."""

    kind: Kind
    parts: list[str] = field(default_factory=list)
    size: int = 0
    display_id: str = ""
    rewrites: bool = False


class Outputs:
    """Collects what a body shows.

    Parameters
    ----------
    most : int, optional
        Bytes that are kept.

    Attributes
    ----------
    lost : int
        Bytes that found no room.
    widgets : int
        Live widgets, of which nothing but their kernel knows what they show.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: list[Output] = []
        self._size = 0
        self._clear_at_next = False
        self.lost = 0
        self.widgets = 0

    def __len__(self) -> int:
        return len(self._kept)

    def write(self, stream: Stream, text: str) -> None:
        """Take text that was written to a stream."""
        if not text:
            return
        self._clear_if_due()
        size = _size(text)
        if not self._kept or self._kept[-1].kind != stream:
            self._kept.append(Output(stream))
        last = self._kept[-1]
        if self._size + size > self._most:
            self._settle(last)
        if self._size + size > self._most:
            self.lost += size
            if not last.parts:
                self._kept.pop()
            return
        last.parts.append(text)
        last.rewrites |= "\r" in text
        self._count(last, size)

    def show(
        self, kind: Literal["display", "result"], data: Mapping[str, object], metadata: object, name: str = ""
    ) -> None:
        """Take a bundle; a live widget's without what only its kernel can draw."""
        self._clear_if_due()
        text = self._bundle(data, metadata)
        if not text:
            return
        if self._size + len(text) > self._most:
            self.lost += len(text)
            return
        shown = Output(kind, [text], display_id=name)
        self._kept.append(shown)
        self._count(shown, len(text))

    def update(self, data: Mapping[str, object], metadata: object, name: str) -> None:
        """Take a display's new content; one that the body did not show is somebody else's."""
        for shown in self._kept:
            if name and shown.display_id == name:
                text = self._bundle(data, metadata)
                if self._size - shown.size + len(text) > self._most:
                    self.lost += len(text)
                elif text:
                    shown.parts = [text]
                    self._count(shown, len(text) - shown.size)

    def clear(self, *, wait: bool) -> None:
        """Forget what was shown, with `wait` as soon as there is something else."""
        self._clear_at_next = True
        if not wait:
            self._clear_if_due()

    def items(self) -> list[JsonObject]:
        """Return the outputs as plain values."""
        found: list[JsonObject] = []
        for output in self._kept:
            if output.kind in {"stdout", "stderr"}:
                self._settle(output)
                found.append({"kind": output.kind, "text": "".join(output.parts)})
            else:
                bundle: JsonObject = json.loads(output.parts[0])
                found.append({"kind": output.kind, **bundle, "display_id": output.display_id})
        return found

    def _bundle(self, data: Mapping[str, object], metadata: object) -> str:
        """Return a bundle as JSON; nothing where nothing is left of it, or JSON cannot hold it."""
        kept = {mime: value for mime, value in data.items() if mime != WIDGET}
        if WIDGET in data and set(kept) <= {"text/plain"}:
            self.widgets += bool(kept.get("text/plain"))  # our own panels leave it empty: their twin follows
            return ""
        try:
            return json.dumps({"data": kept, "metadata": metadata or {}}, default=_plain)
        except (TypeError, ValueError):  # no front end got it either
            return ""

    def _count(self, output: Output, size: int) -> None:
        output.size += size
        self._size += size

    def _settle(self, output: Output) -> None:
        """Leave out of a stream's text what was written over, as progress bars do."""
        if not output.rewrites:
            return
        text = "\n".join(map(_as_seen, "".join(output.parts).split("\n")))
        output.rewrites = False
        self._count(output, _size(text) - output.size)
        output.parts = [text] if text else []

    def _clear_if_due(self) -> None:
        if self._clear_at_next:
            self._clear_at_next = False
            self._kept.clear()
            self._size = self.lost = self.widgets = 0


def _size(text: str) -> int:
    return len(text) if text.isascii() else _ESCAPED * len(text)


def _as_seen(line: str) -> str:
    """Return a line as it was written last; the return that ends it stays."""
    at = line.rstrip("\r").rfind("\r")
    return line[at + 1 :]


def _plain(value: object) -> str:
    """Return bytes, such as a PNG's, as bundles carry them."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(type(value).__name__)
