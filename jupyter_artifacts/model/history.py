"""The step rules of ``run.log``: which row a call goes to, and when a row is done.

Facts after W&B's client: without a step, a call makes a row and moves on; with a
step, or ``commit=False``, the row stays open and later calls of the same step
merge into it. Where a step goes backwards W&B drops the data; here the row is
kept, in the order logged, and marked (``_backwards``).
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, SupportsIndex

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonObject

MAX_STEP = 2**63 - 1


@dataclass(slots=True)
class Row:
    """One row of history: a step and its values."""

    step: int
    values: JsonObject = field(default_factory=dict)
    backwards: bool = False


def check_step(step: object) -> int | None:
    """Return a step of 0 or more, or None; numpy and torch integers are taken as int."""
    if step is None:
        return None
    if isinstance(step, (bool, float)) or not isinstance(step, SupportsIndex):
        raise InvalidTypeError(f"step must be an int, not {type(step).__name__} ({step!r})")
    number = operator.index(step)
    if not 0 <= number <= MAX_STEP:
        raise InvalidValueError(f"step must be from 0 to 2**63 - 1, not {number}")
    return number


class Steps:
    """The state of one run's history: the current step and the row that is still open.

    Attributes
    ----------
    step : int
        The step of the open row, or the one the next row will get.
    open : Row or None
        The row that further calls may still add to.
    """

    __slots__ = ("open", "step")

    def __init__(self, first: int = 0) -> None:
        self.step = first
        self.open: Row | None = None

    def log(self, values: JsonObject, step: int | None, commit: bool | None) -> list[Row]:
        """Take one call's values; return the rows that are done by it, in order."""
        done: list[Row] = []
        if step is not None and step < self.step:
            return [Row(step, dict(values), backwards=True)]
        if step is not None and step > self.step:
            done += self.close()
            self.step = step
        if self.open is None:
            self.open = Row(self.step)
        self.open.values.update(values)
        if commit or (commit is None and step is None):
            done += self.close()
            self.step += 1
        return done

    def close(self) -> list[Row]:
        """Close the open row; return it if it holds anything."""
        row, self.open = self.open, None
        return [row] if row is not None and row.values else []
