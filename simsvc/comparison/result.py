"""What a comparison of structures found: levels, paired differences, their decomposition, and a sentence."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from simsvc.comparison.stages import STAGES
from simsvc.runs.metrics import HEADLINES, METRICS
from simsvc.runs.result import Result, ends, plain_data
from simsvc.runs.statistics import Interval, effect_size, interval, variance_saved
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import Structure
from simsvc.show.numbers import called, difference_unit, numbers, scaled

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass
class Comparison(Result):
    """What a comparison found. The first structure is the baseline."""

    kind: ClassVar[str] = "comparison"
    scenario_name: str
    scenario: Scenario
    structures: dict[str, Structure]
    seed: int
    days: int
    runs: pd.DataFrame
    """One row per run of the full model: structure, replication, every metric."""
    staged: pd.DataFrame
    """The same for the stages of the decomposition; empty without it."""
    course: dict[str, pd.DataFrame]
    """Mean daily series by structure."""
    failures: list[dict[str, Any]] = field(default_factory=list)
    """Runs that failed: structure, replication, stage, message, traceback."""
    precision: dict[str, float] = field(default_factory=dict)
    """Half-widths asked for, by metric."""

    @property
    def replications(self) -> int:
        """Replications in which every structure came to its end."""
        return int((self.runs.groupby("replication").size() == len(self.structures)).sum())

    @property
    def not_reached(self) -> dict[str, float]:
        """Metrics whose interval is still wider than asked for, with the half-width reached."""
        table = self.differences
        wide = {}
        for metric, asked in self.precision.items():
            mine = table[table["metric"] == metric]
            reached = float(((mine["high"] - mine["low"]) / 2).max())
            if not reached <= asked:
                wide[metric] = reached
        return wide

    @property
    def baseline_occupancy(self) -> dict[str, float]:
        """Mean occupancy of the baseline in each stage of the decomposition; stages compare at like load only."""
        frame = pd.concat([self.staged, self.runs.assign(stage=STAGES[-1])])
        mine = frame[frame["structure"] == self.baseline]
        return {stage: float(mine[mine["stage"] == stage]["occupancy"].mean()) for stage in STAGES}

    @property
    def baseline(self) -> str:
        """Name of the structure the others are compared with."""
        return next(iter(self.structures))

    @property
    def levels(self) -> pd.DataFrame:
        """Mean and 95 % interval of every metric by structure."""
        rows = []
        for structure in self.structures:
            mine = self.runs[self.runs["structure"] == structure]
            for name in METRICS:
                found = interval(mine[name])
                rows.append((structure, name, found.mean, found.low, found.high))
        return pd.DataFrame(rows, columns=["structure", "metric", "mean", "low", "high"])

    @property
    def differences(self) -> pd.DataFrame:
        """Every metric's difference to the baseline, paired, with 95 % interval.

        Columns: metric, label, unit, structure, baseline, mean, low, high, effect_size (Cohen's d
        between runs), variance_reduction (share saved by pairing), verdict, percent (show x 100).
        """
        rows = []
        for structure in list(self.structures)[1:]:
            for name, metric in METRICS.items():
                a, b = paired(self.runs, name, structure, self.baseline)
                found = interval(a - b)
                rows.append(
                    {
                        "metric": name,
                        "label": metric.label,
                        "unit": metric.unit,
                        "structure": structure,
                        "baseline": self.baseline,
                        "mean": found.mean,
                        "low": found.low,
                        "high": found.high,
                        "effect_size": effect_size(a, b) if len(a) else math.nan,
                        "variance_reduction": variance_saved(a, b),
                        "verdict": _verdict(found.low, found.high, metric.better),
                        "percent": metric.percent,
                    }
                )
        return pd.DataFrame(rows)

    @property
    def decomposition(self) -> pd.DataFrame:
        """What each stage adds to the difference: columns metric, structure, stage, mean, low, high.

        `queueing`: who waits for whom, with decisions and behaviour switched off; `decisions`: what
        judging, refusing, fitting adds; `behaviour`: what morale, learning, voice and managers' time
        add; `total`: the full difference.
        """
        columns = ["metric", "structure", "stage", "mean", "low", "high"]
        if self.staged.empty:
            return pd.DataFrame(columns=columns)
        everything = pd.concat([self.staged, self.runs.assign(stage="behaviour")])
        rows = []
        for structure in list(self.structures)[1:]:
            for name in METRICS:
                by_stage = {}
                for stage in STAGES:
                    frame = everything[everything["stage"] == stage]
                    wide = frame.pivot(index="replication", columns="structure", values=name)
                    wide = wide.reindex(columns=list(self.structures))
                    by_stage[stage] = wide[structure] - wide[self.baseline]
                steps = {
                    "queueing": by_stage["queueing"],
                    "decisions": by_stage["decisions"] - by_stage["queueing"],
                    "behaviour": by_stage["behaviour"] - by_stage["decisions"],
                    "total": by_stage["behaviour"],
                }
                for stage, values in steps.items():
                    found = interval(values)
                    rows.append((name, structure, stage, found.mean, found.low, found.high))
        return pd.DataFrame(rows, columns=columns)

    def sentence(self) -> str:
        """What was found on retention, loyalty and profit, in plain words."""
        parts = []
        table = self.differences.set_index(["structure", "metric"])
        for structure in list(self.structures)[1:]:
            words = "; ".join(_words(name, table.loc[(structure, name)]) for name in HEADLINES)
            parts.append(f"Against '{self.baseline}', '{structure}' gives: {words}.")
        return " ".join(parts)

    def as_json(self) -> dict[str, Any]:
        """The result as plain data; intervals are 95 %, NaN becomes null."""
        levels: dict[str, dict[str, Any]] = {name: {} for name in self.structures}
        for row in self.levels.to_dict("records"):
            levels[row["structure"]][row["metric"]] = ends(row)
        shown = ["metric", "structure", "baseline", "mean", "low", "high", "effect_size", "variance_reduction"]
        decomposition: dict[str, Any] = {}
        for row in self.decomposition.to_dict("records"):
            decomposition.setdefault(row["structure"], {}).setdefault(row["metric"], {})[row["stage"]] = ends(row)
        return {
            "scenario": self.scenario_name,
            "replications": self.replications,
            "days": self.days,
            "seed": self.seed,
            "structures": levels,
            "differences": plain_data(self.differences[shown]),
            "decomposition": decomposition,
        }

    def tables(self) -> dict[str, pd.DataFrame]:
        """Runs, levels, differences, their decomposition, and mean daily series."""
        return {
            "runs": pd.concat([self.runs.assign(stage=STAGES[-1]), self.staged]),
            "levels": self.levels,
            "differences": self.differences,
            "decomposition": self.decomposition,
            "days": pd.concat([frame.assign(structure=name) for name, frame in self.course.items()]),
        }

    def figures(self) -> dict[str, Callable[[], Figure]]:
        """The course of all with the sources of the last one's difference, and all levels."""
        from simsvc.comparison.figures import flip, levels

        title = f"{self.sentence()} ({self.size()}, 95 % intervals)"
        table = self.decomposition
        steps = table[table["structure"] == list(self.structures)[-1]]
        return {
            "flip": lambda: flip(self.course, steps, title),
            "levels": lambda: levels(self.levels, f"Levels by structure, 95 % intervals ({self.size()})"),
        }

    def details(self) -> dict[str, Any]:
        """What was compared, how often, and how precisely."""
        return {
            "seed": self.seed,
            "days": self.days,
            "replications": self.replications,
            "precision": self.precision,
            "precision_not_reached": self.not_reached,
            "structures": {name: chart.model_dump() for name, chart in self.structures.items()},
        }

    def size(self) -> str:
        """Pairs and days."""
        return f"{self.replications} pairs of {self.days} days"

    def __str__(self) -> str:
        table = self.differences[["label", "structure", "mean", "low", "high", "verdict"]]
        return f"{table.to_string(index=False)}\n{self.sentence()}"


def paired(frame: pd.DataFrame, metric: str, structure: str, baseline: str) -> tuple[Any, Any]:
    """Values of a metric under a structure and under the baseline, in replications that have both."""
    wide = frame.pivot(index="replication", columns="structure", values=metric)
    wide = wide.reindex(columns=[structure, baseline]).dropna()
    return wide[structure].to_numpy(), wide[baseline].to_numpy()


def _verdict(low: float, high: float, better: int) -> str:
    if not (low > 0 or high < 0):
        return "no difference seen"
    if better == 0:
        return "higher" if low > 0 else "lower"
    return "better" if (low > 0) == (better > 0) else "worse"


def _words(metric: str, row: Any) -> str:
    """A difference, as the sentence tells it."""
    factor, unit = difference_unit(metric, of_100=True)
    found = scaled(Interval(row["mean"], row["low"], row["high"], 0), factor)
    digits = 0 if abs(factor) < 1 else 1
    if math.isnan(found.low):
        return f"{called(metric)} {found.mean:+.{digits}f} {unit} in a single pair of runs"
    if row["verdict"] == "no difference seen":
        return f"no difference seen in {called(metric)}"
    return f"{called(metric)} {numbers(found, f' {unit}', digits)}"
