"""The seam between the benchmarks and a tool that keeps versions of data: ours, or a peer.

A driver runs in the interpreter of its tool, which has nothing else installed: drivers
import the standard library and, in `load`, their tool. What a tool does not offer is
said in `lacks`, and stands in the table.
"""

from __future__ import annotations

import importlib
import time
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

Parts = dict[str, float]
"""Seconds by part of a step. A part "all" replaces the seconds of the whole step."""


class Driver:
    """One tool. Every step runs in a fresh process, so that its time and memory are its own."""

    title: ClassVar[str]
    packages: ClassVar[tuple[str, ...]] = ()
    """What pip installs into the tool's own environment; nothing for ours and for `cp`."""
    programs: ClassVar[tuple[str, ...]] = ()
    """Programs that must be on the path."""
    module: ClassVar[str] = ""
    """What `load` imports."""
    lacks: ClassVar[Mapping[str, str]] = {}
    """Steps that the tool has no way to do locally, and why."""
    copies_data = False
    """Whether the data must lie inside the tool's own folder."""

    tool: Any
    """The imported module. No type is known of it here."""

    def environment(self, root: Path) -> dict[str, str]:
        """Return the variables under which the tool runs, its folders all below `root`."""
        return {"HOME": str(root)}

    def folder(self, root: Path) -> Path:
        """Return where the tool wants the data when `copies_data`, and where its commands run."""
        return root

    def commands(self, step: str, root: Path, source: Path, target: Path) -> list[list[str]] | None:
        """Return the command lines of a step of a command line tool; None to run the method of its name."""
        del step, root, source, target
        return None

    def load(self) -> None:
        """Import the tool; not timed."""
        self.tool = importlib.import_module(self.module)

    def setup(self, root: Path) -> None:
        """Make the store; not timed."""

    def log(self, root: Path, source: Path) -> Parts | None:
        """Log a file or folder as the next version of one name."""
        raise NotImplementedError

    def before_get(self, root: Path, source: Path) -> None:
        """Get ready for `get`, in the process of the benchmark; not timed."""

    def get(self, root: Path, source: Path, target: Path) -> Parts | None:
        """Put the newest version of what `source` was into the new folder `target`."""
        raise NotImplementedError

    def metrics(self, root: Path, count: int) -> Parts:
        """Log two numbers `count` times: the seconds of the "calls", and of "all" with the end of the run."""
        raise NotImplementedError


class Watch:
    """Seconds between marks."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self.parts: Parts = {}

    def mark(self, part: str) -> None:
        """End a part."""
        now = time.perf_counter()
        self.parts[part] = now - self._last
        self._last = now

    def all(self) -> Parts:
        """Return the parts, with the whole."""
        return {**self.parts, "all": self._last - self._start}


def point(number: int, count: int) -> dict[str, float]:
    """Return the two numbers that everybody logs."""
    return {"loss": 1.0 / (number + 1), "acc": number / count}


def timed_calls(count: int, log: Callable[[dict[str, float], int], object], finish: Callable[[], object]) -> Parts:
    """Log two numbers `count` times, then end the run."""
    watch = Watch()
    for number in range(count):
        log(point(number, count), number)
    watch.mark("calls")
    finish()
    watch.mark("finish")
    return watch.all()


class WandbLike(Driver):
    """A tool with W&B's names."""

    adding: ClassVar[Mapping[str, str]] = {}
    """Further words of `add_file` and `add_dir`."""

    def log(self, root: Path, source: Path) -> Parts:
        del root
        watch = Watch()
        run = self.tool.init(project="bench")
        watch.mark("init")
        artifact = self.tool.Artifact("data", type="dataset")
        (artifact.add_dir if source.is_dir() else artifact.add_file)(str(source), **self.adding)
        watch.mark("add")
        run.log_artifact(artifact)
        watch.mark("log")
        run.finish()
        watch.mark("finish")
        return watch.all()

    def metrics(self, root: Path, count: int) -> Parts:
        del root
        run = self.tool.init(project="bench")
        return timed_calls(count, lambda values, step: run.log(values, step=step), run.finish)
