"""Ours and the peers through the same life of a folder: log, log again, change, log, get back.

All tools take turns within a phase, every step in a fresh process, the data is the same
for all. A tool that fails or cannot do a step is named in the notes.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.benchlib import copy, flush, section
from tests.benchmarks.datasets import change_some, read_once
from tests.benchmarks.peers.environments import NotInstallableError, interpreter, version
from tests.benchmarks.peers.processes import StepFailedError, Tool

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.benchmarks.benchlib import Scratch
    from tests.benchmarks.peers.driver import Driver
    from tests.benchmarks.peers.processes import Step

MODULES = (
    *("copying", "jupyter_artifacts_local", "wandb_offline", "mlflow_sqlite", "dvc_plain", "trackio_local"),
    *("swanlab_offline", "aim_local", "clearml_offline", "backups"),
)
OURS = "jupyter_artifacts"
BASES = ("cp -r", "cp + fsync")
SETTLED = 2.2
"""Seconds: what changed in the last two of them is distrusted by everybody who looks at times."""


def drivers() -> list[type[Driver]]:
    """Return every driver, the copies first, then ours."""
    found: list[type[Driver]] = []
    for name in MODULES:
        module = import_module(f"tests.benchmarks.peers.{name}")
        found += getattr(module, "DRIVERS", None) or [module.DRIVER]
    return found


@dataclass
class Field:
    """Who takes part, and who does not and why."""

    ready: dict[type[Driver], str] = field(default_factory=dict)
    """The interpreter by driver."""
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, chosen: Iterable[type[Driver]]) -> Field:
        """Make the environments of those that can be had."""
        made = cls()
        for driver in chosen:
            try:
                made.ready[driver] = interpreter(driver)
                if number := version(driver):
                    made.notes.append(f"{driver.title}: {driver.packages[0]} {number}")
            except NotInstallableError as reason:
                made.notes.append(f"{driver.title}: not installed here: {reason}")
        return made


@dataclass
class Results:
    """The steps by phase and tool."""

    phases: dict[str, dict[str, list[Step]]] = field(default_factory=dict)
    foreign: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def seconds(self, phase: str, tool: str) -> float | None:
        """Return the median seconds, None where there is nothing."""
        steps = self.phases.get(phase, {}).get(tool)
        return statistics.median(step.seconds for step in steps) if steps else None

    def ratio(self, phase: str, tool: str, base: str) -> float | None:
        """Return how many times the base's seconds a tool took."""
        mine, theirs = self.seconds(phase, tool), self.seconds(phase, base)
        return mine / theirs if mine is not None and theirs else None

    def later(self, phase: str, tool: str) -> float | None:
        """Return the median seconds that flushing took after the tool said that all is done."""
        steps = self.phases.get(phase, {}).get(tool)
        return statistics.median(step.later for step in steps) if steps else None

    def memory(self, tool: str) -> tuple[float, float] | None:
        """Return the MiB at the most in any step, all in all and over what the imports took."""
        steps = [step for tools in self.phases.values() for step in tools.get(tool, ())]
        if not steps:
            return None
        return max(step.peak for step in steps), max(step.peak - step.base for step in steps)

    def note(self, text: str) -> None:
        """Remember a line once."""
        if text not in self.notes:
            self.notes.append(text)


def contest(who: Field, data: Path, folders: Scratch, *, rounds: int = 3, settled: float = SETTLED) -> Results:
    """Run all phases; a folder is also changed by one in a hundred of its files."""
    results = Results()
    for _ in range(rounds):
        _make_room(who, data, folders)
        _one_round(who, data, folders, results, settled)
    return results


def _make_room(who: Field, data: Path, folders: Scratch) -> None:
    """Remove what the round before left of a big file, and refuse to fill the disk.

    Many small files stay: see benchlib on deleting before a timed section.
    """
    if data.is_dir():
        return
    for path in folders.root.iterdir():
        if not data.is_relative_to(path):
            shutil.rmtree(path)
    needed = 3 * data.stat().st_size * (len(who.ready) + 1)
    free = shutil.disk_usage(folders.root).free
    if free < needed:
        raise SystemExit(
            f"{needed >> 30} GiB are needed in {folders.root.parent}, {free >> 30} are free: "
            "fewer --peers, or another disk by JA_BENCH_CACHE"
        )


def _one_round(who: Field, data: Path, folders: Scratch, results: Results, settled: float) -> None:
    source = data
    if data.is_dir():
        source = folders.new("tree")
        copy(data, source)
    tools = _set_up(who, source, folders, results)
    time.sleep(settled)
    _phase(results, "log", tools)
    _phase(results, "again", tools)
    changed: Path | None = None
    if data.is_dir():
        for tree in dict.fromkeys([source, *tools.values()]):
            changed = change_some(tree)[0].relative_to(tree)
        time.sleep(settled)
        _phase(results, "changed", tools)
    for tool, own in tools.items():
        if "get" in tool.driver.lacks:
            results.note(f"{tool.driver.title}: {tool.driver.lacks['get']}")
            continue
        target = folders.new("target")
        tool.driver.before_get(tool.root, own)
        if _done(results, "get", tool, own, target):
            _compare(results, tool, source, target, changed)
        if data.is_file():
            shutil.rmtree(target.parent)


def _set_up(who: Field, source: Path, folders: Scratch, results: Results) -> dict[Tool, Path]:
    """Give every tool an empty store; return where each finds the data."""
    tools: dict[Tool, Path] = {}
    for driver, python in who.ready.items():
        if "log" in driver.lacks:
            results.note(f"{driver.title}: {driver.lacks['log']}")
            continue
        tool = Tool(driver(), python, folders.new("store"))
        if not _done(results, "setup", tool):
            continue
        tools[tool] = source
        if driver.copies_data:
            tools[tool] = tool.driver.folder(tool.root) / source.name
            copy(source, tools[tool])
    return tools


def _phase(results: Results, phase: str, tools: dict[Tool, Path]) -> None:
    for tool, source in list(tools.items()):
        read_once(source)
        if not _done(results, phase, tool, source):
            del tools[tool]


def _done(results: Results, phase: str, tool: Tool, source: Path = Path(), target: Path = Path()) -> bool:
    """Run a step, and remember what it took or how it failed."""
    made: list[Step] = []
    step = "log" if phase in ("again", "changed") else phase
    flush(tool.root)
    try:
        took = section(lambda: made.append(tool.step(step, source, target)))
    except StepFailedError as error:
        results.note(f"{tool.driver.title}: {phase} failed: {str(error)[-300:]}")
        return False
    if phase != "setup":
        sys.stderr.write(f"{tool.driver.title}: {phase}: {made[0].seconds:.3f} s, {took.seconds:.1f} s in all\n")
        results.foreign.append(took.foreign)
        results.phases.setdefault(phase, {}).setdefault(tool.driver.title, []).append(made[0])
    return True


def _compare(results: Results, tool: Tool, source: Path, target: Path, changed: Path | None) -> None:
    """Check that everything came back; a tool that is quick because it does less is said to be."""
    got = target / source.name if source.is_file() and (target / source.name).is_file() else target
    if not got.exists() or read_once(got) != read_once(source):
        results.note(f"{tool.driver.title}: what came back is not what was logged")
    elif changed is not None and (got / changed).read_bytes() != (source / changed).read_bytes():
        results.note(f"{tool.driver.title}: a changed file came back as it was before")
