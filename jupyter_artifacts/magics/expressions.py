"""Values in a magic's line: ``{expression}`` and ``$name`` in text, whole expressions, ``KEY=EXPR``."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_artifacts.magics.usage import UsageError, one_line, suggestion
from jupyter_artifacts.magics.words import end_of_bracket, end_of_string
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import CodeType

Namespace = dict[str, object]

_ASSIGNMENT = re.compile(r"([^\W\d][\w.\-/]*)=(?!=)")
_CONVERSIONS: dict[str, Callable[[object], str]] = {"r": repr, "s": str, "a": ascii}
_DOLLAR = re.compile(r"\$([^\W\d]\w*)")


@dataclass(frozen=True, slots=True)
class Expression:
    """A Python expression of a line, and the option to name in errors."""

    source: str
    option: str

    def __post_init__(self) -> None:
        self._tree()

    def _tree(self) -> ast.Expression:
        source = without_dollars(self.source)
        try:
            tree = ast.parse(source.strip(), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise UsageError(
                say(
                    "in {option}, {text} is not a Python expression ({why}); "
                    "put one that holds spaces into parentheses",
                    option=self.option,
                    text=self.source,
                    why=str(getattr(error, "msg", error)),
                )
            ) from None
        inside = tree.body
        if isinstance(inside, ast.Set) and len(inside.elts) == 1 and not isinstance(inside.elts[0], ast.Starred):
            return ast.Expression(inside.elts[0])
        return tree

    def value(self, namespace: Namespace) -> object:
        """Compute it.

        One thing in braces is that thing, as in the rest of a line: ``{steps}`` is
        ``steps``; ``{1, 2}`` is a set and ``{"a": 1}`` a dict.

        Raises
        ------
        UsageError
            Naming the option; the user's own exception is the cause.
        """
        code = compile(self._tree(), f"<{self.option}>", "eval")
        return _computed(code, namespace, self.option, self.source)


@dataclass(frozen=True, slots=True)
class Assignment:
    """``KEY=EXPR``, or an expression alone (an empty key)."""

    key: str
    expression: Expression


def assignment(source: str, option: str) -> Assignment:
    """Take ``KEY=EXPR`` apart; text that does not begin so is an expression alone."""
    found = _ASSIGNMENT.match(source)
    if not found:
        return Assignment("", Expression(source, option))
    rest = source[found.end() :]
    if not rest:
        raise UsageError(say("in {option}, {text} has no value after '='", option=option, text=source))
    return Assignment(found.group(1), Expression(rest, f"{option} {found.group(1)}"))


def needs_filling(text: str) -> bool:
    """Tell whether a text holds ``{`` or ``$``, so that its value depends on variables."""
    return "{" in text or "}" in text or "$" in text


def fill(text: str, namespace: Namespace, option: str) -> str:
    """Return `text` with ``{expression}`` (f-string rules) and ``$name`` replaced by their values.

    Raises
    ------
    UsageError
        A name that is not defined, an expression that raises, a brace left open.
    """
    parts: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        if text[at : at + 2] in {"{{", "}}", "$$"}:
            parts.append(char)
            at += 2
        elif char == "{":
            end = end_of_bracket(text, at)
            parts.append(_formatted(text[at + 1 : end - 1], namespace, option))
            at = end
        elif char == "}":
            raise UsageError(
                say(
                    "in {option}, '}' is closed and never opened in {text}; write '}}' for a brace",
                    option=option,
                    text=text,
                )
            )
        elif found := _DOLLAR.match(text, at):
            parts.append(str(Expression(found.group(1), option).value(namespace)))
            at = found.end()
        else:
            parts.append(char)
            at += 1
    return "".join(parts)


def without_dollars(source: str) -> str:
    """Return an expression with ``$name`` as ``name``, strings left as they are."""
    if "$" not in source:
        return source
    parts: list[str] = []
    at = 0
    while at < len(source):
        if source[at] in "\"'":
            end = end_of_string(source, at)
            parts.append(source[at:end])
        elif found := _DOLLAR.match(source, at):
            end = found.end()
            parts.append(found.group(1))
        else:
            end = at + 1
            parts.append(source[at])
        at = end
    return "".join(parts)


def _formatted(inside: str, namespace: Namespace, option: str) -> str:
    source, conversion, spec = _field(without_dollars(inside), option)
    spec = fill(spec, namespace, option)
    value = Expression(source, option).value(namespace)
    if conversion:
        value = _CONVERSIONS[conversion](value)
    try:
        return format(value, spec)
    except (TypeError, ValueError) as error:
        raise UsageError(
            say(
                "in {option}, {text} cannot be formatted: {why}",
                option=option,
                text=f"{{{inside}}}",
                why=one_line(error),
            )
        ) from error


def _field(inside: str, option: str) -> tuple[str, str, str]:
    """Take ``expression!r:.2f`` apart: the first cut that leaves an expression is the right one."""
    if _is_expression(inside):
        return inside, "", ""
    for cut in re.finditer(r"(?:!([rsa]))?(?::|$)|$", inside):
        if cut.group() and _is_expression(inside[: cut.start()]):
            return inside[: cut.start()], cut.group(1) or "", inside[cut.end() :]
    raise UsageError(
        say(
            "in {option}, {text} is not a Python expression; write '{{' for a brace",
            option=option,
            text=f"{{{inside}}}",
        )
    )


def _is_expression(source: str) -> bool:
    try:
        ast.parse(source.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _computed(code: CodeType, namespace: Mapping[str, object], option: str, source: str) -> object:
    scope = dict(namespace)
    try:
        value: object = eval(code, scope)  # noqa: S307  the user's own line, in the user's own cell
        return value
    except NameError as error:
        name = getattr(error, "name", None) or ""
        hint = suggestion(name, (known for known in namespace if not known.startswith("_"))) if name else ""
        raise UsageError(say("in {option}, {why}", option=option, why=one_line(error)) + hint) from error
    except Exception as error:
        kind = type(error).__name__
        raise UsageError(
            say("in {option}, {text} raised {kind}: {why}", option=option, text=source, kind=kind, why=one_line(error))
        ) from error
