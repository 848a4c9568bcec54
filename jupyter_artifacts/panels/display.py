"""How a panel is shown: live with its twin, the twin alone, or text.

``auto`` decides by what the front end says of itself:

- text, in a plain terminal or a script;
- live and twin, where a front end that can hold widgets has shown itself: it sends
  cell ids with its requests (JupyterLab, Notebook 7, VS Code), its server named the
  session (``JPY_SESSION_NAME``: all of Jupyter Server's, nbclassic among them), or it
  is Colab; the panel alone in marimo, which has no kernel of IPython's;
- the twin alone, everywhere else, as nobody may be there: nbclient, nbconvert, papermill, Quarto and
  MyST-NB run a kernel that nobody looks at, as do Kaggle's batch runs; Databricks
  keeps no widget over sessions.

Where that guess is wrong, :func:`choose` or ``JUPYTER_ARTIFACTS_DISPLAY`` says
``widget`` (live and twin), ``static`` or ``text``. A guess of "static" loses the live
panel and nothing else; a guess of "live" with nobody there costs the bundle's bytes
where widget state is stored.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast, get_args

from IPython import get_ipython
from IPython.display import publish_display_data

from jupyter_artifacts.errors import InvalidValueError, nearest
from jupyter_artifacts.panels import marimo_host, place
from jupyter_artifacts.panels.html import with_hider
from jupyter_artifacts.panels.twin import MAX_PAYLOAD, MAX_PNG, PANEL_MIME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_artifacts.panels.twin import Twin

Mode = Literal["auto", "widget", "static", "text"]
Shown = Literal["live", "static", "text"]

VARIABLE = "JUPYTER_ARTIFACTS_DISPLAY"
_NOBODY = ("QUARTO_DOCUMENT_PATH", "QUARTO_PROJECT_ROOT", "QUARTO_BIN_PATH", "DATABRICKS_RUNTIME_VERSION")
_FIXED: dict[Mode, Shown] = {"widget": "live", "static": "static", "text": "text"}

_chosen: list[Mode] = ["auto"]


def choose(mode: Mode) -> None:
    """Say how panels are shown from now on.

    Parameters
    ----------
    mode : {"auto", "widget", "static", "text"}

    Raises
    ------
    InvalidValueError
        There is no such mode.
    """
    _chosen[:] = [_checked(mode, "display")]


def chosen() -> Mode:
    """Return what was chosen: by :func:`choose`, else by the environment, else ``auto``."""
    if _chosen[0] != "auto":
        return _chosen[0]
    return _checked(os.environ.get(VARIABLE, "").strip().lower() or "auto", VARIABLE)


def _checked(mode: str, where: str) -> Mode:
    if mode not in get_args(Mode):
        known = get_args(Mode)
        raise InvalidValueError(f"{where} must be one of {', '.join(known)}, not {mode!r}{nearest(mode, known)}")
    return cast("Mode", mode)


def mode() -> Shown:
    """Return how a panel would be shown here and now."""
    fixed = _FIXED.get(chosen())
    return fixed if fixed is not None else detected(signs(), os.environ)


@dataclass(frozen=True, slots=True)
class Signs:
    """What can be seen of the front end from inside.

    Attributes
    ----------
    kernel : bool
        This is a Jupyter kernel.
    rich : bool
        The front end describes its cells in its requests.
    hosted : bool
        Colab or VS Code has left its marks in the kernel.
    marimo : bool
        This is a marimo notebook.
    """

    kernel: bool
    rich: bool = False
    hosted: bool = False
    marimo: bool = False


def signs() -> Signs:
    """Look at the running kernel."""
    shell = get_ipython()
    if getattr(shell, "kernel", None) is None:
        return Signs(kernel=False, marimo=marimo_host.running())
    names = getattr(shell, "user_ns", {})
    return Signs(
        kernel=True, rich=place.here().rich, hosted="google.colab" in sys.modules or "__vsc_ipynb_file__" in names
    )


def detected(seen: Signs, environment: Mapping[str, str]) -> Shown:
    """Return what the signs speak for; the module's text gives the reasons."""
    if not seen.kernel:
        return "live" if seen.marimo else "text"
    if seen.rich or seen.hosted:
        return "live"
    kaggle = environment.get("KAGGLE_KERNEL_RUN_TYPE", "")
    if kaggle == "Batch" or any(name in environment for name in _NOBODY):
        return "static"
    return "live" if kaggle or "JPY_SESSION_NAME" in environment else "static"


def bundle(twin: Twin, *, live_before: bool) -> dict[str, object]:
    """Return a twin as one output's MIME bundle.

    Parameters
    ----------
    twin : Twin
    live_before : bool
        The output before it holds the live panel: bring the script that hides its error line.
    """
    data: dict[str, object] = {
        "text/html": str(with_hider(twin.html) if live_before else twin.html),
        "text/plain": twin.text,
    }
    if twin.png is not None and len(twin.png) <= MAX_PNG:
        data["image/png"] = base64.b64encode(twin.png).decode()
    if twin.payload and len(json.dumps(twin.payload)) <= MAX_PAYLOAD:
        data[PANEL_MIME] = twin.payload
    return data


def show(twin: Twin, live: tuple[dict[str, object], dict[str, object]] | None) -> None:
    """Put a panel under the running cell.

    Parameters
    ----------
    twin : Twin
    live : pair of dict, optional
        MIME bundle and metadata of the live panel, published as an output of its own before the twin.
    """
    if live is not None:
        data, metadata = live
        publish_display_data({**data, "text/plain": ""}, metadata)
        publish_display_data(bundle(twin, live_before=True))
    elif mode() == "text":
        if get_ipython() is None:
            sys.stdout.write(twin.text + "\n")
        else:
            publish_display_data({"text/plain": twin.text})
    else:
        publish_display_data(bundle(twin, live_before=False))
