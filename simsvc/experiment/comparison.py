"""Two or more structures compared: the same people, work, money and luck, many times.

Replications are paired: the k-th run of every structure has the same key, so every customer,
case and claim has the same luck in all of them. The decomposition runs the pair twice more, with
decisions and behaviour switched off, to tell the queueing effect of a flat organisation from the
rest.
"""

from __future__ import annotations

import math
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from simsvc.errors import AllRunsFailed, InputError, nearest
from simsvc.experiment.executor import in_order, workers_to_use
from simsvc.experiment.metrics import METRICS, summary
from simsvc.experiment.statistics import effect_size, interval, replications_needed, variance_saved
from simsvc.model.organization import ServiceOrganization
from simsvc.model.rows import DAY
from simsvc.scenario.loading import changed, load_scenario, load_structure
from simsvc.scenario.settings import Rules, Scenario
from simsvc.scenario.structure import Structure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STAGES = ("queueing", "decisions", "behaviour")
"""Stages of the decomposition; each adds its rules to those before."""

FIRST_REPLICATIONS = 10
MOST_REPLICATIONS = 20_000


@dataclass(frozen=True)
class Progress:
    """How far a comparison has come.

    Attributes:
        done: runs finished.
        total: runs planned; grows while a precision is not reached.
        failed: runs that failed.
        stage: what is being run, in words.
        seconds: since the start.
    """

    done: int
    total: int
    failed: int
    stage: str
    seconds: float


@dataclass(frozen=True)
class _Task:
    stage: str
    structure: str
    replication: int
    settings: Scenario


def up_to_stage(scenario: Scenario, stage: str) -> Scenario:
    """The scenario with the rules of later stages switched off."""
    off = STAGES[STAGES.index(stage) + 1 :]
    strengths = {}
    for name, setting in Rules.model_fields.items():
        extra = setting.json_schema_extra
        if isinstance(extra, dict) and extra["group"] in off:
            strengths[f"rules.{name}"] = 0.0
    timeline = tuple(
        change.model_copy(update={"set": {k: v for k, v in change.set.items() if k not in strengths}})
        for change in scenario.timeline
    )
    return changed(scenario.model_copy(update={"timeline": timeline}), strengths)


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
        return _paired(frame, metric, structure, self.baseline)

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
        from simsvc.present.figures import flip

        return flip(self)

    def save(self, folder: str | Path, command: str = "") -> list[Path]:
        """Write tables (CSV, Parquet), figures (PNG, SVG), JSON and a manifest; returns the files."""
        from simsvc.experiment.folder import save_comparison

        return save_comparison(self, Path(folder), command)

    def __str__(self) -> str:
        table = self.differences[["label", "structure", "mean", "low", "high", "verdict"]]
        return f"{table.to_string(index=False)}\n{self.sentence()}"


def _paired(frame: pd.DataFrame, metric: str, structure: str, baseline: str) -> tuple[Any, Any]:
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


def compare(
    scenario: Scenario | str | Path = "contact_centre",
    structures: Sequence[str | Path] | Mapping[str, Structure] = ("traditional", "inverted"),
    *,
    replications: int | None = None,
    precision: Mapping[str, float] | None = None,
    days: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    decompose: bool = True,
    watch: Callable[[Progress], None] | None = None,
) -> Comparison:
    """Compare structures of one organisation by paired simulation.

    Args:
        scenario: preset name, file, or `Scenario`.
        structures: names or files, or a mapping of names to `Structure`; the first is the baseline.
        replications: pairs of runs; with `precision` the most that may be run.
        precision: half-width of the 95 % interval asked for, by metric, in the metric's own unit;
            pairs are added until all are reached. Looking several times makes the intervals a
            little less sure than they say.
        days: working days of each run.
        seed: root seed, 0 or more.
        workers: threads; as many as cores if left out. The result does not depend on it.
        decompose: whether to run the stages of the decomposition.
        watch: told about progress.

    Raises:
        InputError: for wrong input, before anything runs.
    """
    settings = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    name = "own" if isinstance(scenario, Scenario) else str(scenario)
    charts = _charts(structures)
    days = settings.run.days if days is None else days
    seed = settings.run.seed if seed is None else seed
    for what, value, least in (("days", days, 1), ("replications", replications, 1), ("seed", seed, 0)):
        if value is not None and value < least:
            raise InputError(f"{what} = {value}: allowed is {least} or more")
    _check_precision(precision)
    work = _Work(settings, charts, days, seed, workers_to_use(workers), decompose, watch)
    if precision:
        most = replications or MOST_REPLICATIONS
        target = min(FIRST_REPLICATIONS, most)
        while True:
            work.run_until(target)
            found = [
                (interval(a - b), half_width)
                for metric, half_width in precision.items()
                for structure in list(charts)[1:]
                for a, b in [work.pair(metric, structure)]
            ]
            needed = max(replications_needed(each, half_width) for each, half_width in found)
            if needed <= target or target >= most:
                break
            target = min(needed, most)
    else:
        work.run_until(settings.run.replications if replications is None else replications)
    return work.result(name, dict(precision or {}))


def _charts(structures: Sequence[str | Path] | Mapping[str, Structure]) -> dict[str, Structure]:
    if isinstance(structures, Mapping):
        charts = dict(structures)
    else:
        charts = {}
        for each in structures:
            key = Path(each).stem if str(each).endswith(".toml") else str(each)
            if key in charts:
                raise InputError(f"structure '{key}' is named twice")
            charts[key] = load_structure(each)
    if len(charts) < 2:
        raise InputError("a comparison needs at least two structures")
    return charts


def _check_precision(precision: Mapping[str, float] | None) -> None:
    for metric, half_width in (precision or {}).items():
        if metric not in METRICS:
            raise InputError(f"precision: there is no metric '{metric}'{nearest(metric, METRICS)}")
        if not (math.isfinite(half_width) and half_width > 0):
            raise InputError(f"precision: {metric} = {half_width}: a half-width is a number above 0")


class _Work:
    """Runs pairs and keeps what is needed of them."""

    def __init__(
        self,
        settings: Scenario,
        charts: dict[str, Structure],
        days: int,
        seed: int,
        workers: int,
        decompose: bool,
        watch: Callable[[Progress], None] | None,
    ) -> None:
        self.settings, self.charts, self.days, self.seed = settings, charts, days, seed
        self.workers, self.watch = workers, watch
        stages = STAGES if decompose else STAGES[-1:]
        self.variants = [
            (stage, name, up_to_stage(settings, stage).model_copy(update={"structure": chart}))
            for stage in reversed(stages)
            for name, chart in charts.items()
        ]
        self.rows: list[dict[str, Any]] = []
        self.sums = {name: np.zeros((days, len(DAY.names or ()))) for name in charts}
        self.failures: list[dict[str, Any]] = []
        self.replications = 0
        self.begun = time.monotonic()
        self.done = 0

    def tasks(self, start: int, end: int) -> Iterator[_Task]:
        for replication in range(start, end):
            for stage, structure, settings in self.variants:
                yield _Task(stage, structure, replication, settings)

    def one(self, task: _Task) -> tuple[_Task, Any, dict[str, Any] | None]:
        try:
            model = ServiceOrganization(task.settings, rng=self.seed, replication=task.replication)
            model.advance(self.days)
            return task, model.state.days[: self.days], None
        except Exception as error:
            failure = {
                "structure": task.structure,
                "replication": task.replication,
                "stage": task.stage,
                "message": f"{type(error).__name__}: {error}",
                "traceback": traceback.format_exc(),
            }
            return task, None, failure

    def run_until(self, replications: int) -> None:
        total = replications * len(self.variants)
        for task, days, failure in in_order(self.one, self.tasks(self.replications, replications), self.workers):
            self.done += 1
            if failure is not None:
                self.failures.append(failure)
            else:
                values = summary(days, task.settings.run.settling)
                self.rows.append(
                    {"structure": task.structure, "replication": task.replication, "stage": task.stage, **values}
                )
                if task.stage == STAGES[-1]:
                    self.sums[task.structure] += days.view(np.float64).reshape(self.days, -1)
            if self.watch:
                what = "full model" if task.stage == STAGES[-1] else f"decomposition: {task.stage} only"
                self.watch(Progress(self.done, total, len(self.failures), what, time.monotonic() - self.begun))
        self.replications = replications

    def pair(self, metric: str, structure: str) -> tuple[Any, Any]:
        frame = pd.DataFrame(self.rows)
        return _paired(frame[frame["stage"] == STAGES[-1]], metric, structure, next(iter(self.charts)))

    def result(self, name: str, precision: dict[str, float]) -> Comparison:
        if not self.rows:
            raise AllRunsFailed(f"every run failed; the first: {self.failures[0]['message']}")
        frame = pd.DataFrame(self.rows)
        full = frame["stage"] == STAGES[-1]
        counts = frame[full].groupby("structure").size()
        course = {
            structure: pd.DataFrame(self.sums[structure] / max(int(counts.get(structure, 0)), 1), columns=DAY.names)
            for structure in self.charts
        }
        return Comparison(
            scenario_name=name,
            scenario=self.settings,
            structures=self.charts,
            seed=self.seed,
            days=self.days,
            runs=frame[full].drop(columns="stage").reset_index(drop=True),
            staged=frame[~full].reset_index(drop=True),
            course=course,
            failures=self.failures,
            precision=precision,
        )
