"""Facts as short texts: sizes, counts, times, and strings made safe to show."""

from __future__ import annotations

import datetime as dt
import math
import re
import struct

from jupyter_artifacts.words import counted, say

_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
_NEXT_UNIT, _NO_TENTHS = 999.5, 99.95  # from here on, rounding would give 1000 kB, 100.0 kB
_MINUTE, _WHOLE = 60, 10
_MAX_SINGLE = 3.4e38
# Controls, bidirectional overrides and isolates, spaces without width, fillers, lone surrogates, the byte order
# mark, tag characters: invisible, and able to make text read as something it is not. Joiners stay: scripts and
# emoji need them.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)


def visible(text: str, limit: int = 0) -> str:
    r"""Return `text` with its hidden characters written out (``\x1b``) and cut after `limit` characters.

    Parameters
    ----------
    text : str
        From a store or a user: anything.
    limit : int, default 0
        0 means no limit; what is cut is marked with an ellipsis.
    """
    if limit and len(text) > limit:
        text = text[: limit - 1] + "…"
    return _HIDDEN.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return ascii(found.group())[1:-1]


def size(count: int) -> str:
    """Return bytes as people write them: ``"0 B"``, ``"52.4 MB"``; ``"?"`` where it is not known."""
    if count < 0:
        return "?"
    value, unit = float(count), 0
    while value >= _NEXT_UNIT and unit + 1 < len(_UNITS):
        value, unit = value / 1000, unit + 1
    if unit == 0:
        return f"{count} B"
    return f"{value:.0f} {_UNITS[unit]}" if value >= _NO_TENTHS else f"{value:.1f} {_UNITS[unit]}"


def count(number: int, noun: str, nouns: str = "") -> str:
    """Return ``"1 file"``, ``"3 files"``, ``"1,284 versions"``."""
    return counted(number, noun, nouns)


def moment(seconds: float) -> str:
    """Return a time as ``"2026-11-21 14:07 UTC"``: the same text on every machine and at every hour."""
    try:
        when = dt.datetime.fromtimestamp(seconds, tz=dt.timezone.utc)
    except (ValueError, OverflowError, OSError):
        return "?"
    return f"{when:%Y-%m-%d %H:%M} UTC"


def duration(seconds: float) -> str:
    """Return ``"0.4 s"``, ``"12 s"``, ``"3 min 5 s"``, ``"2 h 10 min"``."""
    whole = round(seconds)
    minutes, rest = divmod(whole, _MINUTE)
    if minutes >= _MINUTE:
        return say("{h} h {m} min", h=minutes // _MINUTE, m=minutes % _MINUTE)
    if minutes:
        return say("{m} min {s} s", m=minutes, s=rest)
    return say("{s} s", s=whole if whole >= _WHOLE else f"{max(seconds, 0):.1f}")


def number(value: float) -> str:
    """Return a score with as many digits as one reads: ``"0.9714"``, ``"12"``, ``"1.2e-07"``."""
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def shortest(value: float) -> str:
    """Return a number with the fewest digits that tell it apart; a float32 in a double, ``0.10000000149``, as 0.1."""
    if not math.isfinite(value) or abs(value) > _MAX_SINGLE or not _is_single(value):
        return str(value)
    texts = (f"{value:.{digits}g}" for digits in range(1, 10))
    return str(float(next((text for text in texts if _single(float(text)) == value), str(value))))


def _single(value: float) -> float:
    (rounded,) = struct.unpack("f", struct.pack("f", value))
    return float(rounded)


def _is_single(value: float) -> bool:
    return _single(value) == value


def columns(rows: list[tuple[str, ...]], right: frozenset[int] = frozenset()) -> list[str]:
    """Return rows of cells as lines of aligned plain text; cells of `right` end at one column."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
