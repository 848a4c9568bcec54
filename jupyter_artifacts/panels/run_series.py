"""A run's numbers in few buckets, as they come: what a chart of some hundred pixels can show.

Buckets double their width when there are too many of them, so that a series of any
length takes the same room and the last number is always there.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jupyter_artifacts.panels.protocol import MAX_BUCKETS, Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue

MAX_KEYS = 200
_OWN = frozenset({"_step", "_runtime", "_timestamp", "_backwards"})


class Buckets:
    """One key's numbers.

    Parameters
    ----------
    most : int
        Buckets at most; even.
    """

    __slots__ = ("_held", "_most", "_width", "high", "last", "low", "points", "step", "time")

    def __init__(self, most: int = MAX_BUCKETS) -> None:
        self._most = most
        self._width = 1
        self._held = 0
        self.points = 0
        self.step: list[float] = []
        self.time: list[float] = []
        self.last: list[float] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, step: float, time: float, value: float) -> None:
        """Take the next number; one that is not finite is counted only."""
        self.points += 1
        if not math.isfinite(value):
            return
        if self._held == self._width and len(self.step) == self._most:
            self._halve()
        if not self.step or self._held == self._width:
            self._open(step, time, value)
            return
        self._held += 1
        self.last[-1] = value
        self.low[-1] = min(self.low[-1], value)
        self.high[-1] = max(self.high[-1], value)

    def _open(self, step: float, time: float, value: float) -> None:
        self._held = 1
        self.step.append(step)
        self.time.append(time)
        for column in (self.last, self.low, self.high):
            column.append(value)

    def _halve(self) -> None:
        """Join neighbours: each bucket keeps its first place, its last number, and both extremes."""
        self.step, self.time, self.last = self.step[::2], self.time[::2], self.last[1::2]
        self.low = [min(pair) for pair in zip(self.low[::2], self.low[1::2], strict=True)]
        self.high = [max(pair) for pair in zip(self.high[::2], self.high[1::2], strict=True)]
        self._held, self._width = self._width * 2, self._width * 2

    def series(self, run_id: str, key: str) -> Series:
        """Return the wire's form."""
        return Series(
            run=run_id,
            key=key,
            points=self.points,
            step=list(self.step),
            time=[round(seconds, 3) for seconds in self.time],
            last=list(self.last),
            low=list(self.low),
            high=list(self.high),
        )


class RunSeries:
    """All numbers and pictures of one run, taken row by row.

    Attributes
    ----------
    rows : int
    numbers : dict of str to Buckets
        At most 200 keys.
    media : dict of str to list of int
        Steps at which pictures were logged, by key.
    """

    def __init__(self, run_id: str, started: float) -> None:
        self.run_id = run_id
        self.rows = 0
        self.numbers: dict[str, Buckets] = {}
        self.media: dict[str, list[int]] = {}
        self._started = started
        self._grown: dict[str, None] = {}

    def take(self, rows: Iterable[JsonValue]) -> None:
        """Take rows of history, in order."""
        for row in rows:
            if not isinstance(row, dict):
                continue
            self.rows += 1
            step = _number(row.get("_step")) or 0.0
            at = _number(row.get("_timestamp"))
            time = 0.0 if at is None else max(0.0, at - self._started)
            self._row(row, step, time)

    def _row(self, row: JsonObject, step: float, time: float) -> None:
        for key, value in row.items():
            if key in _OWN:
                continue
            number = _number(value)
            if number is not None:
                if key not in self.numbers and len(self.numbers) >= MAX_KEYS:
                    continue
                self.numbers.setdefault(key, Buckets()).add(step, time, number)
                self._grown[key] = None
            elif is_pictures(value):
                self.media.setdefault(key, []).append(int(step))

    def all(self, keys: Iterable[str] = ()) -> list[Series]:
        """Return series, of some keys or of all."""
        wanted = list(keys) or list(self.numbers)
        return [self.numbers[key].series(self.run_id, key) for key in wanted if key in self.numbers]

    def grown(self) -> list[Series]:
        """Return the series that have grown since this was last asked."""
        keys, self._grown = list(self._grown), {}
        return self.all(keys) if keys else []


def is_pictures(value: JsonValue) -> bool:
    """Tell whether a logged value is one picture or a list of them."""
    return isinstance(value, dict) and value.get("_type") in {"image-file", "images/separated"}


def paths_of(value: JsonValue) -> Iterator[tuple[str, str]]:
    """Yield (path of the run's file, caption) of a logged value's pictures."""
    if not isinstance(value, dict):
        return
    if value.get("_type") == "image-file":
        yield str(value.get("path", "")), str(value.get("caption") or "")
        return
    names, captions = value.get("filenames"), value.get("captions")
    said = captions if isinstance(captions, list) else []
    for i, name in enumerate(names if isinstance(names, list) else []):
        yield str(name), str(said[i] or "") if i < len(said) else ""


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value)
    except OverflowError:
        return None
