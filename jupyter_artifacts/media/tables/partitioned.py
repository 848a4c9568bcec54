"""PartitionedTable: the tables of one folder of an artifact, read as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jupyter_artifacts.errors import InvalidValueError, UsageError
from jupyter_artifacts.media.base import Document
from jupyter_artifacts.media.source import text_of
from jupyter_artifacts.media.tables.table import Table
from jupyter_artifacts.model.paths import check_entry_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.media.source import Source
    from jupyter_artifacts.media.tables.rows import RowIndex
    from jupyter_artifacts.model.jsonable import JsonObject


class PartitionedTable(Document):
    """All tables of one folder of the same artifact.

    Parameters
    ----------
    parts_path : str
        The folder that the parts are added to, each with ``artifact.add(table, "folder/name")``.

    Attributes
    ----------
    parts_path : str
    """

    kind: ClassVar[str] = "partitioned-table"

    def __init__(self, parts_path: str) -> None:
        self.parts_path = check_entry_path(str(parts_path).rstrip("/"))
        self._parts: list[Table] | None = None

    @property
    def parts(self) -> list[Table]:
        """The tables, by name; known once the artifact was logged and this was got back from it."""
        if self._parts is None:
            raise UsageError(f"the parts in {self.parts_path!r} are known after artifact.get(): log the artifact first")
        return list(self._parts)

    def iterrows(self) -> Iterator[tuple[RowIndex, list[object]]]:
        """Yield the rows of all parts: each one's number in its part, and its cells."""
        for part in self.parts:
            yield from part.iterrows()

    def whole(self) -> Table:
        """Return all rows in one table; the parts must have the same columns."""
        parts = self.parts
        if not parts:
            return Table([])
        found = Table(parts[0].columns, dtype=[*parts[0].column_types.values()])
        for part in parts:
            if part.columns != found.columns:
                raise InvalidValueError(f"a part has the columns {part.columns}, another {found.columns}")
            for row in part.data:
                found.add_data(*row)
        return found

    def to_document(self) -> tuple[JsonObject, tuple[tuple[str, bytes], ...]]:
        """Return the JSON; the parts are files of the artifact already."""
        return {"_type": self.kind, "parts_path": self.parts_path}, ()

    @classmethod
    def from_document(cls, tree: JsonObject, source: Source) -> PartitionedTable:
        """Return the table that :meth:`to_document` wrote, with its parts read."""
        table = cls(text_of(tree, "parts_path"))
        paths = sorted(p for p in source.paths if p.startswith(table.parts_path + "/") and p.endswith(".table.json"))
        trees = [source.document({"path": path}) for path in paths]
        table._parts = [Table.from_document(tree, source) for tree in trees]
        return table

    def __eq__(self, other: object) -> bool:
        """Compare the paths, and the parts where both know theirs."""
        if not isinstance(other, PartitionedTable):
            return NotImplemented
        known = self._parts is not None and other._parts is not None
        return self.parts_path == other.parts_path and (not known or self._parts == other._parts)

    def __hash__(self) -> int:
        return hash(self.parts_path)

    def __repr__(self) -> str:
        parts = "" if self._parts is None else f", {len(self._parts)} parts"
        return f"<PartitionedTable {self.parts_path!r}{parts}>"
