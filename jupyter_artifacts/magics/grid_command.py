"""``%image_grid``: pictures in a grid, from a variable or from a version."""

from __future__ import annotations

import io
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jupyter_artifacts import panels
from jupyter_artifacts.magics.expressions import Expression
from jupyter_artifacts.magics.named import number, project
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.tracking.api import Api
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.parser import Parsed

MOST = 1024
_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff"})


def image_grid(desk: Desk, parsed: Parsed) -> object:
    """Return a grid of pictures."""
    if parsed.has("examples") == parsed.has("from"):
        raise UsageError(say("%image_grid: name a variable that holds pictures, or a version: --from NAME:VERSION"))
    captions = _list(desk, parsed, "caption")
    k = number(desk, parsed, "number", 0) or None
    cols = number(desk, parsed, "cols", 0)
    pictures: object
    if parsed.has("from"):
        pictures, paths = _of_version(desk.text(parsed, "from"), project(desk, parsed), k or MOST)
        captions = captions or paths
    else:
        pictures = Expression(parsed.words("examples")[0].source, "VAR").value(desk.namespace)
    order = _list(desk, parsed, "sort")
    if order is not None:
        pictures, captions = _sorted(pictures, captions, order)
    texts = None if captions is None else [str(caption) for caption in captions]
    return panels.image_grid(pictures, texts, k=k, cols=cols, title=desk.text(parsed, "title") or None)


def _list(desk: Desk, parsed: Parsed, option: str) -> Sequence[object] | None:
    word = parsed.word(option)
    if word is None:
        return None
    value = Expression(word.source, f"--{option}").value(desk.namespace)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if not isinstance(value, (list, tuple)):
        kind = type(value).__name__
        raise UsageError(
            say("%image_grid: {option} needs a list, one item a picture, not a {kind}", option=f"--{option}", kind=kind)
        )
    return value


def _sorted(
    pictures: object, captions: Sequence[object] | None, keys: Sequence[object]
) -> tuple[object, Sequence[object] | None]:
    numbers = [key for key in keys if isinstance(key, (int, float))]
    get, count = getattr(pictures, "__getitem__", None), getattr(pictures, "__len__", lambda: -1)()
    if get is None or len(numbers) != len(keys) or count != len(keys):
        raise UsageError(say("%image_grid: --sort needs a number for each picture; there are {n} pictures", n=count))
    order = sorted(range(len(numbers)), key=lambda i: -numbers[i])
    return [get(i) for i in order], None if captions is None else [captions[i] for i in order]


def _of_version(text: str, place: str | None, most: int) -> tuple[list[object], list[str]]:
    """Return the first pictures among a version's files, below a folder if the text names one after the version."""
    from PIL import Image

    above, colon, rest = text.partition(":")
    selector, _, folder = rest.partition("/")
    artifact = Api({"project": place} if place else None).artifact(f"{above}{colon}{selector}")
    wanted = [
        path
        for path in sorted(artifact.manifest.entries)
        if PurePosixPath(path).suffix.lower() in _SUFFIXES and path.startswith(f"{folder}/" if folder else "")
    ][:most]
    if not wanted:
        place = f"{artifact.name}/{folder}" if folder else artifact.name
        raise UsageError(say("%image_grid: {name} holds no pictures", name=place))
    pictures: list[object] = []
    for path in wanted:
        with artifact.open(path) as file:
            pictures.append(Image.open(io.BytesIO(file.read())))
    return pictures, wanted
