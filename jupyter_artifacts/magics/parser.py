"""A magic's line against its table of options. Values stay source text; nothing is evaluated here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_artifacts.magics.help import usage_line
from jupyter_artifacts.magics.usage import UsageError, either, meant, suggestion
from jupyter_artifacts.magics.words import Word, split
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.commands.options import Command, Option, Positional


@dataclass(frozen=True)
class Parsed:
    """A line that fits its table: the words given for each name."""

    command: Command
    given: dict[str, tuple[Word, ...]] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Tell whether an option or positional was given."""
        return name in self.given

    def words(self, name: str) -> tuple[Word, ...]:
        """Return the words given for `name`, none if it was not given."""
        return self.given.get(name, ())

    def word(self, name: str) -> Word | None:
        """Return the word given for a `name` that takes one."""
        words = self.words(name)
        return words[0] if words else None

    def only(self, name: str, word: Word) -> Parsed:
        """Return a line that gives this one word for `name`, and nothing else but its switches."""
        switches = {key: words for key, words in self.given.items() if not words}
        return Parsed(self.command, {**switches, name: (word,)})


def parse(command: Command, line: str) -> Parsed:
    """Take a line apart by its command's table.

    Parameters
    ----------
    command : Command
        The table.
    line : str
        What follows the magic's name.

    Raises
    ------
    UsageError
        In one line: what is wrong, the nearest right spelling, the usage.
    """
    try:
        return Parsed(command, _given(command, split(line)))
    except UsageError as error:
        raise UsageError(f"{command.title}: {error} ({say('usage')}: {usage_line(command)})") from None


def wants_help(line: str) -> bool:
    """Tell whether ``-h`` or ``--help`` is among the words of a line."""
    try:
        return any(word.source in {"-h", "--help"} for word in split(line))
    except UsageError:
        return False


def _given(command: Command, words: Sequence[Word]) -> dict[str, tuple[Word, ...]]:
    given: dict[str, tuple[Word, ...]] = {}
    loose: list[Word] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word.source == "--":
            loose.extend(words[at:])
            break
        if not word.is_option:
            loose.append(word)
            continue
        option, values = _option(command, word)
        if option.value and not values:
            values = _values_after(words, at, option)
            at += len(values)
        if option.value and not values and not option.optional:
            raise UsageError(say("{option} needs a value, {value}", option=word.source, value=option.value))
        if option.name in given and not option.many and option.value:
            raise UsageError(say("{option} is given twice", option=option.long))
        for value in values:
            _check_choice(option, value)
        given[option.name] = given.get(option.name, ()) + values
    if "help" in given:
        return given
    _place(command, loose, given)
    return given


def _option(command: Command, word: Word) -> tuple[Option, tuple[Word, ...]]:
    spelling, equals, value = word.source.partition("=") if word.source.startswith("--") else (word.source, "", "")
    option = command.option(spelling)
    if option is None:
        raise UsageError(say("there is no option {option}", option=spelling) + _suggest(spelling, command))
    if not equals:
        return option, ()
    if not option.value:
        raise UsageError(say("{option} is a switch and takes no value", option=spelling))
    if not value:
        raise UsageError(say("{option} needs a value, {value}", option=f"{spelling}=", value=option.value))
    return option, (Word(value, word.start + len(spelling) + 1),)


def _values_after(words: Sequence[Word], at: int, option: Option) -> tuple[Word, ...]:
    end = at
    while end < len(words) and not words[end].is_option and words[end].source != "--":
        end += 1
        if not option.many:
            break
    return tuple(words[at:end])


def _suggest(spelling: str, command: Command) -> str:
    bare = spelling.lstrip("-")
    begins = [known for known in command.spellings if known.lstrip("-").startswith(bare)]
    if begins:
        return meant(begins)
    return suggestion(f"--{bare}", command.spellings)


def _check_choice(option: Option, value: Word) -> None:
    if option.choices and value.text not in option.choices:
        wrong = say(
            "{option} is {allowed}, not {value}", option=option.long, allowed=either(option.choices), value=value.text
        )
        raise UsageError(wrong + suggestion(value.text, option.choices))


def _check_word(positional: Positional, word: Word) -> None:
    if positional.choices and word.text not in positional.choices:
        allowed = ", ".join(positional.choices)
        wrong = say("{name} is one of {allowed}, not {value}", name=positional.value, allowed=allowed, value=word.text)
        otherwise = say(positional.otherwise) if positional.otherwise else ""
        raise UsageError(wrong + suggestion(word.text, positional.choices) + otherwise)


def _place(command: Command, loose: list[Word], given: dict[str, tuple[Word, ...]]) -> None:
    """Give the words without an option's name to the positionals, in their order."""
    for positional in command.positionals:
        taken = tuple(loose if positional.many else loose[:1])
        del loose[: len(taken)]
        for word in taken:
            _check_word(positional, word)
        if taken:
            given[positional.name] = taken
        elif positional.required:
            raise UsageError(say("{name} is missing: {what}", name=positional.value, what=say(positional.help)))
    if loose:
        raise UsageError(say("{word} is one word too many; quote a value that holds spaces", word=loose[0].source))
