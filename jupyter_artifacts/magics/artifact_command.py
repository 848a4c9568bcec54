"""``%artifact``: one version, looked at, compared, verified, named and described."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts import panels
from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.magics.diff_command import DiffReport
from jupyter_artifacts.magics.named import named_or_last, project
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.panels import words
from jupyter_artifacts.tracking.api import Api
from jupyter_artifacts.tracking.artifact.logged import Logged
from jupyter_artifacts.tracking.run_cells import cells_of
from jupyter_artifacts.tracking.staleness import maker_of
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.tracking.artifact.artifact import Artifact

_TABS = {"files": "files", "meta": "metadata"}


def artifact(desk: Desk, parsed: Parsed) -> object:
    """Return the panel of one version; on demand change what it is called, or do something else with it."""
    name, place = named_or_last(desk, parsed), project(desk, parsed)
    if name is None:
        raise UsageError(say("%artifact: NAME is missing, and nothing has been logged in this session"))
    api = Api({"project": place} if place else None)
    found = api.artifact(name)
    if parsed.has("add-alias") or parsed.has("rm-alias") or parsed.has("note"):
        _edit(found, desk.text(parsed, "add-alias"), desk.text(parsed, "rm-alias"), desk.text(parsed, "note"))
    if parsed.has("diff"):
        other = desk.text(parsed, "diff")
        own = f"{found.project}/{found.name.partition(':')[0]}"
        return DiffReport(found, api.artifact(other if ":" in other else f"{own}:{other}"))
    for option, do in _INSTEAD.items():
        if parsed.has(option):
            do(found)
            return None
    if parsed.has("card"):
        return panels.card(found.name, project=found.project)
    tab = next((tab for option, tab in _TABS.items() if parsed.has(option)), "overview")
    return panels.artifact(found.name, tab=tab, project=found.project)


def _edit(found: Artifact, add: str, remove: str, note: str) -> None:
    if remove and remove not in found.aliases:
        raise NotFoundError(f"{found.name} has no alias {remove!r}; it has {', '.join(found.aliases) or 'none'}")
    kept = [alias for alias in found.aliases if alias != remove]
    found.aliases = [*kept, add] if add and add not in kept else kept
    found.description = note or found.description
    found.save()


def _code(found: Artifact) -> None:
    state = found.state_of
    maker = maker_of(state.store, state.record) if isinstance(state, Logged) else None
    sources = [] if maker is None else cells_of(state.store, maker)
    print("\n\n".join(sources) or say("{name}: no cell is known that made it", name=found.name))


def _verify(found: Artifact) -> None:
    for path in found.manifest.entries:
        with found.open(path) as file:
            while file.read(1 << 20):
                pass
    amount = f"{words.count(found.file_count, 'file')}, {words.size(found.size)}"
    print(say("{name}: {amount}, every byte as it was logged", name=found.name, amount=amount))


def _versions(found: Artifact) -> None:
    rows: list[tuple[str, ...]] = []
    for version in found.collection.artifacts():
        aliases = ", ".join(version.aliases)
        mark = say("stale") if version.stale else ""
        rows.append((version.name, aliases, words.size(version.size), version.created_at[:16].replace("T", " "), mark))
    print("\n".join(line.rstrip() for line in words.columns(rows, frozenset({2}))))


_INSTEAD: dict[str, Callable[[Artifact], None]] = {"code": _code, "verify": _verify, "versions": _versions}
