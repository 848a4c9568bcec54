"""The results of several systems as one table, in the rows of the bad-input catalogue's last section."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.chaos.findings import HARM
from tests.chaos.syscalls import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Result = dict[str, Any]


def _counts(*columns: str) -> Callable[[Result], str]:
    return lambda found: " / ".join(str(found.get(column, "-")) for column in columns)


def _silent(found: Result) -> str:
    wrong = [how for how, said in found.items() if said.get("use") in ("SILENT WRONG BYTES", "ok?!")]
    return f"{len(wrong)} of {len(found)}"


def _unseen(found: Result) -> str:
    unseen = [how for how, said in found.items() if said.get("verify") in ("SILENT", "n/a")]
    return f"{len(unseen)} of {len(found)}"


def _unhealed(found: Result) -> str:
    bad = [how for how, said in found.items() if set(dict(said.get("after_relog") or {"": ""}).values()) != {"ok"}]
    return f"{len(bad)} of {len(found)}"


def _catalog(found: Result) -> str:
    bad = {what: count for what, count in found.get("tally", {}).items() if "WRONG" in what or "SILENT" in what}
    return str(bad) if bad else "0"


def _writers(kind: str) -> Callable[[Result], str]:
    columns = ("acked", "asked", "errors", "wrong_content", "acked_not_listed")

    def told(found: Result) -> str:
        said = found.get(kind, {})
        acked, asked, *rest = (said.get(column, "-") for column in columns)
        return f"{acked} of {asked}, {' / '.join(map(str, rest))}"

    return told


def _inputs(word: str) -> Callable[[Result], str]:
    return lambda found: str(sum(str(said).startswith(word) for said in found.values()))


def _clock(found: Result) -> str:
    return ", ".join(name for name, said in found.items() if said != "ok") or "ok"


ROWS: Sequence[tuple[str, str, Callable[[Result], str]]] = (
    ("kills", "kill9", _counts("kills", "in_flight")),
    ("kill -9: acked lost / torn / unlistable", "kill9", _counts("lost_acked", "torn_visible", "unlistable")),
    ("kill -9: next log stuck / same content wrong", "kill9", _counts("stuck", "rerun_wrong")),
    ("kill -9: own check complains / bytes left over", "kill9", _counts("verify_dirty", "leftover_bytes")),
    ("power cut: rounds, acked", "powercut", _counts("rounds", "acked")),
    ("power cut: lost / torn / stuck", "powercut", _counts("lost_acked", "torn_visible", "stuck")),
    ("flushed before the ack / blobs", "fsync_order", _counts("flushed", "blobs")),
    ("failing calls: fired / error shown", "sysfail", _counts("fired", "error_shown")),
    ("failing calls: lost / torn / stuck", "sysfail", _counts("lost_acked", "torn_visible", "stuck")),
    ("every failing call: runs / fired", "sweep", _counts("runs", "fired")),
    ("every failing call: lost / torn / stuck / hung", "sweep", _counts("lost_acked", "torn_visible", "stuck", "hung")),
    ("killed at every changing call: runs / killed", "killat", _counts("runs", "killed")),
    ("killed at every changing call: lost / torn / stuck", "killat", _counts("lost_acked", "torn_visible", "stuck")),
    ("few descriptors, short files, little memory: runs", "limits", _counts("runs", "error_shown", "acked_anyway")),
    ("— lost / torn / stuck / hung", "limits", _counts("lost_acked", "torn_visible", "stuck", "hung")),
    ("disk pulled out in a log: rounds, acked", "diskgone", _counts("rounds", "acked")),
    ("disk pulled out in a log: lost / torn / stuck", "diskgone", _counts("lost_acked", "torn_visible", "stuck")),
    ("parts moved away in a log: cases / lost / not rescued", "vanish", _counts("cases", "lost_acked", "not_rescued")),
    ("any file damaged, ten ways: cases / wrong bytes", "anyfile", _counts("cases", "wrong_content")),
    ("any file damaged: silent loss / not rescued", "anyfile", _counts("lost_acked", "unreported", "not_rescued")),
    ("out of inodes: lost / torn", "inodesfull", _counts("lost_acked", "torn_visible")),
    ("stopped and woken: errors / lost", "frozen", _counts("errors", "lost_acked")),
    ("rot: used in silence", "bitflip", _silent),
    ("rot: own check blind", "bitflip", _unseen),
    ("rot: not healed by logging again", "bitflip", _unhealed),
    ("catalog damaged: silent", "catalog", _catalog),
    ("many at once: errors / wrong / not listed", "concurrent", _writers("small")),
    ("identical content at once", "concurrent", _writers("same")),
    ("disk full: lost / torn", "diskfull", _counts("lost_acked", "torn_visible")),
    ("disk full: goes on when there is room", "diskfull", _counts("recovers_after_space_freed")),
    ("read-only: list / use", "readonly", _counts("open_list", "use")),
    ("clock -1 day, +10 years, 1906", "clock", _clock),
    ("Ctrl-C: sent / heard / torn", "sigint", _counts("sent", "keyboardinterrupt", "torn_visible")),
    ("file rewritten meanwhile: mixtures / stored", "mutate", _counts("torn_copies_stored", "acked")),
    ("collecting beside logging: lost", "collecting", _counts("lost_acked")),
    ("bad input: escaped", "badinput", _inputs("ESCAPED")),
    ("bad input: hung or died", "badinput", lambda found: f"{_inputs('HANG')(found)} / {_inputs('process')(found)}"),
    (
        "bad input: merged / changed",
        "badinput",
        lambda found: f"{_inputs('MERGED')(found)} / {_inputs('changed')(found)}",
    ),
)


def harm(results: Mapping[str, Any]) -> dict[str, int]:
    """Return the columns that must be zero and are not, by scenario and column."""
    found: dict[str, int] = {}
    for name, said in results.items():
        parts = said.items() if name == "concurrent" and isinstance(said, dict) else [("", said)]
        for part, columns in parts:
            if not isinstance(columns, dict):
                continue
            found |= {
                f"{name} {part} {column}".replace("  ", " "): columns[column]
                for column in HARM
                if isinstance(columns.get(column), int) and columns[column]
            }
            if "harness_error" in columns or "error" in columns:
                found[f"{name}: {columns.get('harness_error') or columns['error']}"] = 1
    return found


def table(systems: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a Markdown table, a column for each system."""
    lines = [f"| | {' | '.join(systems)} |", f"|---|{'---|' * len(systems)}"]
    for text, scenario, tell in ROWS:
        cells = []
        for results in systems.values():
            found = results.get(scenario)
            cells.append(tell(found) if isinstance(found, dict) and "harness_error" not in found else _why_not(found))
        if set(cells) != {"-"}:
            lines.append(f"| {text} | {' | '.join(cell[:80] for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _why_not(found: Any) -> str:
    if found is None:
        return "-"
    return str(found.get("harness_error") if isinstance(found, dict) else found)


def calls(found: Result) -> str:
    """Return which system calls of the write path were made to fail, with which errors, and what came of it."""
    heads = ("fired", "the log raised", "logged all the same, whole", "after the acknowledgement", "harm")
    lines = [f"| system call | in a log | error | {' | '.join(heads)} |", "|---|--:|---|" + "--:|" * len(heads)]
    total = dict.fromkeys(OUTCOMES, 0)
    for name, said in sorted(found.get("calls", {}).items()):
        for error, counts in said.items():
            if isinstance(counts, dict):
                cells = [str(counts[column]) for column in OUTCOMES[1:]]
                lines.append(f"| {name} | {said.get('in_a_log', '')} | {error} | {' | '.join(cells)} |")
                total = {column: total[column] + counts[column] for column in OUTCOMES}
    lines.append(f"| **all** | | | {' | '.join(str(total[column]) for column in OUTCOMES[1:])} |")
    return "\n".join(lines) + "\n"
