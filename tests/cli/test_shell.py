"""Completion, asked of a real bash."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_artifacts.cli.main import main

BIN = str(Path(sys.executable).parent)


@pytest.fixture
def named(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.txt").write_text("hello")
    assert main(["put", "a.txt", "-n", "demo/raw", "-a", "best"]) == 0
    capsys.readouterr()


@pytest.mark.usefixtures("named")
def test_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["names"]) == 0
    assert capsys.readouterr().out.split() == ["demo/raw", "demo/raw:latest", "demo/raw:best"]
    assert main(["names", "-p", "demo", "raw:b"]) == 0
    assert capsys.readouterr().out.split() == ["raw:best"]


def test_names_without_a_store(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["names"]) == 0
    assert capsys.readouterr().out == ""
    assert not Path(".jupyter_artifacts").exists()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["sh"], {"show"}),
        (["gc", "--d"], {"--dry-run"}),
        (["show", "demo/raw:b"], {"demo/raw:best"}),
        (["put", "a."], {"a.txt"}),
    ],
)
@pytest.mark.usefixtures("named")
@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_bash_completes(typed: list[str], offered: set[str]) -> None:
    words = ["jupyter-artifacts", *typed]
    script = f"""
eval "$(jupyter-artifacts completion bash)"
function=$(complete -p jupyter-artifacts | sed 's/.*-F \\([^ ]*\\).*/\\1/')
COMP_WORDS=({" ".join(words)}); COMP_CWORD={len(typed)}
"$function" jupyter-artifacts "{words[-1]}" "{words[-2]}"
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert set(done.stdout.split()) == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh", "fish"])
def test_every_shell_has_a_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert "jupyter-artifacts" in capsys.readouterr().out
