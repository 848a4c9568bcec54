"""Takes the body out of a cell with ``--cache`` that need not run.

IPython hands over every cell that it has parsed and not run yet. What a choice stands
on is in :mod:`jupyter_artifacts.magics.cached`, which is imported with the first such cell.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_artifacts.magics.transformer import BEGIN

if TYPE_CHECKING:
    from jupyter_artifacts.magics.choice import Choice
    from jupyter_artifacts.magics.desk import Desk


class Chooser(ast.NodeTransformer):
    """Takes the bodies out of cells that need not run; IPython hands it every cell that it has parsed.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def visit(self, node: ast.AST) -> ast.AST:
        """Return the cell as it is, or without its body."""
        line = _line_of(node)
        if line is None or not isinstance(node, ast.Module):
            return node
        try:
            choice = self._desk.choice = self._choose(line, node.body[1:])
        except Exception as error:  # noqa: BLE001  raised where the line is run; here IPython would drop the transformer
            self._desk.choice = error
            return node
        if choice is None or choice.run is None:
            return node
        return ast.Module(body=node.body[:1], type_ignores=node.type_ignores)

    def _choose(self, line: str, body: list[ast.stmt]) -> Choice | None:
        from jupyter_artifacts.magics.cached import choose

        return choose(self._desk, line, body)


def _line_of(node: ast.AST) -> str | None:
    """Return the tracking line that a parsed cell begins with, if it may speak of a cache."""
    if not isinstance(node, ast.Module) or not node.body or not isinstance(node.body[0], ast.Expr):
        return None
    call = node.body[0].value
    if not isinstance(call, ast.Call) or len(call.args) != 2:  # noqa: PLR2004  a magic's name and its line
        return None
    name, line = (arg.value if isinstance(arg, ast.Constant) else None for arg in call.args)
    if name != BEGIN or not isinstance(line, str) or "--cache" not in line:
        return None
    return line if line.startswith(("%%track", "%track")) else None
