"""Small charts of a run's numbers, as one SVG for the twin: no script, no font, every word escaped."""

from __future__ import annotations

import base64
import math
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, cast

from jupyter_artifacts.panels import words
from jupyter_artifacts.panels.html import escape
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jupyter_artifacts.panels.protocol import Axis, RunView, Series

MOST = 6
_COLUMNS, _WIDTH, _HEIGHT, _GAP = 3, 220, 120, 14
_LEFT, _TOP, _BOTTOM, _LINE = 4, 22, 16, 18
_POINTS = 110
_FONT = "system-ui,-apple-system,Segoe UI,Helvetica,Arial,sans-serif"
# Middle tones that read on white pages and on dark ones; dashes tell the runs apart without colour.
Style = tuple[str, str]
LINES: tuple[Style, ...] = (("#3d7bc7", ""), ("#d0742a", "5 3"), ("#3f9259", "2 3"), ("#a2539b", "8 3 2 3"))
_AXIS, _TEXT = "#8a94a3", "#7a8492"


class Look(NamedTuple):
    """How charts are looked at.

    Attributes
    ----------
    axis : {"step", "time"}
    log : bool
        Draw keys whose numbers are all above zero on a logarithmic axis.
    smooth : float
        0 to 0.99: how much of the line is the mean of what came before.
    """

    axis: Axis = "step"
    log: bool = False
    smooth: float = 0.0


def look_of(view: Mapping[str, object]) -> Look:
    """Return a run panel's view as far as its charts are concerned."""
    asked = cast("RunView", view)
    return Look(asked["axis"], asked["log"], asked["smooth"])


def charts(series: Sequence[Series], runs: Mapping[str, str], look: Look | None = None) -> tuple[str, int]:
    """Return a picture with a chart a key, for the first keys, and its width in pixels.

    Parameters
    ----------
    series : sequence of Series
    runs : mapping of str to str
        Names by id; their order gives the lines' colours and dashes.
    look : Look, optional

    Returns
    -------
    (str, int)
        A data URI, empty when there is nothing to draw.
    """
    keys = list(dict.fromkeys(one["key"] for one in series if one["step"]))[:MOST]
    if not keys:
        return "", 0
    columns = min(_COLUMNS, len(keys))
    rows = -(-len(keys) // columns)
    width, height = columns * (_WIDTH + _GAP) - _GAP, rows * (_HEIGHT + _GAP) - _GAP
    styles = {run: LINES[i % len(LINES)] for i, run in enumerate(runs)}
    parts = [
        _chart(key, [one for one in series if one["key"] == key], styles, *_place(i, columns), look or Look())
        for i, key in enumerate(keys)
    ]
    if len(runs) > 1:
        legend, more = _legend(runs, styles, columns, height + _GAP)
        parts.append(legend)
        height += _GAP + more
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' font-family="{_FONT}" font-size="11" role="img"><title>{escape(summary(series, runs))}</title>'
        f"{''.join(parts)}</svg>"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(text.encode()).decode(), width


def summary(series: Sequence[Series], runs: Mapping[str, str]) -> str:
    """Return what the charts say in words: each key's last number, by run where there are several."""
    said = [_ending(one, runs[one["run"]] if len(runs) > 1 else "") for one in series if one["last"]]
    return f"{say('Charts')}: " + "; ".join(said[:MOST]) if said else say("No numbers were logged")


def _ending(one: Series, run: str) -> str:
    key, last = words.visible(one["key"], 40), words.number(one["last"][-1])
    if run:
        return say("{key} of {run} ends at {last}", key=key, run=words.visible(run, 40), last=last)
    return say("{key} ends at {last}", key=key, last=last)


def _place(i: int, columns: int) -> tuple[float, float]:
    return i % columns * (_WIDTH + _GAP), i // columns * (_HEIGHT + _GAP)


def _legend(runs: Mapping[str, str], styles: Mapping[str, Style], columns: int, y: float) -> tuple[str, int]:
    """Return which line is which run, and how many pixels it takes downward."""
    parts = []
    for i, (run, name) in enumerate(runs.items()):
        (colour, dash), x, base = styles[run], i % columns * (_WIDTH + _GAP), y + i // columns * _LINE + _LINE / 2
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(f'<path d="M{x} {base}h24" stroke="{colour}" stroke-width="1.5"{dashed}/>')
        parts.append(f'<text x="{x + 30}" y="{base + 4}" fill="{_TEXT}">{escape(words.visible(name, 30))}</text>')
    return "".join(parts), -(-len(runs) // columns) * _LINE


def _chart(key: str, series: Sequence[Series], styles: Mapping[str, Style], x: float, y: float, look: Look) -> str:
    low = min(min(one["low"]) for one in series if one["low"])
    high = max(max(one["high"]) for one in series if one["high"])
    first = min(min(one[look.axis]) for one in series if one["step"])
    last = max(max(one[look.axis]) for one in series if one["step"])
    bend = math.log10 if look.log and low > 0 else float
    lines = []
    for one in series:
        colour, dash = styles[one["run"]]
        across = _scale(first, last, x + _LEFT, x + _WIDTH - _LEFT)
        upward = _scale(bend(low), bend(high), y + _HEIGHT - _BOTTOM, y + _TOP)
        points = [f"{across(a):.1f},{upward(bend(b)):.1f}" for a, b in _thinned(one, look)]
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        if len(points) == 1:
            cx, cy = points[0].split(",")
            lines.append(f'<circle cx="{cx}" cy="{cy}" r="2.5" fill="{colour}"/>')
        else:
            joined = " ".join(points)
            lines.append(f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="1.5"{dashed}/>')
    base = y + _HEIGHT - _BOTTOM
    axis = say("time") if look.axis == "time" else say("step")
    place = words.duration if look.axis == "time" else words.number
    reach = say("{low} to {high}", low=place(first), high=place(last))
    values = say("{low} to {high}", low=words.number(low), high=words.number(high))
    marks = [say("log")] if bend is math.log10 else []
    marks += [say("smoothed {weight}", weight=f"{look.smooth:.2f}")] if look.smooth > 0 else []
    return (
        f'<text x="{x}" y="{y + 11}" fill="{_TEXT}" font-weight="600">{escape(words.visible(key, 26))}</text>'
        f'<text x="{x + _WIDTH}" y="{y + 11}" fill="{_TEXT}" text-anchor="end">'
        f"{escape(', '.join([values, *marks]))}</text>"
        f'<path d="M{x} {base}H{x + _WIDTH}" stroke="{_AXIS}" stroke-width="0.8"/>'
        f'<text x="{x}" y="{base + 12}" fill="{_TEXT}" font-size="10">{escape(f"{axis} {reach}")}</text>'
        f"{''.join(lines)}"
    )


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Return a map from one range to another; a range of one value goes to the middle."""
    span = high - low
    if not span or not math.isfinite(span):
        return lambda _: (start + end) / 2
    return lambda value: start + (value - low) / span * (end - start)


def _thinned(one: Series, look: Look) -> list[tuple[float, float]]:
    """Return at most so many points as pixels tell apart, in order along the axis, the last one among them."""
    every = max(1, -(-len(one["step"]) // _POINTS))
    ordered = sorted(zip(one[look.axis], one["last"], strict=True), key=itemgetter(0))
    points = list(zip((at for at, _ in ordered), smoothed([value for _, value in ordered], look.smooth), strict=True))
    kept = points[::every]
    return kept if kept[-1] == points[-1] else [*kept, points[-1]]


def smoothed(values: Sequence[float], weight: float) -> list[float]:
    """Return an exponential mean without the pull of its start, as the page draws it."""
    if weight <= 0:
        return list(values)
    mean = seen = 0.0
    means = []
    for value in values:
        mean, seen = mean * weight + (1 - weight) * value, seen * weight + (1 - weight)
        means.append(mean / seen)
    return means
