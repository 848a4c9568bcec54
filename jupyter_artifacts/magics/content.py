"""What a line puts into an artifact: variables, files, references, metadata, words about it.

Checked as text before the body (:func:`check_content`), computed after it (:func:`collect`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ArtifactsError
from jupyter_artifacts.magics.expressions import Assignment, Expression, assignment, fill, needs_filling
from jupyter_artifacts.magics.globs import fixed_folder, has_wildcard, shell_glob
from jupyter_artifacts.magics.seen import every_file
from jupyter_artifacts.magics.usage import UsageError, one_line
from jupyter_artifacts.model.jsonable import normalise_object
from jupyter_artifacts.model.names import check_alias
from jupyter_artifacts.model.paths import check_entry_path
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from jupyter_artifacts.magics.expressions import Namespace
    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.magics.words import Word
    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.tracking.artifact.artifact import Artifact

Keep = Callable[[str], bool]
"""Tells of a file whether it is taken."""


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
        variable_of(word.source)
    for word in parsed.words("alias"):
        if not needs_filling(word.text):
            _checked_alias(word.text)


def collect(parsed: Parsed, artifact: Artifact, namespace: Namespace, keep: Keep | None = None) -> list[str]:
    """Compute the values of a line, put them into a draft, and return the aliases it shall have.

    Parameters
    ----------
    parsed : Parsed
    artifact : Artifact
    namespace : dict
    keep : callable, optional
        Tells which of the files that ``-f`` names are taken; by default all.

    Raises
    ------
    UsageError
        Naming the option; the user's own exception is the cause.
    ArtifactsError
        From the artifact: an object that no handler takes, metadata that JSON cannot hold.
    """
    description = parsed.word("description")
    if description is not None:
        artifact.description = fill(description.text, namespace, "-d")
    if parsed.has("meta"):
        artifact.metadata = {**artifact.metadata, **_metadata(parsed, namespace)}
    aliases = [_checked_alias(fill(word.text, namespace, "-a")) for word in parsed.words("alias")]
    for word in parsed.words("vars"):
        add_variable(artifact, word, namespace)
    for word in parsed.words("files"):
        add_files(artifact, fill(word.text, namespace, "-f"), "-f", None if parsed.has("all-files") else keep)
    for word in parsed.words("refs"):
        artifact.add_reference(fill(word.text, namespace, "-r"))
    return aliases


def add_variable(artifact: Artifact, word: Word, namespace: Namespace) -> None:
    """Put one object in, as a file named after the variable."""
    variable = variable_of(word.source)
    artifact.add_object(variable.expression.value(namespace), variable.key)


def add_files(artifact: Artifact, pattern: str, option: str, keep: Keep | None = None) -> None:
    """Put in what a path or glob names, as far as `keep` says.

    A file enters by its own name, a folder's files from the folder on, a glob's matches
    from the folder on in which the first wildcard stands: ``out/*.pt`` gives ``a.pt``.
    """
    path = Path(pattern)
    if path.is_dir():
        _add_folder(artifact, pattern, option, keep)
        return
    if path.is_symlink() or path.exists():
        if keep is not None and not keep(pattern):
            raise UsageError(
                say(
                    "in {option}, this cell has not changed {path}; --all-files takes it all the same",
                    option=option,
                    path=repr(pattern),
                )
            )
        artifact.add_file(pattern)
        return
    if not has_wildcard(pattern):
        raise UsageError(say("in {option}, there is no file {path}", option=option, path=repr(pattern)))
    found = [Path(match) for match in shell_glob(pattern) if Path(match).is_file()]
    if not found:
        raise UsageError(say("in {option}, no file matches {path}", option=option, path=repr(pattern)))
    folder = fixed_folder(pattern)
    for match in _kept(found, pattern, option, keep):
        artifact.add_file(match, match.relative_to(folder).as_posix())


def _add_folder(artifact: Artifact, folder: str, option: str, keep: Keep | None) -> None:
    files = [] if keep is None else [Path(file) for file in every_file(folder)]
    kept = _kept(files, folder, option, keep) if files else []
    if len(kept) == len(files):
        artifact.add_dir(folder)
        return
    for file in kept:
        artifact.add_file(file, file.relative_to(folder).as_posix())


def _kept(files: list[Path], what: str, option: str, keep: Keep | None) -> list[Path]:
    kept = [file for file in files if keep is None or keep(str(file))]
    if not kept:
        raise UsageError(
            say(
                "in {option}, this cell has changed none of the {n} files of {path}; "
                "--all-files takes them all the same",
                option=option,
                n=len(files),
                path=repr(what),
            )
        )
    return kept


def _metadata(parsed: Parsed, namespace: Namespace) -> JsonObject:
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
                say(
                    "in -m, {text} is a {kind}, not a dict; write {text}={text}",
                    text=word.source,
                    kind=type(value).__name__,
                )
            )
    return normalise_object(metadata, "-m")


def _metadata_of(source: str) -> Assignment:
    return assignment(source, "-m")


def variable_of(source: str) -> Assignment:
    """Return the file's name and the expression of one of ``-v``'s words."""
    found = assignment(source, "-v")
    name = source.removeprefix("$")
    if not found.key:
        if not name.isidentifier():
            raise UsageError(
                say("in -v, {text} is not a variable's name; give the file a name: NAME={text}", text=source)
            )
        found = Assignment(name, Expression(name, "-v"))
    try:
        check_entry_path(found.key)
    except ArtifactsError as error:
        raise UsageError(say("in {option}, {why}", option="-v", why=one_line(error))) from None
    return found


def _checked_alias(text: str) -> str:
    try:
        return check_alias(text)
    except ArtifactsError as error:
        raise UsageError(say("in {option}, {why}", option="-a", why=one_line(error))) from None
