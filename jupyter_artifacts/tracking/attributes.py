"""Mappings whose keys can be read and set as attributes: what a run's config and summary share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_artifacts.errors import UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.model.jsonable import JsonObject


class Attributes(Mapping[str, Any]):
    """A mapping of JSON values with attribute access.

    A missing attribute is an AttributeError, so that ``hasattr`` works; a missing key
    is a KeyError. Both name the nearest keys.
    """

    __slots__ = ("_changed", "_closed", "_items")

    _what: ClassVar[str]
    _own: ClassVar[frozenset[str]]
    _items: JsonObject
    _changed: Callable[[], None] | None
    _closed: str

    @abstractmethod
    def update(self, values: Any) -> None:  # noqa: ANN401  what each of them takes
        """Set several keys at once: all of them or, after an error, none."""

    def _shown(self, value: object) -> object:
        """Return a value as it is handed out."""
        return value

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401  a value is whatever the user put in
        try:
            return self._shown(self._items[key])
        except KeyError:
            raise KeyError(f"{self._what} has no key {key!r}{nearest(str(key), self._items)}") from None

    def __getattr__(self, key: str) -> Any:  # noqa: ANN401  a value is whatever the user put in
        if key in self._own or key.startswith("__"):
            raise AttributeError(key)
        try:
            return self._shown(self._items[key])
        except KeyError:
            raise AttributeError(f"{self._what} has no key {key!r}{nearest(key, self._items)}") from None

    def __setitem__(self, key: str, value: object) -> None:
        self.update({key: value})

    def __setattr__(self, key: str, value: object) -> None:
        if key in self._own:
            object.__setattr__(self, key, value)
        else:
            self.update({key: value})

    def __delattr__(self, key: str) -> None:
        del self[key]

    @abstractmethod
    def __delitem__(self, key: str) -> None: ...

    def __len__(self) -> int:
        return len(self._items)

    def close(self, why: str) -> None:
        """Refuse changes from now on; what is there stays readable."""
        self._closed = why

    def _tell(self) -> None:
        if self._changed is not None:
            self._changed()

    def _require_open(self) -> None:
        if self._closed:
            raise UsageError(self._closed)
