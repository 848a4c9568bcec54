from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from jupyter_artifacts.panels import codegen, protocol

if TYPE_CHECKING:
    from pathlib import Path


def test_the_page_types_in_the_checkout_are_the_generated_ones() -> None:
    assert codegen.TARGET.read_text(encoding="utf-8") == codegen.typescript()


def test_method_names_and_method_table_are_the_same_list() -> None:
    assert list(get_args(protocol.Method)) == list(protocol.METHODS)


def test_every_kind_has_a_snapshot_and_a_view() -> None:
    assert set(get_args(protocol.PanelKind)) == set(protocol.SNAPSHOTS) == set(protocol.VIEWS)


def test_unions_lists_literals_and_null_reach_the_page() -> None:
    text = codegen.typescript()
    assert "  run: RunLink | null;\n" in text
    assert "  edges: number[][];\n" in text
    assert 'export type NodeKind = "run" | "artifact";\n' in text
    assert '  "rows.page": { params: RowsParams; result: RowsPage };\n' in text
    assert "export const MAX_SNAPSHOT_BYTES = 65536;\n" in text


def test_writing_twice_writes_once(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "protocol.gen.ts"
    assert codegen.write(target)
    assert not codegen.write(target)
