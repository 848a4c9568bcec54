"""What every panel is: a widget with eight traits, a table of methods, and a twin."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, ClassVar, cast

import anywidget
import ipywidgets
import traitlets

from jupyter_artifacts.errors import ArtifactsError, InvalidValueError, NotFoundError
from jupyter_artifacts.panels import bundles, carriers, display, marimo_host, place, theme
from jupyter_artifacts.panels.protocol import PROTOCOL_VERSION, VIEWS, CodeChunk
from jupyter_artifacts.panels.rpc import Dispatcher, Reply, log
from jupyter_artifacts.panels.wire import check, json_safe
from jupyter_artifacts.words import chosen, on_change

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.panels.protocol import Answer, Changed, PanelKind
    from jupyter_artifacts.panels.twin import Twin

_FROM_PAGE = frozenset({"view", "layout", "tabbable", "tooltip", "_view_count", "_dom_classes"})
_open: dict[str, weakref.ref[Panel]] = {}


class Panel(anywidget.AnyWidget):
    """A live panel and its static twin.

    Parameters
    ----------
    shown : str
        Names what is shown; with the cell it makes the panel's id.
    snapshot : dict
        What the page draws before it has asked anything, of the kind's snapshot type.
    view : dict
        The state that page and Python share, of the kind's view type.

    Attributes
    ----------
    panel_id : str
        16 hexadecimal digits, by which the live panel finds its twin.
    """

    _kind: ClassVar[PanelKind]
    _esm: ClassVar[str] = ""

    protocol = traitlets.Int(PROTOCOL_VERSION, read_only=True).tag(sync=True)
    kind = traitlets.Unicode(read_only=True).tag(sync=True)
    panel_id = traitlets.Unicode(read_only=True).tag(sync=True)
    snapshot = traitlets.Dict(read_only=True).tag(sync=True)
    view = traitlets.Dict().tag(sync=True, echo_update=False)
    lang = traitlets.Unicode(read_only=True).tag(sync=True)
    theme = traitlets.Unicode(read_only=True).tag(sync=True)
    code: traitlets.List[list[str]] = traitlets.List(read_only=True).tag(sync=True)

    def __init__(self, shown: str, snapshot: Mapping[str, object], view: Mapping[str, object]) -> None:
        where = place.here()
        panel_id = place.IDS.next(self._kind, shown, where)
        self._is_live = display.mode() == "live"
        if self._is_live:
            self.set_trait("code", self._load_code())
        self._close_predecessor(panel_id)
        self.set_trait("kind", self._kind)
        self.set_trait("panel_id", panel_id)
        self.set_trait("snapshot", json_safe(cast("JsonObject", snapshot)))
        self.speak()
        self.dress()
        self._told = self.revision()
        self.view = dict(view)
        # The front end's id of the live panel: stable too, where the cell is known.
        model_id = {"model_id": panel_id} if where.cell else {}
        super().__init__(**model_id)
        self._dispatcher = Dispatcher({"code.get": self._get_code, **self.methods()}, self._answer)
        self.on_msg(self._receive)
        _open[panel_id] = weakref.ref(self)
        on_change(_speak_all)
        theme.on_change(_dress_all)

    @classmethod
    def _load_code(cls) -> list[list[str]]:
        """Have the code carried, where widgets are found by their ids; else the page asks for it by its hash."""
        cls._esm = bundles.stub()
        carried = display.signs().kernel
        if carried:
            carriers.carry(cls._kind)
        return [
            [chunk.hash, carriers.carrier_id(chunk) if carried else "", *(["later"] if chunk.later else [])]
            for chunk in bundles.chunks(cls._kind)
        ]

    def _carry_later(self) -> None:
        """Send what the first drawing did not need, after it; a page that got none asks for it."""
        if self._is_live and display.signs().kernel:
            carriers.carry(self._kind, later=True)

    def _get_code(self, params: dict[str, object]) -> Reply:
        for chunk in bundles.chunks(self._kind):
            if chunk.hash == params["hash"]:
                words: JsonObject = {**carriers.words_for(chunk.name)}
                return Reply(CodeChunk(js=chunk.js, css=chunk.css, words=words))
        raise NotFoundError("this kernel has other code by now: run the cell again")

    def speak(self) -> None:
        """Tell the page which language was chosen."""
        self.set_trait("lang", chosen())

    def dress(self) -> None:
        """Tell the page which theme was chosen."""
        self.set_trait("theme", theme.chosen())

    def methods(self) -> Mapping[str, Callable[[dict[str, object]], Reply]]:
        """Return the requests that this panel answers."""
        return {}

    def twin(self) -> Twin:
        """Return the panel as it stays in the notebook, in its present view."""
        raise NotImplementedError

    def _payload(self, snapshot: Mapping[str, object]) -> dict[str, object]:
        """Return what the panel can be drawn from again, with the same keys for every kind."""
        made = {"kind": self._kind, "protocol": PROTOCOL_VERSION, "panel_id": self.panel_id}
        return {**made, "snapshot": json_safe(cast("JsonObject", snapshot)), "view": self.view}

    @traitlets.default("layout")
    def _first_layout(self) -> ipywidgets.Layout:
        """Make the layout, a widget of its own with 1.6 kB on the wire, when somebody asks for it."""
        layout = ipywidgets.Layout()
        if self.comm is not None:
            self._send({"method": "update", "state": {"layout": f"IPY_MODEL_{layout.model_id}"}, "buffer_paths": []})
        return layout

    def get_state(self, key: object = None, drop_defaults: bool = False) -> dict[str, object]:
        """Return what the page gets: the layout only where there is one."""
        if key is None and "layout" not in self._trait_values:
            key = [name for name in self.keys if name != "layout"]
        state: dict[str, object] = super().get_state(key, drop_defaults)
        return state

    def open(self) -> None:
        """Open the channel to the page, where there is one to talk to."""
        if self._is_live:
            super().open()

    def revision(self) -> int | None:
        """Return the revision of what the panel shows; None where that cannot change."""
        return None

    def tell_changed(self) -> None:
        """Tell the page that the catalog has a newer revision, once for each."""
        revision = self.revision()
        if self.comm is not None and revision is not None and revision != self._told:
            self._told = revision
            changed: Changed = {"v": PROTOCOL_VERSION, "kind": "changed", "revision": revision}
            self.send(changed)

    def set_state(self, sync_data: dict[str, object]) -> None:
        """Take state from the page: the view, when it is one; nothing that the kernel owns."""
        taken = {key: value for key, value in sync_data.items() if key in _FROM_PAGE}
        if refused := sync_data.keys() - taken.keys():
            log.warning("a page tried to set %s of a %s panel", sorted(refused), self._kind)
        try:
            if "view" in taken:
                check(taken["view"], VIEWS[self._kind], "view")
        except InvalidValueError as error:
            log.warning("a page sent a %s panel a view that is refused: %s", self._kind, error)
            del taken["view"]
            self.send_state("view")
        if taken:
            super().set_state(taken)

    @traitlets.validate("view")
    def _check_view(self, proposal: traitlets.Bunch) -> dict[str, object]:
        try:
            check(proposal["value"], VIEWS[self._kind], "view")
        except InvalidValueError as error:
            raise traitlets.TraitError(str(error)) from error
        view: dict[str, object] = proposal["value"]
        return view

    def _set_view(self, **changes: object) -> None:
        """Change keys of the view; an InvalidValueError says what a key cannot be."""
        view = {**self.view, **changes}
        self.view = check(view, VIEWS[self._kind], f"{self._kind} panel")

    def _answer(self, answer: Answer, buffers: list[bytes]) -> None:
        self.send(answer, buffers=buffers)

    def _receive(self, _widget: object, content: object, _buffers: object) -> None:
        self._dispatcher.receive(content)

    @staticmethod
    def _close_predecessor(panel_id: str) -> None:
        """Close the panel that an earlier run of the same cell left, whose place this one takes."""
        before = _open.pop(panel_id, lambda: None)()
        if before is not None:
            before.close()

    def _live_bundle(self) -> tuple[dict[str, object], dict[str, object]] | None:
        if self.comm is None:
            return None
        made = super()._repr_mimebundle_()
        data, metadata = made if isinstance(made, tuple) else (made, {})
        return dict(data or {}), dict(metadata)

    def show(self) -> None:
        """Show the panel under the running cell: live with its twin, the twin alone, or text."""
        if self._is_live and marimo_host.running():
            marimo_host.append(self)
        else:
            display.show(self.twin(), self._live_bundle())
            self._carry_later()

    def _ipython_display_(self, **_kwargs: object) -> None:
        self.show()

    def _repr_mimebundle_(self, **_kwargs: object) -> tuple[dict[str, object], dict[str, object]]:
        """Return one bundle, for hosts that do not ask for two outputs."""
        live = self._live_bundle()
        self._carry_later()
        return live if live is not None else (display.bundle(self.twin(), live_before=False), {})

    def __repr__(self) -> str:
        try:
            return self.twin().text
        except ArtifactsError as error:
            return f"<{self._kind} panel: {error}>"


def open_panels() -> list[Panel]:
    """Return the panels that are open in this kernel."""
    found = [(panel_id, ref()) for panel_id, ref in _open.items()]
    for panel_id, panel in found:
        if panel is None or panel.comm is None:
            _open.pop(panel_id, None)
    return [panel for _, panel in found if panel is not None and panel.comm is not None]


def _speak_all() -> None:
    carriers.speak()
    for panel in open_panels():
        panel.speak()


def _dress_all() -> None:
    for panel in open_panels():
        panel.dress()
