"""Do the worlds that `simsvc robust` keeps hold the truth as often as they say?

    python experiments/worlds_coverage.py            # 20 made-up companies, 400 draws for each
    python experiments/worlds_coverage.py --quick    # 3 companies, 160 draws

The truth of each company is drawn from the ranges of all assumptions of `classroom`. Runs at the truth, with luck of
their own, give its levels; what is known of them is off by an error within the width of the level table. History
matching sees that and nothing else. Counted is how often the 5 to 95 % range of the worlds kept holds the company's own
level, and its own effect of turning the chart, the mean of many pairs. Levels of worlds are counted twice: in the run
by which each was matched, where all draws have the same luck, and in later runs with other luck. Writes coverage.png,
coverage.csv (by quantity, with what is to be expected if the truth were one more world of so few) and companies.csv
(truth and range of each).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy import stats

from simsvc.evidence.levels import LEVELS, reached
from simsvc.organization import ServiceOrganization
from simsvc.robustness.compute import DRAWS, FEWEST_KEPT, RECTANGULAR, targets_of
from simsvc.robustness.inputs import inputs, possible, values_at
from simsvc.robustness.matching import Target, match
from simsvc.robustness.result import QUANTILES
from simsvc.runs.metrics import HEADLINES
from simsvc.runs.statistics import CONFIDENCE, Interval, contrast, interval
from simsvc.scenario.loading import changed, load_scenario, with_structure
from simsvc.show.axes import COLOURS, clean
from simsvc.show.numbers import called, difference_unit
from simsvc.studies.study import Point, Study

STUDY = Study(
    "worlds_coverage",
    "Do the worlds that go with what is known of a baseline hold the truth as often as they say?",
    [],
    replications=8,
    quick=4,
    timed=True,
)
DAYS = 250
SIZES = {False: (20, DRAWS), True: (3, 160)}
"""Companies and draws for each, of the full and of the quick study."""
PAIRS, MOST = 2, 24
"""Pairs of runs of a world, and worlds of a company of which they are made: the first ones kept."""
CHARTS = ("traditional", "inverted")
LEVEL, MATCHED, EFFECT = "level", "level as matched", "effect"


def levels_of(model: ServiceOrganization, days: Any) -> dict[str, float]:
    """The level table of one run."""
    return {f"{LEVEL}_{one.level.name}": one.value for one in reached([days], model.settings.run.settling)}


COLUMNS = [f"{LEVEL}_{level.name}" for level in LEVELS]


def main(study: Study) -> None:
    """Draw companies, match each to what is known of it, and count."""
    scenario = load_scenario("classroom")
    parameters = inputs("assumptions", scenario)
    check = partial(possible, scenario, parameters)
    rng = np.random.default_rng(study.seed)
    companies, draws = SIZES[study.quick]
    truths = rng.random((2 * companies, len(parameters)))
    truths = truths[check(truths)][:companies]
    seen: dict[bytes, Any] = {}

    def run(shares: Any, charts: Sequence[str], replications: int, luck: int) -> pd.DataFrame:
        points = [
            Point({"world": k, "chart": chart}, with_structure(world, chart), DAYS, luck)
            for k, share in enumerate(shares)
            for world in [changed(scenario, values_at(parameters, share))]
            for chart in charts
        ]
        return study.runs(points, probe=levels_of, replications=replications, listed=False)

    def levels(shares: Any, _: int) -> Any:
        """Of one run of the baseline at each point; the first wave is the same for all companies."""
        key = shares.tobytes()
        if key not in seen:
            seen[key] = run(shares, CHARTS[:1], 1, 0)[COLUMNS].to_numpy()
        return seen[key]

    rows: list[dict[str, Any]] = []
    for number, truth in enumerate(truths):
        own = run([truth], CHARTS, study.replications, 2 * number + 1)
        usual = own.loc[own["chart"] == CHARTS[0], COLUMNS].to_numpy()
        targets = known(targets_of(usual, usual.mean(axis=0, keepdims=True)), usual, rng)
        columns = [COLUMNS.index(f"{LEVEL}_{target.name}") for target in targets]
        matched = match(
            lambda shares, wave, columns=columns: levels(shares, wave)[:, columns],  # type: ignore[misc]
            targets, len(parameters), draws, study.seed, check,
        )  # fmt: skip
        kept, count = np.flatnonzero(matched.kept), int(matched.kept.sum())
        if count < FEWEST_KEPT:
            rows.append({"company": number, "kept": count})
            continue
        worlds = run(matched.shares[kept[:MOST]], CHARTS, PAIRS, 2 * number + 2)
        baselines = worlds[worlds["chart"] == CHARTS[0]].groupby("world")[COLUMNS].mean().to_numpy()
        judged = [
            (kind, target.name, usual[:, column].mean(), of)
            for k, (target, column) in enumerate(zip(targets, columns, strict=True))
            for kind, of in ((LEVEL, baselines[:, column]), (MATCHED, matched.found[kept, k]))
        ]
        true, turned = effects(own), effects(worlds)
        judged += [(EFFECT, metric, true[metric].iloc[0], turned[metric].to_numpy()) for metric in HEADLINES]
        rows += [
            {"company": number, "kept": count, "kind": kind, "quantity": quantity, **held(float(truth), of)}
            for kind, quantity, truth, of in judged
        ]
    found = pd.DataFrame(rows, columns=["company", "kept", "kind", "quantity", *held(0.0, np.zeros(2))])
    table = covered(found)
    study.table(found, "companies")
    study.table(table, "coverage")
    study.figure(figure(found, table), "coverage")
    study.finding(finding(found, table))


def known(targets: Sequence[Target], levels: Any, rng: np.random.Generator) -> list[Target]:
    """What is known of a company: its levels with an error of measurement, anywhere in the width of the level table.

    Args:
        targets: with that width.
        levels: float (runs, levels), of the company.
        rng: of the errors.
    """
    own = dict(zip([level.name for level in LEVELS], levels.mean(axis=0).tolist(), strict=True))
    errors = rng.uniform(-RECTANGULAR, RECTANGULAR, len(targets)).tolist()
    return [
        replace(target, value=own[target.name] + error * target.measured, published=False, source="made up")
        for target, error in zip(targets, errors, strict=True)
    ]


def effects(runs: pd.DataFrame) -> pd.DataFrame:
    """Effect of turning the chart by world, the mean of its pairs."""
    return contrast(runs, "chart", CHARTS[1], CHARTS[0], ["world"]).groupby("world")[list(HEADLINES)].mean()


def held(truth: float, worlds: Any) -> dict[str, float]:
    """Whether the range of worlds holds the truth, and how often it would if that were one more world of them."""
    worlds = worlds[np.isfinite(worlds)]
    low, middle, high = np.quantile(worlds, QUANTILES)
    n, wide = len(worlds), QUANTILES[-1] - QUANTILES[0]
    inside = float(low <= truth <= high)
    return {"truth": truth, "low": low, "median": middle, "high": high, "worlds": n, "inside": inside,
            "expected": wide * (n - 1) / (n + 1)}  # fmt: skip


def covered(found: pd.DataFrame) -> pd.DataFrame:
    """How often ranges hold the truth: by quantity (Wilson), and of each kind together (Student, over companies)."""
    rows: list[tuple[Any, ...]] = []
    for (kind, quantity), mine in found.dropna().groupby(["kind", "quantity"], sort=False):
        n, count = len(mine), int(mine["inside"].sum())
        ends = stats.binomtest(count, n).proportion_ci(CONFIDENCE, method="wilson")
        rows.append((kind, quantity, n, count / n, ends.low, ends.high, mine["expected"].mean()))
    for kind, mine in found.dropna().groupby("kind", sort=False):
        each: Interval = interval(mine.groupby("company")["inside"].mean())
        rows.append((kind, "all", each.n, each.mean, each.low, each.high, mine["expected"].mean()))
    return pd.DataFrame(rows, columns=["kind", "quantity", "companies", "covered", "low", "high", "expected"])


def figure(found: pd.DataFrame, table: pd.DataFrame) -> Figure:
    """Ranges of the effects against the truth, and how often they hold it."""
    result = Figure(figsize=(13.5, 4.8), layout="constrained")
    *panels, counts = result.subplots(1, 4, width_ratios=(1, 1, 1, 1.5))
    for axes, metric in zip(panels, HEADLINES, strict=True):
        factor, unit = difference_unit(metric)
        mine = found[(found["kind"] == EFFECT) & (found["quantity"] == metric)]
        truth, low, middle, high = (mine[name] * factor for name in ("truth", "low", "median", "high"))
        colours = [COLOURS[0] if inside else COLOURS[1] for inside in mine["inside"]]
        axes.vlines(truth, low, high, color=colours, linewidth=2)
        axes.scatter(truth, middle, color=colours, s=14)
        if len(mine):
            axes.axline((float(truth.iloc[0]),) * 2, slope=1, color="black", linewidth=0.8)
        axes.set_title(called(metric).capitalize(), fontsize=10, loc="left")
        axes.set_xlabel(f"effect in the company, {unit}", fontsize=8)
        axes.set_ylabel(f"5 to 95 % of its worlds, {unit}", fontsize=8)
        clean(axes)
    table = table[table["kind"] != MATCHED]
    words = {level.name: level.label for level in LEVELS} | {"all": f"all {LEVEL}s"}
    effects = {metric: f"effect on {called(metric)}" for metric in HEADLINES} | {"all": f"all {EFFECT}s"}
    of = {LEVEL: words, EFFECT: effects}
    names = [of[row["kind"]][row["quantity"]] for row in table.to_dict("records")]
    heights = np.arange(len(table))
    counts.hlines(heights, 100 * table["low"], 100 * table["high"], color=COLOURS[0], linewidth=1.5)
    counts.plot(100 * table["covered"], heights, "o", color=COLOURS[0], markersize=4.5)
    counts.plot(100 * table["expected"], heights, "|", color="black", markersize=9)
    counts.set_yticks(heights, names, fontsize=7.5)
    counts.invert_yaxis()
    counts.set_xlim(0, 103)
    counts.set_title("Ranges that hold the truth, % (|: expected)", fontsize=10, loc="left")
    clean(counts, "x")
    return result


def finding(found: pd.DataFrame, table: pd.DataFrame) -> str:
    """The coverage in words."""
    kept = found.groupby("company")["kept"].first()
    enough = int((kept >= FEWEST_KEPT).sum())
    told = f"Of {len(kept)} made-up companies {enough} kept {FEWEST_KEPT} worlds or more (median {kept.median():.0f})."
    if enough < len(kept):
        told += " The others `simsvc robust` would refuse to judge."
    rows = {(row["kind"], row["quantity"]): row for row in table.to_dict("records")}
    words: dict[str, str] = {
        EFFECT: "own effect of turning the chart", LEVEL: "own levels",
        MATCHED: "own levels, those of worlds taken from the run by which they were matched,",
    }  # fmt: skip
    for kind, what in words.items():
        if row := rows.get((kind, "all")):
            told += f" The 5 to 95 % range of the worlds holds the company's {what} in {_percent(row)}: {_judged(row)}."
    parts = [f"{called(metric)} {_percent(rows[EFFECT, metric])}" for metric in HEADLINES if (EFFECT, metric) in rows]
    return f"{told} By effect: {', '.join(parts)}." if parts else told


def _percent(row: Mapping[Any, Any]) -> str:
    return f"{100 * row['covered']:.0f} % [{100 * max(row['low'], 0):.0f}, {100 * min(row['high'], 1):.0f}]"


def _judged(row: Mapping[Any, Any]) -> str:
    expected = f"the {100 * row['expected']:.0f} % to be expected of so few worlds"
    if row["high"] < row["expected"]:
        return f"less often than {expected}"
    return f"more often than {expected}" if row["low"] > row["expected"] else f"no difference seen to {expected}"


if __name__ == "__main__":
    STUDY.command(main)
