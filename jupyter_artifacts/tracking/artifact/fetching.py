"""Getting files out of a logged artifact."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO, cast

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.tracking.artifact import objects
from jupyter_artifacts.tracking.artifact.entries import ArtifactEntry
from jupyter_artifacts.tracking.artifact.files import ArtifactFiles
from jupyter_artifacts.tracking.artifact.state import Stateful

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.store.materialise import Link
    from jupyter_artifacts.tracking.artifact.building import StrPath
    from jupyter_artifacts.tracking.artifact.entries import Parent


class Fetching(Stateful):
    """The calls that read a version's files. On a draft they raise ArtifactNotLoggedError."""

    __slots__ = ()

    def download(
        self,
        root: StrPath | None = None,
        allow_missing_references: bool = False,
        skip_cache: bool | None = None,
        path_prefix: StrPath | None = None,
        multipart: bool | None = None,
        *,
        link: str = "",
    ) -> str:
        """Write the files to a folder, each verified, and return the folder.

        A file that is there and right is left alone, one that differs is replaced,
        others stay. The folder changes when all files are ready: on error it is as it was.

        Parameters
        ----------
        root : str or Path, optional
            ``./artifacts/NAME:vN`` when not given (or below ``$WANDB_ARTIFACT_DIR``);
            on Windows ``NAME-vN``.
        allow_missing_references : bool, default False
            Warn, instead of raising, where a reference's target is gone.
        skip_cache, multipart
            W&B's; the store is on this machine.
        path_prefix : str, optional
            Only the files whose paths begin with this text.
        link : {"", "hard"}, default ""
            ``"hard"``: files are read-only, and those over 256 KiB are further names of
            the store's own files, taking no room and no time. Whoever makes such a file
            writable and changes it in place damages the store, which will then say so.

        Raises
        ------
        CorruptError
            Stored bytes are not those that were logged; nothing wrong is handed out.
        InvalidValueError
            A reference's target is not what it was when it was logged.
        StoreFullError
            The disk is full.
        """
        del skip_cache, multipart
        prefix = "" if path_prefix is None else os.fspath(path_prefix)
        logged = self._logged("download")
        return logged.download(
            _text(root), prefix=prefix, allow_missing_references=allow_missing_references, link=_link(link)
        )

    def checkout(self, root: StrPath | None = None, *, force: bool = False, link: str = "") -> str:
        """Make a folder hold exactly this version, and return it.

        Parameters
        ----------
        root : str or Path, optional
            ``./artifacts/NAME`` when not given.
        force : bool, default False
            Also delete files that no version of this artifact holds.
        link : {"", "hard"}, default ""
            As in :meth:`download`.

        Raises
        ------
        UsageError
            Such files are there, and `force` is not given.
        """
        return self._logged("checkout").checkout(_text(root), force=force, link=_link(link))

    def verify(self, root: StrPath | None = None) -> None:
        """Raise unless a folder holds exactly this version.

        Raises
        ------
        InvalidValueError
            A file more, or one that differs.
        MissingFileError
            A file less.
        """
        self._logged("verify").verify(_text(root))

    def file(self, root: StrPath | None = None) -> str:
        """Download an artifact of one file and return the file's path."""
        logged = self._logged("file")
        return logged.fetch(logged.only_file(), _text(root))

    def files(self, names: Sequence[str] | None = None, per_page: int = 50) -> ArtifactFiles:
        """Return the files, or those of the given names, as a sequence."""
        del per_page
        logged = self._logged("files")
        wanted = None if names is None else {names} if isinstance(names, str) else set(names)
        entries = [e for e in logged.manifest if wanted is None or e.path in wanted]
        return ArtifactFiles(entries, logged, logged.algorithm)

    def get_entry(self, name: StrPath) -> ArtifactEntry:
        """Return the entry of a path, or of an object's name without its ending.

        Raises
        ------
        KeyError
            No such file; the nearest are named.
        """
        logged = self._logged("get_entry")
        entry = logged.entry(os.fspath(name))
        return ArtifactEntry(entry, logged.algorithm, logged, parent=cast("Parent", self))

    def get_path(self, name: StrPath) -> ArtifactEntry:
        """The earlier name of :meth:`get_entry`."""  # noqa: D401  it says what it is
        return self.get_entry(name)

    def open(self, path: StrPath) -> BinaryIO:
        """Open one file for reading, verified, without writing it anywhere.

        Raises
        ------
        CorruptError
            Its bytes are not those that were logged: names artifact, path and digest.
        """
        return self._logged("open").open(os.fspath(path))

    def read_bytes(self, path: StrPath) -> bytes:
        """Return one file's bytes, verified; raises as :meth:`open`."""
        return self._logged("read_bytes").read_bytes(os.fspath(path))

    def load(self, name: str | None = None) -> object:
        """Read an object back through its handler.

        Parameters
        ----------
        name : str, optional
            What `add_object` was given, or a path; the only file when not given.
        """
        return objects.load(self._logged("load"), name)

    def get(self, name: str) -> object:
        """Return the Table, Image or other medium that was added under a name; None when there is none.

        It equals what was added. With a table the whole artifact is downloaded to its
        folder, as in W&B: code goes on with the files there. For what `add_object` took
        see :meth:`load`.
        """
        logged = self._logged("get")
        found = objects.get_media(logged, name)
        if objects.is_table(found):
            logged.download(None)
        return found

    def __getitem__(self, name: str) -> object:
        return self.get(name)


def _text(root: StrPath | None) -> str | None:
    return None if root is None else os.fspath(root)


def _link(link: str) -> Link:
    if link not in {"", "hard"}:
        raise InvalidValueError(f"link={link!r} is not known; 'hard', or '' for copies")
    return "hard" if link else ""
