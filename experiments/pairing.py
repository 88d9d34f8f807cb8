"""What does common luck save, for how long, and where is it lost?

    python experiments/pairing.py            # full size
    python experiments/pairing.py --quick    # the same with four pairs

Replication k has the same people, cases and luck under both charts, keyed to person, day and purpose. That helps as
long as histories run side by side: who has left, or calls on another day, draws other luck. The ratio of the variance
of paired differences to that of independent runs (1: pairing is no use; it is 1 less "saved by pairing" of `simsvc
compare`) is followed over single years of the contact centre, for headlines and for what they come of. Then ways in
which histories part are closed one after the other, and a chart is tried that is less far away. Writes to
results/pairing a figure, `ratios.csv` and a finding.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.organization import ServiceOrganization
from simsvc.runs.metrics import HEADLINES, METRICS, summary
from simsvc.runs.statistics import bootstrap
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.scenario.loading import load_scenario, with_structure
from simsvc.show.axes import COLOURS, clean
from simsvc.show.effects import MARKS
from simsvc.show.numbers import listed
from simsvc.studies.study import Point, Study

STUDY = Study(
    "pairing",
    "What does common luck save, for how long, and where is it lost?",
    [],
    replications=32,
    quick=4,
    timed=True,
)
YEARS = (1, 2, 3, 5)
SOURCES = {"contacts": "Contacts", "quits": "Staff who quit", "joined": "Customers who join"}
"""What headlines come of: columns of a day, added up over a year."""
FIXED: dict[str, Any] = {"workforce.staffing": "fixed"}
STAYING = FIXED | {"workforce.quit_rate": 0.0, "workforce.manager_quit_rate": 0.0, "rules.hospitality": 0.0}
SILENT = STAYING | {"rules.word_of_mouth": 0.0}
ARMS: dict[str, tuple[dict[str, Any], str]] = {
    "as it is": ({}, "inverted"),
    "positions fixed": (FIXED, "inverted"),
    "and nobody quits": (STAYING, "inverted"),
    "and nobody talks": (SILENT, "inverted"),
    "as it is, power alone turned": ({}, "power_only"),
}
"""Settings, and the chart that is compared with 'traditional'."""


def by_year(model: ServiceOrganization, rows: Any) -> dict[str, float]:
    """Headlines and what they come of, in single years."""
    found: dict[str, float] = {}
    for year in YEARS:
        days = rows[(year - 1) * DAYS_PER_YEAR : year * DAYS_PER_YEAR]
        metrics = summary(days, 0.0, model)
        found |= {f"{name}, year {year}": metrics[name] for name in HEADLINES}
        found |= {f"{name}, year {year}": float(days[name].sum()) for name in SOURCES}
    return found


def ratio(moments: Any) -> float:
    """Variance of paired differences against that of independent runs, from means of a, b, a^2, b^2, ab."""
    a, b, aa, bb, ab = moments
    return float(1.0 - 2.0 * (ab - a * b) / (aa - a * a + bb - b * b))


def main(study: Study) -> None:
    """Run both charts of every arm for five years."""
    base, points = load_scenario("contact_centre"), []
    for arm, (settings, chart) in ARMS.items():
        for side, name in (("chart", chart), ("baseline", "traditional")):
            scenario = with_structure(load_scenario("contact_centre", settings) if settings else base, name)
            points.append(Point({"arm": arm, "side": side}, scenario, YEARS[-1] * DAYS_PER_YEAR))
    runs = study.runs(points, probe=by_year)
    rows = []
    for arm in ARMS:
        for measure in (*HEADLINES, *SOURCES):
            for year in YEARS:
                mine = runs[runs["arm"] == arm].pivot(
                    index="replication", columns="side", values=f"{measure}, year {year}"
                )
                a, b = ((mine[side] - mine[side].mean()).to_numpy() for side in ("chart", "baseline"))
                if a.any() or b.any():
                    drawn = bootstrap(np.column_stack([a, b, a * a, b * b, a * b]), ratio)
                    found = ratio((0, 0, (a * a).mean(), (b * b).mean(), (a * b).mean()))
                    rows.append((arm, measure, year, found, *np.nanquantile(drawn, (0.025, 0.975))))
    table = pd.DataFrame(rows, columns=["arm", "measure", "year", "ratio", "low", "high"])
    study.table(table, "ratios")
    study.figure(figure(table, study.replications), "pairing")
    study.finding(finding(table))


def figure(table: pd.DataFrame, pairs: int) -> Figure:
    """Ratios over years, a panel each for headlines and what they come of, a line an arm."""
    result = Figure(figsize=(11, 6.4), layout="constrained")
    panels = result.subplots(2, 3, sharex=True, sharey=True)
    for axes, measure in zip(panels.ravel(), (*HEADLINES, *SOURCES), strict=True):
        for k, arm in enumerate(ARMS):
            line = table[(table["measure"] == measure) & (table["arm"] == arm)]
            reach = np.maximum([line["ratio"] - line["low"], line["high"] - line["ratio"]], 0)
            axes.errorbar(line["year"] + 0.08 * (k - 2), line["ratio"], yerr=reach, label=arm, color=COLOURS[k],
                          marker=[*MARKS, "v"][k], markersize=4, linewidth=1.2, elinewidth=0.7)  # fmt: skip
        axes.axhline(1, color="black", linewidth=0.8)
        axes.set_title(METRICS[measure].label if measure in METRICS else SOURCES[measure], fontsize=10, loc="left")
        axes.set_xticks(YEARS)
        clean(axes)
    for axes in panels[1]:
        axes.set_xlabel("year", fontsize=8)
    panels[0, 0].set_ylim(bottom=0)
    for axes in panels[:, 0]:
        axes.set_ylabel("variance, paired : independent", fontsize=8)
    handles, labels = panels[0, 0].get_legend_handles_labels()
    result.legend(handles, labels, loc="outside lower center", ncols=len(ARMS), fontsize=8, frameon=False)
    result.suptitle(
        f"What common luck saves: below 1 it helps, at 1 it is lost ({pairs} pairs; resampled 95 % intervals)",
        fontsize=10, x=0.01, ha="left",
    )  # fmt: skip
    return result


def finding(table: pd.DataFrame) -> str:
    """What pairing saves early and late, and what gives it back."""
    found = {(row["arm"], row["measure"], row["year"]): row for row in table.to_dict("records")}

    def told(arm: str, measure: str, year: int) -> str:
        row = found.get((arm, measure, year))
        return f"{row['ratio']:.2f} [{row['low']:.2f}, {row['high']:.2f}]" if row else "none, nothing varies"

    first, last = YEARS[0], YEARS[-1]
    early = [f"{name} {told('as it is', name, first)}, then {told('as it is', name, last)}" for name in HEADLINES]
    sources = [f"{name} {told('as it is', name, first)}, then {told('as it is', name, last)}" for name in SOURCES]
    closed = [
        f"{arm}: {listed(f'{name} {told(arm, name, last)}' for name in HEADLINES)}" for arm in list(ARMS)[1:]
    ]  # fmt: skip
    return (
        f"Variance of paired differences of 'inverted' less 'traditional' against that of independent runs, in year "
        f"{first} and in year {last}: {'; '.join(early)}. What they come of: {'; '.join(sources)}. In year {last} with "
        f"ways closed in which histories part, {'; '.join(closed)}."
    )


if __name__ == "__main__":
    STUDY.command(main)
