from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.panels.diffs.rows import differing
from jupyter_artifacts.panels.previews.tables import Read


def table(names: str, *rows: str) -> Read:
    return Read(names.split(), [row.split() for row in rows], len(rows))


def test_rows_belong_together_by_a_column_that_names_them() -> None:
    columns, rows, note = differing(table("id loss", "a 1", "b 2", "c 3"), table("id loss", "b 2", "c 4", "d 5"))
    assert columns == ["id", "loss"]
    assert [(row["mark"], row["at"], row["before"], row["after"]) for row in rows] == [
        ("removed", "a", ["a", "1"], []),
        ("changed", "c", ["c", "3"], ["c", "4"]),
        ("added", "d", [], ["d", "5"]),
    ]
    assert note == "rows by 'id': 1 changed, 1 added, 1 removed"


def test_else_by_their_place_and_else_by_their_content() -> None:
    _, rows, note = differing(table("x", "1", "1", "2"), table("x", "1", "3", "2"))
    assert [(row["mark"], row["at"]) for row in rows] == [("changed", "2")]
    assert note.startswith("rows by their place")
    _, rows, note = differing(table("x", "1", "1", "2"), table("x", "1", "2"))
    assert [(row["mark"], row["before"]) for row in rows] == [("removed", ["1"])]
    assert note.startswith("rows by all their cells")


def test_columns_that_came_and_went_are_said() -> None:
    columns, rows, note = differing(table("id old", "a 1"), table("id new", "a 2"))
    assert columns == ["id", "old", "new"]
    assert rows[0]["before"] == ["a", "1", ""]
    assert rows[0]["after"] == ["a", "", "2"]
    assert "columns added: new" in note
    assert "columns removed: old" in note


cells = st.lists(st.sampled_from("abc"), min_size=2, max_size=2)
tables = st.lists(cells, max_size=6).map(lambda rows: Read(["x", "y"], rows, len(rows)))


@given(tables, tables)
def test_a_table_does_not_differ_from_itself_and_does_from_another(one: Read, other: Read) -> None:
    assert differing(one, one)[1] == []
    rows = differing(one, other)[1]
    assert bool(rows) == (sorted(one.rows) != sorted(other.rows)) or "place" in differing(one, other)[2]
