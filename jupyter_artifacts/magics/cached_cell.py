"""Tracked cells with ``--cache``: one that runs and is kept, one that is had again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ArtifactsError
from jupyter_artifacts.magics import faithful
from jupyter_artifacts.magics.cached import KIND
from jupyter_artifacts.magics.cards import CELL_CARDS
from jupyter_artifacts.magics.cell import TrackedCell
from jupyter_artifacts.magics.content import variable_of
from jupyter_artifacts.magics.frames import Failure
from jupyter_artifacts.magics.recorder import Recorder, name_result
from jupyter_artifacts.magics.replay import RESULT, put, replay
from jupyter_artifacts.magics.usage import UsageError, one_line
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.session import is_cell_run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_artifacts.magics.choice import Choice
    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.plan import Plan
    from jupyter_artifacts.magics.shell import CellResult
    from jupyter_artifacts.model.jsonable import JsonObject


class KeptCell(TrackedCell):
    """A cell whose body runs: its variables, and what it shows, are kept at the end for the next time.

    Parameters
    ----------
    desk : Desk
    plan : Plan
        With its cache key.
    choice : Choice
    result : CellResult
        Where IPython puts the body's last value.
    """

    def __init__(self, desk: Desk, plan: Plan, choice: Choice, result: CellResult) -> None:
        super().__init__(desk, plan)
        self._choice = choice
        self._result = result
        self._recorder = Recorder(desk.shell)

    def begin(self) -> None:
        """Begin the run, say why the body runs, and listen to it."""
        super().begin()
        if not self.plan.parsed.has("quiet"):
            print(self._choice.why)
        self._recorder.start()

    def succeeded(self) -> None:
        """Keep them, then end the run well; what no handler takes is not kept, which is said."""
        self._recorder.stop()
        words, outputs, value = self.plan.parsed.words("vars"), self._recorder.outputs, self._result.result
        if (words or len(outputs) or value is not None) and is_cell_run(self.run):
            kept = Artifact(cache_name(self.plan), KIND)
            try:
                named: dict[str, object] = {}
                forms: dict[str, JsonObject] = {}
                for word in words:
                    item = variable_of(word.source)
                    named[item.key] = item.expression.value(self._desk.namespace)
                    forms[item.key] = faithful.keep(kept, named[item.key], item.key)
                if len(outputs) or value is not None:
                    put(kept, outputs, *_keep_result(kept, value, named, forms))
                faithful.put_forms(kept, forms)
                with CELL_CARDS.held_back():
                    self.run.log_artifact(kept)
            except (ArtifactsError, UsageError) as error:
                print(self._desk.line("cache-not-kept", why=one_line(error)))
        super().succeeded()

    def failed(self, failure: Failure) -> None:
        """Keep nothing: a body that failed runs again."""
        self._recorder.stop()
        super().failed(failure)

    def stopped(self, failure: Failure) -> None:
        """Keep nothing."""
        self._recorder.stop()
        super().stopped(failure)


class AgainCell(TrackedCell):
    """A cell whose body is left out: its run uses and makes what the run before did.

    Parameters
    ----------
    desk : Desk
    plan : Plan
    choice : Choice
        With the run, what it made, left and showed.
    """

    def __init__(self, desk: Desk, plan: Plan, choice: Choice) -> None:
        super().__init__(desk, plan)
        self._choice = choice

    def begin(self) -> None:
        """Begin the run, show what the body had shown, where it would have shown it, and name its last value."""
        super().begin()
        try:
            if not self.plan.parsed.has("quiet"):
                print(self._choice.why)
            if self._choice.shown is not None:
                replay(self._desk.shell, self._choice.shown)
            if self._choice.result is not None:
                name_result(self._desk.shell, self._choice.result)
        except BaseException as error:
            self.stopped(Failure(error))
            raise

    def succeeded(self) -> None:
        """Put the variables back, and log once more what the run had made."""
        before, choice = self._choice.run, self._choice
        if before is not None:
            for used in self.run.store.catalog.edges.inputs(before.id):
                self.run.record_use(used)
            with CELL_CARDS.held_back():
                for made in choice.outputs:
                    self.run.log_artifact(Artifact.of(self.run.store, made))
            self.run.notes = f"as run {before.name}; its body was not run"
        self._desk.namespace.update(choice.variables)
        self.run.end("finished", "", 0)
        self._desk.bind(self.plan.parsed, self.run)


def _keep_result(
    kept: Artifact, value: object, named: Mapping[str, object], forms: dict[str, JsonObject]
) -> tuple[str, str]:
    """Keep a body's last value; return where it is, and its type where no handler takes it."""
    if value is None:
        return "", ""
    name = next((name for name, other in named.items() if other is value), "")
    if name:
        return name, ""
    try:
        forms[RESULT] = faithful.keep(kept, value, RESULT)
    except ArtifactsError:
        return "", type(value).__name__
    return RESULT, ""


def cache_name(plan: Plan) -> str:
    """Return the name of the artifact that a cell is kept in."""
    return f"{plan.run_name or plan.job_type or 'cell'}-cache"
