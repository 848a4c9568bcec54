"""The rows of tables: comma and tab separated text, Parquet, logged Tables."""

from __future__ import annotations

import csv
import io
import itertools
import json
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from jupyter_artifacts.model.optional import require
from jupyter_artifacts.panels.previews import cells
from jupyter_artifacts.panels.protocol import PreviewTable
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

ROWS, COLUMNS = 50, 40
_HEAD = 1 << 20


@dataclass(frozen=True, slots=True)
class Read:
    """The first rows of a table, every cell as text; `total` is -1 where they were not counted.

    `pictures` has the path of the picture that a cell stands for, by the cell's text.
    """

    names: list[str]
    rows: list[list[str]]
    total: int
    pictures: dict[str, str] = field(default_factory=dict)


def reader(name: str) -> Callable[[bytes, int], Read] | None:
    """Return what reads so many rows of a file of this name, or None where it is no table."""
    if name.endswith(".table.json"):
        return of_wandb
    if name.endswith((".csv", ".tsv")):
        return partial(of_csv, "\t" if name.endswith(".tsv") else ",")
    return of_parquet if name.endswith(".parquet") else None


def shown(read: Read) -> tuple[PreviewTable, str]:
    """Return the first rows as the wire has them, and a note."""
    rows = [row[:COLUMNS] for row in read.rows[:ROWS]]
    notes = []
    if read.total > len(rows):
        notes.append(say("the first {n} of {all} rows", n=len(rows), all=read.total))
    if len(read.names) > COLUMNS:
        notes.append(say("{n} of {all} columns", n=COLUMNS, all=len(read.names)))
    columns = [name[: cells.CELL] for name in read.names[:COLUMNS]]
    return PreviewTable(columns=columns, rows=rows, total=read.total), ", ".join(notes)


def of_csv(separator: str, data: bytes, most: int) -> Read:
    """Read separated text; the first line is taken for the names."""
    size = max(_HEAD, most * 1000)
    head = data[:size].decode("utf-8-sig", "replace")
    lines = list(itertools.islice(csv.reader(io.StringIO(head, newline=""), delimiter=separator), most + 1))
    if len(data) > size and len(lines) <= most:
        lines = lines[:-1]
    names, rows = (lines[0], lines[1:]) if lines else ([], [])
    total = max(0, data.count(b"\n") + (not data.endswith(b"\n")) - 1)
    return _read(names, rows, total if len(data) <= size else -1, most)


def of_wandb(data: bytes, most: int) -> Read:
    """Read a logged Table."""
    found = json.loads(data)
    names, rows = found["columns"], found["data"]
    if not isinstance(names, list) or not isinstance(rows, list):
        raise TypeError("no table: its columns or its data are no lists")
    listed = (row if isinstance(row, list) else [row] for row in rows)
    return _read([str(name) for name in names], listed, len(rows), most)


def of_parquet(data: bytes, most: int) -> Read:
    """Read a Parquet file; needs pyarrow."""
    require("pyarrow", "pyarrow", "to look into Parquet files")
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(data))
    names = [field.name for field in file.schema_arrow]
    batches = file.iter_batches(batch_size=min(most, 1000), columns=names[:COLUMNS])
    parts = (zip(*(column.to_pylist() for column in batch.columns), strict=True) for batch in batches)
    return _read(names, itertools.chain.from_iterable(parts), file.metadata.num_rows, most)


def _read(names: Sequence[str], rows: Iterable[Sequence[object]], total: int, most: int) -> Read:
    read = Read(list(names), [], total)
    for row in itertools.islice(rows, most):
        found = [cells.shown(cell) for cell in row]
        read.rows.append([text for text, _ in found])
        read.pictures.update((text, path) for text, path in found if path)
    return read
