"""The first rows of tables."""

from __future__ import annotations

import csv
import io
import itertools
import json
from typing import TYPE_CHECKING

from jupyter_artifacts.model.optional import require
from jupyter_artifacts.panels.protocol import PreviewTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROWS, COLUMNS, CELL = 50, 40, 200
_HEAD = 1 << 20


def of_csv(data: bytes, separator: str) -> tuple[PreviewTable, str]:
    """Return the first rows of comma or tab separated text; the first line is taken for the names."""
    head = data[:_HEAD].decode("utf-8-sig", "replace")
    lines = list(itertools.islice(csv.reader(io.StringIO(head, newline=""), delimiter=separator), ROWS + 1))
    if len(data) > _HEAD and len(lines) <= ROWS:
        lines = lines[:-1]
    names, rows = (lines[0], lines[1:]) if lines else ([], [])
    total = max(0, data.count(b"\n") + (not data.endswith(b"\n")) - 1)
    return _table(names, rows, total if len(data) <= _HEAD else -1)


def of_wandb(data: bytes) -> tuple[PreviewTable, str]:
    """Return the first rows of a logged Table."""
    found = json.loads(data)
    names, rows = found["columns"], found["data"]
    if not isinstance(names, list) or not isinstance(rows, list):
        raise TypeError("no table: its columns or its data are no lists")
    return _table([str(name) for name in names], (row if isinstance(row, list) else [row] for row in rows), len(rows))


def of_parquet(data: bytes) -> tuple[PreviewTable, str]:
    """Return the first rows of a Parquet file; needs pyarrow."""
    require("pyarrow", "pyarrow", "to look into Parquet files")
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(data))
    names = [field.name for field in file.schema_arrow]
    batch = next(file.iter_batches(batch_size=ROWS, columns=names[:COLUMNS]), None)
    columns = [] if batch is None else [column.to_pylist() for column in batch.columns]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return _table(names, rows, file.metadata.num_rows)


def _table(names: Sequence[str], rows: Iterable[Sequence[object]], total: int) -> tuple[PreviewTable, str]:
    shown = [[_cell(cell) for cell in row[:COLUMNS]] for row in itertools.islice(rows, ROWS)]
    notes = []
    if total > len(shown):
        notes.append(f"the first {len(shown)} of {total:,} rows")
    if len(names) > COLUMNS:
        notes.append(f"{COLUMNS} of {len(names):,} columns")
    return PreviewTable(columns=[name[:CELL] for name in names[:COLUMNS]], rows=shown, total=total), ", ".join(notes)


def _cell(value: object) -> str:
    if isinstance(value, dict) and isinstance(value.get("_type"), str):
        return f"<{value['_type']}>"
    text = value if isinstance(value, str) else "" if value is None else str(value)
    return text if len(text) <= CELL else text[: CELL - 1] + "…"
