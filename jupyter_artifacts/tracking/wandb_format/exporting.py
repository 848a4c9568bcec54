"""Moving out: an artifact as W&B's client would lay it down."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import UsageError
from jupyter_artifacts.model.jsonable import dumps_strict
from jupyter_artifacts.model.names import LATEST
from jupyter_artifacts.model.wandb_manifest import manifest_digest, to_json
from jupyter_artifacts.tracking.artifact.wandb_shape import wandb_entries
from jupyter_artifacts.tracking.wandb_format.importing import FACTS, FILES, MANIFEST

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.tracking.artifact.artifact import Artifact


def export_wandb(artifact: Artifact, target: str | os.PathLike[str]) -> str:
    """Write an artifact's files, a ``wandb_manifest.json`` as W&B has it, and a file of facts.

    ``run.log_artifact`` of W&B's client takes the folder ``files``; :func:`import_wandb`
    takes the whole.

    Parameters
    ----------
    artifact : Artifact
        A logged version.
    target : path
        A folder that is empty or not there.

    Returns
    -------
    str
        The folder's absolute path.

    Raises
    ------
    UsageError
        Something is in the folder.
    """
    folder = Path(target).absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{str(folder)!r} is not an empty folder; name one that is, or a new one")
    entries = wandb_entries(artifact.state_of)
    facts: JsonObject = {
        "name": artifact.source_name.partition(":")[0],
        "type": artifact.type,
        "description": artifact.description,
        "metadata": dict(artifact.metadata),
        "aliases": [*(alias for alias in artifact.aliases if alias != LATEST)],
        "tags": list(artifact.tags),
        "digest": manifest_digest(entries),
        "version": artifact.version,
    }
    artifact.download(root=str(folder / FILES), allow_missing_references=True)
    (folder / FILES).mkdir(parents=True, exist_ok=True)
    (folder / FACTS).write_text(dumps_strict(facts) + "\n", encoding="utf-8")
    (folder / MANIFEST).write_text(dumps_strict(to_json(entries)) + "\n", encoding="utf-8")
    return os.fspath(folder)
