"""``%%track --cache``: a body that need not run, as nothing it depends on has changed.

What counts is the body
as Python reads it, the versions that ``--uses`` names, the config, and the variables to
have again. What is kept is an artifact of its own, of type ``cell-cache``: the variables
as files, by their handlers, and what the body showed.
"""

from __future__ import annotations

import ast
import hashlib
import json
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ArtifactsError
from jupyter_artifacts.magics.choice import Choice
from jupyter_artifacts.magics.content import variable_of
from jupyter_artifacts.magics.faithful import loaded
from jupyter_artifacts.magics.log_tables import TRACK_CELL
from jupyter_artifacts.magics.origin import cell_id
from jupyter_artifacts.magics.parser import parse
from jupyter_artifacts.magics.replay import Shown, get
from jupyter_artifacts.magics.usage import one_line
from jupyter_artifacts.model.jsonable import dumps, normalise_object
from jupyter_artifacts.panels import words
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.magics.plan import Plan
    from jupyter_artifacts.store.records import RunRecord
    from jupyter_artifacts.store.store import Store

KIND = "cell-cache"
_PARTS = ("source", "inputs", "config")


def choose(desk: Desk, line: str, body: Sequence[ast.stmt]) -> Choice | None:
    """Return what becomes of a cell; None where its line does not ask for ``--cache``."""
    from jupyter_artifacts.magics.plan import plan_track
    from jupyter_artifacts.store.records import CellOrigin
    from jupyter_artifacts.tracking.artifact.host import default_store

    parsed = parse(TRACK_CELL, line.partition(" ")[2])
    if not parsed.has("cache") or parsed.has("help"):
        return None
    plan = plan_track(parsed, desk.namespace, CellOrigin())
    key = _key(plan, parsed, body)
    cell = plan.run_name or plan.job_type or cell_id(desk.shell)
    before = desk.cache_keys.get(cell, "") if cell else ""
    desk.cache_keys[cell] = key
    if parsed.has("no-cache"):
        return Choice(line, key, desk.line("cache-forced"))
    store = default_store()
    run = store.catalog.runs.cached(plan.project, key)
    if run is None:
        return Choice(line, key, _why(desk, before, key))
    return _hit(desk, line, key, store, run, plan)


def _hit(desk: Desk, line: str, key: str, store: Store, run: RunRecord, plan: Plan) -> Choice:
    from jupyter_artifacts.tracking.artifact.artifact import Artifact

    outputs = tuple(store.catalog.edges.outputs(run.id))
    declared = {artifact.name for artifact in plan.uses}
    moved = [
        used.label
        for used in store.catalog.edges.inputs(run.id)
        if used.label not in declared and "latest" not in used.aliases
    ]
    gone = [made.label for made in outputs if not made.live]
    if moved or gone:
        which = "cache-moved" if moved else "cache-gone"
        return Choice(line, key, desk.line(which, names=", ".join(moved or gone), run=run.name))
    names = [variable_of(word.source).key for word in plan.parsed.words("vars")]
    variables: dict[str, object] = {}
    kept = next((made for made in outputs if made.type == KIND), None)
    shown, result = Shown(), None
    if names and kept is None:
        return Choice(line, key, desk.line("cache-no-variables", run=run.name))
    try:
        if kept is not None:
            artifact = Artifact.of(store, kept)
            shown = get(artifact)
            values = loaded(artifact, [*dict.fromkeys([*names, *([shown.result] if shown.result else [])])])
            variables = {name: values[name] for name in names}
            result = values.get(shown.result)
    except (ArtifactsError, KeyError, OSError) as error:
        return Choice(line, key, desk.line("cache-unreadable", run=run.name, why=one_line(error)))
    again = [
        *names,
        *(made.label for made in outputs if made.type != KIND),
        *_amount(desk, shown),
        *_result(desk, shown),
    ]
    said = desk.line("cache-hit", run=run.name, names=", ".join(again) or "-")
    return Choice(line, key, said, run, outputs, variables, result, shown)


def _amount(desk: Desk, shown: Shown) -> list[str]:
    """Return how many outputs there are, and what is not among them."""
    if not shown.items and not shown.lost and not shown.widgets:
        return []
    lacks = [
        *([desk.line("lacks-bytes", size=words.size(shown.lost))] if shown.lost else []),
        *([desk.line("lacks-widgets", count=str(shown.widgets))] if shown.widgets else []),
        *([desk.line("lacks-html")] if shown.lacks_html else []),
    ]
    outputs = words.count(len(shown.items), "output")
    return [f"{outputs} ({', '.join(lacks)})" if lacks else outputs]


def _result(desk: Desk, shown: Shown) -> list[str]:
    """Return what is to be said of the cell's last value, which Out holds."""
    if shown.lost_type:
        return [desk.line("lacks-result", type=shown.lost_type)]
    return ["Out"] if shown.result else []


def _key(plan: Plan, parsed: Parsed, body: Sequence[ast.stmt]) -> str:
    source = [*(ast.dump(statement) for statement in body), *(word.source for word in parsed.words("vars"))]
    inputs = sorted(f"{artifact.project}/{artifact.name} {artifact.digest}" for artifact in plan.uses)
    config = dumps(normalise_object(dict(plan.config or {}), "--config"))
    return "-".join(hashlib.sha256(json.dumps(part).encode()).hexdigest()[:20] for part in (source, inputs, config))


def _why(desk: Desk, before: str, key: str) -> str:
    if not before:
        return desk.line("cache-new")
    parts = zip(_PARTS, before.split("-"), key.split("-"), strict=True)
    changed = [say(name) for name, old, new in parts if old != new]
    return desk.line("cache-changed", what=", ".join(changed)) if changed else desk.line("cache-failed-before")
