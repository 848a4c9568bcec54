"""The line magics that use and show what is there; each returns what it shows."""

from __future__ import annotations

import time
from dataclasses import replace
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Literal

from jupyter_artifacts import panels
from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.magics.expressions import Expression
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.panels import words
from jupyter_artifacts.tracking.api import Api
from jupyter_artifacts.tracking.messages import last_logged
from jupyter_artifacts.tracking.session import active_run

if TYPE_CHECKING:
    import pandas as pd

    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.tracking.artifact.artifact import Artifact

MOST_ROWS = 10_000
_COLUMNS = ["name", "version", "type", "aliases", "files", "size", "created", "metadata"]


def use(desk: Desk, parsed: Parsed) -> object:
    """Fetch a version for the active run; return the artifact, or with --load its objects."""
    artifact = _fetched(desk, parsed, desk.text(parsed, "name"))
    patterns = desk.texts(parsed, "files")
    paths = [p for p in artifact.manifest.entries if not patterns or any(fnmatch(p, pattern) for pattern in patterns)]
    if patterns and not paths:
        raise UsageError(f"%use_artifact: no file of {artifact.name} matches {' '.join(patterns)}")
    if parsed.has("load"):
        objects = {path: artifact.load(path) for path in paths}
        return next(iter(objects.values())) if len(objects) == 1 else objects
    where = ""
    if not parsed.has("no-download"):
        root = desk.text(parsed, "to") or None
        where = f", in {_download(artifact, paths if patterns else None, root)}"
    if not parsed.has("quiet"):
        amount = f"{words.count(artifact.file_count, 'file')}, {words.size(artifact.size)}"
        noted = "" if active_run() is not None else "; no run is active, so nothing is noted as its input"
        print(f"{artifact.name}: {amount}{where}{noted}")
    return artifact


def table(desk: Desk, parsed: Parsed) -> object:
    """Return the table of versions, or with --df a data frame of them."""
    query = " ".join(desk.texts(parsed, "query"))
    kind = desk.text(parsed, "type")
    if kind:
        query = f"{query} type:{kind}".strip()
    project = _project(desk, parsed)
    return _frame(query, project) if parsed.has("df") else panels.artifacts(query, project=project)


def artifact(desk: Desk, parsed: Parsed) -> object:
    """Return the panel of one version; change its aliases, verify it, print its code on demand."""
    name, project = _named_or_last(desk, parsed), _project(desk, parsed)
    if name is None:
        raise UsageError("%artifact: NAME is missing, and nothing has been logged in this session")
    found = Api({"project": project} if project else None).artifact(name)
    if parsed.has("add-alias") or parsed.has("rm-alias"):
        _change_aliases(found, desk.text(parsed, "add-alias"), desk.text(parsed, "rm-alias"))
    if parsed.has("code"):
        run = found.logged_by()
        source = run.record.origin.source if run is not None else ""
        print(source or f"{found.name}: no cell is known that made it")
        return None
    if parsed.has("verify"):
        _verify(found)
        return None
    tab = "files" if parsed.has("files") else "metadata" if parsed.has("meta") else "overview"
    return panels.artifact(found.name, tab=tab, project=found.project)


def lineage(desk: Desk, parsed: Parsed) -> object:
    """Return the graph around a version, by default around what was logged last."""
    name = None if parsed.has("all") else _named_or_last(desk, parsed)
    level: Literal["grouped", "exploded"] | None = None
    if parsed.has("types"):
        level = "grouped"
    if parsed.has("explode"):
        level = "exploded"
    return panels.lineage(
        name, _number(desk, parsed, "up", 2), _number(desk, parsed, "down", 2), level, project=_project(desk, parsed)
    )


def image_grid(desk: Desk, parsed: Parsed) -> object:
    """Return a grid of pictures."""
    word, captions = parsed.words("examples")[0], parsed.word("caption")
    pictures = Expression(word.source, "VAR").value(desk.namespace)
    written = None if captions is None else Expression(captions.source, "--caption").value(desk.namespace)
    if written is not None and not isinstance(written, (list, tuple)):
        raise UsageError(f"%image_grid: --caption needs a list of texts, not a {type(written).__name__}")
    k = _number(desk, parsed, "number", 0)
    return panels.image_grid(pictures, written, k=k or None, title=desk.text(parsed, "title") or None)


def _fetched(desk: Desk, parsed: Parsed, name: str) -> Artifact:
    run, kind, project = active_run(), desk.text(parsed, "type") or None, _project(desk, parsed)
    full = f"{project}/{name}" if project and "/" not in name else name
    return Api().artifact(full, kind) if run is None else run.use_artifact(full, kind)


def _download(artifact: Artifact, paths: list[str] | None, root: str | None) -> str:
    if paths is None:
        return artifact.download(root)
    for path in paths:
        artifact.download(root, path_prefix=path)
    return artifact.download(root, path_prefix=paths[0])


def _project(desk: Desk, parsed: Parsed) -> str | None:
    return desk.text(parsed, "project") or None


def _named_or_last(desk: Desk, parsed: Parsed) -> str | None:
    if parsed.has("name"):
        return desk.text(parsed, "name")
    event = last_logged()
    return None if event is None else event.version.label


def _number(desk: Desk, parsed: Parsed, name: str, default: int) -> int:
    text = desk.text(parsed, name)
    if text and not text.isdecimal():
        raise UsageError(f"{parsed.command.title}: --{name} is a whole number, not {text}")
    return int(text) if text else default


def _change_aliases(found: Artifact, add: str, remove: str) -> None:
    if remove and remove not in found.aliases:
        raise NotFoundError(f"{found.name} has no alias {remove!r}; it has {', '.join(found.aliases) or 'none'}")
    kept = [alias for alias in found.aliases if alias != remove]
    found.aliases = [*kept, add] if add and add not in kept else kept
    found.save()


def _verify(found: Artifact) -> None:
    for path in found.manifest.entries:
        with found.open(path) as file:
            while file.read(1 << 20):
                pass
    amount = f"{words.count(found.file_count, 'file')}, {words.size(found.size)}"
    print(f"{found.name}: {amount}, every byte as it was logged")


def _frame(query: str, project: str | None) -> pd.DataFrame:
    from jupyter_artifacts.model.optional import require
    from jupyter_artifacts.panels.current import current_shelf
    from jupyter_artifacts.panels.query import parse

    require("pandas", "pandas", "for %artifacts --df")
    import pandas as pd

    shelf = current_shelf(project)
    wanted = replace(parse(query, now=time.time), project=shelf.project, limit=MOST_ROWS)
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
