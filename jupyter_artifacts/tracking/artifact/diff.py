"""What changed between two artifacts: files and metadata."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue
    from jupyter_artifacts.model.shards import Difference
    from jupyter_artifacts.store.records import VersionRecord
    from jupyter_artifacts.store.store import Store


class Sides(NamedTuple):
    """Two versions of one store."""

    store: Store
    before: VersionRecord
    after: VersionRecord


@dataclass(frozen=True)
class ArtifactDiff:
    """The difference from one artifact to another.

    Attributes
    ----------
    added, removed, changed : tuple of str
        Paths: only in the other, only in this one, in both with other content.
    metadata : dict
        Key to (value here, value there), None where a side lacks it; equal keys are left out.
    sides : Sides or None
        The versions, where both are logged in one store: a notebook shows them as a panel.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    metadata: dict[str, tuple[JsonValue, JsonValue]]
    sides: Sides | None = field(default=None, repr=False, compare=False)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.metadata)


def difference(
    files: Difference, facts: JsonObject, other_facts: JsonObject, sides: Sides | None = None
) -> ArtifactDiff:
    """Tell the difference of two artifacts by that of their files and by their metadata."""
    keys = [*facts, *(key for key in other_facts if key not in facts)]
    return ArtifactDiff(
        tuple(sorted(entry.path for entry in files.added)),
        tuple(sorted(entry.path for entry in files.removed)),
        tuple(sorted(old.path for old, new in files.changed if old.digest != new.digest)),
        {
            key: (facts.get(key), other_facts.get(key))
            for key in keys
            if (key in facts) != (key in other_facts) or facts[key] != other_facts[key]
        },
        sides,
    )
