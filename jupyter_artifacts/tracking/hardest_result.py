"""What a search for the hardest examples found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.media.image import Image
from jupyter_artifacts.media.sprites import as_tiles

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, repr=False)
class HardestExamples:
    """The k examples of a dataset with the highest loss, hardest first, and figures of all n.

    Attributes
    ----------
    losses : ndarray of float32, shape (k,)
        From high to low; NaN before everything.
    indices : ndarray of int64, shape (k,)
        Where they are in the dataset.
    labels, predictions : ndarray of int64, shape (k,)
        True class, and class of the largest output.
    probabilities : ndarray of float32, shape (k, C)
        Softmax of the model's outputs.
    images : ndarray, shape (k, ...)
        The model's inputs, as the dataset gave them (bfloat16 as float32).
    n : int
        How many examples were scored.
    wrong : int
        How many of all n were predicted wrongly.
    mean_loss : float
        Over all n; NaN when any loss is.
    confusion : ndarray of int64, shape (C, C)
        Over all n: a row is a true class, a column a predicted one.
    class_names : tuple of str or None
        What captions call the classes; None for their numbers.
    """

    losses: NDArray[np.float32]
    indices: NDArray[np.int64]
    labels: NDArray[np.int64]
    predictions: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    images: NDArray[Any]
    n: int
    wrong: int
    mean_loss: float
    confusion: NDArray[np.int64]
    class_names: tuple[str, ...] | None = None

    @property
    def accuracy(self) -> float:
        """Rightly predicted of all n, from 0 to 1."""
        return (self.n - self.wrong) / self.n

    @property
    def captions(self) -> list[str]:
        """``"true -> predicted, loss"``, one an example."""
        rows = zip(self.labels.tolist(), self.predictions.tolist(), self.losses.tolist(), strict=True)
        return [f"{self._name(label)} -> {self._name(guess)}, {loss:.2f}" for label, guess, loss in rows]

    def to_media(self, *, normalize: bool | None = None) -> list[Image]:
        """Return the inputs as Images with captions, hardest first; ``log`` calls this.

        Parameters
        ----------
        normalize : bool, optional
            Stretch the smallest and largest number of the k inputs together to 0 and
            255. By default only where they are no pixel values otherwise, as inputs
            that were standardised are not.

        Raises
        ------
        InvalidValueError
            The inputs are no pictures: not (k, H, W), (k, C, H, W) or, where only the
            last axis can be channels, (k, H, W, C).
        """
        if self.images.ndim not in {3, 4}:
            raise InvalidValueError(
                f"the inputs have shape {self.images.shape[1:]} and are no pictures; .images holds them as they are"
            )
        if normalize is None:
            normalize = self._is_out_of_range()
        tiles = as_tiles(self.images, normalize=normalize, channels_first=True)
        return [Image(tile, caption=caption) for tile, caption in zip(tiles, self.captions, strict=True)]

    def _is_out_of_range(self) -> bool:
        kind = self.images.dtype.kind
        if kind not in "iuf" or self.images.dtype.name in {"uint8", "uint16"}:
            return False
        lowest, highest = (-1, 1) if kind == "f" else (0, 255)
        return bool(self.images.min() < lowest or self.images.max() > highest)

    def _name(self, number: int) -> str:
        return str(number) if self.class_names is None else self.class_names[number]

    def __len__(self) -> int:
        return len(self.losses)

    def __repr__(self) -> str:
        return (
            f"<HardestExamples {len(self)} of {self.n}, loss {self.losses[0]:.4g} to {self.losses[-1]:.4g}, "
            f"accuracy {self.accuracy:.4g}, {self.wrong} wrong>"
        )
