"""Alerts: a line that stands out."""

from __future__ import annotations

from enum import Enum

from jupyter_artifacts.errors import InvalidValueError


class AlertLevel(Enum):
    """How much an alert matters."""

    INFO = "INFO"
    WARN = "WARN"
    ERROR = "ERROR"


def alert_line(title: str, text: str, level: str | AlertLevel | None) -> str:
    """Return the line for an alert; an unknown level is refused."""
    name = (level.value if isinstance(level, AlertLevel) else level) or AlertLevel.INFO.value
    if name not in AlertLevel.__members__:
        raise InvalidValueError(f"alert(level={level!r}): choose INFO, WARN or ERROR")
    return f"{name}: {title}: {text}"
