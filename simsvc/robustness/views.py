"""How robust a finding is, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from simsvc.robustness.result import LIMITS
from simsvc.show.numbers import difference, whole_percent, with_unit_of_differences
from simsvc.show.terminal import new_table, show

if TYPE_CHECKING:
    from simsvc.robustness.result import Robustness

READING = (
    "Over the worlds: median, 5 and 95 % of the draws that go with what is known of the baseline. As things stand: an "
    "ordinary comparison of 30 pairs with the assumptions as they are, whose 95 % interval holds luck alone.",
    "Shares of the variance are of the effect between single pairs of runs. What drives it: total Sobol indices of an "
    "emulator; what that does not foretell at worlds left out is given to no single number.",
    "Coverage and density of conditions are of the half of the worlds that did not find them.",
)
"""How to read the numbers."""
_DRIVERS = 8


def show_robustness(console: Console, result: Robustness) -> None:
    """Print effects over the worlds, what they hang on, where they lose, and what cannot be seen."""
    show(console, Text(f"{result.scenario_name}: {result.size()}, seed {result.seed}", style="bold"))
    for metric in result.metrics:
        show(console, "", Text(with_unit_of_differences(metric), style="bold"), "")
        table = new_table(console)
        table.add_column("effect")
        for head in ("over the worlds", "below 0", "as things stand", "worlds with less"):
            table.add_column(head, justify="right", no_wrap=True)
        for row in result.table[result.table["metric"] == metric].to_dict("records"):
            worlds = difference(metric, row["p50"], row["p05"], row["p95"])
            luck = difference(metric, row["luck_mean"], row["luck_low"], row["luck_high"])
            below = whole_percent(row["share_below_zero"])
            less = whole_percent(row["share_below_now"])
            table.add_row(result.told(row["effect"]), str(worlds), below, str(luck), less)
        show(console, table)
        parts = result.variance.set_index("metric").loc[metric]
        told = ", ".join(f"{name} {100 * share:.0f} %" for name, share in parts.items())
        show(console, "", f"Shares of the variance: {told}.")
        for row in result.drivers[result.drivers["metric"] == metric].head(_DRIVERS).to_dict("records"):
            way = "more favours turning" if row["correlation"] > 0 else "less favours turning"
            show(console, f"  {100 * row['share']:4.0f} %  {row['name']} ({way})")
    notes = (*READING, LIMITS)
    show(console, "", *(Text(note, style="dim") for note in notes), "", result.sentence())
