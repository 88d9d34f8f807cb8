"""How do the known answers come in: does the error go to zero, and as fast as theory says?

    python experiments/known_answers.py            # full size
    python experiments/known_answers.py --quick    # the same with three runs of each

`simsvc verify` asks whether a long run hits what theory knows. Here the same queues, networks and screens are run again
and again with other luck, and their root mean square error is followed over the contacts of a run, after its warm-up:
without anything systematic it falls with their square root, and a model that is wrong by little stops falling. One
answer is known by an approximate formula only, the single pool of two kinds of work. Work pressure has no luck: its
error is followed over the steps of a week. Plain ratios of sums here; `simsvc verify` takes out the luck of arrivals
and service times, too. Writes to results/known_answers a figure, `errors.csv`, `steps.csv` and a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.evidence.known_answers import (
    MEASURES,
    POOL,
    QUEUES,
    TIERS,
    erosion,
    screens_in_a_row,
    standard_lost,
)
from simsvc.evidence.queueing import (
    BATCHES,
    CUSTOMERS,
    erlang_a,
    erlang_c,
    observed,
    pooled_scenario,
    pooled_time,
    queue_scenario,
    two_tier_scenario,
    two_tier_time,
)
from simsvc.organization import ServiceOrganization
from simsvc.runs.statistics import interval
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.scenario.settings import Scenario
from simsvc.show.axes import COLOURS, DASHES, clean
from simsvc.studies.study import Point, Study

STUDY = Study(
    "known_answers",
    "Does the error against each known answer go to zero, and as fast as theory says?",
    [],
    replications=16,
    quick=3,
    timed=True,
)
SIZES = tuple(2000 * 2**k for k in range(9))
"""Contacts after which errors are looked at; a run has as many as the last."""
STEPS = (5, 10, 20, 50, 100, 200, 500)
"""Of integration per week of five days."""
POOLED = "one pool"


class Answer(NamedTuple):
    """What is run and, by measure, what is known of it."""

    scenario: Scenario
    exact: Mapping[str, float]


SUMS = {
    "p_wait": (("waited_at_all",), ("calls_judged", "abandoned"), 1.0),
    "mean_wait": (("wait",), ("calls_judged", "abandoned"), 60.0),
    "p_abandon": (("abandoned",), ("calls_judged", "abandoned"), 1.0),
    "time": (("wait", "delay", "service_time"), ("calls_judged",), 60.0),
    "granted": (("grants",), ("asked",), 1.0),
    "granted_unjustified": (("granted_unjustified",), ("asked",), 1.0),
}
"""Each measure as a ratio: fields of a day that are added above and below, and what it is divided by."""
CALLED = {name: question for name, (_, question, _) in MEASURES.items()} | {
    "time": "Mean time of a case", "granted": "Share granted", "granted_unjustified": "Share granted",
}  # fmt: skip


def answers() -> dict[str, Answer]:
    """Everything with luck that `simsvc verify` asks of runs, by name."""
    found = {}
    for arrivals, service, servers, patience, _ in QUEUES:
        exact = erlang_a(arrivals, service, servers, patience) if patience else erlang_c(arrivals, service, servers)
        known = {name: getattr(exact, name) for name in MEASURES if name != "p_abandon" or patience}
        name = f"M/M/{servers}{'+M' if patience else ''}, {arrivals:g} an hour"
        found[name] = Answer(queue_scenario(arrivals, service, servers, patience), known)
    found["two tiers, parked"] = Answer(two_tier_scenario(*TIERS), {"time": two_tier_time(*TIERS)})
    found[POOLED] = Answer(pooled_scenario(*POOL), {"time": pooled_time(*POOL)})
    for legitimate, kind, measure, known_share in ((True, "good", "granted", 0.64),
                                                   (False, "bad", "granted_unjustified", 0.04)):  # fmt: skip
        order = screens_in_a_row(legitimate, 1.0)
        found[f"two levels, {kind} claims"] = Answer(order.settings, {measure: known_share})
    return found


def measured(model: ServiceOrganization, rows: Any) -> dict[str, float]:
    """Every measure after so many contacts, the first of `BATCHES` + 1 parts of the run left out."""
    rows = rows[len(rows) // (BATCHES + 1) :]
    each = model.settings.demand.contacts_per_year / DAYS_PER_YEAR * CUSTOMERS
    found = {}
    for size in SIZES:
        seen = rows[: max(round(size / each), 1)]
        for measure, (top, below, unit) in SUMS.items():
            number = sum(float(seen[name].sum()) for name in below)
            total = sum(float(seen[name].sum()) for name in top)
            found[f"{measure} after {size}"] = total / unit / number if number else float("nan")
    return found


def main(study: Study) -> None:
    """Run every answer many times and follow its error."""
    known = answers()
    runs = study.runs(
        [Point({"answer": name}, observed(one.scenario, SIZES[-1]).settings) for name, one in known.items()],
        probe=measured,
    )
    rows = []
    for name, one in known.items():
        mine = runs[runs["answer"] == name]
        for measure, exact in one.exact.items():
            for size in SIZES:
                error = 100 * (mine[f"{measure} after {size}"].to_numpy(float) / exact - 1)
                mean = interval(error)
                rms = float(np.sqrt((error**2).mean()))
                rows.append((name, CALLED[measure], exact, size, rms, mean.mean, mean.low, mean.high))
    columns = ["answer", "measure", "exact", "contacts", "rms_error", "mean_error", "low", "high"]
    table = pd.DataFrame(rows, columns=columns)
    lost = next(check.expected for check in erosion())
    steps = pd.DataFrame({"steps": STEPS, "error": [100 * abs(standard_lost(0.0, 60, k) / lost - 1) for k in STEPS]})
    study.table(table, "errors")
    study.table(steps, "steps")
    study.figure(figure(table, steps, study.replications), "known_answers")
    study.finding(finding(table, steps))


def figure(table: pd.DataFrame, steps: pd.DataFrame, runs: int) -> Figure:
    """Errors over contacts, of queues, of networks and screens, and over steps."""
    result = Figure(figsize=(11, 5.4), layout="constrained")
    panels = result.subplots(1, 3)
    is_queue = table["answer"].str.startswith("M/M/")
    asked: list[Any] = [question for _, question, _ in MEASURES.values()]
    for axes, mine, title in (
        (panels[0], table[is_queue], "Queues: solid share that waits,\ndashed mean wait, dash-dotted giving up"),
        (panels[1], table[~is_queue], "Networks and screens"),
    ):
        names = list(dict.fromkeys(mine["answer"]))
        for (name, measure), line in mine.groupby(["answer", "measure"], sort=False):
            kind = asked.index(measure) if measure in asked else 0
            axes.plot(line["contacts"], line["rms_error"], DASHES[kind], marker=".", color=COLOURS[names.index(name)],
                      label=name if kind == 0 else "")  # fmt: skip
        ends = np.array([SIZES[0], SIZES[-1]])
        axes.plot(ends, 0.7 * mine["rms_error"].min() * (ends / ends[-1]) ** -0.5, color="grey", linewidth=1)
        axes.set_title(title, fontsize=9, loc="left")
        axes.set_xlabel("contacts of a run; grey: as their square root", fontsize=8)
        axes.legend(fontsize=7, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2)
    panels[2].plot(steps["steps"], steps["error"], marker=".", color=COLOURS[0])
    panels[2].plot(STEPS, 0.7 * steps["error"].iloc[0] * STEPS[0] / np.array(STEPS), color="grey", linewidth=1)
    panels[2].set_title("Work pressure: standard lost for good", fontsize=9, loc="left")
    panels[2].set_xlabel("steps a week; grey: in proportion", fontsize=8)
    for axes in panels:
        axes.set_xscale("log")
        axes.set_yscale("log")
        clean(axes, "both")
    panels[0].set_ylabel("error, % of the known answer", fontsize=8)
    result.suptitle(
        f"Error against the known answers (root mean square of {runs} runs)", fontsize=10, x=0.01, ha="left"
    )
    return result


def finding(table: pd.DataFrame, steps: pd.DataFrame) -> str:
    """How fast errors fall, what is left, and what does not go to zero."""
    exact = table[table["answer"] != POOLED]
    powers = [
        np.polyfit(np.log(line["contacts"]), np.log(line["rms_error"]), 1)[0]
        for _, line in exact.groupby(["answer", "measure"])
    ]
    last = table[table["contacts"] == SIZES[-1]]
    left, pool = last[last["answer"] != POOLED], last[last["answer"] == POOLED].iloc[0]
    seen = left[(left["low"] > 0) | (left["high"] < 0)]
    first, end = steps.iloc[0], steps.iloc[-1]
    return (
        f"Of {len(powers)} exact answers the error falls with the number of contacts to the power "
        f"{np.median(powers):.2f} (median; {min(powers):.2f} to {max(powers):.2f}; theory: -0.50). After "
        f"{SIZES[-1]:,} contacts it is {left['rms_error'].min():.2g} to {left['rms_error'].max():.2g} % of the answer; "
        f"the mean of the runs is off by more than luck in {len(seen)} ({0.05 * len(left):.0f} would be by chance). "
        f"Against the approximate formula for one pool it is {pool['rms_error']:.2g} %, in the mean "
        f"{pool['mean_error']:+.2g} % [{pool['low']:+.2g}, {pool['high']:+.2g}]. Work pressure: "
        f"{first['error']:.2g} % with {first['steps']:.0f} steps a week, {end['error']:.2g} % with {end['steps']:.0f}."
    )


if __name__ == "__main__":
    STUDY.command(main)
