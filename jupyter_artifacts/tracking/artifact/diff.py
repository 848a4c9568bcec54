"""What changed between two artifacts: files and metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue
    from jupyter_artifacts.model.shards import Difference


@dataclass(frozen=True)
class ArtifactDiff:
    """The difference from one artifact to another.

    Attributes
    ----------
    added, removed, changed : tuple of str
        Paths: only in the other, only in this one, in both with other content.
    metadata : dict
        Key to (value here, value there), None where a side lacks it; equal keys are left out.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    metadata: dict[str, tuple[JsonValue, JsonValue]]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.metadata)


def difference(files: Difference, facts: JsonObject, other_facts: JsonObject) -> ArtifactDiff:
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
    )
