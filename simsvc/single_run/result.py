"""What one run gave: its days, its metrics, and what they say."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from simsvc.runs.horizon import phrase
from simsvc.runs.result import Result, plain_data
from simsvc.runs.warm_up import settled_by, unsettled
from simsvc.scenario.settings import Scenario
from simsvc.show.numbers import level, level_unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class RunResult(Result):
    """What one run gave."""

    kind: ClassVar[str] = "run"
    settings: Scenario
    structure: str
    seed: int
    replication: int
    rows: Any
    """Days as rows of `simsvc.model.rows.DAY`."""
    summary: dict[str, float]
    """Metrics over the days after settling, by name; see `simsvc.runs.metrics.METRICS`."""
    scenario_name: str = ""

    @functools.cached_property
    def scenario(self) -> Scenario:  # type: ignore[override]
        """The settings, by the name that all results have for them."""
        return self.settings

    @functools.cached_property
    def days(self) -> pd.DataFrame:
        """The daily series, one row per day."""
        return pd.DataFrame(self.rows)

    @functools.cached_property
    def warm_up(self) -> dict[str, int | None]:
        """Day from which each headline metric has settled, see `simsvc.runs.warm_up.settled_by`."""
        return settled_by(self.rows)

    def unsettled(self) -> str:
        """What is measured before it has settled, in a line; empty if nothing is."""
        return unsettled({"": self.warm_up}, len(self.rows), self.settings)

    def sentence(self) -> str:
        """What the run says of customers, waiting and money."""
        return run_sentence(self.structure, self.summary, phrase(self.scenario, len(self.rows)))

    def as_json(self) -> dict[str, Any]:
        """Every metric of the run as plain data; null where nothing happened that it could be taken from."""
        return {
            "scenario": self.scenario_name,
            "structure": self.structure,
            "days": len(self.rows),
            "seed": self.seed,
            "metrics": plain_data(self.summary),
            "warm_up": self.warm_up,
        }

    def tables(self) -> dict[str, pd.DataFrame]:
        """Daily series and metrics."""
        return {"days": self.days, "summary": pd.DataFrame([self.summary])}

    def figures(self) -> dict[str, Callable[[], Figure]]:
        """The course of the run."""
        from simsvc.show.axes import course

        return {"course": lambda: course({self.structure: self.days}, run_title(self.structure, self.seed))}

    def texts(self, folder: Path) -> dict[str, str]:
        """Nothing: the summary says it all."""
        return {}

    def details(self) -> dict[str, Any]:
        """What was run."""
        return {
            "scenario_name": self.scenario_name,
            "structure": self.structure,
            "seed": self.seed,
            "replication": self.replication,
            "days": len(self.rows),
        }

    def size(self) -> str:
        """The structure."""
        return self.structure


def run_title(structure: str, seed: int) -> str:
    """What the figure of a run is headed with."""
    return f"One run, {structure} structure, seed {seed}"


def run_sentence(structure: str, metrics: Mapping[str, float], when: str) -> str:
    """What a run says of customers, waiting and money.

    Args:
        structure: under which it was.
        metrics: of the run, by name.
        when: over which days, see `simsvc.runs.horizon.phrase`.
    """
    kept, waits, profit = (level(name, metrics[name]) for name in ("retention", "mean_wait", "profit"))
    return (
        f"Under '{structure}' ({when}), {kept} % of customers would still be there a year later, callers "
        f"wait {waits} minutes in the mean, and profit is {profit} {level_unit('profit').name}."
    )
