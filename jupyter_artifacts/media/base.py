"""What tracking asks of a loggable value that is kept in a file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.model.jsonable import JsonValue


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One file of a run, not yet written.

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
    """

    data: bytes
    folder: str
    suffix: str
    info: dict[str, JsonValue]


class Media(ABC):
    """A value that is logged as a file."""

    @abstractmethod
    def to_file(self) -> MediaFile:
        """Return the file and the JSON that goes beside it."""


@runtime_checkable
class MediaSource(Protocol):
    """An object that is logged as a list of media, for instance the hardest examples."""

    def to_media(self) -> Sequence[Media]:
        """Return the media in the order they are to be shown."""
