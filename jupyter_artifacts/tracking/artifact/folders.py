"""Folders that artifacts are written to: where they are by default, what is in them, whether it is right."""

# Folders of 100,000 files are read in plain strings.
# ruff: noqa: PTH100, PTH113, PTH118, PTH123

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidValueError, MissingFileError
from jupyter_artifacts.model.digest import Digest, hasher
from jupyter_artifacts.model.paths import safe_join
from jupyter_artifacts.tracking.artifact.entries import is_in_store
from jupyter_artifacts.tracking.environment import setting
from jupyter_artifacts.tracking.messages import warn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.model.manifest import Entry

BLOCK = 1 << 20


def default_root(label: str) -> str:
    """Return ``$JUPYTER_ARTIFACTS_ARTIFACT_DIR`` or ``./artifacts``, and in it the folder of `label`."""
    name = label.replace(":", "-") if os.name == "nt" else label
    return os.path.abspath(os.path.join(setting("ARTIFACT_DIR") or "artifacts", name))


def file_digest(path: str, algorithm: Algorithm) -> Digest:
    """Return the digest of a file on the disk; a symbolic link has none that an artifact could hold."""
    if os.path.islink(path):  # noqa: PTH114
        return Digest(b"")
    running = hasher(algorithm)()
    with open(path, "rb") as file:
        while block := file.read(BLOCK):
            running.update(block)
    return Digest(running.digest())


def files_below(root: str) -> Iterator[tuple[str, str]]:
    """Yield (path inside, local path) of everything below a folder that is not a folder."""
    for folder, _, names in os.walk(root):
        for name in names:
            local = os.path.join(folder, name)
            yield os.path.relpath(local, root).replace(os.sep, "/"), local


def compare(entries: Iterable[Entry], root: str, algorithm: Algorithm) -> None:
    """Raise unless a folder holds exactly these entries, byte for byte.

    Raises
    ------
    InvalidValueError
        A file more, or one that differs.
    MissingFileError
        A file less.
    """
    wanted = {entry.path: entry for entry in entries}
    references = sorted(path for path, entry in wanted.items() if not is_in_store(entry))
    if references:
        warn(f"{len(references)} references are not verified, for instance {references[0]!r}")
    for path, local in sorted(files_below(root)):
        if path not in wanted:
            raise InvalidValueError(f"Found file {local!r} which is not a member of the artifact")
    for path, entry in wanted.items():
        if path in references:
            continue
        local = safe_join(root, path)
        if not os.path.isfile(local):
            raise MissingFileError(f"{local!r} is not there")
        if file_digest(local, algorithm) != entry.digest:
            raise InvalidValueError(f"Digest mismatch for file: {path!r} differs from what was logged")


def delete_files(root: str, paths: Iterable[str]) -> None:
    """Delete files below a folder, and the folders that are empty then."""
    top = os.path.abspath(root)
    for path in paths:
        os.unlink(path)  # noqa: PTH108
        folder = os.path.dirname(path)  # noqa: PTH120
        while os.path.abspath(folder) != top and not os.listdir(folder):  # noqa: PTH208
            os.rmdir(folder)  # noqa: PTH106
            folder = os.path.dirname(folder)  # noqa: PTH120
