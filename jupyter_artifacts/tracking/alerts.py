"""Alerts: a line that stands out."""

from __future__ import annotations

import datetime as dt
from enum import Enum

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError


class AlertLevel(Enum):
    """How much an alert matters."""

    INFO = "INFO"
    WARN = "WARN"
    ERROR = "ERROR"


def seconds_of(wait_duration: object) -> float:
    """Return how long the same title is left out: seconds, or a timedelta as W&B's examples have it."""
    if isinstance(wait_duration, dt.timedelta):
        return wait_duration.total_seconds()
    if wait_duration is None:
        return 0.0
    if isinstance(wait_duration, bool) or not isinstance(wait_duration, (int, float)):
        kind = type(wait_duration).__name__
        raise InvalidTypeError(f"alert(wait_duration=...): give seconds or a datetime.timedelta, not {kind}")
    return wait_duration


def alert_line(title: str, text: str, level: str | AlertLevel | None) -> str:
    """Return the line for an alert; an unknown level is refused."""
    name = (level.value if isinstance(level, AlertLevel) else level) or AlertLevel.INFO.value
    if name not in AlertLevel.__members__:
        raise InvalidValueError(f"alert(level={level!r}): choose INFO, WARN or ERROR")
    return f"{name}: {title}: {text}"
