"""How far does the answer move with each assumption? Every coefficient at either end of its plausible range, alone.

    python experiments/assumption_ends.py
    python experiments/assumption_ends.py --quick    # one replication, every tenth coefficient

The effect of turning the chart in the contact centre (inverted against traditional, born so, years 2 and 3), with one
coefficient after the other at its lowest and highest plausible value, with the same luck everywhere. Interactions are
the business of `simsvc robust`. Writes what `simsvc assumptions` prints as "moves".
"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from simsvc.evidence.assumptions import ENDS
from simsvc.scenario.loading import changed, load_scenario, with_structure
from simsvc.scenario.settings import assumption_names, setting_field
from simsvc.show.axes import COLOURS, clean
from simsvc.studies.study import Point, Study

STUDY = Study(
    "assumption_ends",
    "How far does the answer move with each assumption alone?",
    [],
    replications=2,
    quick=1,
    timed=True,
)
CHARTS = ("traditional", "inverted")
SHOWN = 25
"""Coefficients in the figure."""
METRICS = {"retention": 100.0, "loyalty": 100.0, "profit": 1e-3}
"""Factors: points, points of 100, thousand a year."""


def main(study: Study) -> None:
    """Run both charts at both ends of every coefficient."""
    base = load_scenario("contact_centre")
    names = assumption_names()[:: 10 if study.quick else 1]
    points = []
    for name in ("", *names):
        for end in ("low", "high") if name else ("",):
            values = {name: setting_field(name).json_schema_extra[f"plausible_{end}"]} if name else {}
            for chart in CHARTS:
                scenario = with_structure(changed(base, values), chart)
                points.append(Point({"assumption": name, "end": end, "structure": chart}, scenario))
    runs = study.runs(points, listed=False)
    wide = runs.pivot(index=["assumption", "end", "replication"], columns="structure", values=list(METRICS))
    effects = {m: (wide[m]["inverted"] - wide[m]["traditional"]) * factor for m, factor in METRICS.items()}
    usual = float(effects["retention"][""].mean())
    rows = []
    for name in names:
        row: dict[str, object] = {"assumption": name}
        for metric, effect in effects.items():
            low, high = effect[name]["low"], effect[name]["high"]
            error = float((high - low).std(ddof=1)) / len(low) ** 0.5
            row |= {f"{metric}_low": low.mean(), f"{metric}_high": high.mean(), f"{metric}_error": error}
        rows.append(row)
    table = pd.DataFrame(rows).round(3)
    moved = (table.retention_high - table.retention_low).abs().sort_values(ascending=False)
    study.table(table, "ends")
    study.figure(figure(table, usual), "ends")
    if not study.quick:
        table.to_csv(ENDS, index=False)
    first = [names[i].removeprefix("assumptions.") for i in moved.index[:5]]
    lows = [min(a, b) for a, b in zip(table.retention_low, table.retention_high, strict=True)]
    highs = [max(a, b) for a, b in zip(table.retention_low, table.retention_high, strict=True)]
    study.finding(
        f"Turned chart, contact centre, born so, years 2 and 3: {usual:+.1f} points of retention as "
        f"published; one coefficient at a time at its ends, between {min(lows):+.1f} and {max(highs):+.1f}. The answer "
        f"hangs most on {', '.join(first)}. {int((moved > 0.5).sum())} of {len(names)} coefficients move it by more "
        "than half a point."
    )


def figure(table: pd.DataFrame, usual: float) -> Figure:
    """The effect on retention at both ends of the coefficients that move it most, the strongest on top."""
    moved = (table.retention_high - table.retention_low).abs().sort_values(ascending=False)
    shown = table.loc[moved.index[:SHOWN]].iloc[::-1]
    names = [name.removeprefix("assumptions.").replace(".", ": ").replace("_", " ") for name in shown.assumption]
    result = Figure(figsize=(8, 7), layout="constrained")
    axes = result.subplots()
    axes.hlines(names, shown.retention_low, shown.retention_high, color="0.75", linewidth=3)
    axes.plot(shown.retention_low, names, "o", color=COLOURS[0], label="at the lowest plausible value")
    axes.plot(shown.retention_high, names, "s", color=COLOURS[1], label="at the highest")
    axes.axvline(usual, color="black", linewidth=0.8, label="as published")
    axes.set_xlabel("gain in retention by turning the chart, points")
    axes.legend(frameon=False, fontsize=8)
    clean(axes, "x")
    return result


if __name__ == "__main__":
    STUDY.command(main)
