"""Two or more structures compared: the same people, work, money and luck, many times.

Replications are paired: the k-th run of every structure has the same key, so every customer,
case and claim has the same luck in all of them. To tell who decides from how people are led, charts are
run, too, with power alone and with management alone turned, and with nothing but queues.
"""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Unpack

import numpy as np
import pandas as pd

from simsvc.comparison.factors import FULL, variants
from simsvc.comparison.horizons import STEP, by_horizon, cumulated_profit, days_run
from simsvc.comparison.result import Comparison
from simsvc.errors import LARGEST, AllRunsFailed, InputError, check_range, nearest
from simsvc.model.rows import DAY
from simsvc.runs.executors import Executor, Where, executor_for, spelt_out
from simsvc.runs.metrics import check_metrics, metrics_under
from simsvc.runs.order import Drive, Order, straight
from simsvc.runs.own import Own, with_own
from simsvc.runs.progress import Progress
from simsvc.runs.statistics import until_precise
from simsvc.scenario.loading import named_structures, with_days
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import Structure

MOST_REPLICATIONS = 20_000


@spelt_out
def compare(
    scenario: Scenario | str | Path = "contact_centre",
    structures: Sequence[str | Path] | Mapping[str, Structure] = ("traditional", "inverted"),
    *,
    replications: int | None = None,
    precision: Mapping[str, float] | None = None,
    days: int | None = None,
    seed: int | None = None,
    own: str | Path | Own | None = None,
    factors: bool = True,
    turn_on: int | None = None,
    metrics: Sequence[str] | None = None,
    simultaneous: bool = False,
    watch: Callable[[Progress], None] | None = None,
    say: Callable[[str], None] | None = None,
    **where: Unpack[Where],
) -> Comparison:
    """Compare structures of one organisation by paired simulation.

    Args:
        scenario: preset name, file, or `Scenario`.
        structures: names or files, or a mapping of names to `Structure`; the first is the baseline.
        replications: pairs of runs; with `precision` the most that may be run.
        precision: half-width of the 95 % interval asked for, by metric, in the metric's own unit; pairs are added
            until all are reached, see `simsvc.runs.statistics.until_precise`.
        days: working days of each run.
        seed: root seed, 0 or more.
        own: file of own rules, phases and metrics, see `simsvc.runs.own`.
        factors: whether to tell power and management apart, and queueing alone: four runs more for each pair.
        turn_on: day on which the baseline is turned into each of the other structures, told by horizon; left out: they
            are born so. Runs then last at least two years after it unless `days` is given.
        metrics: names of those shown; all if left out.
        simultaneous: whether all intervals of a table are to hold at once with 95 % (Bonferroni), not each by itself.
        watch: told about progress.
        say: told, in a line each, what is waited for.
        where: workers, dask or executor, see `simsvc.runs.executors.Where`.

    Raises:
        InputError: for wrong input, before anything runs.
        StoppedEarly: if the scheduler is lost.
    """
    settings = with_own(scenario, own)
    name = "own" if isinstance(scenario, Scenario) else str(scenario)
    charts = named_structures(structures)
    if len(charts) < 2:
        raise InputError("a comparison needs at least two structures")
    days = days_run(settings, days, turn_on)
    seed = settings.run.seed if seed is None else seed
    check_range("seed", seed, 0, LARGEST)
    if replications is not None:
        check_range("replications", replications, 1)
    _check_precision(precision, settings)
    check_metrics(metrics, settings)
    shown = tuple(metrics or metrics_under(settings))
    with executor_for(say=say, **where) as place:
        work = _Work(settings, charts, days, seed, place, factors, turn_on, watch)

        def after(pairs: int) -> Comparison:
            work.run_until(pairs)
            found = work.result(name, dict(precision or {}))
            return replace(found, metrics=shown, simultaneous=simultaneous)

        if not precision:
            return after(replications or settings.run.replications)
        return after(until_precise(lambda n: after(n).asked(), replications or MOST_REPLICATIONS))


def _check_precision(precision: Mapping[str, float] | None, settings: Scenario) -> None:
    known = metrics_under(settings)
    for metric, half_width in (precision or {}).items():
        if metric not in known:
            raise InputError(f"precision: there is no metric '{metric}'{nearest(metric, known)}")
        if not (math.isfinite(half_width) and half_width > 0):
            raise InputError(f"precision: {metric} = {half_width}: a half-width is a number above 0")


@dataclass
class _Work:
    """Runs pairs and keeps what is needed of them."""

    settings: Scenario
    charts: dict[str, Structure]
    days: int
    seed: int
    executor: Executor
    factors: bool
    turn_on: int | None
    watch: Callable[[Progress], None] | None

    def __post_init__(self) -> None:
        turn_on, settings = self.turn_on, with_days(self.settings, self.days)
        self.drive: Drive = straight if turn_on is None else functools.partial(by_horizon, turn_on=turn_on)
        self.variants = variants(settings, self.charts, factors=self.factors, turn_on=turn_on)
        self.rows: list[dict[str, Any]] = []
        self.years: list[dict[str, Any]] = []
        self.failures: list[dict[str, Any]] = []
        self.profits: list[pd.DataFrame] = []
        self.sums = {name: np.zeros((self.days, len(DAY.names or ()))) for name in self.charts}
        self.replications, self.done, self.begun = 0, 0, time.monotonic()

    def orders(self, start: int, end: int) -> Iterator[Order]:
        """All variants of some replications, numbered in their order."""
        for k in range(start, end):
            for number, (part, _, settings) in enumerate(self.variants, k * len(self.variants)):
                series = ("all",) if part == FULL else ()
                yield Order(settings, self.seed, k, number, series=series, drive=self.drive)

    def run_until(self, replications: int) -> None:
        total = replications * len(self.variants)
        for outcome in self.executor.in_order(self.orders(self.replications, replications)):
            self.done += 1
            replication, variant = divmod(outcome.order.number, len(self.variants))
            part, structure, _ = self.variants[variant]
            place = {"structure": structure, "replication": replication}
            if outcome.failed:
                self.failures.append(
                    {**place, "stage": part, "message": outcome.message, "traceback": outcome.traceback}
                )
            else:
                seen = outcome.seen or {}
                metrics = seen[max(seen)] if seen else outcome.metrics
                self.rows.append({**place, "part": part, **metrics})
                if part == FULL and self.turn_on is not None and outcome.days is not None:
                    self.years += [{**place, "years": years, **found} for years, found in seen.items()]
                    profit = cumulated_profit(outcome.days, self.turn_on)
                    since = STEP * (1 + np.arange(len(profit)))
                    self.profits.append(pd.DataFrame({**place, "day": since, "profit": profit}))
                if outcome.days is not None:
                    self.sums[structure] += outcome.days[list(DAY.names or ())].to_numpy(float)
            if self.watch:
                what = "full model" if part == FULL else f"{part} alone"
                self.watch(Progress(self.done, total, len(self.failures), 0, time.monotonic() - self.begun, what))
        self.replications = replications

    def result(self, name: str, precision: dict[str, float]) -> Comparison:
        if not self.rows:
            raise AllRunsFailed(f"every run failed; the first: {self.failures[0]['message']}")
        frame = pd.DataFrame(self.rows)
        full = frame["part"] == FULL
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
            runs=frame[full].drop(columns="part").reset_index(drop=True),
            parts=frame[~full].reset_index(drop=True),
            course=course,
            failures=self.failures,
            precision=precision,
            turn_on=self.turn_on,
            years=pd.DataFrame(self.years),
            profits=pd.concat(self.profits) if self.profits else pd.DataFrame(),
        )
