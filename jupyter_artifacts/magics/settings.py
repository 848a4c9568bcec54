"""``%config JupyterArtifacts.*``, and the same lines in ``ipython_config.py``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from traitlets import Bool, Enum, TraitError, Unicode, observe, validate
from traitlets.config import Configurable

from jupyter_artifacts import words
from jupyter_artifacts.errors import ArtifactsError

if TYPE_CHECKING:
    from traitlets import Bunch


class JupyterArtifacts(Configurable):
    """What the user may set for a session.

    `root` and `project` go to the environment, which every part of the package and
    W&B's names ask, so that a whole session has one store and one project.
    """

    display = Enum(
        ("auto", "widget", "static", "text"),
        "auto",
        help="How panels are shown: a live widget with its static twin (auto), one of them, or text.",
    ).tag(config=True)
    project = Unicode("", help="The project to look and write in; empty: the environment's, else uncategorized.").tag(
        config=True
    )
    root = Unicode("", help="The store's folder; empty: the one found upward from the working folder.").tag(config=True)
    lang = Enum(
        ("auto", "en", "ja"),
        "auto",
        help="The language of panels and reports: the browser's, and English in text (auto), English, Japanese.",
    ).tag(config=True)
    theme = Enum(
        ("auto", "light", "dark"), "auto", help="How live panels look: as the page does (auto), light, dark."
    ).tag(config=True)
    autofiles = Enum(
        ("suggest", "take", "off"),
        "suggest",
        help="Files that a cell changes and nobody asked for: told of, taken as with --auto-files, or not looked at.",
    ).tag(config=True)
    record_source = Bool(default_value=True, help="Keep the source of tracked cells with their runs.").tag(config=True)
    verbose = Bool(default_value=False, help="Say in a line, when the extension is loaded, where the store is.").tag(
        config=True
    )

    @validate("project")
    def _check_project(self, proposal: Bunch) -> str:
        from jupyter_artifacts.model.names import check_project

        value = str(proposal["value"])
        try:
            return check_project(value) if value else ""
        except ArtifactsError as error:
            raise TraitError(str(error)) from error

    @observe("display")
    def _set_display(self, change: Bunch) -> None:
        from jupyter_artifacts.panels import choose_display

        choose_display(change["new"])

    @observe("theme")
    def _set_theme(self, change: Bunch) -> None:
        from jupyter_artifacts.panels import theme

        theme.choose(str(change["new"]))

    @observe("lang")
    def _set_lang(self, change: Bunch) -> None:
        words.choose(str(change["new"]))

    @observe("project")
    def _set_project(self, change: Bunch) -> None:
        _set("JUPYTER_ARTIFACTS_PROJECT", str(change["new"]))

    @observe("root")
    def _set_root(self, change: Bunch) -> None:
        _set("JUPYTER_ARTIFACTS_STORE", str(change["new"]))


def _set(variable: str, value: str) -> None:
    if value:
        os.environ[variable] = value
    else:
        os.environ.pop(variable, None)
