"""Pictures and other media of one ``log`` call: collected first, stored when the whole call is right."""

from __future__ import annotations

import hashlib
import re
import sys
from typing import TYPE_CHECKING

from jupyter_artifacts.media.base import Media, MediaSource
from jupyter_artifacts.media.image import Image
from jupyter_artifacts.media.images import MAX_IMAGES, separated
from jupyter_artifacts.tracking.messages import warn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue
    from jupyter_artifacts.tracking.writer import RunWriter

_UNSAFE = re.compile(r"[^A-Za-z0-9_\-./]+")
_HASH_LENGTH = 20


class PendingMedia:
    """The files of one ``log`` call, before it is known whether the call is right."""

    def __init__(self) -> None:
        self._files: list[tuple[str, bytes]] = []

    def is_media(self, value: object) -> bool:
        """Tell whether `value` is logged as a file."""
        return isinstance(value, (Media, MediaSource)) or _is_figure(value)

    def keep(self, key: str, value: object, step: int) -> JsonValue:
        """Take one medium; return the dict that stands for it in history."""
        if isinstance(value, MediaSource):
            return self._together(key, value.to_media(), step)
        return self._take(key, _as_media(value), step)

    def keep_all(self, key: str, values: Sequence[object], step: int) -> JsonValue:
        """Take a list of media; return the dict that stands for all.

        A plain list is cut at W&B's limit; what lists its own media is kept whole.
        """
        if len(values) > MAX_IMAGES:
            warn(f"log()[{key!r}] holds {len(values)} pictures; the first {MAX_IMAGES} are kept, as in W&B")
        return self._together(key, [_as_media(value) for value in values[:MAX_IMAGES]], step)

    def store(self, writer: RunWriter) -> None:
        """Hand the files to the run's writer."""
        for path, data in self._files:
            writer.put(path, data)

    def _take(self, key: str, media: Media, step: int) -> JsonObject:
        file = media.to_file()
        sha256 = hashlib.sha256(file.data).hexdigest()
        path = f"{file.folder}/{_safe(key)}_{step}_{sha256[:_HASH_LENGTH]}{file.suffix}"
        self._files.append((path, file.data))
        return {**file.info, "path": path, "sha256": sha256, "size": len(file.data)}

    def _together(self, key: str, media: Sequence[Media], step: int) -> JsonValue:
        """Return W&B's dict for a list of pictures, a plain list of dicts for other media."""
        items = [self._take(key, item, step) for item in media]
        images = [item for item in media if isinstance(item, Image)]
        if len(images) != len(items):
            return list(items)
        return separated(images, [str(item["path"]) for item in items])


def _is_figure(value: object) -> bool:
    """Tell whether `value` is a matplotlib figure, axes or ``pyplot``, seen without importing it."""
    if "matplotlib" not in sys.modules:
        return False
    if value is sys.modules.get("matplotlib.pyplot"):
        return True
    return type(value).__module__.startswith("matplotlib.") and type(value).__name__.endswith(("Figure", "Axes"))


def _as_media(value: object) -> Media:
    if isinstance(value, Media):
        return value
    return Image(value)


def _safe(key: str) -> str:
    """Return a key as the beginning of a path that stays where it is put."""
    parts = [part.strip(".") or "_" for part in _UNSAFE.sub("_", key)[:100].split("/")]
    return "/".join(parts)
