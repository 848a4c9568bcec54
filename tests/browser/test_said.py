"""What is said to who does not see it: every action that changes what is shown, and leaves the focus where it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.browser.keyboard import Keyboard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

# Every text that a live region has held since, as a reader of the screen hears it.
LISTEN = """() => {
  window.JA_SAID = [];
  const hear = (changes) => {
    for (const { target, addedNodes } of changes)
      for (const node of [target, ...addedNodes]) {
        const element = node.nodeType === 1 ? node : node.parentElement;
        const region = element?.closest("section.ja [role=status], section.ja [role=alert]");
        if (region) window.JA_SAID.push(region.innerText.trim());
      }
  };
  new MutationObserver(hear).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""
MOVE = """(part) => {
  const [model] = Object.values(window.JA_MODELS);
  model.set("view", {...model.get("view"), ...part});
}"""
HEARD = "([from, text]) => window.JA_SAID.slice(from).some((said) => new RegExp(text).test(said))"


class Act(NamedTuple):
    """What is done: keys (see `Keyboard.do`), a view that Python sets, or a script; and what is said of it."""

    what: str
    done: tuple[str, ...] | dict[str, Any] | str
    said: str


BUSY = "() => { const [model] = Object.values(window.JA_MODELS); model.alive = false; }"
BACK = """() => {
  const [model] = Object.values(window.JA_MODELS);
  model.alive = true;
  model.post({v: model.get("protocol"), kind: "changed", revision: 7});
}"""
GONE = """() => {
  const [model] = Object.values(window.JA_MODELS);
  model.send = () => { throw new Error("no comm"); };
}"""
TABLES: dict[str, list[Act]] = {
    "card/logged": [Act("copies", ("> Copy", "Enter"), "^Copied$"), Act("copies again", ("Enter",), "^Copied$")],
    "table/few": [
        Act("sorts", ("> mnist-val", "ArrowUp", "Enter"), "^5 versions, by Name, lowest first"),
        Act("turns the order", ("Enter",), "^5 versions, by Name, highest first"),
        Act("filters", ("> Filter", "= type:model", "Enter"), r"^\d+ rows? found, by Name"),
        Act("clears the filter", ("Control+a", "Delete", "Enter"), "^5 versions, by Name"),
        Act("Python sorts", {"sort": "size"}, "^5 versions, by Size"),
        Act("shows a column", {"columns": ["accuracy"]}, "^Metadata columns: accuracy"),
        Act("hides it", {"columns": []}, "^No metadata columns"),
        Act("selects", ("> Columns", "Tab", "ArrowDown", "Space"), r"^\d versions? selected, row \d of 5"),
        Act("opens", ("Enter",), r"^\S+:v\d+ opened"),
        Act("closes and lets go", ("Escape",), "Nothing is selected"),
        Act("compares", {"selected": [1, 2], "compared": True}, r"^\S+:v\d+ and \S+:v\d+ compared"),
        Act("filters the files", ("> All that differ", "ArrowRight"), "^Added: "),
        Act("closes the comparison", ("> Close", "Enter"), "^Closed"),
        Act("copies", ("> Copy a Python", "Enter"), "^Copied$"),
        Act("lets go", ("> Clear", "Enter"), "Nothing is selected"),
        Act("shows collections", ("> Versions", "ArrowLeft"), "^46 collections"),
        Act("makes the kernel busy", BUSY, ""),
        Act("waits for it", {"level": "versions", "query": "cnn"}, "^The kernel is busy"),
        Act("hears of it again", BACK, "^The kernel answers again"),
        Act("loses the kernel", GONE, ""),
        Act("asks it", {"query": "mnist"}, "not running. This is the last known state"),
    ],
    "artifact/files": [
        Act("filters the files", ("> Find in Files", "= train"), r"^\d+ (rows?|files?)|of [\d,]+ files"),
        Act("opens a file", ("Tab", "End", "Enter"), "opened$"),
    ],
    "artifact/metadata": [Act("finds a key", ("> Find", "= adam"), r"^\d+ rows?")],
    "artifact/versions": [
        Act("adds an alias", ("> Edit", "Enter", "= champion", "Enter"), "^Alias champion added"),
        Act("removes one", ("> Remove alias", "Enter"), "^Alias .* removed"),
    ],
    "lineage/tutorial": [
        Act("lets go", {"selected": None}, "Nothing is selected"),
        Act("selects", {"selected": "run:d"}, "gentle-cloud-4 selected, 2 inputs, 1 output|gentle-cloud-4 selected"),
        Act("groups", {"level": "grouped"}, r"Grouped: \d+ of \d+ nodes"),
        Act("explodes", {"level": "exploded"}, "Exploded: 10 of 10 nodes shown"),
        Act("turns", {"direction": "down"}, "Top to bottom"),
        Act("focuses", {"focus": "artifact:4", "up": 1, "down": 1}, r"Lineage of \S+, Exploded.*: \d+ of 10 nodes"),
        Act("lists", {"list": True}, "List: "),
        Act("exports", ("> Export", "Enter", "ArrowDown", "ArrowDown", "Enter"), r"^lineage\.\w+ saved"),
        Act("copies", ("> Export", "Enter", "End", "Enter"), "^Line of Python copied"),
    ],
    "examples/few": [
        Act("selects", ("> 9.80", "Space"), "^1 example selected"),
        Act("enlarges", ("Enter",), r"^Example [\d,]+ enlarged: true \d, predicted \d"),
        Act("closes and lets go", ("> Close", "Enter", "> Clear", "Enter"), "Nothing is selected"),
        Act("turns the order", ("> turn round", "Enter"), "examples shown, by loss, lowest first"),
        Act("sorts", {"sort": "margin"}, "examples shown, by margin, lowest first"),
        Act("shows the wrong only", {"wrong_only": True}, r"^\d+ examples? shown"),
        Act("opens the matrix", ("> Confusion", "Enter"), "^Confusion matrix shown"),
        Act("filters by a cell", {"label": 4, "predicted": 9}, r"^\d+ examples? shown, true 4, predicted 9"),
        Act("closes the matrix", ("> Confusion", "Enter"), "^Confusion matrix closed"),
    ],
    "run/compared": [
        Act("turns to time", ("> Step", "ArrowRight"), "^Charts over time, smoothed by 0.60"),
        Act("turns to log", ("> Log", "Space"), "^Charts over time, log scale, smoothed by 0.60"),
        Act("smoothes", ("> Smoothing", "ArrowRight"), "smoothed by 0.61"),
        Act("hides a run", ("> brisk-fox-42", "Space"), "^2 of 3 runs drawn"),
        Act("reads numbers off", ("> train/loss", "ArrowRight"), "train/loss, time .*: sunny-smoke-41"),
    ],
    "diff/text": [
        Act("closes the file", ("> Close the file", "Enter"), "^File closed"),
        Act("opens another", ("> config.json", "ArrowDown", "Enter"), "^curves/loss.csv: rows by 'epoch'"),
        Act("shows what was added", {"shown": "added"}, "^Added: 1 file"),
        Act("filters", {"shown": "differ", "query": "json"}, "^All that differ: 1 file"),
    ],
    "diff/many": [Act("loads more", ("> Load", "Enter"), r"^All that differ: .* files?$")],
}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Return a page that may copy."""
    context = browser.new_context(viewport={"width": 1060, "height": 900})
    context.grant_permissions(["clipboard-write"])
    yield context.new_page()
    context.close()


def shown(page: Page, dev_page: Path, scene: str, language: str = "en") -> Keyboard:
    """Open a scene and listen."""
    page.goto(f"{dev_page.as_uri()}?only={scene}&width=1000&lang={language}")
    page.wait_for_function("window.JA_READY === true")
    page.wait_for_timeout(200)
    page.evaluate(LISTEN)
    hands = Keyboard(page)
    hands.begin()
    return hands


@pytest.mark.parametrize("scene", list(TABLES))
def test_what_changes_is_said(page: Page, dev_page: Path, scene: str) -> None:
    hands = shown(page, dev_page, scene)
    wrong: list[str] = []
    for act in TABLES[scene]:
        before = page.evaluate("window.JA_SAID.length")
        try:
            if isinstance(act.done, dict):
                page.evaluate(MOVE, act.done)
            elif isinstance(act.done, str):
                page.evaluate(act.done)
            else:
                hands.do(act.done)
            if act.said:
                page.wait_for_function(HEARD, arg=[before, act.said], timeout=4000)
        except Exception as error:  # noqa: BLE001  all rows are tried, and all that fail are told
            heard = page.evaluate("from => window.JA_SAID.slice(from)", before)
            wrong.append(f"{act.what}: {str(error).splitlines()[0][:100]}: said {heard!r}, not {act.said!r}")
    assert not wrong, "\n".join(wrong)


def test_it_is_said_in_japanese(page: Page, dev_page: Path) -> None:
    shown(page, dev_page, "run/compared", "ja")
    page.evaluate(MOVE, {"axis": "time", "hidden": ["b2"]})
    page.wait_for_function(HEARD, arg=[0, "横軸は時間"], timeout=4000)
    page.wait_for_function(HEARD, arg=[0, "3 件中 2 件の実行を描画"], timeout=4000)
    spoken = page.evaluate("window.JA_SAID.join(' ')")
    assert not re.search("Charts|drawn", spoken)
