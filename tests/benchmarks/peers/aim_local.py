"""Aim with a local repository; artifacts go to a file:// folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.peers.driver import Driver, Watch, timed_calls

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.peers.driver import Parts


class Aim(Driver):
    """Runs, metrics, and files copied beside them; no versions."""

    title = "Aim"
    packages = ("aim",)
    module = "aim"
    lacks = {"get": "one call for each file; not measured"}  # noqa: RUF012  # declared ClassVar by Driver

    def environment(self, root: Path) -> dict[str, str]:
        return {"HOME": str(root), "__AIM_TELEMETRY__": "0"}

    def setup(self, root: Path) -> None:
        for folder in ("store", "artifacts"):
            (root / folder).mkdir()
        self.tool.Repo.from_path(str(root / "store"), init=True)

    def log(self, root: Path, source: Path) -> Parts:
        watch = Watch()
        run = self.tool.Run(repo=str(root / "store"), experiment="bench")
        run.set_artifacts_uri((root / "artifacts").as_uri())
        watch.mark("init")
        (run.log_artifacts if source.is_dir() else run.log_artifact)(str(source), "data", block=True)
        watch.mark("log")
        run.close()
        watch.mark("finish")
        return watch.all()

    def metrics(self, root: Path, count: int) -> Parts:
        run = self.tool.Run(repo=str(root / "store"), experiment="bench")
        return timed_calls(count, lambda values, step: run.track(values, step=step), run.close)


DRIVER = Aim
