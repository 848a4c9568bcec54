"""An exercise as an ordered list of things that must be true of the learner's store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_artifacts.tracking.api import Api


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that must be true, and what to say when it is not.

    Attributes
    ----------
    holds : callable
        Looks into the store and tells whether the step is done.
    hints : sequence of str
        The first for the first failing try, the next for the next, the last for all after.
    """

    holds: Callable[[Api], bool]
    hints: Sequence[str]


class Exercise:
    """Steps in order; remembers how often each has failed, so that hints grow more exact."""

    def __init__(self, praise: str, *steps: Step) -> None:
        self.praise = praise
        self.steps = steps
        self.failures: dict[int, int] = {}

    def check(self, api: Api) -> tuple[bool, str]:
        """Return whether all steps hold, and the line to show."""
        for number, step in enumerate(self.steps):
            if not step.holds(api):
                tries = self.failures.get(number, 0)
                self.failures[number] = tries + 1
                return False, step.hints[min(tries, len(step.hints) - 1)]
        return True, self.praise
