"""The benchmarks' machinery in its smallest form: tables come out. Nothing here looks at how long it took."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks import benchlib, datasets
from tests.benchmarks.peers.contest import drivers
from tests.benchmarks.peers.environments import NotInstallableError, interpreter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def run(module: str, words: Sequence[str], repository: Path, cache: Path) -> str:
    """Run a benchmark as a program, its data and scratch below a test's folder."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{module}", *words],
        cwd=repository,
        env={**os.environ, "JA_BENCH_CACHE": str(cache)},
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def row(text: str, name: str) -> list[str]:
    """Return the cells of a tool's row in the first table that has it."""
    lines = [line for line in text.splitlines() if line.startswith(f"| {name} ")]
    assert lines, text
    return [cell.strip() for cell in lines[0].strip("|").split("|")]


@pytest.mark.slow
def test_a_folder_is_logged_changed_and_brought_back(repository: Path, tmp_path: Path) -> None:
    words = ["--share", "0.02", "--rounds", "1", "--only", "small,big", "--peers=", "--settled", "0"]
    text = run("storage", words, repository, tmp_path)
    assert "### 10,000 files of 4 KiB, turned down" in text
    assert "failed" not in text
    assert "what came back" not in text
    assert "came back as it was" not in text
    for name in ("cp -r", "cp + fsync", "jupyter_artifacts"):
        assert "-" not in row(text, name), text


@pytest.mark.slow
def test_numbers_are_logged(repository: Path, tmp_path: Path) -> None:
    text = run("bench_log", ["--count", "200", "--rounds", "1", "--peers="], repository, tmp_path)
    assert "### 200 calls of log" in text
    assert row(text, "jupyter_artifacts")[1] == "1.00"


def test_data_is_made_once_and_some_of_it_changed(tmp_path: Path) -> None:
    tree = datasets.small_files(250, 64, parent=tmp_path)
    files = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    assert len(files) == len(set(files.values())) == 250
    assert datasets.small_files(250, 64, parent=tmp_path) == tree
    changed = datasets.change_some(tree, 0.1)
    assert len(changed) == 25
    assert all((path.read_bytes() != data) == (path in changed) for path, data in files.items())
    assert datasets.read_once(tree) == 250 * 64
    assert datasets.read_once(datasets.big_file(2, parent=tmp_path)) == 2 << 20


def test_contenders_take_turns(tmp_path: Path) -> None:
    turns: list[str] = []
    contenders = {"a": lambda: turns.append("a"), "b": lambda: turns.append("b")}
    found = benchlib.side_by_side(contenders, rounds=2, where=tmp_path)
    assert turns == ["a", "b", "a", "b"]
    text = str(benchlib.table("two", found, base="a", per=1000))
    assert row(text, "a")[1] == "1.00"
    assert len(row(text, "b")) == 8


def test_a_copy_is_the_copy_of_its_source(tmp_path: Path) -> None:
    tree = datasets.small_files(3, 10, parent=tmp_path)
    with benchlib.scratch(tmp_path) as folders:
        for copy in (benchlib.copy, benchlib.copy_and_flush):
            target = folders.new()
            copy(tree, target)
            assert datasets.read_once(target) == 30
        root = folders.root
    assert not root.exists()


def test_a_peer_that_cannot_be_had_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    borg = next(driver for driver in drivers() if driver.title == "borg")
    with pytest.raises(NotInstallableError, match="no program 'borg'"):
        interpreter(borg)
