"""``%artifact_diff``: what changed from one version to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.magics.report import Report
from jupyter_artifacts.panels import diff_shown, twin, words
from jupyter_artifacts.panels.html import join, tag
from jupyter_artifacts.panels.twin import shown, value_text
from jupyter_artifacts.tracking.api import Api
from jupyter_artifacts.tracking.artifact.diff import Sides
from jupyter_artifacts.tracking.artifact.logged import Logged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue
    from jupyter_artifacts.panels.html import Child, Html
    from jupyter_artifacts.tracking.artifact.artifact import Artifact
    from jupyter_artifacts.tracking.artifact.diff import ArtifactDiff

LISTED = 50
_MARKS = (("+", "added"), ("-", "removed"), ("~", "changed"))


class DiffReport(Report):
    """What ``%artifact_diff`` and :func:`artifact_diff` return: a panel in a notebook, lines in a terminal.

    Attributes
    ----------
    before, after : Artifact
    facts : ArtifactDiff
        Files and metadata.
    measured : mapping
        Keys of the makers' summaries that differ, to the values before and after.
    """

    def __init__(self, before: Artifact, after: Artifact) -> None:
        self.before = before
        self.after = after
        self.facts: ArtifactDiff = before.diff(after)
        self.measured: Mapping[str, tuple[JsonValue, JsonValue]] = _changed(_summary(before), _summary(after))

    def __bool__(self) -> bool:
        return bool(self.facts) or bool(self.measured)

    def _ipython_display_(self) -> None:
        here, there = self.before.state_of, self.after.state_of
        if not (isinstance(here, Logged) and isinstance(there, Logged) and here.store is there.store):
            raise NotImplementedError  # IPython goes on to the report
        if not diff_shown.shown(Sides(here.store, here.record, there.record)):
            raise NotImplementedError

    def text(self) -> str:
        """Return a line for each difference."""
        files = [f"  {mark} {path}  {size}".rstrip() for mark, path, size in self._files()]
        lines = [self._head(), *files[:LISTED]]
        if len(files) > LISTED:
            lines.append(f"  and {len(files) - LISTED:,} more files")
        for title, values in (("metadata", self.facts.metadata), ("measured", self.measured)):
            lines += [f"  {title} {shown(key, 60)}: {_shown(a)} → {_shown(b)}" for key, (a, b) in values.items()]
        return "\n".join(lines)

    def html(self) -> Html:
        """Return the same as tables."""
        parts: list[Child] = [tag("div", tag("strong", self._head()))]
        files = self._files()
        if files:
            rows = [(mark, tag("bdi", path), size) for mark, path, size in files[:LISTED]]
            more = f"and {len(files) - LISTED:,} more" if len(files) > LISTED else ""
            parts.append(join(twin.table(("", "File", "Size"), rows, right=frozenset({2})), twin.muted(more)))
        for title, values in (("Metadata", self.facts.metadata), ("Measured by their runs", self.measured)):
            if values:
                cells = [(tag("bdi", shown(key, 60)), _shown(a), _shown(b)) for key, (a, b) in values.items()]
                parts.append(twin.table((title, self.before.name, self.after.name), cells))
        return tag("div", *parts)

    def _head(self) -> str:
        names = f"{shown(self.before.name, 100)} → {shown(self.after.name, 100)}"
        counts = {what: len(getattr(self.facts, what)) for _, what in _MARKS if getattr(self.facts, what)}
        if not counts:
            return f"{names}: {'the same files' if self else 'no difference'}"
        kinds = ", ".join(f"{count} {what}" for what, count in counts.items())
        total = sum(counts.values())
        return f"{names}: {words.count(total, 'file')} differ{'s' * (total == 1)}, {kinds}"

    def _files(self) -> list[tuple[str, str, str]]:
        """Return each file that differs: its mark, its path, its sizes."""
        sides = (self.before.manifest.entries, self.after.manifest.entries)
        found = []
        for mark, what in _MARKS:
            for path in getattr(self.facts, what):
                sizes = [words.size(side[path].size or 0) for side in sides if path in side]
                found.append((mark, shown(path, 100), " → ".join(dict.fromkeys(sizes))))
        return found


def artifact_diff(name: str, other: str | None = None, *, project: str | None = None) -> DiffReport:
    """Return what changed; see :func:`jupyter_artifacts.magics.artifact_diff`."""
    api = Api({"project": project} if project else None)
    before = api.artifact(name)
    return DiffReport(before, api.artifact(other or f"{before.project}/{before.name.partition(':')[0]}:latest"))


def diff_line(desk: Desk, parsed: Parsed) -> DiffReport:
    """Show what changed from A to B, by default to the newest version of A."""
    project = desk.text(parsed, "project") or None
    return artifact_diff(desk.text(parsed, "name"), desk.text(parsed, "other") or None, project=project)


def _summary(artifact: Artifact) -> JsonObject:
    run = artifact.logged_by()
    return {} if run is None else run.summary_metrics


def _changed(before: JsonObject, after: JsonObject) -> dict[str, tuple[JsonValue, JsonValue]]:
    keys = [key for key in {**before, **after} if not key.startswith("_")]
    return {key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)}


def _shown(value: JsonValue) -> str:
    return "-" if value is None else value_text(value, 80)
