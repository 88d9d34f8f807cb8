"""Do the intervals of a calibration to monthly figures cover as often as they say?

    python experiments/calibration_coverage.py            # 100 data sets
    python experiments/calibration_coverage.py --quick    # 4 data sets, a coarse emulator

Organisations like the preset `classroom` are drawn from the ranges that a calibration searches, each runs a year
for itself, and what it reports by the month is given to the calibration as if it were a company's. One
emulator, learnt from other runs, serves all of them. If intervals are right, the 95 % interval of a
setting holds the true value in 95 of 100 organisations, up to chance. Writes coverage.png, coverage.csv
(how often intervals cover, with what chance allows), data_sets.csv (truth and posterior of every
organisation) and emulator.csv (how well the emulator predicts points left out).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy import stats
from scipy.stats import qmc
from threadpoolctl import threadpool_limits

from simsvc.calibration.months.compute import usual_ranges
from simsvc.calibration.months.emulator import Emulator, emulate
from simsvc.calibration.months.monthly_figures import COLUMNS, Floats, MonthlyData, monthly
from simsvc.calibration.months.posterior import identify, sample, to_shares, to_values
from simsvc.organization import ServiceOrganization
from simsvc.runs.executors.threads import cores
from simsvc.scenario.calendar import DAYS_PER_MONTH
from simsvc.scenario.loading import load_scenario
from simsvc.show.axes import COLOURS, DASHES, clean
from simsvc.show.terminal import ProgressReport
from simsvc.studies.study import Point, Study

STUDY = Study(
    "calibration_coverage",
    "Do the intervals of a calibration to monthly figures cover as often as they say?",
    [],
    replications=4,
    quick=2,
    timed=True,
)
FIGURES = ("churn", "csat", "staff_turnover", "mean_wait", "abandonment")
MONTHS = 12
POINTS = {False: 150, True: 40}
"""Points that the emulator learns from, of the full and of the quick study."""
DATA_SETS = {False: 100, True: 4}
NOMINAL = (0.5, 0.8, 0.95)


def main(study: Study) -> None:
    """Run the study."""
    scenario = load_scenario("classroom")
    settling = int(scenario.run.settling * scenario.run.days)
    blank = MonthlyData(FIGURES, tuple(str(m + 1) for m in range(MONTHS)), np.ones((MONTHS, len(FIGURES))))
    ranges = usual_ranges(blank, scenario)
    rng = np.random.default_rng(study.seed)
    design = qmc.LatinHypercube(len(ranges), rng=rng).random(POINTS[study.quick])
    truths = rng.random((DATA_SETS[study.quick], len(ranges)))

    def reported(model: ServiceOrganization, days: Any) -> dict[str, float]:
        means = monthly({name: days[name] for name in days.dtype.names}, FIGURES, settling).mean(axis=0)
        return {f"month_{name}": float(value) for name, value in zip(FIGURES, means, strict=True)}

    def outcomes(shares: Floats, first: int, replications: int) -> Floats:
        points = [
            Point(
                labels := dict(zip(ranges, map(float, values), strict=True)),
                load_scenario("classroom", labels),
                settling + MONTHS * DAYS_PER_MONTH,
                luck=first + number,
            )
            for number, values in enumerate(to_values(shares, ranges))
        ]
        runs = study.runs(points, probe=reported, replications=replications)
        scaled = [COLUMNS[name].scaled(runs[f"month_{name}"]) for name in FIGURES]
        return np.stack(scaled, axis=-1).reshape(len(shares), replications, len(FIGURES))

    emulator = emulate(design, outcomes(design, 0, study.replications), FIGURES)
    observed = outcomes(truths, len(design), 1)[:, 0]
    with threadpool_limits(1):  # data sets run in threads of their own
        sets = calibrated(study, emulator, observed, truths, ranges)
    table = covered(sets)
    study.table(sets, "data_sets")
    study.table(table, "coverage")
    study.table(emulator.validation, "emulator")
    study.figure(figure(sets, table), "coverage")
    study.finding(finding(sets, table))


def calibrated(
    study: Study, emulator: Emulator, observed: Floats, truths: Floats, ranges: dict[str, tuple[float, float]]
) -> pd.DataFrame:
    """Posterior of every data set: one row per data set and setting.

    `share` is the share of the posterior below the truth: uniform if the posterior is right.
    """

    def one(number: int) -> list[dict[str, Any]]:
        posterior = sample(emulator, observed[number], ranges, seed=study.seed + number)
        below = (to_shares(posterior.draws, ranges) < truths[number]).mean(axis=0)
        known = identify(posterior).settings
        true = to_values(truths[number], ranges)
        return [
            {"data_set": number, "setting": row["setting"], "truth": true[k], "median": row["median"],
             "low": row["low"], "high": row["high"], "sd_ratio": row["sd_ratio"], "share": below[k]}
            for k, row in enumerate(known.to_dict("records"))
        ]  # fmt: skip

    rows = []
    with ProgressReport("data sets") as report, ThreadPoolExecutor(cores()) as pool:
        for done, found in enumerate(pool.map(one, range(len(truths))), 1):
            rows += found
            report.update(done, len(truths))
    return pd.DataFrame(rows)


def covered(sets: pd.DataFrame) -> pd.DataFrame:
    """How often central intervals hold the truth, and the counts that chance allows (95 %, binomial).

    Over all settings the range is that of the mean over data sets, whose settings need not be independent.
    """
    rows: list[tuple[Any, ...]] = []
    for nominal in NOMINAL:
        inside = (2 * (sets["share"] - 0.5).abs() <= nominal).rename("inside")
        for setting, mine in inside.groupby(sets["setting"], sort=False):
            n = len(mine)
            low, high = stats.binom.interval(0.95, n, nominal)
            count = int(mine.sum())
            rows.append((setting, nominal, n, count / n, low / n, high / n, bool(low <= count <= high)))
        each = inside.groupby(sets["data_set"]).mean()
        settings = inside.size / len(each)
        apart = np.sqrt(nominal * (1 - nominal) / settings)  # if settings of a data set were independent
        reach = 1.96 * max(float(each.std(ddof=1)), apart) / np.sqrt(len(each))
        mean = float(inside.mean())
        rows.append(("all", nominal, len(each), mean, nominal - reach, nominal + reach, abs(mean - nominal) <= reach))
    return pd.DataFrame(rows, columns=["setting", "nominal", "data_sets", "covered", "low", "high", "within_chance"])


def figure(sets: pd.DataFrame, table: pd.DataFrame) -> Figure:
    """Coverage against what is said, and the counts by setting."""
    result = Figure(figsize=(11, 4.6), layout="constrained")
    curve, points = result.subplots(1, 2, width_ratios=(1, 1.15))
    levels = np.linspace(0.02, 0.98, 49)
    count = sets["data_set"].nunique()
    low, high = stats.binom.interval(0.95, count, levels)
    curve.fill_between(100 * levels, 100 * low / count, 100 * high / count, color="black", alpha=0.1, linewidth=0,
                       label="chance, 95 %")  # fmt: skip
    curve.plot([0, 100], [0, 100], color="black", linewidth=0.8)
    for k, (setting, mine) in enumerate(sets.groupby("setting", sort=False)):
        width = 2 * np.abs(mine["share"].to_numpy() - 0.5)
        curve.plot(100 * levels, [100 * (width <= level).mean() for level in levels], linewidth=1.6,
                   color=COLOURS[k % len(COLOURS)], linestyle=DASHES[k % len(DASHES)], label=str(setting))  # fmt: skip
    curve.set_xlabel("width of the interval, %", fontsize=9)
    curve.set_ylabel("intervals that hold the truth, %", fontsize=9)
    curve.set_title("Coverage of central intervals", fontsize=10, loc="left")
    curve.legend(fontsize=7.5, frameon=False, loc="upper left")
    clean(curve)
    settings = [*dict.fromkeys(table["setting"])]
    for k, nominal in enumerate(NOMINAL):
        rows = table[table["nominal"] == nominal].set_index("setting").loc[settings]
        x = np.arange(len(settings)) + 0.2 * (k - 1)
        points.vlines(x, 100 * rows["low"], 100 * rows["high"], color=COLOURS[k], linewidth=7, alpha=0.25)
        points.plot(x, 100 * rows["covered"], "osD"[k], color=COLOURS[k], markersize=5,
                    label=f"{100 * nominal:.0f} % intervals")  # fmt: skip
    points.set_xticks(range(len(settings)), [name.replace(".", ".\n") for name in settings], fontsize=8)
    points.set_ylabel("intervals that hold the truth, %", fontsize=9)
    points.set_title("By setting; bars: what chance allows", fontsize=10, loc="left")
    points.legend(fontsize=8, frameon=False, loc="lower left", ncols=3)
    points.set_ylim(0, 103)
    clean(points)
    result.suptitle(f"{count} organisations drawn from the ranges searched, {MONTHS} months each", fontsize=11, x=0.01,
                    ha="left")  # fmt: skip
    return result


def finding(sets: pd.DataFrame, table: pd.DataFrame) -> str:
    """The coverage in words."""
    whole = {row["nominal"]: row for row in table[table["setting"] == "all"].to_dict("records")}
    apart = table[(table["setting"] != "all") & ~table["within_chance"]]
    parts = [
        f"{100 * nominal:.0f} % intervals hold the truth in {100 * whole[nominal]['covered']:.1f} % of cases "
        f"(chance allows {100 * whole[nominal]['low']:.1f} to {100 * min(whole[nominal]['high'], 1.0):.1f})"
        for nominal in (0.5, 0.95)
    ]
    names = ", ".join(f"{row['setting']} at {100 * row['nominal']:.0f} %" for row in apart.to_dict("records"))
    count = len(table[table["setting"] != "all"])
    checked = (
        f"Of {count} coverages by setting {len(apart)} lie outside of what chance allows ({names})."
        if len(apart)
        else f"All {count} coverages by setting lie within what chance allows."
    )
    ratios = sets.groupby("setting", sort=False)["sd_ratio"].mean()
    told = ", ".join(f"{name} {value:.2f}" for name, value in ratios.items())
    return (
        f"Over {sets['data_set'].nunique()} organisations, {' and '.join(parts)}. {checked} "
        f"Mean spread of the posterior against the range searched: {told}."
    )


if __name__ == "__main__":
    STUDY.command(main)
