"""Chart: what is drawn and its data, as a small JSON; no picture, no code."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.base import Document
from jupyter_artifacts.media.source import text_of
from jupyter_artifacts.media.tables.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.media.source import Source
    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue

KINDS = ("bar", "confusion_matrix", "histogram", "line", "pr_curve", "roc_curve", "scatter")
_COLUMNS = {
    "confusion_matrix": ["Actual", "Predicted", "nPredictions"],
    "pr_curve": ["class", "recall", "precision"],
    "roc_curve": ["class", "fpr", "tpr"],
}
MAX_POINTS = 100_000
Value = float | str | None


@dataclass(frozen=True, slots=True)
class Series:
    """One line, set of points or set of bars.

    Attributes
    ----------
    name : str
        Empty when there is only one.
    x, y : tuple
        Of the same length. x is numbers or text; y numbers, None where there is
        nothing. In a histogram x is the edges of the bins and one longer than y.
    facts : tuple of (str, float)
        Numbers about the whole, for instance ``("auc", 0.9)``.
    """

    name: str
    x: tuple[Value, ...]
    y: tuple[float | None, ...]
    facts: tuple[tuple[str, float], ...] = ()

    def to_json(self) -> JsonObject:
        """Return the series as JSON."""
        x: list[JsonValue] = [*self.x]
        y: list[JsonValue] = [*self.y]
        return {"name": self.name, "x": x, "y": y, **dict(self.facts)}


class Chart(Document):
    """A chart to log: its kind, titles and series. `jupyter_artifacts.plot` makes them.

    Attributes
    ----------
    type : str
        One of :data:`KINDS`.
    title : str
    x_label, y_label : str
        What stands at the axes.
    series : tuple of Series
        In a confusion matrix one for each actual class: x the predicted classes, y the counts.
    """

    kind: ClassVar[str] = "chart"

    def __init__(
        self, type: str, series: Sequence[Series], title: str | None = "", x_label: str = "", y_label: str = ""
    ) -> None:
        if type not in KINDS:
            raise InvalidValueError(f"a chart is one of {', '.join(KINDS)}, not {type!r}")
        title = "" if title is None else title
        for text, where in ((title, "title"), (x_label, "x_label"), (y_label, "y_label")):
            if not isinstance(text, str):
                raise InvalidTypeError(f"{where} must be a str, not {text!r:.60}")
        points = sum(len(item.y) for item in series)
        if points > MAX_POINTS:
            raise InvalidValueError(f"the chart has {points:,} points (limit {MAX_POINTS:,}); thin the data out first")
        for item in series:
            _check(item, is_histogram=type == "histogram")
        self.type, self.title, self.x_label, self.y_label = type, title, x_label, y_label
        self.series = tuple(series)

    @property
    def table(self) -> Table:
        """The points as a table, one row each, under W&B's names where it has some."""
        columns = _COLUMNS.get(self.type, ["series", self.x_label or "x", self.y_label or "y"])
        if len(set(columns)) < len(columns):
            columns = ["series", "x", "y"]
        points = [[item.name, x, y] for item in self.series for x, y in zip(item.x, item.y)]  # noqa: B905  edges are one more
        return Table(columns, points)

    def facts(self) -> JsonObject:
        """Return what history says beside the path."""
        return {"kind": self.type, "title": self.title}

    def to_document(self) -> tuple[JsonObject, tuple[tuple[str, bytes], ...]]:
        """Return the JSON; it names no files."""
        tree: JsonObject = {
            "_type": "chart",
            "kind": self.type,
            "title": self.title,
            "x_label": self.x_label,
            "y_label": self.y_label,
            "series": [item.to_json() for item in self.series],
        }
        return tree, ()

    @classmethod
    def from_document(cls, tree: JsonObject, source: Source) -> Chart:
        """Return the chart that :meth:`to_document` wrote."""
        del source
        series = tree.get("series")
        if not isinstance(series, list):
            raise InvalidValueError("a chart's JSON must have a list 'series'")
        texts = (text_of(tree, key) for key in ("title", "x_label", "y_label"))
        return cls(text_of(tree, "kind"), [_read(item) for item in series], *texts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Chart):
            return NotImplemented
        return self.to_document() == other.to_document()

    def __hash__(self) -> int:
        return hash((self.type, self.title, self.series))

    def __repr__(self) -> str:
        points = sum(len(item.y) for item in self.series)
        return f"<Chart {self.type} {self.title!r}: {len(self.series)} series, {points:,} points>"


def _check(series: Series, *, is_histogram: bool) -> None:
    if len(series.x) != len(series.y) + is_histogram:
        raise InvalidValueError(f"series {series.name!r} has {len(series.x)} x for {len(series.y)} y")
    if not isinstance(series.name, str):
        raise InvalidTypeError(f"a series is named by a str, not {series.name!r:.60}")
    for value in series.x:
        if value is not None and not isinstance(value, str):
            _check_number(value, series.name)
    for value in series.y:
        if value is not None:
            _check_number(value, series.name)
    for _, value in series.facts:
        _check_number(value, series.name)


def _check_number(value: object, name: str) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InvalidTypeError(f"series {name!r} holds {value!r:.60}, which is no number")
    if not math.isfinite(value):
        raise InvalidValueError(f"series {name!r} holds {value}, which has no place in a chart")


def _read(tree: JsonValue) -> Series:
    if not isinstance(tree, dict) or not isinstance(tree.get("x"), list) or not isinstance(tree.get("y"), list):
        raise InvalidValueError("a series of a chart's JSON must be an object with lists 'x' and 'y'")
    facts = [(key, value) for key, value in tree.items() if key not in {"name", "x", "y"}]
    x, y = tree["x"], tree["y"]
    return Series(text_of(tree, "name"), tuple(x), tuple(y), tuple(facts))  # type: ignore[arg-type]  # checked by Chart
