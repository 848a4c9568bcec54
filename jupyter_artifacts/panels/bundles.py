"""The panels' JavaScript and CSS, as ``npm run build`` leaves them in ``static/``.

What panels share is one chunk, what only some of them share another, the rest is a chunk a panel
and one of its pieces, which its first drawing does not need; ``chunks.json`` says which a panel
is made of. A widget itself has only the stub, which finds the chunks
(:mod:`jupyter_artifacts.panels.carriers`).
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import UsageError

if TYPE_CHECKING:
    from jupyter_artifacts.panels.protocol import PanelKind

STATIC = Path(__file__).parent / "static"


class Chunk(NamedTuple):
    """A module and its style sheet.

    Attributes
    ----------
    name : str
        ``"shared"``, ``"more"``, a panel's kind, or that with ``"-later"``.
    hash : str
        Of the texts and of the chunks that it imports: another build is another chunk.
    js, css : str
    later : bool
        Not needed for the panel's first drawing.
    """

    name: str
    hash: str
    js: str
    css: str
    later: bool


def stub() -> str:
    """Return the module that every widget has.

    Raises
    ------
    UsageError
        This checkout has not been built.
    """
    return _text(STATIC / "stub.js")


def chunks(kind: PanelKind) -> list[Chunk]:
    """Return what a panel is made of, what comes later last; each imports some of those before it.

    Raises
    ------
    UsageError
        This checkout has not been built.
    """
    found: list[Chunk] = []
    parts: dict[str, list[str]] = json.loads(_text(STATIC / "chunks.json"))[kind]
    for when in ("now", "later"):
        for name in parts[when]:
            js, css = _text(STATIC / f"{name}.js"), _text(STATIC / f"{name}.css")
            imported = [found[i].hash for i in _imports(js)]
            found.append(Chunk(name, _hash(*imported, js, css), js, css, when == "later"))
    return found


@lru_cache(64)
def _imports(js: str) -> list[int]:
    """Return the places, in a panel's list, of the chunks that a chunk imports."""
    return sorted({int(place) for place in re.findall(r'"ja:(\d)"', js)})


@lru_cache(64)
def _hash(*texts: str) -> str:
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=8).hexdigest()


def _text(path: Path) -> str:
    """Return a file's text, read again when it was built anew."""
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError as error:
        raise UsageError(
            f"the live panels' bundle {path.name} is missing: run `npm ci && npm run build` in js/ "
            "(or show panels without it: JUPYTER_ARTIFACTS_DISPLAY=static)"
        ) from error


@lru_cache(64)
def _read(path: Path, _built: int) -> str:
    return path.read_text(encoding="utf-8")
