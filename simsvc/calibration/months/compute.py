"""Calibration to monthly figures: which settings go with what an organisation reports?

1. The settings to be fitted get ranges; runs at points that fill the ranges evenly are taken up by an
   emulator (`emulator.py`).
2. A first posterior says where to look closer: more points are run there and the emulator learns them too,
   as in history matching (Vernon, Goldstein & Bower 2010).
3. The posterior (`posterior.py`) is sampled; runs at its draws give what the months would look like, those
   held out among them.

Of each figure one statistic is fitted: its mean over the months used. With settings that do not change and
an organisation past its first year, months repeat each other; the mean is what settings act upon, and how
far it may lie from the model's mean by chance is taken from runs of whole organisations over as many months,
so that months need not be independent. Trend and month-to-month spread are not fitted but checked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import qmc

from simsvc.calibration.months.emulator import emulate
from simsvc.calibration.months.monthly_figures import Floats, MonthlyData, doubts, monthly, needed_series, read_monthly
from simsvc.calibration.months.posterior import sample, surprise, to_shares, to_values
from simsvc.calibration.months.result import MonthlyFit
from simsvc.errors import AllRunsFailed, InputError, nearest, needs
from simsvc.runs.executors import AnyExecutor, Executor, executor_for
from simsvc.runs.folder import check_writable, manifest, note_of, written
from simsvc.runs.result import plain_data
from simsvc.scenario.calendar import DAYS_PER_MONTH
from simsvc.scenario.explaining import span
from simsvc.scenario.settings import Scenario, setting_field, setting_names, setting_value
from simsvc.sweeps.block import Span, check_varied, is_whole
from simsvc.sweeps.design import Design, resolved
from simsvc.sweeps.sweep import sweep

if TYPE_CHECKING:
    from simsvc.runs.progress import Progress

POINTS, REPLICATIONS = 100, 4
MOST_SETTINGS = 12
POINTS_PER_SETTING = 8
PREDICTIVE = 119
"""Draws that months are predicted from: the third lowest and highest of 119 hold 95 % of further ones."""
WIDER = 4.0
"""The second round of points lies where a posterior of twice the first one's width does."""
STAGES = ("first", "second", "predicted")

Simulate = Callable[[Floats, int, str], Floats]
"""Runs the model: given values, float (points, settings), the number of replications and the stage, one of `STAGES`,
returns monthly figures, float (points, replications, months, columns), with NaN for runs that failed."""


def calibrate_monthly(
    data: Path | MonthlyData,
    scenario: Scenario,
    *,
    fit: Mapping[str, tuple[float, float]] | None = None,
    out: Path | None = None,
    holdout: int | None = None,
    points: int = POINTS,
    replications: int = REPLICATIONS,
    discrepancy: float = 0.0,
    seed: int | None = None,
    workers: int | None = None,
    dask: str | None = None,
    executor: AnyExecutor | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> MonthlyFit:
    """Fit settings of a scenario to monthly figures.

    The scenario should have the size of the organisation: chance is larger in small ones. Months of the data
    are compared with those of runs that begin after the scenario's settling time.

    Args:
        data: a CSV file, see `read_monthly`, or what was read from one.
        scenario: everything that is not fitted, its structure included.
        fit: lowest and highest value by full name of the settings to fit; if left out, one setting for each
            kind of figure, see `usual_ranges`.
        out: folder that keeps the runs, so that a stopped calibration goes on where it was; nothing is kept
            if left out. `MonthlyFit.save` writes results into the same folder.
        holdout: last months that are not used for fitting; a quarter, at most three, if left out.
        points: settings run at first; half as many follow where the first posterior lies.
        replications: runs of each of them.
        discrepancy: standard deviation of the difference between model and organisation, as a share of each
            figure, 0-1.
        seed: root seed; the scenario's if left out.
        workers: threads; as many as cores if left out.
        dask: address of a Dask scheduler whose workers run it.
        executor: performs the runs instead, and stays open; any of `concurrent.futures` will do.
        watch: told how far the runs have come.

    Raises:
        InputError: for wrong input, before anything runs.
        AllRunsFailed: if no run came to its end.
    """
    for module in ("sklearn", "emcee"):  # wanted after the first runs: not to be found missing then
        needs(module, "analysis", "calibration to monthly figures")
    figures = data if isinstance(data, MonthlyData) else read_monthly(data)
    ranges = usual_ranges(figures, scenario) if fit is None else dict(fit)
    check_ranges(ranges)
    held = min(3, len(figures.labels) // 4) if holdout is None else holdout
    root = scenario.run.seed if seed is None else seed
    check_numbers(figures, held, len(ranges), points, replications, discrepancy, root)
    asked = {
        "figures": figures.names,
        "values": plain_data(figures.values.tolist()),
        "scenario": resolved(scenario),
        "fit": ranges,
        "holdout": held,
        "points": points,
        "replications": replications,
        "discrepancy": discrepancy,
        "seed": root,
    }
    with executor_for(workers, dask, executor) as place:
        if out is not None:
            _take_up(out, asked, scenario)
        simulate = _Runs(scenario, ranges, figures, out, root, place, watch, _planned(points, replications))
        found = fit_months(
            figures, scenario, ranges, simulate, held=held, points=points, replications=replications,
            discrepancy=discrepancy, seed=root,
        )  # fmt: skip
        return replace(found, asked=asked)


def fit_months(
    figures: MonthlyData,
    scenario: Scenario,
    ranges: Mapping[str, tuple[float, float]],
    simulate: Simulate,
    *,
    held: int,
    points: int,
    replications: int,
    discrepancy: float,
    seed: int,
) -> MonthlyFit:
    """Fit settings with any simulator, holding out the last `held` months; for the rest see `calibrate_monthly`."""
    months = len(figures.labels) - held
    seen = _statistics(figures, figures.values[None, None], months)[0, 0]
    means = zip(figures.columns, np.nanmean(figures.values[:months], axis=0), strict=True)
    extra = np.array([column.discrepancy(mean, discrepancy) ** 2 for column, mean in means])

    def outcomes(values: Floats, stage: str) -> Floats:
        return _statistics(figures, simulate(values, replications, stage), months)

    shares = qmc.LatinHypercube(len(ranges), rng=np.random.default_rng(seed)).random(points)
    values = _whole(to_values(shares, ranges), ranges)
    given = outcomes(values, "first")
    emulator = emulate(to_shares(values, ranges), given, figures.names)
    first = sample(emulator, seen, ranges, extra=extra, temper=WIDER, seed=seed)
    rng = np.random.default_rng(seed)
    closer = _whole(first.draws[rng.choice(len(first.draws), points // 2, replace=False)], ranges)
    values, given = np.concatenate([values, closer]), np.concatenate([given, outcomes(closer, "second")])
    emulator = emulate(to_shares(values, ranges), given, figures.names)
    posterior = sample(emulator, seen, ranges, extra=extra, seed=seed)
    drawn = posterior.draws[rng.choice(len(posterior.draws), PREDICTIVE, replace=False)]
    predicted = simulate(_whole(drawn, ranges), 1, "predicted")[:, 0]
    return MonthlyFit(
        figures, scenario, posterior, emulator.validation, predicted, months, discrepancy,
        surprise(posterior, emulator, seen, extra), _planned(points, replications), seed, tuple(doubts(figures)),
    )  # fmt: skip


def _planned(points: int, replications: int) -> int:
    """Runs of a calibration."""
    return (points + points // 2) * replications + PREDICTIVE


def _statistics(figures: MonthlyData, values: Floats, months: int) -> Floats:
    """What is fitted: means over the months that have an observed value, each on its scale.

    Args:
        figures: observed.
        values: float (points, replications, months, columns).
        months: used for fitting.

    Returns:
        Float (points, replications, columns).
    """
    there = np.isfinite(figures.values[:months])
    found = np.empty((*values.shape[:2], len(figures.names)))
    for k, column in enumerate(figures.columns):
        mine = values[:, :, :months, k][:, :, there[:, k]]
        count = np.isfinite(mine).sum(axis=2)
        total = np.nansum(mine, axis=2)
        found[:, :, k] = column.scaled(np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0))
    return found


def _whole(values: Floats, ranges: Mapping[str, tuple[float, float]]) -> Floats:
    """Values with whole numbers, within the range, where a setting takes no others."""
    whole = np.array([is_whole(name) for name in ranges])
    low, high = np.array(list(ranges.values())).T
    return np.where(whole, np.clip(np.round(values), np.ceil(low), np.floor(high)), values)


@dataclass
class _Runs:
    """Runs the scenario with other settings, as a sweep that resumes."""

    scenario: Scenario
    ranges: Mapping[str, tuple[float, float]]
    figures: MonthlyData
    out: Path | None
    seed: int
    executor: Executor
    watch: Callable[[Progress], None] | None
    planned: int
    before: int = 0

    def __call__(self, values: Floats, replications: int, stage: str) -> Floats:
        """Monthly figures at some settings; see `Simulate`."""
        months, names = len(self.figures.labels), self.figures.names
        settling = int(self.scenario.run.settling * self.scenario.run.days)
        series = needed_series(names)
        design = Design(
            self.scenario,
            {"own": self.scenario.structure},
            vary={
                name: [round(value) if is_whole(name) else value for value in column]
                for name, column in zip(self.ranges, values.T.tolist(), strict=True)
            },
            method="list",
            replications=replications,
            days=settling + DAYS_PER_MONTH * months,
            seed=self.seed + STAGES.index(stage),  # stages share no luck
            common_luck=False,  # luck shared by all points would shift them all together, and look like the model
            series=series,
        )
        folder = None
        if self.out is not None:  # later stages follow from earlier ones; other points, another folder
            mark = hashlib.blake2b(np.ascontiguousarray(values).tobytes(), digest_size=4).hexdigest()
            folder = self.out / "runs" / f"{stage}-{mark}"
            folder.parent.mkdir(exist_ok=True)
        results = sweep(design, folder, executor=self.executor, watch=self._told)
        self.before += len(values) * replications
        found = np.full((len(values), replications, months, len(names)), np.nan)
        runs = results.runs()
        if not (runs["status"] == "done").any():
            raise AllRunsFailed(f"no run came to its end; the first: {runs['message'].iloc[0]}")
        for key, days in results.days().groupby(["point", "replication"]):
            point, replication = np.asarray(key, int)
            found[point, replication] = monthly({name: days[name] for name in series}, names, settling)
        return found

    def _told(self, progress: Progress) -> None:
        if self.watch:
            self.watch(replace(progress, done=self.before + progress.done, total=self.planned))


def usual_ranges(figures: MonthlyData, scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Settings fitted unless asked otherwise: one for each kind of figure, in a range around the scenario's value.

    Which setting, and how far around, stands in `simsvc.calibration.months.monthly_figures.COLUMNS`.

    Raises:
        InputError: if no setting with a value above 0 belongs to the figures.
    """
    ranges: dict[str, tuple[float, float]] = {}
    for column in figures.columns:
        for name, below, above in column.settings:
            value, limits = float(setting_value(scenario, name)), setting_field(name).json_schema_extra
            low, high = max(below * value, limits["low"]), min(above * value, limits["high"])
            if low < high:
                ranges[name] = (low, high)
    if not ranges:
        raise InputError("--fit: no setting to fit follows from the columns; name some: market.neutral_churn=0.02:0.2")
    return ranges


def check_ranges(ranges: Mapping[str, tuple[float, float]]) -> None:
    """See that settings can be fitted in the ranges given.

    Raises:
        InputError: naming the setting, the value and what is allowed.
    """
    if not 1 <= len(ranges) <= MOST_SETTINGS:
        raise InputError(f"--fit: {len(ranges)} settings; allowed: 1 to {MOST_SETTINGS}")
    for name, (low, high) in ranges.items():
        if name not in setting_names():
            raise InputError(f"--fit: there is no setting '{name}'{nearest(name, setting_names())}")
        limits = setting_field(name).json_schema_extra
        if name.startswith("run.") or not limits or "low" not in limits:
            raise InputError(f"--fit: {name}: cannot be fitted; only settings with a number as value can, not run.*")
        try:
            check_varied(name, Span(low, high))
        except InputError as error:
            raise InputError(f"--fit: {str(error).removeprefix('vary: ')}") from None
        if low < limits["low"] or high > limits["high"]:
            raise InputError(f"--fit: {name} = {low:g}:{high:g}: out of range; allowed: {span(limits)}")


def check_numbers(
    figures: MonthlyData, held: int, settings: int, points: int, replications: int, discrepancy: float, seed: int
) -> None:
    """See that there is enough to fit and to fit with.

    Raises:
        InputError: naming the option, the value and what is allowed.
    """
    months = len(figures.labels)
    if not 0 <= held <= months - 2:
        raise InputError(
            f"--holdout {held}: the data have {months} months, of which at least 2 are needed for fitting; "
            f"allowed: 0 to {months - 2}"
            if months >= 2
            else "the data have one month only; at least 2 are needed"
        )
    for name, column in zip(figures.names, figures.values[: months - held].T, strict=True):
        if not np.isfinite(column).any():
            raise InputError(f"--holdout {held}: leaves no month with a value of {name} to fit to")
    least = max(20, POINTS_PER_SETTING * settings)
    for option, value, low, high in (("points", points, least, 5000), ("replications", replications, 2, 1000)):
        if not low <= value <= high:
            raise InputError(f"--{option} {value}: allowed with {settings} settings to fit: {low} to {high}")
    if not 0 <= seed < 2**63 - len(STAGES):
        raise InputError(f"--seed {seed}: allowed: 0 to {2**63 - len(STAGES) - 1}")
    if not 0 <= discrepancy <= 1:
        raise InputError(f"--discrepancy {discrepancy:g}: should be a share of each figure; allowed: 0 to 1")


def _take_up(out: Path, asked: Mapping[str, Any], scenario: Scenario) -> None:
    """Make the folder of a calibration, or see that it holds one that was asked for in the same words."""
    path = out / "manifest.json"
    check_writable(out)
    wanted = json.loads(json.dumps(asked))
    if path.exists():
        content = note_of(out)
        if content.get("kind") != "calibration":
            raise InputError(f"{out}: holds results of another kind ({content.get('kind')}); choose another folder")
        if differing := [key for key, value in wanted.items() if (content.get("asked") or {}).get(key) != value]:
            raise InputError(
                f"{out}: holds another calibration (it differs in {', '.join(differing)}); choose another folder"
            )
        return
    written(path, json.dumps(manifest(scenario, "", kind="calibration", asked=wanted), indent=1))
