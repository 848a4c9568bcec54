"""Labels and scores of a classifier, in whatever they come, as arrays that fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MisfitError
from jupyter_artifacts.media.arrays import is_array, is_tensor, plain_array, to_numpy
from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_COLUMN, _MATRIX = 1, 2


class OneClass(NamedTuple):
    """One class against all others."""

    name: str
    is_positive: NDArray[Any]
    scores: NDArray[Any]


def as_array(data: object, where: str) -> NDArray[Any]:
    """Return a list, array, tensor or Series as an array."""
    require("numpy", "numpy", f"to compute with {where}")
    if is_tensor(data):
        return to_numpy(data)
    if is_array(data) or isinstance(data, (list, tuple)):
        try:
            return plain_array(data)
        except ValueError as error:
            raise InvalidValueError(f"{where} has rows of different lengths: {error}") from error
    raise InvalidTypeError(f"{where} must be a list or an array, not {type(data).__name__}")


def labels_of(data: object, where: str) -> NDArray[Any]:
    """Return class labels: whole numbers, booleans or text, shape (n,)."""
    import numpy as np

    array = as_array(data, where)
    if array.ndim != _COLUMN or not array.size:
        raise InvalidValueError(f"{where} must be a list of labels, one each; its shape is {array.shape}")
    if array.dtype.kind == "O":
        array = array.astype(str)
    if array.dtype.kind == "f" and np.isfinite(array).all() and (array == array.astype(int)).all():
        array = array.astype(int)
    if array.dtype.kind not in "biuU":
        raise InvalidTypeError(f"{where} must be whole numbers or text, not {array.dtype}")
    return array.astype(int) if array.dtype.kind == "b" else array


def scores_of(data: object, where: str, count: int) -> NDArray[Any]:
    """Return finite scores of shape (n, classes); one column stands for the second of two classes."""
    import numpy as np

    array = as_array(data, where)
    if array.dtype.kind not in "biuf" or array.ndim not in {_COLUMN, _MATRIX}:
        raise InvalidValueError(
            f"{where} must be numbers, one row of scores each; it is {array.dtype} of {array.shape}"
        )
    if len(array) != count:
        raise MisfitError(f"{where} has {len(array)} rows for {count} labels")
    scores = array.astype(np.float64)
    if not np.isfinite(scores).all():
        raise InvalidValueError(f"{where} has NaN or infinity in it; replace them first (numpy.nan_to_num)")
    if scores.ndim == _COLUMN or scores.shape[1] == 1:
        scores = scores.reshape(-1)
        return np.stack([1 - scores, scores], axis=1)
    return scores


def one_by_one(
    y_true: object, y_probas: object, labels: object = None, classes_to_plot: object = None
) -> Iterator[OneClass]:
    """Yield each class that occurs, against all others.

    Parameters
    ----------
    y_true : list or array, shape (n,)
        Whole numbers, which are then the columns of `y_probas`; or text, in which
        case the columns are the classes in sorted order.
    y_probas : array, shape (n, classes) or (n,)
    labels : list of str, optional
        Names of the classes 0, 1, ...
    classes_to_plot : list, optional
        Only these values of `y_true`.
    """
    import numpy as np

    truth = labels_of(y_true, "y_true")
    scores = scores_of(y_probas, "y_probas", len(truth))
    classes: list[int | str] = np.unique(truth).tolist()
    wanted = classes if classes_to_plot is None else as_array(classes_to_plot, "classes_to_plot").tolist()
    names = None if labels is None else [str(name) for name in as_array(labels, "labels").tolist()]
    for value in wanted:
        if value not in classes:
            raise InvalidValueError(f"classes_to_plot has {value!r}, which is not among the labels {classes!r:.200}")
    for index, value in enumerate(classes):
        if value in wanted:
            column = _column(value, index, classes, scores.shape[1])
            yield OneClass(_name(value, names), truth == value, scores[:, column])


def _column(value: int | str, index: int, classes: list[int | str], columns: int) -> int:
    if all(isinstance(item, int) and 0 <= item < columns for item in classes) and isinstance(value, int):
        return value
    if len(classes) == columns:
        return index
    raise MisfitError(f"y_probas has {columns} columns for the classes {classes!r:.200}; one each is needed")


def _name(value: int | str, names: list[str] | None) -> str:
    if names is None or not isinstance(value, int):
        return str(value)
    if not 0 <= value < len(names):
        raise MisfitError(f"labels has {len(names)} names; the class {value} has none")
    return names[value]
