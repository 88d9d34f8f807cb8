"""Sensitivity analysis: what a metric, or the difference between two structures, depends on.

    plan.py              what is run, and how it becomes tables
    ranges.py            which settings vary, over what range
    sampling.py          points of Morris and of Sobol
    screening.py         Morris: which of many matter
    variance_indices.py  Sobol: what share of the variance each brings
    profiles.py          one at a time: shape and sign
    noise.py             what of all this is luck

All metrics are taken from the same runs. With two structures or more, each is analysed, and so is the
difference of every other one to the first, in pairs that share point and luck.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from simsvc.errors import AllRunsFailed
from simsvc.runs.executors import AnyExecutor, executor_for
from simsvc.runs.progress import Progress
from simsvc.sensitivity_analysis.plan import RANK, Plan, plan_of, values_of
from simsvc.sweeps.design import Design
from simsvc.sweeps.kept import runs_folder
from simsvc.sweeps.sweep import Sweep

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass
class Sensitivity:
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

    plan: Plan
    runs: pd.DataFrame
    table: pd.DataFrame
    pairs: pd.DataFrame
    profiles: pd.DataFrame
    spread: pd.DataFrame

    @property
    def failures(self) -> pd.DataFrame:
        """Runs that failed."""
        return self.runs[self.runs["status"] == "failed"]

    @property
    def subjects(self) -> list[str]:
        """What was analysed: structures, then differences."""
        return list(dict.fromkeys(self.spread["of"]))

    def of(self, metric: str, subject: str) -> pd.DataFrame:
        """Rows of the table on one metric of one structure or difference."""
        return self.table[(self.table["metric"] == metric) & (self.table["of"] == subject)]

    def sentence(self) -> str:
        """What matters most, in words."""
        from simsvc.sensitivity_analysis.views import sentence

        return sentence(self)

    def plot(self, metric: str | None = None) -> Figure:
        """The figure on one metric; the first one if left out."""
        from simsvc.sensitivity_analysis.figures import figure

        return figure(self, metric or self.plan.metrics[0])

    def as_json(self) -> dict[str, Any]:
        """The result as plain data; NaN becomes null."""
        from simsvc.sensitivity_analysis.views import as_json

        return as_json(self)

    def save(self, folder: str | Path, command: str = "") -> list[Path]:
        """Write tables (CSV, Parquet), figures (PNG, SVG), JSON and a manifest; returns the files."""
        from simsvc.sensitivity_analysis.views import save

        return save(self, Path(folder), command)

    def __str__(self) -> str:
        shown = self.table[["metric", "of", "parameter", RANK[self.plan.method], "verdict"]]
        return f"{shown.to_string(index=False)}\n{self.sentence()}"


def sensitivity(
    design: Design | str | Path,
    *,
    method: str | None = None,
    metrics: Sequence[str] | None = None,
    parameters: Sequence[str] = (),
    trajectories: int | None = None,
    points: int | None = None,
    levels: int | None = None,
    second_order: bool | None = None,
    replications: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    out: str | Path | None = None,
    workers: int | None = None,
    dask: str | None = None,
    executor: AnyExecutor | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> Sensitivity:
    """What does a metric, or the difference between structures, depend on?

    Args:
        design: a file (see `docs/sensitivity.md`), or a `Design` whose `vary` gives ranges.
        method: `"morris"`, `"sobol"` or `"profile"`; the file's, or Morris, if left out.
        metrics: names of metrics; retention and profit if left out.
        parameters: further settings, over all values that they may have.
        trajectories: of Morris screening.
        points: base samples of Sobol indices, a power of two.
        levels: points of every profile.
        second_order: whether Sobol indices of pairs are wanted too.
        replications: runs of every point under every structure.
        days: working days of each run.
        seed: root seed.
        out: folder where the runs are kept, so that an interrupted analysis goes on where it stopped.
        workers: threads; as many as cores if left out.
        dask: address of a Dask scheduler to run on instead.
        executor: performs the runs instead, and stays open; any of `concurrent.futures` will do.
        watch: told how far it has come.

    Raises:
        InputError: for wrong input, before anything runs.
        AllRunsFailed: if no run came to its end.
    """
    given = dict(method=method, metrics=metrics, trajectories=trajectories, points=points, levels=levels,
                 second_order=second_order, replications=replications, days=days, seed=seed)  # fmt: skip
    plan = plan_of(design, parameters, given)
    return perform(plan, out=out, workers=workers, dask=dask, executor=executor, watch=watch)


def perform(
    plan: Plan,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    dask: str | None = None,
    executor: AnyExecutor | None = None,
    watch: Callable[[Progress], None] | None = None,
    command: str = "",
) -> Sensitivity:
    """Run what a plan needs and has not been run yet, and analyse it; arguments as of `sensitivity`.

    Raises:
        AllRunsFailed: if no run came to its end.
    """
    with (
        executor_for(workers, dask, executor) as place,  # what cannot be had is refused before a folder is made
        Sweep(plan.runs, runs_folder(out, "sensitivity"), executor=place, watch=watch, command=command) as work,
    ):
        work.store.require(plan.metrics)
        work.perform()
        runs = work.runs()
    values = values_of(plan.runs, runs, plan.metrics)
    if not (runs["status"] == "done").any():
        raise AllRunsFailed(f"no run came to its end; the first: {runs.iloc[0]['message']}")
    tables = plan.tables(values)
    return Sensitivity(
        plan, runs, tables["effects"], tables["pairs"], tables["profiles"], tables["spread"]
    )  # fmt: skip
