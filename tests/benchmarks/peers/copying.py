"""What everybody is compared with: `cp -r`, and `cp -r` made durable."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.peers.driver import Driver

if TYPE_CHECKING:
    from pathlib import Path


class Copy(Driver):
    """A copy for every version: no hash, no catalog, nothing flushed."""

    title = "cp -r"
    programs = ("cp", "sync")
    flushes: ClassVar[bool] = False

    def commands(self, step: str, root: Path, source: Path, target: Path) -> list[list[str]]:
        versions = root / "versions"
        if step == "setup":
            return [["mkdir", str(versions)]]
        if step == "get":
            newest = max(versions.iterdir(), key=lambda path: int(path.name))
            return [["cp", "-r", "--reflink=never", str(newest), str(target)]]
        new = versions / str(len(list(versions.iterdir())))
        made = [["cp", "-r", "--reflink=never", str(source), str(new)]]
        if not self.flushes:
            return made
        # A folder's files by flushing their file system, which is quicker than one by one.
        return [*made, ["sync", "--file-system" if source.is_dir() else "--data", str(new)]]


class CopyAndFlush(Copy):
    """The same, flushed."""

    title = "cp + fsync"
    flushes = True


DRIVERS = (Copy, CopyAndFlush)
