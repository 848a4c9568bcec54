"""Pictures, tables and other media of one ``log`` call: collected first, stored when the whole call is right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError
from jupyter_artifacts.tracking.messages import say, warn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.media.base import Document, Inline, Media
    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue
    from jupyter_artifacts.tracking.writer import RunWriter

_UNSAFE = re.compile(r"[^A-Za-z0-9_\-./]+")
_HASH_LENGTH = 20


class PendingMedia:
    """The files of one ``log`` call, before it is known whether the call is right."""

    def __init__(self) -> None:
        self._files: list[tuple[str, bytes]] = []
        self._taken: list[tuple[Media, str]] = []
        self._keys: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._taken)

    def is_media(self, value: object) -> bool:
        """Tell whether `value` is logged as a file, or as a dict with a ``_type`` of its own."""
        from jupyter_artifacts.media.base import MediaSource
        from jupyter_artifacts.media.taking import is_media

        return is_media(value) or isinstance(value, MediaSource)

    def keep(self, key: str, value: object, step: int) -> JsonValue:
        """Take one medium; return the dict that stands for it in history."""
        from jupyter_artifacts.media.base import Media, MediaSource

        if isinstance(value, MediaSource) and not isinstance(value, Media):
            return self._together(key, value.to_media(), step)
        return self._take(key, _as_media(key, value), step)

    def keep_all(self, key: str, values: Sequence[object], step: int) -> JsonValue:
        """Take a list of media; return the dict that stands for all.

        A plain list is cut at W&B's limit; what lists its own media is kept whole.
        """
        from jupyter_artifacts.media.images import MAX_IMAGES

        if len(values) > MAX_IMAGES:
            warn(f"log()[{key!r}] holds {len(values)} pictures; the first {MAX_IMAGES} are kept, as in W&B")
        return self._together(key, [_as_media(key, value) for value in values[:MAX_IMAGES]], step)

    def store(self, writer: RunWriter) -> None:
        """Hand the files to the run's writer, and say what a medium has to say."""
        for path, data in self._files:
            writer.put(path, data)
        for media, path in self._taken:
            note = media.note()
            if note:
                say(note)
            media.logged(path)

    def tables(self) -> list[tuple[str, Document]]:
        """Return the tables of the call, with the keys they were logged under."""
        from jupyter_artifacts.media.base import Document

        taken = zip(self._keys, self._taken, strict=True)
        return [(key, media) for key, (media, _) in taken if isinstance(media, Document) and media.kind == "table"]

    def _take(self, key: str, media: Media | Inline, step: int) -> JsonObject:
        from jupyter_artifacts.media.base import Inline

        if isinstance(media, Inline):
            return media.to_json()
        file = media.to_file()
        path = f"{file.folder}/{_safe(key)}_{step}_{file.sha256[:_HASH_LENGTH]}{file.suffix}"
        self._files += [(path, file.data), *file.beside]
        self._taken.append((media, path))
        self._keys.append(key)
        return file.entry(path)

    def _together(self, key: str, media: Sequence[Media | Inline], step: int) -> JsonValue:
        """Return W&B's dict for a list of pictures, a plain list of dicts for other media."""
        from jupyter_artifacts.media.image import Image
        from jupyter_artifacts.media.images import separated

        items = [self._take(key, item, step) for item in media]
        images = [item for item in media if isinstance(item, Image)]
        if len(images) != len(items):
            return list(items)
        return separated(images, [str(item["path"]) for item in items])


def _as_media(key: str, value: object) -> Media | Inline:
    from jupyter_artifacts.media.taking import as_media

    media = as_media(value)
    if media is None:
        raise InvalidTypeError(f"log()[{key!r}] is no picture, table or other medium, but a {type(value).__name__}")
    return media


def _safe(key: str) -> str:
    """Return a key as the beginning of a path that stays where it is put."""
    parts = [part.strip(".") or "_" for part in _UNSAFE.sub("_", key)[:100].split("/")]
    return "/".join(parts)
