"""Pictures, decoded with limits and written anew."""

from __future__ import annotations

import io

from jupyter_artifacts.media.pictures import bare, converted, read_picture

SIDE = 640


def shown(data: bytes, where: str) -> tuple[tuple[int, int], bytes, str]:
    """Return a picture's (width, height), a PNG of it at most 640 pixels a side, and a note.

    Raises
    ------
    InvalidValueError
        No picture, or one of too many pixels.
    """
    picture = read_picture(data, where)
    size = picture.size
    small = converted(bare(picture), "RGBA" if picture.mode in {"RGBA", "LA", "PA"} else "RGB")
    small.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    small.save(out, format="PNG")
    return size, out.getvalue(), f"{size[0]} × {size[1]} pixels, {picture.mode}"  # noqa: RUF001  a multiplication sign
