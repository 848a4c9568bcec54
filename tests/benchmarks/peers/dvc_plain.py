"""DVC without git (``dvc init --no-scm``), through its Python API; metrics by dvclive."""

from __future__ import annotations

import os
import shutil
from importlib import import_module
from typing import TYPE_CHECKING

from tests.benchmarks.peers.driver import Driver, Watch, timed_calls

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.peers.driver import Parts

CONFIG = '[core]\n    analytics = false\n    check_update = false\n[cache]\n    type = "copy"\n'


class Dvc(Driver):
    """The cache holds copies. `get` is a checkout after the data was deleted from the work folder."""

    title = "DVC"
    packages = ("dvc", "dvclive")
    module = "dvc.repo"
    copies_data = True

    def environment(self, root: Path) -> dict[str, str]:
        alone = {"DVC_NO_ANALYTICS": "1", "DVC_SITE_CACHE_DIR": str(root / "site")}
        return {"HOME": str(root), "GIT_CONFIG_GLOBAL": str(root / "gitconfig"), **alone}

    def folder(self, root: Path) -> Path:
        return root / "work"

    def setup(self, root: Path) -> None:
        work = self.folder(root)
        work.mkdir()
        self.tool.Repo.init(str(work), no_scm=True).close()
        (work / ".dvc" / "config.local").write_text(CONFIG, encoding="ascii")

    def log(self, root: Path, source: Path) -> None:
        os.chdir(self.folder(root))
        with self.tool.Repo(".") as repo:
            repo.add([source.name])

    def before_get(self, root: Path, source: Path) -> None:
        """Take the data out of the work folder: a checkout writes only what is missing."""
        data = self.folder(root) / source.name
        # Out of the way, not deleted: see benchlib on deleting before a timed section.
        shutil.move(data, root / f"before-{source.name}")

    def get(self, root: Path, source: Path, target: Path) -> Parts:
        os.chdir(self.folder(root))
        watch = Watch()
        with self.tool.Repo(".") as repo:
            repo.checkout()
        watch.mark("checkout")
        target.symlink_to(self.folder(root) / source.name)
        return watch.all()

    def metrics(self, root: Path, count: int) -> Parts:
        os.chdir(root)
        live = import_module("dvclive").Live(dir="live", save_dvc_exp=False, dvcyaml=None, report=None)

        def report(values: dict[str, float], step: int) -> None:
            del step
            for name, value in values.items():
                live.log_metric(name, value)
            live.next_step()

        return timed_calls(count, report, live.end)


DRIVER = Dvc
