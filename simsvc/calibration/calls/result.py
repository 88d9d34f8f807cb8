"""What a calibration to call records found: estimates, the scenario that follows, and its folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from simsvc.calibration.calls.estimates import CallEstimates
from simsvc.calibration.calls.scenario_from_calls import FittedScenario, scenario_file
from simsvc.runs.result import Result, plain_data

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class CallsResult(Result):
    """What follows from call records."""

    forms: ClassVar[tuple[str, ...]] = ("csv", "png")
    found: CallEstimates

    def basis(self) -> dict[str, Any]:
        """Days and hours that are used, and what one should know of them, as plain data."""
        hours = self.found.hours
        return {
            "days": len(hours.dates),
            "opens": hours.opens / 3600.0,
            "closes": hours.closes / 3600.0,
            "notes": self.found.notes,
        }

    def details(self) -> dict[str, Any]:
        """Where the records come from."""
        return {"data": self.found.records.source}

    def size(self) -> str:
        """What was done."""
        return self.kind


@dataclass
class CallsFit(CallsResult):
    """What call records tell of an organisation.

    Attributes:
        found: estimates.
        fitted: scenario that follows.
        base: preset or file it starts from.
    """

    kind: ClassVar[str] = "calibration to call records"
    to_edit: ClassVar[tuple[str, ...]] = ("scenario.toml",)
    found: CallEstimates
    fitted: FittedScenario
    base: str

    def __post_init__(self) -> None:
        self.scenario = self.fitted.scenario

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of estimates."""
        found = self.found
        result = {
            "estimates": found.table(),
            "arrivals": found.arrivals.profile,
            "arrivals_by_weekday": found.arrivals.by_weekday,
        }
        if found.service and len(found.service.types):
            result["service_by_type"] = found.service.types
        if found.service and found.service.spread:
            result["agents"] = found.service.spread.agents
        if found.patience:
            result |= {"patience": found.patience.fits, "hazard": found.patience.hazard}
        if found.staffing:
            result |= {"staffing": found.staffing.profile, "staffing_by_weekday": found.staffing.by_weekday}
        return result

    def figures(self) -> dict[str, Callable[[], Figure]]:
        """All figures that the records allow."""
        from simsvc.calibration.calls import figures

        found = self.found
        drawn: dict[str, Callable[[Any], Figure]] = {
            "arrivals": figures.arrivals_figure,
            "service": figures.service_figure,
            "patience": figures.patience_figure,
            "staffing": figures.staffing_figure,
        }
        return {name: partial(draw, getattr(found, name)) for name, draw in drawn.items() if getattr(found, name)}

    def sentence(self) -> str:
        """How much of the records is used."""
        records, hours = self.found.records, self.found.hours
        return (
            f"{records.rows:,} rows, {len(records.calls):,} calls; {self.used:,} of them on {len(hours.dates)} "
            "ordinary days in open hours are used."
        )

    @property
    def used(self) -> int:
        """Calls on ordinary days in open hours."""
        return len(self.found.hours.ordinary(self.found.records))

    def as_json(self) -> dict[str, Any]:
        """What was read, estimated and set, as plain data."""
        return {
            "kind": "call records",
            **self.found.records.counts(),
            "used": self.used,
            **self.basis(),
            "estimates": plain_data(self.found.table()),
            "settings": {setting.name: plain_data(setting.value) for setting in self.fitted.settings},
            "check": {name: {"records": seen, "run": run} for name, (seen, run) in self.fitted.check.items()},
            "doubts": list(self.fitted.doubts),
            "left": list(self.fitted.left),
        }

    def texts(self, folder: Path) -> dict[str, str]:
        """The scenario, too; it says how to run it from where it lies."""
        return {"scenario.toml": scenario_file(self.found, self.fitted, self.base, folder), **super().texts(folder)}
