"""Ours, through the public names."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from tests.benchmarks.peers.driver import WandbLike, Watch

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.peers.driver import Parts


class JupyterArtifacts(WandbLike):
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

    def get(self, root: Path, source: Path, target: Path) -> Parts:
        del root, source
        api = self.tool.Api()
        watch = Watch()
        api.artifact("bench/data:latest").download(root=str(target))
        watch.mark("download")
        return watch.all()


DRIVER = JupyterArtifacts
