"""Figures of sensitivity analyses: bars with intervals, Morris' mu* and sigma, profiles."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.runs.metrics import METRICS
from simsvc.scenario.words import setting_words
from simsvc.sensitivity_analysis.ranges import Parameter
from simsvc.show.axes import COLOURS, clean, style
from simsvc.show.numbers import difference_unit, level_unit

BLUE, ORANGE, GREY = COLOURS[0], COLOURS[1], "#999999"


def of_metric(
    metric: str, method: str, subjects: Sequence[str], effects: pd.DataFrame, levels: pd.DataFrame,
    parameters: Sequence[Parameter], replications: int,
) -> Figure:  # fmt: skip
    """The figure on one metric, from the tables of a `Sensitivity` or of its folder."""
    rows, count = effects[effects["metric"] == metric], f"{replications} replications"
    tables = {subject: rows[rows["of"] == subject] for subject in subjects}
    if method == "profile":
        what = "one parameter at a time, others at the reference (dotted: present value)"
        title = f"{METRICS[metric].label}: {what}; {count}, 95 % intervals"
        return profiles(tables, levels[levels["metric"] == metric], parameters, metric, title)
    title = f"{METRICS[metric].label}: what it depends on ({count} of every point, 95 % intervals)"
    return (screening if method == "morris" else indices)(tables, metric, title)


def _order(tables: dict[str, pd.DataFrame], rank: str) -> list[str]:
    """Parameters as lines of all panels: by the last table, the strongest first."""
    return list(list(tables.values())[-1].sort_values(rank, ascending=False)["parameter"])


def _lines(axes: Any, names: Sequence[str], first: bool) -> None:
    labels = [f"{setting_words(name)}  {k}" if first else str(k) for k, name in enumerate(names, 1)]
    axes.set_yticks(range(len(names)), labels)
    axes.set_ylim(len(names) - 0.4, -0.6)
    clean(axes, "x")


def _say_why_empty(axes: Any, rows: pd.DataFrame, name: str) -> None:
    """In a panel without any result, the reason instead of empty axes."""
    if rows[name].isna().all():
        words = textwrap.fill("No result: " + rows["verdict"].iloc[0], 36)
        axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", fontsize=9)
        axes.set_xlim(0, 1)
        axes.set_xticks([])


def _bars(axes: Any, rows: pd.DataFrame, name: str, scale: float, **more: Any) -> None:
    """Horizontal bars with intervals; `offset`, `height` and `color` in `more`."""
    value = rows[name].to_numpy(float) * scale
    low, high = (rows[f"{name}_{end}"].to_numpy(float) * scale for end in ("low", "high"))
    place = np.arange(len(rows)) + more.pop("offset", 0.0)
    axes.barh(place, np.nan_to_num(value), **more)
    reach = np.nan_to_num([np.maximum(value - low, 0), np.maximum(high - value, 0)])
    axes.errorbar(value, place, xerr=reach, fmt="none", ecolor="black", capsize=2, linewidth=0.9)


def _marks(axes: Any, bounds: Any, places: Any, **look: Any) -> None:
    """What noise alone shows; bounds that are far beyond all bars stay outside, so that bars can still be seen."""
    most = 3 * axes.get_xlim()[1]
    axes.plot(bounds, places, "|", markeredgewidth=2, **look)
    axes.set_xlim(right=min(axes.get_xlim()[1], most))


def screening(tables: dict[str, pd.DataFrame], metric: str, title: str) -> Figure:
    """Morris screening: size of effects with intervals and noise above, their mean size and spread below.

    Tables have rows as of `screening.morris` with `parameter` and `verdict`, by structure or difference.
    """
    names = _order(tables, "mu_star")
    scale, unit = difference_unit(metric)
    drawn = Figure(figsize=(11, 4.6 + 0.23 * len(names)), layout="constrained")
    panels = drawn.subplots(2, len(tables), squeeze=False, height_ratios=[0.6 + 0.23 * len(names), 3.0])
    for k, (subject, table) in enumerate(tables.items()):
        rows = table.set_index("parameter").reindex(names).reset_index()
        above, below = panels[0][k], panels[1][k]
        seen = ~(rows["mu_star"] <= rows["noise"])
        colours = np.where(seen, BLUE, GREY)
        _bars(above, rows, "mu_star", scale, height=0.66, color=colours)
        _marks(above, rows["noise"] * scale, np.arange(len(names)), color=ORANGE, markersize=11)
        _lines(above, names, k == 0)
        above.set_title(textwrap.fill(subject, 40), fontsize=10, loc="left")
        above.set_xlabel(f"mean size of effects (mu*), {unit}".rstrip(", "), fontsize=8)
        above.set_xlim(left=0)
        _say_why_empty(above, rows, "mu_star")
        x, y = rows["mu_star"] * scale, rows["sigma"] * scale
        furthest, highest = (float(np.nanmax([*values, 0.0])) for values in (x, y))
        below.scatter(x, y, s=14, c=colours, zorder=3)
        for number, (a, b) in enumerate(zip(x, y, strict=True), 1):
            if a < 0.12 * furthest and b < 0.12 * highest:  # near the origin numbers would hide each other
                continue
            below.annotate(str(number), (a, b), textcoords="offset points", xytext=(4, 3), fontsize=7)
        end = max(furthest, highest) or 1.0
        below.plot([0, end * 1.05], [0, end * 1.05], color=GREY, linewidth=0.8, linestyle="--")
        below.set_xlim(0, furthest * 1.12 or 1.0)
        below.set_ylim(0, highest * 1.15 or 1.0)
        below.set_xlabel(f"mu*, {unit}".rstrip(", "), fontsize=8)
        if k == 0:
            below.set_ylabel(f"sigma: spread of effects, {unit}".rstrip(", "), fontsize=8)
        clean(below)
    drawn.suptitle(
        textwrap.fill(title, 125) + "\nOrange mark (or outside, if none is seen): noise alone stays below it in about "
        "95 % of cases; grey: cannot be told from noise.\nAbove the dashed line effects differ from place to place by "
        "more than their mean size.",
        fontsize=10, x=0.01, ha="left",
    )  # fmt: skip
    return drawn


def indices(tables: dict[str, pd.DataFrame], metric: str, title: str) -> Figure:
    """Sobol indices: first-order and total shares of the variance with intervals.

    Tables have rows as of `variance_indices.SobolIndices.table` with `parameter` and `verdict`, by structure or
    difference.
    """
    names = _order(tables, "total")
    drawn = Figure(figsize=(11, 1.9 + 0.42 * len(names)), layout="constrained")
    panels = drawn.subplots(1, len(tables), squeeze=False)[0]
    for k, (axes, (subject, table)) in enumerate(zip(panels, tables.items(), strict=True)):
        rows = table.set_index("parameter").reindex(names).reset_index()
        _bars(axes, rows, "first", 100.0, offset=-0.19, height=0.36, color=BLUE, label="first: alone")
        _bars(axes, rows, "total", 100.0, offset=0.19, height=0.36, color=ORANGE, hatch="//", edgecolor="white",
              label="total: with others")  # fmt: skip
        _marks(axes, rows["noise"] * 100.0, np.arange(len(names)) + 0.19, color="black", markersize=9,
               label="noise alone, 95 %")  # fmt: skip
        _lines(axes, names, k == 0)
        axes.set_title(textwrap.fill(subject, 40), fontsize=10, loc="left")
        axes.set_xlabel("% of the variance of the expected metric", fontsize=8)
        axes.axvline(0, color="black", linewidth=0.8)
        _say_why_empty(axes, rows, "total")
    drawn.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    drawn.suptitle(
        textwrap.fill(title, 125) + "\nMark (or outside, if none is seen): noise alone stays below it in about 95 % of "
        "cases.",
        fontsize=10, x=0.01, ha="left",
    )  # fmt: skip
    return drawn


def profiles(
    tables: dict[str, pd.DataFrame], levels: pd.DataFrame, parameters: Sequence[Parameter], metric: str, title: str
) -> Figure:
    """Small multiples: the metric of every structure along each parameter, differences below.

    Tables have rows as of `profiles.shape` with `parameter`, by structure or difference; `levels` the metric at every
    level of every parameter: parameter, of, value, and columns of `profiles.LEVELS`.
    """
    scale, unit = difference_unit(metric)
    names = _order(tables, "range")
    differences = [name for name in tables if " less " in name]
    bands = [[name for name in tables if name not in differences], *([differences] if differences else [])]
    columns = min(len(names), 4)
    rows = -(-len(names) // columns)
    drawn = Figure(figsize=(11, 0.9 + 2.3 * rows * len(bands)), layout="constrained")
    panels = drawn.subplots(rows * len(bands), columns, squeeze=False)
    for axes in panels.ravel():
        axes.set_visible(False)
    by_name = {one.name: one for one in parameters}
    for number, name in enumerate(names):
        for b, band in enumerate(bands):
            axes = panels[number // columns * len(bands) + b][number % columns]
            axes.set_visible(True)
            _profile(axes, levels[levels["parameter"] == name], band, by_name[name], scale)
            axes.set_title(setting_words(name) if b == 0 else "", fontsize=9, loc="left")
            if number % columns == 0:
                axes.set_ylabel(f"difference, {unit}" if b else level_unit(metric).name, fontsize=8)
            if band == differences:
                axes.axhline(0, color="black", linewidth=0.8)
            if number == 0:
                handles, labels = axes.get_legend_handles_labels()
                place: Any = f"outside lower {'left' if b == 0 else 'right'}"
                drawn.legend(handles, labels, loc=place, ncols=3, fontsize=8, frameon=False)
    _share_heights(panels, len(bands))
    drawn.suptitle(title, fontsize=10, x=0.01, ha="left")
    return drawn


def _profile(axes: Any, table: pd.DataFrame, band: Sequence[str], parameter: Parameter, scale: float) -> None:
    for k, subject in enumerate(band):
        rows = table[table["of"] == subject]
        places = rows["value"].astype(float).to_numpy() if parameter.ordered else np.arange(len(rows))
        look = style(k if len(band) > 1 or " less " not in subject else 2)
        axes.plot(places, rows["mean"] * scale, marker="o", markersize=3, linewidth=1.4, label=subject, **look)
        axes.fill_between(
            places, rows["low"] * scale, rows["high"] * scale, alpha=0.2, color=look["color"], linewidth=0
        )
    if parameter.ordered:
        for value in sorted(set(parameter.now.values())):
            axes.axvline(float(value), color=GREY, linewidth=0.9, linestyle=":")
        if parameter.logarithmic:
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter("{x:g}")
            axes.xaxis.set_minor_formatter("")
    else:
        axes.set_xticks(places, [str(value) for value in rows["value"]])
    clean(axes)


def _share_heights(panels: Any, bands: int) -> None:
    """The same scale in all panels of a kind, so that heights can be compared."""
    for b in range(bands):
        mine = [axes for row in panels[b::bands] for axes in row if axes.get_visible()]
        ends = np.array([axes.get_ylim() for axes in mine])
        for axes in mine:
            axes.set_ylim(ends[:, 0].min(), ends[:, 1].max())
