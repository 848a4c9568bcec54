from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.panels.place import Ids, Place, here, of_message

if TYPE_CHECKING:
    import pytest


def test_outside_a_kernel_there_is_no_place() -> None:
    assert here() == Place()


def test_a_request_of_jupyterlab_is_read() -> None:
    parent = {
        "header": {"msg_id": "m1"},
        "metadata": {"cellId": "c1", "deletedCells": [], "trusted": True},
        "content": {"code": "lineage()"},
    }
    assert of_message(parent) == Place(cell="c1", source="lineage()", execution="m1", rich=True)


def test_a_request_of_nbclient_is_read() -> None:
    parent = {"header": {"msg_id": "m1"}, "metadata": {}, "content": {"code": "lineage()"}}
    assert of_message(parent) == Place(cell="", source="lineage()", execution="m1", rich=False)


def test_the_notebooks_name_is_the_servers_without_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/me/course/tutorial.ipynb")
    assert of_message({}).notebook == "tutorial.ipynb"


def test_whatever_else_comes_is_no_place() -> None:
    assert of_message({}) == of_message({"header": None, "metadata": [], "content": 7}) == Place()


def test_ids_are_stable_over_executions_and_differ_within_one() -> None:
    ids = Ids()
    first = [ids.next("table", "a", Place("c", "", "1")) for _ in range(2)]
    again = [ids.next("table", "a", Place("c", "", "2")) for _ in range(2)]
    assert first == again
    assert len(set(first)) == 2
    assert all(len(made) == 16 and set(made) <= set("0123456789abcdef") for made in first)


def test_ids_depend_on_kind_content_and_cell() -> None:
    ids = Ids()
    asked = [("table", "a", "c"), ("card", "a", "c"), ("table", "b", "c"), ("table", "a", "d")]
    assert len({ids.next(kind, shown, Place(cell, "", "1")) for kind, shown, cell in asked}) == 4
    copies = [Place("c", "", "1", notebook=name) for name in ("a.ipynb", "a-Copy1.ipynb")]
    assert len({ids.next("table", "a", copy) for copy in copies}) == 2


def test_without_a_cell_id_the_source_stands_for_the_cell() -> None:
    ids = Ids()
    one, two, again = (ids.next("t", "a", Place("", source, f"{i}")) for i, source in enumerate(["x", "y", "x"]))
    assert one == again != two
