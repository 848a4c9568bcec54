"""What ``run.log`` does: values to rows by the rules of steps, and the summary beside them."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from jupyter_artifacts.model.history import Steps, check_step
from jupyter_artifacts.tracking.messages import warn
from jupyter_artifacts.tracking.metrics import Metrics
from jupyter_artifacts.tracking.run_media import PendingMedia
from jupyter_artifacts.tracking.values import convert, take

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.media.base import Document
    from jupyter_artifacts.model.history import Row
    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue
    from jupyter_artifacts.tracking.writer import RunWriter


class History:
    """A run's rows while it is running.

    Parameters
    ----------
    writer : RunWriter
        Takes the finished rows.
    summary : dict
        Changed in place as values come in.
    started : float
        When the run began, in seconds since 1970; ``_runtime`` counts from there.
    first_step : int, default 0
        Where a resumed run goes on.
    on_table : callable, optional
        Called with each table that is logged, and its key.
    """

    def __init__(
        self,
        writer: RunWriter,
        summary: JsonObject,
        started: float,
        *,
        first_step: int = 0,
        on_table: Callable[[str, Document], None] | None = None,
    ) -> None:
        self.metrics = Metrics()
        self.starting_step = first_step
        self.last_step: int | None = first_step - 1 if first_step else None
        self._writer = writer
        self._summary = summary
        self._started = started
        self._steps = Steps(first_step)
        self._on_table = on_table
        self._lock = threading.RLock()

    @property
    def step(self) -> int:
        """The step of the open row, or the one the next row will get."""
        return self._steps.step

    def log(self, data: object, step: object = None, commit: bool | None = None) -> None:
        """Take one call's values; nothing of a refused call is kept."""
        number = check_step(step) if step is not None else None
        with self._lock:
            media = PendingMedia()
            columns, values = take(data, self._steps.step if number is None else number, media)
            media.store(self._writer)
            backwards = number is not None and number < self._steps.step
            if columns:
                now = time.time()
                if self.metrics:
                    columns = {**columns, **self.metrics.synced(columns)}
                if not backwards:
                    self._sum_up(values, number, now)
                columns["_timestamp"] = now
                columns["_runtime"] = now - self._started
            if backwards:
                warn(f"log(step={number}) goes back from step {self._steps.step}: the row is kept and marked")
            for row in self._steps.log(columns, number, commit):
                self._done(row)
            if self._on_table is not None and media:
                for key, table in media.tables():
                    self._on_table(key, table)

    def close(self) -> None:
        """Finish the row that is still open."""
        with self._lock:
            for row in self._steps.close():
                self._done(row)

    def convert(self, key: str, value: object) -> JsonValue:
        """Return a value set on the summary by hand in the form it is kept in; pictures are stored."""
        with self._lock:
            media = PendingMedia()
            plain = convert(key, value, self._steps.step, media)
            media.store(self._writer)
            return plain

    def _sum_up(self, values: JsonObject, step: int | None, now: float) -> None:
        self._summary.update(self.metrics.summarise(values, self._summary) if self.metrics else values)
        self._summary["_step"] = self.last_step = self._steps.step if step is None else step
        self._summary["_timestamp"] = now
        self._summary["_runtime"] = now - self._started
        self._writer.touch()

    def _done(self, row: Row) -> None:
        values = row.values
        values["_step"] = row.step
        if row.backwards:
            values["_backwards"] = True
        self._writer.add(values)
