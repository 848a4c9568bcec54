from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_artifacts.magics.globs import fixed_folder, has_wildcard, shell_glob


@pytest.mark.parametrize(
    ("pattern", "folder"),
    [("*.pt", "."), ("out/*.pt", "out"), ("out/**/a.pt", "out"), ("a/b[0-9]/c/*.pt", "a"), ("/data/x/*", "/data/x")],
)
def test_the_fixed_part_ends_before_the_first_wildcard(pattern: str, folder: str) -> None:
    assert fixed_folder(pattern) == Path(folder)
    assert has_wildcard(pattern)


def test_the_shells_rules(tmp_path: Path) -> None:
    for name in ("a.pt", ".hidden.pt", "deep/b.pt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert shell_glob("*.pt") == ["a.pt"]
    assert shell_glob("**/*.pt") == ["a.pt", "deep/b.pt"]
    assert not has_wildcard("a.pt")
