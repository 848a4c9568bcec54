"""The panels beside the libraries that people use for such: drawn in one Chromium, in one run.

    python -m tests.benchmarks.bench_panels [--only layout,graph,table,images,sizes] [--share 0.1] [--rounds 3]

Needs `npm ci` in js/ and js/bench/. Frames a second come from a browser without a window and with software rendering,
and from a machine that others may use: the main thread's time a frame (cpu) says more, though rasterising is not in
it. "first" is until two frames after what was asked for is in the page. The best of the rounds counts, for everybody.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.benchlib import Table, alone, foreign

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import Browser

BENCH = Path(__file__).resolve().parents[2] / "js" / "bench"
LAYOUT = ("30", "300", "1000", "focus", "clusters 300", "clusters 1000")
GRAPHS = (300, 1_000, 10_000)
ROWS = 1_000_000
PICTURES = 10_000
FRAMES = 60
CONTENDERS = {
    "graph": {"ours": "ours", "svg": "plain SVG", "cytoscape": "cytoscape", "sigma": "sigma"},
    "table": {
        "ours": "ours",
        "aggrid": "AG Grid community",
        "hightable": "hightable + React",
        "tanstack": "@tanstack/virtual-core",
        "lumino": "@lumino/datagrid",
    },
    "images": {"ours": "ours", "dataurls": "<img> with data URLs"},
}
PAGE = "<!doctype html><meta charset=utf-8><body style='margin:0'><div id=root style='width:1000px;height:430px'></div>"
START = """async (size) => {
  const root = document.getElementById("root");
  window.made = await contender.start(root, size);
  const {first, bytes, grid} = window.made;
  return {first, bytes: bytes ?? null, elements: root.querySelectorAll("*").length,
    rows: grid?.getAttribute("aria-rowcount") ?? null};
}"""
FRAME = """async ([frames, pixels]) => {
  const {step, by, box} = window.made;
  const tall = box ?? [...document.querySelectorAll("#root *")].reduce((best, each) =>
    each.scrollHeight - each.clientHeight > (best ? best.scrollHeight - best.clientHeight : 0) ? each : best, null);
  const begin = performance.now();
  for (let i = 0; i < frames; i++) {
    if (step) step(i); else if (by) by(pixels); else tall.scrollTop += pixels;
    await new Promise(requestAnimationFrame);
  }
  return 1000 * frames / (performance.now() - begin);
}"""


class Stage:
    """A browser that shows one contender at a time."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._browser = browser
        self._folder = folder

    def run(self, group: str, name: str, size: int, speeds: Iterable[int]) -> dict[str, Any]:
        """Show a contender and move it; return what was measured."""
        page = self._browser.new_page(viewport={"width": 1040, "height": 700})
        try:
            page.set_content(PAGE)
            style = self._folder / f"{group}-{name}.css"
            if style.exists():
                page.add_style_tag(path=style)
            page.add_script_tag(path=self._folder / f"{group}-{name}.js")
            client = page.context.new_cdp_session(page)
            client.send("Performance.enable")

            def busy() -> float:
                found = client.send("Performance.getMetrics")["metrics"]
                return float(next(each["value"] for each in found if each["name"] == "TaskDuration"))

            begin = busy()
            found: dict[str, Any] = page.evaluate(START, size)
            found["busy"] = 1000 * (busy() - begin)
            for number, pixels in enumerate(speeds):
                begin = busy()
                found[f"fps {number}"] = page.evaluate(FRAME, [FRAMES, pixels])
                found[f"cpu {number}"] = 1000 * (busy() - begin) / FRAMES
            return found
        finally:
            page.close()

    def best(self, group: str, name: str, size: int, speeds: tuple[int, ...], rounds: int) -> dict[str, Any]:
        """Return the best of several rounds, figure by figure."""
        runs = [self.run(group, name, size, speeds) for _ in range(rounds)]
        best = dict(runs[0])
        for key in best:
            if key == "first" or key.startswith(("fps", "cpu", "busy")):
                best[key] = (max if key.startswith("fps") else min)(run[key] for run in runs)
        return best


def graphs(stage: Stage, share: float, rounds: int) -> Table:
    """Compare renderers of one graph, at the same places, dragged for a second."""
    table = Table(
        "Graph renderers: the same project at the same places", ["", "nodes", "first ms", "fps", "cpu ms", "elements"]
    )
    for size in GRAPHS:
        nodes = max(10, int(size * share))
        for name, title in CONTENDERS["graph"].items():
            found = stage.best("graph", name, nodes, (0,), rounds)
            table.add(title, nodes, found["first"], found["fps 0"], found["cpu 0"], found["elements"])
    table.notes.append(
        "Ours draws in layers of canvas and mounts boxes where they can be read; its layout is in `first`."
    )
    return table


def tables(stage: Stage, share: float, rounds: int) -> Table:
    """Compare tables whose rows come in pages of 100, 4 ms after they are asked for."""
    rows = max(1000, int(ROWS * share))
    head = ["", "first ms", "slow fps", "slow cpu ms", "fast fps", "fast cpu ms", "elements", "aria-rowcount"]
    table = Table(f"Tables of {rows:,} rows, 12 columns", head)
    for name, title in CONTENDERS["table"].items():
        found = stage.best("table", name, rows, (40, 4000), rounds)
        moved = [found[f"{what} {number}"] for number in (0, 1) for what in ("fps", "cpu")]
        table.add(title, found["first"], *moved, found["elements"], found["rows"] or "-")
    return table


def images(stage: Stage, share: float, rounds: int) -> Table:
    """Compare grids of thumbnails."""
    count = max(100, int(PICTURES * share))
    head = ["", "first ms", "cpu to first, ms", "kB at first", "slow fps", "slow cpu ms", "fast fps", "fast cpu ms"]
    table = Table(f"{count:,} thumbnails of 28 x 28", head)
    for name, title in CONTENDERS["images"].items():
        found = stage.best("images", name, count, (40, 1000), rounds)
        moved = [found[f"{what} {number}"] for number in (0, 1) for what in ("fps", "cpu")]
        table.add(title, found["first"], found["busy"], found["bytes"] / 1000, *moved)
    table.notes.append("`cpu to first` holds the drawing of the pictures themselves, which a kernel does elsewhere.")
    return table


def sizes(found: dict[str, tuple[int, int]]) -> Table:
    """List what each would bring to the page."""
    table = Table("Bundles, minified", ["", "kB", "kB gzipped"])
    for name, (plain, packed) in found.items():
        table.add(name, plain / 1000, packed / 1000)
    static = BENCH.parents[1] / "jupyter_artifacts" / "panels" / "static"
    for path in sorted(static.glob("*.js")):
        table.add(f"ours over the wire: {path.stem}", path.stat().st_size / 1000, None)
    table.notes.append("Over the wire go the stub with each widget, and each chunk once a kernel.")
    return table


def node(*words: str) -> str:
    """Run one of js/bench's programs."""
    done = subprocess.run(["node", *words], cwd=BENCH, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"node {words[0]} failed (is `npm ci` done in js/ and js/bench/?):\n{done.stderr[-2000:]}")
    return done.stdout


def say(text: object) -> None:
    """Print at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="layout,graph,table,images,sizes", help="tables, by comma")
    parser.add_argument("--share", type=float, default=1.0, help="of the full number of nodes, rows and pictures")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    wanted = set(asked.only.split(","))
    with alone(), tempfile.TemporaryDirectory() as folder:
        say(f"Others take {100 * foreign():.0f} % of the machine.\n")
        if "layout" in wanted:
            cases = LAYOUT if asked.share >= 1 else LAYOUT[:1]
            say(f"### Layouts\n\n{node('layout.mjs', *cases)}")
        measured = json.loads(node("panels.mjs", folder))
        if "sizes" in wanted:
            say(sizes(measured))
        draw = {"graph": graphs, "table": tables, "images": images}
        if wanted & draw.keys():
            from playwright.sync_api import sync_playwright

            with sync_playwright() as playwright:
                flags = ["--no-sandbox", "--disable-gpu"]
                program = shutil.which("chromium") or shutil.which("google-chrome")
                browser = playwright.chromium.launch(executable_path=program, headless=True, args=flags)
                for name in [name for name in draw if name in wanted]:
                    say(draw[name](Stage(browser, Path(folder)), asked.share, asked.rounds))
                browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
