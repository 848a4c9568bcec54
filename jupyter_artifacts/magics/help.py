"""A command's usage line and help text, both made from its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_artifacts.commands.options import Command

_NOTE = "{expression} and $name are filled in anywhere; {{ and $$ stand for themselves."


def usage_line(command: Command) -> str:
    """Return how the command is written, in one line."""
    parts = [command.title, *(p.usage for p in command.positionals), *(o.usage for o in command.options)]
    return " ".join(parts)


def help_text(command: Command) -> str:
    """Return the command's help: summary, usage, every option, examples."""
    rows = [(p.usage, p.help) for p in command.positionals]
    for option in command.options:
        spelling = ", ".join(option.spellings)
        value = "|".join(option.choices) or option.value
        left = f"{spelling} {value}{'...' * option.many}" if value else spelling
        rows.append(
            (left, option.help + (" (computed after the body)" if option.late and command.marks == "%%" else ""))
        )
    width = max(len(left) for left, _ in rows)
    lines = [f"{command.title}: {command.summary}", "", f"usage: {usage_line(command)}", ""]
    lines += [f"  {left:<{width}}  {right}" for left, right in rows]
    lines += ["", f"  {_NOTE}"]
    if command.examples:
        lines += ["", "examples:", *(f"  {example}" for example in command.examples)]
    return "\n".join(lines)
