"""Do the intervals that the program prints hold the truth as often as they say?

    python experiments/coverage.py            # 120 pairs of runs, 2,000 repetitions of each sample
    python experiments/coverage.py --quick    # 8 pairs, 200 repetitions

Small samples are drawn again and again from distributions whose mean is known, and it is counted how often the
program's own intervals hold it: means of normal, lopsided and rare values with 3 to 30 replications, counts, effects of
power and management and their interaction in runs of `classroom` (drawn from many pairs, whose mean is the truth),
many intervals at once, `--precision` before and after it was mended, shares and counts of call records, the time until
turning pays, and the guarantee of `simsvc best`. Writes coverage.png, coverage.csv (a row per case), precision.csv.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.calibration.calls.intervals import poisson, ratio
from simsvc.comparison.factors import FULL, QUEUEING, effects_of, variants
from simsvc.comparison.horizons import pays_after, stays_above
from simsvc.runs.metrics import METRICS, one_event
from simsvc.runs.statistics import (
    CONFIDENCE,
    Interval,
    interval,
    until_precise,
    widening,
)
from simsvc.scenario.loading import load_scenario, load_structure, with_days
from simsvc.selection.kim_nelson import KimNelson
from simsvc.show.axes import COLOURS, clean
from simsvc.studies.study import Point, Study

STUDY = Study(
    "coverage",
    "Do the intervals that the program prints hold the truth as often as they say?",
    [],
    replications=120,
    quick=8,
    timed=True,
)
SIZES = (3, 5, 10, 30)
DAYS = 250
BAND = (0.93, 0.97)
"""Coverage of 95 % intervals that counts as what they say."""
MOST = 3000
"""Replications at which a sequential procedure stops in any case."""
AT_ONCE = 10

Draw = Callable[[Any], Any]
"""Takes a shape, gives values of that shape."""
Hit = Callable[[], bool]
"""Draws a sample and tells whether its interval holds the truth."""


def distributions(rng: np.random.Generator) -> dict[str, tuple[Draw, float]]:
    """Values of one replication by name, with their true mean; the spread is about 1, but for counts."""
    return {
        "normal": (rng.standard_normal, 0.0),
        "heavy tails (t, 5 df)": (partial(rng.standard_t, 5), 0.0),
        "lopsided (exponential)": (rng.standard_exponential, 1.0),
        "very lopsided (gamma 1/2)": (partial(rng.standard_gamma, 0.5), 0.5),
        "extreme (lognormal)": (partial(rng.lognormal, 0.0, 1.0), math.exp(0.5)),
        "profit, loss of 5 sd in 20 % of runs": (lambda size: _loss(rng, size, 0.2, 5.0), -1.0),
        "profit, loss of 10 sd in 5 % of runs": (lambda size: _loss(rng, size, 0.05, 10.0), -0.5),
    }


def _loss(rng: np.random.Generator, size: Any, chance: float, loss: float) -> Any:
    return rng.standard_normal(size) - loss * (rng.random(size) < chance)


def main(study: Study) -> None:
    """Run the study."""
    repetitions = 200 if study.quick else 2000
    rng = np.random.default_rng(study.seed)
    effects, events = effects_of_runs(study)
    rows = []
    for kind, case, n, share, hit in cases(rng, effects, events):
        tried = max(round(repetitions * share), 20)
        rows.append((kind, case, n, tried, float(np.mean([hit() for _ in range(tried)]))))
    table = judged(pd.DataFrame(rows, columns=["interval", "case", "n", "repetitions", "covered"]))
    sequential = precise(rng, effects["whole"], max(repetitions // 4, 50))
    study.table(table, "coverage")
    study.table(sequential, "precision")
    study.figure(figure(table, sequential), "coverage")
    study.finding(finding(table, sequential))


def effects_of_runs(study: Study) -> tuple[dict[str, pd.DataFrame], dict[str, float]]:
    """Effects on every metric by pair of runs of `classroom`, and what one rare event does to each metric."""
    scenario = with_days(load_scenario("classroom"), DAYS)
    charts = {name: load_structure(name) for name in ("traditional", "inverted")}
    planned = [cell for cell in variants(scenario, charts) if cell[0] != QUEUEING]
    runs = study.runs([Point({"part": part, "structure": name}, settings) for part, name, settings in planned])
    whole = runs["part"] == FULL
    full = runs[whole].drop(columns="part")
    effects = effects_of(full, runs[~whole], *charts)
    levels = full[full["structure"] == "inverted"].set_index("replication")[list(METRICS)]
    found = {
        "level": levels,
        "whole": effects["management_old_power"] + effects["power_new_management"],
        "management": effects["management_old_power"],
        "power": effects["power_old_management"],
        "interaction": effects["interaction"],
    }
    days = DAYS - int(DAYS * scenario.run.settling)
    return found, {metric: one_event(metric, scenario, days) for metric in METRICS}


def cases(
    rng: np.random.Generator, effects: Mapping[str, pd.DataFrame], events: Mapping[str, float]
) -> Iterator[tuple[str, str, int, float, Hit]]:
    """What is tried: kind of interval, case, sample size, share of the repetitions, one trial."""
    for n in SIZES:
        for name, (draw, mean) in distributions(rng).items():
            yield "mean", name, n, 1.0, partial(_mean, draw, mean, n)
            yield f"{AT_ONCE} means at once (Bonferroni)", name, n, 0.3, partial(_at_once, draw, mean, n)
        for rates in ((0.2, 0.1), (1.0, 0.5), (3.0, 2.0)):
            case = f"rates {rates[0]:g} and {rates[1]:g} a run"
            for kind, event in (("counts by Student alone", 0.0), ("counts with an unseen event", 1.0)):
                yield kind, case, n, 1.0, partial(_counts, rng, rates, n, event)
            yield "interaction of counts", case, n, 1.0, partial(_interaction, rng, rates, n)
        for effect, values in effects.items():
            for metric in METRICS:
                known = values[metric].dropna().to_numpy(float)
                if len(known) >= len(values) / 2 and known.any():
                    trial = partial(_of_runs, rng, known, n, events[metric])
                    yield f"runs of classroom, {effect}", metric, n, 0.25, trial
    for n in (5, 20, 60):
        for share in (0.02, 0.2):
            yield (
                "share of calls, by day (jackknife)",
                f"{share:.0%} of 100 a day",
                n,
                0.5,
                partial(_share, rng, share, n),
            )
    for mean in (0.5, 3.0, 20.0):
        yield "count (Garwood)", f"mean {mean:g}", 1, 1.0, partial(_garwood, rng, mean)
    for n in SIZES[1:]:
        yield "years until turning pays", "cost of 100, gains that differ by run", n, 0.1, partial(_pays, rng, n)
    for name, (draw, mean) in list(distributions(rng).items())[:5]:
        yield "selection of the best (KN)", name, 4, 0.1, partial(_selected, draw, mean)


def _holds(found: Interval, truth: float) -> bool:
    return found.low <= truth <= found.high


def _mean(draw: Draw, mean: float, n: int) -> bool:
    return _holds(interval(draw(n)), mean)


def _at_once(draw: Draw, mean: float, n: int) -> bool:
    """Whether ten intervals, widened as `--simultaneous` and the interactions of `decompose` widen them, all hold."""
    wider = widening(AT_ONCE, n)
    found = [interval(values) for values in draw((AT_ONCE, n))]
    return all(abs(each.mean - mean) <= each.half_width * wider for each in found)


def _pair_of_counts(rng: np.random.Generator, rates: tuple[float, float], n: int) -> Any:
    """Differences of two counts, four fifths of the smaller one common luck."""
    common = 0.8 * min(rates)
    one, other = (rng.poisson(rate - common, n) for rate in rates)
    return (one - other).astype(float)


def _counts(rng: np.random.Generator, rates: tuple[float, float], n: int, event: float) -> bool:
    return _holds(interval(_pair_of_counts(rng, rates, n), event=event), rates[0] - rates[1])


def _interaction(rng: np.random.Generator, rates: tuple[float, float], n: int) -> bool:
    """A difference of differences: what one factor does to a count with the other turned, less without."""
    twice = (2 * rates[0], 2 * rates[1])
    values = _pair_of_counts(rng, twice, n) - _pair_of_counts(rng, rates, n)
    return _holds(interval(values, event=1.0), rates[0] - rates[1])


def _of_runs(rng: np.random.Generator, known: Any, n: int, event: float) -> bool:
    return _holds(interval(rng.choice(known, n), event=event), known.mean())


def _share(rng: np.random.Generator, share: float, days: int) -> bool:
    calls = rng.poisson(100, days)
    daily = np.clip(share * rng.gamma(20.0, 1 / 20.0, days), 0, 1)  # days differ
    return _holds(ratio(np.column_stack([rng.binomial(calls, daily), calls]), 1.0), share)


def _garwood(rng: np.random.Generator, mean: float) -> bool:
    low, high = poisson(float(rng.poisson(mean)))
    return low <= mean <= high


def _pays(rng: np.random.Generator, pairs: int) -> bool:
    days = 10.0 * np.arange(1, 41)
    found = pays_after(-100 + (1 + 0.3 * rng.standard_normal((pairs, 1))) * days)
    return found["low"] <= stays_above(-100 + days) <= found["high"]


def _selected(draw: Draw, mean: float) -> bool:
    """Whether the best of four is found that is ahead of all others by just the indifference zone, half a spread."""
    contest = KimNelson(4, indifference=0.5, first=10)
    while not contest.finished and contest.observed < MOST:
        values = draw(4) - mean
        values[0] += 0.5
        contest.observe(values[contest.survivors])
    return contest.survivors == [0]


def judged(table: pd.DataFrame) -> pd.DataFrame:
    """The table with a verdict; two standard errors of the repetitions are allowed for."""
    error = 2 * np.sqrt(CONFIDENCE * (1 - CONFIDENCE) / table["repetitions"])
    words = np.select(
        [table["covered"] < BAND[0] - error, table["covered"] > BAND[1] + error], ["too seldom", "wide"], "as said"
    )
    return table.assign(verdict=words)


# -- sequential stopping ----------------------------------------------------------------------


def at_once(look: Callable[[int], tuple[Interval, Any, float]], most: int) -> int:
    """The rule of old: from ten replications on, stop at the first look at which the interval is narrow enough."""
    n = 10
    while n < most:
        found, _, half_width = look(n)
        if found.half_width <= half_width:
            break
        n = min(max(math.ceil(n * (found.half_width / half_width) ** 2 * 1.05), n + 1), 3 * n, most)
    return n


def precise(rng: np.random.Generator, whole: pd.DataFrame, repetitions: int) -> pd.DataFrame:
    """Coverage and cost of `--precision`, stopping at once and as it does now.

    Half-widths are those that 20 and 100 replications reach on average.

    Returns:
        Columns: case, needed (replications that reach the half-width), before, before_n, covered, n (mean number of
        replications), reached (share of repetitions that ended before the most that may be run).
    """
    drawn = distributions(rng)
    for metric in ("retention", "loyalty", "mean_wait", "abandonment", "profit"):
        known = whole[metric].dropna().to_numpy(float)
        drawn[f"classroom, {metric}"] = (partial(rng.choice, known), float(known.mean()))
    rows = []
    for case, (draw, mean) in drawn.items():
        spread = float(np.std(draw(100_000)))
        for needed in (20, 100):
            half_width = 1.96 * spread / math.sqrt(needed)
            ended: dict[str, list[tuple[bool, int]]] = {"before": [], "now": []}
            for _ in range(repetitions):
                values = draw(MOST)

                def look(n: int, values: Any = values, half: float = half_width) -> tuple[Interval, Any, float]:
                    return interval(values[:n]), values[:n], half

                for rule, n in (
                    ("before", at_once(look, MOST)),
                    ("now", until_precise(lambda n, look=look: [look(n)], MOST)),  # type: ignore[misc]
                ):
                    ended[rule].append((_holds(look(n)[0], mean), n))
            (before, before_n), (covered, n) = (np.mean(ended[rule], axis=0) for rule in ("before", "now"))
            reached = float(np.mean([count < MOST for _, count in ended["now"]]))
            rows.append((case, needed, before, before_n, covered, n, reached))
    return pd.DataFrame(rows, columns=["case", "needed", "before", "before_n", "covered", "n", "reached"])


# -- what was found ---------------------------------------------------------------------------


def figure(table: pd.DataFrame, sequential: pd.DataFrame) -> Figure:
    """Coverage by sample size and distribution, of the program's own runs, and of sequential stopping."""
    result = Figure(figsize=(11, 7.6), layout="constrained")
    (means, runs), (counts, stopped) = result.subplots(2, 2)
    for axes, kind, title in (
        (means, "mean", "Means of known distributions"),
        (counts, "counts with an unseen event", "Counts, with an unseen event; hollow: Student alone"),
    ):
        for k, (case, mine) in enumerate(table[table["interval"] == kind].groupby("case", sort=False)):
            colour = COLOURS[k % len(COLOURS)]
            axes.plot(range(len(mine)), 100 * mine["covered"], "osD^v<>"[k], color=colour, label=case, linestyle="-")
            if axes is counts:
                alone = table[(table["interval"] == "counts by Student alone") & (table["case"] == case)]
                axes.plot(range(len(alone)), 100 * alone["covered"], "osD"[k], color=colour, markerfacecolor="none",
                          linestyle=":")  # fmt: skip
        axes.set_title(title, fontsize=10, loc="left")
        axes.set_xticks(range(len(SIZES)), map(str, SIZES))
        axes.set_xlabel("replications", fontsize=8)
        axes.legend(fontsize=7, frameon=False, loc="lower right", ncols=2)
        axes.set_ylim({means: 70, counts: 20}[axes], 100.5)
    mine = table[table["interval"].str.startswith("runs of classroom")]
    kinds = list(dict.fromkeys(mine["interval"]))
    for k, kind in enumerate(kinds):
        for place, n in enumerate(SIZES):
            values = 100 * mine[(mine["interval"] == kind) & (mine["n"] == n)]["covered"]
            x = place + 0.15 * (k - (len(kinds) - 1) / 2)
            runs.plot([x] * len(values), values, ".", color=COLOURS[k], alpha=0.6, markersize=5,
                      label=kind.rpartition(", ")[2] if place == 0 else "")  # fmt: skip
    runs.set_title("Runs of classroom: a dot is a metric", fontsize=10, loc="left")
    runs.set_xticks(range(len(SIZES)), map(str, SIZES))
    runs.set_xlabel("pairs of runs", fontsize=8)
    runs.legend(fontsize=7, frameon=False, loc="lower right")
    last = sequential[sequential["needed"] == sequential["needed"].max()].reset_index(drop=True)
    for column, mark, fill in (("before", "o", "none"), ("covered", "o", COLOURS[0])):
        stopped.plot(100 * last[column], last.index, mark, color=COLOURS[0], markerfacecolor=fill,
                     label={"before": "stopping at once", "covered": "confirmed"}[column])  # fmt: skip
    stopped.set_yticks(last.index, last["case"], fontsize=7.5)
    stopped.set_ylim(len(last) - 0.5, -0.5)
    stopped.set_title("--precision, half-width of 100 replications", fontsize=10, loc="left")
    stopped.set_xlabel("intervals that hold the truth, %", fontsize=8)
    stopped.legend(fontsize=7, frameon=False, loc="lower left")
    for axes in (means, counts, runs):
        axes.axhspan(*(100 * end for end in BAND), color="black", alpha=0.08, linewidth=0)
        axes.set_ylabel("intervals that hold the truth, %", fontsize=8)
        clean(axes)
    stopped.axvspan(*(100 * end for end in BAND), color="black", alpha=0.08, linewidth=0)
    clean(stopped, "x")
    result.suptitle("95 % intervals: how often they hold the truth; grey: 93 to 97 %", fontsize=11, x=0.01, ha="left")
    return result


def finding(table: pd.DataFrame, sequential: pd.DataFrame) -> str:
    """The coverage in words."""
    told = []
    for kind, mine in table.groupby(table["interval"].str.partition(", ")[0], sort=False):
        seldom, wide = ((mine["verdict"] == word).sum() for word in ("too seldom", "wide"))
        low, high = 100 * mine["covered"].min(), 100 * mine["covered"].max()
        told.append(
            f"{kind}: {low:.0f} to {high:.0f} %, too seldom in {seldom} and wide in {wide} of {len(mine)} cases"
        )
    rows = sequential.to_dict("records")
    before, now = (f"{100 * min(row[k] for row in rows):.0f} to {100 * max(row[k] for row in rows):.0f}"
                   for k in ("before", "covered"))  # fmt: skip
    left = [f"{row['case']} {100 * row['covered']:.1f} %" for row in rows if row["covered"] < BAND[0]]
    worst = table[table["interval"].str.startswith("runs of")].nsmallest(1, "covered").iloc[0]
    normal = next(row for row in rows if row["case"] == "normal" and row["needed"] == 100)
    kept = f"; still below {100 * BAND[0]:.0f} %: {', '.join(left)}" if left else ""
    return (
        f"How often 95 % intervals hold the truth. {'. '.join(told)}. Worst of the runs of classroom: "
        f"{worst['interval'].rpartition(', ')[2]}, {worst['case']} with {worst['n']} pairs, "
        f"{100 * worst['covered']:.0f} %. Sequential stopping (--precision): {before} % if "
        f"one stops at once, {now} % with enough pairs for the skewness and a confirmation{kept}; for normal values "
        f"that takes {normal['n']:.0f} pairs instead of {normal['before_n']:.0f}. Lopsided values need more runs; a "
        "loss that few runs hold cannot be seen in an interval from runs without it."
    )


if __name__ == "__main__":
    STUDY.command(main)
