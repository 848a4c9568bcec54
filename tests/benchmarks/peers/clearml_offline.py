"""ClearML in offline mode: a session folder and a zip, to be imported by a server later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.benchmarks.peers.driver import Driver, Watch, timed_calls

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.peers.driver import Parts


class Clearml(Driver):
    """Nothing can be read back without a server."""

    title = "ClearML, offline"
    packages = ("clearml",)
    module = "clearml"
    lacks = {"get": "an offline task's artifacts cannot be downloaded"}  # noqa: RUF012  # declared ClassVar by Driver

    def environment(self, root: Path) -> dict[str, str]:
        offline = {"CLEARML_OFFLINE_MODE": "1", "CLEARML_LOG_LEVEL": "ERROR"}
        return {"HOME": str(root), "TMPDIR": str(root), "CLEARML_CACHE_DIR": str(root / "cache"), **offline}

    def setup(self, root: Path) -> None:
        (root / "cache").mkdir()

    def _task(self) -> Any:
        off = {"reuse_last_task_id": False, "auto_connect_frameworks": False, "auto_resource_monitoring": False}
        return self.tool.Task.init(project_name="bench", task_name="t", **off)

    def log(self, root: Path, source: Path) -> Parts:
        del root
        watch = Watch()
        task = self._task()
        watch.mark("init")
        task.upload_artifact("data", artifact_object=str(source), wait_on_upload=True)
        watch.mark("log")
        task.close()
        watch.mark("finish")
        return watch.all()

    def metrics(self, root: Path, count: int) -> Parts:
        del root
        task = self._task()
        logger = task.get_logger()

        def report(values: dict[str, float], step: int) -> None:
            for name, value in values.items():
                logger.report_scalar("train", name, value, step)

        return timed_calls(count, report, task.close)


DRIVER = Clearml
