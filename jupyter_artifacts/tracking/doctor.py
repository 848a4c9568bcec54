"""What a person asks first when something is odd: versions, the store and its health, what is recorded where."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts._version import __version__
from jupyter_artifacts.errors import ArtifactsError
from jupyter_artifacts.store.location import STORE_VARIABLE, locate
from jupyter_artifacts.tracking.stores import store_at
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.stores import Where

_FRONT = ("ipython", "ipykernel", "ipywidgets", "anywidget", "jupyterlab", "notebook")
_KINDS = (
    "numpy",
    "torch",
    "safetensors",
    "pandas",
    "pyarrow",
    "polars",
    "matplotlib",
    "networkx",
    "psycopg",
    "obstore",
)
_LITTLE = 1 << 30
_GIB = 1 << 30


class Finding(NamedTuple):
    """One line of the doctor's.

    Attributes
    ----------
    topic, fact : str
    advice : str
        What to do; empty where nothing is wrong.
    """

    topic: str
    fact: str
    advice: str = ""


def examine(store: Where = None) -> list[Finding]:
    """Look at this installation and at a store, changing nothing.

    Parameters
    ----------
    store : path, optional
        Else ``JUPYTER_ARTIFACTS_STORE``, else the one found upward.

    Returns
    -------
    list of Finding
        Those with an `advice` want something done.
    """
    return [*_installation(), *_store(store), *_privacy()]


def _installation() -> Iterator[Finding]:
    yield Finding("jupyter_artifacts", __version__)
    yield Finding(
        "Python", say("{version} on {platform}", version=sys.version.split()[0], platform=platform.platform(terse=True))
    )
    yield Finding("SQLite", sqlite3.sqlite_version)
    yield Finding(say("in notebooks"), _versions(_FRONT))
    yield Finding(say("for objects and teams"), _versions(_KINDS))


def _versions(names: tuple[str, ...]) -> str:
    return ", ".join(f"{name} {_version(name)}" for name in names)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "-"


def _store(where: Where) -> Iterator[Finding]:
    try:
        if not locate(where).exists:
            advice = "" if where is None else say("log something first, or name another")
            yield Finding(
                say("store"), say("none yet; it would be made at {path}", path=str(locate(where).folder)), advice
            )
            return
        store = store_at(where, create=False)
    except ArtifactsError as error:
        yield Finding(say("store"), say("cannot be opened"), str(error))
        return
    yield Finding(say("store"), f"{store.location} ({say('read-only') if store.read_only else say('writable')})")
    yield from _health(store)


def _health(store: Store) -> Iterator[Finding]:
    free = shutil.disk_usage(store.root).free if Path(store.root).is_dir() else None
    if free is not None:
        little = say("make room: logging stops when the disk is full") if free < _LITTLE else ""
        yield Finding(say("free on its disk"), f"{free / _GIB:.1f} GiB", little)
    problems = store.catalog.check()
    advice = say("run `jupyter artifacts verify` for the whole list") if problems else ""
    yield Finding(say("catalog"), problems[0] if problems else say("sound"), advice)
    projects = store.catalog.versions.projects()
    yield Finding(say("projects"), ", ".join(projects) or say("none yet"))


def _privacy() -> Iterator[Finding]:
    yield Finding(
        say("recorded"), say("tracked cells and what the API is asked to log; nothing else unless `%track on`")
    )
    yield Finding(
        say("sent"),
        say(
            "nothing: no telemetry, no account; everything lies in the store ({variable} names another)",
            variable=STORE_VARIABLE,
        ),
    )
