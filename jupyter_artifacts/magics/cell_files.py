"""What a tracked cell does with files: which it changes, and which versions' files it reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.magics.audit import Listener
from jupyter_artifacts.magics.inputs import Inputs
from jupyter_artifacts.magics.seen import A_LOOK, MOST, Seen
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.tracking.artifact.downloads import base_folder, folders
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.tracking.run import Run


class CellFiles:
    """Looks at files from before a body to the end of its run.

    Parameters
    ----------
    patterns : iterable of str
        Paths and globs that will be asked for, as they are written.
    take : bool
        Changed files of the working folder are to be taken.
    hint : bool
        They are to be told of.

    Raises
    ------
    UsageError
        The working folder holds too many files to be looked at as a whole.
    """

    def __init__(self, patterns: Iterable[str] = (), *, take: bool = False, hint: bool = False) -> None:
        self.takes = take
        self.hints = hint and not take
        self._seen = Seen([base_folder()])
        self._listener = Listener(folders)
        for pattern in patterns:
            self._seen.note_pattern(pattern)
        if (take or hint) and not self._seen.note_folder(str(Path.cwd()), MOST if take else A_LOOK) and take:
            raise UsageError(
                say(
                    "--auto-files: {folder} holds more than {n} files; name those to keep: -f 'out/*.pt'",
                    folder=str(Path.cwd()),
                    n=MOST,
                )
            )

    @classmethod
    def of_line(cls, parsed: Parsed, autofiles: str) -> CellFiles:
        """Look as a tracked cell's line and ``%config JupyterArtifacts.autofiles`` ask for."""
        take = parsed.has("auto-files") or autofiles == "take"
        hint = autofiles == "suggest" and parsed.has("name")
        return cls([word.text for word in parsed.words("files")], take=take, hint=hint)

    def follow(self, run: Run) -> None:
        """Note the run's inputs when it ends: the versions whose files were read from now on."""
        self._listener.start()
        run.at_end(lambda: self._end(run))

    def has_changed(self, path: str) -> bool:
        """Tell whether a file is new or another than before the body."""
        return self._seen.has_changed(path)

    def changed(self) -> dict[str, str]:
        """Return the working folder's new and changed files: the path below the folder to the whole path."""
        return {self._seen.relative(path): path for path in self._seen.changed(self._listener.written)}

    def _end(self, run: Run) -> None:
        self._listener.stop()
        if self._listener.read:
            Inputs(run).record(self._listener.read)
