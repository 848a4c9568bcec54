"""``%load_ext jupyter_artifacts`` and ``%unload_ext``: what is put into IPython, and taken out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from weakref import WeakKeyDictionary

from jupyter_artifacts.errors import ArtifactsError
from jupyter_artifacts.magics.cards import CELL_CARDS
from jupyter_artifacts.magics.chooser import Chooser
from jupyter_artifacts.magics.completion import Completer, Source
from jupyter_artifacts.magics.desk import Desk
from jupyter_artifacts.magics.place import StorePlace
from jupyter_artifacts.magics.settings import JupyterArtifacts
from jupyter_artifacts.magics.spells import begin_magic, cell_magic, line_magic, misplaced_magic
from jupyter_artifacts.magics.tables import CELLS, LINES
from jupyter_artifacts.magics.transformer import BEGIN, rewrite_first_line
from jupyter_artifacts.magics.usage import one_line
from jupyter_artifacts.store.progress import displays
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from IPython.core.formatters import IPythonDisplayFormatter
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_artifacts.magics.shell import Shell
    from jupyter_artifacts.tracking.artifact.diff import ArtifactDiff
    from jupyter_artifacts.tracking.progress import Display

_DIFFERENCE = ("jupyter_artifacts.tracking.artifact.diff", "ArtifactDiff")
_loaded: WeakKeyDictionary[Shell, Extension] = WeakKeyDictionary()


def load(shell: Shell) -> None:
    """Put the magics into a shell; doing it again changes nothing."""
    if shell in _loaded:
        return
    extension = Extension(shell)
    extension.load()
    _loaded[shell] = extension


def unload(shell: Shell) -> None:
    """Take the magics out of a shell; doing it again changes nothing."""
    extension = _loaded.pop(shell, None)
    if extension is not None:
        extension.unload()


def desk_of(shell: Shell) -> Desk | None:
    """Return the desk of a shell that the extension is loaded in."""
    extension = _loaded.get(shell)
    return None if extension is None else extension.desk


def _progress_here() -> Display | None:
    """Let long work be seen under the cell; what draws it is imported when there is any."""
    from jupyter_artifacts.panels.progress import begin

    return begin()


def _display_formatter(shell: Shell) -> IPythonDisplayFormatter:
    formatters = cast("InteractiveShell", shell).display_formatter
    return cast("IPythonDisplayFormatter", getattr(formatters, "ipython_display_formatter"))  # noqa: B009  None in its type


def _show_difference(found: ArtifactDiff) -> None:
    """Show what `artifact.diff(other)` returns as a panel."""
    from jupyter_artifacts.panels.diff_shown import show

    show(found)


class Extension:
    """The extension in one shell.

    Parameters
    ----------
    shell : Shell
    """

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._place = StorePlace()
        self.desk = Desk(shell, JupyterArtifacts(parent=shell))
        self._chooser = Chooser(self.desk)

    def load(self) -> None:
        """Put everything in."""
        register = self._shell.magics_manager.register_function
        for name, (command, where) in LINES.items():
            register(line_magic(self.desk, command, where), "line", name)
        for name, command in CELLS.items():
            register(cell_magic(self.desk, command), "cell", name)
            register(misplaced_magic(command), "line", f"%{name}")
        register(begin_magic(self.desk), "line", BEGIN)
        for key, completer in self._completers().items():
            self._shell.set_hook("complete_command", completer, str_key=key)
        self._shell.input_transformers_cleanup.append(rewrite_first_line)
        self._shell.ast_transformers.append(self._chooser)
        self._shell.configurables.append(self.desk.settings)
        self.desk.watch.start()
        CELL_CARDS.start(self._shell)
        displays.append(_progress_here)
        _display_formatter(self._shell).for_type_by_name(*_DIFFERENCE, _show_difference)
        self._greet()

    def unload(self) -> None:
        """Take everything out."""
        magics = self._shell.magics_manager.magics
        for name in (*LINES, *(f"%{name}" for name in CELLS), BEGIN):
            magics["line"].pop(name, None)
        for name in CELLS:
            magics["cell"].pop(name, None)
        for key in self._completers():
            self._shell.strdispatchers["complete_command"].strs.pop(key, None)
        self._shell.input_transformers_cleanup.remove(rewrite_first_line)
        if self._chooser in self._shell.ast_transformers:
            self._shell.ast_transformers.remove(self._chooser)
        self._shell.configurables.remove(self.desk.settings)
        self.desk.watch.stop()
        self.desk.leave()
        CELL_CARDS.stop()
        displays.remove(_progress_here)
        _display_formatter(self._shell).pop(".".join(_DIFFERENCE), None)

    def _completers(self) -> dict[str, Completer]:
        source = Source(self._place)
        made = {f"%{name}": Completer(command, self._shell.user_ns, source) for name, (command, _) in LINES.items()}
        for name, command in CELLS.items():
            made[f"%%{name}"] = Completer(command, self._shell.user_ns, source)
        return made

    def _greet(self) -> None:
        """Say which runs a killed kernel has left, and on demand where things are kept."""
        try:
            for name in self._place.settle():
                print(self.desk.line("crashed", name=name))
            if self.desk.settings.verbose:
                print(self.desk.line("loaded", **self._place.told()))
        except (ArtifactsError, OSError) as error:
            print(say("jupyter_artifacts: the store cannot be opened: {why}", why=one_line(error)))
