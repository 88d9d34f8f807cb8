"""Beliefs: who knows what is wrong, by level; stubborn managers, information lost on the way up, overview.

    python experiments/beliefs.py            # full size
    python experiments/beliefs.py --quick    # the same with two runs per point

What managers believe about causes of failure decides what gets removed. The traditional contact centre is given
managers who trust their own opinion less or more, more loss at each level, a third level, and managers on the floor.
Three levels have a director and an executive where two have two directors, at the same wage. Both charts are run
without and with the advantage of those who see many cases. Ignorance of a level is the distance between its beliefs
and the truth on the last day, as a share of that of the opinions it came with: 1 is nothing learned. Writes to
results/beliefs a figure, `levels.csv`, `ignorance.csv`, `overview.csv`, answers and a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.organization import ServiceOrganization
from simsvc.runs.statistics import contrast, intervals
from simsvc.scenario.loading import load_scenario, with_structure
from simsvc.show.axes import COLOURS, clean
from simsvc.show.numbers import difference_unit, tell
from simsvc.studies.study import Point, Study

LEVELS = ("team managers", "directors", "executives")
METRICS = ("retention", "causes_open", "mean_wait", "profit")
BASE, OPEN, STUBBORN = "as it is", "open to evidence", "stubborn"
LOSSLESS, LOSSY, FLOOR = "nothing lost per level", "much lost per level", "managers on the floor"
TWO, THREE, THREE_FLOOR = "two levels, low limits", "three levels, low limits", "three levels, all on the floor"
_LIMITS = {"structure.manager_limit": 60, "structure.director_limit": 150}
_ON_FLOOR = {"structure.share_floor": 0.35, "structure.share_control": 0.3}
_EXECUTIVE = {  # one of two directors, one level up at a director's wage: the levels differ, heads and wages do not
    "workforce.directors": 1,
    "workforce.executives": 1,
    "economics.executive_wage": load_scenario("contact_centre").economics.director_wage,
}
ORGANISATIONS: dict[str, dict[str, Any]] = {
    BASE: {},
    OPEN: {"workforce.own_prior": 0.05},
    STUBBORN: {"workforce.own_prior": 0.95},
    LOSSLESS: {"operations.information_loss": 0.0},
    LOSSY: {"operations.information_loss": 0.4},
    FLOOR: _ON_FLOOR,
    TWO: {**_LIMITS, "workforce.directors": 2},
    THREE: {**_LIMITS, **_EXECUTIVE},
    THREE_FLOOR: {**_LIMITS, **_ON_FLOOR, **_EXECUTIVE},
}
OVERVIEW = (0, 1, 2)

STUDY = Study(
    "beliefs",
    "Who knows what is wrong, and what does it cost when those who decide do not?",
    ["C6", "C9", "H8"],
    replications=14,
    quick=2,
)


def ignorance(model: ServiceOrganization, rows: Any) -> Mapping[str, float]:
    """Distance of beliefs from the truth over that of first opinions, by level, on the last day."""
    state = model.state
    belief, prior = np.zeros(4), np.zeros(4)
    for manager, (believed, first) in zip(state.managers, zip(state.beliefs, state.priors, strict=True), strict=True):
        own = first > 0  # causes that are this manager's business
        if own.any():
            truth = state.causes["prevalence"][own] / state.causes["prevalence"][own].sum()
            belief[manager["level"]] += np.abs(believed[own] - truth).sum()
            prior[manager["level"]] += np.abs(first[own] - truth).sum()
    return {level: float(belief[k] / prior[k]) if prior[k] else float("nan") for k, level in enumerate(LEVELS, start=1)}


def plot(ignorant: pd.DataFrame, levels: pd.DataFrame) -> Figure:
    """Ignorance by level on the left, what it does to causes and customers on the right."""
    figure = Figure(figsize=(11, 4.5), layout="constrained")
    left, middle, right = figure.subplots(1, 3, width_ratios=(2, 1, 1))
    places = np.arange(len(ORGANISATIONS))
    for k, level in enumerate(LEVELS):
        mine = ignorant[ignorant["metric"] == level].set_index("organisation").reindex(list(ORGANISATIONS))
        reach: Any = np.nan_to_num([mine["mean"] - mine["low"], mine["high"] - mine["mean"]])
        left.errorbar(
            mine["mean"], places + 0.2 * (k - 1), xerr=reach, fmt="oDs"[k], color=COLOURS[k], capsize=2, label=level
        )
    left.set_title("Ignorance of what is wrong", fontsize=10, loc="left")
    left.set_xlabel("share of the first opinions' error", fontsize=8)
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower left", ncols=3, fontsize=8, frameon=False)
    for axes, metric, title in (
        (middle, "causes_open", "Needs spoiled by known causes"),
        (right, "retention", "Customer retention"),
    ):
        mine = levels[levels["metric"] == metric].set_index("organisation")
        reach = 100 * np.array([mine["mean"] - mine["low"], mine["high"] - mine["mean"]])
        axes.errorbar(100 * mine["mean"], places, xerr=reach, fmt="o", color=COLOURS[0], capsize=2)
        axes.set_title(title, fontsize=10, loc="left")
        axes.set_xlabel("% per department" if metric == "causes_open" else "% a year", fontsize=8)
    for number, axes in enumerate((left, middle, right)):
        axes.set_yticks(places, list(ORGANISATIONS) if number == 0 else [])
        axes.set_ylim(len(places) - 0.5, -0.5)
        clean(axes)
    figure.suptitle("What managers know, by level and organisation (95 % intervals)", fontsize=10, x=0.01, ha="left")
    return figure


def main(study: Study) -> None:
    """Organisations that know more or less, then overview in both charts."""
    points = [
        Point({"organisation": name}, load_scenario("contact_centre", settings))
        for name, settings in ORGANISATIONS.items()
    ]
    runs = study.runs(points, probe=ignorance)
    levels = intervals(runs, ["organisation"], METRICS)
    known = intervals(runs, ["organisation"], LEVELS)
    study.table(levels, "levels")
    study.table(known, "ignorance")
    study.figure(plot(known, levels), "beliefs")

    found = {}
    for claim, name, other, meaning in (
        ("C6", STUBBORN, OPEN, "What managers do who keep to their own opinion; C6 expects more trouble."),
        ("C9", LOSSY, LOSSLESS, "What losing information at each level does."),
        ("C9", THREE, TWO, "What a third level does, at equal head-count and wages."),
        ("C9", THREE_FLOOR, THREE, "What managers' time on the floor instead of control does under three levels."),
    ):
        difference = contrast(runs, "organisation", name, other)
        for metric in ("causes_open", "retention", "profit"):
            scale, unit = difference_unit(metric)
            found[name, metric] = study.answer(
                claim, f"{metric}, {name} less {other}", scale * difference[metric], unit, meaning=meaning
            )
    three = runs[runs["organisation"] == THREE]
    higher = study.answer(
        "C9", "ignorance of executives less that of team managers",
        100 * (three["executives"] - three["team managers"]), "points",
        meaning="Of the error of the first opinions; positive: the top knows less.",
    )  # fmt: skip
    closer = study.answer(
        "C9", "ignorance of executives, on the floor less in the office",
        100 * contrast(runs, "organisation", THREE_FLOOR, THREE)["executives"], "points",
        meaning="Of the error of the first opinions; negative: time on the floor restores knowledge.",
    )  # fmt: skip

    seen = study.runs(
        [
            Point(
                {"structure": structure, "strength": strength},
                with_structure(load_scenario("contact_centre", {"rules.overview": strength}), structure),
            )
            for structure in ("traditional", "inverted")
            for strength in OVERVIEW
        ]
    )
    study.table(intervals(seen, ["structure", "strength"], METRICS), "overview")
    gains = contrast(seen, "structure", "inverted", "traditional", by=["strength"])
    overview = {}
    for metric in ("causes_open", "retention", "profit"):
        scale, unit = difference_unit(metric)
        difference = contrast(seen, "strength", 1, 0, by=["structure"])
        study.answer(
            "H8", f"{metric}, overview on less off, traditional",
            scale * difference[difference["structure"] == "traditional"][metric], unit,
            meaning="What it does that those who see many cases see their common cause.",
        )  # fmt: skip
        overview[metric] = study.answer(
            "H8", f"{metric}, inverted less traditional, overview double less off",
            scale * contrast(gains, "strength", 2, 0)[metric], unit,
            meaning="How overview moves the difference between the charts; for retention and profit negative: it "
            "favours hierarchy.",
        )  # fmt: skip
    stubborn = [tell(found[STUBBORN, metric], " points", 2) for metric in ("causes_open", "retention")]
    study.finding(
        f"Stubborn managers against open ones: needs spoiled by causes {stubborn[0]}, retention {stubborn[1]}. "
        f"Executives' ignorance less team managers': {tell(higher, ' points')}; time on the floor changes theirs by "
        f"{tell(closer, ' points')}. A third level changes retention by {tell(found[THREE, 'retention'], ' points')}. "
        f"That those who see many cases see their common cause moves the inverted chart's gain in retention by "
        f"{tell(overview['retention'], ' points')}."
    )


if __name__ == "__main__":
    STUDY.command(main)
