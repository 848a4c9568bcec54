"""The two ways that media go out and come back, as a store would do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.media import Inline, bundle
from jupyter_artifacts.media.registry import read
from jupyter_artifacts.model.jsonable import dumps, loads_object

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.media import Media


def through_history(value: Media | Inline) -> object:
    """Log a value and read it back from its row of history and the run's files."""
    if isinstance(value, Inline):
        nothing: dict[str, bytes] = {}
        return read(loads_object(dumps(value.to_json())), nothing.__getitem__)
    file = value.to_file()
    path = f"{file.folder}/some key_3_{file.sha256[:20]}{file.suffix}"
    files = {path: file.data, **dict(file.beside)}
    return read(loads_object(dumps(file.entry(path))), files.__getitem__)


def through_artifact(value: Media) -> object:
    """Add a value to an artifact and get it back."""
    files = dict(bundle.files_of(value, "folder/name"))
    path = bundle.find("folder/name", files)
    assert path is not None
    return bundle.read(path, files.__getitem__, list(files))


@pytest.fixture(scope="session")
def logged() -> Callable[[Media | Inline], object]:
    return through_history


@pytest.fixture(scope="session")
def added() -> Callable[[Media], object]:
    return through_artifact
