"""Pictures with captions and scores, as the grid pages them: the grid without its panel."""

from __future__ import annotations

import io
import math
import operator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar, cast

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, NotFoundError
from jupyter_artifacts.media.image import Image
from jupyter_artifacts.media.sprites import as_tiles, sheet, thumbnails
from jupyter_artifacts.panels.protocol import ExampleItem, ItemsPage, Verdict
from jupyter_artifacts.tracking.hardest import HardestExamples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from jupyter_artifacts.panels.protocol import ItemsParams, Versus

T = TypeVar("T")

COLUMNS = 25
MAX_CLASSES = 60
_CAPTION = 200


@dataclass(eq=False)
class Gallery:
    """Pictures and what is known of them.

    Attributes
    ----------
    tiles : ndarray of uint8, shape (N, h, w) or (N, h, w, 3)
        At most 64 pixels a side.
    items : list of ExampleItem
        One a picture, in the order of `tiles`.
    full : callable
        Takes a tile's number, returns the whole picture as PNG and its (width, height).
    probabilities : callable
        Takes a tile's number, returns a probability a class, or an empty list.
    class_names : list of str
    confusion : list of list of int
        Rows are true classes; empty where there are none or more than 60.
    other : callable
        As `probabilities`, of the version that this one is compared with.
    versions : tuple of str
        What the two are called; empty where nothing is compared.
    scored, wrong : int
        Of how many examples these are the hardest, and how many of all were wrong.
    """

    tiles: NDArray[np.uint8]
    items: list[ExampleItem]
    full: Callable[[int], tuple[bytes, tuple[int, int]]]
    probabilities: Callable[[int], list[float]] = lambda _: []
    class_names: list[str] = field(default_factory=list)
    confusion: list[list[int]] = field(default_factory=list)
    scored: int = 0
    wrong: int = 0
    other: Callable[[int], list[float]] = lambda _: []
    versions: tuple[str, ...] = ()

    def page(self, asked: ItemsParams) -> ItemsPage:
        """Return items in the asked order; those without a score come last."""
        kept = [item for item in self.items if _is_kept(item, asked)]
        key = asked["sort"]

        def place(item: ExampleItem) -> tuple[bool, float, int]:
            value = item[key]
            missing = value is None
            return missing, 0.0 if value is None else -value if asked["descending"] else value, item["tile"]

        kept.sort(key=place)
        offset = asked["offset"]
        return ItemsPage(items=kept[offset : offset + asked["limit"]], offset=offset, total=len(kept))

    def sheet(self, tiles: Sequence[int]) -> bytes:
        """Return some tiles, in this order, on a sheet of 25 columns: PNG, or JPEG of photographs.

        Raises
        ------
        NotFoundError
            There is no such tile.
        """
        for tile in tiles:
            self.item(tile)
        return sheet(self.tiles[list(tiles)], COLUMNS, lossy=True)

    def item(self, tile: int) -> ExampleItem:
        """Return the item of a tile, or raise NotFoundError."""
        if tile >= len(self.items):
            raise NotFoundError(f"there are {len(self.items)} pictures, and no picture {tile}")
        return self.items[tile]


def _is_kept(item: ExampleItem, asked: ItemsParams) -> bool:
    return (
        not (asked["wrong_only"] and item["label"] == item["predicted"])
        and asked["label"] in {-1, item["label"]}
        and asked["predicted"] in {-1, item["predicted"]}
        and _is_versus(item, asked["versus"])
    )


def _is_versus(item: ExampleItem, versus: Versus) -> bool:
    """Tell whether the other version judges a picture in the asked way."""
    other = item["other"]
    if versus == "any":
        return True
    if other is None:
        return False
    before, after = item["predicted"] == item["label"], other["predicted"] == item["label"]
    if versus == "differs":
        return item["predicted"] != other["predicted"]
    return (before, after) == ((False, True) if versus == "fixed" else (True, False))


def first(values: T, k: int | None) -> T:
    """Return the first `k` of pictures, captions or found examples; all where `k` is None.

    Raises
    ------
    InvalidValueError
        `k` is no number from 1.
    """
    if k is None or values is None:
        return values
    if not _is_count(k):
        raise InvalidValueError(f"k must be a number from 1, not {k!r}")
    if isinstance(values, HardestExamples):
        rows = ("losses", "indices", "labels", "predictions", "probabilities", "images")
        return replace(values, **{name: getattr(values, name)[:k] for name in rows})
    return cast("T", cast("Sequence[object]", values)[:k])


def _is_count(k: object) -> bool:
    return hasattr(type(k), "__index__") and not isinstance(k, bool) and operator.index(cast("int", k)) > 0


def refuse_beside_hardest(**given: object) -> None:
    """Refuse captions and the like beside HardestExamples, which brings its own."""
    named = [name for name, value in given.items() if value is not None]
    if named:
        raise InvalidValueError(f"{named[0]} cannot be given with HardestExamples, which has its own; leave it out")


def of_hardest(found: HardestExamples) -> Gallery:
    """Return what a search for the hardest examples found, hardest first."""
    images = found.to_media()
    rows = found.probabilities.tolist()
    items = [
        _item(
            tile,
            index=int(found.indices[tile]),
            label=int(found.labels[tile]),
            predicted=int(found.predictions[tile]),
            loss=_finite(float(found.losses[tile])),
            scores=_scores(rows[tile]),
            caption=caption,
        )
        for tile, caption in enumerate(found.captions)
    ]
    classes = int(found.probabilities.shape[1])
    names = [str(number) for number in range(classes)] if found.class_names is None else list(found.class_names)
    return Gallery(
        tiles=thumbnails(images),
        items=items,
        full=lambda tile: _encoded(images[tile]),
        probabilities=lambda tile: [_finite(p) or 0.0 for p in rows[tile]],
        class_names=[name[:60] for name in names] if classes <= MAX_CLASSES else [],
        confusion=found.confusion.tolist() if classes <= MAX_CLASSES else [],
        scored=found.n,
        wrong=found.wrong,
    )


def compared(made: Gallery, found: HardestExamples, other: HardestExamples, versions: tuple[str, str]) -> Gallery:
    """Return the gallery of `found` with what another version says of the same pictures.

    Parameters
    ----------
    made : Gallery
    found, other : HardestExamples
        Joined by their places in the dataset; a picture that `other` has not stays without.
    versions : tuple of str
        What the two are called.

    Raises
    ------
    InvalidValueError
        They have no picture in common, another number of classes, or other labels: not one dataset.
    """
    if other.probabilities.shape[1] != found.probabilities.shape[1]:
        counts = f"{found.probabilities.shape[1]} and {other.probabilities.shape[1]}"
        raise InvalidValueError(f"the two versions tell apart different numbers of classes: {counts}")
    row_of = {int(index): row for row, index in enumerate(other.indices)}
    rows = [row_of.get(item["index"]) for item in made.items]
    if all(row is None for row in rows):
        raise InvalidValueError(
            "the two have no picture in common: compare with the model itself, image_grid(hard, compare=model)"
        )
    items: list[ExampleItem] = []
    for item, row in zip(made.items, rows, strict=True):
        if row is None:
            items.append(item)
            continue
        if int(other.labels[row]) != item["label"]:
            raise InvalidValueError(
                f"example {item['index']} is of class {item['label']} in the one and {int(other.labels[row])} "
                "in the other: they are not of one dataset"
            )
        loss = _finite(float(other.losses[row]))
        verdict = Verdict(
            predicted=int(other.predictions[row]),
            loss=loss,
            confidence=_scores(other.probabilities[row].tolist())[0],
        )
        change = None if loss is None or item["loss"] is None else round(loss - item["loss"], 6)
        items.append({**item, "other": verdict, "change": change})

    def probabilities(tile: int) -> list[float]:
        row = rows[tile]
        return [] if row is None else [_finite(p) or 0.0 for p in other.probabilities[row].tolist()]

    return replace(made, items=items, other=probabilities, versions=versions)


def of_pictures(
    pictures: object,
    captions: Sequence[str] | None = None,
    labels: Iterable[int] | None = None,
    predictions: Iterable[int] | None = None,
    *,
    normalize: bool = False,
) -> Gallery:
    """Return pictures with what is said about them.

    Parameters
    ----------
    pictures : array, tensor or sequence
        (N, H, W), (N, H, W, C), (N, C, H, W), or a list of pictures of any sizes.
    captions, labels, predictions : sequence, optional
        One a picture.
    normalize : bool, default False
        Stretch the smallest and largest number of the batch to 0 and 255.

    Raises
    ------
    InvalidValueError
        No pictures, or another number of captions, labels or predictions than pictures.
    InvalidTypeError
        They hold no pixels.
    """
    tiles = thumbnails(pictures, normalize=normalize)
    count = len(tiles)
    if captions is None and isinstance(pictures, (list, tuple)):
        captions = [getattr(picture, "caption", None) or "" for picture in pictures]
    names = _texts(captions, count)
    truths, guesses = _numbers(labels, "labels", count), _numbers(predictions, "predictions", count)
    items = [
        _item(i, i, truths[i], guesses[i], None, (None, None, None), names[i] or _said(truths[i], guesses[i]))
        for i in range(count)
    ]
    return Gallery(
        tiles=tiles,
        items=items,
        full=lambda tile: _encoded(Image(as_tiles(_one(pictures, tile), normalize=normalize)[0])),
        wrong=sum(a != b for a, b in zip(truths, guesses, strict=True)) if predictions is not None else 0,
    )


def _one(pictures: object, index: int) -> object:
    """Return a batch of the one picture: a slice where there is an array, a list where there is a list."""
    return cast("Sequence[object]", pictures)[index : index + 1]


def _encoded(image: Image) -> tuple[bytes, tuple[int, int]]:
    out = io.BytesIO()
    picture = image.image
    if picture.mode not in {"L", "RGB", "RGBA"}:
        picture = Image(image, mode="L").image
    picture.save(out, format="PNG")
    return out.getvalue(), (image.width, image.height)


def _item(
    tile: int,
    index: int,
    label: int,
    predicted: int,
    loss: float | None,
    scores: tuple[float | None, float | None, float | None],
    caption: str,
) -> ExampleItem:
    confidence, margin, entropy = scores
    return ExampleItem(
        tile=tile,
        index=index,
        label=label,
        predicted=predicted,
        loss=loss,
        confidence=confidence,
        margin=margin,
        entropy=entropy,
        change=None,
        other=None,
        caption=caption[:_CAPTION],
    )


def _scores(probabilities: list[float]) -> tuple[float | None, float | None, float | None]:
    """Return confidence, margin over the second class, and entropy in nats; None where NaN spoils them."""
    ranked = sorted(probabilities, reverse=True)
    if not ranked or not all(map(math.isfinite, ranked)):
        return None, None, None
    entropy = -sum(p * math.log(p) for p in ranked if p > 0)
    return round(ranked[0], 6), round(ranked[0] - (ranked[1] if ranked[1:] else 0.0), 6), round(abs(entropy), 6)


def _finite(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None


def _said(label: int, predicted: int) -> str:
    if label < 0:
        return "" if predicted < 0 else str(predicted)
    return str(label) if predicted < 0 else f"{label} -> {predicted}"


def _texts(captions: Sequence[str] | None, count: int) -> list[str]:
    if captions is None:
        return [""] * count
    texts = [str(caption) for caption in captions]
    if len(texts) != count:
        raise InvalidValueError(f"there are {count} pictures but {len(texts)} captions; give one a picture")
    return texts


def _numbers(values: object, what: str, count: int) -> list[int]:
    if values is None:
        return [-1] * count
    plain = (
        values.tolist() if hasattr(values, "tolist") else list(values) if isinstance(values, (list, tuple)) else None
    )
    if not isinstance(plain, list) or not all(isinstance(value, int) and value >= 0 for value in plain):
        raise InvalidTypeError(f"{what} must be class numbers from 0, one a picture, not {type(values).__name__}")
    if len(plain) != count:
        raise InvalidValueError(f"there are {count} pictures but {len(plain)} {what}; give one a picture")
    return [int(value) for value in plain]
