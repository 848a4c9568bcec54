from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pictures

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media import Image
from jupyter_artifacts.media.sprites import as_tiles, sheet, thumbnails

if TYPE_CHECKING:
    from numpy.typing import NDArray

GREY = np.arange(5 * 6 * 7, dtype=np.uint8).reshape(5, 6, 7)
COLOUR = (np.arange(5 * 6 * 7 * 3) % 251).astype(np.uint8).reshape(5, 6, 7, 3)


def decoded(png: bytes) -> NDArray[np.uint8]:
    with Pictures.open(io.BytesIO(png)) as picture:
        return np.asarray(picture)


@given(
    count=st.integers(1, 12), columns=st.integers(1, 7), colour=st.booleans(), side=st.tuples(*[st.integers(1, 5)] * 2)
)
def test_each_tile_has_its_place_in_the_sheet(count: int, columns: int, colour: bool, side: tuple[int, int]) -> None:
    shape = (count, *side, 3) if colour else (count, *side)
    tiles = (np.arange(np.prod(shape)) % 255 + 1).astype(np.uint8).reshape(shape)
    height, width = side
    full = decoded(sheet(tiles, columns))
    assert full.shape[:2] == (-(-count // columns) * height, columns * width)
    for index, tile in enumerate(tiles):
        top, left = index // columns * height, index % columns * width
        assert np.array_equal(full[top : top + height, left : left + width], tile)
    assert int(full.astype(int).sum()) == int(tiles.astype(int).sum())
    assert sheet(tiles, columns) == sheet(tiles.copy(), columns)


@pytest.mark.parametrize(
    "tiles",
    [GREY.astype(float), GREY[0], COLOUR[..., :2], np.zeros((0, 3, 3), np.uint8), COLOUR[None]],
    ids=["float", "2-D", "2 channels", "none", "5-D"],
)
def test_sheets_of_what_are_no_tiles(tiles: NDArray[Any]) -> None:
    with pytest.raises(InvalidValueError, match=r"must be uint8 of shape \(N, H, W\) or \(N, H, W, 3\)"):
        sheet(tiles, 3)


def test_sheets_need_a_column_and_have_a_limit() -> None:
    with pytest.raises(InvalidValueError, match="columns must be 1 or more, not 0"):
        sheet(GREY, 0)
    with pytest.raises(InvalidValueError, match="more than the limit"):
        sheet(np.broadcast_to(np.uint8(0), (101, 1000, 1000)), 1)


@pytest.mark.parametrize(
    "images",
    [
        GREY,
        GREY[..., None],
        GREY[:, None],
        torch.from_numpy(GREY),
        torch.from_numpy(GREY)[:, None],
        GREY.astype(np.int64),
        GREY.astype(np.float32) / 255,
        list(GREY),
        tuple(GREY[..., None]),
        [torch.from_numpy(tile)[None] for tile in GREY],
        [Pictures.fromarray(tile) for tile in GREY],
        [Image(tile) for tile in GREY],
        [Image(GREY[0]), *(Pictures.fromarray(tile) for tile in GREY[1:])],
        (GREY.astype(np.uint16) * 257),
        [Image(tile.astype(np.uint16) * 257) for tile in GREY],
    ],
    ids=[str(number) for number in range(15)],
)
def test_grey_batches_of_every_kind(images: object) -> None:
    tiles = as_tiles(images)
    assert tiles.dtype == np.uint8
    assert np.array_equal(tiles, GREY)
    assert np.array_equal(thumbnails(images), GREY)


@pytest.mark.parametrize(
    "images",
    [
        COLOUR,
        COLOUR.transpose(0, 3, 1, 2),
        torch.from_numpy(COLOUR),
        torch.from_numpy(COLOUR).permute(0, 3, 1, 2),
        list(COLOUR),
        [torch.from_numpy(tile).permute(2, 0, 1) for tile in COLOUR],
        [Image(tile) for tile in COLOUR],
        np.concatenate([COLOUR, np.full((5, 6, 7, 1), 255, np.uint8)], axis=-1),
    ],
    ids=[str(number) for number in range(8)],
)
def test_colour_batches_of_every_kind(images: object) -> None:
    assert np.array_equal(as_tiles(images), COLOUR)


def test_where_both_axes_could_be_channels_the_kind_decides() -> None:
    both = np.arange(2 * 3 * 5 * 3, dtype=np.uint8).reshape(2, 3, 5, 3)
    assert np.array_equal(as_tiles(both), both)
    assert np.array_equal(as_tiles(torch.from_numpy(both)), both.transpose(0, 2, 3, 1))
    assert np.array_equal(as_tiles(torch.from_numpy(both), channels_first=False), both)
    assert thumbnails(np.zeros((2, 1, 4, 4), np.uint8), channels_first=True).shape == (2, 4, 4)
    assert as_tiles(COLOUR, channels_first=True).shape == COLOUR.shape  # only the last axis can be


@pytest.mark.parametrize("shape", [(5, 1, 1), (5, 3, 3), (4, 4, 4), (3, 28, 3)])
def test_small_grey_tiles_are_not_taken_for_channels(shape: tuple[int, ...]) -> None:
    grey = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    assert np.array_equal(as_tiles(grey), grey)
    assert np.array_equal(as_tiles(list(grey)), grey)
    assert np.array_equal(as_tiles([Image(tile) for tile in grey]), grey)


def test_the_batch_is_scaled_as_a_whole() -> None:
    batch = np.array([[[0.0, 0.5]], [[-1.0, 1.0]]])
    assert as_tiles(batch).tolist() == [[[128, 191]], [[0, 255]]]
    assert as_tiles(list(batch)).tolist() == [[[128, 191]], [[0, 255]]]
    wide = np.array([[[0.0, 5.0]], [[5.0, 10.0]]])
    with pytest.raises(InvalidValueError, match=r"the batch of shape \(2, 1, 2\) has float values from 0 to 10"):
        as_tiles(wide)
    assert as_tiles(wide, normalize=True).tolist() == [[[0, 128]], [[128, 255]]]
    assert thumbnails(list(wide), normalize=True).tolist() == [[[0, 128]], [[128, 255]]]


def test_transparency_is_laid_over_white() -> None:
    tile = np.array([[[[10, 20, 30, 0], [10, 20, 30, 255], [0, 0, 0, 128]]]], dtype=np.uint8)
    assert as_tiles(tile)[0, 0].tolist() == [[255, 255, 255], [10, 20, 30], [127, 127, 127]]
    assert np.array_equal(as_tiles([Image(tile[0])]), as_tiles(tile))


def test_one_colour_picture_makes_all_rgb() -> None:
    tiles = as_tiles([Image(GREY[0]), Image(COLOUR[0])])
    assert tiles.shape == (2, 6, 7, 3)
    assert np.array_equal(tiles[0], np.stack([GREY[0]] * 3, axis=-1))


@pytest.mark.parametrize(
    ("images", "error", "text"),
    [
        ("text", InvalidTypeError, "as an array, a tensor or a list, not as str"),
        (3, InvalidTypeError, "not as int"),
        ([], InvalidValueError, "the list of pictures is empty"),
        ([Image(GREY[0]), GREY[1]], InvalidTypeError, "picture 1 is of type ndarray"),
        ([1, 2], InvalidTypeError, "picture 0 is of type int"),
        (np.zeros((5, 7, 7, 2)), InvalidValueError, r"the batch of shape \(5, 7, 7, 2\) has no axis of 1, 3 or 4"),
        (np.zeros((5, 7)), InvalidValueError, r"\(5, 7\) must be \(N, H, W\)"),
        (np.zeros((0, 7, 7)), InvalidValueError, "has no pictures"),
        (np.zeros((2, 0, 7)), InvalidValueError, "7 x 0 pixels"),
        (np.full((2, 2, 2), np.nan), InvalidValueError, r"NaN at \[0, 0, 0\] \(8 of 8"),
        ([np.zeros((2, 2)), np.zeros((2, 2), np.uint8)], InvalidValueError, r"differ in dtype: \['float64', 'uint8'\]"),
        ([np.zeros((2, 2)), np.zeros((2, 2, 5))], InvalidValueError, r"picture 1 has shape \(2, 2, 5\)"),
        (
            [np.zeros((2, 2)), np.zeros((3, 2))],
            InvalidValueError,
            r"differ in size, .*\(2, 2\) and \(3, 2\); thumbnails",
        ),
    ],
)
def test_batches_that_are_refused(images: object, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        as_tiles(images)


def test_thumbnails_are_made_smaller_but_never_larger() -> None:
    large = np.zeros((2, 256, 128), np.uint8)
    large[:, :128] = 200
    small = thumbnails(large)
    assert small.shape == (2, 64, 32)
    assert set(np.unique(small)) == {0, 200}
    assert thumbnails(large, side=16).shape == (2, 16, 8)
    assert thumbnails(np.zeros((1, 1000, 2), np.uint8), side=8).shape == (1, 8, 1)
    assert thumbnails(np.zeros((1, 300, 200, 3), np.uint8), side=60).shape == (1, 60, 40, 3)
    assert thumbnails(GREY).shape == GREY.shape


def test_thumbnails_of_several_sizes_are_centred() -> None:
    tiles = thumbnails([np.full((4, 2), 9, np.uint8), np.full((2, 6), 7, np.uint8), np.full((128, 128), 5, np.uint8)])
    assert tiles.shape == (3, 64, 64)
    assert tiles[0, 30:34, 31:33].tolist() == [[9, 9]] * 4
    assert int(tiles[0].astype(int).sum()) == 72
    assert (tiles[2] == 5).all()


@pytest.mark.parametrize("side", [0, 65, -1])
def test_the_side_has_limits(side: int) -> None:
    with pytest.raises(InvalidValueError, match=f"from 1 to 64 pixels, not {side}"):
        thumbnails(GREY, side)
