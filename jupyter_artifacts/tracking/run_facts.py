"""What can be asked of a run, and the few facts of it that can be set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.model.names import check_text
from jupyter_artifacts.tracking.environment import default_entity
from jupyter_artifacts.tracking.messages import warn
from jupyter_artifacts.tracking.stores import is_throwaway
from jupyter_artifacts.tracking.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.store.records import RunRecord, RunState
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.config import Config
    from jupyter_artifacts.tracking.history import History
    from jupyter_artifacts.tracking.saved_files import SavedFiles
    from jupyter_artifacts.tracking.settings import Settings
    from jupyter_artifacts.tracking.writer import RunWriter

MAX_TAG = 64


class RunFacts:
    """The readable side of a running run; everything stays readable after `finish`."""

    __slots__ = (
        "_config",
        "_files",
        "_history",
        "_name",
        "_notes",
        "_record",
        "_resumed",
        "_settings",
        "_state",
        "_store",
        "_summary",
        "_tags",
        "_writer",
    )

    _store: Store
    _record: RunRecord
    _config: Config
    _summary: Summary
    _history: History
    _writer: RunWriter
    _files: SavedFiles
    _settings: Settings
    _resumed: bool
    _name: str
    _notes: str
    _state: RunState
    _tags: tuple[str, ...]

    @property
    def store(self) -> Store:
        """Where the run and its artifacts lie."""
        return self._store

    @property
    def id(self) -> str:
        """Unique in the store: 8 letters and digits unless one was given."""
        return self._record.id

    @property
    def name(self) -> str:
        """A readable name, ``"sunny-smoke-1"`` unless one was given."""
        return self._name

    @name.setter
    def name(self, value: str) -> None:
        self._name = check_text(value, "run name")
        self._writer.touch()

    @property
    def notes(self) -> str:
        """Free text."""
        return self._notes

    @notes.setter
    def notes(self, value: str | None) -> None:
        self._notes = "" if value is None else check_text(value, "run notes")
        self._writer.touch()

    @property
    def tags(self) -> tuple[str, ...]:
        """In the order given; ``run.tags += ("baseline",)`` adds one. A refused tag warns and changes nothing."""
        return self._tags

    @tags.setter
    def tags(self, value: Sequence[str]) -> None:
        try:
            self._tags = check_run_tags(value)
        except (InvalidTypeError, InvalidValueError) as error:
            warn(f"run.tags stays as it was: {error}")
            return
        self._writer.touch()

    @property
    def project(self) -> str:
        """The project it belongs to."""
        return self._record.project

    @property
    def entity(self) -> str:
        """The user or team it was begun for."""
        return self._record.entity or default_entity()

    @property
    def path(self) -> str:
        """``"entity/project/id"``."""
        return f"{self.entity}/{self.project}/{self.id}"

    @property
    def group(self) -> str:
        """The group it belongs to, or an empty text."""
        return self._record.group

    @property
    def job_type(self) -> str:
        """What kind of step it is, for instance ``"train"``."""
        return self._record.job_type

    @property
    def dir(self) -> str:
        """The folder of its files; what lies there when the run ends is kept."""
        return str(self._files.folder)

    @property
    def sync_dir(self) -> str:
        """The folder above `dir`."""
        return str(self._files.folder.parent)

    @property
    def config(self) -> Config:
        """Its parameters."""
        return self._config

    @property
    def config_static(self) -> JsonObject:
        """The parameters as a plain dict."""
        return self._config.as_dict()

    @property
    def summary(self) -> Summary:
        """The last value of each key that was logged. After the end W&B's is empty, and so is this one."""
        if self._state == "running":
            return self._summary
        warn(f"run {self.name} is finished: its summary is read with Api().run({self.id!r}).summary")
        empty = Summary()
        empty.close(f"Run ({self.id}) is finished; its summary can no longer change")
        return empty

    @property
    def step(self) -> int:
        """The step of the open row of history, or the one the next row will get."""
        return self._history.step

    @property
    def starting_step(self) -> int:
        """0, or where a resumed run went on."""
        return self._history.starting_step

    @property
    def history_step(self) -> int | None:
        """The step of the last row, None before the first."""
        return self._history.last_step

    @property
    def start_time(self) -> float:
        """When it began, in seconds since 1970."""
        return self._record.started_at

    @property
    def resumed(self) -> bool:
        """Whether it goes on with an earlier run of the same id."""
        return self._resumed

    @property
    def offline(self) -> bool:
        """Always True: there is no server."""
        return True

    @property
    def disabled(self) -> bool:
        """Whether ``mode="disabled"`` keeps it from writing to the store."""
        return is_throwaway(self._store)

    @property
    def settings(self) -> Settings:
        """What `init` made of its arguments and the environment."""
        return self._settings

    @property
    def url(self) -> str | None:
        """None: there is no server."""
        return None

    @property
    def project_url(self) -> str | None:
        """None: there is no server."""
        return None

    @property
    def sweep_id(self) -> str | None:
        """None: there are no sweeps."""
        return None

    @property
    def sweep_url(self) -> str | None:
        """None: there are no sweeps."""
        return None

    @property
    def record(self) -> RunRecord:
        """The run as the catalog had it when it began."""
        return self._record

    def get_url(self) -> str | None:
        """Return None: there is no server."""
        return self.url

    def get_project_url(self) -> str | None:
        """Return None: there is no server."""
        return self.project_url

    def project_name(self) -> str:
        """Return the project's name."""
        return self.project


def check_run_tags(value: object) -> tuple[str, ...]:
    """Return a run's tags as they were given, each 1 to 64 characters; one str stands for a list of one."""
    if value is None:
        return ()
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, (list, tuple, set, frozenset)):
        raise InvalidTypeError(f"tags must be a list of str, not {type(value).__name__}")
    for tag in items:
        if not isinstance(tag, str):
            raise InvalidTypeError(f"a tag must be a str, not {type(tag).__name__} ({tag!r})")
        if not 1 <= len(tag) <= MAX_TAG:
            raise InvalidValueError(f"tag {tag[:20]!r} has {len(tag)} characters; 1 to {MAX_TAG} are allowed")
    return tuple(items)
