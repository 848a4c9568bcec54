"""Modules of W&B that code imports from, answered by the modules here that hold the same names."""

from __future__ import annotations

import importlib
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from jupyter_artifacts.errors import UnsupportedImportError, nearest

_PACKAGE = "jupyter_artifacts"
_DATA_TYPES = "tracking.data_types"

_MODULES = {
    "apis": "tracking.public",
    "apis.public": "tracking.public",
    "apis.public.api": "tracking.public",
    "apis.public.artifacts": "tracking.public",
    "apis.public.files": "tracking.public",
    "apis.public.projects": "tracking.public",
    "apis.public.registries": "tracking.public",
    "apis.public.runs": "tracking.public",
    "data_types": _DATA_TYPES,
    "plot": "media.plot",
    "sdk": "",
    "sdk.artifacts": "",
    "sdk.artifacts.artifact": "tracking.artifact.artifact",
    "sdk.artifacts.artifact_manifest": "tracking.artifact.entries",
    "sdk.artifacts.artifact_manifest_entry": "tracking.artifact.wandb_names",
    "sdk.artifacts.artifact_ttl": "tracking.artifact.lifetime",
    "sdk.artifacts.exceptions": "errors",
    "sdk.data_types": _DATA_TYPES,
    "sdk.data_types.base_types": "",
    "sdk.data_types.base_types.media": _DATA_TYPES,
    "sdk.data_types.base_types.wb_value": _DATA_TYPES,
    "sdk.data_types.helper_types": "",
    "sdk.data_types.helper_types.classes": _DATA_TYPES,
    "sdk.data_types.histogram": _DATA_TYPES,
    "sdk.data_types.html": _DATA_TYPES,
    "sdk.data_types.image": _DATA_TYPES,
    "sdk.data_types.molecule": _DATA_TYPES,
    "sdk.data_types.object_3d": _DATA_TYPES,
    "sdk.data_types.plotly": _DATA_TYPES,
    "sdk.data_types.table": _DATA_TYPES,
    "sdk.data_types.video": _DATA_TYPES,
    "sdk.lib": "tracking.disabled",
    "sdk.lib.config_util": "errors",
    "sdk.lib.disabled": "tracking.disabled",
    "sdk.lib.runid": "tracking.util",
    "sdk.wandb_alerts": "tracking.alerts",
    "sdk.wandb_config": "tracking.config",
    "sdk.wandb_init": "tracking.init",
    "sdk.wandb_login": "tracking.verbs",
    "sdk.wandb_run": "tracking.run",
    "sdk.wandb_settings": "tracking.settings",
    "sdk.wandb_summary": "tracking.summary",
    "util": "tracking.util",
    "wandb_run": "tracking.run",
}
"""By W&B's name; ``""`` is a bare package."""

INTEGRATIONS = frozenset(
    ["catboost", "fastai", "gym", "integration", "keras", "lightgbm", "sb3", "sklearn", "tensorboard", "xgboost"]
)
"""What watches other packages from inside."""

SERVER_ONLY = frozenset(["Graph", "docker", "launch", "proto", "sync", "wandb_agent"])
"""What needs a server, or W&B's own process."""

INSTEAD = {
    "Bokeh": "log its page: Html(bokeh.embed.file_html(plot))",
    "box3d": "give Object3D.from_point_cloud(points, boxes=...) the eight corners of each box",
}
"""What there is instead of a few names."""

_OLD_SDK, _SDK = "wandb_sdk", "sdk"
_ROWS = "see the table of W&B's names in the README"


def knows(name: str) -> bool:
    """Tell whether a name below W&B's package is one of its modules that is answered here."""
    return _tidy(name) in _MODULES


def why_not(name: str) -> str:
    """Return why a name of W&B's is not offered here."""
    if name in INSTEAD:
        return f"{name} is not offered here; {INSTEAD[name]}"
    if name.partition(".")[0] in INTEGRATIONS:
        return f"{name} is not offered here: other packages are not watched from inside; log what you need with log()"
    return f"{name} is not offered here; {_ROWS}"


def spec_of(fullname: str) -> ModuleSpec | None:
    """Return how a module under W&B's name is loaded, None for all others.

    Raises
    ------
    UnsupportedImportError
        An inner module of W&B's that has no like here.
    """
    name = _tidy(fullname.partition(".")[2])
    first, dot, _ = name.partition(".")
    if name not in _MODULES and first not in INTEGRATIONS | SERVER_ONLY:
        if dot and first in {"apis", _SDK}:
            raise UnsupportedImportError(why_not(name))
        return None
    loader: Any = _Loader  # it does what a loader does; importlib.abc is not loaded for it
    is_package = name not in _MODULES or any(other.startswith(f"{name}.") for other in _MODULES)
    return ModuleSpec(fullname, loader, is_package=is_package)


def _tidy(name: str) -> str:
    """Return a module's name with W&B's earlier ``wandb_sdk`` under its present one."""
    first, dot, rest = name.partition(".")
    return f"{_SDK}{dot}{rest}" if first == _OLD_SDK else name


class _Loader:
    @staticmethod
    def create_module(spec: ModuleSpec) -> ModuleType:
        """Return the module here that has the names, or an empty one."""
        real = _MODULES.get(_tidy(spec.name.partition(".")[2]))
        return _Borrowed(spec.name, importlib.import_module(f"{_PACKAGE}.{real}") if real else None)

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        """Nothing is left to do: its names are looked up when they are used."""


class _Borrowed(ModuleType):
    """A module whose names are those of another; a name that is nowhere says that it is not offered."""

    def __init__(self, name: str, real: ModuleType | None) -> None:
        super().__init__(name, None if real is None else real.__doc__)
        self.__dict__["_real"] = real

    def __getattr__(self, name: str) -> object:
        below = f"{self.__name__.partition('.')[2]}.{name}"
        if knows(below):
            return importlib.import_module(f"{_PACKAGE}.{below}")
        found: object = getattr(self._real, name, None)
        if found is not None:
            return found
        if name.startswith("__"):
            raise AttributeError(name)
        names = [] if self._real is None else [known for known in dir(self._real) if not known.startswith("_")]
        raise UnsupportedImportError(f"{why_not(below)}{nearest(name, names)}")
