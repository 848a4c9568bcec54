"""Many small pictures at once: a batch of anything to tiles, tiles to one PNG sheet."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, Any

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.arrays import is_array, is_tensor, plain_array, to_numpy
from jupyter_artifacts.media.image import Image
from jupyter_artifacts.media.pictures import kept
from jupyter_artifacts.media.pixels import CHANNELS, check_size, scale, to_uint8
from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

MAX_SIDE = 64
# 500 MNIST digits: level 6 with run lengths 80 kB in 4 ms, the usual strategy 82 kB in 10 ms.
_LEVEL = 6
_BLOCK, _SMALL = 8, 1024
_PLANES, _COLOUR = 3, 4  # numbers of axes of a batch: (N, H, W) and (N, H, W, C)


def sheet(tiles: NDArray[np.uint8], columns: int, *, lossy: bool = False) -> bytes:
    """Lay tiles out in rows and encode them as one PNG.

    Parameters
    ----------
    tiles : ndarray of uint8, shape (N, H, W) or (N, H, W, 3)
        As :func:`as_tiles` or :func:`thumbnails` returns them; N of 1 or more.
    columns : int
        Tiles a row. Tile i lies at row ``i // columns``, column ``i % columns``;
        places after the last tile are black.
    lossy : bool, default False
        Give a JPEG where colour tiles would take over 1 kB each as PNG: photographs take a fifth.
        Only where tiles are whole blocks of it, so that none bleeds into the next.
    """
    require("numpy", "numpy", "to make sprite sheets")
    import numpy as np
    from PIL import Image as Pictures

    is_grey, is_colour = tiles.ndim == _PLANES, tiles.ndim == _COLOUR and tiles.shape[-1] == len("RGB")
    if tiles.dtype != np.uint8 or not (is_grey or is_colour) or 0 in tiles.shape:
        raise InvalidValueError(
            f"tiles must be uint8 of shape (N, H, W) or (N, H, W, 3), "
            f"not {tiles.dtype} of {tiles.shape}: as_tiles() makes them"
        )
    if columns < 1:
        raise InvalidValueError(f"columns must be 1 or more, not {columns}")
    count, height, width = tiles.shape[:_PLANES]
    rows = -(-count // columns)
    check_size(rows * height, columns * width, "the sheet")
    full = np.zeros((rows * columns, *tiles.shape[1:]), np.uint8)
    full[:count] = tiles
    grid = full.reshape(rows, columns, *tiles.shape[1:]).swapaxes(1, 2)
    picture = Pictures.fromarray(np.ascontiguousarray(grid).reshape(rows * height, columns * width, *tiles.shape[3:]))
    out = io.BytesIO()
    picture.save(out, format="PNG", compress_level=_LEVEL, compress_type=zlib.Z_RLE)
    png = out.getvalue()
    if lossy and is_colour and height % _BLOCK == 0 == width % _BLOCK and len(png) > count * _SMALL:
        out = io.BytesIO()
        picture.save(out, format="JPEG", quality=85, subsampling=0)
        return min(png, out.getvalue(), key=len)
    return png


def as_tiles(images: object, *, normalize: bool = False, channels_first: bool | None = None) -> NDArray[np.uint8]:
    """Return a batch of pictures as uint8 of shape (N, H, W) or (N, H, W, 3).

    Parameters
    ----------
    images : array, tensor or sequence
        (N, H, W); (N, H, W, C) or (N, C, H, W) with C of 1, 3 or 4; or a list of
        Images, PIL pictures, arrays (H, W) or (H, W, C), or tensors (H, W) or
        (C, H, W), all of one size.
    normalize : bool, default False
        Stretch the smallest and largest number of the whole batch to 0 and 255.
    channels_first : bool, optional
        How to read a batch of four axes of which two could be the channels, such as
        (N, 1, 4, 4). By default a tensor is read channels first, an array channels last.

    Notes
    -----
    Numbers become pixels by the rule of `media.pixels.scale`, applied to the batch
    as a whole: a dark picture stays darker than a bright one. 16 bits become the
    nearest 8, one colour in the batch makes all of them RGB, and transparency is
    laid over white.
    """
    require("numpy", "numpy", "to make thumbnails")
    import numpy as np

    batch = _batch(images, normalize=normalize, channels_first=channels_first)
    if not isinstance(batch, list):
        return batch
    shapes = sorted({tile.shape[:2] for tile in batch})
    if len(shapes) > 1:
        raise InvalidValueError(
            f"the pictures differ in size, for instance (height, width) {shapes[0]} and {shapes[-1]}; "
            "thumbnails() fits them"
        )
    return np.stack(_of_one_kind(batch))


def thumbnails(
    images: object, side: int = MAX_SIDE, *, normalize: bool = False, channels_first: bool | None = None
) -> NDArray[np.uint8]:
    """Return a batch of pictures as tiles of at most `side` pixels a side.

    Larger pictures are made smaller (box filter, shape kept), smaller ones are left
    as they are. Pictures of several sizes are centred on black tiles of one size.
    Takes what :func:`as_tiles` takes, and sizes may differ in a list.
    """
    require("numpy", "numpy", "to make thumbnails")
    import numpy as np

    if not 1 <= side <= MAX_SIDE:
        raise InvalidValueError(f"side must be from 1 to {MAX_SIDE} pixels, not {side}")
    batch = _batch(images, normalize=normalize, channels_first=channels_first)
    if not isinstance(batch, list) and max(batch.shape[1:3]) <= side:
        return batch
    small = _of_one_kind([_fitted(tile, side) for tile in batch])
    height, width = (max(tile.shape[axis] for tile in small) for axis in (0, 1))
    tiles = np.zeros((len(small), height, width, *small[0].shape[2:]), np.uint8)
    for tile, picture in zip(tiles, small, strict=True):
        top, left = (height - picture.shape[0]) // 2, (width - picture.shape[1]) // 2
        tile[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return tiles


def _batch(
    images: object, *, normalize: bool, channels_first: bool | None
) -> NDArray[np.uint8] | list[NDArray[np.uint8]]:
    """Return tiles of one size as an array, or of possibly several sizes as a list."""
    if is_tensor(images) or is_array(images):
        if channels_first is None:
            channels_first = is_tensor(images)
        array = to_numpy(images) if is_tensor(images) else plain_array(images)
        return _tiles(array, normalize=normalize, channels_first=channels_first)
    if not isinstance(images, (list, tuple)):
        raise InvalidTypeError(f"pictures come as an array, a tensor or a list, not as {type(images).__name__}")
    if not images:
        raise InvalidValueError("the list of pictures is empty: there is nothing to show")
    if all(is_tensor(item) or is_array(item) for item in images):
        return _from_arrays(images, normalize=normalize)
    return [_from_picture(item, index) for index, item in enumerate(images)]


def _tiles(array: NDArray[Any], *, normalize: bool, channels_first: bool) -> NDArray[np.uint8]:
    shape = array.shape
    where = f"the batch of shape {shape}"
    if array.ndim == _COLOUR:
        first, last = shape[1] in CHANNELS, shape[-1] in CHANNELS
        if not first and not last:
            raise InvalidValueError(f"{where} has no axis of 1, 3 or 4 channels, neither (N, H, W, C) nor (N, C, H, W)")
        if first and (channels_first or not last):
            array = array.transpose(0, 2, 3, 1)
    elif array.ndim != _PLANES:
        raise InvalidValueError(f"{where} must be (N, H, W), (N, H, W, C) or (N, C, H, W)")
    if not len(array):
        raise InvalidValueError(f"{where} has no pictures")
    check_size(array.shape[1], array.shape[2], where)
    tiles = to_uint8(scale(array, where, normalize=normalize))
    return _flat(tiles) if array.ndim == _COLOUR else tiles


def _from_arrays(items: Sequence[Any], *, normalize: bool) -> list[NDArray[np.uint8]]:
    """Scale arrays of possibly several shapes by one rule over all their values."""
    import numpy as np

    arrays: list[NDArray[Any]] = []
    for index, item in enumerate(items):
        array = to_numpy(item) if is_tensor(item) else plain_array(item)
        if is_tensor(item) and array.ndim == _PLANES:
            array = array.transpose(1, 2, 0)
        is_plane = array.ndim == len(("H", "W"))
        if not is_plane and (array.ndim != _PLANES or array.shape[-1] not in CHANNELS):
            raise InvalidValueError(f"picture {index} has shape {tuple(item.shape)}, which is no picture")
        check_size(array.shape[0], array.shape[1], f"picture {index}")
        arrays.append(array)
    if len({array.dtype for array in arrays}) > 1:
        raise InvalidValueError(f"the pictures differ in dtype: {sorted({str(array.dtype) for array in arrays})}")
    values = to_uint8(scale(np.concatenate([array.ravel() for array in arrays]), "the list", normalize=normalize))
    ends = np.cumsum([array.size for array in arrays])
    parts = np.split(values, ends[:-1])
    tiles = [part.reshape(array.shape) for part, array in zip(parts, arrays, strict=True)]
    return [_flat(tile) if tile.ndim == _PLANES else tile for tile in tiles]


def _from_picture(item: object, index: int) -> NDArray[np.uint8]:
    import numpy as np
    from PIL.Image import Image as Picture

    if not isinstance(item, (Image, Picture)):
        raise InvalidTypeError(
            f"picture {index} is of type {type(item).__name__}; "
            "a list holds Images and PIL pictures, or arrays and tensors"
        )
    picture = item.image if isinstance(item, Image) else kept(item, f"picture {index}")
    tile = to_uint8(np.asarray(picture))
    return _flat(tile) if tile.ndim == _PLANES else tile


def _flat(tiles: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Take a single channel away and lay transparency over white; channels are the last axis."""
    import numpy as np

    channels = tiles.shape[-1]
    if channels == 1:
        return tiles[..., 0]
    if channels == len("RGBA"):
        colour, alpha = tiles[..., :3].astype(np.uint32), tiles[..., 3:].astype(np.uint32)
        flat: NDArray[np.uint8] = ((colour * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)
        return flat
    return tiles


def _of_one_kind(tiles: list[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    """Give all tiles three channels if one has them."""
    import numpy as np

    if len({tile.ndim for tile in tiles}) == 1:
        return tiles
    return [np.repeat(tile[..., None], 3, axis=-1) if tile.ndim < _PLANES else tile for tile in tiles]


def _fitted(tile: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    import numpy as np
    from PIL import Image as Pictures

    height, width = tile.shape[:2]
    if max(height, width) <= side:
        return tile
    factor = side / max(height, width)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return np.asarray(Pictures.fromarray(np.ascontiguousarray(tile)).resize(size, Pictures.Resampling.BOX))
