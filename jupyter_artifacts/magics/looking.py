"""``%use_artifact`` and ``%artifacts``: having a version here, and the table of all; each returns what it shows."""

from __future__ import annotations

import time
from dataclasses import replace
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from jupyter_artifacts import panels
from jupyter_artifacts.magics.named import number, project
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.panels import words
from jupyter_artifacts.tracking.api import Api
from jupyter_artifacts.tracking.session import active_run
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    import pandas as pd

    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.store.records import SortKey
    from jupyter_artifacts.tracking.artifact.artifact import Artifact

MOST_ROWS = 10_000
_COLUMNS = ["name", "version", "type", "aliases", "files", "size", "created", "metadata"]


def use(desk: Desk, parsed: Parsed) -> object:
    """Fetch a version for the active run; return the artifact, or with --load its objects."""
    artifact = _fetched(desk, parsed, desk.text(parsed, "name"))
    patterns = desk.texts(parsed, "files")
    paths = [p for p in artifact.manifest.entries if not patterns or any(fnmatch(p, pattern) for pattern in patterns)]
    if patterns and not paths:
        wrong = say("no file of {name} matches {pattern}", name=artifact.name, pattern=" ".join(patterns))
        raise UsageError(f"%use_artifact: {wrong}")
    if parsed.has("load"):
        objects = {path: artifact.load(path) for path in paths}
        return next(iter(objects.values())) if len(objects) == 1 else objects
    where = ""
    if not parsed.has("no-download"):
        root = desk.text(parsed, "to") or None
        where = say(", in {folder}", folder=_download(artifact, paths if patterns else None, root))
    if not parsed.has("quiet"):
        amount = f"{words.count(artifact.file_count, 'file')}, {words.size(artifact.size)}"
        noted = "" if active_run() is not None else say("; no run is active, so nothing is noted as its input")
        print(f"{artifact.name}: {amount}{where}{noted}")
    return artifact


def table(desk: Desk, parsed: Parsed) -> object:
    """Return the table of versions, or with --df a data frame of them."""
    query = " ".join(desk.texts(parsed, "query"))
    kind = desk.text(parsed, "type")
    if kind:
        query = f"{query} type:{kind}".strip()
    since = desk.text(parsed, "since")
    if since:
        query = f"{query} since:{since}".strip()
    name = project(desk, parsed)
    if parsed.has("df"):
        return _frame(query, name, number(desk, parsed, "number", MOST_ROWS), by_run=parsed.has("by-run"))
    if parsed.has("number"):
        raise UsageError(say("%artifacts: -n is for --df; the table has pages"))
    return panels.artifacts(query, sort="run" if parsed.has("by-run") else "created", project=name)


def _fetched(desk: Desk, parsed: Parsed, name: str) -> Artifact:
    run, kind, place = active_run(), desk.text(parsed, "type") or None, project(desk, parsed)
    full = f"{place}/{name}" if place and "/" not in name else name
    return Api().artifact(full, kind) if run is None else run.use_artifact(full, kind)


def _download(artifact: Artifact, paths: list[str] | None, root: str | None) -> str:
    if paths is None:
        return artifact.download(root)
    for path in paths:
        artifact.download(root, path_prefix=path)
    return artifact.download(root, path_prefix=paths[0])


def _frame(query: str, place: str | None, most: int, *, by_run: bool) -> pd.DataFrame:
    from jupyter_artifacts.model.optional import require
    from jupyter_artifacts.panels.current import current_shelf
    from jupyter_artifacts.panels.query import parse

    require("pandas", "pandas", "for %artifacts --df")
    import pandas as pd

    shelf = current_shelf(place)
    sort: SortKey = "run" if by_run else "created"
    wanted = replace(parse(query, now=time.time), project=shelf.project, limit=min(most, MOST_ROWS), sort=sort)
    rows = [
        {
            "name": version.name,
            "version": f"v{version.number}",
            "type": version.type,
            "aliases": list(version.aliases),
            "files": version.files,
            "size": version.size,
            "created": pd.Timestamp(version.created_at, unit="s", tz="UTC"),
            "metadata": version.metadata,
        }
        for version in shelf.catalog.versions.page(wanted).rows
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)
