"""What each part of a difference is worth: in words, as a table, as figures, in files."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from rich.console import Console
from rich.text import Text

import simsvc
from simsvc.decomposition.worth import EFFECTS, Factorial, Orders
from simsvc.runs.folder import check_writable, manifest, save_figure, table_files, written
from simsvc.runs.metrics import METRICS
from simsvc.runs.statistics import Interval, widening
from simsvc.show.axes import COLOURS
from simsvc.show.effects import dots
from simsvc.show.numbers import decimals, readable
from simsvc.show.terminal import new_table, show

if TYPE_CHECKING:
    from simsvc.decomposition.compute import Decomposition

WORDS = dict(zip(EFFECTS, ("share", "main effect", "turned first", "turned last"), strict=True))
"""How tables and figures call the effects; the share is the Shapley value."""
_COLUMNS = 3


def _scaled(found: Interval, metric: str) -> Interval:
    factor = readable(metric)[0]
    return Interval(found.mean * factor, found.low * factor, found.high * factor, found.n)


def _digits(result: Decomposition, metric: str) -> int:
    """Decimals worth showing of the effects on a metric: about two digits of the uncertainty of a share."""
    shares = [_scaled(result.share(part, metric), metric) for part in result.parts]
    found = float(np.median([one.half_width for one in shares]))
    return decimals(found, max(abs(one.mean) for one in shares))


def _text(found: Interval, digits: int) -> str:
    """An effect with its interval; one that leaves out zero looks like it."""
    if found.low * found.high > 0 and digits < 3 and 0 in (round(found.low, digits), round(found.high, digits)):
        return _text(found, digits + 1)
    mean, low, high = (f"{round(value, digits) + 0.0:+,.{digits}f}" for value in (found.mean, found.low, found.high))
    return f"{mean} [{low}, {high}]" if found.n > 1 else mean


def sentence(result: Decomposition) -> str:
    """What does most and least of every metric, and which parts need or disturb each other most."""
    told = [
        f"From '{result.start_name}' to '{result.end_name}', {result.by} turned, {result.replications} replications."
    ]
    for metric in result.metrics:
        unit = readable(metric)[1]
        label, digits = METRICS[metric].label, _digits(result, metric)
        whole = _scaled(result.whole(metric), metric)
        order = result.order(metric)
        first = _scaled(result.share(order[0], metric), metric)
        last = _scaled(result.share(order[-1], metric), metric)
        words = f"{label} changes by {_text(whole, digits)} {unit}: {order[0]} ({_text(first, digits)}) adds most"
        apart = "" if first.low > last.high else ", which may be chance: the intervals overlap"
        told.append(f"{words}, {order[-1]} ({_text(last, digits)}) least{apart}." if len(order) > 1 else f"{words}.")
        strongest = _strongest_pair(result, metric)
        if strongest:
            told.append(strongest)
    return " ".join(told)


def _strongest_pair(result: Decomposition, metric: str) -> str:
    """The two parts of which the interaction is largest, if it is more than chance makes of so many pairs."""
    if result.pairs.empty:
        return ""
    table = result.interactions
    mine = table[table["metric"] == metric]
    reach = (mine["high"] - mine["low"]) / 2 * widening(len(mine), int(mine["n"].min()))
    mine = mine[mine["mean"].abs() > reach]
    if mine.empty:
        return ""
    row: Any = max(mine.to_dict("records"), key=lambda one: abs(one["mean"]))
    found = _scaled(Interval(row["mean"], row["low"], row["high"], row["n"]), metric)
    what = "more" if found.mean > 0 else "less"
    words = f"{_text(found, _digits(result, metric))} {readable(metric)[1]}"
    pair = f"{row['one']} and {row['other']}"
    return f"Together, {pair} give {what} than each alone ({words}; more than chance makes of so many pairs)."


def explained(result: Decomposition) -> list[str]:
    """How to read the numbers, in a few sentences."""
    notes = ["In brackets: 95 % intervals over replications, paired by the same luck."]
    if isinstance(result.plan, Factorial):
        count = 2 ** len(result.parts)
        notes.append(f"All {count} combinations were run. Share (Shapley value): what a part adds in the mean over all "
                     "orders of turning them; shares add up to the whole.")  # fmt: skip
        notes.append("Main effect: its mean over all combinations of the others.")
    else:
        notes.append(f"Share (Shapley value): what a part adds in the mean over orders of turning them, "
                     f"{result.plan.number} random ones in each replication; shares add up to the whole, and their "
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
    title = (
        f"{result.scenario_name}, from '{result.start_name}' to '{result.end_name}' by {result.by}: "
        f"{result.replications} replications of {result.days} days, seed {result.seed}"
    )
    show(console, Text(title, style="bold"))
    for metric in result.metrics:
        show(console, "", Text(f"{METRICS[metric].label}, {readable(metric)[1]}", style="bold"), "")
        _show_parts(console, result, metric)
    if not result.pairs.empty:
        show(console, "", Text("Two parts together, beyond each alone", style="bold"), "")
        _show_pairs(console, result)
    show(console, "", *(Text(note, style="dim") for note in explained(result)), "", sentence(result))


def _show_parts(console: Console, result: Decomposition, metric: str) -> None:
    effects = [effect for effect in WORDS if (result.values["effect"] == effect).any()]
    table, digits = new_table(console), _digits(result, metric)
    table.add_column("part")
    for effect in effects:
        table.add_column(WORDS[effect], justify="right", no_wrap=True)
    for part in result.order(metric):
        found = {effect: _scaled(result.share(part, metric, effect), metric) for effect in effects}
        styles = {effect: "" if not one.low <= 0 <= one.high else "dim" for effect, one in found.items()}
        table.add_row(part, *(Text(_text(one, digits), style=styles[effect]) for effect, one in found.items()))
    whole = _scaled(result.whole(metric), metric)
    factor = readable(metric)[0]
    table.add_row("sum of shares", f"{result.sum_of_shares(metric) * factor:+,.{digits}f}", style="bold")
    table.add_row("whole difference", _text(whole, digits), style="bold")
    show(console, table)


def _show_pairs(console: Console, result: Decomposition) -> None:
    table, digits = new_table(console), {metric: _digits(result, metric) for metric in result.metrics}
    table.add_column("two parts")
    for metric in result.metrics:
        table.add_column(f"{metric}, {readable(metric)[1]}", justify="right", no_wrap=True)
    for (one, other), mine in result.interactions.groupby(["one", "other"], sort=False):
        cells = []
        for row in mine.to_dict("records"):
            found = _scaled(Interval(row["mean"], row["low"], row["high"], row["n"]), row["metric"])
            cells.append(
                Text(_text(found, digits[row["metric"]]), style="" if not found.low <= 0 <= found.high else "dim")
            )
        table.add_row(f"{one} and {other}", *cells)
    show(console, table)


def bars(result: Decomposition) -> Figure:
    """Shares as bars with intervals, the largest above; marks for each part turned first and last.

    Parts stand in the order of the first metric, in all panels.
    """
    order = result.order(result.metrics[0])
    columns = min(len(result.metrics), _COLUMNS)
    rows = -(-len(result.metrics) // columns)
    figure = Figure(figsize=(11, 0.5 + rows * (1.1 + 0.34 * len(order))), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for number, (axes, metric) in enumerate(zip(panels, result.metrics, strict=False)):
        _panel(axes, result, metric, order, names=number % columns == 0)
    for axes in panels[len(result.metrics) :]:
        axes.set_visible(False)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles[::-1], labels[::-1], loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    how = "all combinations" if isinstance(result.plan, Factorial) else "random orders"
    title = (
        f"{result.scenario_name}, from '{result.start_name}' to '{result.end_name}' by {result.by}: what each part is "
        f"worth ({how}, {result.replications} replications of {result.days} days, 95\u00a0% intervals)"
    )
    figure.suptitle(textwrap.fill(title, 125), fontsize=10, x=0.01, ha="left")
    return figure


def _panel(axes: Any, result: Decomposition, metric: str, order: list[str], *, names: bool) -> None:
    factor, unit = readable(metric)
    height, whole = np.arange(len(order)), _scaled(result.whole(metric), metric)
    found = [_scaled(result.share(part, metric), metric) for part in order]
    mean = np.array([one.mean for one in found])
    reach: Any = np.nan_to_num([[one.mean - one.low for one in found], [one.high - one.mean for one in found]])
    colours = [COLOURS[0] if value >= 0 else COLOURS[1] for value in mean]
    axes.barh(height, mean, height=0.62, color=colours, alpha=0.75, label="share (Shapley value)")
    axes.errorbar(mean, height, xerr=reach, fmt="none", color="black", capsize=2.5, linewidth=1)
    for effect, mark, shift in (("last", "<", 0.2), ("first", ">", -0.2)):
        values = [result.share(part, metric, effect).mean * factor for part in order]
        axes.plot(
            values, height + shift, mark, color="white", markeredgecolor="black", markersize=5, markeredgewidth=0.9,
            linestyle="none", label=WORDS[effect],
        )  # fmt: skip
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(height, order if names else [])
    axes.set_ylim(len(order) - 0.4, -0.6)
    axes.set_title(textwrap.fill(METRICS[metric].label, 36), fontsize=10, loc="left")
    axes.set_xlabel(f"{unit}; whole difference {_text(whole, _digits(result, metric))}", fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="x", alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8)


def pairs(result: Decomposition) -> Figure:
    """Interactions as dots with intervals."""
    table = result.interactions.assign(two=lambda frame: frame["one"] + " and " + frame["other"])
    title = (
        f"{result.scenario_name}: what two parts give together beyond each alone "
        f"({result.replications} replications, 95\u00a0% intervals)"
    )
    return dots(table, "two", result.metrics[:_COLUMNS], title, what="interaction")


def save(result: Decomposition, folder: Path, command: str = "") -> list[Path]:
    """Write a decomposition: see `Decomposition.save`."""
    check_writable(folder)
    charts = pd.DataFrame(
        [(part, lever, getattr(result.start, lever), value)
         for part, levers in result.parts.items() for lever, value in levers.items()],
        columns=["part", "lever", "from", "to"],
    ).astype({"from": str, "to": str})  # fmt: skip
    files = []
    for name, frame in {
        "effects": result.effects,
        **({"interactions": result.interactions} if len(result.pairs) else {}),
        "replications": result.values,
        "parts": charts,
        **({"failures": pd.DataFrame(result.failures)} if result.failures else {}),
    }.items():
        files += table_files(frame, folder, name)
    about = f"simsvc {simsvc.__version__}, seed {result.seed}, {result.replications} replications of {result.days} days"
    files += save_figure(bars(result), folder, "shares", about)
    if len(result.pairs):
        files += save_figure(pairs(result), folder, "interactions", about)
    files.append(written(folder / "result.json", json.dumps(result.as_json(), indent=1)))
    note = manifest(
        result.scenario,
        command,
        kind="decomposition",
        finished=True,
        by=result.by,
        orders=result.plan.number if isinstance(result.plan, Orders) else None,
        seed=result.seed,
        days=result.days,
        replications=result.replications,
        runs=len(result.runs),
        structures={"from": result.start.model_dump(), "to": result.end.model_dump()},
        names={"from": result.start_name, "to": result.end_name},
    )
    files.append(written(folder / "manifest.json", json.dumps(note, indent=1)))
    return files
