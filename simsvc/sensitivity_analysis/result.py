"""What a sensitivity analysis found: effects of parameters, how sure they are, and what matters most."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from simsvc.runs.horizon import phrase
from simsvc.runs.metrics import METRICS
from simsvc.runs.result import Result, plain_data
from simsvc.sensitivity_analysis.noise import told_apart
from simsvc.sensitivity_analysis.plan import RANK, Plan
from simsvc.sensitivity_analysis.screening import direction
from simsvc.show.numbers import gap
from simsvc.sweeps.kept import failures_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST_NAMED = 5
"""Parameters that the sentence names."""


@dataclass
class Sensitivity(Result):
    """What a sensitivity analysis found. Column `of` names the structure, or the difference of two.

    Attributes:
        plan: what was analysed.
        runs: one row per run, as of a sweep.
        table: one row per metric, structure or difference, and parameter, the strongest first, with a verdict in
            words. For Morris the columns of `simsvc.sensitivity_analysis.screening.morris`, for Sobol those of
            `simsvc.sensitivity_analysis.variance_indices.SobolIndices.table`, for profiles those of
            `simsvc.sensitivity_analysis.profiles.shape`.
        pairs: second-order indices, if asked for: one, other, second, second_low, second_high.
        profiles: metric at every level of every parameter, if that was the method: value, and columns of
            `simsvc.sensitivity_analysis.profiles.LEVELS`.
        spread: for each metric and structure or difference the mean, lowest and highest of all points, share of
            points above 0, standard deviation `sd` between single runs, and shares of its square due to what
            varies (`points`), to luck that acts everywhere alike (`luck`) and to the rest (`noise`); points that
            are `complete`, and `left_out` for a failed run.
    """

    kind: ClassVar[str] = "sensitivity"
    plan: Plan
    runs: pd.DataFrame
    table: pd.DataFrame
    pairs: pd.DataFrame
    profiles: pd.DataFrame
    spread: pd.DataFrame

    def __post_init__(self) -> None:
        self.scenario = self.plan.runs.first_scenario
        self.failures = failures_of(self.runs, list(self.runs.columns))

    @property
    def days(self) -> int:
        """Working days of each run."""
        return self.plan.runs.days or self.scenario.run.days

    @property
    def subjects(self) -> list[str]:
        """What was analysed: structures, then differences."""
        return list(dict.fromkeys(self.spread["of"]))

    def of(self, metric: str, subject: str) -> pd.DataFrame:
        """Rows of the table on one metric of one structure or difference."""
        return self.table[(self.table["metric"] == metric) & (self.table["of"] == subject)]

    def sentence(self) -> str:
        """What every metric depends on most; of structures compared only the difference."""
        subjects = [name for name in self.subjects if " less " in name] or self.subjects
        words = []
        for metric in self.plan.metrics:
            for subject in subjects:
                rows = self.of(metric, subject)
                seen = [row for row in rows.to_dict("records") if told_apart(row["verdict"])]
                what = f"{METRICS[metric].label} ({subject})"
                if rows["verdict"].str.startswith("not analysed").all():
                    words.append(f"{what}: not analysed, too many runs have no value of it.")
                    continue
                if not seen:
                    words.append(f"{what}: no parameter can be told from noise.")
                    continue
                top = ", ".join(f"{row['parameter']} ({self._strength(metric, row)})" for row in seen[:_MOST_NAMED])
                rest = len(rows) - len(seen)
                words.append(f"{what} depends most on {top}" + (f"; no effect seen of {rest} more." if rest else "."))
        return " ".join([*words, f"All this: {phrase(self.scenario, self.days)}."])

    def _strength(self, metric: str, row: Mapping[Any, Any]) -> str:
        value, method = row[RANK[self.plan.method]], self.plan.method
        if method == "sobol":
            return f"{100 * value:.0f} % of the variance"
        words = gap(metric, float(value))
        if method == "profile":
            return words + ", changes sign" * ("changes sign" in row["verdict"])
        return f"{words} {direction(row)}"

    def as_json(self) -> dict[str, Any]:
        """The result as plain data; NaN becomes null."""
        plan = self.plan
        return {
            "method": plan.method,
            "metrics": list(plan.metrics),
            "structures": list(plan.runs.structure_names),
            "analysed": self.subjects,
            "replications": plan.runs.replication_count,
            "days": self.days,
            "seed": plan.runs.root_seed,
            "common_random_numbers": plan.runs.common_luck,
            "runs": len(self.runs),
            "failed": len(self.failures),
            "parameters": [
                {"name": one.name, "range": one.described(), "now": dict(one.now), "default_range": one.default}
                for one in plan.parameters
            ],
            **plain_data(self._frames()),
            "finding": self.sentence(),
        }

    def tables(self) -> dict[str, pd.DataFrame]:
        """Effects, pairs, profiles and spread, those that the method gives."""
        return {name: table for name, table in self._frames().items() if len(table)}

    def _frames(self) -> dict[str, pd.DataFrame]:
        return {"effects": self.table, "pairs": self.pairs, "profiles": self.profiles, "spread": self.spread}

    def figures(self) -> dict[str, Callable[[], Figure]]:
        """One figure per metric."""
        return {f"{self.plan.method}_{metric}": partial(self.plot, metric) for metric in self.plan.metrics}

    def plot(self, metric: str | None = None) -> Figure:
        """The figure on one metric; the first one if left out."""
        from simsvc.sensitivity_analysis import figures

        return figures.of_metric(
            metric or self.plan.metrics[0], self.plan.method, self.subjects, self.table, self.profiles,
            self.plan.parameters, self.plan.runs.replication_count,
        )  # fmt: skip

    def details(self) -> dict[str, Any]:
        """What was varied, how, and how often."""
        plan, found = self.plan, self.as_json()
        return {
            "finished": True,
            "method": plan.method,
            "metrics": list(plan.metrics),
            **{name: getattr(plan, name) for name in ("trajectories", "points", "levels", "second_order")},
            **{
                name: found[name]
                for name in ("seed", "days", "replications", "common_random_numbers", "runs", "failed")
            },
            "structures": {name: chart.model_dump() for name, chart in plan.runs.parts[0].charts.items()},
            "parameters": {one.name: one.described() for one in plan.parameters},
        }

    def size(self) -> str:
        """The method."""
        return self.plan.method

    def __str__(self) -> str:
        shown = self.table[["metric", "of", "parameter", RANK[self.plan.method], "verdict"]]
        return f"{shown.to_string(index=False)}\n{self.sentence()}"
