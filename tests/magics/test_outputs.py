"""What is kept of a body's outputs, and within which bound."""

from __future__ import annotations

import itertools
import json

from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.magics.outputs import WIDGET, Outputs

STREAMS = st.sampled_from(["stdout", "stderr"])


@given(st.lists(st.tuples(STREAMS, st.text(st.characters(exclude_characters="\r")))))
def test_text_comes_back_in_order(writes: list[tuple[str, str]]) -> None:
    outputs = Outputs()
    for stream, text in writes:
        outputs.write("stdout" if stream == "stdout" else "stderr", text)
    items = json.loads(json.dumps(outputs.items()))
    for stream in ("stdout", "stderr"):
        assert "".join(i["text"] for i in items if i["kind"] == stream) == "".join(t for s, t in writes if s == stream)
    assert all(a["kind"] != b["kind"] for a, b in itertools.pairwise(items)), "text that follows text joins it"


@given(st.lists(st.one_of(st.text(max_size=80), st.integers(0, 60)), max_size=30), st.integers(0, 300))
def test_never_more_than_the_bound(given_: list[str | int], most: int) -> None:
    outputs = Outputs(most)
    for item in given_:
        if isinstance(item, str):
            outputs.write("stdout", item)
        else:
            outputs.show("display", {"text/plain": "x" * item}, {})
    written = sum(len(json.dumps(item.get("text") or item.get("data"))) for item in outputs.items())
    assert written <= most + 60 * len(outputs), "but for the quotes and keys of each"
    total = sum(len(item) if isinstance(item, str) else item for item in given_)
    assert outputs.lost > 0 or total <= 6 * most + 1 or not given_


def test_a_progress_bar_is_as_it_was_last() -> None:
    outputs = Outputs(2000)
    for percent in range(10_000):
        outputs.write("stderr", f"\r{percent / 100:.0f}%")
    outputs.write("stderr", "\rdone\r\nnext\n")
    assert outputs.items() == [{"kind": "stderr", "text": "done\r\nnext\n"}]
    assert outputs.lost == 0


def test_what_is_cleared_is_gone_and_what_is_updated_is_as_last() -> None:
    outputs = Outputs()
    outputs.write("stdout", "gone\n")
    outputs.clear(wait=False)
    outputs.show("display", {"text/plain": "0"}, {}, "bar")
    outputs.clear(wait=True)
    assert len(outputs) == 1
    outputs.show("display", {"text/plain": "1"}, None, "bar")
    outputs.update({"text/plain": "2"}, {}, "bar")
    outputs.update({"text/plain": "3"}, {}, "somebody else's")
    (item,) = outputs.items()
    assert item == {"kind": "display", "data": {"text/plain": "2"}, "metadata": {}, "display_id": "bar"}


def test_bundles() -> None:
    outputs = Outputs()
    outputs.show("display", {"image/png": b"\x89PNG", "text/plain": "<Figure>"}, {"width": 3})
    outputs.show("display", {WIDGET: {"model_id": "a"}, "text/plain": "FloatSlider()"}, {})
    outputs.show("display", {WIDGET: {"model_id": "b"}, "text/plain": ""}, {})
    outputs.show("display", {WIDGET: {"model_id": "c"}, "text/plain": "Canvas()", "image/png": "aGk="}, {})
    outputs.show("display", {"application/x": object()}, {})
    figure, canvas = outputs.items()
    assert figure["data"] == {"image/png": "iVBORw==", "text/plain": "<Figure>"}
    assert canvas["data"] == {"text/plain": "Canvas()", "image/png": "aGk="}
    assert outputs.widgets == 1, "a panel of ours has its twin beside it, a canvas its picture"
