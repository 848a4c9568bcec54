"""trackio with its local store: SQLite, and blobs by SHA-256."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.peers.driver import Driver, Watch, timed_calls

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.peers.driver import Parts


class Trackio(Driver):
    """Metrics go through a queue to a thread; `finish` waits for it."""

    title = "trackio"
    packages = ("trackio",)
    module = "trackio"

    def environment(self, root: Path) -> dict[str, str]:
        return {"HOME": str(root), "TRACKIO_DIR": str(root / "store"), "HF_HUB_OFFLINE": "1"}

    def log(self, root: Path, source: Path) -> Parts:
        del root
        watch = Watch()
        self.tool.init(project="bench", embed=False)
        watch.mark("init")
        artifact = self.tool.Artifact("data", type="dataset")
        (artifact.add_dir if source.is_dir() else artifact.add_file)(source)
        watch.mark("add")
        self.tool.log_artifact(artifact)
        watch.mark("log")
        self.tool.finish()
        watch.mark("finish")
        return watch.all()

    def get(self, root: Path, source: Path, target: Path) -> Parts:
        del root, source
        self.tool.init(project="bench", embed=False)
        watch = Watch()
        self.tool.use_artifact("data:latest").download(target)
        watch.mark("download")
        self.tool.finish()
        return watch.all()

    def metrics(self, root: Path, count: int) -> Parts:
        del root
        run = self.tool.init(project="bench", embed=False)
        return timed_calls(count, lambda values, step: run.log(values, step=step), self.tool.finish)


DRIVER = Trackio
