from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.panels import raster, typefaces
from jupyter_artifacts.panels.levels import Drawn, Shape
from jupyter_artifacts.panels.scene import draw

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """Look for faces anew."""
    for cache in (typefaces._load, typefaces._draws):
        cache.cache_clear()
    yield
    for cache in (typefaces._load, typefaces._draws):
        cache.cache_clear()


@pytest.fixture
def dejavu() -> Path:
    """Return a face of more letters than Pillow's own."""
    import matplotlib as mpl

    path = Path(mpl.get_data_path())
    return path / "fonts" / "ttf" / "DejaVuSans.ttf"


def test_plain_letters_are_pillows_own() -> None:
    assert typefaces.face("mnist-raw:v0", 12) is typefaces.face("best", 12)
    assert typefaces.can_draw("mnist-raw:v0")


def test_letters_that_it_lacks_come_from_a_face_that_has_them(dejavu: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typefaces, "NAMES", ("no such face.ttf", str(dejavu)))
    assert typefaces.can_draw("Ωμέγα модель")
    face = typefaces.face("Ωμέγα модель", 20)
    assert face is not typefaces.face("omega model", 20)
    assert bytes(face.getmask("Ω")) != bytes(face.getmask("\U0010fffd"))


def test_what_no_face_has_is_drawn_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typefaces, "NAMES", ())
    assert not typefaces.can_draw("猫の写真")
    assert typefaces.face("猫の写真", 20) is typefaces.face("cat", 20)


def test_a_picture_of_the_graph_has_the_letters(dejavu: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = draw(Drawn((Shape("artifact", "модель", "Ωμέγα:v0"),), ()), "")
    monkeypatch.setattr(typefaces, "NAMES", ())
    boxes = raster.png(scene)
    monkeypatch.setattr(typefaces, "NAMES", (str(dejavu),))
    for cache in (typefaces._load, typefaces._draws):
        cache.cache_clear()
    assert raster.png(scene) != boxes
