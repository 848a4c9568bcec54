"""Whatever is said has its Japanese, where the page or the kernel looks for it."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.words.dictionary import FOLDER, SHARED, everything, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "js" / "src"
PACKAGE = ROOT / "jupyter_artifacts"

_TEXT = r'"((?:[^"\\]|\\.)*)"'
_SAID = re.compile(rf"(?:\b(?:say|mix)\(\s*|/\* say \*/ ){_TEXT}")
# The noun may be chosen on the spot: `count(n, a ? "run" : "artifact")`.
_COUNTED = re.compile(rf"(?<![.\w])count\((?:[^()\"]|\([^()]*\))*?,\s*{_TEXT}(?:,\s*{_TEXT})?")


def said_in_page(text: str) -> set[str]:
    """Return the keys in TypeScript source."""
    keys = {json.loads(f'"{found}"') for found in _SAID.findall(text)}
    return keys | {f"{{n}} {nouns or noun + 's'}" for noun, nouns in _COUNTED.findall(text)}


def said_in_python(text: str) -> Iterator[str]:
    """Yield the keys in Python source: of say, mixed, counted and words.count."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in {"say", "mixed"} and texts:
            yield texts[0]
        elif texts and (name == "counted" or (name == "count" and len(node.args) > len(texts))):
            yield f"{{n}} {texts[1] if len(texts) > 1 else texts[0] + 's'}"


def test_the_scan_finds_what_is_said() -> None:
    page = (
        """say("a \\"b\\"") mix("by {x}", {}) [/* say */ "Files"] count(f(x).length, "file") count(2, "box", "boxes")"""
    )
    assert said_in_page(page) == {'a "b"', "by {x}", "Files", "{n} files", "{n} boxes"}
    python = 'a.count("x") + words.count(n, "file") + say("a") + words.mixed("b {c}", c=1)'
    python += ' + counted(2, "key") + counted(3, "box", "boxes")'
    assert set(said_in_python(python)) == {"a", "b {c}", "{n} files", "{n} keys", "{n} boxes"}


@pytest.mark.parametrize(
    "kind", sorted(path.name for path in SOURCES.iterdir() if path.is_dir() and path.name != "entries")
)
def test_the_page_has_every_word_of_a_panel(kind: str) -> None:
    folder = SOURCES / kind
    files = [*folder.rglob("*.ts"), *folder.rglob("*.tsx")]
    if (SOURCES / "entries" / f"{kind}.ts").exists():
        files.append(SOURCES / "entries" / f"{kind}.ts")
    said = {key for path in files for key in said_in_page(path.read_text(encoding="utf-8"))}
    if kind == "shared":
        said.remove("by {run}")  # an example in words.ts
    assert sorted(said - words_of(SHARED).keys() - words_of(kind).keys()) == []


@pytest.mark.parametrize("room", ["panels", "magics", "tracking", "cli"])
def test_the_kernel_has_every_word(room: str) -> None:
    said = {
        (key, path.name)
        for path in (PACKAGE / room).rglob("*.py")
        if path.name != "speech.py"
        for key in said_in_python(path.read_text(encoding="utf-8"))
    }
    assert sorted(pair for pair in said if pair[0] not in everything()) == []


def test_a_word_has_one_translation() -> None:
    seen: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.json")):
        for key, text in words_of(path.stem).items():
            assert text.strip(), f"{path.name}: {key}"
            assert seen.setdefault(key, text) == text, f"{path.name}: {key}"
