"""``catalog.jsonl``: one line for each change of a version or a run, to rebuild a lost catalog from.

A line is written inside the transaction, before its commit, by the one process
that holds the writers' lock. So each committed version has its line; a line whose
commit then failed describes a version that is complete and was never
acknowledged, and the next line of the same number stands in its place. Lines are
not flushed: they matter only when the catalog, which is flushed, is lost.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from jupyter_artifacts.model.jsonable import dumps, loads
from jupyter_artifacts.store.copying import write_all
from jupyter_artifacts.store.faults import writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.store.records import HistoryChunk, RunFile, RunRecord, VersionRecord

_TAIL = 64 << 10
"""Bytes at the end of the journal that tell how far it goes."""

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


class Journal:
    """The file of lines.

    Parameters
    ----------
    path : str
        Made when it is not there.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    def append(self, line: JsonObject) -> None:
        """Append a line; after a torn one (a kill, a full disk) it begins on a line of its own."""
        data = dumps(line).encode() + b"\n"
        with writing(os.path.dirname(self.path), len(data)):
            fd = os.open(self.path, _FLAGS, 0o644)
            try:
                size = os.fstat(fd).st_size
                if size and _last_byte(fd, size) != b"\n":
                    data = b"\n" + data
                write_all(fd, data)
            finally:
                os.close(fd)

    def lines(self) -> Iterator[JsonObject]:
        """Yield the whole lines, in order; torn ones are passed over."""
        if not os.path.exists(self.path):
            return
        with open(self.path, encoding="utf-8", errors="replace") as file:
            for text in file:
                try:
                    line = loads(text)
                except ValueError:
                    continue
                if isinstance(line, dict):
                    yield line

    def newest(self) -> int:
        """Return the greatest id of a version or run among the last lines; 0 where none has one."""
        if not os.path.exists(self.path):
            return 0
        with open(self.path, "rb") as file:
            size, back = os.fstat(file.fileno()).st_size, _TAIL
            while True:
                file.seek(max(0, size - back))
                newest = max(_ids(file.read()), default=0)
                if newest or back >= size:
                    return newest
                back *= 8  # a long part of a run's history


def _ids(lines: bytes) -> Iterator[int]:
    for text in lines.split(b"\n"):
        with contextlib.suppress(ValueError):
            line = loads(text.decode("utf-8", "replace"))
            if isinstance(line, dict):
                yield from (number for name in ("id", "key") if isinstance(number := line.get(name), int))


def _last_byte(fd: int, size: int) -> bytes:
    os.lseek(fd, size - 1, os.SEEK_SET)
    return os.read(fd, 1)


def version_line(what: str, version: VersionRecord, **more: str) -> JsonObject:
    """Return the line that says what became of a version."""
    return {
        "what": what,
        "id": version.id,
        "project": version.project,
        "name": version.name,
        "type": version.type,
        "version": version.number,
        "digest": version.digest.hex(),
        "root": version.root.hex(),
        "files": version.files,
        "size": version.size,
        "aliases": list(version.aliases),
        "tags": list(version.tags),
        "metadata": version.metadata,
        "description": version.description,
        "run": version.run_id,
        "history_step": version.history_step,
        "created_at": version.created_at,
        "ttl": version.ttl,
        **more,
    }


def run_line(run: RunRecord) -> JsonObject:
    """Return the line that says how a run stands: one when it starts, one for each change but of its summary alone."""
    origin = run.origin
    return {
        "what": "run",
        "run": run.id,
        "key": run.sequence,
        "project": run.project,
        "number": run.number,
        "name": run.name,
        "entity": run.entity,
        "job_type": run.job_type,
        "group": run.group,
        "notes": run.notes,
        "tags": list(run.tags),
        "config": run.config,
        "summary": run.summary,
        "state": run.state,
        "error": run.error,
        "exit_code": run.exit_code,
        "origin": [origin.notebook, origin.cell_id, origin.execution_count, origin.source],
        "host": run.host,
        "pid": run.pid,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "cache_key": run.cache_key,
    }


def history_line(run_id: str, chunk: HistoryChunk) -> JsonObject:
    """Return the line that holds rows of a run's history."""
    return {"what": "history", "run": run_id, "part": chunk.sequence, "count": chunk.count, "rows": chunk.rows}


def use_line(run_id: str, version_id: int, used_as: str, at: float) -> JsonObject:
    """Return the line that says that a run used a version."""
    return {"what": "use", "run": run_id, "id": version_id, "as": used_as, "at": at}


def files_line(run_id: str, files: Sequence[RunFile]) -> JsonObject:
    """Return the line that names files of a run."""
    return {"what": "files", "run": run_id, "files": [[file.path, file.digest.hex(), file.size] for file in files]}
