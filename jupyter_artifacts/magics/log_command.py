"""``log_artifact``: what the cell and line magics of this name do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.magics.cards import CELL_CARDS, show_card
from jupyter_artifacts.magics.cell import LoggingCell
from jupyter_artifacts.magics.content import add_files, add_variable, collect
from jupyter_artifacts.magics.expressions import fill
from jupyter_artifacts.magics.origin import cell_origin
from jupyter_artifacts.magics.plan import plan_log
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.store.interrupts import Shield
from jupyter_artifacts.store.records import CellOrigin
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.messages import last_logged
from jupyter_artifacts.tracking.session import active_run
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.magics.plan import Plan
    from jupyter_artifacts.tracking.run import Run


def log_line(desk: Desk, parsed: Parsed) -> Artifact | None:
    """Log files and variables now, by the run that is active or one that lasts for this line."""
    if parsed.has("retry"):
        return retry(desk, parsed)
    if parsed.has("cell"):
        raise UsageError(say("%log_artifact --cell must be the first line of its cell"))
    if not parsed.has("name"):
        raise UsageError(say("%log_artifact: NAME is missing: the artifact's name"))
    if not any(parsed.has(part) for part in ("source", "vars", "files", "refs")):
        raise UsageError(say("%log_artifact: nothing to log; name files, or $variables, after NAME"))
    plan = plan_log(parsed, desk.namespace, origin_of_line(desk))
    run = active_run()
    if run is not None and run.project == plan.project:
        for used in plan.uses:
            run.record_use(used)
        return _log(desk, plan, run)
    with plan.begin() as own:
        return _log(desk, plan, own)


def retry(desk: Desk, parsed: Parsed) -> Artifact | None:
    """Log what the last tracked cell could not; options of this line replace that one's."""
    if desk.unlogged is None:
        raise UsageError(desk.line("nothing-to-retry"))
    before = desk.unlogged
    cell = LoggingCell(desk, before.again(parsed, desk.namespace), before)
    with Shield(patience=0) as shield:
        cell.begin()
        try:
            with shield.lifted():
                cell.succeeded()
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  raised again, as the cell would show it
            raise cell.unfinished(error)  # noqa: B904  it names its cause itself
    return cell.draft


def origin_of_line(desk: Desk) -> CellOrigin:
    """Return the origin of the cell that a line magic stands in."""
    result = desk.shell.displayhook.exec_result
    return CellOrigin() if result is None else cell_origin(desk.shell, result, source=desk.settings.record_source)


def _log(desk: Desk, plan: Plan, run: Run) -> Artifact | None:
    draft = Artifact(plan.name, plan.kind)
    aliases = collect(plan.parsed, draft, desk.namespace)
    for word in plan.parsed.words("source"):
        if word.source.startswith("$") and word.source[1:].isidentifier():
            add_variable(draft, word, desk.namespace)
        else:
            add_files(draft, fill(word.text, desk.namespace, "SRC"), "SRC")
    if plan.parsed.has("dry-run"):
        what = ", ".join(draft.manifest.entries) or "no files"
        print(desk.line("dry-run", name=plan.name, kind=plan.kind, what=what))
        return None
    with CELL_CARDS.held_back():
        run.log_artifact(draft, aliases=aliases)
    event = last_logged()
    if event is not None and not plan.parsed.has("quiet"):
        show_card(event)
    return draft
