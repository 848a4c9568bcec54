"""Every panel in JupyterLab: drawn, reacting, heard by Python; its twin hidden meanwhile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.cells import CARD, CELLS, DETAIL, FOCUSED, GRID, LINEAGE, PANELS, TABLE
from tests.browser.lab import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.lab import Lab, Notebook

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet")]


@pytest.fixture(scope="module")
def notebook(browser: Browser, lab: Lab) -> Iterator[Notebook]:
    """Return a notebook that has been run from top to bottom."""
    with opened(browser, lab, "panels", CELLS) as book:
        book.run_all()
        yield book


@pytest.mark.parametrize("cell", list(PANELS), ids=PANELS.values())
def test_a_panel_is_drawn_and_its_twin_is_hidden(notebook: Notebook, cell: int) -> None:
    panel = notebook.panel(cell)
    panel.scroll_into_view_if_needed()
    expect(panel).to_be_visible()
    expect(panel).to_have_class(re.compile(rf"\bja-{PANELS[cell]}\b"))
    box = panel.bounding_box()
    assert box is not None
    assert box["height"] > 60
    expect(notebook.twin(cell)).to_be_hidden()


def test_the_card_opens_its_parts(notebook: Notebook) -> None:
    panel = notebook.panel(CARD)
    expect(panel).to_contain_text("3 files, 6.6 kB")
    panel.get_by_text("Files", exact=True).click()
    expect(panel).to_contain_text("training.bin")
    notebook.wait_for("card.view['opened']", ["files"])


def test_a_filter_that_is_typed_filters_and_python_reads_it(notebook: Notebook) -> None:
    panel = notebook.panel(TABLE)
    rows = panel.locator("tbody tr")
    expect(rows).to_have_count(7)
    panel.get_by_role("searchbox").or_(panel.get_by_role("textbox")).first.fill("type:model acc>0.965")
    expect(rows).to_have_count(2)
    notebook.wait_for("table.query", "type:model acc>0.965")
    notebook.ask("None", "table.query = ''")
    expect(rows).to_have_count(7)


def test_a_filter_that_is_not_understood_is_said(notebook: Notebook) -> None:
    panel = notebook.panel(TABLE)
    notebook.ask("None", "table.query = 'tpye:model'")
    expect(panel.get_by_role("alert")).to_contain_text("did you mean 'type'")
    notebook.ask("None", "table.query = ''")
    expect(panel.locator("tbody tr")).to_have_count(7)


def test_a_click_selects_a_row_and_python_has_its_label(notebook: Notebook) -> None:
    panel = notebook.panel(TABLE)
    rows = panel.locator("tbody tr")
    rows.filter(has_text="convnet").locator("td").last.click()
    notebook.wait_for("table.selected", ["convnet:v0"])
    notebook.ask("None", "table.selected = ['mnist-raw:v0', 'mnist-raw:v1']")
    expect(panel.locator("tbody tr[aria-selected=true]")).to_have_count(2)
    notebook.ask("None", "table.selected = []")


def test_a_head_sorts(notebook: Notebook) -> None:
    panel = notebook.panel(TABLE)
    panel.get_by_role("button", name="Size").click()
    notebook.wait_for("table.view['sort']", "size")
    order = notebook.ask("table.view['descending']")
    expect(panel.locator("tbody tr").first).to_contain_text("6.6 kB" if order else "5 B")
    notebook.ask("None", "table.view = {**table.view, 'sort': 'created', 'descending': True}")


def test_tabs_of_the_detail_ask_the_kernel(notebook: Notebook) -> None:
    panel = notebook.panel(DETAIL)
    panel.get_by_role("tab", name=re.compile("Files")).click()
    expect(panel).to_contain_text("weights.safetensors")
    notebook.wait_for("detail.tab", "files")
    notebook.ask("None", "detail.tab = 'metadata'")
    expect(panel.get_by_role("tab", name=re.compile("Metadata"))).to_have_attribute("aria-selected", "true")
    expect(panel).to_contain_text("0.969")


def test_levels_of_the_graph(notebook: Notebook) -> None:
    panel = notebook.panel(LINEAGE)
    nodes = panel.locator(".ja-node")
    expect(nodes).to_have_count(6)
    panel.get_by_role("radio", name="Exploded").or_(panel.get_by_role("button", name="Exploded")).first.click()
    notebook.wait_for("lineage.level", "exploded")
    expect(nodes).to_have_count(14)
    notebook.ask("None", "lineage.level = 'grouped'")
    expect(nodes).to_have_count(6)


def test_the_graph_turns_by_a_key_and_from_python(notebook: Notebook) -> None:
    panel = notebook.panel(LINEAGE)

    def runs_down() -> bool:
        load, made = (
            panel.locator(".ja-node").filter(has_text=name).first.bounding_box() for name in ("load", "dataset")
        )
        assert load is not None
        assert made is not None
        return made["y"] > load["y"] + load["height"]

    toggle = panel.get_by_role("button", name="Top to bottom")
    panel.locator(".ja-node[tabindex='0']").focus()
    assert not runs_down()
    notebook.page.keyboard.press("t")
    notebook.wait_for("lineage.direction", "down")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    assert runs_down()
    notebook.ask("None", "lineage.direction = 'right'")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    assert not runs_down()


def test_a_click_selects_a_node_and_the_kernel_tells_of_it(notebook: Notebook) -> None:
    panel = notebook.panel(FOCUSED)
    panel.locator(".ja-node").filter(has_text="mnist-raw").click()
    notebook.wait_for("focused.selected", "mnist-raw:v0")
    side = panel.locator("aside")
    expect(side).to_contain_text("mnist-raw:v0")
    expect(side).to_contain_text("5.6 kB")
    notebook.ask("None", "focused.selected = None")


def test_python_moves_the_focus(notebook: Notebook) -> None:
    panel = notebook.panel(FOCUSED)
    notebook.ask("None", "focused.focus = 'mnist-raw:v1'")
    expect(panel).to_contain_text("mnist-raw:v1")
    expect(panel.locator(".ja-node")).to_have_count(2)
    notebook.ask("None", "focused.focus = 'trained-model:v1'")
    expect(panel.locator(".ja-node")).to_have_count(8)


def test_examples_are_selected_and_filtered(notebook: Notebook) -> None:
    panel = notebook.panel(GRID)
    panel.scroll_into_view_if_needed()
    tiles = panel.locator(".ja-tile")
    expect(tiles.first).to_contain_text("9.80")
    tiles.nth(2).click()
    notebook.wait_for("grid.selected", [17])
    panel.get_by_text("Wrong only", exact=True).click()
    notebook.wait_for("grid.view['wrong_only']", value=True)
    expect(tiles.nth(3)).to_contain_text("8.99")
    notebook.ask("None", "grid.view = {**grid.view, 'wrong_only': False, 'selected': []}")
    expect(tiles.nth(3)).to_contain_text("9.19")


def test_an_example_is_shown_whole_with_its_probabilities(notebook: Notebook) -> None:
    panel = notebook.panel(GRID)
    panel.locator(".ja-tile").nth(1).dblclick()
    zoom = panel.locator("aside")
    expect(zoom).to_be_visible()
    expect(zoom.locator("table tr")).to_have_count(10)
    zoom.get_by_role("button", name="Close").click()
    expect(zoom).to_be_hidden()


def test_pictures_reach_the_page(notebook: Notebook) -> None:
    image = notebook.panel(GRID).locator(".ja-tile-image").first
    expect(image).to_have_css("background-image", re.compile("blob:|data:image/png"))


def test_panels_hear_of_what_is_logged(notebook: Notebook) -> None:
    rows = notebook.panel(TABLE).locator("tbody tr")
    expect(rows).to_have_count(7)
    notebook.ask("None", "log('report', 'report', {'report.txt': b'fine'}, {}, 'report', ['trained-model:v2'])")
    expect(rows).to_have_count(8)
    expect(rows.first).to_contain_text("report")


def test_two_views_of_one_panel_share_what_is_selected(notebook: Notebook) -> None:
    notebook.add_cell("table")
    notebook.run_cell(len(CELLS))
    second = notebook.panel(len(CELLS))
    expect(second).to_be_visible()
    expect(notebook.twin(len(CELLS))).to_be_hidden()
    second.locator("tbody tr").first.locator("td").last.click()
    expect(notebook.panel(TABLE).locator("tbody tr[aria-selected=true]")).to_have_count(1)
    notebook.delete_cell(len(CELLS))
    expect(notebook.panel(TABLE)).to_be_visible()


def test_a_cell_that_is_run_again_shows_a_panel_again_with_the_same_bytes(notebook: Notebook) -> None:
    notebook.save()
    before = notebook.outputs(TABLE)
    notebook.ask("None", "table.view = {**table.view, 'selected': []}")
    notebook.run_cell(TABLE)
    expect(notebook.panel(TABLE).locator("tbody tr").first).to_be_visible()
    expect(notebook.twin(TABLE)).to_be_hidden()
    notebook.run_cell(TABLE)
    notebook.panel(TABLE).get_by_role("button", name="Size").click()
    notebook.wait_for("table.view['sort']", "size")
    notebook.run_cell(TABLE)
    once = notebook.outputs(TABLE)
    notebook.run_cell(TABLE)
    assert once == notebook.outputs(TABLE)
    assert before[0] == once[0]


def test_a_restarted_kernel_leaves_the_last_state_readable(notebook: Notebook) -> None:
    panel = notebook.panel(DETAIL)
    notebook.restart_kernel()
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("trained-model:v1")
    notebook.run_all()
    expect(notebook.panel(TABLE).locator("tbody tr").first).to_be_visible()
    notebook.wait_for("table.view['selected']", [])


@pytest.mark.parametrize("width", [600, 1400])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_panels_fit_their_width_in_both_themes(notebook: Notebook, screenshots: Path, theme: str, width: int) -> None:
    notebook.page.set_viewport_size({"width": width, "height": 1000})
    notebook.theme(theme)
    for cell, kind in PANELS.items():
        panel = notebook.panel(cell)
        panel.scroll_into_view_if_needed()
        notebook.page.wait_for_timeout(300)
        assert panel.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), f"{kind} is wider than its place"
        panel.screenshot(path=screenshots / f"lab-{kind}-{cell}-{theme}-{width}.png")
