"""Types of columns as JSON, in W&B's form: ``{"wb_type", "params"}``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jupyter_artifacts.media.tables.types import ANY, FOREIGN, NAMES, NOTHING, CellType
from jupyter_artifacts.model.jsonable import MAX_DEPTH

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue


def to_json(cell: CellType) -> JsonObject:
    """Return a type in W&B's form; None in its place makes it a ``union``."""
    if cell.optional and cell.name not in {"any", "none"}:
        types: list[JsonValue] = [{"wb_type": "none"}, to_json(replace(cell, optional=False))]
        return {"wb_type": "union", "params": {"allowed_types": types}}
    if cell.name == "list" and cell.element is not None:
        return {"wb_type": "list", "params": {"element_type": to_json(cell.element)}}
    if cell.name == "typedDict":
        return {"wb_type": "typedDict", "params": {"type_map": {key: to_json(field) for key, field in cell.fields}}}
    if cell.name == "ndarray":
        shape: list[JsonValue] | None = None if cell.shape is None else [*cell.shape]
        return {"wb_type": "ndarray", "params": {"shape": shape, "dtype": cell.dtype}}
    return {"wb_type": cell.name}


def from_json(tree: JsonValue, depth: int = 0) -> CellType:
    """Return the type of W&B's form, or of ours; what is not known here becomes ``any``."""
    name = tree.get("wb_type") if isinstance(tree, dict) else None
    params = tree.get("params") if isinstance(tree, dict) else None
    if not isinstance(name, str) or depth > MAX_DEPTH:
        return ANY
    if not isinstance(params, dict):
        params = {}
    if name == "union":
        return _from_union(params.get("allowed_types"), depth)
    if name == "list":
        return CellType("list", element=from_json(params.get("element_type"), depth + 1))
    if name == "typedDict":
        fields = params.get("type_map")
        items = fields.items() if isinstance(fields, dict) else ()
        return CellType("typedDict", fields=tuple((key, from_json(item, depth + 1)) for key, item in items))
    if name == "ndarray":
        shape, dtype = params.get("shape"), params.get("dtype")
        sides = tuple(side for side in shape if isinstance(side, int)) if isinstance(shape, list) else None
        return CellType("ndarray", dtype=dtype if isinstance(dtype, str) else "", shape=sides)
    is_known = name in {*NAMES, FOREIGN} or name == "histogram" or name.endswith("-file")
    return CellType(name) if is_known and name != "any" else ANY


def _from_union(types: JsonValue, depth: int) -> CellType:
    found = [from_json(item, depth + 1) for item in types] if isinstance(types, list) else []
    known = [item for item in found if item.name != "none"]
    if not found or len(known) > 1:
        return ANY
    return replace(known[0], optional=True) if known else NOTHING
