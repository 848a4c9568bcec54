"""A JupyterLab server of its own, and what a person does in it, for browser tests."""

from __future__ import annotations

import ast
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Browser, ConsoleMessage, Locator, Page

START_S = 60
# The folders that hold what a person has set and installed: fresh ones, so that nothing of this machine shows.
_FOLDERS = (
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "IPYTHONDIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
)
OF_THE_DEBUGGER = "Could not restore the debugger state: Canceled future"
"""How JupyterLab's own error begins when a kernel is shut down before its debugger has answered."""
_QUIET = '{"fetchNews": "false", "checkForUpdates": false}'

# The indicator says "idle" before the kernel is connected; this asks the kernel itself.
READY = """async () => {
  const widget = window.jupyterapp?.shell.currentWidget;
  if (!widget?.sessionContext) return false;
  await widget.context.ready;
  await widget.sessionContext.ready;
  const kernel = widget.sessionContext.session?.kernel;
  if (!kernel) return false;
  await kernel.info;
  return kernel.connectionStatus === 'connected' && kernel.status === 'idle';
}"""
_OPENED = "() => !!window.jupyterapp?.shell.currentWidget?.context?.isReady"
_ASK = """async ([code, expression]) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const request = {code, store_history: false, user_expressions: {value: expression}};
  const reply = await kernel.requestExecute(request).done;
  if (reply.content.status !== 'ok') throw new Error(reply.content.ename + ': ' + reply.content.evalue);
  const value = reply.content.user_expressions.value;
  if (value.status !== 'ok') throw new Error(value.ename + ': ' + value.evalue);
  return value.data['text/plain'];
}"""


class Lab:
    """A server on a free port of this machine, over a folder; `bare` is one without our renderer of stored panels."""

    def __init__(self, root: Path, state: Path, *, bare: bool = False) -> None:
        self.root = root
        self.state = state
        self.bare = bare
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "JPY"))}
        for name in _FOLDERS:
            environment[name] = str(self.state / name.lower())
        environment.pop("PYTEST_CURRENT_TEST", None)
        settings = self.state / "jupyterlab_settings_dir" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True, exist_ok=True)
        (settings / "notification.jupyterlab-settings").write_text(_QUIET)
        if self.bare:
            facts = Path(environment["JUPYTER_CONFIG_DIR"]) / "labconfig" / "page_config.json"
            facts.parent.mkdir(parents=True, exist_ok=True)
            facts.write_text(json.dumps({"disabledExtensions": {"jupyter-artifacts": True}}))
        self.port = free_port()
        command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--expose-app-in-browser"]
        command += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={self.port}", "--ServerApp.port_retries=0"]
        command += ["--IdentityProvider.token=", f"--ServerApp.root_dir={self.root}"]
        with (self.state / "lab.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=log, start_new_session=True, cwd=self.root
            )
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            assert self.process is not None
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/api/status", timeout=2) as answer:  # noqa: S310  our own server
                    answer.read()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
            else:
                return
        raise AssertionError(f"JupyterLab did not start:\n{(self.state / 'lab.log').read_text()[-3000:]}")

    def stop(self) -> None:
        """Stop the server and its kernels."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(30)
        self.process = None

    def restart(self) -> None:
        """Stop and start: afterwards no kernel of before is there."""
        self.stop()
        self.start()


def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Notebook:
    """A notebook that is open in the browser.

    Attributes
    ----------
    errors : list of str
        What the page wrote to its console as errors, and what it threw.
    outside : list of str
        Requests that left this machine.
    """

    page: Page
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def note(self, message: ConsoleMessage) -> None:
        """Take in what the page wrote to its console, but for what JupyterLab says of a kernel that was shut down."""
        if message.type == "error" and not message.text.startswith(OF_THE_DEBUGGER):
            self.errors.append(message.text)

    @classmethod
    def open(
        cls,
        browser: Browser,
        lab: Lab,
        path: str,
        *,
        kernel: bool = True,
        width: int = 1400,
        height: int = 1000,
        app: str = "lab/tree",
    ) -> Notebook:
        """Open a notebook and wait until it is there, with its kernel where one is wanted."""
        page = browser.new_page(viewport={"width": width, "height": height})
        made = cls(page)
        page.on("console", made.note)
        page.on("pageerror", lambda error: made.errors.append(str(error)))
        page.on("request", lambda request: made._note(request.url))
        page.goto(f"{lab.url}/{app}/{path}?reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000, state="attached")
        page.wait_for_function(READY if kernel else _OPENED, timeout=60_000)
        return made

    def ready(self) -> None:
        """Wait until the kernel of the notebook that is in front is idle."""
        self.page.wait_for_function(READY, timeout=60_000)

    def wide(self) -> None:
        """Put the side bar away: the notebook gets the whole width."""
        self.command("application:toggle-left-area")

    def theme(self, name: str) -> None:
        """Turn to JupyterLab's own theme, ``light`` or ``dark``."""
        self.command("apputils:change-theme", {"theme": f"JupyterLab {name.capitalize()}"})
        is_light = "true" if name == "light" else "false"
        self.page.wait_for_selector(f"body[data-jp-theme-light={is_light}]", state="attached")

    def no_kernel(self) -> None:
        """Answer the question for a kernel with none."""
        dialog = self.page.locator(".jp-Dialog")
        dialog.locator("button.jp-mod-reject").click()
        dialog.wait_for(state="detached")

    def picture(self, path: Path) -> None:
        """Write a picture of the whole notebook, however long it is."""
        notebook = self.page.locator(".jp-NotebookPanel:visible .jp-WindowedPanel-outer")
        tall = notebook.evaluate("e => e.scrollHeight")
        size = self.page.viewport_size
        assert size is not None
        self.page.set_viewport_size({"width": size["width"], "height": min(int(tall) + 120, 8000)})
        notebook.evaluate("e => e.scrollTo(0, 0)")
        self.page.wait_for_timeout(500)
        self.page.screenshot(path=path)
        self.page.set_viewport_size(size)

    def _note(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "blob:", "data:")):
            self.outside.append(url)

    def close(self) -> None:
        self.page.close()

    def command(self, name: str, arguments: dict[str, object] | None = None) -> None:
        """Execute one of JupyterLab's commands and wait for its end."""
        self.page.evaluate(
            "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)", [name, arguments or {}]
        )

    def run_all(self, timeout_s: float = 120) -> None:
        """Run every cell and wait until the kernel is idle again."""
        self.command("notebook:run-all-cells")
        self.page.wait_for_function(READY, timeout=timeout_s * 1000)

    def run_cell(self, number: int) -> None:
        """Run one cell, counted from 0."""
        self.page.evaluate("i => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = i; }", number)
        self.command("notebook:run-cell")
        self.page.wait_for_function(READY, timeout=60_000)

    def save(self) -> None:
        """Save the notebook."""
        self.command("docmanager:save")

    def ask(self, expression: str, code: str = "") -> Any:
        """Run `code` in the kernel, then return the value of `expression`, which JSON must hold."""
        text = self.page.evaluate(_ASK, [f"import json\n{code}", f"json.dumps({expression})"])
        return json.loads(ast.literal_eval(text))

    def wait_for(self, expression: str, value: object, timeout_s: float = 10) -> None:
        """Wait until an expression has a value in the kernel."""
        end = time.monotonic() + timeout_s
        seen: object = None
        while time.monotonic() < end:
            seen = self.ask(expression)
            if seen == value:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{expression} is {seen!r}, not {value!r}")

    def output(self, cell: int) -> Locator:
        """Return the output area of a cell, counted from 0."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(cell).locator(".jp-OutputArea").first

    def panel(self, cell: int) -> Locator:
        """Return the live panel of a cell."""
        return self.output(cell).locator("section.ja")

    def twin(self, cell: int) -> Locator:
        """Return the twin in a cell of a trusted notebook."""
        return self.output(cell).locator("[data-ja-static]")

    def outputs(self, cell: int) -> Any:
        """Return a cell's outputs as the notebook would be saved now."""
        return self.page.evaluate(
            "i => window.jupyterapp.shell.currentWidget.content.widgets[i].model.sharedModel.toJSON().outputs", cell
        )

    def add_cell(self, source: str) -> None:
        """Add a cell at the end."""
        self.page.evaluate(
            """source => {
              const model = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
              model.insertCell(model.cells.length, {cell_type: 'code', source});
            }""",
            source,
        )

    def delete_cell(self, number: int) -> None:
        """Delete a cell."""
        self.page.evaluate("i => window.jupyterapp.shell.currentWidget.content.model.sharedModel.deleteCell(i)", number)

    def restart_kernel(self) -> None:
        """Restart the kernel and wait until it answers."""
        self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart().then(() => null)"
        )
        self.page.wait_for_function(READY, timeout=60_000)


def write_notebook(path: Path, cells: Sequence[str]) -> None:
    """Write a notebook of code cells with stable ids."""
    book = nbformat.v4.new_notebook()
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book.cells = [nbformat.v4.new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(cells)]
    nbformat.write(book, path)


@contextmanager
def opened(browser: Browser, lab: Lab, name: str, cells: Sequence[str], *, app: str = "lab/tree") -> Iterator[Notebook]:
    """Write a notebook into a folder of its own and open it, with its kernel and as wide as the page."""
    folder = lab.root / name
    folder.mkdir()
    write_notebook(folder / f"{name}.ipynb", cells)
    notebook = Notebook.open(browser, lab, f"{name}/{name}.ipynb", app=app)
    try:
        if app == "lab/tree":
            notebook.wide()
        yield notebook
    finally:
        notebook.close()


def hand_over(book: dict[str, Any], target: Path) -> None:
    """Write a notebook as a stranger gets it: in a language that nothing here speaks, so that no kernel is started."""
    strange = {"kernelspec": {"name": "not-here", "display_name": "Not here", "language": "none"}}
    target.write_text(json.dumps({**book, "metadata": strange}))
