"""A selection of the best structure in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from rich.console import Console
from rich.text import Text

from simsvc.runs.metrics import METRICS
from simsvc.show.numbers import gap, quoted
from simsvc.show.terminal import new_table, show

if TYPE_CHECKING:
    from simsvc.selection.compute import Standing
    from simsvc.selection.result import Selection

BEHIND = (
    "Behind: mean distance to the best structure in the same replications. A structure went when it was further behind "
    "another than chance explains (procedure KN, Kim & Nelson 2001); how those that went rank among themselves is not "
    "guaranteed."
)


def news(metric: str, standing: Standing) -> str:
    """Structures that have just gone, in a line; nothing if none has."""
    if not standing.gone:
        return ""
    if len(standing.gone) == 1:
        name, by, behind = standing.gone[0]
        who = f"'{name}' is out, {gap(metric, behind)} behind '{by}'"
    else:
        who = f"{quoted([name for name, _, _ in standing.gone])} are out"
    return f"After {standing.replications} replications {who}; still in: {quoted(standing.survivors)}."


def show_selection(console: Console, result: Selection) -> None:
    """Print a selection: the ranking, how to read it, the finding."""
    title = (
        f"{result.scenario_name}: {len(result.structures)} structures by {METRICS[result.metric].label}, "
        f"runs of {result.days} days, seed {result.seed}"
    )
    show(console, Text(title, style="bold"), "")
    table = new_table(console)
    table.add_column("structure")
    for head in ("mean", "behind", "replications"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("out", no_wrap=True)
    for row in result.ranking.to_dict("records"):
        inside = pd.isna(row["eliminated_by"])
        best = inside and result.decided
        fate = "selected" if best else "still in"
        out = fate if inside else f"after {row['eliminated_after']}, by '{row['eliminated_by']}'"
        behind = "" if row["structure"] == result.best else gap(result.metric, row["behind"])
        table.add_row(
            row["structure"], result.told(row["mean"]), behind, str(row["replications"]), out,
            style="bold" if best else "",
        )  # fmt: skip
    show(console, table)
    notes = [
        BEHIND,
        f"{len(result.runs)} runs, {result.first} replications of each at least, all under the same luck. The "
        "guarantee supposes that means of runs vary like a normal distribution.",
    ]
    show(console, "", *(Text(note, style="dim") for note in notes), "", result.sentence())
