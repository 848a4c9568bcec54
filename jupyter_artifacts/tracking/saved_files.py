"""What ``save`` keeps: files linked into the run's folder, and taken into the store when the run ends."""

from __future__ import annotations

import glob as globbing
import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Union

from jupyter_artifacts.errors import (
    FileChangedError,
    InvalidTypeError,
    InvalidValueError,
    MissingFileError,
    UnreadableFileError,
    UnsafePathError,
)
from jupyter_artifacts.model.paths import check_entry_path
from jupyter_artifacts.store.faults import gone, writing
from jupyter_artifacts.store.location import is_store
from jupyter_artifacts.store.records import RunFile
from jupyter_artifacts.tracking.messages import say, warn

if TYPE_CHECKING:
    from jupyter_artifacts.store.store import Store

StrPath = Union[str, "os.PathLike[str]"]

POLICIES = ("live", "now", "end")
_REMOTE = ("s3://", "gs://")


class SavedFiles:
    """The folder of one run's files.

    With the policies ``live`` and ``end`` the file's state at the end of the run
    counts: it is hard-linked where the disk can, and looked at again at the end.
    With ``now`` its state at the call counts.

    Parameters
    ----------
    store : Store
    run_id : str
    base : str, optional
        Where the folder is made; in the store when not given.
    """

    def __init__(self, store: Store, run_id: str, base: str | None = None) -> None:
        self._store = store
        self._run_id = run_id
        above = (
            Path(store.root) / "runs" / run_id if base is None else Path(base).absolute() / "wandb" / f"run-{run_id}"
        )
        self._folder = above / "files"
        self._live: dict[Path, Path] = {}

    @property
    def folder(self) -> Path:
        """The run's folder, made when first asked for."""
        if not self._folder.is_dir():
            if not is_store(self._store.root):
                raise gone(self._store.root)
            with writing(self._store.root):
                self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder

    def save(self, pattern: object, base_path: StrPath | None, policy: str, *, glob: bool = True) -> list[str]:
        """Link the files that a pattern names into the run's folder; return their places there.

        Raises
        ------
        InvalidValueError
            An unknown policy, or a pattern that leaves `base_path`.
        """
        if isinstance(pattern, bytes):
            pattern = os.fsdecode(pattern)
        if not isinstance(pattern, (str, os.PathLike)):
            raise InvalidTypeError(f"save() takes a path or pattern, not {type(pattern).__name__}")
        if policy not in POLICIES:
            raise InvalidValueError(f"save(policy={policy!r}): choose one of {', '.join(POLICIES)}")
        wanted = os.fspath(pattern)
        if wanted.startswith(_REMOTE):
            say(f"save({wanted!r}): files in the cloud are not copied; add_reference() keeps their address")
            return []
        base = self._base(Path(wanted), base_path)
        relative = os.path.relpath(wanted, base)
        if relative == os.pardir or relative.startswith(os.pardir + os.sep):
            raise InvalidValueError(f"Glob may not walk above the base path: {wanted!r} is not below {str(base)!r}")
        found = sorted(globbing.glob(relative, root_dir=base, recursive=True)) if glob else [relative]  # noqa: PTH207
        return [self._keep(base / name, name, policy) for name in found if (base / name).is_file()]

    def take_in(self) -> None:
        """Bring the folder's files into the store, as they are now.

        A file that cannot be taken (its name is no text, it is being written all the
        time) is named in a warning: it must not keep the run from ending.
        """
        if not self._folder.is_dir():
            return
        for target, source in self._live.items():
            if source.is_file() and not (target.exists() and target.samefile(source)):
                _link(source, target)
        with closing(self._store.session()) as session:
            files = []
            for local in sorted(path for path in self._folder.rglob("*") if path.is_file()):
                try:
                    path = check_entry_path(local.relative_to(self._folder))
                    stored = session.put_file(local)
                except (FileChangedError, MissingFileError, UnreadableFileError, UnsafePathError) as error:
                    warn(f"run {self._run_id}: a file of its folder is not kept: {error}")
                    continue
                files.append(RunFile(path, stored.digest, stored.size))
            if files:
                self._store.catalog.runs.add_files(self._run_id, files, session.seal())

    def _base(self, pattern: Path, base_path: StrPath | None) -> Path:
        """Return the folder that paths in the run's folder are relative to."""
        if base_path is not None:
            return Path(base_path)
        if not pattern.is_absolute():
            return Path()
        if self._folder in pattern.parents:
            return self._folder
        return pattern.parent.parent

    def _keep(self, source: Path, name: str, policy: str) -> str:
        check_entry_path(Path(name))
        target = self.folder / name
        if target.exists() and target.samefile(source):
            return str(target)
        if policy == "now":
            _copy(source, target)
        else:
            self._live[target] = source.resolve()
            _link(source.resolve(), target)
        return str(target)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without hard links
        _copy(source, target)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    shutil.copyfile(source, target)
