"""Whose runs are still going on: processes that are gone, and numbers that went to others."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.records import NewRun
from jupyter_artifacts.tracking.liveness import SILENCE, apparent_state, began_at, settle_dead_runs, this_host

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_artifacts.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "store")


def test_when_a_process_began() -> None:
    before = time.time()
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    began = began_at(child.pid)
    child.communicate(b"\n")
    if began is None:
        pytest.skip("this system does not tell")
    assert before - 2 < began < time.time() + 2
    assert began_at(child.pid) is None


@pytest.mark.parametrize(
    ("host", "pid", "silent", "state"),
    [
        (this_host(), os.getpid(), 0, "running"),
        (this_host(), os.getpid(), 10**9, "crashed"),
        (this_host(), 2**22 + 1, 0, "crashed"),
        ("elsewhere", 1, 0, "running"),
        ("elsewhere", 1, SILENCE + 60, "crashed"),
    ],
    ids=["own", "a number that is ours now", "nobody", "another machine", "another machine, silent"],
)
def test_states(store: Store, host: str, pid: int, silent: float, state: str) -> None:
    begun = store.catalog.runs.start(NewRun("r1", "p", "s", host=host, pid=pid, started_at=time.time()))
    record = replace(begun, heartbeat_at=time.time() - silent)
    assert apparent_state(record) == state


def test_settling_leaves_what_goes_on(store: Store, tmp_path: Path) -> None:
    with ja.init(store=tmp_path / "store") as own:
        store.catalog.runs.start(NewRun("gone", "p", "s", host=this_host(), pid=2**22 + 1, started_at=time.time()))
        assert [record.id for record in settle_dead_runs(store)] == ["gone"]
        assert store.catalog.runs.get(own.id).state == "running"
    assert settle_dead_runs(store) == []
