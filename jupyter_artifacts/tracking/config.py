"""A run's config: a mapping with attribute access that refuses silent changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jupyter_artifacts.errors import ConfigError, InvalidTypeError
from jupyter_artifacts.model.jsonable import check_size, dumps, normalise, normalise_object
from jupyter_artifacts.tracking.attributes import Attributes
from jupyter_artifacts.tracking.config_sources import config_values
from jupyter_artifacts.tracking.notebook import in_notebook
from jupyter_artifacts.tracking.secrets_hint import hint_at_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, ItemsView, Iterator, KeysView, ValuesView

    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue


class Config(Attributes):
    """The parameters of a run.

    Values are brought to JSON shapes when they are set. A script may not change a
    key it has set without ``allow_val_change=True``; a notebook may. Keys that
    begin with ``_`` are kept but not listed.

    Examples
    --------
    >>> config = Config({"epochs": 5})
    >>> config.epochs, config["epochs"], config.get("lr", 0.1)
    (5, 5, 0.1)
    """

    __slots__ = ("_allow", "_use")

    _what = "config"
    _own = frozenset(["_allow", "_changed", "_closed", "_items", "_use"])

    def __init__(
        self,
        values: Mapping[str, object] | None = None,
        changed: Callable[[], None] | None = None,
        *,
        allow_val_change: bool | None = None,
    ) -> None:
        self._items: JsonObject = _checked(values or {})
        self._changed = changed
        self._allow = allow_val_change
        self._closed = ""
        self._use: Callable[[object], JsonObject | None] | None = None

    def __delitem__(self, key: str) -> None:
        self._require_open()
        self[key]  # KeyError naming the nearest
        self._items = {name: value for name, value in self._items.items() if name != key}
        self._tell()

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __repr__(self) -> str:
        return repr(self.as_dict())

    def keys(self) -> KeysView[str]:
        """Return the keys that do not begin with ``_``."""
        return self.as_dict().keys()

    def items(self) -> ItemsView[str, Any]:
        """Return the pairs whose keys do not begin with ``_``."""
        return self.as_dict().items()

    def values(self) -> ValuesView[Any]:
        """Return the values whose keys do not begin with ``_``."""
        return self.as_dict().values()

    def as_dict(self) -> dict[str, Any]:
        """Return a plain dict of what :meth:`items` lists."""
        return {key: value for key, value in self._items.items() if not key.startswith("_")}

    def update(self, values: object, allow_val_change: bool | None = None) -> None:
        """Set several keys at once: all of them or, after an error, none.

        Parameters
        ----------
        values : mapping, argparse.Namespace or path of a YAML file
        allow_val_change : bool, optional
            Whether keys may change their value; a notebook allows it when not told.

        Raises
        ------
        ConfigError
            A key has another value already.
        """
        self._require_open()
        if values is None:
            raise InvalidTypeError("config.update() needs a dict, not None")
        new = _checked(self._resolved(config_values(values)))
        if not self._may_change(allow_val_change):
            for key, value in new.items():
                if key in self._items and not _same(self._items[key], value):
                    raise ConfigError(
                        f"config[{key!r}] is {self._items[key]!r} already and would become {value!r}; "
                        "pass allow_val_change=True to config.update() or init() if you mean it"
                    )
        self._put({**self._items, **new})

    def setdefaults(self, values: object) -> None:
        """Set the keys that are not there yet."""
        self._require_open()
        given = {key: value for key, value in config_values(values).items() if key not in self._items}
        self._put({**_checked(self._resolved(given)), **self._items})

    def persist(self) -> None:
        """Bring the config to the store now; it is never more than a second late anyway."""
        self._tell()

    def watch(self, changed: Callable[[], None], use: Callable[[object], JsonObject | None] | None = None) -> None:
        """Call `changed` after every change from now on, and `use` with what may be an artifact.

        `use` returns what stands for the artifact in the config, None for what is none.
        """
        self._changed, self._use = changed, use

    def stored(self) -> JsonObject:
        """Return everything, the keys that begin with ``_`` too, for the store."""
        return dict(self._items)

    def _resolved(self, values: Mapping[str, object]) -> Mapping[str, object]:
        """Return values with artifacts replaced by what stands for them; the run uses them."""
        use = self._use
        if use is None:
            return values
        return {key: stood if (stood := use(value)) is not None else value for key, value in values.items()}

    def _may_change(self, asked: bool | None) -> bool:
        if asked is not None:
            return asked
        return in_notebook() if self._allow is None else self._allow

    def _put(self, items: JsonObject) -> None:
        check_size(items, "config")
        self._items = items
        self._tell()


def _checked(values: Mapping[str, object]) -> JsonObject:
    if not isinstance(values, Mapping):
        raise InvalidTypeError(f"config must be a dict, not {type(values).__name__}")
    tree: dict[str, object] = {}
    for key, value in values.items():
        if not isinstance(key, str):
            raise InvalidTypeError(f"config has the key {key!r} of type {type(key).__name__}; keys must be str")
        name = key.strip("-")
        if name in tree:
            raise ConfigError(f"config has two keys that both become {name!r}; rename one")
        tree[name] = normalise(value, f"config[{key!r}]")
    plain = normalise_object(tree, "config")
    hint_at_secrets(plain, "config")
    return plain


def _same(a: JsonValue, b: JsonValue) -> bool:
    return a == b or dumps(a) == dumps(b)
