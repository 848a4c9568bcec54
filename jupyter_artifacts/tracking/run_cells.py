"""The cells that a run went over, kept with it: more than the one it began in."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.store.records import RunFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.store.records import RunRecord
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.run import Run

FILE = "cells.json"


def keep_cells(run: Run, sources: Sequence[str]) -> None:
    """Keep the sources of the cells that a run went over, in their order."""
    with closing(run.store.session()) as session:
        stored = session.put_bytes(json.dumps(list(sources)).encode())
        run.store.catalog.runs.add_files(run.id, [RunFile(FILE, stored.digest, stored.size)], session.seal())


def cells_of(store: Store, run: RunRecord) -> list[str]:
    """Return the sources of the cells that a run went over: those kept, else the one it began in, if any."""
    for file in store.catalog.runs.files(run.id):
        if file.path == FILE:
            return _checked(store.read(file.digest, f"{run.name}/{FILE}"), run.name)
    return [run.origin.source] if run.origin.source else []


def _checked(data: bytes, name: str) -> list[str]:
    """Return a list of texts from a file that anybody may have saved with the run."""
    try:
        found: object = json.loads(data)
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise CorruptError(f"{FILE} of run {name} is no list of sources")
    return found
