"""A calibration to monthly figures in the terminal and as figures."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from rich.text import Text

from simsvc.calibration.months.monthly_figures import COLUMNS
from simsvc.show.axes import COLOURS, clean
from simsvc.show.terminal import new_table, show

if TYPE_CHECKING:
    from rich.console import Console

    from simsvc.calibration.months.result import MonthlyFit

_STYLES = {"well": "green", "partly": "cyan", "in combination": "yellow", "not": "red"}
_WORDS = {"well": "well", "partly": "partly", "in combination": "in combination only", "not": "not"}
_MANY_MONTHS = 14
_MOST_PANELS = 7
"""Settings shown in the figure of the posterior; a figure of more cannot be read."""


def show_monthly(console: Console, fit: MonthlyFit) -> None:
    """Print a calibration: settings, what is left open, the emulator, checks, months held out, the finding."""
    held = len(fit.data.labels) - fit.fitted_months
    title = f"{fit.fitted_months} months of {', '.join(fit.data.names)} fitted, {held} held out, seed {fit.seed}"
    about = f"{fit.runs:,} runs; the posterior's sample is worth {fit.posterior.worth:,.0f} independent draws"
    show(console, Text(title, style="bold"), Text(about, style="dim"), "")
    _show_settings(console, fit)
    show(console, "", Text("What the figures cannot tell, and where the model does not fit", style="bold"), "")
    for note in fit.notes or ["Every setting is told well, and the fitted model gives what was observed."]:
        show(console, Text(f"- {note}"))
    show(console, "", Text("The emulator, at points left out", style="bold"), "")
    _show_emulator(console, fit)
    show(console, "", Text("Observed against the fitted model, months fitted", style="bold"), "")
    _show_checks(console, fit)
    if held:
        show(console, "", Text("Months held out", style="bold"), "")
        _show_held_out(console, fit)
    known = (
        "Known: spread of the posterior against that of the range searched; 'well' below half of it, 'not' above 0.8. "
        "R2: share of the differences between points that is predicted; errors: root mean square of "
        "standardised ones, 1 if the emulator is as sure as it should be. Of twenty checks one lies outside by chance."
    )
    show(console, "", Text(known, style="dim"), "", fit.sentence())


def _show_settings(console: Console, fit: MonthlyFit) -> None:
    table = new_table(console)
    table.add_column("setting", overflow="fold")
    table.add_column("before", justify="right", no_wrap=True)
    table.add_column("median [95 %]", justify="right", no_wrap=True)
    table.add_column("range searched", justify="right", no_wrap=True)
    table.add_column("unit", overflow="fold")
    table.add_column("spread", justify="right", no_wrap=True)
    table.add_column("known", no_wrap=True)
    for row in fit.table.to_dict("records"):
        table.add_row(
            row["setting"],
            f"{row['before']:.4g}",
            f"{row['median']:.3g} [{row['low']:.3g}, {row['high']:.3g}]",
            f"{row['from']:.3g} to {row['to']:.3g}",
            row["unit"],
            f"{row['sd_ratio']:.2f}",
            Text(_WORDS[row["known"]], style=_STYLES[row["known"]]),
        )
    show(console, table)


def _show_emulator(console: Console, fit: MonthlyFit) -> None:
    table = new_table(console)
    table.add_column("figure")
    for heading in ("R2", "errors", "within 95 %", "points"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in fit.emulator.to_dict("records"):
        within = f"{100 * row['within']:.0f} %"
        table.add_row(row["figure"], f"{row['r2']:.2f}", f"{row['spread']:.2f}", within, f"{row['points']:.0f}")
    show(console, table)


def _show_checks(console: Console, fit: MonthlyFit) -> None:
    table = new_table(console)
    table.add_column("figure")
    table.add_column("check", no_wrap=True)
    table.add_column("observed", justify="right", no_wrap=True)
    table.add_column("model, 95 %", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    before = ""
    for row in fit.checks.to_dict("records"):
        name = "" if row["figure"] == before else row["figure"]
        before = row["figure"]
        verdict = Text("inside", style="green") if row["inside"] else Text("OUTSIDE", style="bold red")
        span = f"{row['low']:.3g} to {row['high']:.3g}"
        table.add_row(name, row["check"], f"{row['observed']:.3g}", span, verdict)
    show(console, table)


def _show_held_out(console: Console, fit: MonthlyFit) -> None:
    table = new_table(console)
    table.add_column("figure")
    table.add_column("month", no_wrap=True)
    table.add_column("observed", justify="right", no_wrap=True)
    table.add_column("predicted, 95 %", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    before = ""
    for row in fit.held_out.to_dict("records"):
        name = "" if row["figure"] == before else row["figure"]
        before = row["figure"]
        verdict = Text("inside", style="green") if row["inside"] else Text("OUTSIDE", style="bold red")
        span = f"{row['median']:.3g} [{row['low']:.3g}, {row['high']:.3g}]"
        table.add_row(name, row["month"], f"{row['observed']:.3g}", span, verdict)
    show(console, table)


def course_of_months(fit: MonthlyFit) -> Figure:
    """Observed months over what was predicted for them, one panel per figure; months held out are shaded."""
    names = fit.data.names
    columns = min(3, len(names))
    rows = -(-len(names) // columns)
    figure = Figure(figsize=(3.7 * columns if columns > 1 else 6.5, 2.6 * rows + 1.1), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    x = np.arange(len(fit.data.labels))
    for k, (axes, name) in enumerate(zip(panels, names, strict=False)):
        column = COLUMNS[name]
        scale = 100.0 if column.percent else 1.0
        mine = fit.months[fit.months["figure"] == name]
        axes.fill_between(x, mine["low"] * scale, mine["high"] * scale, color=COLOURS[0], alpha=0.18, linewidth=0,
                          label="model, 95 %")  # fmt: skip
        axes.fill_between(x, mine["low_50"] * scale, mine["high_50"] * scale, color=COLOURS[0], alpha=0.35,
                          linewidth=0, label="model, 50 %")  # fmt: skip
        axes.plot(x, mine["median"] * scale, color=COLOURS[0], linewidth=1.2)
        fitted, held = mine[~mine["held_out"]], mine[mine["held_out"]]
        axes.plot(x[: len(fitted)], fitted["observed"] * scale, "o", color="black", markersize=4, label="observed")
        if len(held):
            axes.axvspan(len(fitted) - 0.5, len(x) - 0.5, color="black", alpha=0.07, linewidth=0)
            axes.plot(x[len(fitted) :], held["observed"] * scale, "D", color=COLOURS[1], markersize=5,
                      label="observed, held out")  # fmt: skip
        unit = f"% {column.unit.removeprefix('share')}".strip() if column.percent else column.unit
        axes.set_title(column.label, fontsize=10, loc="left")
        axes.set_ylabel(unit, fontsize=8)
        step = -(-len(x) // (_MANY_MONTHS if len(fit.data.labels[0]) < 4 else 5))
        axes.set_xticks(x[::step], fit.data.labels[::step])
        axes.set_xlim(-0.6, len(x) - 0.4)
        if k >= len(names) - columns:
            axes.set_xlabel("month", fontsize=8)
        clean(axes)
    for axes in panels[len(names) :]:
        axes.set_axis_off()
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), fontsize=8, frameon=False)
    width = int(figure.get_figwidth() * 11.2)
    figure.suptitle(textwrap.fill(fit.sentence(), width), fontsize=10, x=0.01, ha="left")
    return figure


def posterior_figure(fit: MonthlyFit) -> Figure:
    """The posterior: each setting against the range searched, and each pair of settings."""
    names = list(fit.posterior.ranges)[:_MOST_PANELS]
    count = len(names)
    size = min(2.3, 12 / count) if count > 1 else 4.5
    figure = Figure(figsize=(size * count + 0.8, size * count + 0.9), layout="constrained")
    grid = figure.subplots(count, count, squeeze=False)
    draws = fit.posterior.draws
    known = fit.table.set_index("setting")["known"]
    units = fit.table.set_index("setting")["unit"]
    for row, name in enumerate(names):
        for column, other in enumerate(names):
            axes: Any = grid[row][column]
            if column > row:
                axes.set_axis_off()
                continue
            low, high = fit.posterior.ranges[other]
            axes.set_xlim(low, high)
            if row == column:
                axes.hist(draws[:, row], bins=30, range=(low, high), density=True, color=COLOURS[0], alpha=0.6)
                axes.axhline(1 / (high - low), color=COLOURS[1], linestyle="--", linewidth=1.2)
                axes.set_yticks([])
                axes.set_title(f"{name.partition('.')[2]}\n(known: {_WORDS[known[name]]})", fontsize=8)
            else:
                axes.plot(draws[::4, column], draws[::4, row], ".", color=COLOURS[0], markersize=1.5, alpha=0.35)
                axes.set_ylim(*fit.posterior.ranges[name])
                if column:
                    axes.set_yticklabels([])
            if column == 0 and row:
                axes.set_ylabel(f"{name.partition('.')[2]}\n{units[name]}", fontsize=7)
            if row == count - 1:
                axes.set_xlabel(f"{other.partition('.')[2]}\n{units[other]}", fontsize=7)
            else:
                axes.set_xticklabels([])
            axes.tick_params(labelsize=7)
            axes.spines[["top", "right"]].set_visible(False)
    more = f" (the first {count} of {len(fit.posterior.ranges)})" if len(fit.posterior.ranges) > count else ""
    title = f"Settings that go with the figures{more}; dashed: before the figures were seen"
    figure.suptitle(textwrap.fill(title, max(int(figure.get_figwidth() * 11), 40)), fontsize=10, x=0.01, ha="left")
    return figure
