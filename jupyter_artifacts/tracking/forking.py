"""``init(fork_from="id?_step=N")``: a new run that begins where another one was at a step; or that one, rewound."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import NotFoundError, UsageError
from jupyter_artifacts.model.jsonable import dumps, loads
from jupyter_artifacts.model.names import check_text
from jupyter_artifacts.store.records import HistoryChunk

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue
    from jupyter_artifacts.store.store import Store

_FORM = re.compile(r"(?P<id>.+)\?_step=(?P<step>\d{1,18})")


@dataclass(frozen=True)
class Fork:
    """What a new run takes over: parameters, rows up to the step, and the last values in them."""

    step: int
    config: JsonObject
    summary: JsonObject
    rows: list[JsonValue]

    def chunk(self) -> HistoryChunk:
        """Return the rows as the new run's first ones."""
        return HistoryChunk(0, len(self.rows), dumps(self.rows))


def parse(word: str, moment: object) -> tuple[str, int]:
    """Return the run and the step that ``id?_step=N`` names; `word` is the argument it was given as."""
    found = _FORM.fullmatch(check_text(moment, word))
    if found is None:
        raise UsageError(f"init({word}={moment!r}): write it as 'run_id?_step=N'")
    return found["id"], int(found["step"])


def fork_of(store: Store, word: str, moment: object) -> Fork:
    """Return what ``id?_step=N`` names.

    Raises
    ------
    UsageError
        Another form, or no such run.
    """
    run_id, step = parse(word, moment)
    try:
        source = store.catalog.runs.get(run_id)
    except NotFoundError as error:
        raise UsageError(f"init({word}={moment!r}): {error}") from error
    rows: list[JsonValue] = []
    summary: JsonObject = {}
    for chunk in store.catalog.runs.history(source.id):
        read = loads(chunk.rows)
        for row in read if isinstance(read, list) else ():
            number = row.get("_step") if isinstance(row, dict) else None
            if isinstance(row, dict) and isinstance(number, int) and number <= step:
                rows.append(row)
                summary.update(row)
    summary.pop("_backwards", None)
    return Fork(step, source.config, summary, rows)
