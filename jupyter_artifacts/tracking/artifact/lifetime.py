"""Time to live: how long after it was logged a version may be cleared away."""

from __future__ import annotations

import datetime as dt
from enum import Enum

from jupyter_artifacts.errors import InvalidValueError, LifetimeTypeError


class ArtifactTTL(Enum):
    """What `Artifact.ttl` can be set to beside a timedelta and None."""

    INHERIT = 0


NEVER = 0


def seconds_of(value: object) -> int | None:
    """Return a time to live as the catalog keeps it: seconds, 0 for never, None for inherited.

    Raises
    ------
    InvalidValueError
        No time, or a negative one.
    LifetimeTypeError
        A TypeError and an AttributeError: neither a timedelta, None nor ArtifactTTL.INHERIT.
    """
    if value is ArtifactTTL.INHERIT:
        return None
    if value is None:
        return NEVER
    if not isinstance(value, dt.timedelta):
        raise LifetimeTypeError(
            f"ttl must be a datetime.timedelta, None or ArtifactTTL.INHERIT, not {type(value).__name__} ({value!r})"
        )
    if value <= dt.timedelta(0):
        raise InvalidValueError(f"ttl must be a positive timedelta, not {value}; None keeps the artifact for ever")
    return max(1, int(value.total_seconds()))


def timedelta_of(seconds: int | None) -> dt.timedelta | None:
    """Return the time to live that seconds stand for; None for never."""
    return dt.timedelta(seconds=seconds) if seconds else None
