"""A list of Images under one key: W&B's ``images/separated`` entry of history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.media.image import OVERLAYS, Image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.media.source import Source
    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue

MAX_IMAGES = 108
"""W&B's limit for a list under one key of one step; tracking warns and leaves out the rest."""


def separated(images: Sequence[Image], filenames: Sequence[str]) -> JsonObject:
    """Return the JSON of a list of images that lie at `filenames`.

    ``width``, ``height`` and ``format`` are those of the first image; ``sizes`` is
    added when the images differ in size, ``captions`` when any has one (an empty
    text for those without), and ``classes``, ``boxes`` and ``masks``, one a picture,
    likewise.
    """
    if len(images) != len(filenames):
        raise InvalidValueError(f"{len(images)} images but {len(filenames)} file names")
    sizes: list[JsonValue] = [[image.width, image.height] for image in images]
    entry: JsonObject = {
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
    overlays = [image.overlays for image in images]
    for name in OVERLAYS:
        if any(name in overlay for overlay in overlays):
            entry[name] = [overlay.get(name) for overlay in overlays]
    return entry


def read_separated(info: JsonObject, source: Source) -> list[Image]:
    """Return the images of an entry that :func:`separated` made."""
    names = _column(info, "filenames")
    captions = _column(info, "captions", len(names))
    groupings = _column(info, "groupings", len(names))
    overlays = {name: _column(info, name, len(names)) for name in OVERLAYS}
    return [
        Image.read(
            {
                "_type": "image-file",
                "path": name,
                "format": info.get("format"),
                "caption": captions[index] or None,
                "grouping": groupings[index],
                **{kind: column[index] for kind, column in overlays.items() if column[index] is not None},
            },
            source,
        )
        for index, name in enumerate(names)
    ]


def _column(info: JsonObject, key: str, count: int | None = None) -> list[JsonValue]:
    """Return one list of the entry, one item a picture; a list that is not there holds None."""
    items = info.get(key)
    if items is None and count is not None:
        return [None] * count
    if not isinstance(items, list) or (count is not None and len(items) != count):
        raise InvalidValueError(f"a list of images must have {key!r}, one for each picture, not {items!r:.80}")
    return items
