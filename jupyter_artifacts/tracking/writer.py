"""Brings a run's rows, media, config and summary to the store: at most a second late, complete at the end."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ArtifactsError, StoreGoneError
from jupyter_artifacts.model.jsonable import dumps
from jupyter_artifacts.store.helpers import begin
from jupyter_artifacts.store.interrupts import Shield
from jupyter_artifacts.store.records import HistoryChunk, RunChanges, RunFile
from jupyter_artifacts.tracking.messages import HistoryEvent, tell_history, warn

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue
    from jupyter_artifacts.store.helpers import Helper
    from jupyter_artifacts.store.store import Store

LATENESS = 1.0
HEARTBEAT = 10.0
MAX_ROWS = 8192
MAX_WAITING = 64 << 20


class RunWriter:
    """One run's way to the store, with a thread of its own.

    Parameters
    ----------
    store : Store
    run_id : str
    changes : callable
        Returns the run's fields as they are now; asked at each flush after `touch`.
    first_chunk : int, default 0
        How many chunks of history a resumed run has already.
    """

    def __init__(self, store: Store, run_id: str, changes: Callable[[], RunChanges], *, first_chunk: int = 0) -> None:
        self._store = store
        self._run_id = run_id
        self._changes = changes
        self._next_chunk = first_chunk
        self._rows: list[JsonObject] = []
        self._chunks: list[HistoryChunk] = []
        self._media: dict[str, bytes] = {}
        self._touched = False
        self._lock = threading.RLock()
        self._flushing = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._started = False
        self._helper: Helper | None = None
        self._flushed = 0.0
        self._warned = ""

    def start(self) -> None:
        """Start the thread that flushes and beats; where none can be had, the caller flushes as rows come in."""
        self._helper = begin(self._pulse)
        self._started = True

    def add(self, row: JsonObject) -> None:
        """Take a finished row of history."""
        self._rows.append(row)
        self._notice()

    def touch(self) -> None:
        """Note that config, summary or another field of the run has changed."""
        self._touched = True
        self._notice()

    def put(self, path: str, data: bytes) -> None:
        """Take a run's file from memory, for instance a picture; the last one of a path counts."""
        with self._lock:
            self._media[path] = data
            waiting = sum(map(len, self._media.values()))
        self._wake.set()
        if waiting > MAX_WAITING:
            self.flush()

    def flush(self) -> None:
        """Bring everything taken so far to the store, durably.

        What could not be written is kept and goes with the next flush.
        """
        with self._flushing:
            self._flush_media()
            with Shield():
                self._cut_chunks()
            while self._chunks:
                chunk = self._chunks[0]
                self._store.catalog.runs.append_history(self._run_id, chunk)
                del self._chunks[0]
                tell_history(HistoryEvent(self._store, self._run_id, chunk))
            if self._touched:
                self._touched = False
                try:
                    self._store.catalog.runs.change(self._run_id, self._changes())
                except BaseException:
                    self._touched = True
                    raise

    def stop(self) -> None:
        """Stop the thread; nothing is flushed."""
        self._stop.set()
        self._wake.set()
        if self._helper is not None and self._helper.ident != threading.get_ident():
            self._helper.wait(HEARTBEAT)

    def _notice(self) -> None:
        if not self._wake.is_set():
            self._wake.set()
        if self._started and not self._stop.is_set() and (self._helper is None or not self._helper.alive):
            self._catch_up()

    def _catch_up(self) -> None:
        """Flush as late as the thread would, which is not there."""
        if time.monotonic() - self._flushed < LATENESS:
            return
        self._flushed = time.monotonic()
        try:
            self.flush()
        except ArtifactsError as error:
            self._complain(error)

    def _flush_media(self) -> None:
        with self._lock:
            media = dict(self._media)
        if not media:
            return
        with closing(self._store.session()) as session:
            files = []
            for path, data in media.items():
                stored = session.put_bytes(data)
                files.append(RunFile(path, stored.digest, stored.size))
            self._store.catalog.runs.add_files(self._run_id, files, session.seal())
        with self._lock:
            for path, data in media.items():
                if self._media.get(path) is data:
                    del self._media[path]

    def _cut_chunks(self) -> None:
        """Turn the waiting rows into chunks; a chunk once cut is retried as it is."""
        while self._rows:
            part = self._rows[:MAX_ROWS]
            rows: list[JsonValue] = list(part)
            self._chunks.append(HistoryChunk(self._next_chunk, len(part), dumps(rows)))
            self._next_chunk += 1
            del self._rows[: len(part)]

    def _pulse(self) -> None:
        """Flush a moment after something came in, and show every few seconds that the run is alive."""
        beat = time.monotonic()
        while not self._stop.is_set():
            if self._wake.wait(max(0.0, beat + HEARTBEAT - time.monotonic())):
                self._wake.clear()
                if self._stop.wait(LATENESS * 0.8):
                    return
            try:
                self.flush()
                if time.monotonic() - beat >= HEARTBEAT:
                    self._store.catalog.runs.change(self._run_id, RunChanges(heartbeat_at=time.time()))
            except StoreGoneError as error:
                self._complain(error)
                return
            except Exception as error:  # noqa: BLE001  a thread has no caller: it is told, kept, and raised by finish()
                self._complain(error)
            if time.monotonic() - beat >= HEARTBEAT:
                beat = time.monotonic()

    def _complain(self, error: Exception) -> None:
        if str(error) != self._warned:
            self._warned = str(error)
            warn(f"run {self._run_id} cannot be written for now, and is tried again: {error}")
