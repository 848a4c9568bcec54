"""jupyter_artifacts, by its public names only."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

# The checkout that this harness lies in, installed or not. Appended: it must shadow nothing of a peer's.
sys.path.append(str(Path(__file__).resolve().parents[3]))
os.environ.setdefault("JUPYTER_ARTIFACTS_SILENT", "true")

import jupyter_artifacts as ja
from jupyter_artifacts.store.opening import open_store
from tests.chaos.adapter import Adapter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_artifacts.tracking.run import Run

# Loaded once, before the forks.
for _room in ("store.catalog.catalog", "store.local_session", "tracking.artifact.publishing", "store.gc.collect"):
    importlib.import_module(f"jupyter_artifacts.{_room}")
for _name in ("Api", "Artifact", "du", "export", "gc", "import_bundle", "init", "rebuild", "undelete", "verify"):
    getattr(ja, _name)


class ADAPTER(Adapter):
    """A store in a folder."""

    title = "jupyter_artifacts " + ja.__version__
    chores = (
        *("alias", "collect", "condemn", "delete", "download", "export", "import", "rebuild", "repack", "repair"),
        "undelete",
    )

    def init(self) -> None:
        # A draft made beside a run of "create_new" goes to the default store first: let it be this one.
        os.environ["JUPYTER_ARTIFACTS_STORE"] = self.store
        open_store(self.store)
        self.api = ja.Api(store=self.store)

    def _run(self) -> Run:
        return ja.init(project="chaos", job_type="writer", store=self.store, reinit="create_new")

    def log_dir(
        self, name: str, path: str, metadata: Any = None, aliases: Sequence[str] = (), type: str = "dataset"
    ) -> str:
        with self._run() as run:
            artifact = ja.Artifact(name, type=type, metadata=metadata)
            artifact.add_dir(path)
            return run.log_artifact(artifact, aliases=list(aliases) or None).version

    def log_entry(self, name: str, local_file: str, entry: str) -> str:
        with self._run() as run:
            artifact = ja.Artifact(name, type="dataset")
            artifact.add_file(local_file, name=entry)
            return run.log_artifact(artifact).version

    def use(self, name: str, version: str, dest: str) -> str:
        return str(self.api.artifact(f"chaos/{name}:{version}").download(root=dest))

    def list(self, name: str) -> Sequence[str]:
        if not self.api.artifact_collection_exists(f"chaos/{name}", "dataset"):
            return []
        versions = self.api.artifacts("dataset", f"chaos/{name}")
        return [v.version for v in sorted(versions, key=lambda v: int(v.version[1:]))]

    def latest(self, name: str) -> str:
        return self.resolve(name, "latest")

    def resolve(self, name: str, alias: str) -> str:
        return self.api.artifact(f"chaos/{name}:{alias}").version

    def metadata(self, name: str, version: str) -> Any:
        return self.api.artifact(f"chaos/{name}:{version}").metadata

    def verify(self) -> Sequence[str]:
        return [str(problem) for problem in ja.verify(store=self.store, data=True)]

    def delete(self, name: str, version: str) -> None:
        self.api.artifact(f"chaos/{name}:{version}").delete(delete_aliases=True)

    def collect(self) -> int:
        return ja.gc(store=self.store, now=True).freed

    def unneeded(self) -> int:
        told, room = ja.gc(store=self.store, now=True, dry_run=True), ja.du(store=self.store)
        return told.freed + told.deleted_bytes + room.trash + room.leftovers

    def chore(self, name: str, work: str) -> None:
        store, bundle, here = self.store, os.path.join(work, "all.jab"), os.path.join(work, "there")
        os.environ["JUPYTER_ARTIFACTS_STORE"] = store
        self.api = ja.Api(store=store)
        version = "chaos/data:v1"
        todo: dict[str, Callable[[], object]] = {
            "alias": self._move_alias,
            "collect": lambda: ja.gc(store=store, now=True),
            "condemn": lambda: ja.gc(store=store),
            "delete": lambda: self.api.artifact(version).delete(delete_aliases=True),
            "download": lambda: self.api.artifact(version).download(root=here),
            "export": lambda: ja.export(None, bundle, store=store),
            "import": lambda: ja.import_bundle(os.path.join(work, "bundle.jab"), store=store),
            "rebuild": lambda: ja.rebuild(store),
            "repack": lambda: open_store(store).repack(),
            "repair": lambda: ja.verify(store=store, repair=True),
            "undelete": lambda: ja.undelete("chaos/data:v0", store=store),
        }
        if name == "export":
            Path(bundle).unlink(missing_ok=True)
        # What an attempt that was killed had done already is done.
        done = {"delete": ja.errors.NotFoundError, "undelete": ja.errors.UsageError}
        with contextlib.suppress(*[done[name]] if name in done else ()):
            todo[name]()

    def _move_alias(self) -> None:
        artifact = self.api.artifact("chaos/data:v1")
        artifact.aliases.append("best")
        artifact.save()

    def rescue(self) -> None:
        ja.rebuild(self.store)

    def close(self) -> None:
        with contextlib.suppress(ja.errors.ArtifactsError):
            open_store(self.store).close()

    def catalog_files(self) -> Sequence[str]:
        return [os.path.join(self.store, "catalog.db")]
