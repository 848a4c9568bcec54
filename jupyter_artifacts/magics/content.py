"""What a line puts into an artifact: variables, files, references, metadata, words about it.

Checked as text before the body (:func:`check_content`), computed after it (:func:`collect`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ArtifactsError
from jupyter_artifacts.magics.expressions import Assignment, Expression, assignment, fill, needs_filling
from jupyter_artifacts.magics.globs import fixed_folder, has_wildcard, shell_glob
from jupyter_artifacts.magics.usage import UsageError, one_line
from jupyter_artifacts.model.names import check_alias
from jupyter_artifacts.model.paths import check_entry_path
from jupyter_artifacts.tracking import Artifact

if TYPE_CHECKING:
    from jupyter_artifacts.magics.expressions import Namespace
    from jupyter_artifacts.magics.parser import Parsed


@dataclass(frozen=True)
class Content:
    """An artifact that is ready to be logged, and its aliases."""

    artifact: Artifact
    aliases: tuple[str, ...]


def check_content(parsed: Parsed) -> None:
    """Refuse, before the body runs, what can be seen to be wrong without its values.

    Raises
    ------
    UsageError
        An expression that is none, a variable's or alias's name that cannot be one.
    """
    for word in parsed.words("meta"):
        _metadata_of(word.source)
    for word in parsed.words("vars"):
        _variable_of(word.source)
    for word in parsed.words("alias"):
        if not needs_filling(word.text):
            _checked_alias(word.text)


def collect(parsed: Parsed, name: str, kind: str, namespace: Namespace) -> Content:
    """Compute the values of a line and put them into an artifact that is not logged yet.

    Raises
    ------
    UsageError
        Naming the option; the user's own exception is the cause.
    ArtifactsError
        From the artifact: an object that no handler takes, metadata that JSON cannot hold.
    """
    description = parsed.word("description")
    artifact = Artifact(
        name,
        kind,
        description=None if description is None else fill(description.text, namespace, "-d"),
        metadata=_metadata(parsed, namespace),
    )
    for word in parsed.words("vars"):
        variable = _variable_of(word.source)
        add_variable(artifact, variable, namespace)
    for word in parsed.words("files"):
        add_files(artifact, fill(word.text, namespace, "-f"), "-f")
    for word in parsed.words("refs"):
        artifact.add_reference(fill(word.text, namespace, "-r"))
    aliases = tuple(_checked_alias(fill(word.text, namespace, "-a")) for word in parsed.words("alias"))
    return Content(artifact, aliases)


def add_variable(artifact: Artifact, variable: Assignment, namespace: Namespace) -> None:
    """Put one object in, as a file named after the variable."""
    value = variable.expression.value(namespace)
    artifact.add_object(value, variable.key)


def add_files(artifact: Artifact, pattern: str, option: str) -> None:
    """Put in what a path or glob names.

    A file enters by its own name, a folder's files from the folder on, a glob's matches
    from the folder on in which the first wildcard stands: ``out/*.pt`` gives ``a.pt``.
    """
    path = Path(pattern)
    if path.is_dir():
        artifact.add_dir(pattern)
        return
    if path.is_symlink() or path.exists():
        artifact.add_file(pattern)
        return
    if not has_wildcard(pattern):
        raise UsageError(f"in {option}, there is no file {pattern!r}")
    found = [Path(match) for match in shell_glob(pattern) if Path(match).is_file()]
    if not found:
        raise UsageError(f"in {option}, no file matches {pattern!r}")
    folder = fixed_folder(pattern)
    for match in found:
        artifact.add_file(match, match.relative_to(folder).as_posix())


def _metadata(parsed: Parsed, namespace: Namespace) -> dict[str, object]:
    metadata: dict[str, object] = {}
    for word in parsed.words("meta"):
        item = _metadata_of(word.source)
        value = item.expression.value(namespace)
        if item.key:
            metadata[item.key] = value
        elif isinstance(value, Mapping):
            metadata.update(value)
        else:
            raise UsageError(
                f"in -m, {word.source} is a {type(value).__name__}, not a dict; write {word.source}={word.source}"
            )
    return metadata


def _metadata_of(source: str) -> Assignment:
    return assignment(source, "-m")


def _variable_of(source: str) -> Assignment:
    found = assignment(source, "-v")
    name = source.removeprefix("$")
    if not found.key:
        if not name.isidentifier():
            raise UsageError(f"in -v, {source} is not a variable's name; give the file a name: NAME={source}")
        found = Assignment(name, Expression(name, "-v"))
    try:
        check_entry_path(found.key)
    except ArtifactsError as error:
        raise UsageError(f"in -v, {one_line(error)}") from None
    return found


def _checked_alias(text: str) -> str:
    try:
        return check_alias(text)
    except ArtifactsError as error:
        raise UsageError(f"in -a, {one_line(error)}") from None
