"""A list of Images under one key: W&B's ``images/separated`` entry of history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.media.image import Image
    from jupyter_artifacts.model.jsonable import JsonValue

MAX_IMAGES = 108
"""W&B's limit for a list under one key of one step; tracking warns and leaves out the rest."""


def separated(images: Sequence[Image], filenames: Sequence[str]) -> dict[str, JsonValue]:
    """Return the JSON of a list of images that lie at `filenames`.

    ``width``, ``height`` and ``format`` are those of the first image; ``sizes`` is
    added when the images differ in size, ``captions`` when any has one (an empty
    text for those without), and ``classes`` and ``boxes``, one a picture, likewise.
    """
    if len(images) != len(filenames):
        raise InvalidValueError(f"{len(images)} images but {len(filenames)} file names")
    sizes: list[JsonValue] = [[image.width, image.height] for image in images]
    entry: dict[str, JsonValue] = {
        "_type": "images/separated",
        "width": images[0].width if images else 0,
        "height": images[0].height if images else 0,
        "format": images[0].format if images else "png",
        "count": len(images),
        "filenames": list(filenames),
    }
    if any(size != sizes[0] for size in sizes):
        entry["sizes"] = sizes
    if any(image.caption is not None for image in images):
        entry["captions"] = [image.caption or "" for image in images]
    if any(image.grouping is not None for image in images):
        entry["groupings"] = [image.grouping for image in images]
    for name in ("classes", "boxes"):
        if any(name in image.overlays for image in images):
            entry[name] = [image.overlays.get(name) for image in images]
    return entry
