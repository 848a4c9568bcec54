"""Which folders of this process hold which version, so that a file that is read tells where it came from."""

# Paths are asked at every cell's end, in plain strings.
# ruff: noqa: PTH100, PTH120

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_artifacts.tracking.environment import setting

if TYPE_CHECKING:
    from jupyter_artifacts.store.records import VersionRecord
    from jupyter_artifacts.store.store import Store


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A version whose files lie in a folder.

    Attributes
    ----------
    store : str
        The store's own folder.
    version_id : int
    """

    store: str
    version_id: int


_folders: dict[str, Downloaded] = {}


def note_download(root: str, store: Store, record: VersionRecord) -> None:
    """Remember that a version's files were written below `root`; the last one of a folder counts."""
    _folders[os.path.abspath(root)] = Downloaded(store.root, record.id)


def base_folder() -> str:
    """Return the folder in which downloads lie by default: ``artifacts``, each in a folder of its own."""
    return os.path.abspath(setting("ARTIFACT_DIR") or "artifacts")


def folders() -> tuple[str, ...]:
    """Return every folder that may hold a download."""
    return (base_folder(), *_folders)


def owner_of(path: str) -> tuple[Downloaded, str] | None:
    """Return the download that a file belongs to, as far as this process knows, and its path there."""
    folder = os.path.dirname(path)
    while folder not in _folders:
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return _folders[folder], os.path.relpath(path, folder).replace(os.sep, "/")


def label_of(path: str) -> tuple[str, str] | None:
    """Return the version that a path's own folder is named after, such as ``raw:v1``, and the path there."""
    base = base_folder()
    if not path.startswith(base + os.sep):
        return None
    folder, _, rest = path[len(base) + 1 :].partition(os.sep)
    name, mark, version = folder.rpartition(":" if os.name != "nt" else "-")
    if not (mark and rest and version[:1] == "v" and version[1:].isdecimal()):
        return None
    return f"{name}:{version}", rest.replace(os.sep, "/")
