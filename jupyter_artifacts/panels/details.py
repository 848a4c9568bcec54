"""Everything the panels show of one version or one run."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model import digest
from jupyter_artifacts.panels.facts import artifact_link, file_rows, run_link, version_row
from jupyter_artifacts.panels.protocol import ArtifactDetail, NodeDetail, RunDetail, VersionTick
from jupyter_artifacts.panels.wire import json_safe
from jupyter_artifacts.store.records import Query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.panels.protocol import ArtifactLink, FileRow
    from jupyter_artifacts.panels.shelf import Shelf
    from jupyter_artifacts.store.records import RunRecord, VersionRecord

FIRST_FILES = 50
TICKS = 50
LINKS = 100
USERS = 12
"""What so many of its users made is listed."""

SOURCE = 20_000

_PLAIN_LABEL = re.compile(r"[A-Za-z0-9_.\-]+:v[0-9]+")


def artifact_detail(
    shelf: Shelf, version: VersionRecord, *, files: int = FIRST_FILES, keys: int = 10_000, text: int = 1 << 20
) -> ArtifactDetail:
    """Return a version with its relatives; at most `files` files and `keys` metadata entries."""
    edges = shelf.catalog.edges
    makers = list(edges.makers(version.id))
    users = edges.users(version.id)
    stale = shelf.stale([version]).get(version.id, "")
    row = version_row(version, makers[0] if makers else None, stale, keys=keys, text=text, nested=True)
    if (whole := _object(version.metadata)) and keys >= len(whole):
        row["metadata"], row["metadata_cut"] = whole, False
    first, problem = _first_files(shelf, version, files)
    return ArtifactDetail(
        row=row,
        digest=digest.show(version.digest, shelf.store.algorithm),
        description=version.description or "",
        made_by=[run_link(run) for run in makers[:LINKS]],
        used_by=[run_link(run) for run in users[:LINKS]],
        inputs=[artifact_link(used) for used in edges.inputs(makers[-1].id)[:LINKS]] if makers else [],
        outputs=_made_by(shelf, users[:USERS]),
        versions=_ticks(shelf, version),
        files=first,
        files_total=version.files,
        problem=problem,
        usage=usage(version.label),
        source=makers[-1].origin.source[:SOURCE] if makers else "",
    )


def _made_by(shelf: Shelf, runs: Sequence[RunRecord]) -> list[ArtifactLink]:
    """Return what the runs made, each version once."""
    made = {version.id: version for run in runs for version in shelf.catalog.edges.outputs(run.id)[:LINKS]}
    return [artifact_link(version) for version in list(made.values())[:LINKS]]


def run_detail(shelf: Shelf, run: RunRecord) -> RunDetail:
    """Return a run with what it used and made."""
    edges = shelf.catalog.edges
    return RunDetail(
        link=run_link(run),
        error=run.error,
        started=run.started_at,
        ended=run.ended_at,
        config=_object(run.config),
        summary=_object(run.summary),
        tags=list(run.tags),
        notes=run.notes,
        inputs=[artifact_link(version) for version in edges.inputs(run.id)[:LINKS]],
        outputs=[artifact_link(version) for version in edges.outputs(run.id)[:LINKS]],
        source=run.origin.source[:SOURCE],
    )


def node_detail(shelf: Shelf, node_id: str) -> NodeDetail:
    """Return what stands behind a node of the graph.

    Raises
    ------
    NotFoundError
        There is no such version or run.
    """
    kind, _, own_id = node_id.partition(":")
    if kind == "artifact":
        version = shelf.catalog.versions.get(int(own_id))
        return NodeDetail(artifact=artifact_detail(shelf, version), run=None)
    return NodeDetail(artifact=None, run=run_detail(shelf, shelf.catalog.runs.get(own_id)))


def usage(label: str) -> list[str]:
    """Return the lines that use a version: the Python call first, then a magic, then how to read its files.

    The label is quoted as Python text, so that no name, whoever wrote it, adds code to
    a line that is copied and run.
    """
    quoted = json.dumps(label)
    lines = [f"artifact = run.use_artifact({quoted})", "folder = artifact.download()", f"ja.artifact({quoted})"]
    return [f"%use_artifact {label}", *lines] if _PLAIN_LABEL.fullmatch(label) else lines


def _first_files(shelf: Shelf, version: VersionRecord, limit: int) -> tuple[list[FileRow], str]:
    """Return the first files, or none and why they cannot be read: the rest can still be shown."""
    try:
        return file_rows(shelf, version, 0, limit), ""
    except CorruptError as error:
        return [], str(error)


def _ticks(shelf: Shelf, version: VersionRecord) -> list[VersionTick]:
    found = shelf.catalog.versions.page(
        Query(project=version.project, name=version.name, sort="version", descending=True, limit=TICKS)
    )
    return [
        VersionTick(
            id=other.id, version=other.number, aliases=list(other.aliases), created=other.created_at, size=other.size
        )
        for other in found.rows
    ]


def _object(value: JsonObject) -> JsonObject:
    safe = json_safe(value)
    return safe if isinstance(safe, dict) else {}
