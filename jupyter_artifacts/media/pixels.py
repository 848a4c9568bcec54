"""Numbers to pixel values: one rule for arrays, tensors and batches of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHANNELS = (1, 3, 4)
MAX_PIXELS = 100_000_000
_BYTE = 255


def scale(values: NDArray[Any], where: str, *, normalize: bool = False) -> NDArray[Any]:
    """Return numbers of any shape as uint8 (or, for uint16, as they are).

    The rule looks at the dtype first, then at the smallest and largest of *all* values:

    ===================  =====================================================
    uint8, uint16        kept
    bool                 0 and 255
    other integers       kept when all are in 0..255, else refused
    floats in [0, 1]     ``floor(255 x + 0.5)``: the nearest, halves up
    floats in [-1, 1]    ``floor(127.5 (x + 1) + 0.5)``
    other floats         refused
    normalize=True       any numbers, smallest to 0 and largest to 255
    ===================  =====================================================

    Parameters
    ----------
    values : ndarray
        Of any shape, but not empty.
    where : str
        Named in errors, for instance ``"the array"``.
    normalize : bool, default False
        Stretch what there is over 0..255; values that are all equal become 0.

    Raises
    ------
    InvalidTypeError
        Numbers that are no pixels: complex, text, dates, objects.
    InvalidValueError
        NaN, infinity, or values outside the rule above.
    """
    import numpy as np

    kind = values.dtype.kind
    if kind not in "buif":
        raise InvalidTypeError(f"{where} has dtype {values.dtype}; pixels are bool, integers or floats")
    if kind == "f":
        _check_finite(values, where)
    if kind == "b":
        black_and_white: NDArray[Any] = np.where(values, np.uint8(_BYTE), np.uint8(0))
        return black_and_white
    if normalize:
        return _stretched(values)
    if values.dtype.newbyteorder("=") in {np.dtype(np.uint8), np.dtype(np.uint16)}:
        return values.astype(values.dtype.newbyteorder("="))
    low, high = values.min().item(), values.max().item()
    if kind in "iu":
        if low < 0 or high > _BYTE:
            raise InvalidValueError(
                f"{where} has {values.dtype} values from {low} to {high}; pixels are 0..255 "
                "(or uint16, which is kept): pass normalize=True to stretch them over 0..255"
            )
        return values.astype(np.uint8)
    if low < -1 or high > 1:
        raise InvalidValueError(
            f"{where} has float values from {low:.6g} to {high:.6g}; floats are pixels in 0..1 or -1..1: "
            "pass normalize=True to stretch them over 0..255, or astype('uint8') if they already are 0..255"
        )
    floats = _workable(values)
    return _rounded(floats * _BYTE if low >= 0 else (floats + 1) * (_BYTE / 2))


def to_uint8(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """Return pixels that :func:`scale` made as uint8; 16 bits become the nearest of 8."""
    import numpy as np

    if pixels.dtype == np.uint16:
        pixels = (pixels.astype(np.uint32) + 128) // 257
    return pixels.astype(np.uint8, copy=False)


def check_size(height: int, width: int, where: str) -> None:
    """Refuse pictures without pixels and pictures that no page could show."""
    if not height or not width:
        raise InvalidValueError(f"{where} has {width} x {height} pixels: there is nothing to show")
    if height * width > MAX_PIXELS:
        raise InvalidValueError(
            f"{where} has {width:,} x {height:,} pixels, more than the limit of {MAX_PIXELS:,}; make it smaller first"
        )


def _check_finite(values: NDArray[Any], where: str) -> None:
    import numpy as np

    bad = ~np.isfinite(values)
    if bad.any():
        first = tuple(int(i) for i in np.argwhere(bad)[0])
        name = "NaN" if np.isnan(values[first]) else "infinity"
        raise InvalidValueError(
            f"{where} has {name} at {list(first)} ({int(bad.sum()):,} of {values.size:,} values are not finite); "
            "replace them first, for instance with numpy.nan_to_num"
        )


def _workable(values: NDArray[Any]) -> NDArray[Any]:
    """Return float64 as it is and smaller floats as float32, which holds 0..255 with room to round."""
    import numpy as np

    return values.astype(np.float64 if values.dtype.itemsize > np.dtype(np.float32).itemsize else np.float32)


def _rounded(floats: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    return np.floor(floats + 0.5).astype(np.uint8)


def _stretched(values: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    halves = values.astype(np.float64) / 2  # halved, so that the widest range of floats does not overflow
    low, high = halves.min(), halves.max()
    if low == high:
        return np.zeros(values.shape, np.uint8)
    return _rounded((halves - low) / (high - low) * _BYTE)
