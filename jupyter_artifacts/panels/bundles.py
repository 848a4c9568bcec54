"""The panels' JavaScript and CSS, as ``npm run build`` leaves them in ``static/``.

What panels share is one chunk, what those about versions share another, the rest is a chunk a
panel; ``chunks.json`` says which a panel is made of. A widget itself has only the stub,
which finds the chunks (:mod:`jupyter_artifacts.panels.carriers`).
"""

from __future__ import annotations

import hashlib
import json
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
        ``"shared"``, ``"more"`` or a panel's kind.
    hash : str
        Of the texts and of the chunk that it imports: another build is another chunk.
    js, css : str
    """

    name: str
    hash: str
    js: str
    css: str


def stub() -> str:
    """Return the module that every widget has.

    Raises
    ------
    UsageError
        This checkout has not been built.
    """
    return _text(STATIC / "stub.js")


def chunks(kind: PanelKind) -> list[Chunk]:
    """Return what a panel's module is made of; each imports the one before it.

    Raises
    ------
    UsageError
        This checkout has not been built.
    """
    found: list[Chunk] = []
    for name in json.loads(_text(STATIC / "chunks.json"))[kind]:
        found.append(_chunk(name, found[-1].hash if found else ""))
    return found


def _chunk(name: str, imported: str) -> Chunk:
    js, css = _text(STATIC / f"{name}.js"), _text(STATIC / f"{name}.css")
    return Chunk(name, _hash(imported, js, css), js, css)


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
