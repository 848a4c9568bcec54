from __future__ import annotations

import base64
import io
import itertools
from xml.etree import ElementTree as ET

import pytest

from jupyter_artifacts.model.lineage import Lineage, Node
from jupyter_artifacts.panels import scene
from jupyter_artifacts.panels.levels import at_level
from jupyter_artifacts.panels.raster import dashed, flattened, png
from jupyter_artifacts.panels.svg import data_uri, svg

HOSTILE = [
    "</text><script>alert(1)</script>",
    '"><image href="https://example.org/x"/>',
    "a\u202eb\x00\ufffe\uffff\x0b",
    "]]><!--",
    "x" * 10_000,
    "模型 עברית",
]


def graph(labels: list[str]) -> Lineage:
    nodes = [Node(f"artifact:{i}", "artifact", label[:300], label, aliases=(label,)) for i, label in enumerate(labels)]
    return Lineage(tuple(nodes), tuple((a.id, b.id) for a, b in itertools.pairwise(nodes)))


def drawn(labels: list[str]) -> scene.Scene:
    return scene.draw(at_level(graph(labels), "exploded", "artifact:0"), f"Lineage of {labels[0]}")


def test_the_svg_is_well_formed_and_says_what_it_shows() -> None:
    root = ET.fromstring(svg(drawn(["raw:v0", "model:v1"])))  # noqa: S314  our own text
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    words = " ".join("".join(element.itertext()) for element in root)
    assert "Lineage of raw:v0" in words
    assert "model:v1" in words


def test_hostile_names_are_text_in_the_svg() -> None:
    root = ET.fromstring(svg(drawn(HOSTILE)))  # noqa: S314  that it parses is the point
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"svg", "title", "style", "rect", "path", "text"}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not any(name.startswith("on") or "href" in name for name in attributes)


def test_long_names_stay_inside_their_boxes() -> None:
    made = drawn(["x" * 10_000, "W" * 60])
    for mark in made.marks:
        if isinstance(mark, scene.Text):
            assert len(mark.text) < 60


def test_the_data_uri_holds_the_same_svg() -> None:
    made = drawn(["a:v0", "b:v0"])
    head, _, body = data_uri(made).partition(",")
    assert head == "data:image/svg+xml;base64"
    assert base64.b64decode(body).decode() == svg(made)


def test_failed_stale_and_grouped_nodes_say_so_in_words() -> None:
    nodes = (
        Node("run:1", "run", "train", "r1", state="failed"),
        Node("artifact:1", "artifact", "model", "m:v0", stale="made from d:v0; d:v1 is newer"),
        Node("artifact:2", "artifact", "model", "m:v1"),
    )
    single = svg(scene.draw(at_level(Lineage(nodes, ()), "exploded"), ""))
    assert "train · failed" in single
    assert "model · stale" in single
    assert ">2<" in svg(scene.draw(at_level(Lineage(nodes, ()), "grouped"), ""))


def test_an_empty_graph_is_a_small_empty_picture() -> None:
    made = scene.draw(at_level(Lineage((), ()), "exploded"), "nothing")
    assert made.marks == ()
    assert made.width > 0 < made.height


def test_the_png_has_the_scenes_size_and_the_same_bytes_each_time() -> None:
    from PIL import Image

    made = drawn(["a:v0", "b:v0", "c:v0"])
    first = png(made)
    assert first == png(made)
    with Image.open(io.BytesIO(first)) as image:
        assert image.size == (round(made.width), round(made.height))
        assert len(image.convert("RGB").getcolors(1 << 20) or []) > 20
    assert len(png(made, colours=48)) < len(first)


def test_a_huge_scene_is_painted_smaller() -> None:
    from PIL import Image

    with Image.open(io.BytesIO(png(scene.Scene(30_000, 30_000, (), "")))) as image:
        assert image.width * image.height <= 10_000_000


def test_a_straight_cubic_is_flattened_to_itself() -> None:
    path = flattened(((0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0)))
    assert path[0] == (0.0, 0.0)
    assert path[-1] == pytest.approx((3.0, 0.0))
    assert [x for x, _ in path] == sorted(x for x, _ in path)


def test_dashes_cover_their_share_of_a_line() -> None:
    pieces = dashed([(0.0, 0.0), (10.0, 0.0)], (3.0, 2.0))
    assert pieces == [[(0.0, 0.0), (3.0, 0.0)], [(5.0, 0.0), (8.0, 0.0)]]
