"""The garbage collector's protocol, small enough to try every order in which its steps can happen.

Two blobs, X and Y, lie in one pack and belong to version 0, which may be deleted at any
moment. Writers log them again (sessions: claim, ask the catalog, write what is unknown,
publish, leave; or die on the way), a reader reads, and one process of upkeep after another
collects or repacks, each cut short wherever it likes. Every step is what one transaction,
or one system call, does at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

X, Y, BOTH = 1, 2, 3
PACK, NEW_PACK = 1, 2
"""Files are bits: the first pack, the pack that repacking writes, then two for each writer."""


@dataclass(frozen=True)
class Rules:
    """The rules of the protocol; each can be dropped."""

    unique_places: bool = True
    recheck: bool = True
    uncondemn: bool = True
    remark: bool = True
    claims: bool = True


class Writer(NamedTuple):
    """A session: what it logs and where it stands; `moved` when something was condemned or deleted meanwhile."""

    logs: int
    at: str = "new"
    hits: int = 0
    moved: bool = False


class Upkeep(NamedTuple):
    """The process that collects or repacks: its programme, its step, and what it remembers."""

    programme: str
    at: str = ""
    blobs: int = 0
    seen: int = 0
    files: int = 0


class State(NamedTuple):
    """Everything there is. Rows and trash are by blob: the file that the row names, files that wait in the trash."""

    files: int
    rows: tuple[int, int]
    trash: tuple[int, int]
    condemned: int
    old_lives: bool
    writers: tuple[Writer, ...]
    upkeep: Upkeep
    reader: tuple[str, int]
    bad: str = ""


@dataclass
class Found:
    """How many states there are, and the first of each bad kind."""

    states: int
    lost: int
    stranded: int


class Model:
    """All states that a set of rules allows."""

    def __init__(self, rules: Rules, logs: tuple[int, ...], programme: str, *, reader: bool = True) -> None:
        self.rules = rules
        first = (PACK, PACK) if rules.unique_places else (4, 8)
        self.start = State(
            first[0] | first[1],
            first,
            (0, 0),
            0,
            True,
            tuple(Writer(blobs) for blobs in logs),
            Upkeep(programme),
            ("new" if reader else "done", 0),
        )

    def explore(self, *, stop_at: str = "") -> Found:
        """Walk through all states; with `stop_at` only until one of that kind is met."""
        found = Found(0, 0, 0)
        known = {self.start}
        waiting = [self.start]
        while waiting:
            state = waiting.pop()
            kind = state.bad or self.loss(state)
            if kind:
                found.lost += kind == "lost"
                found.stranded += kind == "stranded"
                if kind == stop_at:
                    break
                if kind == "lost":
                    continue
            for following in self.following(state):
                if following not in known:
                    known.add(following)
                    waiting.append(following)
        found.states = len(known)
        return found

    def loss(self, state: State) -> str:
        """Tell whether a live version names a blob without a row, or a row without a file."""
        wanted = live(state)
        for blob, row in ((X, state.rows[0]), (Y, state.rows[1])):
            if wanted & blob and not (row and state.files & row):
                return "lost"
        return ""

    def following(self, state: State) -> Iterator[State]:
        """Yield what any one step of anybody leads to."""
        state = state._replace(bad="")
        if state.old_lives:
            yield state._replace(old_lives=False)
        for number, writer in enumerate(state.writers):
            yield from self.write(state, number, writer)
        yield from self.upkeep(state)
        yield from read(state)

    # ------------------------------------------------------------ a writer

    def place(self, number: int, blob: int) -> int:
        """Return the file that a writer writes a blob to."""
        return (4 << (2 * number) if self.rules.unique_places else 4) << (blob - 1)

    def write(self, state: State, number: int, writer: Writer) -> Iterator[State]:
        """Yield a writer's next step, and its death."""

        def then(other: Writer, **more: object) -> State:
            writers = (*state.writers[:number], other, *state.writers[number + 1 :])
            return state._replace(writers=writers, **more)  # type: ignore[arg-type]  # fields of State

        if writer.at == "new":
            yield then(writer._replace(at="ask"))
        elif writer.at == "ask":
            hits = sum(blob for blob in (X, Y) if writer.logs & blob and state.rows[blob - 1])
            yield then(writer._replace(at="publish" if hits == writer.logs else "write", hits=hits))
        elif writer.at == "write":
            mine = sum(self.place(number, blob) for blob in (X, Y) if writer.logs & ~writer.hits & blob)
            yield then(writer._replace(at="publish"), files=state.files | mine)
        elif writer.at == "publish":
            yield from self.publish(state, number, writer, then)
        elif writer.at == "leave":
            yield then(writer._replace(at="left"))
        if writer.at in {"ask", "write", "publish"}:
            yield then(Writer(writer.logs, "dead"))

    def publish(self, state: State, number: int, writer: Writer, then: object) -> Iterator[State]:
        """Yield the publishing transaction: what is reused is looked at again, and nothing of it stays condemned."""
        assert callable(then)
        rows, trash, gone = list(state.rows), list(state.trash), 0
        for blob in (X, Y):
            if writer.logs & ~writer.hits & blob:
                rows[blob - 1] = self.place(number, blob)
            elif writer.hits & blob and not rows[blob - 1] and self.rules.recheck and writer.moved:
                waiting = trash[blob - 1]
                if waiting:
                    rows[blob - 1] = waiting & -waiting
                    trash[blob - 1] = waiting & (waiting - 1)
                else:
                    gone |= blob
        if gone:  # rolled back; those are put again
            yield then(writer._replace(at="write", hits=writer.hits & ~gone), bad="stranded")
            return
        condemned = state.condemned & ~writer.logs if self.rules.uncondemn else state.condemned
        yield then(writer._replace(at="leave"), rows=tuple(rows), trash=tuple(trash), condemned=condemned)

    # ------------------------------------------------------------ upkeep

    def upkeep(self, state: State) -> Iterator[State]:
        """Yield the next step of collecting or repacking, and its being cut short."""
        now = state.upkeep
        if not now.at:
            if now.programme:
                first = "mark" if now.programme[0] == "c" else "copy"
                yield state._replace(upkeep=Upkeep(now.programme[1:], first))
            return
        yield getattr(self, now.at)(state, now)
        if now.at not in {"mark", "copy"}:
            yield state._replace(upkeep=Upkeep(now.programme))

    def mark(self, state: State, now: Upkeep) -> State:
        """Read which blobs the live versions name, without holding anything."""
        seen = sum(1 << n for n, writer in enumerate(state.writers) if writer.at in {"leave", "left"})
        return state._replace(upkeep=now._replace(at="condemn", blobs=live(state), seen=seen))

    def condemn(self, state: State, now: Upkeep) -> State:
        """Condemn the rest in one transaction that marks what was published since, too."""
        kept = now.blobs
        if self.rules.remark:
            for n, writer in enumerate(state.writers):
                if writer.at in {"leave", "left"} and not now.seen >> n & 1:
                    kept |= writer.logs
        new = sum(blob for blob in (X, Y) if state.rows[blob - 1] and not kept & blob) & ~state.condemned
        state = moved(state) if new else state
        return state._replace(condemned=state.condemned | new, upkeep=Upkeep(now.programme, "delete"))

    def delete(self, state: State, now: Upkeep) -> State:
        """Take the rows that are condemned still; their places wait in the trash."""
        rows, trash = list(state.rows), list(state.trash)
        for blob in (X, Y):
            if state.condemned & blob and rows[blob - 1]:
                trash[blob - 1] |= rows[blob - 1]
                rows[blob - 1] = 0
                state = moved(state)
        return state._replace(
            rows=(rows[0], rows[1]),
            trash=(trash[0], trash[1]),
            condemned=0,
            upkeep=Upkeep(now.programme, "claimed"),
        )

    def claimed(self, state: State, now: Upkeep) -> State:
        """Read what living sessions claim."""
        claims = 0
        for writer in state.writers if self.rules.claims else ():
            if writer.at in {"ask", "write", "publish", "leave"}:
                claims |= writer.logs
        return state._replace(upkeep=Upkeep(now.programme, "purge", claims))

    def purge(self, state: State, now: Upkeep) -> State:
        """Take out of the trash, in one transaction, what nobody claims."""
        trash = [0 if not now.blobs & blob else state.trash[blob - 1] for blob in (X, Y)]
        return state._replace(trash=(trash[0], trash[1]), upkeep=Upkeep(now.programme, "list"))

    def list(self, state: State, now: Upkeep) -> State:
        """List the files."""
        return state._replace(upkeep=Upkeep(now.programme, "spare", files=state.files))

    def spare(self, state: State, now: Upkeep) -> State:
        """Leave out the files of living sessions: their names say whose they are."""
        files = now.files
        for n, writer in enumerate(state.writers) if self.rules.unique_places else ():
            if writer.at in {"ask", "write", "publish", "leave"}:
                files &= ~(self.place(n, X) | self.place(n, Y))
        return state._replace(upkeep=Upkeep(now.programme, "compare", files=files))

    def compare(self, state: State, now: Upkeep) -> State:
        """Leave out the files that the catalog, read after that, names."""
        named = state.rows[0] | state.rows[1] | state.trash[0] | state.trash[1]
        return state._replace(upkeep=Upkeep(now.programme, "unlink", files=now.files & ~named))

    def unlink(self, state: State, now: Upkeep) -> State:
        """Remove what is left over."""
        return state._replace(files=state.files & ~now.files, upkeep=Upkeep(now.programme))

    def copy(self, state: State, now: Upkeep) -> State:
        """Copy what lives in a pack that is half dead to a new pack."""
        rows = [row == PACK for row in state.rows]
        if sum(rows) != 1 or not state.files & PACK or state.files & NEW_PACK:
            return state._replace(upkeep=Upkeep(now.programme))
        blob = X if rows[0] else Y
        return state._replace(files=state.files | NEW_PACK, upkeep=Upkeep(now.programme, "repoint", blob))

    def repoint(self, state: State, now: Upkeep) -> State:
        """Point the row at the copy, if it still names the old pack."""
        rows = [NEW_PACK if now.blobs & b and state.rows[b - 1] == PACK else state.rows[b - 1] for b in (X, Y)]
        return state._replace(rows=(rows[0], rows[1]), upkeep=Upkeep(now.programme))


def live(state: State) -> int:
    """Return the blobs that live versions name."""
    wanted = BOTH if state.old_lives else 0
    for writer in state.writers:
        if writer.at in {"leave", "left"}:
            wanted |= writer.logs
    return wanted


def moved(state: State) -> State:
    """Let the sessions that are at work notice, when they publish, that the counter moved."""
    at_work = {"ask", "write", "publish"}
    writers = (writer._replace(moved=True) if writer.at in at_work else writer for writer in state.writers)
    return state._replace(writers=tuple(writers))


def read(state: State) -> Iterator[State]:
    """Yield a reader's next step: it looks X up for a live version, opens the file, looks again where it is gone."""
    at, row = state.reader
    wanted = live(state) & X
    if at == "new" and wanted:
        yield state._replace(reader=("open", state.rows[0]))
    elif at == "open":
        if state.files & row or not wanted:
            yield state._replace(reader=("done", 0))
        elif state.rows[0] == row:
            yield state._replace(reader=("done", 0), bad="lost")
        else:
            yield state._replace(reader=("open", state.rows[0]))
