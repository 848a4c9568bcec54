"""MLflow: a tracking store in SQLite, artifacts in a local folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.peers.driver import Driver, Watch, timed_calls

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.peers.driver import Parts


class Mlflow(Driver):
    """Files are copied into the run's folder, not hashed, not flushed."""

    title = "MLflow, SQLite"
    packages = ("mlflow",)
    module = "mlflow"

    def environment(self, root: Path) -> dict[str, str]:
        silent = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
        bars = {"MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false"}
        return {"HOME": str(root), "MLFLOW_TRACKING_URI": f"sqlite:///{root}/store/mlflow.db", **silent, **bars}

    def setup(self, root: Path) -> None:
        (root / "store").mkdir()
        self.tool.create_experiment("bench", artifact_location=(root / "store" / "artifacts").as_uri())

    def log(self, root: Path, source: Path) -> Parts:
        watch = Watch()
        self.tool.set_experiment("bench")
        with self.tool.start_run() as run:
            watch.mark("init")
            (self.tool.log_artifacts if source.is_dir() else self.tool.log_artifact)(str(source), "data")
            watch.mark("log")
        watch.mark("finish")
        (root / "last_run").write_text(run.info.run_id, encoding="ascii")
        return watch.all()

    def get(self, root: Path, source: Path, target: Path) -> Parts:
        del source
        run = (root / "last_run").read_text(encoding="ascii")
        target.parent.mkdir(parents=True, exist_ok=True)
        watch = Watch()
        self.tool.artifacts.download_artifacts(run_id=run, artifact_path="data", dst_path=str(target.parent))
        watch.mark("download")
        (target.parent / "data").rename(target)
        return watch.all()

    def metrics(self, root: Path, count: int) -> Parts:
        del root
        self.tool.set_experiment("bench")
        self.tool.start_run()
        return timed_calls(count, lambda values, step: self.tool.log_metrics(values, step=step), self.tool.end_run)


DRIVER = Mlflow
