"""What hostile texts in a store leave in a notebook: twins, and panels that our renderer draws without a kernel."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from jupyter_artifacts import panels
from jupyter_artifacts.panels.html import with_hider
from jupyter_artifacts.panels.twin import PANEL_MIME
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.init import init
from tests.browser.hostile import CORPUS, Sealed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from jupyter_artifacts.panels.twin import Twin

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore:.*looks like a secret")]

# JupyterLab's part: the container is asked for the extension, which is given Lumino's widget.
HOST = """async (mime) => {
  class Widget { node = document.createElement("div"); dispose() {} }
  const container = window._JUPYTERLAB["jupyter-artifacts"];
  container.init({ "@lumino/widgets": { "2.0.0": { get: async () => () => ({ Widget }) } } });
  const extension = (await container.get("./mimeExtension"))().default;
  window.draw = async (payload) => {
    const renderer = extension.rendererFactory.createRenderer();
    document.body.replaceChildren(renderer.node);
    await renderer.renderModel({ data: { [mime]: payload, "text/plain": "plain" } });
    for (let turn = 0; turn < 60 && !renderer.node.querySelector("section.ja, pre"); turn++)
      await new Promise((done) => setTimeout(done, 25));
    return renderer.node.querySelector("section.ja") !== null;
  };
}"""
AGAIN = """async ([payload, texts, start]) => {
  const { kind, protocol, panel_id } = payload;
  const made = { ...hostile.rewritten(payload, texts, start), kind, protocol, panel_id };
  await draw(made);
  const found = hostile.harm(document.body);
  const [, more] = await hostile.press(document.body, 8);
  return [...found, ...more].filter((each) => !each.endsWith("the panel gave up"));
}"""


@pytest.fixture
def sealed(browser: Browser) -> Iterator[Sealed]:
    """Return a page that ends with nothing asked for and nothing thrown."""
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    opened = Sealed(page)
    yield opened
    page.close()
    opened.check()


@pytest.fixture
def twins() -> dict[str, Twin]:
    """Return the twin of each panel over a store that holds the corpus wherever a person may write."""
    plain = [text for text in CORPUS if text.strip() and not any("\ud800" <= char <= "\udfff" for char in text)]
    short = [text[:60] for text in plain]
    metadata: dict[str, Any] = {text[:200]: text[:200] for text in plain}
    grid = np.zeros((len(plain), 8, 8), np.uint8)
    with init(
        project="hostile", name=short[0], job_type="\u202egnp.exe\u202c", notes="\n".join(short), tags=short
    ) as run:
        run.config.update({text: text for text in short})
        for step in range(3):
            run.log(dict.fromkeys(short[:20], float(step)))
        for version in range(2):
            artifact = Artifact("hostile", type="dataset", description=plain[4], metadata={**metadata, "v": version})
            with artifact.new_file(f"<img src=x onerror=window.JA_PWNED={version}>.txt", "wb") as file:
                file.write("\n".join(plain[version:]).encode())
            with artifact.new_file("same.csv", "wb") as file:
                file.write(f"<b>a</b>,__proto__\n{version},<script>window.JA_PWNED=1</script>\n".encode())
            run.log_artifact(artifact)
    shown = {
        "card": panels.card("hostile:v1", "logged"),
        "table": panels.artifacts(project="hostile"),
        "artifact": panels.artifact("hostile:v1", project="hostile"),
        "lineage": panels.lineage("hostile:v1", project="hostile"),
        "diff": panels.diff("hostile:v0", "hostile:v1", project="hostile"),
        "examples": panels.image_grid(grid, captions=plain, labels=[0] * len(plain), predictions=[1] * len(plain)),
        "run": panels.run_panel(run),
    }
    return {kind: panel.twin() for kind, panel in shown.items()}


def test_twins_are_inert(sealed: Sealed, twins: dict[str, Twin]) -> None:
    body = "".join(f"<section>{with_hider(twin.html)}</section>" for twin in twins.values())
    sealed.open(f"<!doctype html><meta charset=utf-8><title>Twins</title><body>{body}</body>")
    scripts = "[...document.querySelectorAll('section > script')].map(each => (each.remove(), each.text))"
    assert all("displaying widget" in script for script in sealed.page.evaluate(scripts))
    assert sealed.page.evaluate("hostile.harm(document.body)") == []
    sealed.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    words = sealed.page.locator("body").inner_text()
    for text in (*CORPUS[:6], "__proto__", "\\u202egnp.exe\\u202c"):
        assert text[:40] in words
    assert sealed.page.evaluate("window.JA_PWNED") is None
    for twin in twins.values():
        assert all(char >= " " or char == "\n" for char in twin.text)
        assert not set(twin.text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x7f\x9b")


def test_the_renderer_of_stored_panels_draws_them_as_text(
    sealed: Sealed, twins: dict[str, Twin], repository: Path
) -> None:
    (built,) = (repository / "jupyter_artifacts" / "labextension" / "static").glob("remoteEntry.*.js")
    sealed.open("<!doctype html><meta charset=utf-8><title>Lab</title><body></body>")
    sealed.page.evaluate(built.read_text(encoding="utf-8"))
    sealed.page.evaluate(HOST, PANEL_MIME)
    for kind, twin in twins.items():
        payload = json.loads(json.dumps(twin.payload))
        assert sealed.page.evaluate("payload => draw(payload)", payload), kind
        assert sealed.page.evaluate("hostile.harm(document.body)") == [], kind
        pressed, found = sealed.page.evaluate("hostile.press(document.body, 30)")
        assert found == []
        assert pressed > 0, kind
        # Whoever stores a payload by hand need not keep to what the kernel would write.
        for start in (0, 23, 31):
            assert sealed.page.evaluate(AGAIN, [payload, CORPUS, start]) == [], kind
