"""Something found one by one, as a sequence that keeps what it has found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Iterator

Item = TypeVar("Item")


class Walk(Sequence[Item]):
    """A lazy sequence over an iterator.

    Parameters
    ----------
    found : iterator
        Read only as far as it is asked for.
    """

    def __init__(self, found: Iterator[Item]) -> None:
        self._found = found
        self._items: list[Item] = []
        self._walked = 0

    def __len__(self) -> int:
        """Return how many there are; all are found for it."""
        while self._reaches(len(self._items)):
            pass
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | list[Item]:
        if isinstance(index, slice) or index < 0:
            len(self)
        else:
            self._reaches(index)
        return self._items[index]

    def __iter__(self) -> Iterator[Item]:
        position = 0
        while self._reaches(position):
            yield self._items[position]
            position += 1

    def __next__(self) -> Item:
        """Return the next item of a walk of its own; ``iter()`` and ``for`` begin anew each time."""
        if not self._reaches(self._walked):
            raise StopIteration
        self._walked += 1
        return self._items[self._walked - 1]

    def next(self) -> Item:
        """Return the same as ``next(...)``, under W&B's earlier name."""
        return next(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)}>"

    def _reaches(self, position: int) -> bool:
        """Tell whether there is an item at a position, finding all up to it."""
        while len(self._items) <= position:
            try:
                self._items.append(next(self._found))
            except StopIteration:
                return False
        return True
