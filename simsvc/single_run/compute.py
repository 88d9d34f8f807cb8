"""One run: the function behind command line, scripts, sweeps and tests."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from simsvc.runs.metrics import summary
from simsvc.runs.order import Order, keeping_rows
from simsvc.runs.perform import simulate
from simsvc.scenario.loading import load_scenario, with_days, with_structure
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import Structure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class RunResult:
    """What one run gave."""

    settings: Scenario
    structure: str
    seed: int
    replication: int
    rows: Any
    """Days as rows of `simsvc.model.rows.DAY`."""

    @functools.cached_property
    def summary(self) -> dict[str, float]:
        """Metrics over the days after settling, by name; see `simsvc.runs.metrics.METRICS`."""
        return summary(self.rows, self.settings.run.settling)

    @functools.cached_property
    def days(self) -> pd.DataFrame:
        """The daily series, one row per day."""
        return pd.DataFrame(self.rows)

    def plot(self) -> Figure:
        """The course of the run as a figure."""
        from simsvc.show.axes import course

        return course({self.structure: self.days}, title=f"One run, {self.structure} structure, seed {self.seed}")


def run(
    config: Scenario | str | Path = "contact_centre",
    seed: int | None = None,
    *,
    structure: str | Structure | None = None,
    days: int | None = None,
    replication: int = 0,
    rules: Mapping[str, Callable[..., Any]] | None = None,
    watch: Callable[[int], None] | None = None,
) -> RunResult:
    """Simulate one organisation.

    Args:
        config: scenario, preset name or file.
        seed: root seed, 0 or more; the scenario's if left out.
        structure: structure, its name or file; the scenario's own if left out.
        days: working days; the scenario's if left out.
        replication: which run of the seed.
        rules: functions in place of rules of the same name.
        watch: called with the number of days done, now and then.

    Raises:
        InputError: for wrong input, before anything runs.
    """
    settings = config if isinstance(config, Scenario) else load_scenario(config)
    if structure is not None:
        settings = with_structure(settings, structure)
    name = structure if isinstance(structure, str) else "own"
    seed = settings.run.seed if seed is None else seed
    days = settings.run.days if days is None else days
    drive = functools.partial(keeping_rows, watch=watch)
    order = Order(with_days(settings, days), seed, replication, rules=rules, drive=drive)
    return RunResult(settings, name, seed, replication, simulate(order).seen)
