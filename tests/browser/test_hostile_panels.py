"""Hostile texts in every trait and answer of every panel: nothing runs, nothing is fetched, text is shown as text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from tests.browser.hostile import CORPUS, ORIGIN, Sealed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

# A scene of each panel that shows much, and what opens more of it.
SCENES = {
    "card": ("opened", ()),
    "table": ("many", ()),
    "artifact": ("overview", ()),
    "lineage": ("tutorial", ()),
    "examples": ("few", (".ja-tile",)),
    "run": ("charts", ()),
    "diff": ("text", ()),
}
SPOIL = """async ([scene, texts, begin, end]) => {
  const found = [];
  const root = document.querySelector("section.ja");
  for (let start = begin; start < end; start += 4) {
    await hostile.spoil(scene, texts, start);
    for (const harm of hostile.harm(root)) found.push(`${start}: ${harm}`);
  }
  return found;
}"""


@pytest.fixture
def sealed(browser: Browser) -> Iterator[Sealed]:
    """Return a page that ends with nothing asked for and nothing thrown."""
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    opened = Sealed(page)
    yield opened
    page.close()
    opened.check()


def show(sealed: Sealed, dev_page: Path, kind: str) -> str:
    """Show a panel alone; return its scene's name."""
    scene = f"{kind}/{SCENES[kind][0]}"
    sealed.open(dev_page.read_text(encoding="utf-8"), query=f"?only={scene}&width=1000")
    sealed.page.wait_for_function("window.JA_READY === true")
    sealed.page.wait_for_timeout(100)
    return scene


def harm(page: Page) -> Any:
    """Return what is wrong with what is drawn."""
    return page.evaluate("hostile.harm(document.querySelector('section.ja'))")


def test_every_panel_is_in_the_table(repository: Path) -> None:
    kinds = {path.stem for path in (repository / "js" / "src" / "entries").glob("*.ts")}
    assert kinds == SCENES.keys()


@pytest.mark.parametrize("kind", list(SCENES))
def test_every_text_of_the_corpus_at_every_place(sealed: Sealed, dev_page: Path, kind: str) -> None:
    scene = show(sealed, dev_page, kind)
    assert sealed.page.evaluate(SPOIL, [scene, CORPUS, 0, len(CORPUS)]) == []
    for text in ("<script>window.JA_PWNED=1</script>", "مجموعة-البيانات:v3"):
        sealed.page.evaluate(SPOIL, [scene, [text], 0, 1])
        sealed.page.wait_for_function(
            "text => { const root = document.querySelector('section.ja');"
            "const said = [...root.querySelectorAll('[title],[aria-label]')];"
            "const words = root.textContent + said.map(e => e.title + e.getAttribute('aria-label'));"
            "return words.includes(text); }",
            arg=text[:20],
            timeout=5000,
        )
    sealed.page.evaluate("([scene, texts]) => hostile.spoilView(scene, texts)", [scene, CORPUS])
    assert harm(sealed.page) == []


@pytest.mark.parametrize("kind", list(SCENES))
def test_everything_pressed_while_all_texts_are_hostile(sealed: Sealed, dev_page: Path, kind: str) -> None:
    page = sealed.page
    scene = show(sealed, dev_page, kind)
    page.evaluate(SPOIL, [scene, CORPUS[:26], 3, 4])
    root = page.locator("section.ja")
    for selector in SCENES[kind][1]:
        root.locator(selector).first.dblclick()
    pressed, found = page.evaluate("hostile.press(document.querySelector('section.ja'), 60)")
    assert found == []
    assert pressed >= 3


def test_exports_of_a_hostile_graph_are_inert(browser: Browser, sealed: Sealed, dev_page: Path, tmp_path: Path) -> None:
    page = sealed.page
    scene = show(sealed, dev_page, "lineage")
    plain = made = export(page, tmp_path)
    # Ten nodes: the corpus goes through in handfuls.
    for start in range(0, len(CORPUS), 24):
        page.evaluate(SPOIL, [scene, CORPUS, start, start + 1])
        made = export(page, tmp_path)
        check_svg(made[".svg"].decode())
        assert made[".png"][:8] == b"\x89PNG\r\n\x1a\n"
        for suffix in (".mmd", ".dot"):
            lines = made[suffix].decode().split("\n")
            assert len(lines) == len(plain[suffix].decode().split("\n"))
            assert all(ord(char) >= 32 or char == "\t" for line in lines for char in line)
        assert len(json.loads(made[".json"])["nodes"]) == len(json.loads(plain[".json"])["nodes"])
    svg = made[".svg"]
    other = Sealed(browser.new_page())
    other.open(svg, "image/svg+xml")
    assert other.page.evaluate("window.JA_PWNED") is None
    other.page.wait_for_timeout(100)
    other.page.close()
    other.check()
    assert page.url.startswith(ORIGIN)


def export(page: Page, folder: Path) -> dict[str, bytes]:
    """Return the files that the panel offers, by their endings."""
    found: dict[str, bytes] = {}
    for name in ("SVG picture", "PNG picture", "Mermaid text", "DOT text", "JSON data"):
        page.get_by_role("button", name="Export").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=name).click()
        target = folder / "export"
        download.value.save_as(target)
        suffix = "." + download.value.suggested_filename.rpartition(".")[2]
        assert "/" not in download.value.suggested_filename
        found[suffix] = target.read_bytes()
    return found


def check_svg(text: str) -> None:
    """Assert that a picture has nothing but shapes and words."""
    for element in ET.fromstring(text).iter():  # noqa: S314  our own text; no DTD is in it
        assert element.tag.rpartition("}")[2] in {
            *(
                "svg",
                "g",
                "rect",
                "path",
                "text",
                "tspan",
                "title",
                "desc",
                "circle",
                "line",
                "defs",
                "marker",
                "polygon",
            ),
            *("clipPath", "style"),
        }
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert "href" not in name.lower()
            assert "url(" not in value.replace("url(#", "")
        if element.tag.endswith("style"):
            assert "@import" not in (element.text or "")
            assert "url(" not in (element.text or "")
