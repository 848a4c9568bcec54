"""What tracking asks of a loggable value that is kept in files."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from jupyter_artifacts.model.jsonable import dumps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.media.source import Source
    from jupyter_artifacts.model.jsonable import JsonObject

HASH_LENGTH = 20


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One file of a run or an artifact, not yet written, and the files it names.

    Attributes
    ----------
    data : bytes
        The file's content; the same value gives the same bytes.
    folder : str
        Where it belongs inside the run's files, for instance ``"media/images"``.
    suffix : str
        The end of its name, for instance ``".png"``.
    info : dict
        What goes into history beside ``path``, ``sha256`` and ``size``; has ``"_type"``.
    beside : tuple of (str, bytes)
        Further files, under the paths by which `data` or `info` name them.
    """

    data: bytes
    folder: str
    suffix: str
    info: JsonObject
    beside: tuple[tuple[str, bytes], ...] = ()

    @property
    def sha256(self) -> str:
        """The content's digest, 64 hex digits."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def path(self) -> str:
        """Where the file lies when nothing but its content names it: ``folder/<20 hex>suffix``."""
        return f"{self.folder}/{self.sha256[:HASH_LENGTH]}{self.suffix}"

    def entry(self, path: str) -> JsonObject:
        """Return the JSON that stands for the file once it lies at `path`."""
        return {**self.info, "path": path, "sha256": self.sha256, "size": len(self.data)}


class WBValue:
    """A value that is logged; the name is W&B's."""


class Media(WBValue, ABC):
    """A value that is logged as a file."""

    kind: ClassVar[str]
    """``_type`` of its JSON."""

    @abstractmethod
    def to_file(self) -> MediaFile:
        """Return the file, the JSON that goes beside it, and the files that it names."""

    @classmethod
    @abstractmethod
    def read(cls, info: JsonObject, source: Source) -> Media:
        """Return the value that a file's JSON stands for.

        Raises
        ------
        InvalidValueError
            The JSON or the file is not what :meth:`to_file` writes.
        CorruptError
            The file's content is not what the JSON says it is.
        """

    def note(self) -> str | None:
        """Return one line that the user must hear when this is logged, if there is one."""
        return None

    def logged(self, path: str) -> None:
        """Hear that what :meth:`to_file` returned is now stored at `path` of a run."""
        del path  # only a table remembers


class Document(Media):
    """A value whose file is its own JSON, for instance a table."""

    kind: ClassVar[str]
    """The document's ``_type``, and the end of its file's name."""

    @abstractmethod
    def to_document(self) -> tuple[JsonObject, tuple[tuple[str, bytes], ...]]:
        """Return the JSON, ``"_type"`` first, and the files that it names."""

    @classmethod
    @abstractmethod
    def from_document(cls, tree: JsonObject, source: Source) -> Document:
        """Return the value that :meth:`to_document` wrote."""

    def facts(self) -> JsonObject:
        """Return what history says beside the path, for instance the number of rows."""
        return {}

    def to_file(self) -> MediaFile:
        """Return what ``run.log`` stores: the JSON as a file (``"_type": "<kind>-file"``)."""
        return self.to_artifact_file()

    def to_artifact_file(self) -> MediaFile:
        """Return what an artifact stores: the whole JSON as a file."""
        tree, beside = self.to_document()
        info: JsonObject = {"_type": f"{self.kind}-file", **self.facts()}
        return MediaFile(dumps(tree).encode(), f"media/{self.kind}", f".{self.kind}.json", info, beside)

    @classmethod
    def read(cls, info: JsonObject, source: Source) -> Document:
        """Return the value from its JSON, or from the JSON that names its file."""
        return cls.from_document(source.document(info) if "path" in info else info, source)


class Inline(WBValue, ABC):
    """A value that stands in history itself, without a file."""

    kind: ClassVar[str]
    """``_type`` of its JSON."""

    @abstractmethod
    def to_json(self) -> JsonObject:
        """Return its JSON, ``"_type"`` first."""

    @classmethod
    @abstractmethod
    def from_json(cls, info: JsonObject) -> Inline:
        """Return the value that :meth:`to_json` wrote."""


@runtime_checkable
class MediaSource(Protocol):
    """An object that is logged as a list of media, for instance the hardest examples."""

    def to_media(self) -> Sequence[Media]:
        """Return the media in the order they are to be shown."""
