"""What is inside a file, as far as it can be shown without running or unpacking anything."""
# ruff: noqa: TC001  rpc reads the annotations

from __future__ import annotations

from typing import Literal, TypedDict

from jupyter_artifacts.model.jsonable import JsonObject

PreviewKind = Literal["text", "json", "table", "image", "tensors", "none"]


class PreviewTable(TypedDict):
    """The first rows of a table, every cell as text; `total` is -1 where the rows were not counted."""

    columns: list[str]
    rows: list[list[str]]
    total: int


class TensorRow(TypedDict):
    """A tensor's name, type, shape and bytes; `norm` is null where it was not computed."""

    name: str
    dtype: str
    shape: list[int]
    size: int
    norm: float | None


class FilePreview(TypedDict):
    """One of the kinds is filled; `note` says what was left out, or why nothing is shown.

    Of a table, `pictured` has the texts of cells that stand for pictures, whose thumbnails come one
    after the other, `lengths` bytes each, in the buffer or as base64 in `png`.
    """

    path: str
    kind: PreviewKind
    note: str
    text: str
    json: JsonObject
    table: PreviewTable
    tensors: list[TensorRow]
    width: int
    height: int
    pictured: list[str]
    lengths: list[int]
    png: str


class PreviewParams(TypedDict):
    """Asks what is in a file of a version, by its place in the order of paths."""

    id: int
    index: int
    buffers: bool
