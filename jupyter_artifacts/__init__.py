"""Versioned datasets and models, joined to the runs that made them, inside the notebook.

``import jupyter_artifacts as ja`` for the names below, ``%load_ext
jupyter_artifacts`` for the magics, ``import jupyter_artifacts as wandb`` for code
written for W&B. Every name is loaded when it is first used.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from jupyter_artifacts import errors
from jupyter_artifacts._version import __version__
from jupyter_artifacts.errors import CommError, Error, UnsupportedNameError, UsageError

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

    from jupyter_artifacts.handlers.registry import register_handler
    from jupyter_artifacts.magics import (
        artifact_diff,
        current,
        load_ipython_extension,
        make,
        recreate,
        stale,
        track,
        unload_ipython_extension,
    )
    from jupyter_artifacts.media import plot
    from jupyter_artifacts.media.audio import Audio
    from jupyter_artifacts.media.classes import Classes
    from jupyter_artifacts.media.histogram import Histogram
    from jupyter_artifacts.media.html import Html
    from jupyter_artifacts.media.image import Image
    from jupyter_artifacts.media.molecule import Molecule
    from jupyter_artifacts.media.object3d import Object3D
    from jupyter_artifacts.media.plot import plot_table
    from jupyter_artifacts.media.plotly import Plotly
    from jupyter_artifacts.media.tables.joined import JoinedTable
    from jupyter_artifacts.media.tables.partitioned import PartitionedTable
    from jupyter_artifacts.media.tables.table import Table
    from jupyter_artifacts.media.video import Video
    from jupyter_artifacts.panels import artifact, artifacts, image_grid, lineage, link, run_panel
    from jupyter_artifacts.teaching.tutorial import check
    from jupyter_artifacts.tracking import data_types, util
    from jupyter_artifacts.tracking.alerts import AlertLevel
    from jupyter_artifacts.tracking.api import Api
    from jupyter_artifacts.tracking.artifact.artifact import Artifact
    from jupyter_artifacts.tracking.artifact.lifetime import ArtifactTTL
    from jupyter_artifacts.tracking.bundles import export, import_bundle
    from jupyter_artifacts.tracking.config import Config
    from jupyter_artifacts.tracking.hardest import hardest_examples
    from jupyter_artifacts.tracking.init import init
    from jupyter_artifacts.tracking.loading import load
    from jupyter_artifacts.tracking.run import Run
    from jupyter_artifacts.tracking.session import finish
    from jupyter_artifacts.tracking.settings import Settings
    from jupyter_artifacts.tracking.summary import Summary
    from jupyter_artifacts.tracking.terminal import require, setup, teardown, termerror, termlog, termwarn
    from jupyter_artifacts.tracking.upkeep import du, gc, rebuild, undelete, verify
    from jupyter_artifacts.tracking.verbs import (
        agent,
        alert,
        controller,
        define_metric,
        link_artifact,
        link_model,
        log,
        log_artifact,
        log_model,
        login,
        mark_preempting,
        restore,
        save,
        sweep,
        unwatch,
        use_artifact,
        use_model,
        watch,
    )

    config: Config
    summary: Summary
    run: Run | None

_TERMINAL = "tracking.terminal"
_VERBS = "tracking.verbs"

_NAMES: dict[str, str] = {
    "AlertLevel": "tracking.alerts",
    "Api": "tracking.api",
    "Artifact": "tracking.artifact.artifact",
    "ArtifactTTL": "tracking.artifact.lifetime",
    "Audio": "media.audio",
    "Classes": "media.classes",
    "Histogram": "media.histogram",
    "Html": "media.html",
    "Image": "media.image",
    "JoinedTable": "media.tables.joined",
    "Molecule": "media.molecule",
    "Object3D": "media.object3d",
    "PartitionedTable": "media.tables.partitioned",
    "Plotly": "media.plotly",
    "Run": "tracking.run",
    "Settings": "tracking.settings",
    "Table": "media.tables.table",
    "Video": "media.video",
    "agent": _VERBS,
    "alert": _VERBS,
    "artifact": "panels",
    "artifact_diff": "magics",
    "artifacts": "panels",
    "check": "teaching.tutorial",
    "controller": _VERBS,
    "current": "magics",
    "define_metric": _VERBS,
    "du": "tracking.upkeep",
    "export": "tracking.bundles",
    "finish": "tracking.session",
    "gc": "tracking.upkeep",
    "hardest_examples": "tracking.hardest",
    "image_grid": "panels",
    "import_bundle": "tracking.bundles",
    "init": "tracking.init",
    "lineage": "panels",
    "link": "panels",
    "link_artifact": _VERBS,
    "link_model": _VERBS,
    "load": "tracking.loading",
    "load_ipython_extension": "magics",
    "log": _VERBS,
    "log_artifact": _VERBS,
    "log_model": _VERBS,
    "login": _VERBS,
    "make": "magics",
    "mark_preempting": _VERBS,
    "rebuild": "tracking.upkeep",
    "recreate": "magics",
    "plot_table": "media.plot",
    "register_handler": "handlers.registry",
    "run_panel": "panels",
    "require": _TERMINAL,
    "restore": _VERBS,
    "save": _VERBS,
    "setup": _TERMINAL,
    "stale": "magics",
    "sweep": _VERBS,
    "teardown": _TERMINAL,
    "termerror": _TERMINAL,
    "termlog": _TERMINAL,
    "termwarn": _TERMINAL,
    "track": "magics",
    "undelete": "tracking.upkeep",
    "unload_ipython_extension": "magics",
    "unwatch": _VERBS,
    "use_artifact": _VERBS,
    "use_model": _VERBS,
    "verify": "tracking.upkeep",
    "watch": _VERBS,
}
"""Where each name is, below this package."""

_MODULES = {"data_types": "tracking.data_types", "plot": "media.plot", "util": "tracking.util"}

_CHANGING = {
    "config": ("tracking.verbs", "active_config"),
    "run": ("tracking.session", "active_run"),
    "summary": ("tracking.verbs", "active_summary"),
}
"""Names that mean something else in every run; asked anew each time."""

__all__ = [
    "AlertLevel",
    "Api",
    "Artifact",
    "ArtifactTTL",
    "Audio",
    "Classes",
    "CommError",
    "Error",
    "Histogram",
    "Html",
    "Image",
    "JoinedTable",
    "Molecule",
    "Object3D",
    "PartitionedTable",
    "Plotly",
    "Run",
    "Settings",
    "Table",
    "UsageError",
    "Video",
    "__version__",
    "agent",
    "alert",
    "artifact",
    "artifact_diff",
    "artifacts",
    "check",
    "config",
    "controller",
    "current",
    "data_types",
    "define_metric",
    "du",
    "errors",
    "export",
    "finish",
    "gc",
    "hardest_examples",
    "image_grid",
    "import_bundle",
    "init",
    "lineage",
    "link",
    "link_artifact",
    "link_model",
    "load",
    "load_ipython_extension",
    "log",
    "log_artifact",
    "log_model",
    "login",
    "make",
    "mark_preempting",
    "plot",
    "plot_table",
    "rebuild",
    "recreate",
    "register_handler",
    "require",
    "restore",
    "run",
    "run_panel",
    "save",
    "setup",
    "stale",
    "summary",
    "sweep",
    "teardown",
    "termerror",
    "termlog",
    "termwarn",
    "track",
    "undelete",
    "unload_ipython_extension",
    "unwatch",
    "use_artifact",
    "use_model",
    "util",
    "verify",
    "watch",
]


if not TYPE_CHECKING:  # a type checker knows the names above, and that there are no others

    def __getattr__(name: str) -> object:
        """Load a public name when it is first used."""
        if name in _CHANGING:
            module, function = _CHANGING[name]
            ask = getattr(importlib.import_module(f"{__name__}.{module}"), function)
            value: object = ask()
            return value
        if name in _MODULES:
            return importlib.import_module(f"{__name__}.{_MODULES[name]}")
        if name in _NAMES:
            found: object = getattr(importlib.import_module(f"{__name__}.{_NAMES[name]}"), name)
            globals()[name] = found
            return found
        if not name.startswith("__"):
            from jupyter_artifacts.tracking import wandb_modules

            if wandb_modules.knows(name):
                return importlib.import_module(f"{__name__}.{name}")
            if name in {*wandb_modules.INTEGRATIONS, *wandb_modules.SERVER_ONLY, *wandb_modules.INSTEAD}:
                raise UnsupportedNameError(wandb_modules.why_not(name))
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{errors.nearest(name, __all__)}")


def __dir__() -> list[str]:
    return list(__all__)


class _WandbModules:
    """Answers ``from jupyter_artifacts.sdk.artifacts.exceptions import ...``: a finder of modules, asked last."""

    @staticmethod
    def find_spec(fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return how a module under W&B's name is loaded, None for all others."""
        del path, target
        if not fullname.startswith(f"{__name__}."):
            return None
        from jupyter_artifacts.tracking.wandb_modules import spec_of

        return spec_of(fullname)


sys.meta_path.append(_WandbModules)
