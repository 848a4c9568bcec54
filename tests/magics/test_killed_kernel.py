"""A kernel that is killed in the middle of a tracked cell: the next one finds its run and closes it."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as ja
from tests.magics.conftest import environment_of_kernels
from tests.magics.kernels import Kernel

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.notebook

LOAD = "%load_ext jupyter_artifacts\nimport jupyter_artifacts as ja"
FIRST = "%%log_artifact numbers -t dataset -v x\nx = [1, 2]"


def test_a_killed_kernel_is_found_at_the_next_load(tmp_path: Path) -> None:
    first = Kernel(tmp_path, environment_of_kernels())
    first.run(LOAD)
    first.run(FIRST)
    first.send("%%log_artifact numbers -v x\nx = [3]\nimport time\nopen('begun', 'w').close()\ntime.sleep(300)")
    until = time.monotonic() + 30
    while not (tmp_path / "begun").exists() and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(first.pid, 9)
    first.kill()

    api = ja.Api(store=tmp_path / ".jupyter_artifacts")
    second = Kernel(tmp_path, environment_of_kernels())
    answer = second.run("%load_ext jupyter_artifacts")
    lost = max(api.runs(), key=lambda run: run.record.sequence)
    assert (
        answer.text
        == f"run {lost.name} did not end: its kernel is gone. It is marked as crashed; what it had logged is kept.\n"
    )
    assert lost.record.state == "crashed"
    assert api.artifact("numbers:latest").version == "v0"
    assert second.run("import jupyter_artifacts as ja\n" + "x = 1").status == "ok"
    assert second.run("%%log_artifact numbers -v x\nx = [3]").status == "ok"
    assert api.artifact("numbers:latest").version == "v1"
    assert ja.verify(store=tmp_path / ".jupyter_artifacts", data=True) == []
    assert second.run("%reload_ext jupyter_artifacts").text == ""
    second.close()
