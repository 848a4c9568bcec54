"""A run's summary: the last value of each key, with attribute access and nested parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from jupyter_artifacts.errors import InvalidTypeError
from jupyter_artifacts.model.jsonable import JsonValue, normalise
from jupyter_artifacts.tracking.attributes import Attributes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.model.jsonable import JsonObject

Convert = Callable[[str, object], JsonValue]


def _plain(key: str, value: object) -> JsonValue:
    return normalise(value, f"summary[{key!r}]")


class Summary(Attributes):
    """What a run came to.

    ``summary.x`` and ``summary["x"]`` read and write; a nested dict comes back as a
    part that can be written through. A missing attribute is an AttributeError, a
    missing key a KeyError.

    Examples
    --------
    >>> summary = Summary({"loss": 0.5, "best": {"acc": 0.9}})
    >>> summary.loss, summary["best"]["acc"], summary.get("f1")
    (0.5, 0.9, None)
    """

    __slots__ = ("_convert",)

    _what = "summary"
    _own = frozenset(["_changed", "_items", "_convert", "_closed"])

    def __init__(
        self,
        items: JsonObject | None = None,
        changed: Callable[[], None] | None = None,
        convert: Convert = _plain,
    ) -> None:
        self._items: JsonObject = {} if items is None else items
        self._changed = changed
        self._convert = convert
        self._closed = ""

    def __delitem__(self, key: str) -> None:
        self._require_open()
        self[key]  # KeyError naming the nearest
        del self._items[key]
        self._tell()

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __repr__(self) -> str:
        return repr(self._items)

    def update(self, values: Mapping[str, object] | None = None) -> None:
        """Set several keys at once: all of them or, after an error, none."""
        self._require_open()
        if values is not None and not isinstance(values, Mapping):
            raise InvalidTypeError(f"summary.update() needs a dict, not {type(values).__name__}")
        new: JsonObject = {}
        for key, value in (values or {}).items():
            if not isinstance(key, str):
                raise InvalidTypeError(f"summary has the key {key!r} of type {type(key).__name__}; keys must be str")
            new[key] = self._convert(key, value)
        self._items.update(new)
        self._tell()

    def as_dict(self) -> dict[str, Any]:
        """Return a plain dict; nested parts are plain dicts too."""
        return dict(self._items)

    @property
    def _json_dict(self) -> dict[str, Any]:
        """W&B's, and in its documentation's snippets: the same as :meth:`as_dict`."""
        return self.as_dict()

    def _shown(self, value: object) -> object:
        if not isinstance(value, dict):
            return value
        part = Summary(value, self._changed, self._convert)
        part.close(self._closed)
        return part
