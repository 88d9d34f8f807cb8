"""Folders of analyses that are made of runs: runs beside results, and going on where one stopped.

Runs lie in the folder `sweep` inside (see `simsvc.sweeps.results`), so an analysis that was interrupted
finds them again. Its own manifest stands there from the beginning and says what kind of analysis it is.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from simsvc.errors import InputError
from simsvc.runs.executors import AnyExecutor, executor_for
from simsvc.runs.folder import check_writable, note_of, written
from simsvc.runs.progress import Progress
from simsvc.sweeps.design import Design
from simsvc.sweeps.results import OF_FAILURES
from simsvc.sweeps.sweep import Sweep

RUNS = "sweep"


@contextlib.contextmanager
def kept_runs(
    kind: str,
    design: Design,
    metrics: Sequence[str],
    watch: Callable[[Progress], None] | None,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    dask: str | None = None,
    executor: AnyExecutor | None = None,
    command: str = "",
    part: str = "",
) -> Iterator[Sweep]:
    """The sweep that performs the runs of an analysis and keeps them, with the metrics it needs, in its folder.

    Arguments but `kind`, one word for the analysis, and `part`, where it has several sweeps, are those of
    `simsvc.sweeps.sweep.Sweep`; without `out` nothing is kept.

    Raises:
        InputError: if the folder cannot be written to, or holds something else.
    """
    with (
        executor_for(workers, dask, executor) as place,  # what cannot be had is refused before a folder is made
        Sweep(design, runs_folder(out, kind, part), executor=place, watch=watch, command=command) as sweep,
    ):
        sweep.store.require(metrics)
        yield sweep


def runs_folder(out: str | Path | None, kind: str, part: str) -> Path | None:
    """Where an analysis keeps its runs; marks the folder of a new one.

    Raises:
        InputError: if the folder cannot be written to, or holds results of another kind.
    """
    if out is None:
        return None
    folder = Path(out)
    check_writable(folder)
    note = folder / "manifest.json"
    if note.exists():
        found = note_of(folder).get("kind")
        if found != kind:
            raise InputError(f"{folder}: holds results of another kind ({found}), not of a {kind}; choose another one")
    else:
        written(note, json.dumps({"program": "simsvc", "kind": kind, "finished": False}, indent=1))
    return folder / RUNS / part


def failures_of(
    runs: pd.DataFrame, columns: Sequence[str] = ("structure", "replication", *OF_FAILURES)
) -> list[dict[str, Any]]:
    """Runs of a sweep that failed, as rows with some columns."""
    failed = runs.loc[runs["status"] == "failed", list(columns)]
    return [{str(key): value for key, value in row.items()} for row in failed.to_dict("records")]
