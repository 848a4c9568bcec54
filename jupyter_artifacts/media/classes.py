"""Classes: the names of class numbers, kept once for many pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jupyter_artifacts.media.base import Document
from jupyter_artifacts.media.overlays import check_classes

if TYPE_CHECKING:
    from jupyter_artifacts.media.source import Source
    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue


class Classes(Document):
    """Names of class numbers.

    Parameters
    ----------
    class_set : list of {"id": int, "name": str}
        Each id once.
    """

    kind: ClassVar[str] = "classes"

    def __init__(self, class_set: object) -> None:
        self._class_set = check_classes(class_set)

    @property
    def class_set(self) -> JsonValue:
        """The list of ``{"id", "name"}``."""
        return self._class_set

    def to_document(self) -> tuple[JsonObject, tuple[tuple[str, bytes], ...]]:
        """Return the JSON; it names no files."""
        return {"_type": self.kind, "class_set": self._class_set}, ()

    @classmethod
    def from_document(cls, tree: JsonObject, source: Source) -> Classes:
        """Return the classes that :meth:`to_document` wrote."""
        del source
        return cls(tree.get("class_set"))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Classes):
            return NotImplemented
        return self._class_set == other._class_set

    def __hash__(self) -> int:
        return hash(repr(self._class_set))

    def __repr__(self) -> str:
        return f"<Classes {self._class_set!r:.80}>"
