"""Listens to what a body prints and displays, while it goes where it always goes."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Protocol, cast

from jupyter_artifacts.magics.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_artifacts.magics.outputs import Stream
    from jupyter_artifacts.magics.shell import Shell

    Method = Callable[..., object]

_AROUND_RESULTS = ("write_output_prompt", "finish_displayhook")


class Recorder:
    """Notes one body's outputs, from `start` to `stop`.

    The objects that write stay the ones they are; their methods are replaced, so that
    a logging handler that holds ``sys.stderr`` is heard too. A method that somebody
    has put over ours in the meantime stays, and ours below it passes everything on.

    Parameters
    ----------
    shell : Shell
    """

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._undo: list[Callable[[], None]] = []
        self._inside = threading.local()
        self._on = False
        self.outputs = Outputs()

    def start(self) -> None:
        """Listen from now on."""
        self._on = True
        streams: tuple[Stream, ...] = ("stdout", "stderr")
        for stream in streams:
            self._replace(getattr(sys, stream), "write", self._writing(stream))
        self._replace(self._shell.display_pub, "publish", self._publishing)
        self._replace(self._shell.display_pub, "clear_output", self._clearing)
        self._replace(sys.displayhook, "write_format_data", self._resulting)
        for name in _AROUND_RESULTS:
            self._replace(sys.displayhook, name, self._unheard)

    def stop(self) -> None:
        """Listen no more; twice is fine."""
        self._on = False
        while self._undo:
            self._undo.pop()()

    def _replace(self, owner: object, name: str, around: Callable[[Method], Method]) -> None:
        there: Method | None = getattr(owner, name, None)
        own: dict[str, object] | None = getattr(owner, "__dict__", None)
        if there is None or own is None:  # such as a stream written in C, or none at all
            return
        before, ours = own.get(name), around(there)
        own[name] = ours

        def undo() -> None:
            if own.get(name) is not ours:
                return
            del own[name]
            if before is not None:
                own[name] = before

        self._undo.append(undo)

    def _unheard(self, do: Method) -> Method:
        """Wrap what writes to a stream on its own behalf, as a terminal's displays do."""

        def within(*args: object, **options: object) -> object:
            before = getattr(self._inside, "it", False)
            self._inside.it = True
            try:
                return do(*args, **options)
            finally:
                self._inside.it = before

        return within

    def _hears(self) -> bool:
        return self._on and not getattr(self._inside, "it", False)

    def _writing(self, stream: Stream) -> Callable[[Method], Method]:
        def around(write: Method) -> Method:
            def heard(text: str, *args: object) -> object:
                done = write(text, *args)
                if self._hears():
                    self.outputs.write(stream, text)
                return done

            return heard

        return around

    def _publishing(self, publish: Method) -> Method:
        unheard = self._unheard(publish)

        def heard(data: Mapping[str, object], metadata: object = None, *args: object, **options: object) -> object:
            hears = self._hears()
            done = unheard(data, metadata, *args, **options)
            if hears:
                transient = options.get("transient")
                name = str(transient.get("display_id") or "") if isinstance(transient, dict) else ""
                if options.get("update"):
                    self.outputs.update(data, metadata, name)
                else:
                    self.outputs.show("display", data, metadata, name)
            return done

        return heard

    def _clearing(self, clear: Method) -> Method:
        unheard = self._unheard(clear)

        def heard(wait: bool = False) -> object:
            if self._hears():
                self.outputs.clear(wait=wait)
            return unheard(wait)

        return heard

    def _resulting(self, write: Method) -> Method:
        unheard = self._unheard(write)

        def heard(data: Mapping[str, object], metadata: object = None) -> object:
            if self._hears():
                self.outputs.show("result", data, metadata)
            return unheard(data, metadata)

        return heard


class ResultHook(Protocol):
    """How IPython shows a cell's last value; a terminal's prints, a kernel's sends."""

    def start_displayhook(self) -> None:
        """Begin."""

    def write_output_prompt(self) -> None:
        """Write ``Out[3]:``, or its number into the message."""

    def write_format_data(self, format_dict: Mapping[str, object], md_dict: Mapping[str, object]) -> None:
        """Write the value's bundle."""

    def finish_displayhook(self) -> None:
        """End, and send."""

    def check_for_underscore(self) -> None:
        """Leave ``_`` alone from now on where the user has put something of theirs there."""

    def update_user_ns(self, result: object) -> None:
        """Give the last value its names, ``_`` and ``Out[3]``."""

    def fill_exec_result(self, result: object) -> None:
        """Give it to the cell's result object."""


def show_result(shell: Shell, data: Mapping[str, object], metadata: Mapping[str, object]) -> None:
    """Show a bundle as the result of the cell that is running, under its number."""
    hook = cast("ResultHook", shell.displayhook)
    hook.start_displayhook()
    hook.write_output_prompt()
    hook.write_format_data(data, metadata)
    hook.finish_displayhook()


def name_result(shell: Shell, value: object) -> None:
    """Give a value the names that the running cell's last value has: ``_`` and ``Out[3]``."""
    hook = cast("ResultHook", shell.displayhook)
    hook.check_for_underscore()
    hook.update_user_ns(value)
    hook.fill_exec_result(value)
