"""An object of an artifact as files: ``<name>.<kind>.json``, and what it names.

Paths inside the JSON count from the artifact's root. Pictures lie under
``media/images/<hash>.png``, named by their content, so that one picture in many
objects is one file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.base import Document, Inline, Media
from jupyter_artifacts.media.image import Image
from jupyter_artifacts.media.registry import MEDIA
from jupyter_artifacts.media.registry import read as read_info
from jupyter_artifacts.media.source import parsed
from jupyter_artifacts.model.jsonable import dumps
from jupyter_artifacts.model.paths import check_entry_path

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

_KINDS = sorted({kind.kind for kind in MEDIA.values()})


def files_of(obj: object, name: str) -> list[tuple[str, bytes]]:
    """Return the files of an object, its JSON first; nothing is written.

    Parameters
    ----------
    obj : Media
        A table, picture or other medium; a Histogram only as a cell of a table.
    name : str
        Path inside the artifact, with or without the ending.

    Raises
    ------
    InvalidTypeError
        Anything else.
    InvalidValueError
        A picture with boxes or masks but without classes; a table of too many rows.
    """
    if isinstance(obj, Inline) or not isinstance(obj, Media):
        raise InvalidTypeError(
            f"add() takes a Table, an Image or another medium, not {type(obj).__name__}; "
            + ("log it, or put it into a Table" if isinstance(obj, Inline) else "see add_object() for other objects")
        )
    path = path_of(obj.kind, name)
    if isinstance(obj, Document):
        file = obj.to_artifact_file()
        return [(path, file.data), *file.beside]
    if isinstance(obj, Image) and {"boxes", "masks"} & obj.overlays.keys() and "classes" not in obj.overlays:
        raise InvalidValueError(
            "an Image with boxes or masks needs classes in an artifact: Image(..., classes=[{'id': 0, 'name': ...}])"
        )
    file = obj.to_file()
    return [(path, dumps(file.entry(file.path)).encode()), (file.path, file.data), *file.beside]


def path_of(kind: str, name: str) -> str:
    """Return where the JSON of an object lies: ``<name>.<kind>.json``."""
    ending = f".{kind}.json"
    return check_entry_path(name if str(name).endswith(ending) else f"{name}{ending}")


def find(name: str, paths: Container[str]) -> str | None:
    """Return the path of an object's JSON by its name, with or without the ending; None when there is none."""
    candidates = [name, *(f"{name}.{kind}.json" for kind in _KINDS)]
    return next((path for path in candidates if path in paths and is_object(path)), None)


def is_object(path: str) -> bool:
    """Say whether a path is that of an object's JSON."""
    return any(path.endswith(f".{kind}.json") for kind in _KINDS)


def read(json_path: str, opener: Callable[[str], bytes], paths: Sequence[str] = ()) -> Media:
    """Return the object whose JSON lies at `json_path`.

    Parameters
    ----------
    json_path : str
    opener : callable
        Takes a path in the artifact, returns the file's content. It is asked for
        `json_path` and for the paths named there, which are checked first.
    paths : sequence of str
        All paths of the artifact; only a partitioned table asks for them.

    Raises
    ------
    InvalidValueError
        The JSON is not an object's, or its files are not what it says.
    """
    found = read_info(parsed(opener(json_path), json_path), opener, paths)
    if not isinstance(found, Media):
        raise InvalidValueError(f"{json_path} holds a {type(found).__name__}, which is no object of an artifact")
    return found
