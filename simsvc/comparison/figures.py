"""A comparison of structures as figures."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.comparison.factors import EFFECTS
from simsvc.runs.metrics import HEADLINES, METRICS
from simsvc.runs.statistics import interval
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.show.axes import COLOURS, COURSE, clean, lines, style
from simsvc.show.numbers import difference, difference_unit, level_unit, titled

_LOOKS = {"management": ("#009E73", "o"), "power": ("#CC79A7", "D")}
"""Colour and mark of the effects of each factor; no structure has these colours beside them."""
_SHOWN = ("customers", "loyalty", "morale")
"""Daily series of the figure that gives the answer."""


def sources(axes: Any, table: pd.DataFrame, metric: str) -> None:
    """Draw what power and management do, each with the other as it was and turned, as dots with intervals.

    Args:
        axes: to draw on.
        table: of one structure, columns metric, effect, mean, low, high.
        metric: to be shown.
    """
    scale, unit = difference_unit(metric)
    rows = table[table["metric"] == metric].set_index("effect").reindex(list(EFFECTS))
    for k, (effect, row) in enumerate(rows.iterrows()):
        mean, low, high = (float(row[end]) * scale for end in ("mean", "low", "high"))
        colour, mark = _LOOKS.get(str(effect).split("_")[0], ("#555555", "s"))
        reach: Any = [[mean - low], [high - mean]] if np.isfinite(low) else None
        axes.errorbar(mean, k, xerr=reach, fmt=mark, color=colour, markersize=5, capsize=3, linewidth=1.2)
        axes.annotate(
            difference(metric, *row[["mean", "low", "high"]]).number, (mean, k), textcoords="offset points",
            xytext=(0, 5), ha="center", fontsize=8,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )  # fmt: skip
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(range(len(EFFECTS)), list(EFFECTS.values()), fontsize=8.5)
    axes.set_ylim(len(EFFECTS) - 0.5, -0.8)
    axes.margins(x=0.12)
    axes.set_title(f"{titled(metric)}: what turning it does", fontsize=10, loc="left")
    axes.set_xlabel(unit, fontsize=8)
    clean(axes, "x")


def flip(course: Mapping[str, pd.DataFrame], factors: pd.DataFrame, metrics: Sequence[str], title: str) -> Figure:
    """The answer: course of the organisations above, power and management apart below.

    Args:
        course: mean daily series by structure.
        factors: of one structure's difference, columns metric, effect, mean, low, high; may be empty.
        metrics: whose sources are shown.
        title: of the figure.
    """
    below = 0 if factors.empty else math.ceil(len(metrics) / 3)
    figure = Figure(figsize=(11, 3.8 + 3.0 * below), layout="constrained")
    grid = figure.subplots(1 + below, 3, squeeze=False)
    for axes, name in zip(grid[0], _SHOWN, strict=True):
        lines(axes, course, next(series for series in COURSE if series.name == name))
    grid[0][0].legend(fontsize=9, frameon=False)
    if below:
        for k, axes in enumerate(grid[1:].ravel()):
            if k < len(metrics):
                sources(axes, factors, metrics[k])
            else:
                axes.set_axis_off()
            if k % 3:
                axes.set_yticklabels([])
    figure.suptitle(textwrap.fill(title, 125), fontsize=10, x=0.01, ha="left")
    return figure


def turn(horizons: pd.DataFrame, gains: Mapping[str, pd.DataFrame], title: str) -> Figure:
    """What turning did: cumulated profit against never turning with its 95 % band, and differences by horizon.

    Args:
        horizons: columns metric, structure, years, mean, low, high.
        gains: cumulated profit less the baseline's by structure: rows of pairs, columns of days since the turn.
        title: of the figure.
    """
    metrics = list(dict.fromkeys(horizons["metric"]))
    metrics = [name for name in HEADLINES if name in metrics] or metrics[:3]
    figure = Figure(figsize=(11, 3.8), layout="constrained")
    first, *panels = figure.subplots(1, 1 + len(metrics))
    for k, (structure, values) in enumerate(gains.items()):
        years = values.columns.to_numpy(float) / DAYS_PER_YEAR
        found = [interval(values[day]) for day in values]
        mean, low, high = (np.array([getattr(one, end) for one in found]) / 1e3 for end in ("mean", "low", "high"))
        first.plot(years, mean, label=structure, **style(k + 1))
        first.fill_between(years, low, high, color=COLOURS[k + 1], alpha=0.2, linewidth=0)
        for axes, metric in zip(panels, metrics, strict=True):
            scale = difference_unit(metric).factor
            rows = horizons[(horizons["metric"] == metric) & (horizons["structure"] == structure)]
            mean, low, high = (rows[end].to_numpy(float) * scale for end in ("mean", "low", "high"))
            axes.errorbar(
                rows["years"], mean, yerr=np.nan_to_num([mean - low, high - mean]), capsize=3, marker="o",
                markersize=5, **style(k + 1),
            )  # fmt: skip
    first.set_title("Profit cumulated, less never turning", fontsize=10, loc="left")
    first.set_ylabel("thousand, with 95 % band", fontsize=8)
    first.legend(fontsize=8, frameon=False)
    for axes, metric in zip(panels, metrics, strict=True):
        axes.set_title(f"{titled(metric)}, year before", fontsize=10, loc="left")
        axes.set_ylabel(difference_unit(metric).name, fontsize=8)
        axes.set_xticks(sorted(set(horizons["years"])))
    for axes in (first, *panels):
        axes.axhline(0, color="black", linewidth=0.8)
        axes.set_xlabel("years after the turn", fontsize=8)
        clean(axes, "both")
    figure.suptitle(textwrap.fill(title, 125), fontsize=10, x=0.01, ha="left")
    return figure


_LEVELS = (
    "retention loyalty satisfaction nps csat first_contact_resolution mean_wait abandonment escalation_rate "
    "refused_justified granted_unjustified occupancy morale exhaustion staff_turnover profit"
).split()


def levels(table: pd.DataFrame, title: str) -> Figure:
    """Level of each metric by structure, with 95 % intervals: one small panel per metric.

    Args:
        table: columns structure, metric, mean, low, high.
        title: of the figure.
    """
    there = set(table["metric"])
    shown = (
        [name for name in _LEVELS if name in there] if set(METRICS) == there else list(dict.fromkeys(table["metric"]))
    )
    rows = math.ceil(len(shown) / 4)
    figure = Figure(figsize=(11, 0.4 + 1.8 * rows), layout="constrained")
    panels = figure.subplots(rows, 4, squeeze=False).ravel()
    names = list(dict.fromkeys(table["structure"]))
    table = table.set_index(["structure", "metric"])
    for axes in panels[len(shown) :]:
        axes.set_axis_off()
    for axes, name in zip(panels, shown, strict=False):
        metric = METRICS[name]
        scale, unit = level_unit(name)
        for k, structure in enumerate(names):
            row: Any = table.loc[(structure, name)]
            row = row * scale
            reach = [[row["mean"] - row["low"]], [row["high"] - row["mean"]]]
            finite = np.isfinite(reach).all()
            axes.errorbar(
                row["mean"], k, xerr=reach if finite else None, fmt="o" if k == 0 else "D", capsize=3,
                color=COLOURS[k % len(COLOURS)], markersize=5,
            )  # fmt: skip
        axes.set_yticks(range(len(names)), names, fontsize=8)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.margins(x=0.25)
        axes.set_title(f"{metric.label}", fontsize=9, loc="left")
        axes.set_xlabel(unit or metric.unit, fontsize=8)
        clean(axes, "x")
        if metric.better:
            axes.annotate(
                "better →" if metric.better > 0 else "← better", (1, 0), xycoords="axes fraction",
                textcoords="offset points", xytext=(0, 3), ha="right", fontsize=7, color="#666666",
            )  # fmt: skip
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return figure
