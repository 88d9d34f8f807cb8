"""Which chart is best, of all that come with the program? Selection with a guarantee, in three organisations.

    python experiments/best_chart.py            # first stage of 10 replications of two years, then as many as it takes
    python experiments/best_chart.py --quick    # 2 replications, which decide nothing

Every built-in structure is run in a contact centre, in fast food and in a private bank, under the same luck. By
the procedure KN (Kim & Nelson 2001), charts that fall behind another by more than chance explains are dropped, for
retention and for profit; each choice is right with a probability of at least 95 %, if the best chart leads every
other by the indifference zone or more. On a command line, `simsvc best` does the same for one organisation and one
metric. Writes behind.png and behind.csv (each chart less the best one, first stage) and ranking.csv.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from simsvc.runs.statistics import contrast, intervals
from simsvc.scenario.loading import load_scenario, structures, with_structure
from simsvc.selection.kim_nelson import KimNelson
from simsvc.show.effects import dots
from simsvc.show.numbers import difference_unit
from simsvc.show.paper import scaled
from simsvc.studies.study import Point, Study

STUDY = Study(
    "best_chart",
    "Which of all charts is best by retention and by profit, and is it the same one in different organisations?",
    ["C4"],
    replications=10,
    quick=2,
)
DAYS = 500
METRICS = ("retention", "profit")
ZONES = {
    "contact_centre": {"retention": 0.005, "profit": 20_000.0},
    "fast_food": {"retention": 0.005, "profit": 2_000.0},
    "private_bank": {"retention": 0.01, "profit": 100_000.0},
}
"""Organisations with the differences that do not matter there: half a point of retention, a whole one in the bank
with its few customers; of profit a small part of what charts were known to change (`organisations.py`)."""
CHARTS = tuple(structures())
RIVALS = {"flat": "no hierarchy at all", "listening_without_authority": "managers who support but decide"}
A_ROUND = 8
"""Replications at a time after the first stage; charts are judged after each."""
MOST_ROUNDS = 25


class Race:
    """The selection in one organisation by one metric."""

    def __init__(self, organisation: str, metric: str, first: int) -> None:
        self.organisation, self.metric = organisation, metric
        self.procedure = KimNelson(len(CHARTS), indifference=ZONES[organisation][metric], first=first)

    @property
    def inside(self) -> list[str]:
        """Charts still in, the best mean first."""
        return sorted((CHARTS[k] for k in self.procedure.survivors), key=lambda chart: -self.mean(chart))

    def mean(self, chart: str) -> float:
        """Mean of a chart over its replications so far."""
        return float(self.procedure.means[CHARTS.index(chart)])

    def take_up(self, runs: pd.DataFrame) -> None:
        """Judge by some more replications."""
        mine = runs[runs["organisation"] == self.organisation]
        table = mine.pivot(index="replication", columns="chart", values=self.metric).reindex(columns=list(CHARTS))
        for row in table.to_numpy(float):
            if self.procedure.finished:
                return
            self.procedure.observe(row[self.procedure.survivors])

    def ranking(self) -> pd.DataFrame:
        """One row per chart, the best first: organisation, metric, chart, mean, replications, out_after, out_by."""
        gone = {CHARTS[one.alternative]: one for one in self.procedure.eliminations}
        order = [*self.inside, *sorted(gone, key=lambda chart: -self.mean(chart))]
        rows: list[tuple[Any, ...]] = []
        for chart in order:
            out = gone.get(chart)
            used = out.after if out else self.procedure.observed
            fate = (out.after, CHARTS[out.by]) if out else (None, None)
            rows.append((self.organisation, self.metric, chart, self.mean(chart), used, *fate))
        columns = ["organisation", "metric", "chart", "mean", "replications", "out_after", "out_by"]
        return pd.DataFrame(rows, columns=columns).astype({"out_after": "Int64"})


def main(study: Study) -> None:
    """Run the first stage, then rounds of what is still in, until every race is decided."""
    races = [Race(name, metric, study.replications) for name in ZONES for metric in METRICS]
    first = study.runs(points(0, dict.fromkeys(ZONES, CHARTS)))
    for race in races:
        race.take_up(first)
    for number in range(1, 1 if study.quick else MOST_ROUNDS + 1):
        needed = still_needed(races)
        if not needed:
            break
        more = study.runs(points(number, needed), replications=A_ROUND)
        for race in races:
            race.take_up(more)
    study.table(pd.concat([race.ranking() for race in races], ignore_index=True), "ranking")
    show_distances(study, first, races)
    for name in ZONES:
        answer(study, name, first[first["organisation"] == name])
    for metric in METRICS:
        study.finding(sentence(metric, [race for race in races if race.metric == metric]))


def points(number: int, charts: dict[str, tuple[str, ...]]) -> list[Point]:
    """Some charts by organisation, in the round of that number, with luck of its own."""
    return [
        Point({"organisation": name, "chart": chart}, with_structure(load_scenario(name), chart), DAYS, luck=number)
        for name, mine in charts.items()
        for chart in mine
    ]


def still_needed(races: list[Race]) -> dict[str, tuple[str, ...]]:
    """Charts that are still in any undecided race of their organisation."""
    needed: dict[str, tuple[str, ...]] = {}
    for race in races:
        if not race.procedure.finished:
            inside = {*needed.get(race.organisation, ()), *race.inside}
            needed[race.organisation] = tuple(chart for chart in CHARTS if chart in inside)
    return needed


def show_distances(study: Study, first: pd.DataFrame, races: list[Race]) -> None:
    """How far every chart lies behind the one selected, by the first stage."""
    parts = []
    for race in races:
        mine = first[first["organisation"] == race.organisation]
        for chart in CHARTS:
            behind = contrast(mine.drop(columns="organisation"), "chart", chart, race.inside[0])
            parts.append(behind[["replication", race.metric]].assign(organisation=race.organisation, chart=chart))
    table = intervals(pd.concat(parts, ignore_index=True), ["organisation", "chart"], METRICS)
    study.table(table, "behind")
    title = f"Each chart less the best one (first stage: {study.replications} replications of {DAYS} days)"
    figure = dots(table, "chart", METRICS, title, series="organisation")
    profit = figure.axes[1]
    profit.set_xscale("symlog", linthresh=100)  # organisations differ in size
    profit.set_xlabel(scaled(profit.get_xlabel(), profit.xaxis), fontsize=8)
    study.figure(figure, "behind")


def answer(study: Study, name: str, runs: pd.DataFrame) -> None:
    """What the whole flip does against its rivals among the charts."""
    for rival, what in RIVALS.items():
        gains = contrast(runs.drop(columns="organisation"), "chart", "inverted", rival)
        for metric in METRICS:
            scale, unit = difference_unit(metric)
            meaning = f"the whole flip less '{rival}': {what}; positive: the flip does better"
            study.answer("C4", f"{metric}: flip less {rival}, {name}", gains[metric] * scale, unit, meaning=meaning)


def sentence(metric: str, races: list[Race]) -> str:
    """Which chart is best where, or which are left."""
    scale, unit = difference_unit(metric)
    words = []
    for race in races:
        width = ZONES[race.organisation][metric] * scale
        zone = f"within {width:,g} {unit if width != 1 else unit.removesuffix('s')}"
        after = f"{race.procedure.observed} replications"
        inside = ", ".join(f"'{chart}'" for chart in race.inside)
        decided = race.procedure.finished and len(race.procedure.survivors) == 1
        many = f"not decided after {after}, {len(race.inside)} charts left"
        left = many if len(race.inside) > 3 else f"not decided after {after} between {inside}"
        words.append(f"in {race.organisation} {inside + ' (' + zone + ', ' + after + ')' if decided else left}")
    return f"Best of {len(CHARTS)} charts by {metric}, at 95 %: {'; '.join(words)}."


if __name__ == "__main__":
    STUDY.command(main)
