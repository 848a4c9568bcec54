"""Media that are the content of one file and perhaps a caption."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, TypeVar

from jupyter_artifacts.media.base import Media, MediaFile
from jupyter_artifacts.media.given import Given, caption_text
from jupyter_artifacts.media.source import caption_of, text_of

if TYPE_CHECKING:
    from jupyter_artifacts.media.source import Source
    from jupyter_artifacts.model.jsonable import JsonObject

M = TypeVar("M", bound="FileMedia")


class FileMedia(Media):
    """A medium that is kept as the bytes of one file, of a kind that was looked at.

    The end of the file's name is chosen from the content where the content tells,
    so that nothing is ever shown as something else than it is.
    """

    folder: ClassVar[str]
    """Where the file belongs inside a run's files."""

    def __init__(self, data: bytes, suffix: str, caption: object = None) -> None:
        self._data = data
        self._suffix = suffix
        self._caption = caption_text(caption)

    @classmethod
    @abstractmethod
    def suffix_of(cls, given: Given) -> str:
        """Return the end of the file's name, or refuse content that is not of this kind."""

    @property
    def data(self) -> bytes:
        """The file's content."""
        return self._data

    @property
    def suffix(self) -> str:
        """The end of the file's name, for instance ``".wav"``."""
        return self._suffix

    @property
    def caption(self) -> str | None:
        """The text beside it."""
        return self._caption

    def facts(self) -> JsonObject:
        """Return what the JSON says beside path and caption."""
        return {}

    def to_file(self) -> MediaFile:
        """Return the file and its JSON."""
        info: JsonObject = {"_type": self.kind, **self.facts()}
        if self._caption is not None:
            info["caption"] = self._caption
        return MediaFile(self._data, self.folder, self._suffix, info)

    @classmethod
    def read(cls: type[M], info: JsonObject, source: Source) -> M:  # noqa: PYI019  typing has Self from 3.11 on
        """Return the medium that the JSON of :meth:`to_file` stands for."""
        given = Given(source.content(info), text_of(info, "path"))
        made = cls.__new__(cls)
        FileMedia.__init__(made, given.data, cls.suffix_of(given), caption_of(info))
        return made

    def __eq__(self, other: object) -> bool:
        """Compare content, kind and caption."""
        if type(other) is not type(self) or not isinstance(other, FileMedia):
            return NotImplemented
        return (self._data, self._suffix, self._caption) == (other._data, other._suffix, other._caption)

    def __hash__(self) -> int:
        return hash((type(self), self._data, self._caption))

    def __repr__(self) -> str:
        caption = "" if self._caption is None else f" {self._caption!r}"
        return f"<{type(self).__name__} {self._suffix.lstrip('.')} {len(self._data):,} bytes{caption}>"
