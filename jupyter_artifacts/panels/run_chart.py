"""Small charts of a run's numbers, as one SVG for the twin: no script, no font, every word escaped."""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING

from jupyter_artifacts.panels import words
from jupyter_artifacts.panels.html import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_artifacts.panels.protocol import Series

MOST = 6
_COLUMNS, _WIDTH, _HEIGHT, _GAP = 3, 220, 120, 14
_LEFT, _TOP, _BOTTOM = 4, 22, 16
_POINTS = 110
_FONT = "system-ui,-apple-system,Segoe UI,Helvetica,Arial,sans-serif"
# Middle tones that read on white pages and on dark ones; dashes tell the runs apart without colour.
LINES = (("#3d7bc7", ""), ("#d0742a", "5 3"), ("#3f9259", "2 3"), ("#a2539b", "8 3 2 3"))
_AXIS, _TEXT = "#8a94a3", "#7a8492"


def charts(series: Sequence[Series], runs: Sequence[str]) -> tuple[str, int]:
    """Return a picture with a chart a key, for the first keys, and its width in pixels.

    Parameters
    ----------
    series : sequence of Series
    runs : sequence of str
        Ids; their order gives the lines' colours and dashes.

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
    parts = [
        _chart(key, [one for one in series if one["key"] == key], runs, *_place(i, columns))
        for i, key in enumerate(keys)
    ]
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' font-family="{_FONT}" font-size="11" role="img"><title>{escape(summary(series))}</title>{"".join(parts)}'
        "</svg>"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(text.encode()).decode(), width


def summary(series: Sequence[Series]) -> str:
    """Return what the charts say in words: each key's last number."""
    said = [f"{words.visible(one['key'], 40)} ends at {words.number(one['last'][-1])}" for one in series if one["last"]]
    return "Charts: " + "; ".join(said[:MOST]) if said else "No numbers were logged"


def _place(i: int, columns: int) -> tuple[float, float]:
    return i % columns * (_WIDTH + _GAP), i // columns * (_HEIGHT + _GAP)


def _chart(key: str, series: Sequence[Series], runs: Sequence[str], x: float, y: float) -> str:
    low = min(min(one["low"]) for one in series if one["low"])
    high = max(max(one["high"]) for one in series if one["high"])
    first = min(one["step"][0] for one in series if one["step"])
    last = max(one["step"][-1] for one in series if one["step"])
    lines = []
    for one in series:
        colour, dash = LINES[runs.index(one["run"]) % len(LINES)]
        across = _scale(first, last, x + _LEFT, x + _WIDTH - _LEFT)
        upward = _scale(low, high, y + _HEIGHT - _BOTTOM, y + _TOP)
        points = [f"{across(a):.1f},{upward(b):.1f}" for a, b in _thinned(one)]
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        if len(points) == 1:
            cx, cy = points[0].split(",")
            lines.append(f'<circle cx="{cx}" cy="{cy}" r="2.5" fill="{colour}"/>')
        else:
            joined = " ".join(points)
            lines.append(f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="1.5"{dashed}/>')
    base = y + _HEIGHT - _BOTTOM
    steps = f"{words.number(first)} to {words.number(last)}"
    return (
        f'<text x="{x}" y="{y + 11}" fill="{_TEXT}" font-weight="600">{escape(words.visible(key, 26))}</text>'
        f'<text x="{x + _WIDTH}" y="{y + 11}" fill="{_TEXT}" text-anchor="end">'
        f"{escape(words.number(low))} to {escape(words.number(high))}</text>"
        f'<path d="M{x} {base}H{x + _WIDTH}" stroke="{_AXIS}" stroke-width="0.8"/>'
        f'<text x="{x}" y="{base + 12}" fill="{_TEXT}" font-size="10">step {escape(steps)}</text>{"".join(lines)}'
    )


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Return a map from one range to another; a range of one value goes to the middle."""
    span = high - low
    if not span or not math.isfinite(span):
        return lambda _: (start + end) / 2
    return lambda value: start + (value - low) / span * (end - start)


def _thinned(one: Series) -> list[tuple[float, float]]:
    """Return at most so many points as pixels tell apart, the last one among them."""
    every = max(1, -(-len(one["step"]) // _POINTS))
    points = list(zip(one["step"], one["last"], strict=True))
    kept = points[::every]
    return kept if kept[-1] == points[-1] else [*kept, points[-1]]
