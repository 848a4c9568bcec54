"""A face for every text: Pillow's own where it has the letters, else one of this machine's that does."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont, ImageFont

    Face = FreeTypeFont | ImageFont

NAMES = (
    "DejaVuSans.ttf",
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKjp-Regular.otf",
    "NotoSansJP-Regular.ttf",
    "NotoSans-Regular.ttf",
    "ipag.ttf",
    "fonts-japanese-gothic.ttf",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "unifont.ttf",
    "ヒラギノ角ゴシック W3.ttc",
    "Arial Unicode.ttf",
    "YuGothM.ttc",
    "msgothic.ttc",
    "msyh.ttc",
    "malgun.ttf",
    "arial.ttf",
)
"""Looked for where the system keeps its faces, in this order."""
_MISSING = "\U0010fffd"  # for private use: no face draws anything there
_PROBE = 16.0


def face(text: str, size: float) -> Face:
    """Return the first face that has every letter of a text, or Pillow's own where none has.

    Parameters
    ----------
    text : str
    size : float
        In pixels.
    """
    if text.isascii():
        return _default(size)
    letters = frozenset(letter for letter in text if not letter.isspace())
    for name in ("", *NAMES):
        if all(_draws(name, letter) for letter in letters):
            return _load(name, size) or _default(size)
    return _default(size)


def can_draw(text: str) -> bool:
    """Tell whether some face has every letter of a text."""
    return text.isascii() or any(
        all(_draws(name, letter) for letter in text if not letter.isspace()) for name in ("", *NAMES)
    )


@lru_cache(64)
def _default(size: float) -> Face:
    from PIL import ImageFont

    return ImageFont.load_default(size)


@lru_cache(64)
def _load(name: str, size: float) -> Face | None:
    """Return a face of this machine; None where it has none of that name."""
    from PIL import ImageFont

    if not name:
        return _default(size)
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return None


@lru_cache(4096)
def _draws(name: str, letter: str) -> bool:
    """Tell whether a face has a letter: what is missing looks like anything else that is."""
    found = _load(name, _PROBE)
    if found is None:
        return False
    return bytes(found.getmask(letter)) != bytes(found.getmask(_MISSING))
