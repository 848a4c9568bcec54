"""Run the tutorial's notebook to the end, tell what it made, and open it in JupyterLab.

Everything happens in build/tutorial: a copy of the notebook, the store it fills, the
executed notebook and its HTML. What an earlier run left there is kept, once, in
build/tutorial.before.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "tutorial"
STORE = ".jupyter_artifacts"
DATA = ("MNIST",)
CELL_TIMEOUT = 900  # seconds; FULL = True trains for minutes on a slow machine


def main() -> int:
    """Run the notebook; return the exit status unless JupyterLab takes over."""
    source = find_notebook()
    notebook = prepare(source)
    executed, page = WORK / source.name, WORK / f"{source.stem}.html"
    print(f"Running {source.relative_to(ROOT)} in {WORK.relative_to(ROOT)}/", flush=True)
    began = time.perf_counter()
    try:
        execute(notebook)
    except CellExecutionError as error:
        print(f"\n{error}", file=sys.stderr)
        print(f"The notebook stopped there; as far as it came it is in {executed.relative_to(ROOT)}")
        return 1
    finally:
        nbformat.write(notebook, executed)
    print(f"All cells ran, in {time.perf_counter() - began:.0f} s.\n")
    export(notebook, page)
    report()
    print(f"executed notebook  {executed.relative_to(ROOT)}")
    print(f"as a page          {page.relative_to(ROOT)}", flush=True)
    return open_lab(executed)


def find_notebook() -> Path:
    """Return the tutorial, by its own name or as the first numbered notebook."""
    folder = ROOT / "notebooks"
    found = [*folder.glob("tutorial.ipynb"), *sorted(folder.glob("01_*.ipynb"))]
    if not found:
        sys.exit("There is no notebooks/tutorial.ipynb in this checkout: `git checkout notebooks` brings it back")
    return found[0]


def prepare(source: Path) -> nbformat.NotebookNode:
    """Lay the working folder: empty but for links to the data."""
    if WORK.exists():
        before = WORK.with_name("tutorial.before")
        shutil.rmtree(before, ignore_errors=True)
        WORK.rename(before)
    WORK.mkdir(parents=True)
    for name in DATA:
        if (ROOT / "notebooks" / name).is_dir():
            (WORK / name).symlink_to(os.path.relpath(ROOT / "notebooks" / name, WORK))
    notebook: nbformat.NotebookNode = nbformat.read(source, as_version=4)
    return notebook


class Progress:
    """One line a code cell: its place, its first words, its seconds."""

    def __init__(self, notebook: nbformat.NotebookNode) -> None:
        self.titles = titles(notebook.cells)
        self.places = {index: place for place, index in enumerate(self.titles, start=1)}
        self.began = 0.0

    def start(self, cell: Any, cell_index: int) -> None:  # noqa: ANN401  # nbclient's untyped hook
        """Say which cell runs now."""
        del cell
        if cell_index not in self.titles:
            return
        self.began = time.perf_counter()
        count = len(self.titles)
        place = f"{self.places[cell_index]:{len(str(count))}}"
        print(f"[{place}/{count}] {self.titles[cell_index]:<76.76}", end="", flush=True)

    def end(self, cell: Any, cell_index: int, execute_reply: Any) -> None:  # noqa: ANN401  # nbclient's untyped hook
        """Say how long it took."""
        del cell
        if cell_index not in self.titles:
            return
        failed = execute_reply["content"]["status"] != "ok"
        print(f" {time.perf_counter() - self.began:6.1f} s{'  stopped' if failed else ''}", flush=True)


def titles(cells: Sequence[Any]) -> dict[int, str]:
    """Name each code cell that runs, by the heading above it and its first line."""
    named: dict[int, str] = {}
    heading = ""
    for index, cell in enumerate(cells):
        lines = [line.strip() for line in cell.source.splitlines() if line.strip()]
        if cell.cell_type == "markdown":
            heading = next((line.lstrip("# ") for line in lines if line.startswith("#")), heading)
        elif cell.cell_type == "code" and lines:
            named[index] = f"{heading[:36]}: {lines[0]}" if heading else lines[0]
    return named


def execute(notebook: nbformat.NotebookNode) -> None:
    """Run every cell in a new kernel, in the working folder, with a store of its own."""
    progress = Progress(notebook)
    client = NotebookClient(
        notebook,
        extra_arguments=["--log-level=ERROR"],  # not the kernel's words about its own sockets
        timeout=CELL_TIMEOUT,
        store_widget_state=False,  # the panels' static twins are saved, their live halves need a kernel
        resources={"metadata": {"path": str(WORK)}},
        on_cell_execute=progress.start,
        on_cell_executed=progress.end,
    )
    # A store further up in this checkout must not catch what the tutorial logs.
    client.execute(env={**os.environ, "JUPYTER_ARTIFACTS_STORE": str(WORK / STORE)})


def export(notebook: nbformat.NotebookNode, page: Path) -> None:
    """Write the notebook as one HTML page that asks nothing of the network."""
    exporter = HTMLExporter(
        require_js_url="", mathjax_url="", jquery_url="", mermaid_js_url="", mermaid_layout_elk_js_url=""
    )
    body, _ = exporter.from_notebook_node(notebook)
    page.write_text(body, encoding="utf-8")


def report() -> None:
    """Print the artifacts and the runs that the notebook left in its store."""
    import jupyter_artifacts as ja

    api = ja.Api(store=str(WORK / STORE))
    for project in api.projects():
        versions = sorted(
            (
                version
                for kind in api.artifact_types(project.name)
                for collection in kind.collections()
                for version in collection.versions()
            ),
            key=lambda version: version.created_at,
        )
        print_table(
            f"Artifacts of {project.name}",
            ("artifact", "type", "aliases", "files", "size", "made by"),
            [
                (
                    version.name,
                    version.type,
                    ", ".join(version.aliases),
                    str(version.file_count),
                    f"{version.size / 1e6:.2f} MB",
                    maker.name if (maker := version.logged_by()) else "",
                )
                for version in versions
            ],
        )
        print_table(
            f"Runs of {project.name}",
            ("run", "job", "state", "used", "made"),
            [
                (
                    run.name,
                    run.job_type,
                    run.state,
                    ", ".join(artifact.name for artifact in run.used_artifacts()),
                    ", ".join(artifact.name for artifact in run.logged_artifacts()),
                )
                for run in api.runs(project.name)
            ],
        )


def print_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their head, each column as wide as it must be."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    print(f"{title} ({len(rows)})")
    for row in (head, *rows):
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print()


def open_lab(executed: Path) -> int:  # noqa: RET503  # execv does not return
    """Become JupyterLab on the executed notebook, where somebody is there to see it."""
    command = [sys.executable, "-m", "jupyterlab", str(executed.relative_to(ROOT))]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    if os.environ.get("NO_LAB") == "1" or not sys.stdout.isatty():
        print(f"\nOpen it with:  {' '.join(['.venv/bin/jupyter', 'lab', *command[3:]])}")
        return 0
    print("\nOpening JupyterLab; Ctrl+C ends it.", flush=True)
    os.chdir(ROOT)
    # In its place, not below it: Ctrl+C is JupyterLab's to handle.
    os.execv(sys.executable, command)  # noqa: S606  # our own interpreter, no shell


if __name__ == "__main__":
    sys.exit(main())
