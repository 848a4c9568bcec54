"""Putting files into an artifact before it is logged."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, Any, Literal, Union, overload

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.tracking.artifact import objects
from jupyter_artifacts.tracking.artifact.entries import ArtifactEntry
from jupyter_artifacts.tracking.artifact.references import entry_of_another, references
from jupyter_artifacts.tracking.artifact.state import Stateful

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from jupyter_artifacts.model.manifest import Entry
    from jupyter_artifacts.tracking.artifact.draft import Draft

StrPath = Union[str, "os.PathLike[str]"]

BytesMode = Literal["wb", "xb", "ab", "w+b", "wb+", "x+b", "xb+", "a+b", "ab+"]
TextMode = Literal["w", "x", "a", "wt", "xt", "at", "w+", "x+", "a+"]


class Building(Stateful):
    """The calls that change a draft's files. On a logged version they raise ArtifactFinalizedError."""

    __slots__ = ()

    @overload
    def new_file(
        self, name: str, mode: BytesMode, encoding: str | None = None, policy: str | None = "mutable"
    ) -> AbstractContextManager[IO[bytes]]: ...
    @overload
    def new_file(
        self, name: str, mode: TextMode = "x", encoding: str | None = None, policy: str | None = "mutable"
    ) -> AbstractContextManager[IO[str]]: ...
    def new_file(
        self, name: str, mode: str = "x", encoding: str | None = None, policy: str | None = "mutable"
    ) -> AbstractContextManager[IO[Any]]:
        """Open a new file of the artifact for writing; it enters when the block ends without an error.

        Parameters
        ----------
        name : str
            Path inside the artifact.
        mode : str, default "x"
            ``x`` refuses a path that is taken, ``w`` replaces it, ``a`` goes on after
            it; with ``b`` for bytes.
        encoding : str, optional
            Of text; UTF-8 when not given.
        policy : str, default "mutable"
            W&B's; the bytes are always kept.

        Examples
        --------
        ::

            with artifact.new_file("notes.txt") as file:
                file.write("hello")
        """
        _check_policy(policy)
        return self._draft("new_file").new_file(name, mode, encoding)

    def add_file(
        self,
        local_path: StrPath,
        name: str | None = None,
        is_tmp: bool = False,
        skip_cache: bool | None = False,
        policy: str | None = "mutable",
        overwrite: bool = False,
    ) -> ArtifactEntry:
        """Copy a file into the artifact, now: a later edit of the source does not matter.

        Parameters
        ----------
        local_path : str or Path
        name : str, optional
            Path inside the artifact; the file's own name when not given.
        is_tmp, skip_cache, policy
            W&B's; the bytes are always copied.
        overwrite : bool, default False
            Replace other content under the same path instead of refusing.

        Raises
        ------
        NoSuchPathError
            A ValueError and a FileNotFoundError: there is no file.
        InvalidValueError
            The path has other content already.
        """
        del is_tmp, skip_cache
        _check_policy(policy)
        draft = self._draft("add_file")
        return _shown(draft, draft.add_file(local_path, name, overwrite=overwrite))

    def add_dir(
        self,
        local_path: StrPath,
        name: str | None = None,
        skip_cache: bool | None = False,
        policy: str | None = "mutable",
        merge: bool = False,
        *,
        exclude: Iterable[str] = (),
        follow_symlinks: bool = False,
        executor: Executor | None = None,
    ) -> None:
        """Copy a folder's files into the artifact: all of them or, after an error, none.

        Parameters
        ----------
        local_path : str or Path
        name : str, optional
            Folder inside the artifact; its root when not given.
        skip_cache, policy
            W&B's; the bytes are always copied.
        merge : bool, default False
            Replace other content under the same paths instead of refusing.
        exclude : iterable of str
            Patterns such as ``"*.tmp"`` or ``"cache"`` to leave out.
        follow_symlinks : bool, default False
            Also take symbolic links that lead out of the folder.
        executor : concurrent.futures.Executor, optional
            Its workers read, hash and pack the files side by side: threads on network disks, a
            ``ProcessPoolExecutor`` for many small files, or ``client.get_executor()`` of a Dask
            cluster. They must see the files and the store under the same paths.
        """
        del skip_cache
        _check_policy(policy)
        self._draft("add_dir").add_dir(
            local_path, name, merge=merge, exclude=exclude, follow_symlinks=follow_symlinks, executor=executor
        )

    def add_reference(
        self,
        uri: ArtifactEntry | StrPath,
        name: str | None = None,
        checksum: bool = True,
        max_objects: int | None = None,
    ) -> list[ArtifactEntry]:
        """Track something where it lies, without copying its bytes.

        Parameters
        ----------
        uri : str or ArtifactEntry
            ``file:///path`` of a file or folder, another scheme with `name`, or an
            entry of a logged artifact.
        name : str, optional
            Path inside the artifact, or a folder's prefix.
        checksum : bool, default True
            Read the files, so that a later change is noticed at download.
        max_objects : int, optional
            Refuse a folder of more files (10 million when not given).
        """
        draft = self._draft("add_reference")
        draft.require_open()
        if isinstance(uri, ArtifactEntry):
            found = [entry_of_another(uri, name, draft.store)]
        else:
            found = references(uri, name, checksum=checksum, max_objects=max_objects, store=draft.store)
        return [_shown(draft, entry) for entry in draft.add_entries(found)]

    def add_object(self, obj: object, name: str, *, overwrite: bool = False) -> ArtifactEntry:
        """Write a Python object to ``<name><suffix>`` through its handler; nothing is pickled.

        Parameters
        ----------
        obj : object
            An array, tensor, data frame, picture, figure, text, or JSON tree; see `register_handler`.
        name : str
            Path inside the artifact, with or without the handler's suffix.
        overwrite : bool, default False
            Replace other content under the same path instead of refusing.
        """
        draft = self._draft("add_object")
        return _shown(draft, objects.add_object(draft, obj, name, overwrite=overwrite))

    def add(self, obj: object, name: str, overwrite: bool = False) -> ArtifactEntry:
        """Add a Table, an Image or another medium, as W&B does: ``<name>.<kind>.json`` and the files it names.

        The same object again gives its first entry. For arrays, frames and plain
        objects see :meth:`add_object`.

        Parameters
        ----------
        obj : Media
        name : str
            Path inside the artifact, with or without the ending.
        overwrite : bool, default False
            Replace other content under the same path instead of refusing.
        """
        draft = self._draft("add")
        return _shown(draft, objects.add_media(draft, obj, name, overwrite=overwrite))

    def __setitem__(self, name: str, obj: object) -> None:
        self.add(obj, name)

    def remove(self, item: StrPath | ArtifactEntry) -> None:
        """Take a file out, or all files below a folder.

        Raises
        ------
        MissingFileError
            Nothing is there under this path.
        """
        self._draft("remove").remove(item.path if isinstance(item, ArtifactEntry) else os.fspath(item))

    def finalize(self) -> None:
        """Refuse changes of the files from now on; description and metadata may still change."""
        state = self._state
        if hasattr(state, "finalized"):
            state.finalized = True


def _check_policy(policy: str | None) -> None:
    if policy not in {"mutable", "immutable", None}:
        raise InvalidValueError(f"Invalid policy {policy!r}; choose 'mutable' or 'immutable'")


def _shown(draft: Draft, entry: Entry) -> ArtifactEntry:
    return ArtifactEntry(entry, draft.store.blobs.algorithm, None, draft.local_paths.get(entry.path))
