"""Panels in frames as VS Code and Colab give them: another origin around, a security policy, their themes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.frames import THEMES, Frames

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Frame, Locator

pytestmark = pytest.mark.browser

SCENES = ["card/opened", "table/many", "artifact/overview", "lineage/tutorial", "examples/few", "run/charts"]
# What the policy refused since the frame was loaded.
WATCH = """() => { window.REFUSED = []; addEventListener("securitypolicyviolation", (event) =>
  window.REFUSED.push(`${event.effectiveDirective} ${event.blockedURI}`)); }"""


@pytest.fixture
def frames(browser: Browser, dev_page: Path) -> Iterator[Frames]:
    """Return a page that is answered by the test alone; on it no script fails, and it asks nobody else."""
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    page.add_init_script(f"({WATCH})()")
    opened = Frames(page, dev_page.read_text(encoding="utf-8"))
    yield opened
    page.close()
    assert opened.errors == []
    assert opened.refused == []


def panel(frame: Frame, kind: str) -> Locator:
    """Return the first panel of a kind."""
    return frame.locator(f"section.ja-{kind}").first


def view(frame: Frame, scene: str, key: str) -> object:
    """Return what Python would read of a panel's view."""
    return frame.evaluate("([scene, key]) => window.JA_MODELS[scene].get('view')[key]", [scene, key])


def act(frame: Frame) -> None:
    """Do in each panel what asks the kernel or tells Python, and see that it was heard."""
    panel(frame, "card").get_by_role("button", name="Files").click()
    expect(panel(frame, "card")).not_to_contain_text("model.pt")
    panel(frame, "table").get_by_role("searchbox").fill("type:raw-data")
    expect(panel(frame, "table").locator("tbody tr").first).to_contain_text("mnist-raw")
    panel(frame, "artifact").get_by_role("tab", name=re.compile("Metadata")).click()
    expect(panel(frame, "artifact")).to_contain_text("optimizer")
    panel(frame, "lineage").locator(".ja-node").filter(has_text="gentle-cloud").click()
    assert view(frame, "lineage/tutorial", "selected") == "run:d"
    panel(frame, "examples").locator(".ja-tile").nth(1).dblclick()
    expect(panel(frame, "examples").locator("aside table tr")).to_have_count(10)
    panel(frame, "run").get_by_role("radio", name="Time").click()
    assert view(frame, "run/charts", "axis") == "time"


@pytest.mark.parametrize("theme", list(THEMES))
def test_in_vs_code(frames: Frames, theme: str, screenshots: Path) -> None:
    frame = frames.vscode(theme, ",".join(SCENES))
    background, text, _, border, _ = THEMES[theme]
    expected = "light" if theme.endswith("light") else "dark"
    for panel_ in frame.locator("section.ja").all():
        expect(panel_).to_have_attribute("data-theme", expected)
        colours = panel_.evaluate("e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]")
        assert colours == [rgb(background), rgb(text)]
        if "high-contrast" in theme:
            expect(panel_).to_have_css("border-top-color", rgb(border))
        assert panel_.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    act(frame)
    frames.page.set_viewport_size({"width": 1000, "height": 3200})
    frames.page.screenshot(path=screenshots / f"vscode-{theme}.png")
    # A worker for long layouts may be refused: the layout is then made without one.
    assert [each for each in frame.evaluate("window.REFUSED") if not each.startswith("worker-src")] == []


def rgb(colour: str) -> str:
    """Return a colour as a browser says it."""
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


def test_where_a_policy_refuses_blobs_as_pictures_the_rest_goes_on(frames: Frames) -> None:
    frame = frames.vscode("vscode-dark", "examples/few", pictures=False)
    grid = panel(frame, "examples")
    grid.locator(".ja-tile").nth(1).click()
    assert view(frame, "examples/few", "selected") == [1]
    expect(grid.locator(".ja-tile").nth(1)).to_contain_text("→")
    assert frame.evaluate("window.REFUSED.every((each) => each.startsWith('img-src blob'))")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_in_colab_each_cell_stands_alone(frames: Frames, theme: str, screenshots: Path) -> None:
    cells = ["table/many", "lineage/tutorial", "table/few"]
    table, graph, second = frames.colab(theme, cells)
    for frame in (table, graph, second):
        expect(frame.locator("section.ja")).to_have_attribute("data-theme", theme)
        assert frame.locator("section.ja").evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    table.locator("tbody tr").nth(2).locator("td").last.click()
    assert len(view(table, "table/many", "selected")) == 1  # type: ignore[arg-type]  # a list of ids
    assert view(second, "table/few", "selected") in ([], None)
    graph.get_by_role("radio", name="Grouped").click()
    expect(graph.locator(".ja-node").first).to_be_visible()
    assert frames.page.evaluate("Object.keys(window).filter((name) => name.startsWith('JA_'))") == []
    frames.page.screenshot(path=screenshots / f"colab-{theme}.png", full_page=True)
