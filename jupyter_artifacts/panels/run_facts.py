"""A run as its panel shows it, from the catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CorruptError, InvalidValueError, NotFoundError
from jupyter_artifacts.model.jsonable import loads
from jupyter_artifacts.panels.facts import artifact_link
from jupyter_artifacts.panels.protocol import MediaKey, MediaPage, RunFacts, SeriesKey
from jupyter_artifacts.panels.run_series import paths_of
from jupyter_artifacts.panels.wire import bounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue
    from jupyter_artifacts.panels.run_series import RunSeries
    from jupyter_artifacts.panels.shelf import Shelf
    from jupyter_artifacts.store.records import RunFile, RunRecord

LINKS, KEYS, TEXT, SOURCE = 100, 500, 2000, 20_000
_PICTURES, _COLUMNS, _EMPTY = 40, 8, 232


def run_facts(
    shelf: Shelf, run: RunRecord, series: RunSeries, *, keys: int = KEYS, text: int = TEXT, source: int = SOURCE
) -> RunFacts:
    """Return a run with what it used, made and logged; config and summary bounded."""
    config, config_cut = bounded(run.config, keys, text, nested=True)
    summary, summary_cut = bounded(_plain(run.summary), keys, text, nested=True)
    edges = shelf.catalog.edges
    return RunFacts(
        id=run.id,
        name=run.name,
        project=run.project,
        job_type=run.job_type,
        group=run.group,
        state=run.state,
        error=run.error[:text],
        tags=list(run.tags)[:keys],
        notes=run.notes[:text],
        started=run.started_at,
        ended=run.ended_at,
        config=config,
        config_cut=config_cut,
        summary=summary,
        summary_cut=summary_cut,
        inputs=[artifact_link(version) for version in edges.inputs(run.id)[:LINKS]],
        outputs=[artifact_link(version) for version in edges.outputs(run.id)[:LINKS]],
        source=run.origin.source[:source],
        rows=series.rows,
        keys=[SeriesKey(key=key, points=one.points) for key, one in series.numbers.items()],
        media=[MediaKey(key=key, steps=steps) for key, steps in series.media.items()],
    )


def _plain(summary: JsonObject) -> JsonObject:
    """Return a summary without what every run has and what stands for pictures."""
    return {
        key: value
        for key, value in summary.items()
        if not key.startswith("_") and not (isinstance(value, dict) and "_type" in value)
    }


def rows_of(shelf: Shelf, run_id: str, after: int = 0) -> Iterator[tuple[int, list[JsonValue]]]:
    """Yield (number of the chunk, rows) of a run's history, from chunk `after` on."""
    for chunk in shelf.catalog.runs.history(run_id):
        if chunk.sequence >= after:
            rows = loads(chunk.rows)
            yield chunk.sequence, rows if isinstance(rows, list) else []


def pictures(shelf: Shelf, run_id: str, key: str, step: int) -> tuple[MediaPage, bytes]:
    """Return the pictures logged under a key at a step, drawn anew on one sheet.

    One whose file is rotten, missing or no picture leaves an empty tile, and its caption says why.

    Raises
    ------
    NotFoundError
        None were logged there.
    """
    from PIL import Image as Pictures

    from jupyter_artifacts.media.sprites import sheet, thumbnails

    logged = [
        pair
        for _, rows in rows_of(shelf, run_id)
        for row in rows
        if isinstance(row, dict) and row.get("_step") == step and key in row
        for pair in paths_of(row[key])
    ][:_PICTURES]
    files = {file.path: file for file in shelf.catalog.runs.files(run_id)}
    found = [(files[path], caption) for path, caption in logged if path in files]
    if not found:
        raise NotFoundError(f"run {run_id} has no pictures under {key[:60]!r} at step {step}")
    opened = [_opened(shelf, file) for file, _ in found]
    size = next((image.size for image, _ in opened if image is not None), (28, 28))
    tiles = thumbnails([image or Pictures.new("L", size, _EMPTY) for image, _ in opened])
    columns = min(_COLUMNS, len(tiles))
    page = MediaPage(
        step=step,
        count=len(tiles),
        columns=columns,
        width=int(tiles.shape[2]),
        height=int(tiles.shape[1]),
        captions=[(problem or caption)[:200] for (_, caption), (_, problem) in zip(found, opened, strict=True)],
        png="",
    )
    return page, sheet(tiles, columns)


def _opened(shelf: Shelf, file: RunFile) -> tuple[Image | None, str]:
    """Return a logged picture, or none and the reason."""
    from jupyter_artifacts.media.pictures import read_picture

    try:
        return read_picture(shelf.store.read(file.digest, file.path), file.path), ""
    except (CorruptError, InvalidValueError) as error:
        return None, f"cannot be shown: {error}"
