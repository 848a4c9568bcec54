"""A run as it is read back from the store."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, overload

from jupyter_artifacts.errors import UnsupportedError, UsageError
from jupyter_artifacts.model.jsonable import dumps_strict, loads
from jupyter_artifacts.model.names import check_text
from jupyter_artifacts.model.optional import require
from jupyter_artifacts.model.paths import check_entry_path
from jupyter_artifacts.store.records import RunChanges, RunFile
from jupyter_artifacts.tracking.config import Config
from jupyter_artifacts.tracking.environment import default_entity
from jupyter_artifacts.tracking.liveness import apparent_state
from jupyter_artifacts.tracking.run_facts import check_run_tags
from jupyter_artifacts.tracking.run_files import LoggedFile, RunFiles
from jupyter_artifacts.tracking.summary import Summary
from jupyter_artifacts.tracking.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.store.records import RunRecord, VersionRecord
    from jupyter_artifacts.store.store import Store

A = TypeVar("A")


class PastRun(Generic[A]):
    """What the store knows of a run. `A` is the class of the artifacts it hands out.

    Attributes
    ----------
    record : RunRecord
        The run as the catalog had it when this object was made.
    """

    def __init__(self, store: Store, record: RunRecord, wrap: Callable[[Store, VersionRecord], A]) -> None:
        self._store = store
        self._wrap = wrap
        self._take(record)

    def _take(self, record: RunRecord) -> None:
        self.record = record
        self._config: JsonObject = Config(record.config).as_dict()
        self._summary = Summary(dict(record.summary), lambda: None)
        self._name, self._notes, self._tags = record.name, record.notes, list(record.tags)

    def __repr__(self) -> str:
        return f"<Run {'/'.join(self.path)} ({self.state})>"

    @property
    def id(self) -> str:
        """Unique in the store."""
        return self.record.id

    @property
    def name(self) -> str:
        """For instance ``"sunny-smoke-1"``; set it and :meth:`update`."""
        return self._name

    @name.setter
    def name(self, value: str) -> None:
        self._name = check_text(value, "run name")

    @property
    def display_name(self) -> str:
        """The same as `name`."""
        return self._name

    @display_name.setter
    def display_name(self, value: str) -> None:
        self.name = value

    @property
    def state(self) -> str:
        """``running``, ``finished``, ``failed``, ``crashed``, ``killed``, ``interrupted`` or ``failed-to-log``."""
        return apparent_state(self.record)

    @property
    def error(self) -> str:
        """What ended a run that did not finish well, in one line."""
        return self.record.error

    @property
    def project(self) -> str:
        """The project it belongs to."""
        return self.record.project

    @property
    def entity(self) -> str:
        """The user or team it was begun for."""
        return self.record.entity or default_entity()

    @property
    def user(self) -> Viewer:
        """Who began it, as far as a local store knows."""
        return Viewer(self.entity, self.entity)

    @property
    def path(self) -> list[str]:
        """Entity, project and id."""
        return [self.entity, self.project, self.id]

    @property
    def config(self) -> JsonObject:
        """Its parameters, but the keys that begin with ``_``; :meth:`update` brings changes to the store."""
        return self._config

    @property
    def summary(self) -> Summary:
        """The last value of each key; what is changed here, :meth:`update` brings to the store."""
        return self._summary

    @property
    def summary_metrics(self) -> JsonObject:
        """The summary as a plain dict."""
        return dict(self.record.summary)

    @property
    def json_config(self) -> str:
        """The config as strict JSON text, each value in W&B's ``{"value": ...}``."""
        return dumps_strict({key: {"value": value} for key, value in self.record.config.items()})

    @property
    def tags(self) -> list[str]:
        """In the order given; edit the list, then :meth:`update`."""
        return self._tags

    @tags.setter
    def tags(self, value: Sequence[str]) -> None:
        self._tags = list(check_run_tags(value))

    @property
    def notes(self) -> str:
        """Free text; set it and :meth:`update`."""
        return self._notes

    @notes.setter
    def notes(self, value: str | None) -> None:
        self._notes = "" if value is None else check_text(value, "run notes")

    @property
    def description(self) -> str:
        """The same as `notes`, under W&B's earlier name."""
        return self._notes

    @property
    def group(self) -> str:
        """The group it belongs to, or an empty text."""
        return self.record.group

    @property
    def job_type(self) -> str:
        """What kind of step it was, for instance ``"train"``."""
        return self.record.job_type

    @property
    def created_at(self) -> str:
        """When it began: ISO 8601, UTC."""
        return dt.datetime.fromtimestamp(self.record.started_at, dt.timezone.utc).isoformat()

    @property
    def url(self) -> str | None:
        """None: there is no server."""
        return None

    @property
    def metadata(self) -> JsonObject:
        """Host, process and notebook cell."""
        origin = self.record.origin
        return {
            "host": self.record.host,
            "pid": self.record.pid,
            "startedAt": self.created_at,
            "notebook": origin.notebook,
            "cell": origin.cell_id,
        }

    @property
    def lastHistoryStep(self) -> int:  # noqa: N802  W&B's name
        """The last step of its history, -1 when there is none."""
        step = self.record.summary.get("_step")
        return step if isinstance(step, int) else -1

    def scan_history(
        self,
        keys: Sequence[str] | None = None,
        page_size: int = 1000,
        min_step: int | None = None,
        max_step: int | None = None,
    ) -> Iterator[JsonObject]:
        """Yield the rows of its history, in the order logged.

        Parameters
        ----------
        keys : sequence of str, optional
            Only rows that have all of these, and of them only these.
        page_size : int
            W&B's; rows are read as they are walked.
        min_step, max_step : int, optional
            From this step on; below that one.
        """
        del page_size
        for row in self._rows():
            step = row.get("_step")
            number = step if isinstance(step, int) else 0
            if (min_step is not None and number < min_step) or (max_step is not None and number >= max_step):
                continue
            if keys is None:
                yield row
            elif all(key in row for key in keys):
                yield {key: row[key] for key in keys}

    @overload
    def history(
        self,
        samples: int = 500,
        keys: Sequence[str] | None = None,
        x_axis: str = "_step",
        pandas: Literal[True] = True,
        stream: str = "default",
    ) -> pd.DataFrame: ...
    @overload
    def history(
        self,
        samples: int = 500,
        keys: Sequence[str] | None = None,
        x_axis: str = "_step",
        *,
        pandas: Literal[False],
        stream: str = "default",
    ) -> list[JsonObject]: ...
    def history(
        self,
        samples: int = 500,
        keys: Sequence[str] | None = None,
        x_axis: str = "_step",
        pandas: bool = True,
        stream: str = "default",
    ) -> pd.DataFrame | list[JsonObject]:
        """Return its history, at most `samples` rows of it, evenly taken.

        Parameters
        ----------
        samples : int, default 500
        keys : sequence of str, optional
            Only rows that have all of these.
        x_axis : str, default "_step"
            Is among the columns whatever `keys` says.
        pandas : bool, default True
            Return a data frame, else a list of dicts.
        stream : str
            Only ``"default"``: system metrics are not recorded.
        """
        if stream != "default":
            raise UnsupportedError(f"history(stream={stream!r}): system metrics are not recorded here")
        wanted = None if keys is None else list(dict.fromkeys([x_axis, *keys]))
        rows = list(self.scan_history(wanted))
        if len(rows) > samples:
            last = max(samples - 1, 1)
            rows = [rows[i * (len(rows) - 1) // last] for i in range(samples)]
        if not pandas:
            return rows
        require("pandas", "pandas", "for history() as a data frame (pandas=False gives a list)")
        import pandas as pd

        return pd.DataFrame(rows)

    def files(self, names: Sequence[str] | None = None, per_page: int = 50) -> RunFiles:
        """Return what it saved and its media, by path."""
        del per_page
        return RunFiles(self._store, self._store.catalog.runs.files(self.id), names)

    def file(self, name: str) -> LoggedFile:
        """Return one of its files; raises NotFoundError naming the nearest."""
        return self.files().named(name)

    def logged_artifacts(self, per_page: int = 100) -> list[A]:
        """Return the versions it made, in that order."""
        del per_page
        return [self._wrap(self._store, record) for record in self._store.catalog.edges.outputs(self.id)]

    def used_artifacts(self, per_page: int = 100) -> list[A]:
        """Return the versions it used, in that order."""
        del per_page
        return [self._wrap(self._store, record) for record in self._store.catalog.edges.inputs(self.id)]

    def wait_until_finished(self) -> None:
        """W&B's; nothing is pending here, unless another process still writes the run."""

    def load(self, force: bool = False) -> None:
        """Read the run again."""
        del force
        self._take(self._store.catalog.runs.get(self.id))

    # ------------------------------------------------------------ changes

    def update(self) -> None:
        """Bring edits of name, notes, tags, config and summary to the store."""
        hidden = {key: value for key, value in self.record.config.items() if key.startswith("_")}
        changes = RunChanges(
            name=self._name,
            notes=self._notes,
            tags=check_run_tags(self._tags),
            config={**hidden, **Config(self._config).stored()},
            summary=self._summary.as_dict(),
        )
        self._take(self._store.catalog.runs.change(self.id, changes))

    save = update

    def delete(self, delete_artifacts: bool = False) -> None:
        """Delete the run with its history and files.

        Parameters
        ----------
        delete_artifacts : bool, default False
            Also delete the versions it made, with their aliases; else they stay.
        """
        if self.state == "running":
            raise UsageError(f"run {self.name} is still running; finish it first")
        if delete_artifacts:
            for version in self._store.catalog.edges.outputs(self.id):
                if version.live:
                    self._store.catalog.versions.delete(version.id)
        self._store.catalog.runs.delete(self.id)

    def upload_file(self, path: str | os.PathLike[str], root: str | os.PathLike[str] = ".") -> LoggedFile:
        """Keep a file with the run, under its path below `root`."""
        local = Path(path)
        inside = check_entry_path(os.path.relpath(local, root).replace(os.sep, "/"))
        with closing(self._store.session()) as session:
            stored = session.put_file(local)
            file = RunFile(inside, stored.digest, stored.size)
            self._store.catalog.runs.add_files(self.id, [file], session.seal())
        return LoggedFile(self._store, file)

    def _rows(self) -> Iterator[JsonObject]:
        for chunk in self._store.catalog.runs.history(self.id):
            rows = loads(chunk.rows)
            if isinstance(rows, list):
                yield from (row for row in rows if isinstance(row, dict))
