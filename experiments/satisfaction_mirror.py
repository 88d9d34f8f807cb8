"""Do customers mirror staff? Branches compared with each other, and followed over time in both directions.

    python experiments/satisfaction_mirror.py            # 10 chains of 16 branches in four versions, three years
    python experiments/satisfaction_mirror.py --quick    # 2 chains

A branch is a small firm of its own luck. Branches of a chain are alike (they differ by luck alone) or unlike
(staffing, tools, training, bosses, disposition and turnover differ as well). Two more versions of the unlike
branches weaken one direction each: staff feel neither gratitude nor pride, or mood changes neither effort nor grave
errors (it still shows in courtesy and speed). Correlations over branches cannot tell cause from effect. What one
quarter's morale tells of the next quarter's satisfaction, beyond this quarter's, and the reverse, says more, but
regressions on an own past within branches over few quarters are biased (Nickell 1981). So each is answered as the
difference to the version in which it is weakened, which is biased much alike though not exactly so, and which has the
same luck.
Writes satisfaction_mirror.png, branches.csv (chains' estimates), predictors.csv.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.evidence.branches import BRANCHES, conditions, correlation
from simsvc.organization import ServiceOrganization
from simsvc.runs.statistics import contrast, intervals
from simsvc.scenario.loading import load_scenario
from simsvc.show.axes import COLOURS, clean
from simsvc.show.numbers import tell
from simsvc.studies.study import Point, Study

STUDY = Study(
    "satisfaction_mirror",
    "Do satisfied customers and satisfied staff go together, which comes first, and what does climate tell of revenue?",
    ["C12", "C18", "C23"],
    replications=10,
    quick=2,
)
QUARTERS, SETTLED = 12, 4
"""Quarters of a run, and how many of them are left out."""
UNMOVED = {"rules.gratitude": 0.0, "rules.pride": 0.0}
NO_EFFORT = {"rules.effort": 0.0, "rules.grave_errors": 0.0}
VERSIONS: dict[str, tuple[bool, dict[str, float]]] = {
    "alike": (False, {}),
    "unlike": (True, {}),
    "unlike, gratitude and pride off": (True, UNMOVED),
    "unlike, effort and grave errors off": (True, NO_EFFORT),
}
WEAKENED = {
    "morale, then satisfaction": "unlike, effort and grave errors off",
    "satisfaction, then morale": "unlike, gratitude and pride off",
}
"""The version in which a direction is weakened."""
PREDICTORS = ("climate", "morale", "skill", "occupancy", "staff_turnover", "causes_open")


def quarters(model: ServiceOrganization, days: Any) -> dict[str, float]:
    """Morale and share of satisfied contacts in every quarter."""
    values = {}
    for q, part in enumerate(np.array_split(days, QUARTERS)):
        values[f"morale {q}"] = float(part["morale"].mean())
        values[f"satisfied {q}"] = float(part["top_box"].sum() / max(part["calls_judged"].sum(), 1))
    return values


def points() -> list[Point]:
    """All branches of all versions; branch b of every version has the same luck."""
    branches = []
    for version, (unlike, rules) in VERSIONS.items():
        for b, place in enumerate(conditions()):
            scenario = load_scenario("classroom", {**(place if unlike else {}), **rules})
            branches.append(Point({"version": version, "branch": b}, scenario, luck=b))
    return branches


def followed(chain: pd.DataFrame) -> tuple[float, float]:
    """What this quarter tells of the next one, beyond the next one's own past, in standard deviations.

    Least squares over branches and quarters, after the means of each branch and each quarter are taken out. With few
    quarters both are biased (Nickell 1981): compare versions, do not read one alone.

    Returns:
        Morale for satisfaction later; satisfaction for morale later.
    """
    panels = []
    for name in ("morale", "satisfied"):
        table = chain[[f"{name} {q}" for q in range(SETTLED, QUARTERS)]].to_numpy()
        table = table - table.mean(axis=0) - table.mean(axis=1, keepdims=True) + table.mean()
        panels.append(table / max(table.std(), 1e-12))
    morale, satisfied = panels
    past = np.column_stack([morale[:, :-1].ravel(), satisfied[:, :-1].ravel()])
    later = np.linalg.lstsq(past, np.column_stack([satisfied[:, 1:].ravel(), morale[:, 1:].ravel()]), rcond=None)[0]
    return float(later[0, 0]), float(later[1, 1])


def of_chain(chain: pd.DataFrame) -> dict[str, float]:
    """What one chain of branches shows."""
    forward, backward = followed(chain)
    slope = np.polyfit(np.log(chain["climate"]), np.log(chain["revenue"]), 1)[0] if chain["climate"].std() else np.nan
    return {
        "morale and satisfaction": correlation(chain["morale"], chain["satisfaction"]),
        "morale, then satisfaction": forward,
        "satisfaction, then morale": backward,
        "staff turnover and customers lost": correlation(chain["staff_turnover"], -chain["retention"]),
        "elasticity of revenue to climate": float(slope),
        **{f"predictor: {name}": correlation(chain[name], chain["satisfaction"]) ** 2 for name in PREDICTORS},
    }


def main(study: Study) -> None:
    """Run all branches; estimate once per chain."""
    runs = study.runs(points(), probe=quarters)
    chains = pd.DataFrame(
        {"version": version, "replication": k, **of_chain(chain)}
        for (version, k), chain in runs.groupby(["version", "replication"], sort=False)
    )
    estimates = [name for name in chains.columns if name not in ("version", "replication")]
    table = intervals(chains, ["version"], estimates).rename(columns={"metric": "estimate"})
    told = table["estimate"].str.startswith("predictor")
    study.table(table[~told], "branches")
    study.table(table[told & (table["version"] == "unlike")], "predictors")
    study.figure(figure(study, runs, table), "satisfaction_mirror")
    words = []
    for version in VERSIONS:
        mine = chains[chains["version"] == version]
        name = "morale and satisfaction"
        meaning = f"correlation over branches, {version}"
        found = study.answer("C12", f"{name}: {version}", mine[name], "correlation", meaning=meaning)
        if version == "unlike":
            words.append(f"{name} {tell(found, digits=2)}")
        name = "staff turnover and customers lost"
        meaning = f"correlation over branches, {version}; positive: where staff go, customers go"
        study.answer("C23", f"{name}: {version}", mine[name], "correlation", meaning=meaning)
    for name, version in WEAKENED.items():
        lost = contrast(chains, "version", "unlike", version)[name]
        meaning = f"for the next quarter beyond its own past, unlike less '{version}'; positive: that carried it"
        found = study.answer("C12", f"{name}: unlike less weakened", lost, "sd per sd", meaning=meaning)
        words.append(f"{name}, less where weakened, {tell(found, digits=2)}")
    unlike = chains[chains["version"] == "unlike"]
    name = "elasticity of revenue to climate"
    meaning = "percent of revenue that goes with one percent of climate, over unlike branches"
    found = study.answer("C18", name, unlike[name], "percent per percent", meaning=meaning)
    others = unlike[[f"predictor: {other}" for other in PREDICTORS[1:]]].max(axis=1)
    meaning = "share of satisfaction's variance over branches told by climate, less that by the best other predictor"
    study.answer("C18", "climate as predictor", 100 * (unlike["predictor: climate"] - others), "%", meaning=meaning)
    study.finding(f"Over unlike branches: {'; '.join(words)}; {name} {tell(found, digits=2)}.")


def figure(study: Study, runs: pd.DataFrame, table: pd.DataFrame) -> Figure:
    """Branches as dots; who follows whom in each version; revenue by climate."""
    drawn = Figure(figsize=(12, 4.4), layout="constrained")
    left, middle, right = drawn.subplots(1, 3)
    for k, version in enumerate(("alike", "unlike")):
        mine = runs[runs["version"] == version]
        left.plot(
            mine["morale"], mine["satisfaction"], "os"[k], color=COLOURS[k], markersize=3, alpha=0.6, label=version
        )
    left.set_xlabel("morale of staff", fontsize=8)
    left.set_ylabel("satisfaction of customers", fontsize=8)
    left.set_title("Branches", fontsize=10, loc="left")
    left.legend(fontsize=8, frameon=False)
    for k, name in enumerate(("morale, then satisfaction", "satisfaction, then morale")):
        mine = table[table["estimate"] == name].set_index("version").loc[list(VERSIONS)]
        height = np.arange(len(mine)) + 0.2 * (k - 0.5)
        reach = np.nan_to_num([mine["mean"] - mine["low"], mine["high"] - mine["mean"]])
        middle.errorbar(mine["mean"], height, xerr=reach, fmt="oD"[k], color=COLOURS[k], capsize=2, label=name)
    middle.axvline(0, color="black", linewidth=0.8)
    middle.set_yticks(range(len(VERSIONS)), [name.replace(", ", ",\n") for name in VERSIONS])
    middle.set_ylim(len(VERSIONS) + 0.6, -0.6)
    middle.set_xlabel("standard deviations in the next quarter", fontsize=8)
    middle.set_title("Who follows whom (compare versions)", fontsize=10, loc="left")
    middle.legend(fontsize=8, frameon=False, loc="lower right")
    mine = runs[runs["version"] == "unlike"]
    right.plot(mine["climate"], mine["revenue"] / 1000, "s", color=COLOURS[1], markersize=3, alpha=0.6)
    right.set_xlabel("service climate, 0-1", fontsize=8)
    right.set_ylabel("revenue, thousand a year", fontsize=8)
    right.set_title("Revenue by climate, unlike branches", fontsize=10, loc="left")
    for axes in (left, middle, right):
        clean(axes)
    title = f"Staff and customers in {study.replications} chains of {BRANCHES} branches, 95 % intervals over chains"
    drawn.suptitle(title, fontsize=10, x=0.01, ha="left")
    return drawn


if __name__ == "__main__":
    STUDY.command(main)
