"""When does turning the chart pay? Two maps with the border where the sign changes.

    python experiments/when_it_pays.py            # 6 pairs at each of 40 places, for two flips
    python experiments/when_it_pays.py --quick    # 2 pairs, at the base row and three places of the outer rows

The maps show a turned chart less the traditional one, for retention and for profit, over how idiosyncratic
needs are and how skilled the staff are, and over how long approvals take and how many claims are unjustified.
All other settings are those of the contact centre. Mapped are the whole flip and a flip of the decisions that
face the customer alone, in which management stays what it was. Writes maps_inverted.png,
maps_customer_decisions.png, map.csv (every place) and borders.csv (where the sign changes along each row of a
map, with the range of resampled replications).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.runs.statistics import bootstrap, contrast, crossing, intervals
from simsvc.scenario.loading import load_scenario, with_structure
from simsvc.show.maps import sign_map
from simsvc.show.numbers import decimals_of, difference_unit
from simsvc.studies.study import Point, Study

STUDY = Study(
    "when_it_pays",
    "Under which conditions does turning the chart raise retention and profit, and where does the sign change?",
    ["C4", "C24", "H2", "H3", "H11"],
    replications=6,
    quick=2,
)
DAYS = 500
METRICS = ("retention", "profit")
FLIPS = {"inverted": "", "customer_decisions": " (decisions only)"}
"""Structures compared with the traditional one, and how their answers are marked."""


@dataclass(frozen=True)
class Map:
    """One map: settings along its columns and rows, the place of the contact centre as it is, claims it answers."""

    name: str
    settings: tuple[str, str]
    axes: tuple[str, str]
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    base: tuple[float, float]
    claims: tuple[str, str]

    def places(self, quick: bool) -> list[tuple[float, float]]:
        """Columns and rows that are run: all, or the base row and three of the first and last one."""
        three = (self.columns[0], self.base[0], self.columns[-1])
        ends = (self.rows[0], self.rows[-1])
        everything = [(column, row) for row in self.rows for column in self.columns]
        return [(c, r) for c, r in everything if not quick or r == self.base[1] or (c in three and r in ends)]

    def changes(self, column: float, row: float) -> dict[str, float]:
        """Settings at a place; the newly hired stay as much less skilled as in the contact centre."""
        values = dict(zip(self.settings, (column, row), strict=True))
        if "workforce.skill" in values:
            values["workforce.hire_skill"] = max(values["workforce.skill"] - 0.2, 0.0)
        return values

    def values(self, differences: pd.DataFrame, metric: str, column: float, row: float) -> Any:
        """The difference at a place, one value per replication, in readable units."""
        here = (differences["map"] == self.name) & (differences["column"] == column) & (differences["row"] == row)
        return differences[here].sort_values("replication")[metric].to_numpy() * difference_unit(metric).factor


MAPS = (
    Map(
        name="needs and skill",
        settings=("demand.idiosyncrasy", "workforce.skill"),
        axes=("idiosyncrasy of needs", "mean skill of staff"),
        columns=(0.05, 0.15, 0.3, 0.5, 0.7),
        rows=(0.3, 0.45, 0.62, 0.8),
        base=(0.3, 0.62),
        claims=("C24", "H2"),
    ),
    Map(
        name="delay and claims",
        settings=("operations.approval_delay", "demand.illegitimate_share"),
        axes=("minutes until an approver takes notice", "share of claims that are unjustified"),
        columns=(0, 3, 6, 15, 40),
        rows=(0, 0.15, 0.3, 0.6),
        base=(6, 0.15),
        claims=("H11", "H3"),
    ),
)


def main(study: Study) -> None:
    """Run the maps; answer what the difference depends on and where it turns."""
    points = [
        Point(
            {"map": each.name, "column": column, "row": row, "structure": structure},
            with_structure(load_scenario("contact_centre", each.changes(column, row)), structure),
            DAYS,
        )
        for each in MAPS
        for column, row in each.places(study.quick)
        for structure in ("traditional", *FLIPS)
    ]
    runs = study.runs(points)
    parts = []
    for flip, mark in FLIPS.items():
        differences = contrast(runs, "structure", flip, "traditional", ["map", "column", "row"])
        table = intervals(differences, ["map", "column", "row"], METRICS)
        for each in MAPS:
            answer_map(study, each, differences, flip)
            study.finding(sentence(each, table, mark))
        lines = borders(differences) if not study.quick else pd.DataFrame()
        parts.append((table.assign(structure=flip), lines.assign(structure=flip)))
        if not study.quick:
            study.figure(figure(study, differences, flip), f"maps_{flip}")
    study.table(pd.concat(table for table, _ in parts), "map")
    if not study.quick:
        study.table(pd.concat(lines for _, lines in parts), "borders")


def answer_map(study: Study, each: Map, differences: pd.DataFrame, flip: str) -> None:
    """Change of the difference along both sides of a map, its border in the base row, its corners."""
    mark, less = FLIPS[flip], f"{flip} less traditional"
    for metric in METRICS:
        unit = difference_unit(metric).name
        ends = ((each.columns[0], each.columns[-1]), (each.rows[0], each.rows[-1]))
        for k, (low, high) in enumerate(ends):
            at = [(end, each.base[1]) if k == 0 else (each.base[0], end) for end in (low, high)]
            change = each.values(differences, metric, *at[1]) - each.values(differences, metric, *at[0])
            meaning = f"{less} at {each.axes[k]} {high:g}, less the same at {low:g}"
            study.answer(each.claims[k], f"{metric}: change with {each.axes[k]}{mark}", change, unit, meaning=meaning)
        row = np.array([each.values(differences, metric, column, each.base[1]) for column in each.columns])
        turns = [crossing(each.columns, values) for values in row.T]
        meaning = f"where {less} changes sign, all else as it is; runs without a border left out"
        study.answer(each.claims[0], f"{metric}: border{mark}", turns, each.axes[0], meaning=meaning)
        for column in ends[0]:
            for end in ends[1]:
                meaning = f"{less} at {each.axes[0]} {column:g} and {each.axes[1]} {end:g}"
                corner = each.values(differences, metric, column, end)
                study.answer("C4", f"{metric}: {each.name} {column:g}, {end:g}{mark}", corner, unit, meaning=meaning)


def sentence(each: Map, table: pd.DataFrame, mark: str) -> str:
    """On how many places of a map each sign is seen."""
    words = []
    for metric in METRICS:
        mine = table[(table["map"] == each.name) & (table["metric"] == metric)]
        better, worse = int((mine["low"] > 0).sum()), int((mine["high"] < 0).sum())
        words.append(f"{metric} is higher at {better}, lower at {worse} of {len(mine)} places")
    return f"Over {each.axes[0]} and {each.axes[1]}, with the chart turned{mark} {' and '.join(words)}."


def borders(differences: pd.DataFrame) -> pd.DataFrame:
    """Where the mean difference changes sign along each row of the maps.

    Columns: map, metric, row, border (NaN: none), resampled_low and resampled_high (range of resampled replications
    that have one, its outermost fortieth at each end left out; no confidence interval: replications are few), found
    (share of resampled replications that have one).
    """
    rows = []
    for each in MAPS:
        for metric in METRICS:
            for row in each.rows:
                values = np.array([each.values(differences, metric, column, row) for column in each.columns]).T
                turns = bootstrap(values, partial(crossing, each.columns))
                found = np.isfinite(turns)
                low, high = np.percentile(turns[found], (2.5, 97.5)) if found.any() else (np.nan, np.nan)
                border = crossing(each.columns, values.mean(axis=0))
                rows.append((each.name, metric, row, border, low, high, found.mean()))
    return pd.DataFrame(rows, columns=["map", "metric", "row", "border", "resampled_low", "resampled_high", "found"])


def figure(study: Study, differences: pd.DataFrame, flip: str) -> Figure:
    """Both maps for both metrics."""
    drawn = Figure(figsize=(11, 7.4), layout="constrained")
    panels = drawn.subplots(2, 2)
    for j, metric in enumerate(METRICS):
        tables = [
            np.array(
                [[each.values(differences, metric, column, row) for column in each.columns] for row in each.rows]
            ).transpose(2, 0, 1)
            for each in MAPS
        ]
        largest = max(float(np.abs(values.mean(axis=0)).max()) for values in tables)
        for i, (each, values) in enumerate(zip(MAPS, tables, strict=True)):
            title = f"{metric.capitalize()}, {difference_unit(metric).name}"
            sign_map(panels[i][j], values, each.rows, each.columns, names=each.axes, title=title, largest=largest,
                     digits=decimals_of(metric))  # fmt: skip
    drawn.suptitle(
        f"Structure '{flip}' less 'traditional', {study.replications} pairs of {DAYS} days at each place\n"
        "In brackets: no difference seen; grey: borders of resampled replications",
        fontsize=10, x=0.01, ha="left",
    )  # fmt: skip
    return drawn


if __name__ == "__main__":
    STUDY.command(main)
