"""What a service level takes, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from simsvc.show.numbers import level, with_unit
from simsvc.show.terminal import new_table, show
from simsvc.staffing.result import BESIDE

if TYPE_CHECKING:
    from simsvc.staffing.result import StaffNeeded

READING = (
    "Positions are held fixed; the service level is the mean of the runs, with a 95 % interval that holds their luck "
    "and nothing else, of all contacts: who gives up or is turned away is not answered in time. Staff learn, tire, "
    "ask, quit and are away as in any run.",
    "Erlang C (nobody gives up) and A: what the rule gives for the contacts, the time spent on them, and the share of "
    "positions at work in the same runs, each department a queue of its own.",
)
"""How to read the numbers."""


def show_staff(console: Console, result: StaffNeeded) -> None:
    """Print positions needed, what comes with them, how to read it, the finding."""
    title = f"{result.scenario_name}: positions for {result.target}, {result.size()}, seed {result.seed}"
    show(console, Text(title, style="bold"), "")
    table = new_table(console)
    table.add_column("")
    for name in result.needed:
        table.add_column(name, justify="right")
    rows = result.table.to_dict("records")
    table.add_row("Positions needed", *(str(row["positions"]) for row in rows), style="bold")
    table.add_row("by Erlang A", *(str(row["erlang_a"]) for row in rows))
    table.add_row("by Erlang C", *(str(row["erlang_c"]) for row in rows))
    table.add_row(with_unit("service_level"), *(result.told(row) for row in rows))
    for metric in BESIDE:
        table.add_row(with_unit(metric), *(str(level(metric, row[metric])) for row in rows))
    show(console, table, "", *(Text(note, style="dim") for note in READING), "", result.sentence())
