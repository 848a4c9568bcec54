"""Commands that bring bytes in and out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.cli.looking import api_of, facts
from jupyter_artifacts.cli.output import PROBLEMS, Answer
from jupyter_artifacts.errors import UsageError
from jupyter_artifacts.panels import words
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.bundles import export as write_bundle
from jupyter_artifacts.tracking.bundles import import_bundle
from jupyter_artifacts.tracking.init import init
from jupyter_artifacts.tracking.wandb_format.exporting import export_wandb
from jupyter_artifacts.tracking.wandb_format.importing import import_wandb, is_wandb

if TYPE_CHECKING:
    import argparse

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.tracking.run import Run

NEW_TYPE = "dataset"
"""What W&B's command line takes a new artifact for, when it is not told."""


def put(options: argparse.Namespace) -> Answer:
    """Log a file or folder as the next version of a name; print the version."""
    *above, name = options.name.split("/")
    source = Path(options.path)
    project = above[-1] if above else options.project
    resume = "allow" if options.id else None
    with init(project=project, job_type="cli", store=options.store, id=options.id, resume=resume) as run:
        kind = options.type or _type_of(run, name) or NEW_TYPE
        artifact = Artifact(name, type=kind, description=options.description)
        if source.is_dir():
            artifact.add_dir(str(source))
        else:
            artifact.add_file(str(source))
        logged = run.log_artifact(artifact, aliases=options.alias)
    return Answer(facts(logged), (), [(logged.name,)])


def _type_of(run: Run, name: str) -> str:
    """Return the type that an artifact has already; empty where there is none of that name."""
    found = run.store.catalog.versions.collections(Query(project=run.project, name=name, limit=1)).rows
    return found[0].type if found else ""


def get(options: argparse.Namespace) -> Answer:
    """Write a version's files to a folder, every byte verified."""
    artifact = api_of(options).artifact(options.name)
    folder = artifact.download(root=options.to)
    return Answer({"name": artifact.name, "path": folder}, (), [(f"Artifact downloaded to {folder}",)])


def export(options: argparse.Namespace) -> Answer:
    """Write artifacts with their lineage to a bundle, or one artifact as W&B has it."""
    if options.format == "wandb":
        if len(options.names) != 1:
            raise UsageError("--format wandb takes one artifact; name it, or leave the format away for a bundle")
        artifact = api_of(options).artifact(options.names[0])
        folder = export_wandb(artifact, options.to)
        return Answer({"path": folder, "names": [artifact.name]}, (), [(f"{artifact.name} written to {folder}",)])
    done = write_bundle(options.names or None, options.to, project=options.project, store=options.store)
    counts = (words.count(done.versions, "version"), words.count(done.runs, "run"), words.count(done.files, "file"))
    data: JsonObject = {
        "path": done.target,
        "versions": done.versions,
        "runs": done.runs,
        "files": done.files,
        "size": done.size,
    }
    return Answer(data, (), [(f"{', '.join(counts)}, {words.size(done.size)} written to {done.target}",)])


def import_(options: argparse.Namespace) -> Answer:
    """Take in a bundle, or what W&B left."""
    if options.manifest or is_wandb(options.source):
        done = import_wandb(
            options.source,
            store=options.store,
            project=options.project,
            name=options.name,
            type=options.type,
            aliases=options.alias or (),
            manifest=options.manifest,
        )
        data: JsonObject = {"runs": list(done.runs), "versions": list(done.versions), "skipped": list(done.skipped)}
        rows = [("run", name) for name in done.runs] + [("version", name) for name in done.versions]
        rows += [("skipped", line) for line in done.skipped]
        return Answer(data, (), rows, note="" if rows else "nothing new", status=PROBLEMS if done.skipped else 0)
    if options.name or options.type or options.alias:
        raise UsageError("--name, --type and --alias are for artifact folders of W&B's; a bundle says them itself")
    taken = import_bundle(options.source, store=options.store)
    names = [version.label for version in taken.versions]
    counts = (words.count(taken.new_versions, "new version"), words.count(taken.new_runs, "new run"))
    summary: JsonObject = {"versions": list(names), "new_versions": taken.new_versions, "new_runs": taken.new_runs}
    return Answer(summary, (), [(name,) for name in names], note=", ".join(counts))
