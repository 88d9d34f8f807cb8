"""Folders of analyses that are made of runs: runs beside results, and going on where one stopped.

Runs lie in the folder `sweep` inside (see `simsvc.sweeps.results`), so an analysis that was interrupted
finds them again. Its own manifest stands there from the beginning and says what kind of analysis it is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from simsvc.errors import InputError
from simsvc.runs.folder import check_writable, written

RUNS = "sweep"


def runs_folder(out: str | Path | None, kind: str) -> Path | None:
    """Where an analysis keeps its runs; marks the folder of a new one.

    Args:
        out: folder of the analysis; without one nothing is kept.
        kind: of the analysis, one word.

    Raises:
        InputError: if the folder cannot be written to, or holds something else.
    """
    if out is None:
        return None
    folder = Path(out)
    check_writable(folder)
    note = folder / "manifest.json"
    if note.exists():
        try:
            found = json.loads(note.read_text("utf-8")).get("kind")
        except (OSError, ValueError, AttributeError):
            found = "cannot be read"
        if found != kind:
            raise InputError(f"{folder}: holds results of another kind ({found}), not of a {kind}; choose another one")
    else:
        written(note, json.dumps({"program": "simsvc", "kind": kind, "finished": False}, indent=1))
    return folder / RUNS


def failures_of(runs: pd.DataFrame) -> list[dict[str, Any]]:
    """Runs of a sweep that failed: structure, replication, stage, message, traceback."""
    failed = runs[runs["status"] == "failed"][["structure", "replication", "stage", "message", "traceback"]]
    return [{str(key): value for key, value in row.items()} for row in failed.to_dict("records")]
