"""What a comparison of structures found: levels, paired differences, their decomposition, and a sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from simsvc.comparison.stages import STAGES
from simsvc.runs.metrics import METRICS
from simsvc.runs.statistics import effect_size, interval, variance_saved
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import Structure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass
class Comparison:
    """What a comparison found. The first structure is the baseline."""

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

    def _pair(self, frame: pd.DataFrame, metric: str, structure: str) -> tuple[Any, Any]:
        return paired(frame, metric, structure, self.baseline)

    @property
    def differences(self) -> pd.DataFrame:
        """Every metric's difference to the baseline, paired, with 95 % interval.

        Columns: metric, label, unit, structure, baseline, mean, low, high, effect_size (Cohen's d
        between runs), variance_reduction (share saved by pairing), verdict, percent (show x 100).
        """
        rows = []
        for structure in list(self.structures)[1:]:
            for name, metric in METRICS.items():
                a, b = self._pair(self.runs, name, structure)
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
            words: list[str] = []
            for name, scale, unit, digits in (
                ("retention", 100, " points", 1),
                ("loyalty", 100, " points of 100", 1),
                ("profit", 1e-3, " thousand a year", 0),
            ):
                row: Any = table.loc[(structure, name)]
                what = {"retention": "customer retention", "loyalty": "loyalty", "profit": "profit"}[name]
                if pd.isna(row["low"]):
                    words.append(f"{what} {row['mean'] * scale:+.{digits}f}{unit} in a single pair of runs")
                elif row["verdict"] == "no difference seen":
                    words.append(f"no difference seen in {what}")
                else:
                    words.append(
                        f"{what} {row['mean'] * scale:+.{digits}f}{unit} "
                        f"[{row['low'] * scale:+.{digits}f}, {row['high'] * scale:+.{digits}f}]"
                    )
            parts.append(f"Against '{self.baseline}', '{structure}' gives: {'; '.join(words)}.")
        return " ".join(parts)

    def as_json(self) -> dict[str, Any]:
        """The result as plain data; intervals are 95 %, NaN becomes null."""
        levels: dict[str, dict[str, Any]] = {name: {} for name in self.structures}
        for row in self.levels.to_dict("records"):
            levels[row["structure"]][row["metric"]] = {k: _number(row[k]) for k in ("mean", "low", "high")}
        differences = [
            {
                "metric": row["metric"],
                "structure": row["structure"],
                "baseline": row["baseline"],
                **{k: _number(row[k]) for k in ("mean", "low", "high", "effect_size", "variance_reduction")},
            }
            for row in self.differences.to_dict("records")
        ]
        decomposition: dict[str, Any] = {}
        for row in self.decomposition.to_dict("records"):
            place = decomposition.setdefault(row["structure"], {}).setdefault(row["metric"], {})
            place[row["stage"]] = {k: _number(row[k]) for k in ("mean", "low", "high")}
        return {
            "scenario": self.scenario_name,
            "replications": self.replications,
            "days": self.days,
            "seed": self.seed,
            "structures": levels,
            "differences": differences,
            "decomposition": decomposition,
        }

    def plot(self) -> Figure:
        """The answer as one figure: the course of both organisations and where the difference comes from."""
        from simsvc.comparison.figures import flip

        return flip(self)

    def save(self, folder: str | Path, command: str = "") -> list[Path]:
        """Write tables (CSV, Parquet), figures (PNG, SVG), JSON and a manifest; returns the files."""
        from simsvc.runs.folder import save_comparison

        return save_comparison(self, Path(folder), command)

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


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
