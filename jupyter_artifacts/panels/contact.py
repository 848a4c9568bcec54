"""A contact sheet: the first pictures of a grid with their captions, as one small PNG."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.panels.typefaces import can_draw, face
from jupyter_artifacts.panels.words import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    from jupyter_artifacts.panels.protocol import ExampleItem
    from jupyter_artifacts.panels.typefaces import Face

FIRST = 40
MAX_BYTES = 19_000
_COLUMNS, _SIDE, _WIDEST, _GAP, _LINE, _SIZE = 10, 56, 110, 6, 15, 11
# Middle tones, 4.3 to 1 on a white page and on JupyterLab's dark one: the sheet has no ground of its own.
_INK, _WRONG = (115, 125, 139), (214, 69, 69)
_SHADES = (85, 170, 255)  # of a letter's edge, beside nothing


class Contact(NamedTuple):
    """A sheet, how many pictures are on it, and its width in pixels."""

    png: bytes
    pictures: int
    width: int


def contact(
    tiles: NDArray[np.uint8], items: Sequence[ExampleItem], limit: int = MAX_BYTES, *, columns: int = 0
) -> Contact:
    """Return as many of the first 40 pictures as fit into `limit` bytes, in the order of `items`.

    Parameters
    ----------
    tiles : ndarray of uint8, shape (N, h, w) or (N, h, w, 3)
    items : sequence of ExampleItem
        What to show, by its tile; captions of wrong predictions are red.
    limit : int
    columns : int, default 0
        Pictures in a row, as far as they are wide enough for a page; 0 means ten.
    """
    count = min(len(items), FIRST)
    while True:
        png, width = _painted(tiles, items[:count], columns or _COLUMNS)
        if len(png) <= limit or count <= 1:
            return Contact(png, count, width)
        count = max(int(count * min(limit / len(png), 0.9)), 1)


def _painted(tiles: NDArray[np.uint8], items: Sequence[ExampleItem], most: int) -> tuple[bytes, int]:
    from PIL import Image, ImageDraw

    height, width = tiles.shape[1:3]
    captions = [_drawable(item) for item in items]
    longest = max((math.ceil(face(text, _SIZE).getlength(text)) for text in captions), default=0)
    cell = max(width, _SIDE, min(longest, _WIDEST))
    factor = max(cell // max(height, width), 1)
    columns = min(most, max(len(items), 1), max(640 // (cell + _GAP), 1))
    rows = -(-len(items) // columns)
    pitch_x, pitch_y = cell + _GAP, height * factor + _LINE + _GAP
    size = (columns * pitch_x + _GAP, rows * pitch_y + _GAP)
    pictures, covered, right, wrong = (Image.new(mode, size) for mode in ("RGB", "1", "L", "L"))
    for i, item in enumerate(items):
        x, y = _GAP + (i % columns) * pitch_x, _GAP + (i // columns) * pitch_y
        tile = _enlarged(Image.fromarray(tiles[item["tile"]]), factor)
        corner = (x + (cell - tile.width) // 2, y)
        pictures.paste(tile, corner)
        covered.paste(1, (*corner, corner[0] + tile.width, corner[1] + tile.height))
        is_wrong = item["label"] >= 0 and item["predicted"] >= 0 and item["label"] != item["predicted"]
        font = face(captions[i], _SIZE)
        text = _cut(captions[i], font, cell)
        at = (x + cell / 2, y + height * factor + _LINE - 4)
        ImageDraw.Draw(wrong if is_wrong else right).text(at, text, 255, font, anchor="ms")
    grey = tiles.ndim == 3  # noqa: PLR2004  (N, h, w): no axis of colours
    return _png(pictures.quantize(17 if grey else 89, dither=Image.Dither.NONE), covered, right, wrong), size[0]


def _png(pictures: Image, covered: Image, right: Image, wrong: Image) -> bytes:
    """Return one PNG of pictures where they cover it, of letters in two colours, and of nothing elsewhere."""
    import numpy as np
    from PIL import Image

    first = 1 + 2 * len(_SHADES)
    painted = np.where(np.asarray(covered), np.asarray(pictures) + first, 0)
    for at, letters in ((1, right), (1 + len(_SHADES), wrong)):
        level = np.digitize(np.asarray(letters), [shade - 42 for shade in _SHADES])
        painted = np.where(level, at + level - 1, painted)
    sheet = Image.fromarray(painted.astype(np.uint8), "P")
    colours = [(0, 0, 0), *[_INK] * len(_SHADES), *[_WRONG] * len(_SHADES)]
    sheet.putpalette([value for colour in colours for value in colour] + (pictures.getpalette() or []))
    out = io.BytesIO()
    sheet.save(out, format="PNG", optimize=True, transparency=bytes((0, *_SHADES, *_SHADES)))
    return out.getvalue()


def _enlarged(tile: Image, factor: int) -> Image:
    return tile.resize((tile.width * factor, tile.height * factor), resample=0)  # nearest: pixels stay pixels


def _cut(text: str, font: Face, width: int) -> str:
    """Return what stands under a picture, cut where it is too wide."""
    while font.getlength(text) > width and len(text) > 1:
        text = text.removesuffix("...")[:-1] + "..."
    return text


def _drawable(item: ExampleItem) -> str:
    """Return a picture's caption, or its number where that cannot be drawn."""
    text = visible(item["caption"], 60)
    text = text.replace("→", "->")
    return text if text and can_draw(text) else f"#{item['tile']}"
