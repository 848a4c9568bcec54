"""What this room needs of IPython's shell: true of 7.34 (Colab) and of 9.

IPython's own classes are only partly typed, and differ between these versions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ast import NodeTransformer
    from collections.abc import Callable, Mapping
    from types import TracebackType
    from typing import TypeAlias

    ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None]


class CellInfo(Protocol):
    """What was asked to run. `cell_id` is there since IPython 8.3 where the front end sends one."""

    raw_cell: str
    store_history: bool
    silent: bool


class CellResult(Protocol):
    """What came of it; the kernel's reply is made from it after ``post_run_cell``."""

    info: CellInfo
    execution_count: int | None
    result: object
    error_before_exec: BaseException | None
    error_in_exec: BaseException | None


class DisplayHook(Protocol):
    """Holds the result of the cell that is running; None between cells."""

    exec_result: CellResult | None


class DisplayPublisher(Protocol):
    """What ``display()`` publishes by."""

    def publish(
        self, data: Mapping[str, object], metadata: Mapping[str, object], *, transient: Mapping[str, object]
    ) -> None:
        """Show a bundle under the running cell."""


class Events(Protocol):
    """The shell's event manager."""

    callbacks: dict[str, list[Callable[..., None]]]

    def register(self, event: str, function: Callable[..., None]) -> None:
        """Call `function` at each `event`."""

    def unregister(self, event: str, function: Callable[..., None]) -> None:
        """Stop calling it."""


class MagicsManager(Protocol):
    """Where magics are registered; `magics` holds them by kind and name."""

    magics: dict[str, dict[str, Callable[..., object]]]

    def register_function(self, func: Callable[..., object], magic_kind: str, magic_name: str) -> None:
        """Register a magic."""


class Dispatcher(Protocol):
    """Hooks by the string that calls for them."""

    strs: dict[str, object]


class Shell(Protocol):
    """The running IPython."""

    ast_transformers: list[NodeTransformer]
    configurables: list[object]
    magics_manager: MagicsManager
    strdispatchers: dict[str, Dispatcher]
    user_ns: dict[str, object]
    displayhook: DisplayHook
    display_pub: DisplayPublisher
    events: Events
    last_execution_result: CellResult | None
    last_execution_succeeded: bool

    @property
    def input_transformers_cleanup(self) -> list[Callable[[list[str]], list[str]]]:
        """Transformers of a cell's lines, in order."""

    @property
    def user_global_ns(self) -> dict[str, object]:
        """The globals that cells run in."""

    def run_cell(self, raw_cell: str) -> CellResult:
        """Run a cell inside the one that is running."""

    def set_next_input(self, s: str, replace: bool = False) -> None:
        """Put text into the next cell."""

    def set_hook(self, name: str, hook: Callable[..., object], *, str_key: str) -> None:
        """Set a hook, for instance a completer of a command's arguments."""

    def showtraceback(self, exc_tuple: ExcInfo | None = None, *, exception_only: bool = False) -> None:
        """Show an exception as the error of the cell."""
