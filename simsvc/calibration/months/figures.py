"""A calibration to monthly figures as figures."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.calibration.months.monthly_figures import COLUMNS
from simsvc.calibration.months.posterior import KNOWN_WORDS, Posterior
from simsvc.show.axes import COLOURS, clean

_MANY_MONTHS = 14
_MOST_PANELS = 7
"""Settings shown in the figure of the posterior; a figure of more cannot be read."""


def course_of_months(table: pd.DataFrame, title: str) -> Figure:
    """Observed months over what was predicted for them, one panel per figure; months held out are shaded.

    Args:
        table: columns figure, month, observed, median, low, high, low_50, high_50, held_out.
        title: of the figure.
    """
    names, months = (list(dict.fromkeys(table[column])) for column in ("figure", "month"))
    columns = min(3, len(names))
    rows = -(-len(names) // columns)
    figure = Figure(figsize=(3.7 * columns if columns > 1 else 6.5, 2.6 * rows + 1.1), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    x = np.arange(len(months))
    for k, (axes, name) in enumerate(zip(panels, names, strict=False)):
        column = COLUMNS[name]
        scale = 100.0 if column.percent else 1.0
        mine = table[table["figure"] == name]
        for ends, alpha, share in (("", 0.18, 95), ("_50", 0.35, 50)):
            low, high = mine[f"low{ends}"] * scale, mine[f"high{ends}"] * scale
            axes.fill_between(x, low, high, color=COLOURS[0], alpha=alpha, linewidth=0, label=f"model, {share} %")
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
        step = -(-len(x) // (_MANY_MONTHS if len(months[0]) < 4 else 5))
        axes.set_xticks(x[::step], months[::step])
        axes.set_xlim(-0.6, len(x) - 0.4)
        if k >= len(names) - columns:
            axes.set_xlabel("month", fontsize=8)
        clean(axes)
    for axes in panels[len(names) :]:
        axes.set_axis_off()
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), fontsize=8, frameon=False)
    width = int(figure.get_figwidth() * 11.2)
    figure.suptitle(textwrap.fill(title, width), fontsize=10, x=0.01, ha="left")
    return figure


def posterior_figure(posterior: Posterior, table: pd.DataFrame) -> Figure:
    """The posterior: each setting against the range searched, and each pair; `table`: setting, known, unit."""
    names = list(posterior.ranges)[:_MOST_PANELS]
    count = len(names)
    size = min(2.3, 12 / count) if count > 1 else 4.5
    figure = Figure(figsize=(size * count + 0.8, size * count + 0.9), layout="constrained")
    grid = figure.subplots(count, count, squeeze=False)
    draws = posterior.draws
    known, units = (table.set_index("setting")[column] for column in ("known", "unit"))
    for row, name in enumerate(names):
        for column, other in enumerate(names):
            axes: Any = grid[row][column]
            if column > row:
                axes.set_axis_off()
                continue
            low, high = posterior.ranges[other]
            axes.set_xlim(low, high)
            if row == column:
                axes.hist(draws[:, row], bins=30, range=(low, high), density=True, color=COLOURS[0], alpha=0.6)
                axes.axhline(1 / (high - low), color=COLOURS[1], linestyle="--", linewidth=1.2)
                axes.set_yticks([])
                axes.set_title(f"{name.partition('.')[2]}\n(known: {KNOWN_WORDS[known[name]]})", fontsize=8)
            else:
                axes.plot(draws[::4, column], draws[::4, row], ".", color=COLOURS[0], markersize=1.5, alpha=0.35)
                axes.set_ylim(*posterior.ranges[name])
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
    more = f" (the first {count} of {len(posterior.ranges)})" if len(posterior.ranges) > count else ""
    title = f"Settings that go with the figures{more}; dashed: before the figures were seen"
    figure.suptitle(textwrap.fill(title, max(int(figure.get_figwidth() * 11), 40)), fontsize=10, x=0.01, ha="left")
    return figure
