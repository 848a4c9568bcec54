"""``init``: begin a run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jupyter_artifacts.tracking.environment import check_mode
from jupyter_artifacts.tracking.messages import warn
from jupyter_artifacts.tracking.session import active_run, check_reinit, is_cell_run, start_run
from jupyter_artifacts.tracking.settings import Settings, check_settings
from jupyter_artifacts.tracking.starting import wanted
from jupyter_artifacts.tracking.stores import store_at, throwaway_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jupyter_artifacts.tracking.run import Run
    from jupyter_artifacts.tracking.stores import Where


def init(  # noqa: PLR0917  W&B's signature, in W&B's order
    entity: str | None = None,
    project: str | None = None,
    dir: str | os.PathLike[str] | None = None,
    id: str | None = None,
    name: str | None = None,
    notes: str | None = None,
    tags: Sequence[str] | None = None,
    config: object = None,
    config_exclude_keys: Iterable[str] | None = None,
    config_include_keys: Iterable[str] | None = None,
    allow_val_change: bool | None = None,
    group: str | None = None,
    job_type: str | None = None,
    mode: str | None = None,
    force: bool | None = None,
    reinit: bool | str | None = None,
    resume: bool | str | None = None,
    resume_from: str | None = None,
    fork_from: str | None = None,
    save_code: bool | None = None,
    tensorboard: bool | None = None,
    sync_tensorboard: bool | None = None,
    monitor_gym: bool | None = None,
    settings: Settings | dict[str, object] | None = None,
    anonymous: str | None = None,
    *,
    store: Where = None,
) -> Run:
    """Begin a run.

    Parameters
    ----------
    entity : str, optional
        W&B's user or team; kept, and looked at by nothing.
    project : str, optional
        What the run and its artifacts belong to; ``"uncategorized"`` when not given.
    dir : str or Path, optional
        Where the run's own folder (`run.dir`) is made, instead of in the store; ``WANDB_DIR`` as
        well. What lies in it at the end is kept in the store in any case.
    id, name, notes, group, job_type : str, optional
        The id is 8 letters and digits, the name like ``"sunny-smoke-1"``, when not given.
    tags : list of str, optional
        Each of 1 to 64 characters.
    config : dict, argparse.Namespace or path of a YAML file, optional
        The parameters.
    config_exclude_keys, config_include_keys : list of str, optional
        Leave out these keys of `config`, or all others.
    allow_val_change : bool, optional
        Whether config keys may change; a notebook allows it when not told.
    mode : str, optional
        Every mode is local. ``"disabled"`` writes nothing that stays.
    reinit : str, optional
        What happens to a run that is active: ``"return_previous"`` (the default in
        a script), ``"finish_previous"`` (in a notebook), ``"create_new"``.
    resume : {"allow", "must", "never", "auto"}, optional
        Whether to go on with the run of this `id`.
    settings : Settings or dict, optional
        Stands behind the arguments.
    store : path, optional
        Else ``JUPYTER_ARTIFACTS_STORE``, else the one found upward, else made here.
    fork_from : str, optional
        ``"id?_step=N"``: a new run with the parameters and rows of another one up to a step.
    resume_from : str, optional
        ``"id?_step=N"``: go on with that run from that step; the rows after it go.
    save_code : bool, optional
        Keep the program's file, or the notebook's, with the run, below ``code/``; also by
        ``WANDB_SAVE_CODE``, never where ``WANDB_DISABLE_CODE`` is set.
    tensorboard, sync_tensorboard, monitor_gym, force, anonymous
        W&B's. TensorBoard and gym are not watched, the others change nothing.

    Returns
    -------
    Run
        Also the active run of the module's functions, unless ``reinit="create_new"``.

    Raises
    ------
    UsageError
        A project or id that is refused; an id that is taken.
    ConfigError
        A config file that cannot be read.

    Examples
    --------
    ::

        with init(project="demo", job_type="train", config={"epochs": 5}) as run:
            run.log({"loss": 0.1})
    """
    del force, anonymous
    for word, given in (("sync_tensorboard", tensorboard or sync_tensorboard), ("monitor_gym", monitor_gym)):
        if given:
            warn(f"init({word}=True): this is not tracked here; log what you need with log()")
    behind = check_settings(settings)
    local = check_mode(mode or behind.mode) == "local"
    again = check_reinit(behind.reinit if reinit is None else reinit)
    previous = active_run()
    if previous is not None and again == "return_previous" and not is_cell_run(previous):
        return previous
    asked = wanted(
        Settings(
            mode=mode or behind.mode,
            project=project or behind.project,
            entity=entity or behind.entity,
            run_id=id or behind.run_id,
            run_name=name or behind.run_name,
            run_group=group or behind.run_group,
            run_job_type=job_type or behind.run_job_type,
            run_notes=notes or behind.run_notes,
            run_tags=behind.run_tags if tags is None else list(tags) if not isinstance(tags, str) else [tags],
            reinit=again,
            resume=behind.resume if resume is None else resume,
            fork_from=fork_from or behind.fork_from,
            resume_from=resume_from or behind.resume_from,
            root_dir=behind.root_dir if dir is None else os.fspath(dir),
            save_code=behind.save_code if save_code is None else save_code,
            disable_code=behind.disable_code,
            allow_val_change=behind.allow_val_change if allow_val_change is None else allow_val_change,
        ),
        config=config,
        include=config_include_keys,
        exclude=config_exclude_keys,
    )
    place = store_at(store) if local else throwaway_store()
    return start_run(place, asked, "beneath" if again == "return_previous" else again)
