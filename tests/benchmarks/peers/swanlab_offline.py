"""SwanLab in offline mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.peers.driver import Driver, timed_calls

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.peers.driver import Parts

NONE = "SwanLab has no artifacts"


class Swanlab(Driver):
    """Runs and metrics; it has no artifacts."""

    title = "SwanLab, offline"
    packages = ("swanlab",)
    module = "swanlab"
    lacks = {"log": NONE, "get": NONE}  # noqa: RUF012  # declared ClassVar by Driver

    def environment(self, root: Path) -> dict[str, str]:
        return {"HOME": str(root), "SWANLAB_SAVE_DIR": str(root / "save"), "SWANLAB_LOG_DIR": str(root / "log")}

    def setup(self, root: Path) -> None:
        for folder in ("save", "log"):
            (root / folder).mkdir()

    def metrics(self, root: Path, count: int) -> Parts:
        self.tool.init(project="bench", mode="offline", logdir=str(root / "log"))
        return timed_calls(count, lambda values, step: self.tool.log(values, step=step), self.tool.finish)


DRIVER = Swanlab
