"""Which circumstances decide what turning the chart does? Screening of 19 settings, then shares of the variance.

    python experiments/sensitivity_flip.py            # 24 trajectories, then 64 base samples of the strongest six
    python experiments/sensitivity_flip.py --quick    # the first two trajectories only

Settings that describe an organisation's circumstances, not its chart, vary together, each over the range that it
has among the organisations that come with the program; work to be done by a fifth and remedies by a factor of two
either way, because other organisations are of other sizes. Other settings are those of the class-room. Every
combination is run under the traditional and the inverted chart, with the same luck, twice. A trajectory has luck of
its own, so trajectories are independent and an answer has one value for each. Elementary effects (Morris) tell which
settings change what turning the chart does, and how evenly; Sobol indices tell what share of its variance the
strongest bring, alone and together. Writes screening_*.png, indices_*.png, effects.csv, indices.csv and gains.csv
(what turning does at every combination of the screening).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from simsvc.runs.metrics import METRICS
from simsvc.runs.statistics import interval
from simsvc.scenario.loading import load_scenario, presets, with_structure
from simsvc.sensitivity_analysis.figures import indices, screening
from simsvc.sensitivity_analysis.noise import told_apart
from simsvc.sensitivity_analysis.sampling import saltelli, trajectories
from simsvc.sensitivity_analysis.screening import direction, elementary_effects, morris, morris_verdict
from simsvc.sensitivity_analysis.variance_indices import sobol_indices, sobol_verdict
from simsvc.show.numbers import difference_unit, numbers
from simsvc.studies.study import Point, Study
from simsvc.sweeps.block import Span

STUDY = Study(
    "sensitivity_flip",
    "Which circumstances decide what turning the chart does to retention and profit?",
    ["C4", "C24", "H2", "H3", "H4", "H10", "H11"],
    replications=24,
    quick=2,
)
DAYS = 500
TWICE = 2
"""Runs of every combination under each chart, of which the scatter tells what is noise."""
BASE_SAMPLES = 64
STRONGEST = 6
CHARTS = ("traditional", "inverted")
GAIN = "inverted less traditional"
SHOWN = ("retention", "profit")
CLAIMS = {
    "demand.idiosyncrasy": "C24",
    "demand.request_share": "C24",
    "demand.difficulty": "H2",
    "workforce.skill": "H2",
    "workforce.manager_skill": "H2",
    "demand.illegitimate_share": "H3",
    "workforce.growth_need": "H4",
    "market.neutral_churn": "H10",
    "market.switching_cost": "H10",
    "operations.approval_delay": "H11",
    "operations.approval_minutes": "H11",
    "workforce.misalignment": "H11",
    "demand.contacts_per_year": "C4",
    "demand.failure_share": "C4",
    "demand.misrouted_share": "C4",
    "demand.remedy": "C4",
    "operations.cause_prevalence": "C4",
    "operations.tools": "C4",
    "workforce.quit_rate": "C4",
}
"""What varies, with the claim that it bears on."""
SIZES = {"demand.contacts_per_year": 1.2, "demand.remedy": 2.0}
"""Settings that depend on the size of the business: so many times less and more than in the class-room."""
LOG = ("demand.remedy", "operations.approval_delay", "workforce.quit_rate")
"""Settings whose proportions count rather than their differences."""


def ranges() -> dict[str, Span]:
    """Range of every setting among the organisations that come with the program, or around the class-room's."""
    found = {}
    organisations = [load_scenario(name) for name in presets()]
    for name in CLAIMS:
        section, _, key = name.partition(".")
        values = [float(getattr(getattr(one, section), key)) for one in organisations]
        low, high = min(values), max(values)
        if name in SIZES:
            now = float(getattr(getattr(load_scenario("classroom"), section), key))
            low, high = now / SIZES[name], now * SIZES[name]
        found[name] = Span(low, high, scale="log" if name in LOG else "linear")
    return found


def settings(names: Sequence[str], row: Any, over: Mapping[str, Span]) -> dict[str, float]:
    """Settings at a point; the newly hired stay as much less skilled as in the class-room."""
    values = {name: float(over[name].at(float(share), False)) for name, share in zip(names, row, strict=True)}
    if "workforce.skill" in values:
        values["workforce.hire_skill"] = max(values["workforce.skill"] - 0.2, 0.0)
    return values


def run(study: Study, names: Sequence[str], shares: Any, over: Mapping[str, Span], luck: int) -> dict[str, Any]:
    """Run blocks of points under both charts, each block with luck of its own.

    Args:
        study: that runs them.
        names: of the settings that vary.
        shares: float (blocks, points, settings), 0-1.
        over: ranges by name.
        luck: number of the first block's luck.

    Returns:
        By metric and by chart or difference: float (blocks, points, runs).
    """
    blocks, points = shares.shape[:2]
    runs = study.runs(
        [
            Point(
                {"block": block, "place": place, "structure": chart},
                with_structure(load_scenario("classroom", settings(names, shares[block, place], over)), chart),
                DAYS,
                luck + block,
            )
            for block in range(blocks)
            for place in range(points)
            for chart in CHARTS
        ],
        replications=TWICE,
        listed=False,
    ).sort_values(["block", "place", "replication"])
    found = {}
    for metric in SHOWN:
        values = {
            chart: runs[runs["structure"] == chart][metric].to_numpy(float).reshape(blocks, points, TWICE)
            for chart in CHARTS
        }
        found[metric] = values | {GAIN: values["inverted"] - values["traditional"]}
    return found


def main(study: Study) -> None:
    """Screen all settings; share out the variance among the strongest."""
    over = ranges()
    names = list(CLAIMS)
    shares = trajectories(len(names), study.replications, study.seed)
    values = run(study, names, shares, over, luck=0)
    tables = screened(names, shares, values)
    study.table(pd.concat([table.assign(metric=metric, of=of) for (metric, of), table in tables.items()]), "effects")
    gains = pd.DataFrame({"trajectory": np.repeat(np.arange(len(shares)), len(names) + 1)})
    gains = gains.assign(**{name: [settings([name], [share], over)[name] for share in shares[:, :, k].ravel()]
                            for k, name in enumerate(names)})  # fmt: skip
    study.table(gains.assign(**{m: values[m][GAIN].mean(axis=2).ravel() for m in SHOWN}), "gains")
    for metric in SHOWN:
        answer(study, metric, names, over, shares, values[metric][GAIN])
        study.finding(told(metric, tables[metric, GAIN], values[metric][GAIN]))
    if study.quick:
        return
    for metric in SHOWN:
        title = f"{METRICS[metric].label}: what it depends on ({len(shares)} trajectories, each combination twice)"
        panels = {of: tables[metric, of] for of in (*CHARTS, GAIN)}
        study.figure(screening(panels, metric, title), f"screening_{metric}")
    share_out(study, strongest(tables), over)


def screened(names: Sequence[str], shares: Any, values: dict[str, Any]) -> dict[tuple[str, str], pd.DataFrame]:
    """Elementary effects of every setting, by metric and by chart or difference."""
    tables = {}
    for metric, by_chart in values.items():
        for of, mine in by_chart.items():
            table = morris(shares, mine, common_luck=False)
            table.insert(0, "parameter", list(names))
            table["verdict"] = [morris_verdict(row) for row in table.to_dict("records")]
            tables[metric, of] = table.sort_values("mu_star", ascending=False)
    return tables


def answer(study: Study, metric: str, names: Sequence[str], over: Mapping[str, Span], shares: Any, gains: Any) -> None:
    """Mean effect of every setting on what turning the chart does, and how often turning does harm."""
    scale, unit = difference_unit(metric)
    effects = elementary_effects(shares, gains).mean(axis=2) * scale
    for k, name in enumerate(names):
        meaning = (
            f"How {GAIN} changes when {name} goes from {over[name].low:g} to {over[name].high:g}, the other settings "
            "anywhere in their ranges; positive: more of it favours the inverted chart."
        )
        study.answer(CLAIMS[name], f"{metric}: effect of {name}", effects[:, k], unit, meaning=meaning)
    mean = gains.mean(axis=2)
    study.answer("C4", f"{metric}: mean over all circumstances", mean.mean(axis=1) * scale, unit,
                 meaning=f"{GAIN}, circumstances anywhere in their ranges.")  # fmt: skip
    study.answer("C4", f"{metric}: circumstances in which turning loses", (mean < 0).mean(axis=1) * 100, "%",
                 meaning=f"Share of combinations of circumstances at which {GAIN} is below 0.")  # fmt: skip


def told(metric: str, table: pd.DataFrame, gains: Any) -> str:
    """What was found on a metric, in words."""
    scale, unit = difference_unit(metric)
    seen = table[[told_apart(verdict) for verdict in table["verdict"]]]
    top = [
        f"{row['parameter']} ({row['mu_star'] * scale:.1f} {unit} {direction(row)})"
        for row in seen.head(4).to_dict("records")
    ]
    mean = interval(gains.mean(axis=(1, 2)) * scale)
    loses = 100 * (gains.mean(axis=2) < 0).mean()
    return (
        f"Over all circumstances, {GAIN} is {numbers(mean, f' {unit}')} in {metric}, and below 0 at {loses:.0f} % of "
        f"combinations. {len(seen)} of {len(table)} settings change it beyond noise, most of all "
        f"{', '.join(top) or 'none'} over the whole range."
    )


def strongest(tables: dict[tuple[str, str], pd.DataFrame]) -> list[str]:
    """Settings with the largest effects on what turning does, taken in turn from both metrics."""
    in_turn = zip(*(tables[metric, GAIN]["parameter"] for metric in SHOWN), strict=True)
    return sorted(list(dict.fromkeys(name for pair in in_turn for name in pair))[:STRONGEST])


def share_out(study: Study, names: Sequence[str], over: Mapping[str, Span]) -> None:
    """Sobol indices of the strongest settings, others as they are in the class-room."""
    shares = saltelli(len(names), BASE_SAMPLES, False, study.seed)
    values = run(study, names, shares, over, luck=study.replications)
    rows = []
    for metric in SHOWN:
        panels = {}
        for of, mine in values[metric].items():
            table = sobol_indices(mine, len(names), common_luck=False).table
            table.insert(0, "parameter", list(names))
            table["verdict"] = [sobol_verdict(row) for row in table.to_dict("records")]
            panels[of] = table
            rows.append(table.assign(metric=metric, of=of))
        title = f"{METRICS[metric].label}: shares of the variance ({BASE_SAMPLES} base samples, each combination twice)"
        study.figure(indices(panels, metric, title), f"indices_{metric}")
        first = panels[GAIN].sort_values("total", ascending=False).iloc[0]
        study.finding(
            f"Among the strongest {len(names)}, {first['parameter']} brings {100 * first['total']:.0f} % "
            f"[{100 * first['total_low']:.0f}, {100 * first['total_high']:.0f}] of the variance in what turning does "
            f"to {metric}, {100 * first['first']:.0f} % alone."
        )
    study.table(pd.concat(rows), "indices")


if __name__ == "__main__":
    STUDY.command(main)
