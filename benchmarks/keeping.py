"""Figures of benchmarks are kept with what made them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from simsvc.runs.folder import check_writable, manifest, table_files, written
from simsvc.scenario.settings import Scenario


def keep(tables: dict[str, pd.DataFrame], folder: Path, scenario: Scenario, command: str, **more: Any) -> None:
    """Write what a benchmark measured, and how.

    Args:
        tables: by name; a row for each measurement.
        folder: beneath `results/`.
        scenario: what was run.
        command: that makes it again.
        more: what else its manifest is to say.
    """
    check_writable(folder)
    for name, table in tables.items():
        table_files(table, folder, name, ("csv",))
    note = manifest(scenario, command, kind="benchmark", **more)
    written(folder / "manifest.json", json.dumps(note, indent=1))


def shown(table: pd.DataFrame) -> str:
    """A table to print."""
    return table.to_string(index=False, float_format=lambda value: f"{value:.4g}")
