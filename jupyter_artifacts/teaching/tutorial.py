"""The exercises of notebooks/tutorial.ipynb."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidValueError, NotFoundError, nearest
from jupyter_artifacts.teaching.exercise import Exercise, Step

if TYPE_CHECKING:
    from jupyter_artifacts.tracking.api import Api
    from jupyter_artifacts.tracking.artifact.artifact import Artifact


def _find(api: Api, ref: str) -> Artifact | None:
    try:
        return api.artifact(ref)
    except NotFoundError:
        return None


def _sizes(artifact: Artifact | None) -> list[int]:
    sizes = artifact.metadata.get("sizes") if artifact is not None else None
    return [size for size in sizes if isinstance(size, int)] if isinstance(sizes, list) else []


def _has_second_version(api: Api) -> bool:
    return _find(api, "mnist-raw:v1") is not None


def _newest_is_smaller(api: Api) -> bool:
    first, newest = _sizes(_find(api, "mnist-raw:v0")), _sizes(_find(api, "mnist-raw:latest"))
    return bool(first) and bool(newest) and newest[0] == first[0] - 1000


def _preprocess_is_stale(api: Api) -> bool:
    prepared = _find(api, "mnist-preprocess:latest")
    return prepared is not None and bool(prepared.stale)


EXERCISES = {
    "drop-mislabelled": Exercise(
        "✓ mnist-raw has a newer version without the first 1,000 digits, and everything made from the old one is "
        "marked stale. Run the cells that made mnist-preprocess and trained-model again, and the marks go.",
        Step(
            _has_second_version,
            (
                "○ mnist-raw has one version only. Begin a cell with the same %%log_artifact line as in section 1.",
                "○ Still one version. The variables after -v must hold other data: slice `training`'s tensors.",
            ),
        ),
        Step(
            _newest_is_smaller,
            (
                "○ There is a new version, but it has not 1,000 training digits less than v0: compare their `sizes`.",
                "○ Still not 1,000 less. -m is read after the cell has run: is `training` the short one by then?",
            ),
        ),
        Step(
            _preprocess_is_stale,
            ("○ mnist-preprocess is not stale: does `latest` sit on the new mnist-raw? See %artifacts.",),
        ),
    )
}


def check(name: str, api: Api | None = None) -> bool:
    """Check an exercise against the learner's store and print one line.

    Parameters
    ----------
    name : str
        The exercise, as the notebook names it.
    api : Api, optional
        The store to look into; the one of this notebook by default.

    Returns
    -------
    bool
        Whether the exercise is solved.
    """
    exercise = EXERCISES.get(name)
    if exercise is None:
        raise InvalidValueError(f"there is no exercise {name!r}{nearest(name, EXERCISES)}")
    if api is None:
        from jupyter_artifacts.tracking.api import Api as LocalApi

        api = LocalApi()
    solved, line = exercise.check(api)
    print(line)  # noqa: T201  the answer belongs under the learner's cell
    return solved
