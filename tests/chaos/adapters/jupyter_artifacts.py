"""jupyter_artifacts, by its public names only."""
# mypy: ignore-errors
# Untyped on purpose: duck-typed, and run by the interpreters of other systems too.

import importlib
import os
import sys

from adapter import Adapter

# The checkout that this harness lies in, installed or not. Appended: it must shadow nothing of a peer's.
sys.path.append(os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))))
os.environ.setdefault("JUPYTER_ARTIFACTS_SILENT", "true")

import jupyter_artifacts as ja
from jupyter_artifacts.store.opening import open_store

# Loaded once, before the forks.
for room in ("store.catalog.catalog", "tracking.init", "tracking.upkeep"):
    importlib.import_module(f"jupyter_artifacts.{room}")
for name in ("Api", "Artifact", "init", "verify"):
    getattr(ja, name)


class ADAPTER(Adapter):
    title = "jupyter_artifacts " + ja.__version__
    lacks = frozenset()

    def init(self):
        # A draft made beside a run of "create_new" goes to the default store first: let it be this one.
        os.environ["JUPYTER_ARTIFACTS_STORE"] = self.store
        open_store(self.store)
        self.api = ja.Api(store=self.store)

    def _run(self):
        return ja.init(project="chaos", job_type="writer", store=self.store, reinit="create_new")

    def log_dir(self, name, path, metadata=None, aliases=(), type="dataset"):
        with self._run() as run:
            artifact = ja.Artifact(name, type=type, metadata=metadata)
            artifact.add_dir(path)
            return run.log_artifact(artifact, aliases=list(aliases) or None).version

    def log_entry(self, name, local_file, entry):
        with self._run() as run:
            artifact = ja.Artifact(name, type="dataset")
            artifact.add_file(local_file, name=entry)
            return run.log_artifact(artifact).version

    def use(self, name, version, dest):
        return str(self.api.artifact(f"chaos/{name}:{version}").download(root=dest))

    def list(self, name):
        if not self.api.artifact_collection_exists(f"chaos/{name}", "dataset"):
            return []
        versions = self.api.artifacts("dataset", f"chaos/{name}")
        return [v.version for v in sorted(versions, key=lambda v: int(v.version[1:]))]

    def latest(self, name):
        return self.resolve(name, "latest")

    def resolve(self, name, alias):
        return self.api.artifact(f"chaos/{name}:{alias}").version

    def metadata(self, name, version):
        return self.api.artifact(f"chaos/{name}:{version}").metadata

    def verify(self):
        return [str(problem) for problem in ja.verify(store=self.store, data=True)]

    def close(self):
        open_store(self.store).close()

    def catalog_files(self):
        return [os.path.join(self.store, "catalog.db")]
