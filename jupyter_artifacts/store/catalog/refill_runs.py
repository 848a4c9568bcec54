"""Runs for a catalog that is filled anew: from the journal's lines, and what an old file still gives."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.model.jsonable import dumps, loads
from jupyter_artifacts.store.catalog import ids, run_deletion, schema
from jupyter_artifacts.store.catalog.readonly import connect, uri

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet

    from sqlalchemy import Connection

    from jupyter_artifacts.model.jsonable import JsonObject

_r, _p, _h = schema.run.c, schema.project.c, schema.history.c

_COLUMNS = {
    "name": "name",
    "entity": "entity",
    "job_type": "job_type",
    "group": "group_name",
    "notes": "notes",
    "state": "state",
    "error": "error",
    "exit_code": "exit_code",
    "host": "host",
    "pid": "pid",
    "started_at": "started_at",
    "ended_at": "ended_at",
}
_NAMED = 10
_NO_PROJECT = "uncategorized"


class Runs:
    """The runs that the journal tells of.

    Parameters
    ----------
    conn : Connection
    need : callable
        Enters a digest whose bytes were not found, with its size.

    Attributes
    ----------
    early : set of str
        Ids of runs whose lines are from before the journal had their history.
    rewound : set of int
        Keys of runs whose history was cut: the journal alone knows what is left of it.
    """

    def __init__(self, conn: Connection, need: Callable[[Digest, int], None]) -> None:
        self._conn = conn
        self._need = need
        self._guessed = 0
        self.early: set[str] = set()
        self.rewound: set[int] = set()

    def take(self, line: JsonObject) -> None:
        """Enter a run as its line has it."""
        notebook, cell, count, source = listed(line["origin"])
        values: dict[str, object] = {column: line[name] for name, column in _COLUMNS.items()}
        if "cache_key" not in line:
            self.early.add(str(line["run"]))
        values |= {"config": dumps(line["config"]), "summary": dumps(line["summary"])}
        values |= {"notebook": notebook, "cell_id": cell, "execution_count": count, "source": source}
        values |= {"heartbeat_at": line["ended_at"] or line["started_at"], "cache_key": line.get("cache_key")}
        key = self._conn.execute(select(_r.key).where(_r.id == line["run"])).scalar_one_or_none()
        if key is None:
            key = self._insert(str(line["run"]), str(line["project"]), line["key"], line["number"], values)
        else:
            self._conn.execute(schema.run.update().where(_r.key == key).values(**values))
        tag = schema.run_tag
        self._conn.execute(tag.delete().where(tag.c.run_key == key))
        for position, text in enumerate(listed(line["tags"])):
            self._conn.execute(tag.insert().values(run_key=key, position=position, tag=text))
        if line["state"] == run_deletion.DELETED:
            run_deletion.empty(self._conn, key)

    def key(self, run_id: str, project: str, at: float) -> int:
        """Return a run's key; a run of which only the name is known is entered as one that has finished."""
        found = self._conn.execute(select(_r.key).where(_r.id == run_id)).scalar_one_or_none()
        if found is not None:
            return int(found)
        self._guessed += 1
        return self._insert(run_id, project or _NO_PROJECT, None, None, _unknown(run_id, at))

    def files(self, line: JsonObject) -> None:
        """Enter files of a run."""
        key = self.key(str(line["run"]), "", 0.0)
        table = schema.run_file
        for path, digest, size in map(listed, listed(line["files"])):
            raw = Digest(bytes.fromhex(str(digest)))
            self._need(raw, int(number(size)))
            self._conn.execute(table.delete().where(table.c.run_key == key, table.c.path == path))
            self._conn.execute(table.insert().values(run_key=key, path=path, digest=raw, size=size))

    def history(self, line: JsonObject) -> None:
        """Enter rows of a run's history; a part that is told again is the one that was committed."""
        key = self.key(str(line["run"]), "", 0.0)
        part, count, text = int(number(line["part"])), int(number(line["count"])), line["rows"]
        if not _is_json(text, list):
            raise ValueError(text)
        table = schema.history
        self._conn.execute(table.delete().where(_h.run_key == key, _h.sequence == part))
        self._conn.execute(table.insert().values(run_key=key, sequence=part, count=count, rows=text))

    def rewind(self, line: JsonObject) -> None:
        """Take a run's rows out; those that stay are told again."""
        key = self.key(str(line["run"]), "", 0.0)
        self._conn.execute(schema.history.delete().where(_h.run_key == key))
        self.rewound.add(key)

    def finish(self) -> list[str]:
        """Close the gaps in the numbers of runs, and count them; return what is to be said."""
        lost = 0
        for project_id, name in self._conn.execute(select(_p.id, _p.name)).all():
            numbers = set(self._conn.execute(select(_r.number).where(_r.project_id == project_id)).scalars())
            for missing in sorted(set(range(1, max(numbers, default=0) + 1)) - numbers):
                lost += 1
                self._insert(f"lost-{name}-{missing}", name, None, missing, _unknown(f"lost-{missing}", 0.0))
            following = max(numbers, default=0) + 1
            self._conn.execute(schema.project.update().where(_p.id == project_id).values(next_run=following))
        notes = [f"{self._guessed} runs are known by their ids alone"] if self._guessed else []
        return notes + ([f"{lost} runs have no line in the journal"] if lost else [])

    def _insert(self, run_id: str, project: str, key: object, number: object, values: dict[str, object]) -> int:
        """Insert a run; a key or a number that a failed transaction has used is taken from it."""
        started = values["started_at"]
        project_id = ids.ensure_project(self._conn, project, started if isinstance(started, float) else 0.0)
        if number is None:
            words = select(func.coalesce(func.max(_r.number), 0) + 1).where(_r.project_id == project_id)
            number = self._conn.execute(words).scalar_one()
        if key is None:
            key = self._conn.execute(select(func.coalesce(func.max(_r.key), 0) + 1)).scalar_one()
        taken = (_r.key == key) | ((_r.project_id == project_id) & (_r.number == number))
        for old in self._conn.execute(select(_r.key).where(taken)).scalars().all():
            self._conn.execute(schema.run_tag.delete().where(schema.run_tag.c.run_key == old))
            self._conn.execute(schema.run.delete().where(_r.key == old))
        row = {**values, "key": key, "id": run_id, "project_id": project_id, "number": number}
        self._conn.execute(schema.run.insert().values(**row))
        return int(str(key))


def number(value: object) -> float:
    """Return a number of a line; anything else is a TypeError."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(value)
    return value


def listed(value: object) -> list[object]:
    """Return a list of a line; anything else is a TypeError."""
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _unknown(name: str, at: float) -> dict[str, object]:
    empty = dict.fromkeys(("entity", "job_type", "group_name", "notes", "error", "notebook", "cell_id", "source"), "")
    facts = {"name": name, "config": "{}", "summary": "{}", "state": "finished", "host": "", "pid": 0}
    return {**empty, **facts, "started_at": at, "heartbeat_at": at}


class Salvage:
    """What an old catalog's file still gives: later summaries, and the history of runs from before journals had it.

    Parameters
    ----------
    path : str
        The old file, or one that is not there.
    """

    def __init__(self, path: str) -> None:
        self._path = path

    def into(self, conn: Connection, runs: Runs) -> list[str]:
        """Enter it for the runs that are known; return what is to be said."""
        live = _r.state != run_deletion.DELETED
        known = {row.id: row.key for row in conn.execute(select(_r.id, _r.key).where(live))}
        told = {(row.run_key, row.sequence) for row in conn.execute(select(_h.run_key, _h.sequence))}
        old = {key: known[run_id] for key, run_id in self._rows("SELECT key, id FROM run") if run_id in known}
        for key, text in self._rows("SELECT key, summary FROM run"):
            if key in old and _is_json(text, dict):
                conn.execute(schema.run.update().where(_r.key == old[key]).values(summary=text))
        for key, sequence, count, text in self._rows("SELECT run_key, sequence, count, rows FROM history"):
            if key in old and isinstance(count, int) and isinstance(sequence, int) and _is_json(text, list):
                row = {"run_key": old[key], "sequence": sequence, "count": count, "rows": text}
                if (row["run_key"], sequence) not in told and row["run_key"] not in runs.rewound:
                    conn.execute(schema.history.insert().values(**row))
        return _without_history(conn, runs.early)

    def _rows(self, words: str) -> Iterator[tuple[object, ...]]:
        """Yield rows for as long as the file gives any."""
        if not os.path.exists(self._path):
            return
        with contextlib.suppress(sqlite3.Error), contextlib.closing(connect(uri(self._path, mode="rw"))) as raw:
            yield from raw.execute(words)


def _without_history(conn: Connection, early: AbstractSet[str]) -> list[str]:
    """Name the runs whose history has gaps, and those from before journals had it that have none."""
    parts = select(_r.id, func.min(_h.sequence), func.max(_h.sequence), func.count(_h.sequence))
    parts = parts.select_from(schema.run).outerjoin(schema.history, _h.run_key == _r.key)
    found = conn.execute(parts.group_by(_r.key).order_by(_r.key)).all()
    lost = [
        str(run) for run, first, last, count in found if (first, last) != (0, count - 1) and (count or run in early)
    ]
    if not lost:
        return []
    more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
    names = ", ".join(lost[:_NAMED])
    return [f"rows of the history of {len(lost)} runs are lost: {names}{more}"]


def _is_json(text: object, kind: type) -> bool:
    try:
        return isinstance(text, str) and isinstance(loads(text), kind)
    except ValueError:
        return False
