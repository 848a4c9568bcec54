"""Python objects as files of an artifact, through the handlers: one object, one file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.handlers.registry import handler_for, handler_for_path
from jupyter_artifacts.model.digest import Digest, digest_of
from jupyter_artifacts.model.paths import check_entry_path, safe_join, tidy
from jupyter_artifacts.tracking.artifact.download import Downloader
from jupyter_artifacts.tracking.artifact.entries import is_in_store

if TYPE_CHECKING:
    from jupyter_artifacts.model.manifest import Entry
    from jupyter_artifacts.tracking.artifact.draft import Draft
    from jupyter_artifacts.tracking.artifact.logged import Logged


def add_object(draft: Draft, obj: object, name: str, *, overwrite: bool = False) -> Entry:
    """Write an object to ``<name><suffix>`` of a draft.

    Raises
    ------
    NoHandlerError
        No handler takes it; objects are never pickled.
    InvalidValueError
        `name` is taken by other content.
    """
    draft.require_open()
    handler = handler_for(obj)
    path = check_entry_path(name if name.endswith(handler.suffix) else name + handler.suffix)
    with tempfile.TemporaryDirectory(dir=draft.session.scratch()) as scratch:
        local = Path(scratch) / Path(path).name
        handler.dump(obj, local)
        return draft.add_file(local, path, overwrite=overwrite)


def add_media(draft: Draft, obj: object, name: str, *, overwrite: bool = False) -> Entry:
    """Write a medium's JSON and the files it names into a draft: all of them or none.

    Raises
    ------
    InvalidTypeError
        No medium.
    InvalidValueError
        `name` is taken by other content; a picture with boxes but without classes.
    """
    from jupyter_artifacts.media.bundle import files_of

    draft.require_open()
    files = files_of(obj, name)
    known = draft.media.get(id(obj))
    # Since it was added it may have changed: a table grows.
    as_it_was = known is not None and digest_of(files[0][1], draft.algorithm) == known[1].digest
    if known is not None and as_it_was and draft.entries.get(known[1].path) == known[1]:
        return known[1]
    entry, *_ = draft.add_contents(files, overwrite=overwrite)
    draft.media[id(obj)] = (obj, entry)
    return entry


def get_media(logged: Logged, name: str) -> object:
    """Return the medium of a name, equal to the one added; None when there is none."""
    from jupyter_artifacts.media.bundle import find, read

    paths = [entry.path for entry in logged.manifest]
    found = find(tidy(name), logged.manifest)
    return None if found is None else read(found, lambda path: content(logged, path), paths)


def is_table(medium: object) -> bool:
    """Tell whether a medium is a table, joined and partitioned ones among them."""
    from jupyter_artifacts.media.base import Document

    return isinstance(medium, Document) and medium.kind.endswith("table")


def content(logged: Logged, path: str) -> bytes:
    """Return one file's bytes, verified."""
    entry = logged.entry(path)
    return logged.store.read(Digest(entry.digest), f"{logged.record.label}/{entry.path}")


def load(logged: Logged, name: str | None) -> object:
    """Read an object back; without a name, the only one there is.

    Raises
    ------
    KeyError
        No such file.
    NoHandlerError
        No handler reads it.
    """
    if name is None:
        paths = [entry.path for entry in logged.manifest]
        if len(paths) != 1:
            raise InvalidValueError(
                f"{logged.record.label} holds {len(paths)} files; say which: {', '.join(paths[:8])}"
            )
        name = paths[0]
    entry = logged.entry(name)
    handler = handler_for_path(entry.path)
    with tempfile.TemporaryDirectory(prefix="jupyter_artifacts-") as scratch:
        local = Path(safe_join(scratch, entry.path))
        if is_in_store(entry):
            local.parent.mkdir(parents=True, exist_ok=True)
            logged.store.copy_to(Digest(entry.digest), local, f"{logged.record.label}/{entry.path}")
        else:
            Downloader(logged.store, scratch, logged.record.label).fetch(entry)
        return handler.load(local)
