"""``log_artifact`` of a path: a draft made of a file, a folder or a URI."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from jupyter_artifacts.errors import InvalidTypeError, NoSuchPathError
from jupyter_artifacts.tracking.artifact.artifact import Artifact

NO_TYPE = "unspecified"


def artifact_of_path(item: object, name: str | None, type: str | None, run_id: str) -> Artifact:
    """Return the artifact itself, or a draft of what lies at a path.

    Raises
    ------
    NoSuchPathError
        A ValueError: nothing is there.
    InvalidTypeError
        Neither an artifact nor a path.
    """
    if isinstance(item, Artifact):
        return item
    if not isinstance(item, (str, os.PathLike)):
        kind = item.__class__.__name__
        raise InvalidTypeError(f"log_artifact() takes an Artifact or a path, not {kind}; see Artifact.add_object()")
    text = os.fspath(item)
    if not isinstance(text, str):
        raise InvalidTypeError(f"log_artifact() takes text as a path, not {text!r}")
    local = Path(text)
    is_uri = "://" in text and bool(urlsplit(text).scheme)
    if not is_uri and not local.exists():
        raise NoSuchPathError(f"path {text!r} is neither a file, a folder nor a URI; nothing was logged")
    last = urlsplit(text).path.rstrip("/").rpartition("/")[2] if is_uri else local.resolve().name
    artifact = Artifact(name or _safe(f"run-{run_id}-{last}"), type or NO_TYPE)
    if is_uri:
        artifact.add_reference(text)
    elif local.is_dir():
        artifact.add_dir(local)
    else:
        artifact.add_file(local)
    return artifact


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.\-]", "-", name)[:128].rstrip(".")
