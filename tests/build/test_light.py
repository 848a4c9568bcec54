"""`import jupyter_artifacts` is cheap, and the core never drags in what a user may not have."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

BUDGET = 0.150  # seconds of processor time
HEAVY = (
    "IPython",
    "PIL",
    "anywidget",
    "ipywidgets",
    "matplotlib",
    "networkx",
    "numpy",
    "pandas",
    "pyarrow",
    "safetensors",
    "sqlalchemy",
    "torch",
    "torchvision",
    "traitlets",
)
CATALOG = "jupyter_artifacts.store.catalog"  # SQL from top to bottom, and imported late
CORE = ("errors", "handlers", "media", "model", "store", "tracking")

TIME_IT = """
import time
began = time.process_time()
import jupyter_artifacts
print(time.process_time() - began)
"""

WHO_LOADS = """
import importlib, json, pkgutil, sys
heavy, core, last = json.loads(sys.argv[1])
loaded, waiting = {}, []
def load(name):
    if name.startswith(last) and last not in loaded:
        waiting.append(name)
        return
    before = set(sys.modules)
    module = importlib.import_module(name)
    loaded[name] = sorted(set(heavy) & (set(sys.modules) - before))
    for inner in pkgutil.iter_modules(getattr(module, "__path__", ())):
        load(name + "." + inner.name)
importlib.import_module("jupyter_artifacts")
loaded["jupyter_artifacts"] = sorted(set(heavy) & set(sys.modules))
for room in core:
    load("jupyter_artifacts." + room)
loaded[last] = []
for name in waiting:
    load(name)
print(json.dumps(loaded))
"""


def run(program: str, *arguments: str) -> str:
    """Run a program in a fresh interpreter and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_takes_less_than_its_budget() -> None:
    best = min(float(run(TIME_IT)) for _ in range(5))
    assert best < BUDGET


@pytest.fixture(scope="module")
def loaded() -> dict[str, list[str]]:
    """Tell for each core module which heavy packages came with it."""
    answer: dict[str, list[str]] = json.loads(run(WHO_LOADS, json.dumps([HEAVY, CORE, CATALOG])))
    return answer


def test_heavy_packages_wait_until_they_are_used(loaded: dict[str, list[str]]) -> None:
    assert {room for name in loaded for room in name.split(".")[1:2]} == set(CORE)
    heavy = {name: came for name, came in loaded.items() if came}
    assert heavy == {name: ["sqlalchemy"] for name in heavy if name.startswith(CATALOG)}
