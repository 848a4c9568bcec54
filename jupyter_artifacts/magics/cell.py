"""A tracked cell's run: what happens at the end of the body, however it ended."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ArtifactsError, NotFoundError
from jupyter_artifacts.magics.cards import CELL_CARDS, show_card
from jupyter_artifacts.magics.content import collect
from jupyter_artifacts.magics.plan import Unlogged
from jupyter_artifacts.magics.usage import NotLoggedError, UsageError, one_line
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.endings import describe
from jupyter_artifacts.tracking.messages import last_logged
from jupyter_artifacts.tracking.session import is_cell_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.frames import Failure
    from jupyter_artifacts.magics.plan import Plan
    from jupyter_artifacts.store.records import RunState, VersionRecord
    from jupyter_artifacts.tracking.messages import LoggedEvent

_EXPECTED = (ArtifactsError, UsageError, OSError, MemoryError)


class TrackedCell:
    """A cell under ``%%track``: a run around the body.

    Parameters
    ----------
    desk : Desk
    plan : Plan
        Checked; the run begins now.
    """

    def __init__(self, desk: Desk, plan: Plan) -> None:
        self._desk = desk
        self.plan = plan
        self.run = plan.begin()

    def succeeded(self) -> None:
        """End the run well and say what it used and made."""
        self.run.end("finished", "", 0)
        self._desk.bind(self.plan.parsed, self.run)
        if not self.plan.parsed.has("quiet"):
            print(self._strip())

    def failed(self, failure: Failure) -> None:
        """End the run as failed or interrupted; nothing is committed."""
        state: RunState = "interrupted" if failure.interrupted else "failed"
        self.run.end_quietly(state, describe(failure.error, failure.trace), 130 if failure.interrupted else 1)

    def failure_line(self, failure: Failure) -> str:
        """Return the line above the user's traceback."""
        which = "run-interrupted" if failure.interrupted else "run-failed"
        return self._desk.line(which, name=self.run.name, why=str(failure))

    def _strip(self) -> str:
        edges = self.run.store.catalog.edges
        used, made = (_labels(side(self.run.id)) for side in (edges.inputs, edges.outputs))
        facts = [self.plan.job_type, f"{time.time() - self.run.start_time:.1f} s"]
        return f"run {self.run.name} ({', '.join(filter(None, facts))}): {used} → {made}"


class LoggingCell(TrackedCell):
    """A cell under ``%%log_artifact``: its run makes one version at the end.

    Parameters
    ----------
    desk : Desk
    plan : Plan
    draft : Artifact, optional
        What an earlier try has put together.
    """

    def __init__(self, desk: Desk, plan: Plan, draft: Artifact | None = None) -> None:
        super().__init__(desk, plan)
        self._draft = draft

    @property
    def draft(self) -> Artifact:
        """What the cell will log: the body may put files into it too."""
        if self._draft is None:
            self._draft = Artifact(self.plan.name, self.plan.kind)
        return self._draft

    def succeeded(self) -> None:
        """Compute the line's values, log, show the card.

        Raises
        ------
        NotLoggedError
            The run is then ``failed-to-log``; the cell waits for ``%log_artifact --retry``.
        """
        if not is_cell_run(self.run):  # the body finished it, as code written for W&B does
            self.run = self.plan.begin()
        try:
            event = self._log()
        except BaseException as error:
            self._give_up(error)
            if not isinstance(error, _EXPECTED):
                raise
            why = one_line(error) if isinstance(error, (ArtifactsError, UsageError)) else describe(error, None)
            raise NotLoggedError(self._desk.line("retry", name=self.plan.name, why=why)) from error
        self._desk.unlogged = None
        self.run.end("finished", "", 0)
        if event is not None and not self.plan.parsed.has("quiet"):
            show_card(event)

    def failure_line(self, failure: Failure) -> str:
        """Return the line above the user's traceback: not logged, and where ``latest`` still is."""
        latest = self._latest()
        if latest is None:
            return self._desk.line("not-logged-first", name=self.plan.name, why=str(failure))
        return self._desk.line("not-logged", name=self.plan.name, why=str(failure), latest=f"v{latest.number}")

    def _log(self) -> LoggedEvent | None:
        """Log the draft; None where the line asked for nothing to be logged."""
        parsed, draft = self.plan.parsed, self.draft
        with undone_on_error(draft):
            aliases = collect(parsed, draft, self._desk.namespace)
            if parsed.has("dry-run"):
                what = ", ".join(draft.manifest.entries) or "-"
                print(self._desk.line("dry-run", name=self.plan.name, kind=self.plan.kind, what=what))
                return None
            if parsed.has("if-changed") and self._is_as_latest():
                return None
            with CELL_CARDS.held_back():
                self.run.log_artifact(draft, aliases=aliases)
        self._desk.bind(parsed, draft)
        return last_logged()

    def _give_up(self, error: BaseException) -> None:
        self._desk.unlogged = Unlogged(self.plan, self.draft, self._inputs())
        interrupted = isinstance(error, KeyboardInterrupt)
        self.run.end_quietly("interrupted" if interrupted else "failed-to-log", describe(error, None), 1)

    def _inputs(self) -> tuple[Artifact, ...]:
        store = self.run.store
        try:
            return tuple(Artifact.of(store, used) for used in store.catalog.edges.inputs(self.run.id))
        except (ArtifactsError, OSError):  # the store may be what is in trouble
            return self.plan.uses

    def _latest(self) -> VersionRecord | None:
        try:
            return self.run.store.catalog.versions.resolve(self.plan.project, self.plan.name, "latest")
        except NotFoundError:
            return None

    def _is_as_latest(self) -> bool:
        latest = self._latest()
        if latest is None or Artifact.of(self.run.store, latest).digest != self.draft.digest:
            return False
        print(self._desk.line("unchanged", name=self.plan.name, latest=f"v{latest.number}"))
        return True


@contextmanager
def undone_on_error(draft: Artifact) -> Iterator[None]:
    """Leave a draft after an error as it was before the block, so that the block can be tried again."""
    paths, description, metadata = set(draft.manifest.entries), draft.description, draft.metadata
    try:
        yield
    except BaseException:
        for path in set(draft.manifest.entries) - paths:
            draft.remove(path)
        draft.description, draft.metadata = description, metadata
        raise


def _labels(versions: Sequence[VersionRecord]) -> str:
    return ", ".join(version.label for version in versions) or "-"
