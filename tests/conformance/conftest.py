"""What the conformance tests share: a notebook or a script around the code, and small data."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as wandb

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a kernel that is listening."""
    shell = SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a plain Python process."""
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))


@pytest.fixture
def logged() -> Callable[..., wandb.Artifact]:
    """Log a small artifact by a run of its own; files are given as text by path."""

    def log(name: str = "data", files: dict[str, str] | None = None, **options: object) -> wandb.Artifact:
        artifact = wandb.Artifact(
            name, type=str(options.pop("type", "dataset")), metadata=options.pop("metadata", None)
        )
        for path, text in (files or {"a.txt": "hello"}).items():
            with artifact.new_file(path) as file:
                file.write(text)
        with wandb.init(project=str(options.pop("project", "p")), reinit="create_new") as run:
            return run.log_artifact(artifact, **options)  # type: ignore[arg-type]  # whatever the test passes on

    return log


@pytest.fixture
def draft() -> wandb.Artifact:
    """Given an empty draft."""
    return wandb.Artifact("data", type="dataset")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Given a folder with files, a hidden one among them, and an empty folder."""
    root = tmp_path / "tree"
    (root / "sub" / "deep").mkdir(parents=True)
    (root / "empty").mkdir()
    for path in ("a.txt", ".hidden", "sub/b.txt", "sub/deep/c.tmp"):
        (root / path).write_text(path)
    return root
