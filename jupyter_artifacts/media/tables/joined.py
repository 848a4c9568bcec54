"""JoinedTable: two tables beside each other, by a column that both have."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MisfitError
from jupyter_artifacts.media.base import Document
from jupyter_artifacts.media.source import text_of
from jupyter_artifacts.media.tables.cells import hashable
from jupyter_artifacts.media.tables.partitioned import PartitionedTable
from jupyter_artifacts.media.tables.table import Table
from jupyter_artifacts.model.paths import check_entry_path

if TYPE_CHECKING:
    from jupyter_artifacts.media.source import Source
    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue

FOLDER = "media/tables"
_PAIR = 2


class JoinedTable(Document):
    """Two tables to be read as one.

    Parameters
    ----------
    table1, table2 : Table, PartitionedTable, or path of one in the same artifact
    join_key : str or list of two str
        The column to join by; two when it has another name in each.

    Attributes
    ----------
    table1, table2, join_key
    """

    kind: ClassVar[str] = "joined-table"

    def __init__(self, table1: object, table2: object, join_key: object) -> None:
        self.table1 = _checked(table1, "table1")
        self.table2 = _checked(table2, "table2")
        keys = join_key if isinstance(join_key, (list, tuple)) else [join_key, join_key]
        if len(keys) != _PAIR or not all(isinstance(key, str) for key in keys):
            raise MisfitError(f"join_key must be a column's name, or a list of two, not {join_key!r:.80}")
        self._keys = (str(keys[0]), str(keys[1]))
        self.join_key: str | list[str] = self._keys[0] if isinstance(join_key, str) else [*self._keys]
        for table, key in zip((self.table1, self.table2), self._keys, strict=True):
            if isinstance(table, Table) and key not in table.columns:
                raise MisfitError(f"there is no column {key!r} to join by; there are {table.columns}")

    def to_document(self) -> tuple[JsonObject, tuple[tuple[str, bytes], ...]]:
        """Return the JSON, and the tables as files of their own."""
        beside: dict[str, bytes] = {}
        places = [_placed(table, beside) for table in (self.table1, self.table2)]
        join_key: JsonValue = self.join_key if isinstance(self.join_key, str) else [*self.join_key]
        tree: JsonObject = {"_type": self.kind, "table1": places[0], "table2": places[1], "join_key": join_key}
        return tree, tuple(sorted(beside.items()))

    @classmethod
    def from_document(cls, tree: JsonObject, source: Source) -> JoinedTable:
        """Return the joined table that :meth:`to_document` wrote, with both tables read."""
        return cls(_read(tree, "table1", source), _read(tree, "table2", source), tree.get("join_key"))

    def joined(self) -> Table:
        """Return one table: each row of the first with each row of the second of the same key.

        Columns that both have are named ``0.name`` and ``1.name``; the key stands once, first.
        """
        left, right = _whole(self.table1, "table1"), _whole(self.table2, "table2")
        mine, theirs = (
            [name for name in t.columns if name != k] for t, k in zip((left, right), self._keys, strict=True)
        )
        names = [
            *([f"0.{name}" if name in theirs else name for name in mine]),
            *([f"1.{name}" if name in mine else name for name in theirs]),
        ]
        rows: dict[object, list[list[object]]] = {}
        for row in right.data:
            cells = dict(zip(right.columns, row, strict=True))
            rows.setdefault(hashable(cells[self._keys[1]]), []).append([cells[name] for name in theirs])
        found = Table([self._keys[0], *names], allow_mixed_types=left.allow_mixed_types or right.allow_mixed_types)
        for row in left.data:
            cells = dict(zip(left.columns, row, strict=True))
            key = cells[self._keys[0]]
            for others in rows.get(hashable(key), []):
                found.add_data(key, *[cells[name] for name in mine], *others)
        return found

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, JoinedTable):
            return NotImplemented
        mine, theirs = (self.table1, self.table2, self.join_key), (other.table1, other.table2, other.join_key)
        return mine == theirs

    __hash__ = None  # type: ignore[assignment]  # its tables change

    def __repr__(self) -> str:
        return f"<JoinedTable by {self.join_key!r}: {self.table1!r}, {self.table2!r}>"


def _checked(table: object, where: str) -> Table | PartitionedTable | str:
    if isinstance(table, (Table, PartitionedTable)):
        return table
    if isinstance(table, str):
        path = check_entry_path(table)
        if not path.endswith((".table.json", ".partitioned-table.json")):
            raise InvalidValueError(f"{where} is {table!r}, which is no path of a table (NAME.table.json)")
        return path
    raise InvalidTypeError(f"{where} must be a Table or the path of one in the artifact, not {type(table).__name__}")


def _placed(table: Table | PartitionedTable | str, beside: dict[str, bytes]) -> str:
    if isinstance(table, str):
        return table
    file = table.to_artifact_file()
    path = f"{FOLDER}/t_{file.sha256[:20]}{file.suffix}"
    beside.update(file.beside)
    beside[path] = file.data
    return path


def _read(tree: JsonObject, key: str, source: Source) -> Table | PartitionedTable:
    inner = source.document({"path": text_of(tree, key)})
    kinds: dict[object, type[Table | PartitionedTable]] = {
        Table.kind: Table,
        PartitionedTable.kind: PartitionedTable,
    }
    kind = kinds.get(inner.get("_type"))
    if kind is None:
        raise InvalidValueError(f"{key} of a joined table is no table but {inner.get('_type')!r}")
    return kind.from_document(inner, source)


def _whole(table: Table | PartitionedTable | str, where: str) -> Table:
    if isinstance(table, str):
        raise InvalidValueError(f"{where} is a path; log the artifact and get the joined table back to read it")
    return table if isinstance(table, Table) else table.whole()
