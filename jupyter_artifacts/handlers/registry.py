"""Which handler saves an object, and which reads a file back."""

from __future__ import annotations

import warnings
from pathlib import PurePath
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, NoHandlerError, nearest
from jupyter_artifacts.handlers.base import Handler, full_name
from jupyter_artifacts.handlers.frames import FrameHandler
from jupyter_artifacts.handlers.images import FigureHandler, ImageHandler
from jupyter_artifacts.handlers.json_tree import JsonHandler
from jupyter_artifacts.handlers.numpy_arrays import ArrayDictHandler, ArrayHandler
from jupyter_artifacts.handlers.text import BytesHandler, TextHandler
from jupyter_artifacts.handlers.torch_tensors import TorchHandler

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.metadata import EntryPoint

GROUP = "jupyter_artifacts.handlers"


def builtin_handlers() -> list[Handler]:
    """Return the package's own handlers, the one to ask first at the front.

    JSON takes any dict or list, so that its refusal can name the part it cannot
    hold: it stands last, after the dicts of arrays and of tensors.
    """
    return [
        TorchHandler(),
        ArrayHandler(),
        ArrayDictHandler(),
        FrameHandler(),
        ImageHandler(),
        FigureHandler(),
        BytesHandler(),
        TextHandler(),
        JsonHandler(),
    ]


class Registry:
    """Handlers in the order they are asked: registered by hand, plug-ins, builtin.

    Parameters
    ----------
    builtin : iterable of Handler
        The handlers that are always there, the first asked first.
    group : str
        The entry-point group of plug-ins; they are looked up when first needed.
    """

    def __init__(self, builtin: Iterable[Handler], group: str = GROUP) -> None:
        self._builtin = list(builtin)
        self._group = group
        self._registered: list[Handler] = []
        self._plugins: list[Handler] | None = None

    def register(self, handler: Handler) -> None:
        """Ask `handler` before all others from now on; one of the same name is replaced."""
        check_handler(handler, "register_handler()")
        kept = [known for known in self._registered if known.name != handler.name]
        self._registered = [handler, *kept]

    def handlers(self) -> list[Handler]:
        """Return all handlers, the one to ask first at the front."""
        return [*self._registered, *self._plug_ins(), *self._builtin]

    def for_object(self, obj: object) -> Handler:
        """Return the first handler that claims `obj`, or raise NoHandlerError."""
        for handler in self.handlers():
            if handler.claims(obj):
                return handler
        raise NoHandlerError(
            f"no handler can save an object of type {full_name(obj)}, and objects are never pickled. "
            "Write it to a file and use add_file(), or give register_handler() an object with name, suffix, "
            "claims(), dump() and load()"
        )

    def for_path(self, path: PurePath | str) -> Handler:
        """Return the handler of the longest suffix that `path` ends with, or raise NoHandlerError."""
        name = PurePath(path).name.lower()
        fitting = [handler for handler in self.handlers() if name.endswith(handler.suffix.lower())]
        if not fitting:
            known = sorted({handler.suffix for handler in self.handlers()})
            hint = nearest(PurePath(name).suffix, known)
            raise NoHandlerError(f"no handler reads {name!r}{hint} Known endings: {', '.join(known)}")
        return max(fitting, key=lambda handler: len(handler.suffix))

    def _plug_ins(self) -> list[Handler]:
        if self._plugins is None:
            import importlib.metadata  # half of this room's import time

            points = importlib.metadata.entry_points(group=self._group)
            found = (load_plug_in(point) for point in sorted(points, key=lambda point: point.name))
            self._plugins = [handler for handler in found if handler is not None]
        return self._plugins


def load_plug_in(point: EntryPoint) -> Handler | None:
    """Return a plug-in's handler; one that is broken is named in a warning and left out.

    The entry point names a handler or a class that makes one without arguments.
    """
    try:
        loaded: object = point.load()
        handler: object = loaded() if isinstance(loaded, type) else loaded
        check_handler(handler, f"the plug-in {point.name!r}")
    except Exception as error:  # noqa: BLE001  somebody else's code: it is reported and must not stop ours
        why = f"{type(error).__name__}: {error}"
        warnings.warn(f"the handler plug-in {point.name!r} ({point.value}) is left out: {why}", stacklevel=2)
        return None
    return handler if isinstance(handler, Handler) else None


def check_handler(handler: object, where: str) -> None:
    """Refuse what is not a handler, saying what it lacks."""
    parts = ("name", "suffix", "claims", "dump", "load")
    missing = [part for part in parts if not hasattr(handler, part)]
    if missing or isinstance(handler, type):
        lacks = f"lacks {', '.join(missing)}" if missing else "is a class: make one of it first"
        raise InvalidTypeError(f"{where}: {full_name(handler)} is not a handler: it {lacks}")
    name, suffix = (getattr(handler, part) for part in parts[:2])
    if not isinstance(name, str) or not name:
        raise InvalidValueError(f"{where}: a handler's name must be a str with something in it, not {name!r}")
    if not isinstance(suffix, str) or len(suffix) < len(".x") or suffix[0] != "." or set(suffix) & set("/\\\0"):
        raise InvalidValueError(f"{where}: the suffix of {name!r} must look like '.npy', not {suffix!r}")


_default = Registry(builtin_handlers())


def register_handler(handler: Handler) -> None:
    """Teach `add_object` and `load` one more kind of object; the last registered is asked first."""
    _default.register(handler)


def registered_handlers() -> list[Handler]:
    """Return all handlers, the one that is asked first at the front."""
    return _default.handlers()


def handler_for(obj: object) -> Handler:
    """Return the handler that saves `obj`, or raise NoHandlerError naming its type."""
    return _default.for_object(obj)


def handler_for_path(path: PurePath | str) -> Handler:
    """Return the handler that reads `path`, by the longest ending that fits."""
    return _default.for_path(path)
