"""Which organisations does turning the chart suit, and is it the chart? Every preset; power, management, and both.

    python experiments/organisations.py            # 8 pairs of two years for each preset
    python experiments/organisations.py --quick    # 2 pairs

`inverted` turns who decides and how people are led; `power_only` and `well_run_hierarchy` turn one of the two;
`customer_decisions` moves the decisions that face the customer to the front line, and how they are organised with them
(C8). Writes presets.png and presets.csv (each less the traditional chart, in each organisation), and where the results
are the published ones, the section of docs/organisations.md that tells them.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pandas as pd

from simsvc.runs.horizon import phrase
from simsvc.runs.statistics import contrast, intervals
from simsvc.scenario.loading import load_scenario, presets, with_structure
from simsvc.show.effects import dots
from simsvc.show.numbers import difference, difference_unit
from simsvc.show.paper import scaled
from simsvc.studies.study import PUBLISHED, Point, Study

STUDY = Study(
    "organisations",
    "In which kinds of organisation does turning the chart raise retention and profit, and is a part of it enough?",
    ["C4", "C8", "H10"],
    replications=8,
    quick=2,
    timed=True,
)
DAYS = 500
METRICS = ("retention", "profit")
FLIPS = ("power_only", "well_run_hierarchy", "inverted", "customer_decisions")
DOCUMENT = Path(__file__).parents[1] / "docs" / "organisations.md"
MARKS = "<!-- made by experiments/organisations.py: begin -->", "<!-- end -->"


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
    profit = figure.axes[1]
    profit.set_xscale("symlog", linthresh=100)  # organisations differ in size
    profit.set_xlabel(scaled(profit.get_xlabel(), profit.xaxis), fontsize=8)
    study.figure(figure, "presets")
    for name in presets():
        answer(study, name, differences[differences["organisation"] == name], runs)
    findings = [sentence(chart, table[table["chart"] == chart]) for chart in FLIPS]
    for finding in findings:
        study.finding(finding)
    if study.out == PUBLISHED / study.name:
        DOCUMENT.write_text(documented(DOCUMENT.read_text("utf-8"), " ".join(findings), table), "utf-8")


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
    when = phrase(load_scenario("contact_centre"), DAYS)
    return f"Under '{chart}' against 'traditional' ({when}): {'; '.join(parts)}."


def documented(page: str, findings: str, table: pd.DataFrame) -> str:
    """The page with its section on what was found: the findings, and a table for each metric."""
    lines = [*textwrap.wrap(findings, 118, initial_indent="> ", subsequent_indent="> ")]
    rows: Any = table.set_index(["metric", "organisation", "chart"])[["mean", "low", "high"]]
    for metric in METRICS:
        heads = [f"{metric}, {difference_unit(metric).name}", *(f"`{chart}`" for chart in FLIPS)]
        lines += ["", f"| {' | '.join(heads)} |", f"|---|{'---:|' * len(FLIPS)}"]
        for name in dict.fromkeys(table["organisation"]):
            cells = [str(difference(metric, *rows.loc[(metric, name, chart)])) for chart in FLIPS]
            lines.append(f"| `{name}` | {' | '.join(cells)} |")
    before, _, rest = page.partition(MARKS[0])
    return f"{before}{MARKS[0]}\n" + "\n".join(lines) + f"\n{MARKS[1]}{rest.partition(MARKS[1])[2]}"


if __name__ == "__main__":
    STUDY.command(main)
