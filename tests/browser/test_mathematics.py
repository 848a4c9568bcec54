"""Signs of mathematics in a store's texts: JupyterLab typesets them in HTML outputs, and leaves ours alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
import pytest
from playwright.sync_api import expect

from jupyter_artifacts.panels.html import tag
from tests.browser.lab import Notebook, hand_over

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.lab import Lab

pytestmark = pytest.mark.browser

TEXTS = [
    "costs $5 or $6",
    "$$a^2$$",
    r"\(b^2\)",
    r"\[c^2\]",
    r"\begin{equation}d\end{equation}",
    r"\$7 and \$8",
    r"C:\(x86)\[1]",
    r"\href{javascript:alert(1)}{e}",
]


def test_a_twins_texts_are_not_typeset(browser: Browser, lab: Lab) -> None:
    cells = [f"<div>{text}</div>" for text in TEXTS[1:5]] + [
        str(tag("div", *TEXTS, *(tag("bdi", each) for each in TEXTS)))
    ]
    book = nbformat.v4.new_notebook()
    for html in cells:
        shown = nbformat.v4.new_output("display_data", {"text/html": html, "text/plain": ""})
        book.cells.append(nbformat.v4.new_code_cell("", outputs=[shown]))
    hand_over(dict(book), lab.root / "mathematics.ipynb")
    notebook = Notebook.open(browser, lab, "mathematics.ipynb", kernel=False)
    try:
        notebook.no_kernel()
        # As any other HTML is: what is not ours is typeset, so the check below can fail.
        for cell in range(4):
            expect(notebook.output(cell).locator("mjx-container")).to_have_count(1, timeout=20_000)
        ours = notebook.output(4)
        assert ours.locator("mjx-container").count() == 0
        text = ours.locator(".jp-RenderedHTML").inner_text()
        assert text.replace("\n", "") == "".join(TEXTS) * 2
        assert notebook.outside == []
    finally:
        notebook.close()
