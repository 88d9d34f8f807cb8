"""A calibration to call records as a folder: scenario, tables, figures, manifest; and as plain data."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd

import simsvc
from simsvc.calibration.calls.estimates import CallEstimates
from simsvc.calibration.calls.scenario_from_calls import FittedScenario, scenario_file
from simsvc.runs.folder import check_writable, guarded, manifest, save_figure, written, written_to_edit


def tables(found: CallEstimates) -> dict[str, pd.DataFrame]:
    """Every table of estimates, by name of the file."""
    result = {
        "estimates": found.table(),
        "arrivals": found.arrivals.profile,
        "arrivals_by_weekday": found.arrivals.by_weekday,
    }
    if found.service:
        if len(found.service.types):
            result["service_by_type"] = found.service.types
        if found.service.spread:
            result["agents"] = found.service.spread.agents
    if found.patience:
        result |= {"patience": found.patience.fits, "hazard": found.patience.hazard}
    if found.staffing:
        result |= {"staffing": found.staffing.profile, "staffing_by_weekday": found.staffing.by_weekday}
    return result


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return list(value) if isinstance(value, tuple) else value


def as_json(found: CallEstimates, fitted: FittedScenario) -> dict[str, Any]:
    """What was read, estimated and set, as plain data."""
    records, hours = found.records, found.hours
    return {
        "kind": "call records",
        "rows": records.rows,
        "calls": len(records.calls),
        "used": int(hours.ordinary(records.calls).sum()),
        "ignored": records.ignored,
        "unreadable": records.unreadable,
        "days": len(hours.dates),
        "opens": hours.opens / 3600.0,
        "closes": hours.closes / 3600.0,
        "notes": [*records.reasons, *records.notes, *hours.left_out],
        "estimates": [
            {str(key): _plain(value) for key, value in row.items()} for row in found.table().to_dict("records")
        ],
        "settings": {setting.name: _plain(setting.value) for setting in fitted.settings},
        "check": {name: {"records": seen, "run": run} for name, (seen, run) in fitted.check.items()},
        "left": list(fitted.left),
    }


def save_calls(found: CallEstimates, fitted: FittedScenario, base: str, folder: Path, command: str = "") -> list[Path]:
    """Write scenario, tables, figures and manifest.

    Args:
        found: estimates.
        fitted: scenario that follows.
        base: preset or file it starts from.
        folder: made if need be.
        command: what was typed, for the manifest.

    Returns:
        The files written.
    """
    from simsvc.calibration.calls.views import figures

    check_writable(folder)
    scenario, as_written = written_to_edit(folder, "scenario.toml", scenario_file(found, fitted, base, folder))
    files = [scenario]
    for name, table in tables(found).items():
        files.append(written(folder / f"{name}.csv", guarded(table).to_csv(index=False, float_format="%.6g")))
    about = f"simsvc {simsvc.__version__}, calibration to call records"
    for name, figure in figures(found).items():
        files += save_figure(figure, folder, name, about, ("png",))
    files.append(written(folder / "result.json", json.dumps(as_json(found, fitted), indent=1)))
    note = manifest(
        fitted.scenario,
        command,
        kind="calibration to call records",
        data=found.records.source,
        as_written=as_written,
    )
    files.append(written(folder / "manifest.json", json.dumps(note, indent=1)))
    return files
