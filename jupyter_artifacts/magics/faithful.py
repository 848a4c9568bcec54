"""Variables as files that give them back as they were, or are refused.

Handlers keep content, and some let go of its form: JSON makes lists of tuples, sorts
keys and knows no numpy scalars, a model becomes its state dict. A body that is left out
must leave the same behind as one that ran, so what is written is read at once, the form
is kept beside the files where it can be given back, and the rest is refused.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.handlers.base import full_name, is_loaded_instance
from jupyter_artifacts.handlers.registry import handler_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.tracking.artifact.artifact import Artifact

FILE = ".forms.json"
"""The path of the forms in the cache's artifact; no variable's name begins with a dot."""

_PLAIN = (int, float, bool, str)


def keep(artifact: Artifact, value: object, name: str) -> JsonObject:
    """Write a value into a draft; return its form, empty where the file alone gives it back.

    Raises
    ------
    NoHandlerError
        No handler takes it.
    InvalidTypeError
        It would come back as something else.
    """
    handler = handler_for(value)
    with tempfile.TemporaryDirectory(prefix="jupyter_artifacts-") as scratch:
        local = Path(scratch) / f"value{handler.suffix}"
        handler.dump(value, local)
        form = _form(value, handler.load(local), name)
        artifact.add_file(str(local), name if name.endswith(handler.suffix) else name + handler.suffix)
    return form


def put_forms(artifact: Artifact, forms: Mapping[str, JsonObject]) -> None:
    """Put the forms that are not empty into a cache's artifact."""
    told = {name: form for name, form in forms.items() if form}
    if told:
        with artifact.new_file(FILE, "w") as file:
            file.write(json.dumps(told))


def loaded(artifact: Artifact, names: list[str]) -> dict[str, object]:
    """Return values of a cache's artifact in their forms.

    Raises
    ------
    InvalidValueError
        The forms are not those of what is there.
    """
    forms: object = json.loads(artifact.read_bytes(FILE)) if FILE in artifact.manifest.entries else {}
    if not isinstance(forms, dict):
        raise InvalidValueError(f"{FILE} holds no object")
    try:
        return {name: _formed(forms.get(name) or {}, artifact.load(name)) for name in names}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, InvalidValueError):
            raise
        raise InvalidValueError(f"{FILE} does not fit what is beside it: {error}") from error


def _form(value: object, back: object, where: str) -> JsonObject:
    if type(value) is dict and type(back) is dict and value.keys() == back.keys():
        inside = {key: form for key in value if (form := _form(value[key], back[key], f"{where}[{key!r}]"))}
        order = list(value) if list(value) != list(back) else None
        return cast("JsonObject", {"in": inside, "keys": order}) if inside or order else {}
    if type(value) in {list, tuple} and type(back) in {list, tuple}:
        pairs = zip(cast("list[object]", value), cast("list[object]", back), strict=True)
        inside = {str(i): form for i, (a, b) in enumerate(pairs) if (form := _form(a, b, f"{where}[{i}]"))}
        other = type(value) is not type(back)
        return cast("JsonObject", {"in": inside, "tuple": type(value) is tuple}) if inside or other else {}
    if is_loaded_instance(value, "numpy", "generic") and type(back) in _PLAIN:
        dtype = str(getattr(value, "dtype", ""))
        again = _scalar(dtype, back)
        if type(again) is type(value) and (again == value or again != again):  # noqa: PLR0124  NaN is not itself
            return {"scalar": dtype}
    lost = _lost(value, back)
    if lost:
        raise InvalidTypeError(
            f"{where} would come back {lost}; leave it out of -v, or put there what it can be rebuilt from, as a "
            "model from its state_dict()"
        )
    return {}


def _lost(value: object, back: object) -> str:
    """Return how what came back is something else; empty where it is not."""
    if is_loaded_instance(value, "PIL.Image", "Image") and is_loaded_instance(back, "PIL.Image", "Image"):
        return "" if _facts(value, "mode", "size") == _facts(back, "mode", "size") else "with another mode"
    if type(value) is not type(back):
        return f"as {full_name(back)}, not as {full_name(value)}"
    if is_loaded_instance(value, "torch", "Tensor"):
        for name in ("device", "requires_grad", "dtype"):
            if _facts(value, name) != _facts(back, name):
                return f"with {name}={_facts(back, name)[0]}, not {_facts(value, name)[0]}"
    if is_loaded_instance(value, "numpy", "ndarray") and _facts(value, "dtype", "shape") != _facts(
        back, "dtype", "shape"
    ):
        return f"with dtype {_facts(back, 'dtype')[0]}, not {_facts(value, 'dtype')[0]}"
    if is_loaded_instance(value, "pandas", "DataFrame"):
        from pandas.testing import assert_frame_equal

        try:
            assert_frame_equal(
                cast("pd.DataFrame", value), cast("pd.DataFrame", back), check_exact=True, check_freq=False
            )
        except AssertionError as error:
            return f"as another table ({str(error).splitlines()[0]})"
    return ""


def _facts(value: object, *names: str) -> tuple[object, ...]:
    return tuple(getattr(value, name) for name in names)


def _formed(form: JsonObject, back: object) -> object:
    if not form:
        return back
    if "scalar" in form:
        return _scalar(str(form["scalar"]), back)
    inside = cast("dict[str, JsonObject]", form["in"])
    if isinstance(back, (list, tuple)):
        items = [_formed(inside.get(str(i), {}), item) for i, item in enumerate(back)]
        return tuple(items) if form["tuple"] else items
    values = cast("dict[str, object]", back)
    order = cast("list[str]", form["keys"]) or list(values)
    return {key: _formed(inside.get(key, {}), values[key]) for key in order}


def _scalar(dtype: str, value: object) -> object:
    import numpy as np

    return np.dtype(dtype).type(value)
