"""Whatever a store holds, a twin shows it as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from jupyter_artifacts.model.lineage import Lineage, Node
from jupyter_artifacts.panels import (
    artifact_detail,
    details,
    diff_twin,
    examples_grid,
    lineage_graph,
    table_twin,
    version_card,
)
from jupyter_artifacts.panels.facts import public_ref
from jupyter_artifacts.panels.html import TAGS
from jupyter_artifacts.panels.words import visible
from tests.panels.helpers import HOSTILE, read_html

if TYPE_CHECKING:
    from jupyter_artifacts.panels.html import Html
    from jupyter_artifacts.panels.protocol import (
        ArtifactDetail,
        CardSnapshot,
        CollectionRow,
        ExampleItem,
        ExamplesSnapshot,
        Graph,
        TableSnapshot,
        VersionRow,
    )

ATTRIBUTES = {
    *(
        "alt",
        "colspan",
        "data-ja-kind",
        "data-ja-static",
        "dir",
        "height",
        "open",
        "scope",
        "src",
        "style",
        "title",
        "width",
    ),
}
corpus = pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))


def check_twin(html: Html, text: str, shown: str, plain: str) -> None:
    """Assert that the markup is ours alone, and that the text is there as text."""
    read = read_html(html)
    assert set(read.tags) <= TAGS
    assert {name for name, _ in read.attributes} <= ATTRIBUTES
    assert all(str(value).startswith("data:image/") for name, value in read.attributes if name == "src")
    assert visible(text, 20).removesuffix("…") in read.text
    assert len(str(html).encode()) < 60_000
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\x00" not in shown
    assert visible(text, 20).removesuffix("…") in plain
    str(html).encode("utf-8")
    plain.encode("utf-8")


def row(text: str) -> VersionRow:
    return {
        "id": 1,
        "label": text,
        "name": text,
        "version": 0,
        "type": text,
        "aliases": [text] * 9,
        "tags": [text] * 20,
        "run": {"id": text, "name": text, "job_type": text, "state": text},
        "files": 3,
        "size": 7,
        "created": 1e9,
        "stale": text,
        "metadata": {text[:60] or "k": text, "deep": {text: [text]}},
        "metadata_cut": True,
    }


def files(text: str) -> list[Any]:
    return [
        {"path": text, "size": 7, "digest": text, "ref": None},
        {"path": text, "size": -1, "digest": text, "ref": text},
    ]


@corpus
def test_cards(text: str) -> None:
    facts: CardSnapshot = {
        "verb": "logged",
        "row": row(text),
        "new_bytes": 1,
        "files": files(text),
        "files_total": 9,
        "inputs": [{"id": 2, "label": text, "type": text}] * 6,
        "seconds": 1.0,
        "message": text,
        "usage": details.usage(text)[0],
    }
    plain = version_card.card_text(facts)
    html = version_card.card_html("0" * 16, facts)
    check_twin(html, text, str(html), plain)
    assert len(plain.splitlines()) <= 7
    failed = {**facts, "row": {**row(text), "id": 0}, "verb": "failed"}
    html = version_card.card_html("0" * 16, cast("CardSnapshot", failed))
    check_twin(html, text, str(html), version_card.card_text(cast("CardSnapshot", failed)))


@corpus
def test_tables(text: str) -> None:
    snapshot: TableSnapshot = {
        "page": {
            "level": "versions",
            "rows": [row(text)] * 3,
            "collections": [],
            "offset": 0,
            "total": 9,
            "hidden": 3,
            "revision": 1,
        },
        "asked": {
            "level": "versions",
            "query": text,
            "sort": text,
            "descending": True,
            "columns": [text] * 9,
            "all_types": False,
            "offset": 0,
            "limit": 50,
        },
        "versions_total": 9,
        "collections_total": 2,
        "project": text,
    }
    html = table_twin.table_html("0" * 16, snapshot)
    check_twin(html, text, str(html), table_twin.table_text(snapshot))
    collection: dict[str, Any] = {
        "id": 1,
        "name": text,
        "type": text,
        "aliases": [text],
        "versions": 1,
        "newest": 0,
        "size": 1,
    }
    rows = [cast("CollectionRow", {**collection, "updated": 1e9})]
    snapshot["page"].update({"level": "collections", "rows": [], "collections": rows})
    html = table_twin.table_html("0" * 16, snapshot)
    check_twin(html, text, str(html), table_twin.table_text(snapshot))


@corpus
def test_details(text: str) -> None:
    run: Any = {"id": text, "name": text, "job_type": text, "state": text}
    detail: ArtifactDetail = {
        "row": row(text),
        "digest": text,
        "description": text,
        "made_by": [run] * 10,
        "used_by": [run],
        "outputs": [{"id": 4, "label": text, "type": text}],
        "inputs": [{"id": 2, "label": text, "type": text}],
        "versions": [{"id": 1, "version": 0, "aliases": [text], "created": 1e9, "size": 1}],
        "files": files(text),
        "files_total": 9,
        "problem": text,
        "usage": details.usage(text),
        "source": text,
    }
    html = artifact_detail.artifact_html("0" * 16, detail)
    check_twin(html, text, str(html), artifact_detail.artifact_text(detail))


@corpus
def test_graphs(text: str) -> None:
    nodes = (
        Node("run:1", "run", text, text, state=text),
        Node("artifact:2", "artifact", text, text, aliases=(text,), stale=text),
    )
    part = Lineage(nodes, (("run:1", "artifact:2"),))
    graph: Graph = {
        "nodes": [],
        "edges": [],
        "level": "exploded",
        "groups": [],
        "focus": "run:1",
        "up": 2,
        "down": 2,
        "total": 2,
        "revision": 1,
    }
    drawing = lineage_graph.lineage_scene(part, "exploded", None)
    html = lineage_graph.lineage_html("0" * 16, part, graph, drawing)
    check_twin(html, text, str(html), lineage_graph.lineage_text(part, graph))


@corpus
def test_grids(text: str) -> None:
    item: Any = {"tile": 0, "index": 0, "label": 0, "predicted": 1, "caption": text}
    scores: Any = {"loss": 1.0, "confidence": None, "margin": None, "entropy": None}
    snapshot: ExamplesSnapshot = {
        "title": text,
        "page": {"items": [cast("ExampleItem", {**item, **scores})], "offset": 0, "total": 1},
        "scored": 1,
        "wrong": 1,
        "class_names": [text, text],
        "confusion": [[0, 3], [0, 0]],
        "tile_width": 8,
        "tile_height": 8,
        "columns": 25,
        "tiles": "",
        "shown": 0,
        "versions": [],
    }
    import numpy as np

    from jupyter_artifacts.panels.contact import contact

    items = snapshot["page"]["items"]
    sheet = contact(np.zeros((1, 8, 8), np.uint8), items)
    html = examples_grid.examples_html("0" * 16, snapshot, items, sheet)
    check_twin(html, text, str(html), examples_grid.examples_text(snapshot, items))


@corpus
def test_lines_to_copy_are_one_string_literal(text: str) -> None:
    import ast

    for line in details.usage(text):
        if line.startswith("%"):
            assert line == f"%use_artifact {text}"
        elif "(" in line and ")" in line and text[:5] in line:
            call = ast.parse(line, mode="exec").body[0]
            literals = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant)]
            assert literals == [text]


@pytest.mark.parametrize(
    ("ref", "shown"),
    [
        ("file:///home/me/secret/data.csv", "file:…/data.csv"),
        ("/home/me/data.csv", "file:…/data.csv"),
        ("C:\\Users\\me\\data.csv", "file:…/data.csv"),
        ("https://me:token@host.example:8443/a/b.csv?X-Signature=abc#f", "https://host.example/a/b.csv"),
        ("s3://bucket/key?versionId=7", "s3://bucket/key"),
        ("https://[broken", "…"),
    ],
)
def test_references_lose_what_a_notebook_must_not_keep(ref: str, shown: str) -> None:
    assert public_ref(ref) == shown


KINDS = ("none", "text", "table", "tensors", "image")


@corpus
@pytest.mark.parametrize("kind", KINDS)
def test_differences(text: str, kind: str) -> None:
    inside: Any = {
        "index": 0,
        "path": text,
        "mark": "changed",
        "kind": kind,
        "note": text,
        "lines": [{"mark": "added", "before": 0, "after": 1, "text": text}],
        "columns": [text] * 9,
        "rows": [{"mark": "changed", "at": text, "before": [text] * 9, "after": ["x"] * 9}],
        "tensors": [
            {
                "name": text,
                "mark": "changed",
                "before": text,
                "after": text,
                "norm_before": 1.0,
                "norm_after": None,
                "norm_of_difference": 0.5,
            }
        ],
        "width": 1,
        "height": 1,
        "lengths": [4, 4, 4],
        "pictured": [],
        "png": "iVBORw0KGgoAAAAN",
    }
    snapshot: Any = {
        "before": row(text),
        "after": row(text),
        "digests": [text, text],
        "counts": [{"mark": "changed", "files": 1, "before": 1, "after": 2}],
        "files": {
            "files": [{"path": text, "mark": "changed", "before": 1, "after": 2, "index": 0}],
            "offset": 0,
            "total": 9,
        },
        "keys": [{"where": "config", "key": text, "before": text, "after": None, "delta": None}] * 3,
        "keys_total": 7,
        "problem": text,
        "opened": inside,
    }
    html = diff_twin.diff_html("0" * 16, snapshot)
    check_twin(html, text, str(html), diff_twin.diff_text(snapshot))
