"""A look into a catalog without opening the store."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.peek import may_have_running
from jupyter_artifacts.store.records import RunChanges
from jupyter_artifacts.testing.publications import run

if TYPE_CHECKING:
    from pathlib import Path


def test_running_runs_are_seen(tmp_path: Path) -> None:
    folder = tmp_path / "a #store%"
    with open_store(folder) as store:
        assert not may_have_running(str(folder))
        store.catalog.runs.start(run())
        assert may_have_running(str(folder)), "while the store is open too"
        store.catalog.runs.change("r1", RunChanges(state="finished"))
        assert not may_have_running(str(folder))
        store.catalog.runs.start(run("r2"))
    assert may_have_running(str(folder))


def test_what_cannot_be_told_is_left_to_others(tmp_path: Path) -> None:
    assert may_have_running(str(tmp_path))
    (tmp_path / "catalog.db").write_bytes(b"no database" * 1000)
    assert may_have_running(str(tmp_path))


def test_sqlalchemy_is_not_imported(tmp_path: Path) -> None:
    open_store(tmp_path / "store").close()
    code = (
        "import sys; from jupyter_artifacts.store.peek import may_have_running\n"
        "assert not may_have_running(sys.argv[1]); assert 'sqlalchemy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "store")], check=True)
