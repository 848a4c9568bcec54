"""Two pictures and the picture of their difference."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.media.pictures import bare, converted, read_picture
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

SIDE = 320
_WHITE = 255


class Pixels(NamedTuple):
    """Before, after and, where the sizes are equal, their difference, as PNG; the size of the first."""

    pngs: list[bytes]
    size: tuple[int, int]
    note: str


def differing(before: bytes, after: bytes, where: str) -> Pixels:
    """Return both pictures at most 320 pixels a side, and their difference stretched to full brightness.

    Where a side is empty, the other picture is all there is.

    Raises
    ------
    InvalidValueError
        No picture, or one of too many pixels.
    """
    from PIL import ImageChops

    raw = [read_picture(data, where) for data in (before, after) if data]
    has_alpha = any(picture.mode in {"RGBA", "LA", "PA"} for picture in raw)
    pictures = [converted(bare(picture), "RGBA" if has_alpha else "RGB") for picture in raw]
    pngs = [_png(picture) for picture in pictures]
    if len(pictures) == 1:
        return Pixels(pngs, pictures[0].size, say("{sizes} pixels", sizes=_sides(pictures)))
    mine, theirs = pictures
    if mine.size != theirs.size:
        return Pixels(pngs, mine.size, say("sizes differ: {sizes} pixels", sizes=_sides(pictures)))
    apart = ImageChops.difference(mine, theirs)
    # Of the channels the one that differs most: where only the opacity does, that is seen too.
    channels = list(apart.split())
    most = channels[0]
    for channel in channels[1:]:
        most = ImageChops.lighter(most, channel)
    histogram = most.histogram()
    largest = max((value for value, count in enumerate(histogram) if count), default=0)
    total = mine.size[0] * mine.size[1]
    differ = total - histogram[0]
    stretch = _WHITE / largest if largest else 1.0
    pngs.append(_png(most.point([round(value * stretch) for value in range(_WHITE + 1)])))
    note = say("{n} of {all} pixels differ, by at most {most} of 255", n=differ, all=total, most=largest)
    return Pixels(pngs, mine.size, note)


def _sides(pictures: Sequence[Image.Image]) -> str:
    return " → ".join(f"{picture.width} \N{MULTIPLICATION SIGN} {picture.height}" for picture in pictures)


def _png(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    small.save(out, format="PNG")
    return out.getvalue()
