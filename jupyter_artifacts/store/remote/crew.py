"""Some requests side by side, in threads beside a caller who hears Ctrl-C meanwhile."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

from jupyter_artifacts.errors import StoreError
from jupyter_artifacts.store.helpers import begin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_artifacts.store.helpers import Helper

T = TypeVar("T")

AT_ONCE = 8


def side_by_side(act: Callable[[T], None], items: Iterable[T], at_once: int = AT_ONCE) -> None:
    """Do `act` for each, `at_once` at a time; the first error is raised, and what had not begun then is not done.

    An interrupt is heard while requests are under way; these then end by themselves, unheard.
    """
    _Crew(act, items).work(at_once)


class _Crew(Generic[T]):
    def __init__(self, act: Callable[[T], None], items: Iterable[T]) -> None:
        self._act = act
        self._todo = deque(items)
        self._open = len(self._todo)
        self._guard = threading.Lock()
        self._faults: list[BaseException] = []

    def work(self, at_once: int) -> None:
        helpers: list[Helper] = []
        count = min(at_once, self._open)
        try:
            while len(helpers) < count and (helper := begin(self._take)) is not None:
                helpers.append(helper)
            if not helpers:
                self._take()
            for helper in helpers:
                helper.wait()
        finally:
            self._todo.clear()
        if self._faults:
            raise self._faults[0]
        if self._open:
            raise StoreError(f"a thread ended while it talked to the bucket; {self._open} requests are open, try again")

    def _take(self) -> None:
        while True:
            try:
                item = self._todo.popleft()
            except IndexError:
                return
            try:
                self._act(item)
            except BaseException as fault:  # noqa: BLE001  the caller raises it
                self._todo.clear()
                self._faults.append(fault)
            else:
                with self._guard:
                    self._open -= 1
