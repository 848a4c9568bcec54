"""What the documents name exists, and what they show is Python."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts._version import __version__

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md")
TOP = ("jupyter_artifacts/", "js/", "tests/", "notebooks/", ".ci/")
QUOTED = re.compile(r"`([^`\s]+)`")
MAGIC = re.compile(r"^\s*[%!].*$", re.MULTILINE)


def prose(repository: Path, name: str) -> str:
    """Return a document without its code blocks."""
    text = (repository / name).read_text(encoding="utf-8")
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paths_that_a_document_names_exist(repository: Path, name: str) -> None:
    named = [path for path in QUOTED.findall(prose(repository, name)) if path.startswith(TOP)]
    assert [path for path in named if not any(c in path for c in "*<{") and not (repository / path).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_that_a_document_names_are_in_the_makefile(repository: Path, name: str) -> None:
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    text = (repository / name).read_text(encoding="utf-8")
    assert set(re.findall(r"\bmake ([a-z][a-z-]+)`", text)) <= targets


@pytest.mark.parametrize("name", DOCUMENTS)
def test_python_that_a_document_shows_can_be_parsed(repository: Path, name: str) -> None:
    text = (repository / name).read_text(encoding="utf-8")
    for block in re.findall(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL):
        assert ast.parse(MAGIC.sub("", block), filename=name) is not None


def test_the_changelog_knows_this_version(repository: Path) -> None:
    assert f"\n## {__version__}" in (repository / "CHANGELOG.md").read_text(encoding="utf-8")
