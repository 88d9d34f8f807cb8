"""Which organisations does turning the chart suit, and is it the chart? Every preset; power, management, and both.

    python experiments/organisations.py            # 8 pairs of two years for each preset
    python experiments/organisations.py --quick    # 2 pairs

`inverted` turns who decides and how people are led; `power_only` and `well_run_hierarchy` turn one of the two;
`customer_decisions` moves the decisions that face the customer to the front line, and how they are organised with them
(C8). Writes presets.png and presets.csv (each less the traditional chart, in each organisation).
"""

from __future__ import annotations

import pandas as pd

from simsvc.comparison.horizons import phrase
from simsvc.runs.statistics import contrast, intervals
from simsvc.scenario.loading import load_scenario, presets, with_structure
from simsvc.show.effects import dots
from simsvc.show.numbers import difference_unit
from simsvc.studies.study import Point, Study

STUDY = Study(
    "organisations",
    "In which kinds of organisation does turning the chart raise retention and profit, and is a part of it enough?",
    ["C4", "C8", "H10"],
    replications=8,
    quick=2,
)
DAYS = 500
METRICS = ("retention", "profit")
FLIPS = ("power_only", "well_run_hierarchy", "inverted", "customer_decisions")


def main(study: Study) -> None:
    """Run every preset under all charts and compare."""
    runs = study.runs(
        [
            Point({"organisation": name, "chart": chart}, with_structure(load_scenario(name), chart), DAYS)
            for name in presets()
            for chart in ("traditional", *FLIPS)
        ]
    )
    parts = []
    for chart in FLIPS:
        parts.append(contrast(runs, "chart", chart, "traditional", ["organisation"]).assign(chart=chart))
    differences = pd.concat(parts)
    table = intervals(differences, ["organisation", "chart"], METRICS)
    study.table(table, "presets")
    title = f"What turning the chart does in each organisation ({study.replications} pairs of {DAYS} days)"
    figure = dots(table, "organisation", METRICS, title, series="chart")
    figure.axes[1].set_xscale("symlog", linthresh=100)  # organisations differ in size
    study.figure(figure, "presets")
    for name in presets():
        answer(study, name, differences[differences["organisation"] == name], runs)
    for chart in FLIPS:
        study.finding(sentence(chart, table[table["chart"] == chart]))


def answer(study: Study, name: str, differences: pd.DataFrame, runs: pd.DataFrame) -> None:
    """What the flips do in one organisation, and how much of leaving no chart changes."""
    by_chart = differences.set_index("chart")
    for metric in METRICS:
        scale, unit = difference_unit(metric)
        power, management, whole, part = (by_chart.loc[chart][metric].to_numpy() * scale for chart in FLIPS)
        study.answer("C4", f"{metric}: {name}", whole, unit, meaning="inverted less traditional in this preset")
        meaning = "people led as in 'inverted', decisions left above, less traditional"
        study.answer("C4", f"management alone: {metric}, {name}", management, unit, meaning=meaning)
        meaning = "who decides turned, people led as in 'traditional', less traditional"
        study.answer("C8", f"power alone: {metric}, {name}", power, unit, meaning=meaning)
        meaning = "customer-facing decisions turned, less traditional"
        study.answer("C8", f"{metric}: decisions alone, {name}", part, unit, meaning=meaning)
        meaning = "customer-facing decisions turned, less all of it turned; positive: the part does better"
        study.answer("C8", f"{metric}: decisions less all, {name}", part - whole, unit, meaning=meaning)
    usual = runs[(runs["organisation"] == name) & (runs["chart"] == "traditional")]
    meaning = "share of leavers, traditional chart, who go for reasons that no chart changes"
    share = usual["neutral_leavers"] * 100
    study.answer("H10", f"leavers for reasons of their own: {name}", share, "%", meaning=meaning)


def sentence(chart: str, table: pd.DataFrame) -> str:
    """In which organisations a flip raises and lowers what."""
    parts = []
    for metric in METRICS:
        mine = table[table["metric"] == metric]
        up, down = (list(mine[side]["organisation"]) for side in (mine["low"] > 0, mine["high"] < 0))
        parts.append(f"{metric} is higher in {len(up)} of {len(mine)}, lower in {', '.join(down) or 'none'}")
    when = phrase(load_scenario("contact_centre"), DAYS, None)
    return f"Under '{chart}' against 'traditional' ({when}): {'; '.join(parts)}."


if __name__ == "__main__":
    STUDY.command(main)
