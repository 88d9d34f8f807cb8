"""A comparison of structures as figures."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.runs.metrics import HEADLINES, METRICS
from simsvc.show.axes import COLOURS, COURSE, clean, lines
from simsvc.show.numbers import difference_unit, level_unit, titled

_STEPS = {"queueing": "queueing\nonly", "decisions": "+ decisions", "behaviour": "+ behaviour", "total": "total"}
_SHOWN = ("customers", "loyalty", "morale")
"""Daily series of the figure that gives the answer."""


def waterfall(axes: Any, table: pd.DataFrame, metric: str) -> None:
    """Draw the steps that add up to a difference: one bar per stage of a decomposition, and the total."""
    scale, unit = difference_unit(metric, of_100=True)
    table = table[table["metric"] == metric].set_index("stage")
    at = 0.0
    for k, stage in enumerate(_STEPS):
        row: Any = table.loc[stage]
        value: float = row["mean"] * scale
        start = 0.0 if stage == "total" else at
        colour = "#555555" if stage == "total" else ("#0072B2" if value >= 0 else "#D55E00")
        hatch = "" if value >= 0 else "//"
        axes.bar(k, value, bottom=start, color=colour, hatch=hatch, edgecolor="white", width=0.62)
        low, high = row["low"] * scale, row["high"] * scale
        if np.isfinite(low):
            axes.errorbar(k, start + value, yerr=[[value - low], [high - value]], color="black", capsize=3, linewidth=1)
        top = max(start, start + value, start + (high if np.isfinite(high) else value))
        axes.annotate(
            f"{value:+.1f}" if abs(value) < 100 else f"{value:+.0f}",
            (k, top), textcoords="offset points", xytext=(0, 4), ha="center", fontsize=8.5,
        )  # fmt: skip
        if stage != "total":
            at += value
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set_xticks(range(len(_STEPS)), list(_STEPS.values()), fontsize=8)
    axes.set_title(f"{titled(metric)}: sources of the difference", fontsize=10, loc="left")
    axes.set_ylabel(unit, fontsize=8)
    axes.margins(y=0.18)
    clean(axes)


def flip(course: Mapping[str, pd.DataFrame], decomposition: pd.DataFrame, title: str) -> Figure:
    """The answer: course of the organisations above, sources of the difference below.

    Args:
        course: mean daily series by structure.
        decomposition: of one structure's difference, columns metric, stage, mean, low, high; may be empty.
        title: of the figure.
    """
    decomposed = not decomposition.empty
    figure = Figure(figsize=(11, 6.8 if decomposed else 3.8), layout="constrained")
    grid = figure.subplots(2 if decomposed else 1, 3, squeeze=False)
    for axes, name in zip(grid[0], _SHOWN, strict=True):
        lines(axes, course, next(series for series in COURSE if series.name == name))
    grid[0][0].legend(fontsize=9, frameon=False)
    if decomposed:
        for axes, metric in zip(grid[1], HEADLINES, strict=True):
            waterfall(axes, decomposition, metric)
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
    figure = Figure(figsize=(11, 7.6), layout="constrained")
    panels = figure.subplots(4, 4).ravel()
    names = list(dict.fromkeys(table["structure"]))
    table = table.set_index(["structure", "metric"])
    for axes, name in zip(panels, _LEVELS, strict=True):
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
