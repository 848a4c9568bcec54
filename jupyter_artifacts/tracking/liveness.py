"""Whether a run that says it is running still is."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.store.records import Query, RunChanges

if TYPE_CHECKING:
    from jupyter_artifacts.store.records import RunRecord, RunState
    from jupyter_artifacts.store.store import Store

SILENCE = 300.0
"""Seconds without a heartbeat after which a run of another machine counts as crashed."""


_START = 19
"""Where the time of its beginning stands in a process's line, after its name."""

_TICK = 2.0
"""Seconds by which the system's clock and ours may differ."""


def this_host() -> str:
    """Return this machine's name."""
    return platform.node()


def apparent_state(record: RunRecord) -> RunState:
    """Return a run's state; one whose process is gone has crashed, whatever it says."""
    if record.state != "running" or not _is_gone(record):
        return record.state
    return "crashed"


def settle_dead_runs(store: Store) -> list[RunRecord]:
    """Mark runs whose process on this machine is gone as crashed; return them."""
    settled = []
    for record in store.catalog.runs.page(Query(state="running", limit=100)).rows:
        if record.host == this_host() and _is_gone(record):
            changes = RunChanges(
                state="crashed", error="the process ended without a word", ended_at=record.heartbeat_at
            )
            settled.append(store.catalog.runs.change(record.id, changes))
    return settled


def _is_gone(record: RunRecord) -> bool:
    silent = time.time() - record.heartbeat_at > SILENCE
    if record.host != this_host():
        return silent
    began = began_at(record.pid)
    if began is not None and began > record.heartbeat_at + _TICK:
        return True  # the number belongs to another process by now, perhaps to this one
    if record.pid == os.getpid():
        return False
    return not _is_alive(record.pid)


def began_at(pid: int) -> float | None:
    """Return when a process began, in seconds since 1970; None where the system does not tell."""
    try:
        ticks = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[_START])
        boot = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime"))
        return int(boot.split()[1]) + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, StopIteration):
        return None


def _is_alive(pid: int) -> bool:
    """Tell whether a process runs on this machine; where that cannot be asked, yes."""
    if os.name == "nt" or pid <= 0:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
