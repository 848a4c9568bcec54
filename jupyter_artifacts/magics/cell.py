"""A tracked cell's run: what happens at the end of the body, however it ended."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ArtifactsError, NotFoundError
from jupyter_artifacts.magics.cards import CELL_CARDS, show_card
from jupyter_artifacts.magics.cell_files import CellFiles
from jupyter_artifacts.magics.content import collect
from jupyter_artifacts.magics.frames import Failure
from jupyter_artifacts.magics.kept_drafts import KEPT, keep_draft, local_paths
from jupyter_artifacts.magics.plan import Unlogged
from jupyter_artifacts.magics.run_strip import log_changed, strip
from jupyter_artifacts.magics.usage import NotLoggedError, UsageError, one_line
from jupyter_artifacts.panels import words
from jupyter_artifacts.store.interrupts import PATIENCE, Shield
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.artifact.draft import Draft
from jupyter_artifacts.tracking.endings import describe
from jupyter_artifacts.tracking.messages import last_logged
from jupyter_artifacts.tracking.session import is_cell_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.plan import Plan
    from jupyter_artifacts.store.records import RunState, VersionRecord
    from jupyter_artifacts.tracking.messages import LoggedEvent
    from jupyter_artifacts.tracking.run import Run

_NAMED = 3
_EXPECTED = (ArtifactsError, UsageError, OSError, MemoryError)


class TrackedCell:
    """A cell under ``%%track``: a run around the body.

    Parameters
    ----------
    desk : Desk
    plan : Plan
        Checked.
    files : CellFiles, optional
        What an earlier try has seen of the files.

    Attributes
    ----------
    run : Run
        There once the cell has begun.
    """

    run: Run

    def __init__(self, desk: Desk, plan: Plan, files: CellFiles | None = None) -> None:
        self._desk = desk
        self.plan = plan
        self.files = files or CellFiles.of_line(plan.parsed, desk.settings.autofiles)

    def begin(self) -> None:
        """Begin the run."""
        run = self.plan.begin()
        self.files.follow(run)
        self.run = run

    def succeeded(self) -> None:
        """End the run well and say what it used and made."""
        if self.files.takes and is_cell_run(self.run):
            log_changed(self.run, self.plan.job_type, self.files)
        self.run.end("finished", "", 0)
        self._desk.bind(self.plan.parsed, self.run)
        if not self.plan.parsed.has("quiet"):
            print(strip(self.run))

    def unfinished(self, error: BaseException) -> BaseException:
        """End the run as failed or interrupted."""
        self.stopped(Failure(error))
        return error

    def failed(self, failure: Failure) -> None:
        """End the run as failed or interrupted; nothing is committed."""
        self.run.end_quietly(*_ending(failure))

    def stopped(self, failure: Failure) -> None:
        """End the run with what it has."""
        self.run.end_at_once(*_ending(failure))

    def failure_line(self, failure: Failure) -> str:
        """Return the line above the user's traceback."""
        which = "run-interrupted" if failure.interrupted else "run-failed"
        return self._desk.line(which, name=self.run.name, why=str(failure))


class LoggingCell(TrackedCell):
    """A cell under ``%%log_artifact``: its run makes one version at the end.

    Parameters
    ----------
    desk : Desk
    plan : Plan
    before : Unlogged, optional
        What an earlier try has put together, and seen of the files.
    """

    def __init__(self, desk: Desk, plan: Plan, before: Unlogged | None = None) -> None:
        super().__init__(desk, plan, None if before is None else before.files)
        self._draft = None if before is None else before.draft

    @property
    def draft(self) -> Artifact:
        """What the cell will log: the body may put files into it too."""
        if self._draft is None:
            self._draft = Artifact(self.plan.name, self.plan.kind)
        return self._draft

    @property
    def is_logged(self) -> bool:
        """Whether the draft has become a version."""
        return self._draft is not None and not isinstance(self._draft.state_of, Draft)

    def succeeded(self) -> None:
        """Compute the line's values, log, show the card.

        What this raises goes to `unfinished`.
        """
        if not is_cell_run(self.run):  # the body finished it, as code written for W&B does
            with Shield(patience=0):
                self.begin()
        event, hint = self._log()
        with Shield(PATIENCE):
            self._desk.unlogged = None
            self.run.end("finished", "", 0)
        if event is not None and not self.plan.parsed.has("quiet"):
            show_card(event, hint)

    def unfinished(self, error: BaseException) -> BaseException:
        """End the run as ``failed-to-log`` or interrupted; the cell waits for ``%log_artifact --retry``.

        Returns
        -------
        BaseException
            A NotLoggedError where the trouble is the store's or the line's, else the error itself.
        """
        if not self.is_logged:
            self._desk.unlogged = Unlogged(self.plan, self.draft, self._inputs(), self.files)
        if isinstance(error, KeyboardInterrupt):
            self.stopped(Failure(error))
            return error
        self.run.end_quietly("failed-to-log", describe(error, None), 1)
        if self.is_logged or not isinstance(error, _EXPECTED):
            return error
        why = one_line(error) if isinstance(error, (ArtifactsError, UsageError)) else describe(error, None)
        refused = NotLoggedError(self._desk.line("retry", name=self.plan.name, why=why))
        refused.__cause__ = error
        return refused

    def failed(self, failure: Failure) -> None:
        """End the run as failed; nothing is committed, and with ``--on-error draft`` what there is is kept apart."""
        if self._desk.text(self.plan.parsed, "on-error") == "draft" and is_cell_run(self.run):
            kept = keep_draft(self.run, self.plan, self.draft, self._desk.namespace, self.files)
            if kept is not None:
                until = time.strftime("%Y-%m-%d", time.localtime(time.time() + KEPT.total_seconds()))
                count = words.count(kept.file_count, "file")
                print(self._desk.line("draft-kept", name=kept.name, files=count, until=until))
        super().failed(failure)

    def failure_line(self, failure: Failure) -> str:
        """Return the line above the user's traceback: not logged, and where ``latest`` still is."""
        if self.is_logged:
            return self._desk.line("logged-before", name=self.draft.name, why=str(failure))
        latest = self._latest()
        if latest is None:
            return self._desk.line("not-logged-first", name=self.plan.name, why=str(failure))
        return self._desk.line("not-logged", name=self.plan.name, why=str(failure), latest=f"v{latest.number}")

    def _log(self) -> tuple[LoggedEvent | None, str]:
        """Log the draft, or nothing where the line asked for that; return also what is to be said of other files."""
        parsed, draft = self.plan.parsed, self.draft
        with undone_on_error(draft):
            aliases = collect(parsed, draft, self._desk.namespace, self.files.has_changed)
            if self.files.takes:
                for path, local in self._untaken().items():
                    draft.add_file(local, path)
            if parsed.has("dry-run"):
                what = ", ".join(draft.manifest.entries) or "-"
                print(self._desk.line("dry-run", name=self.plan.name, kind=self.plan.kind, what=what))
                return None, ""
            if parsed.has("if-changed") and self._is_as_latest():
                return None, ""
            hint = self._hint()
            with CELL_CARDS.held_back():
                self.run.log_artifact(draft, aliases=aliases)
        self._desk.bind(parsed, draft)
        return last_logged(), hint

    def _untaken(self) -> dict[str, str]:
        """Return the files that the cell changed and that are not in the artifact, by their paths."""
        changed = self.files.changed()
        taken = local_paths(self.draft) if changed else set()
        return {path: local for path, local in changed.items() if local not in taken}

    def _hint(self) -> str:
        """Return the line that tells of changed files which nobody has asked for."""
        more = list(self._untaken()) if self.files.hints else []
        if not more:
            return ""
        named = ", ".join(more[:_NAMED]) + (", …" if len(more) > _NAMED else "")
        return self._desk.line("more-files", count=words.count(len(more), "more file"), files=named)

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


def _ending(failure: Failure) -> tuple[RunState, str, int]:
    state: RunState = "interrupted" if failure.interrupted else "failed"
    return state, describe(failure.error, failure.trace), 130 if failure.interrupted else 1


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
