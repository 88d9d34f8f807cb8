"""What each part of a difference is worth, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from simsvc.decomposition.result import NONE, READING_OF_STAGES
from simsvc.show.numbers import difference, difference_unit, with_unit_of_differences
from simsvc.show.terminal import new_table, show

if TYPE_CHECKING:
    from simsvc.decomposition.result import Decomposition


def explained(result: Decomposition) -> list[str]:
    """How to read the numbers, in a few sentences."""
    notes = ["In brackets: 95 % intervals over replications, paired by the same luck."]
    if result.by_stages:
        return [*notes, *READING_OF_STAGES]
    if result.orders is None:
        count = 2 ** len(result.parts)
        notes.append(f"All {count} combinations were run. Share (Shapley value): what a part adds in the mean over all "
                     "orders of turning them; shares add up to the whole.")  # fmt: skip
        notes.append("Main effect: its mean over all combinations of the others.")
    else:
        notes.append(f"Share (Shapley value): what a part adds in the mean over orders of turning them, "
                     f"{result.orders} random ones in each replication; shares add up to the whole, and their "
                     "intervals cover the choice of orders as well as the luck of the runs.")  # fmt: skip
    notes.append(
        f"Turned first: what it does alone in '{result.start_name}'. Turned last: what it adds when all others are "
        f"turned; so much is lost if it alone is taken back in '{result.end_name}'."
    )
    if "managers_time" in result.parts:
        levers = ", ".join(result.parts["managers_time"])
        notes.append(f"managers_time is one part ({levers}): turned one by one they could exceed a day.")
    return notes


def show_decomposition(console: Console, result: Decomposition) -> None:
    """Print a decomposition: a table per metric, the strongest interactions, how to read it, the finding."""
    title = f"{result.scenario_name}. {result.about}: {result.size()}, seed {result.seed}"
    show(console, Text(title, style="bold"))
    for metric in result.metrics:
        show(console, "", Text(with_unit_of_differences(metric), style="bold"), "")
        _show_parts(console, result, metric)
    if not result.pairs.empty:
        show(console, "", Text("Two parts together, beyond each alone", style="bold"), "")
        _show_pairs(console, result)
    show(console, "", *(Text(note, style="dim") for note in explained(result)), "", result.sentence())


def _style(low: float, high: float) -> str:
    """Effects that may be chance stand back."""
    return "dim" if low <= 0 <= high else ""


def _show_parts(console: Console, result: Decomposition, metric: str) -> None:
    table = new_table(console)
    table.add_column("part")
    for words in result.effect_words.values():
        table.add_column(words, justify="right", no_wrap=True)
    rows = {part: [result.share(part, metric, effect) for effect in result.effect_words]
            for part in result.order(metric)}  # fmt: skip
    rows |= {NONE: [result.with_none(metric)]} if result.by_stages else {}
    for part, found in rows.items():
        table.add_row(part, *(Text(result.words(one, metric), style=_style(one.low, one.high)) for one in found))
    shares = difference(metric, result.sum_of_shares(metric)).number
    table.add_row("sum" if result.by_stages else "sum of shares", shares, style="bold")
    table.add_row("whole difference", result.words(result.whole(metric), metric), style="bold")
    show(console, table)


def _show_pairs(console: Console, result: Decomposition) -> None:
    table = new_table(console)
    table.add_column("two parts")
    for metric in result.metrics:
        table.add_column(f"{metric}, {difference_unit(metric).name}", justify="right", no_wrap=True)
    for (one, other), mine in result.interactions.groupby(["one", "other"], sort=False):
        cells = [
            Text(result.words(row, row["metric"]), style=_style(row["low"], row["high"]))
            for row in mine.to_dict("records")
        ]
        table.add_row(f"{one} and {other}", *cells)
    show(console, table)
