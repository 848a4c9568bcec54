"""Plotly: an interactive figure, kept as its own JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.figures import find_figure
from jupyter_artifacts.media.file_media import FileMedia
from jupyter_artifacts.model.jsonable import normalise

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.media.given import Given
    from jupyter_artifacts.model.jsonable import JsonObject


class Plotly(FileMedia):
    """A plotly figure to log.

    Parameters
    ----------
    val : plotly figure or dict
        A dict has ``"data"`` and perhaps ``"layout"``.

    Attributes
    ----------
    figure : dict
    """

    kind: ClassVar[str] = "plotly-file"
    folder: ClassVar[str] = "media/plotly"

    def __init__(self, val: object) -> None:
        if is_plotly(val):
            to_json: Callable[[], str] = getattr(val, "to_json")  # noqa: B009  an object to the type checker
            figure: object = json.loads(to_json())
        elif isinstance(val, Mapping):
            figure = normalise(val, "the figure")
        else:
            hint = "; log a matplotlib figure as an Image" if find_figure(val) is not None else ""
            raise InvalidTypeError(f"Plotly takes a plotly figure or its dict, not {type(val).__name__}{hint}")
        if not isinstance(figure, dict) or not isinstance(figure.get("data"), list):
            raise InvalidValueError("a figure's dict must have a list 'data'")
        super().__init__(_json(figure), ".plotly.json")

    @classmethod
    def suffix_of(cls, given: Given) -> str:
        """Refuse what is not a figure's JSON."""
        try:
            figure = json.loads(given.data)
        except (ValueError, RecursionError) as error:
            raise InvalidValueError(f"{given.where} is not JSON: {error}") from error
        if not isinstance(figure, dict) or not isinstance(figure.get("data"), list):
            raise InvalidValueError(f"{given.where} is no figure: it has no list 'data'")
        return ".plotly.json"

    @property
    def figure(self) -> JsonObject:
        """The figure as plotly's dict; ``plotly.graph_objects.Figure(**it)`` draws it."""
        content: JsonObject = json.loads(self.data)
        return content


def is_plotly(data: object) -> bool:
    """Say whether `data` is a plotly figure, without importing plotly."""
    module = sys.modules.get("plotly.basedatatypes")
    figure = getattr(module, "BaseFigure", None)
    return isinstance(figure, type) and isinstance(data, figure)


def _json(figure: object) -> bytes:
    try:
        return json.dumps(figure, allow_nan=False, separators=(",", ":")).encode()
    except ValueError as error:
        raise InvalidValueError("the figure's dict holds NaN or infinity; put None there") from error
