"""What reaches the page: no address but our own, no code from strings, and few bytes.

anywidget sends the whole bundle with every widget, so bytes are counted once per panel shown.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

# Bytes as they are sent, since neither the comm nor a saved notebook compresses them: js/budget.json.

ADDRESS = re.compile(r"""(?:https?|wss?):\\?/\\?/[^\s"'`)\\]*|(?<=["'`(])//[\w-]+\.[^\s"'`)]*""")
NAMESPACE = re.compile(r"http://www\.w3\.org/(?:1999/xhtml|1999/xlink|2000/svg|1998/Math/MathML|2000/xmlns/)")
REACHES_OUT = re.compile(
    r"\b(?:fetch|importScripts|import|XMLHttpRequest|WebSocket|EventSource|sendBeacon)\s*\("
    r"|new\s+(?:XMLHttpRequest|WebSocket|EventSource|Worker|SharedWorker)\b"
)
# A worker whose script is made on the page, of code that lies in the bundle: it asks nobody for anything.
WORKER_FROM_BLOB = re.compile(
    r"(?P<url>\w+)=URL\.createObjectURL\(new Blob\(\[`[^`]*`\],\{type:\"text/javascript\"\}\)\);"
    r"return new Promise\(\(\w+,\w+\)=>\{const \w+=new Worker\((?P=url)\)"
)
# The stub evaluates the chunks that the kernel's widgets carry, as the widgets' host does with the stub.
CHUNK_FROM_BLOB = re.compile(r"(?P<url>\w+)=\w+\[\w+\]\?\?=URL\.createObjectURL\(.*?await\(?import\((?P=url)\)")
CODE_FROM_TEXT = re.compile(r"(?<![\w.$])eval\s*\(|new\s+Function\s*\(|\bdocument\.write\b")
MARKUP_FROM_TEXT = re.compile(r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML)\b")
CSS_REACHES_OUT = re.compile(r"@import\b|url\(\s*[\"']?(?!data:|#)[^)]*")


@pytest.fixture(scope="module")
def scripts(repository: Path) -> list[Path]:
    """Return the built modules."""
    return built(repository, "js")


@pytest.fixture(scope="module")
def styles(repository: Path) -> list[Path]:
    """Return the built style sheets."""
    return built(repository, "css")


def built(repository: Path, suffix: str) -> list[Path]:
    """List the bundles, which must have been made."""
    found = sorted((repository / "jupyter_artifacts" / "panels" / "static").glob(f"*.{suffix}"))
    assert found, "no bundles: `make setup` builds them"
    return found


def addresses(text: str) -> list[str]:
    """List the addresses in a text, XML namespaces aside."""
    return [found for found in ADDRESS.findall(text) if not NAMESPACE.fullmatch(found)]


def test_scripts_name_no_address_and_ask_the_network_nothing(scripts: list[Path]) -> None:
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        assert addresses(text) == [], path.name
        made_here = CHUNK_FROM_BLOB if path.name == "stub.js" else WORKER_FROM_BLOB
        assert REACHES_OUT.findall(made_here.sub("", text)) == [], path.name
        assert CODE_FROM_TEXT.findall(text) == [], path.name


def test_style_sheets_load_nothing(styles: list[Path]) -> None:
    for path in styles:
        text = path.read_text(encoding="utf-8")
        assert addresses(text) == [], path.name
        assert CSS_REACHES_OUT.findall(text) == [], path.name


def test_our_sources_never_make_markup_from_text(repository: Path) -> None:
    sources = list((repository / "js" / "src").rglob("*.ts*"))
    assert sources
    found = {
        str(path.relative_to(repository)): MARKUP_FROM_TEXT.findall(path.read_text(encoding="utf-8"))
        for path in sources
    }
    assert {name: words for name, words in found.items() if words} == {}


def test_bundles_keep_their_budget(repository: Path, scripts: list[Path], styles: list[Path]) -> None:
    budget = json.loads((repository / "js" / "budget.json").read_text())
    for path in [*scripts, *styles]:
        allowed = budget.get(path.stem, budget["each"])[path.suffix[1:]]
        assert path.stat().st_size <= allowed, path.name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('let a="https://cdn.example.org/x.js"', ["https://cdn.example.org/x.js"]),
        ('let a="wss://example.org"', ["wss://example.org"]),
        ('let a="//cdn.example.org/x.js"', ["//cdn.example.org/x.js"]),
        ('let a="http://www.w3.org/2000/svg"', []),
        ("let a=1//2", []),
    ],
)
def test_the_search_for_addresses_finds_them(text: str, expected: list[str]) -> None:
    assert addresses(text) == expected
