"""The table of W&B's calls is what the conformance tests show, nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance import support

ROOT = support.HERE.parent.parent


@pytest.fixture(scope="module")
def block() -> str:
    """Given the table as the command prints it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance.support"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("path", ["tests/conformance/SUPPORT.md", "README.md"])
def test_the_table_that_is_printed_is_the_one_in_the_documents(block: str, path: str) -> None:
    text = Path(ROOT, path).read_text(encoding="utf-8")
    if support.BEGIN not in text:
        assert path == "README.md", "SUPPORT.md holds the table"
        return
    shown = text.partition(support.BEGIN)[2].partition(support.END)[0].strip()
    assert shown == block, "run: python -m tests.conformance.support --write"


def test_every_line_names_a_call_and_what_is_here(block: str) -> None:
    lines = [line for line in block.splitlines() if line.startswith("| `")]
    assert len(lines) > 20
    assert all(line.count("|") == 3 for line in lines)
    assert "`run.link_artifact`" in block


def test_a_difference_is_said_once_and_a_refusal_wins() -> None:
    call = support.Call(differences=["a", "a", "b"])
    assert call.support == "a; b"
    call.refused = "not here"
    assert call.support == "not here"
    assert support.Call().support == support.EXACT
