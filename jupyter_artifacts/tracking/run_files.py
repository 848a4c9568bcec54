"""The files a run saved, and its media, as they are read back."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, overload

from jupyter_artifacts.errors import NotFoundError, UsageError, nearest
from jupyter_artifacts.model.digest import show
from jupyter_artifacts.model.paths import safe_join

if TYPE_CHECKING:
    import os

    from jupyter_artifacts.store.records import RunFile
    from jupyter_artifacts.store.store import Store


class LoggedFile:
    """One file of a run: its name, size in bytes and digest, and how to get it."""

    __slots__ = ("_file", "_store", "digest", "mimetype", "name", "size")

    def __init__(self, store: Store, file: RunFile) -> None:
        self._store = store
        self._file = file
        self.name = file.path
        self.size = file.size
        self.digest = show(file.digest, store.blobs.algorithm)
        self.mimetype = mimetypes.guess_type(file.path)[0] or ""

    @property
    def md5(self) -> str:
        """The file's digest; this store names bytes by it, not by MD5."""
        return self.digest

    @property
    def url(self) -> str | None:
        """None: there is no server."""
        return None

    def read(self) -> bytes:
        """Return its bytes, verified."""
        return self._store.read(self._file.digest, self.name)

    def download(self, root: str | os.PathLike[str] = ".", replace: bool = False, exist_ok: bool = False) -> IO[str]:
        """Write the file below `root` and return it opened for reading."""
        target = Path(safe_join(root, self.name))
        if target.exists() and not replace and not exist_ok:
            raise UsageError(f"{str(target)!r} is there already; pass replace=True or exist_ok=True")
        if replace or not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            self._store.copy_to(self._file.digest, target, self.name)
        return target.open(encoding="utf-8")

    def __repr__(self) -> str:
        return f"<File {self.name} {self.size} bytes>"


class RunFiles(Sequence[LoggedFile]):
    """The files of a run, by path."""

    def __init__(self, store: Store, files: Sequence[RunFile], names: Sequence[str] | None = None) -> None:
        wanted = None if names is None else set(names)
        self._files = [LoggedFile(store, file) for file in files if wanted is None or file.path in wanted]

    def __len__(self) -> int:
        return len(self._files)

    @overload
    def __getitem__(self, index: int) -> LoggedFile: ...
    @overload
    def __getitem__(self, index: slice) -> list[LoggedFile]: ...
    def __getitem__(self, index: int | slice) -> LoggedFile | list[LoggedFile]:
        return self._files[index]

    def named(self, name: str) -> LoggedFile:
        """Return the file of a name; raises NotFoundError naming the nearest."""
        for file in self._files:
            if file.name == name:
                return file
        raise NotFoundError(f"the run has no file {name!r}{nearest(name, (file.name for file in self._files))}")
