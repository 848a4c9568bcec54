"""What is different between two versions."""
# ruff: noqa: TC001  rpc reads the annotations

from __future__ import annotations

from typing import Literal, TypedDict

from jupyter_artifacts.panels.protocol.versions import VersionRow

Mark = Literal["added", "removed", "changed", "same"]
DiffFilter = Literal["differ", "added", "removed", "changed", "same"]
DiffWhere = Literal["metadata", "config", "metrics"]
DiffKind = Literal["text", "table", "image", "tensors", "none"]


class DiffCount(TypedDict):
    """How many files are marked so, and their bytes before and after."""

    mark: Mark
    files: int
    before: int
    after: int


class DiffFile(TypedDict):
    """A file; sizes are -1 where a side has none. `index` is its place among those that differ, else -1."""

    path: str
    mark: Mark
    before: int
    after: int
    index: int


class DiffFilesPage(TypedDict):
    """Files from `offset` on, in the order of their paths."""

    files: list[DiffFile]
    offset: int
    total: int


class DiffKey(TypedDict):
    """A key (dots lead inwards) whose value differs, as text; null where a side lacks it, `delta` for numbers."""

    where: DiffWhere
    key: str
    before: str | None
    after: str | None
    delta: float | None


class DiffLine(TypedDict):
    """A line with its numbers before and after, from 1, or 0; with 0 in both `text` says how many are left out."""

    mark: Mark
    before: int
    after: int
    text: str


class DiffRow(TypedDict):
    """A row of a table; `at` names it. `before` and `after` have a cell a column, or none where a side lacks it."""

    mark: Mark
    at: str
    before: list[str]
    after: list[str]


class DiffTensor(TypedDict):
    """A tensor: type and shape before and after as text, the norms of both and of their difference."""

    name: str
    mark: Mark
    before: str
    after: str
    norm_before: float | None
    norm_after: float | None
    norm_of_difference: float | None


class FileDiff(TypedDict):
    """What differs inside of a file; one of the kinds is filled.

    Pictures (before, after, difference; the last is lacking where sizes differ) come one after
    the other, `lengths` bytes each, in the buffer or as base64 in `png`. Of a table they are
    thumbnails, and `pictured` has the texts of the cells that stand for them.
    """

    index: int
    path: str
    mark: Mark
    kind: DiffKind
    note: str
    lines: list[DiffLine]
    columns: list[str]
    rows: list[DiffRow]
    tensors: list[DiffTensor]
    width: int
    height: int
    lengths: list[int]
    pictured: list[str]
    png: str


class DiffSnapshot(TypedDict):
    """Two versions (their metadata left out), what differs between them, and the file that is opened at first.

    `problem` says why files cannot be compared, or is empty.
    """

    before: VersionRow
    after: VersionRow
    digests: list[str]
    counts: list[DiffCount]
    files: DiffFilesPage
    keys: list[DiffKey]
    keys_total: int
    problem: str
    opened: FileDiff | None


class DiffView(TypedDict):
    """Which files are listed, what is looked for in their paths, and which one is opened (by `index`)."""

    shown: DiffFilter
    query: str
    file: int | None


class DiffParams(TypedDict):
    """Ask what differs between two versions, by their ids."""

    before: int
    after: int


class DiffFilesParams(TypedDict):
    """Ask for files of a difference."""

    before: int
    after: int
    shown: DiffFilter
    query: str
    offset: int
    limit: int


class DiffFileParams(TypedDict):
    """Ask what differs inside of a file, by its `index`; pictures as text where `buffers` is false."""

    before: int
    after: int
    index: int
    buffers: bool
