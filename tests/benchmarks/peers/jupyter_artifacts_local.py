"""Ours, through the public names."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from tests.benchmarks.peers.driver import Driver, Watch, point

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.peers.driver import Parts


class JupyterArtifacts(Driver):
    """A store in a folder; durable when a step ends."""

    title = "jupyter_artifacts"
    module = "jupyter_artifacts"

    def environment(self, root: Path) -> dict[str, str]:
        return {"HOME": str(root), "JUPYTER_ARTIFACTS_STORE": str(root / "store"), "JUPYTER_ARTIFACTS_SILENT": "true"}

    def load(self) -> None:
        super().load()
        # Others import what they need at once; ours is loaded when first used, which is an import all the same.
        for room in ("store.catalog.catalog", "store.opening", "tracking.init", "tracking.artifact.publishing"):
            import_module(f"jupyter_artifacts.{room}")
        import_module("blake3")
        _ = self.tool.init, self.tool.Artifact

    def setup(self, root: Path) -> None:
        import_module("jupyter_artifacts.store.opening").open_store(str(root / "store")).close()

    def log(self, root: Path, source: Path) -> Parts:
        del root
        watch = Watch()
        run = self.tool.init(project="bench")
        watch.mark("init")
        artifact = self.tool.Artifact("data", type="dataset")
        (artifact.add_dir if source.is_dir() else artifact.add_file)(str(source))
        watch.mark("add")
        run.log_artifact(artifact)
        watch.mark("log")
        run.finish()
        watch.mark("finish")
        return watch.all()

    def get(self, root: Path, source: Path, target: Path) -> Parts:
        del root, source
        api = self.tool.Api()
        watch = Watch()
        api.artifact("bench/data:latest").download(root=str(target))
        watch.mark("download")
        return watch.all()

    def metrics(self, root: Path, count: int) -> Parts:
        del root
        run = self.tool.init(project="bench")
        watch = Watch()
        for number in range(count):
            run.log(point(number, count))
        watch.mark("calls")
        run.finish()
        watch.mark("finish")
        return watch.all()


DRIVER = JupyterArtifacts
