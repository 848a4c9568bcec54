"""A file that uses the package as a user would is typed throughout: completion in an editor is right."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.conformance.support import HERE

if TYPE_CHECKING:
    from pathlib import Path

ROOT = HERE.parent.parent


def mypy(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run mypy as the repository's configuration says."""
    command = [sys.executable, "-m", "mypy", "--strict", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_users_file_passes_mypy_strict() -> None:
    done = mypy("tests/conformance/typed_user.py")
    assert done.returncode == 0, done.stdout


def test_a_wrong_use_is_seen(tmp_path: Path) -> None:
    wrong = "import jupyter_artifacts as wandb\nwandb.init(projekt='p')\nwandb.Artifact('a', type=1)\n"
    file = tmp_path / "wrong_user.py"
    file.write_text(wrong)
    done = mypy(str(file))
    assert "projekt" in done.stdout
    assert "incompatible type" in done.stdout
