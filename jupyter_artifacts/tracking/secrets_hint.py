"""A warning, once a key, when metadata or a config seem to hold a password."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_artifacts.tracking.messages import warn

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonValue

_NAMES = re.compile(r"api_?key|secret|passw(or)?d|(access|private|auth)_?(key|token)|credential", re.IGNORECASE)
_SHORTEST = 12
_warned: set[str] = set()


def hint_at_secrets(tree: JsonValue, where: str) -> None:
    """Warn of text under a name such as ``api_key``; whoever gets the store can read it. Nothing is blocked."""
    stack: list[tuple[str, JsonValue]] = [(where, tree)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, list):
            stack += [(path, item) for item in value]
        if not isinstance(value, dict):
            continue
        for key, item in value.items():
            below = f"{path}[{key!r}]"
            stack.append((below, item))
            telling = isinstance(item, str) and len(item) >= _SHORTEST and _NAMES.search(key.replace("-", "_"))
            if telling and below not in _warned:
                _warned.add(below)
                warn(f"{below} looks like a secret and is kept as it is, readable for whoever gets the store")
