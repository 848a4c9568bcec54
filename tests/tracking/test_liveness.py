from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.records import NewRun, RunChanges
from jupyter_artifacts.tracking import liveness
from jupyter_artifacts.tracking.liveness import SILENCE, apparent_state, settle_dead_runs, this_host


def dead_pid() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


@pytest.mark.parametrize(
    ("host", "dead", "silent", "expected"),
    [
        ("here", False, True, "running"),
        ("here", True, False, "crashed"),
        ("elsewhere", False, False, "running"),
        ("elsewhere", False, True, "crashed"),
    ],
)
def test_a_run_whose_process_is_gone_has_crashed(
    host: str, dead: bool, silent: bool, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store()
    monkeypatch.setattr(liveness, "began_at", lambda _pid: None)  # these processes are younger than the silence
    began = time.time() - (SILENCE + 10 if silent else 0)
    store.catalog.runs.start(
        NewRun(
            "one",
            "p",
            "a-b",
            host=this_host() if host == "here" else "elsewhere",
            pid=dead_pid() if dead else os.getppid(),
            started_at=began,
        )
    )
    assert apparent_state(store.catalog.runs.get("one")) == expected


def test_only_dead_runs_of_this_machine_are_settled() -> None:
    store = open_store()
    gone = dead_pid()
    for run_id, host, pid in (
        ("mine", this_host(), gone),
        ("alive", this_host(), os.getpid()),
        ("far", "elsewhere", gone),
    ):
        store.catalog.runs.start(NewRun(run_id, "p", "a-b", host=host, pid=pid, started_at=time.time()))
    store.catalog.runs.start(NewRun("done", "p", "a-b", host=this_host(), pid=gone, started_at=1.0))
    store.catalog.runs.change("done", RunChanges(state="finished"))
    assert [record.id for record in settle_dead_runs(store)] == ["mine"]
    states = {run_id: store.catalog.runs.get(run_id).state for run_id in ("mine", "alive", "far", "done")}
    assert states == {"mine": "crashed", "alive": "running", "far": "running", "done": "finished"}
