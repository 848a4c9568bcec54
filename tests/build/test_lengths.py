"""No file grows past what one sitting can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 500
WRITTEN_BY_HAND = {".py", ".ts", ".tsx", ".css", ".mjs", ".cjs", ".js", ".sh", ".sql"}
NOT_OURS = {"node_modules", "static", "__pycache__", "coverage", "dist"}


def own_files(repository: Path) -> list[Path]:
    """List the sources that people read."""
    found = [repository / "hatch_build.py"]
    for folder in ("jupyter_artifacts", "tests", "js", ".ci"):
        found += [
            path
            for path in (repository / folder).rglob("*")
            if path.suffix in WRITTEN_BY_HAND
            and ".gen." not in path.name  # its sources are read instead
            and not NOT_OURS.intersection(path.relative_to(repository).parts)
        ]
    return found


def test_no_file_is_longer_than_500_lines(repository: Path) -> None:
    lengths = {path: path.read_bytes().count(b"\n") for path in own_files(repository)}
    assert len(lengths) > 10, "the walk found next to nothing: is the layout still the same?"
    too_long = {str(path.relative_to(repository)): length for path, length in lengths.items() if length > LIMIT}
    assert not too_long
