"""What a service level takes: positions under each chart, and what else comes of so many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from simsvc.evidence.service_level import Target
from simsvc.runs.horizon import phrase
from simsvc.runs.result import ScenarioResult, plain_data
from simsvc.runs.statistics import interval
from simsvc.scenario.structure import Structure
from simsvc.show.numbers import level, listed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BESIDE = ("abandonment", "occupancy", "staff_turnover", "retention", "profit")
"""Metrics told of the positions that are needed."""


@dataclass
class StaffNeeded(ScenarioResult):
    """Positions that a service level takes under each chart.

    Attributes:
        needed: by structure: fewest positions with which the mean of the runs reaches the target, to one position, or
            to 1 % of them.
        runs: one row per run: structure, positions (asked for), replication, and all metrics.
        erlang: by structure: positions by `erlang_c` and `erlang_a`, for the contacts and work of the runs with the
            positions needed.
    """

    kind: ClassVar[str] = "staff"
    structures: dict[str, Structure]
    target: Target
    replications: int
    needed: dict[str, int]
    runs: pd.DataFrame
    erlang: dict[str, dict[str, int]]

    @property
    def tried(self) -> pd.DataFrame:
        """Service level by structure and positions tried: columns structure, positions, mean, low, high."""
        rows: list[dict[str, Any]] = []
        for name in self.structures:
            mine = self.runs[self.runs["structure"] == name]
            for positions in sorted(mine["asked"].unique()):
                found = interval(mine.loc[mine["asked"] == positions, "service_level"])
                rows.append({"structure": name, "positions": int(positions), "mean": found.mean, "low": found.low,
                             "high": found.high})  # fmt: skip
        return pd.DataFrame(rows)

    @property
    def table(self) -> pd.DataFrame:
        """One row per structure.

        Columns: structure, positions (needed), erlang_c, erlang_a, service_level, low, high, and means of `BESIDE`.
        """
        rows: list[dict[str, Any]] = []
        for name, positions in self.needed.items():
            runs = self.runs[(self.runs["structure"] == name) & (self.runs["asked"] == positions)]
            found, beside = interval(runs["service_level"]), {one: float(runs[one].mean()) for one in BESIDE}
            rows.append({"structure": name, "positions": positions, **self.erlang[name], "service_level": found.mean,
                         "low": found.low, "high": found.high, **beside})  # fmt: skip
        return pd.DataFrame(rows)

    def tables(self) -> dict[str, pd.DataFrame]:
        """What is needed, and what was tried."""
        return {"needed": self.table, "tried": self.tried}

    def figures(self) -> dict[str, Callable[[], Figure]]:
        """Service level against positions."""
        from simsvc.staffing.figures import levels

        return {"staff": lambda: levels(self.as_json(), self.tried, self.table)}

    def sentence(self) -> str:
        """How many positions it takes under each chart, and what Erlang's rule would have said."""
        table = self.table
        takes = listed(f"{row['positions']} under '{row['structure']}'" for row in table.to_dict("records"))
        rule = listed(str(positions) for positions in table["erlang_a"])
        return (
            f"Positions at the front line for {self.target}: {takes}; by Erlang A, for the contacts and the work of "
            f"the same runs, {rule}. All this: {phrase(self.scenario, self.days)}."
        )

    def as_json(self) -> dict[str, Any]:
        """The result as plain data; NaN becomes null."""
        return {
            "finding": self.sentence(),
            "scenario": self.scenario_name,
            "target": {"share": self.target.share, "seconds": self.target.seconds},
            "replications": self.replications,
            "days": self.days,
            "seed": self.seed,
            "runs": len(self.runs),
            "failed": len(self.failures),
            "needed": plain_data(self.table),
            "tried": plain_data(self.tried),
        }

    def details(self) -> dict[str, Any]:
        """What was asked for."""
        found = self.as_json()
        shared = ("target", "replications", "days", "seed", "runs")
        charts = {name: chart.model_dump() for name, chart in self.structures.items()}
        return {"finished": True, **{key: found[key] for key in shared}, "structures": charts}

    def size(self) -> str:
        """Runs and days."""
        return f"{len(self.runs)} runs of {self.days} days"

    def told(self, row: Any) -> str:
        """The service level of a row of `table` in words."""
        return str(level("service_level", row["service_level"], row["low"], row["high"]))
