"""What ``run.log`` takes, brought to the values of one row of history.

Numbers, text, booleans and None stay; arrays and tensors of up to 32 elements
become lists (a number when there is one), larger ones a histogram of 32 bins;
nested dicts become dotted columns; media go to files and leave a small dict.
NaN and infinities stay as they are.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.model.jsonable import MAX_DEPTH, normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue

MAX_LIST = 32
BINS = 32

_PLAIN = frozenset([float, int, str, bool, type(None)])


class MediaSink(Protocol):
    """Takes media out of what is logged."""

    def is_media(self, value: object) -> bool:
        """Tell whether `value` is logged as a file."""

    def keep(self, key: str, value: object, step: int) -> JsonValue:
        """Store one medium's file; return the dict that stands for it."""

    def keep_all(self, key: str, values: Sequence[object], step: int) -> JsonValue:
        """Store a list of media; return the dict that stands for all."""


class Logged(NamedTuple):
    """One call's values: as columns of history, and as they stand in the summary."""

    columns: JsonObject
    summary: JsonObject


def take(data: object, step: int, media: MediaSink) -> Logged:
    """Return the values of one ``log`` call; `data` is not changed.

    Parameters
    ----------
    data : mapping of str to object
    step : int
        The step that the row will have; it is part of media file names.
    media : MediaSink
        Where pictures and other media go.

    Raises
    ------
    InvalidTypeError
        Not a mapping, a key that is no str, a value with no loggable form.
    """
    if type(data) is not dict and not isinstance(data, Mapping):
        raise InvalidTypeError(f"log() must be passed a dictionary, not {type(data).__name__}")
    columns: JsonObject = {}
    slow = False
    for key, value in data.items():
        if type(key) is not str:
            key = _key(key)  # noqa: PLW2901  rarely taken: a subclass of str, or an error
        if type(value) in _PLAIN:
            columns[key] = value
        else:
            columns[key] = convert(key, value, step, media)
            slow = True
    if "" in columns:
        raise InvalidValueError("log() was given an empty key; name it")
    return Logged(_dotted(columns), columns) if slow else Logged(columns, columns)


def convert(key: str, value: object, step: int, media: MediaSink, depth: int = 0) -> JsonValue:
    """Return one value in the form that history and summary keep."""
    if depth > MAX_DEPTH:
        raise InvalidValueError(f"log()[{key[:80]!r}] is nested deeper than {MAX_DEPTH} levels, or contains itself")
    if media.is_media(value):
        return media.keep(key, value, step)
    if isinstance(value, Mapping):
        return {_key(name, key): convert(f"{key}.{name}", item, step, media, depth + 1) for name, item in value.items()}
    if isinstance(value, (list, tuple)) and any(map(media.is_media, value)):
        strangers = [item for item in value if not media.is_media(item)]
        if strangers:
            raise InvalidTypeError(
                f"log()[{key!r}] mixes media with {type(strangers[0]).__name__}; log them under two keys"
            )
        return media.keep_all(key, value, step)
    array = as_array(value)
    return normalise(value, f"log()[{key!r}]") if array is None else _from_array(array, key)


def as_array(value: object) -> np.ndarray | None:
    """Return a numpy array for numpy and torch arrays of any device, None for all else."""
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        tensor = value.detach().cpu()
        exact: np.ndarray = (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy(force=True)
        return exact
    if numpy is not None and isinstance(value, numpy.ndarray):
        array: np.ndarray = value
        return array
    return None


def _from_array(array: np.ndarray, key: str) -> JsonValue:
    if array.dtype.kind not in "biuf":
        return normalise(array, f"log()[{key!r}]")
    if array.size == 1:
        return normalise(array.reshape(()).item(), key)
    return normalise(array.tolist(), key) if array.size <= MAX_LIST else histogram(array)


def histogram(array: np.ndarray, bins: int = BINS) -> JsonObject:
    """Return W&B's dict for a histogram: counts and the edges of the bins.

    Values that are not finite are left out, as in W&B.
    """
    from jupyter_artifacts.media.histogram import count

    counts, edges, _ = count(array, bins)
    return {"_type": "histogram", "values": list(counts), "bins": list(edges)}


def _key(key: object, inside: str = "") -> str:
    """Return a key as text; inside a nested dict an int or bool will do, as in JSON."""
    if isinstance(key, str):
        return str(key)
    if inside and isinstance(key, int):
        return str(key).lower()
    where = f"log()[{inside!r}]" if inside else "log()"
    raise InvalidTypeError(f"{where} has the key {key!r} of type {type(key).__name__}; keys must be str")


def _dotted(columns: JsonObject) -> JsonObject:
    """Return nested dicts as columns ``a.b.c``; dicts that stand for media stay whole."""
    flat: JsonObject = {}
    for key, value in columns.items():
        if isinstance(value, dict) and value and "_type" not in value:
            flat.update({f"{key}.{name}": item for name, item in _dotted(value).items()})
        else:
            flat[key] = value
    return flat
