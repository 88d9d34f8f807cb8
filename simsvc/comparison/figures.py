"""A comparison of structures as figures."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.runs.metrics import METRICS
from simsvc.show.axes import COLOURS, COURSE, clean, smooth, style

if TYPE_CHECKING:
    from simsvc.comparison.result import Comparison

DECOMPOSED = (
    ("retention", "Retention", "points", 100.0),
    ("loyalty", "Loyalty", "points of 100", 100.0),
    ("profit", "Profit", "thousand a year", 1e-3),
)


_STAGES = {
    "queueing": "queueing\nonly",
    "decisions": "+ decisions",
    "behaviour": "+ behaviour",
    "total": "total",
}


def waterfall(axes: Any, table: pd.DataFrame, label: str, unit: str, scale: float) -> None:
    """Draw the steps that add up to a difference: one bar per stage of a table indexed by stage, and the total."""
    at = 0.0
    for k, stage in enumerate(_STAGES):
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
    axes.set_xticks(range(len(_STAGES)), list(_STAGES.values()), fontsize=8)
    axes.set_title(f"{label}: sources of the difference", fontsize=10, loc="left")
    axes.set_ylabel(unit, fontsize=8)
    axes.margins(y=0.18)
    clean(axes)


def flip(result: Comparison) -> Figure:
    """The answer: course of the organisations above, sources of the difference below."""
    decomposed = not result.decomposition.empty
    figure = Figure(figsize=(11, 6.8 if decomposed else 3.8), layout="constrained")
    grid = figure.subplots(2 if decomposed else 1, 3, squeeze=False)
    for axes, name in zip(grid[0], ("customers", "loyalty", "morale"), strict=True):
        label, unit = next((label, unit) for n, label, unit, _ in COURSE if n == name)
        for k, (structure, frame) in enumerate(result.course.items()):
            axes.plot(frame["day"] / 250, smooth(frame[name]), label=structure, linewidth=1.8, **style(k))
        axes.set_title(label, fontsize=10, loc="left")
        axes.set_ylabel(unit, fontsize=8)
        axes.set_xlabel("year", fontsize=8)
        clean(axes)
    grid[0][0].legend(fontsize=9, frameon=False)
    if decomposed:
        other = list(result.structures)[-1]
        table = result.decomposition
        for axes, (metric, label, unit, scale) in zip(grid[1], DECOMPOSED, strict=True):
            mine = table[(table["metric"] == metric) & (table["structure"] == other)].set_index("stage")
            waterfall(axes, mine, label, unit, scale)
    title = f"{result.sentence()} ({result.replications} pairs of {result.days} days, 95 % intervals)"
    figure.suptitle(textwrap.fill(title, 125), fontsize=10, x=0.01, ha="left")
    return figure


_LEVELS = (
    "retention loyalty satisfaction nps csat first_contact_resolution mean_wait abandonment escalation_rate "
    "refused_justified granted_unjustified occupancy morale exhaustion staff_turnover profit"
).split()


def levels(result: Comparison) -> Figure:
    """Level of each metric by structure, with 95 % intervals: one small panel per metric."""
    figure = Figure(figsize=(11, 7.6), layout="constrained")
    panels = figure.subplots(4, 4).ravel()
    names = list(result.structures)
    table = result.levels.set_index(["structure", "metric"])
    for axes, name in zip(panels, _LEVELS, strict=True):
        metric = METRICS[name]
        scale = 100.0 if metric.percent else (1e-3 if metric.unit == "money/year" else 1.0)
        unit = "%" if metric.percent else ("thousand a year" if metric.unit == "money/year" else metric.unit)
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
        axes.set_xlabel(unit, fontsize=8)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="x", alpha=0.25, linewidth=0.6)
        axes.tick_params(labelsize=8)
        if metric.better:
            axes.annotate(
                "better →" if metric.better > 0 else "← better", (1, 0), xycoords="axes fraction",
                textcoords="offset points", xytext=(0, 3), ha="right", fontsize=7, color="#666666",
            )  # fmt: skip
    figure.suptitle(
        f"Levels by structure, 95 % intervals ({result.replications} pairs of {result.days} days)",
        fontsize=11, x=0.01, ha="left",
    )  # fmt: skip
    return figure
