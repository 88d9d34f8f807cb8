"""What did a correction of the rules do to the effects of turning the chart? Measured before and after, paired by luck.

    python experiments/corrections.py measure before.csv     # the sources as they are now
    python experiments/corrections.py measure after.csv      # the same after a change of the rules
    python experiments/corrections.py table before.csv after.csv

`measure` runs the same six pairs of 750 days in three organisations under four charts; `table` prints the effect of
turning (inverted against traditional) before and after, and how far the correction moved it with its 95 % interval,
as a line of the table in CHANGELOG.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

import simsvc
from simsvc.runs.statistics import Interval, interval

ORGANISATIONS = ("contact_centre", "private_bank", "fast_food")
CHARTS = ("traditional", "inverted", "well_run_hierarchy", "power_only")
METRICS = {"retention": 100.0, "loyalty": 100.0, "profit": 1e-3}  # points, points of 100, thousand a year
KEPT = [
    *METRICS,
    "first_contact_resolution",
    "abandonment",
    "mean_wait",
    "occupancy",
    "staff_turnover",
    "morale",
    "customers",
]

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def measure(
    out: Annotated[Path, typer.Argument(help="CSV file for the runs.")],
    replications: Annotated[int, typer.Option(help="Runs of each organisation under each chart.")] = 6,
    days: Annotated[int, typer.Option(help="Working days of a run.")] = 750,
) -> None:
    """Run the pairs with the sources as they are now."""
    frames = []
    for name in ORGANISATIONS:
        runs = simsvc.compare(name, list(CHARTS), replications=replications, days=days, factors=False).runs
        frames.append(runs[["structure", "replication", *KEPT]].assign(organisation=name))
    pd.concat(frames).to_csv(out, index=False)


def effects(runs: pd.DataFrame, organisation: str, metric: str, chart: str = "inverted") -> pd.Series:
    """Paired differences against the traditional chart, one per replication."""
    wide = runs[runs.organisation == organisation].pivot(index="replication", columns="structure", values=metric)
    return (wide[chart] - wide["traditional"]) * METRICS[metric]


def cell(before: pd.Series, after: pd.Series, digits: int) -> str:
    """`before → after (difference [low, high])`."""
    moved: Interval = interval(after - before)
    return (
        f"{before.mean():+.{digits}f} → {after.mean():+.{digits}f} "
        f"({moved.mean:+.{digits}f} [{moved.low:+.{digits}f}, {moved.high:+.{digits}f}])"
    )


@app.command()
def table(
    before: Path,
    after: Path,
    label: Annotated[str, typer.Option(help="What was corrected.")] = "",
    chart: Annotated[str, typer.Option(help="Chart compared with the traditional one.")] = "inverted",
) -> None:
    """Print how far the effects moved, a line for each organisation."""
    old, new = pd.read_csv(before), pd.read_csv(after)
    for organisation in ORGANISATIONS:
        cells = [
            cell(effects(old, organisation, m, chart), effects(new, organisation, m, chart), 0 if m == "profit" else 1)
            for m in METRICS
        ]
        print(f"| {label} | {organisation} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    app()
