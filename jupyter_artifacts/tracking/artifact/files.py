"""An artifact's files as W&B lists them."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, overload

from jupyter_artifacts.errors import UsageError
from jupyter_artifacts.model.digest import Digest, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.model.manifest import Entry
    from jupyter_artifacts.tracking.artifact.entries import Source


class ArtifactFile:
    """One file: its name, size in bytes and digest, and how to get it."""

    __slots__ = ("_entry", "_source", "digest", "mimetype", "name", "size")

    def __init__(self, entry: Entry, source: Source, algorithm: Algorithm) -> None:
        self._entry = entry
        self._source = source
        self.name = entry.path
        self.size = max(entry.size, 0)
        self.digest = show(Digest(entry.digest), algorithm)
        self.mimetype = mimetypes.guess_type(entry.path)[0] or ""

    @property
    def md5(self) -> str:
        """The file's digest; this store names bytes by it, not by MD5."""
        return self.digest

    @property
    def url(self) -> str | None:
        """None: there is no server."""
        return None

    def download(self, root: str | os.PathLike[str] = ".", replace: bool = False, exist_ok: bool = False) -> IO[str]:
        """Write the file below `root` and return it opened for reading.

        Raises
        ------
        UsageError
            The file is there, and neither `replace` nor `exist_ok` is given.
        """
        target = Path(root) / self.name
        if target.exists() and exist_ok and not replace:
            return target.open(encoding="utf-8")
        if target.exists() and not replace:
            raise UsageError(f"{str(target)!r} is there already; pass replace=True or exist_ok=True")
        return Path(self._source.fetch(self._entry, os.fspath(root))).open(encoding="utf-8")

    def __repr__(self) -> str:
        return f"<ArtifactFile {self.name} {self.size} bytes>"


class ArtifactFiles(Sequence[ArtifactFile]):
    """The files of an artifact, by path."""

    def __init__(self, entries: list[Entry], source: Source, algorithm: Algorithm) -> None:
        self._entries = entries
        self._source = source
        self._algorithm = algorithm

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, index: int) -> ArtifactFile: ...
    @overload
    def __getitem__(self, index: slice) -> list[ArtifactFile]: ...
    def __getitem__(self, index: int | slice) -> ArtifactFile | list[ArtifactFile]:
        if isinstance(index, slice):
            return [self._shown(entry) for entry in self._entries[index]]
        return self._shown(self._entries[index])

    def __iter__(self) -> Iterator[ArtifactFile]:
        return map(self._shown, self._entries)

    def __repr__(self) -> str:
        return f"<ArtifactFiles ({len(self)})>"

    def _shown(self, entry: Entry) -> ArtifactFile:
        return ArtifactFile(entry, self._source, self._algorithm)
