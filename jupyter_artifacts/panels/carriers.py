"""Hidden widgets that carry the panels' code, one a chunk, so that ten panels send it once.

A carrier is opened before the first panel that needs it: its text lies in its state and
so reaches the page with the message that opens it, also while the kernel is busy. A
page finds it by its id, which is made from the chunk's hash. Hosts where it cannot be
found ask by ``code.get``. What a panel's first drawing does not need is carried after it.
"""

from __future__ import annotations

import base64
import json
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

import ipywidgets
import traitlets

from jupyter_artifacts.panels import bundles
from jupyter_artifacts.words import chosen
from jupyter_artifacts.words.dictionary import words_of

if TYPE_CHECKING:
    from jupyter_artifacts.panels.bundles import Chunk
    from jupyter_artifacts.panels.protocol import PanelKind

_open: dict[str, Carrier] = {}


class Carrier(ipywidgets.Widget):  # type: ignore[misc]  # ipywidgets ships no types
    """One chunk, and the words that its part of a page says.

    Parameters
    ----------
    chunk : Chunk
    """

    packed = traitlets.Unicode(read_only=True).tag(sync=True)
    words = traitlets.Dict(default_value=None, allow_none=True, read_only=True).tag(sync=True)

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self.set_trait("packed", packed(chunk, chosen()))
        super().__init__(model_id=carrier_id(chunk))

    def speak(self) -> None:
        """Bring the words of the language that was chosen since, in place of those that are packed."""
        self.set_trait("words", words_for(self.chunk.name))

    def set_state(self, sync_data: dict[str, object]) -> None:
        """Take nothing from the page: what is here is the kernel's."""
        del sync_data


@lru_cache(32)
def packed(chunk: Chunk, _language: str) -> str:
    """Return a chunk's texts, deflated and in base64: a third of them, and no host loses it as it may a buffer."""
    texts = json.dumps({"js": chunk.js, "css": chunk.css, "words": words_for(chunk.name)}, ensure_ascii=False)
    return base64.b64encode(zlib.compress(texts.encode(), 9)).decode("ascii")


def carrier_id(chunk: Chunk) -> str:
    """Return the id by which a page finds a chunk's carrier."""
    return f"ja-{chunk.hash}"


def words_for(name: str) -> dict[str, str]:
    """Return the words of a chunk; none where only English can be wanted."""
    return {} if chosen() == "en" else words_of(name)


def carry(kind: PanelKind, *, later: bool = False) -> None:
    """Have open carriers of the chunks that a panel's first drawing needs, or of the others."""
    for chunk in bundles.chunks(kind):
        carrier = _open.get(chunk.hash)
        if chunk.later == later and (carrier is None or carrier.comm is None):  # somebody may have closed all widgets
            _open[chunk.hash] = Carrier(chunk)


def speak() -> None:
    """Bring the words of the language that was chosen to the pages that are open."""
    for carrier in _open.values():
        carrier.speak()
