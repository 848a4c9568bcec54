"""Choosing a handler: builtin, registered by hand, plugged in."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, NoHandlerError
from jupyter_artifacts.handlers import handler_for, handler_for_path, registered_handlers
from jupyter_artifacts.handlers.base import Handler
from jupyter_artifacts.handlers.registry import GROUP, Registry, builtin_handlers


class Point:
    """Something that nobody knows how to save."""

    def __init__(self, x: int = 1) -> None:
        self.x = x


class PointHandler:
    """A handler as a user would write it."""

    name = "point"
    suffix = ".point.json"

    def claims(self, obj: object) -> bool:
        return isinstance(obj, Point)

    def dump(self, obj: object, path: Path) -> None:
        assert isinstance(obj, Point)
        path.write_text(str(obj.x))

    def load(self, path: Path) -> object:
        return Point(int(path.read_text()))


def fresh() -> Registry:
    return Registry(builtin_handlers(), group="jupyter_artifacts.test.none")


def plug_in(monkeypatch: pytest.MonkeyPatch, **values: str) -> Registry:
    points = [importlib.metadata.EntryPoint(name, value, GROUP) for name, value in values.items()]
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda *, group: points if group == GROUP else [])
    return Registry(builtin_handlers())


def test_every_builtin_is_a_handler_with_a_name_of_its_own() -> None:
    handlers = builtin_handlers()
    assert all(isinstance(handler, Handler) for handler in handlers)
    assert len({handler.name for handler in handlers}) == len(handlers)
    assert [handler.name for handler in registered_handlers()][-len(handlers) :] == [h.name for h in handlers]


@pytest.mark.parametrize(
    ("obj", "name"),
    [
        ({"a": 1}, "json"),
        ([1, None], "json"),
        ({}, "json"),
        ([], "json"),
        (None, "json"),
        (True, "json"),
        (0.5, "json"),
        ("text", "text"),
        (b"raw", "bytes"),
        (bytearray(b"raw"), "bytes"),
    ],
)
def test_plain_objects_find_their_handler(obj: object, name: str) -> None:
    assert handler_for(obj).name == name


def test_an_unknown_object_is_refused_by_its_full_name_and_says_how_to_register() -> None:
    with pytest.raises(
        NoHandlerError, match=r"of type \S*test_registry\.Point, and .* never pickled.*register_handler\(\)"
    ):
        handler_for(Point())


@pytest.mark.parametrize("obj", [object(), {1, 2}, 1j, len, Path("x"), range(3), Point])
def test_objects_without_a_handler(obj: object) -> None:
    with pytest.raises(NoHandlerError):
        handler_for(obj)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.json", "json"),
        ("dir.npy/A.NPZ", "numpy dict"),
        ("x.npy", "numpy"),
        ("x.safetensors", "torch"),
        ("x.png", "PIL image"),
        ("x.parquet", "pandas"),
        ("x.txt", "text"),
        ("x.bin", "bytes"),
    ],
)
def test_a_path_finds_its_handler_by_suffix(path: str, name: str) -> None:
    assert handler_for_path(path).name == name


def test_an_unknown_suffix_is_refused_naming_the_nearest_and_the_known() -> None:
    with pytest.raises(NoHandlerError, match=r"'x\.jsn'; did you mean '\.json'\? Known endings: \.bin, .*\.txt"):
        handler_for_path("x.jsn")


def test_pickles_have_no_handler() -> None:
    for name in ("a.pkl", "a.pickle", "a.pt", "a.pth", "a.joblib"):
        with pytest.raises(NoHandlerError):
            handler_for_path(name)


def test_a_registered_handler_is_asked_first_and_its_longer_suffix_wins(tmp_path: Path) -> None:
    registry = fresh()
    registry.register(PointHandler())
    path = tmp_path / "p.point.json"
    registry.for_object(Point(7)).dump(Point(7), path)
    loaded = registry.for_path(path).load(path)
    assert isinstance(loaded, Point)
    assert loaded.x == 7
    assert registry.for_path("other.json").name == "json"


def test_the_last_registered_wins_also_over_a_builtin() -> None:
    class Greedy(PointHandler):
        def claims(self, obj: object) -> bool:
            return isinstance(obj, (Point, dict))

    class Greedier(Greedy):
        name = "greedier"

    registry = fresh()
    registry.register(Greedy())
    registry.register(Greedier())
    assert registry.for_object({}).name == "greedier"
    registry.register(Greedy())
    assert registry.for_object({}).name == "point"
    assert [handler.name for handler in registry.handlers()][:2] == ["point", "greedier"]


def test_something_else_is_not_registered() -> None:
    registry = fresh()
    before = registry.handlers()
    with pytest.raises(InvalidTypeError, match=r"lacks name, suffix, claims, dump, load"):
        registry.register(object())  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(InvalidTypeError, match="is a class: make one"):
        registry.register(PointHandler)  # type: ignore[arg-type]  # the mistake under test
    for suffix in ("npy", ".", "", "./x", 3):
        broken = PointHandler()
        broken.suffix = suffix  # type: ignore[assignment]  # the mistake under test
        with pytest.raises(InvalidValueError, match=r"must look like '\.npy'"):
            registry.register(broken)
    nameless = PointHandler()
    nameless.name = ""
    with pytest.raises(InvalidValueError, match="name must be a str"):
        registry.register(nameless)
    assert registry.handlers() == before


def test_a_plug_in_is_found_and_a_broken_one_is_named_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    module = type(sys)("ja_test_plug_in")
    module.__dict__.update(PointHandler=PointHandler, nonsense=42)
    monkeypatch.setitem(sys.modules, "ja_test_plug_in", module)
    registry = plug_in(
        monkeypatch,
        good="ja_test_plug_in:PointHandler",
        gone="ja_test_no_such_module:X",
        odd="ja_test_plug_in:nonsense",
    )
    with pytest.warns(UserWarning, match="is left out") as seen:
        assert registry.for_object(Point()).name == "point"
    texts = sorted(str(warning.message) for warning in seen)
    assert len(texts) == 2
    assert "'gone' (ja_test_no_such_module:X) is left out: ModuleNotFoundError" in texts[0]
    assert "'odd' (ja_test_plug_in:nonsense) is left out: InvalidTypeError" in texts[1]
    assert registry.for_object({}).name == "json"  # asked again: no second warning


def test_plug_ins_are_not_looked_for_before_they_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = plug_in(monkeypatch, gone="ja_test_no_such_module:X")
    assert registry._plugins is None
    registry.register(PointHandler())
    assert registry._plugins is None


def test_choosing_imports_no_heavy_package() -> None:
    code = """
import sys
from jupyter_artifacts.handlers import handler_for, handler_for_path
for obj in ({"a": 1}, [1.5], "x", b"x", None): handler_for(obj)
handler_for_path("a.safetensors")
heavy = {"numpy", "torch", "pandas", "PIL", "matplotlib", "pyarrow", "safetensors"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
