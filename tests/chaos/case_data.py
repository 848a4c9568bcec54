"""The bad inputs themselves."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import pathlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = {
    "name empty": "",
    "name space": " ",
    "name dot": ".",
    "name dotdot": "..",
    "name ../x": "../x",
    "name ../../x": "../../escape",
    "name absolute": "/tmp/chaos-abs-name",
    "name drive letter": "C:\\x",
    "name slash": "a/b",
    "name backslash": "a\\b",
    "name colon": "a:b",
    "name NUL": "a\0b",
    "name newline": "a\nb",
    "name control": "a\x1b[31mb",
    "name trailing dot": "a.",
    "name trailing space": "a ",
    "name CON": "CON",
    "name 300 chars": "n" * 300,
    "name 5000 chars": "n" * 5000,
    "name emoji": "\U0001f600",
    "name RTL override": "a\u202egnp.exe",
    "name zero width": "a\u200bb",
    "name lone surrogate": "a\ud800b",
    "name dash": "-rf",
    "name percent": "%2e%2e%2fx",
    "name quote": "a'b\"c",
    "name sql": "x'; drop table versions;--",
    "name html": "<img src=x onerror=alert(1)>",
    "name glob": "*",
    "name NFD": "e\u0301",
}
PAIRS = {
    "names NFC+NFD": ("\u00e9", "e\u0301"),
    "names case": ("Data", "data"),
    "names homoglyph": ("a", "\u0430"),
    "names latest-like": ("latest", "v0"),
}
ENTRIES = {
    "entry ../": "../../ESCAPED.txt",
    "entry deep ../": "a/b/../../../ESCAPED.txt",
    "entry absolute": "/tmp/chaos-ESCAPED/x.txt",
    "entry backslash": "..\\..\\ESCAPED.txt",
    "entry drive": "C:/ESCAPED.txt",
    "entry NUL": "a\0b",
    "entry empty": "",
    "entry dot": ".",
    "entry 300-char segment": "s" * 300,
    "entry newline": "a\nb.txt",
    "entry CON": "CON",
    "entry double slash": "a//b.txt",
    "entry ./": "./a.txt",
    "entry trailing slash": "a/",
}


def _deep(depth: int) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    inner = whole
    for _ in range(depth):
        inner["k"] = {}
        inner = inner["k"]
    return whole


def _cycle() -> dict[str, Any]:
    whole: dict[str, Any] = {}
    whole["self"] = whole
    return whole


def _np(kind: str) -> Any:
    import numpy as np

    return {
        "float32": np.float32(0.5),
        "int64": np.int64(7),
        "array": np.arange(3),
        "bool": np.bool_(True),
        "nan": np.float64("nan"),
    }[kind]


META: dict[str, Callable[[], Any]] = {
    "meta NaN": lambda: {"x": math.nan},
    "meta inf": lambda: {"x": math.inf, "y": -math.inf},
    "meta 2**70": lambda: {"x": 2**70},
    "meta -0.0": lambda: {"x": -0.0},
    "meta 1e400 digits": lambda: {"x": 10**400},
    "meta deep 100": lambda: _deep(100),
    "meta deep 5000": lambda: _deep(5000),
    "meta bytes": lambda: {"x": b"\x00\xff"},
    "meta np.float32": lambda: {"x": _np("float32")},
    "meta np.int64": lambda: {"x": _np("int64")},
    "meta np.array": lambda: {"x": _np("array")},
    "meta np.nan": lambda: {"x": _np("nan")},
    "meta datetime": lambda: {"x": dt.datetime(2024, 1, 2, 3, 4, 5)},
    "meta Path": lambda: {"x": pathlib.Path("/a/b")},
    "meta Decimal": lambda: {"x": decimal.Decimal("1.10")},
    "meta set": lambda: {"x": {1, 2}},
    "meta tuple": lambda: {"x": (1, 2)},
    "meta object": lambda: {"x": object()},
    "meta cycle": _cycle,
    "meta int key": lambda: {1: "a"},
    "meta 1 and '1'": lambda: {1: "a", "1": "b"},
    "meta None key": lambda: {None: 1},
    "meta tuple key": lambda: {(1, 2): 1},
    "meta empty key": lambda: {"": 1},
    "meta dotted key": lambda: {"a.b": 1, "a": {"b": 2}},
    "meta 10 MB": lambda: {"x": "y" * 10_000_000},
    "meta 10 000 keys": lambda: {f"k{i}": i for i in range(10_000)},
    "meta script": lambda: {"x": "</script><script>alert(1)</script>"},
    "meta lone surrogate": lambda: {"x": "a\ud800b"},
    "meta NUL": lambda: {"x": "a\0b"},
    "meta list": lambda: [1, 2],
    "meta str": lambda: "abc",
    "meta None value": lambda: {"x": None},
    "meta True": lambda: {"x": True},
    "meta 6000-char value": lambda: {"x": "y" * 6001},
    "meta key 300": lambda: {"k" * 300: 1},
}
ALIASES = {"alias latest": "latest", "alias v0": "v0", "alias empty": "", "alias slash": "a/b"}
