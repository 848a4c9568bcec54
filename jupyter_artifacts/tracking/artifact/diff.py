"""What changed between two artifacts: files and metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue
    from jupyter_artifacts.tracking.artifact.entries import ArtifactEntry


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


def difference(
    here: Mapping[str, ArtifactEntry], facts: JsonObject, there: Mapping[str, ArtifactEntry], other_facts: JsonObject
) -> ArtifactDiff:
    """Compare two artifacts' entries and metadata."""
    keys = [*facts, *(key for key in other_facts if key not in facts)]
    return ArtifactDiff(
        tuple(sorted(set(there) - set(here))),
        tuple(sorted(set(here) - set(there))),
        tuple(sorted(path for path in set(here) & set(there) if here[path].digest != there[path].digest)),
        {
            key: (facts.get(key), other_facts.get(key))
            for key in keys
            if (key in facts) != (key in other_facts) or facts[key] != other_facts[key]
        },
    )
