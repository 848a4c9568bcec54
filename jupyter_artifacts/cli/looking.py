"""Commands that show what is there: each a function from its options to an answer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from jupyter_artifacts._version import __version__
from jupyter_artifacts.cli.output import PROBLEMS, Answer
from jupyter_artifacts.panels import words
from jupyter_artifacts.tracking.api import Api

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue
    from jupyter_artifacts.tracking.artifact.artifact import Artifact


def api_of(options: argparse.Namespace) -> Api:
    """Return the store that ``--store`` and ``--project`` name."""
    return Api({"project": options.project} if options.project else None, store=options.store)


def ls(options: argparse.Namespace) -> Answer:
    """List artifacts, the newest version of each; with a name, all its versions."""
    api = api_of(options)
    found = list(_artifacts(api, options.project, options.name or "", options.type or ""))
    rows = [
        (a.name, a.type, " ".join(a.aliases), words.size(a.size), _day(a.created_at), "stale" if a.stale else "")
        for a in found
    ]
    data: list[JsonValue] = [facts(a) for a in found]
    head = ("NAME", "TYPE", "ALIASES", "SIZE", "CREATED", "")
    return Answer(data, head, rows, frozenset([3]), "" if found else "no artifacts")


def _artifacts(api: Api, project: str | None, name: str, kind: str) -> Iterator[Artifact]:
    """Yield the newest version of each artifact, or all versions of a name."""
    for where in [project] if project else [known.name for known in api.projects()]:
        for known in api.artifact_types(where):
            for collection in api.artifact_collections(where, known.name) if kind in {"", known.name} else ():
                if name and collection.name != name:
                    continue
                versions = collection.artifacts()
                yield from versions if name else list(versions)[:1]


def show(options: argparse.Namespace) -> Answer:
    """Show one version: what is in it, who made it, from what."""
    artifact = api_of(options).artifact(options.name)
    maker = artifact.logged_by()
    data = facts(artifact)
    made_from = [a.name for a in maker.used_artifacts()] if maker else []
    data |= {"made_by": maker.name if maker else None, "made_from": list(made_from)}
    data["files"] = [{"path": e.path, "size": e.size} for e in artifact.manifest.entries.values()]
    rows = [
        ("name", artifact.name),
        ("type", artifact.type),
        ("aliases", " ".join(artifact.aliases)),
        ("digest", artifact.digest),
        ("size", f"{words.size(artifact.size)} in {words.count(artifact.file_count, 'file')}"),
        ("created", artifact.created_at),
        ("made by", maker.name if maker else "-"),
        ("made from", ", ".join(made_from) or "-"),
        *([("stale", artifact.why_stale())] if artifact.stale else []),
        *([("description", artifact.description)] if artifact.description else []),
        *((f"  {key}", str(value)) for key, value in artifact.metadata.items()),
        *((f"  {e.path}", words.size(e.size or 0)) for e in artifact.manifest.entries.values()),
    ]
    return Answer(data, (), rows)


def diff(options: argparse.Namespace) -> Answer:
    """Compare two versions: files and metadata."""
    api = api_of(options)
    before = api.artifact(options.name)
    newest = f"{before.project}/{before.name.partition(':')[0]}:latest"
    change = before.diff(api.artifact(options.other or newest))
    sides = {"added": change.added, "removed": change.removed, "changed": change.changed}
    rows = [(kind, path) for kind, paths in sides.items() for path in paths]
    rows += [("metadata", f"{key}: {before!r} -> {after!r}") for key, (before, after) in change.metadata.items()]
    data: JsonObject = {kind: list(found) for kind, found in sides.items()}
    data["metadata"] = {key: [before, after] for key, (before, after) in change.metadata.items()}
    return Answer(data, (), rows, note="" if rows else "no difference", status=PROBLEMS if rows else 0)


def lineage(options: argparse.Namespace) -> Answer:
    """Print what a version was made from and what was made from it."""
    api = api_of(options)
    artifact = api.artifact(options.name)
    graph = api.store.catalog.edges.lineage(focus=f"artifact:{artifact.id}", up=options.up, down=options.down)
    label = {node.id: node.label for node in graph.nodes}
    rows = [(label[a], "->", label[b]) for a, b in graph.edges]
    data: JsonObject = {
        "nodes": [
            {"id": n.id, "kind": n.kind, "type": n.type, "label": n.label, "stale": n.stale} for n in graph.nodes
        ],
        "edges": [[a, b] for a, b in graph.edges],
    }
    return Answer(data, (), rows, note="" if rows else f"{artifact.name} stands alone")


def where(options: argparse.Namespace) -> Answer:
    """Say which store is used, and what is in it."""
    api = api_of(options)
    store = api.store
    versions = sum(1 for _ in _artifacts(api, options.project, "", ""))
    data: JsonObject = {
        "store": store.location,
        "read_only": store.read_only,
        "projects": [project.name for project in api.projects()],
        "artifacts": versions,
        "version": __version__,
        "python": sys.version.split()[0],
    }
    return Answer(data, (), [(key, str(value)) for key, value in data.items()])


def facts(artifact: Artifact) -> JsonObject:
    """Return a version's facts as ``--json`` gives them."""
    return {
        "name": artifact.name,
        "project": artifact.project,
        "type": artifact.type,
        "version": artifact.version,
        "aliases": list(artifact.aliases),
        "digest": artifact.digest,
        "size": artifact.size,
        "file_count": artifact.file_count,
        "created_at": artifact.created_at,
        "stale": artifact.stale,
        "metadata": dict(artifact.metadata),
    }


def _day(stamp: str) -> str:
    return stamp[:16].replace("T", " ")
