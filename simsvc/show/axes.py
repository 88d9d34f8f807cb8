"""Figures that can be read without the text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping


# Okabe & Ito's palette: told apart by the colour-blind; dashes tell apart in print
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = ("-", "--", "-.", ":")

COURSE = (
    ("customers", "Customers", "people", 1.0),
    ("satisfaction", "Satisfaction of customers", "0-1", 1.0),
    ("loyalty", "Loyalty of customers", "0-1", 1.0),
    ("morale", "Morale of the front line", "0-1", 1.0),
    ("prevalence", "Needs spoiled by known causes", "% per department", 100.0),
)


def style(number: int) -> dict[str, Any]:
    """Colour and dash of the structure of that number."""
    return {"color": COLOURS[number % len(COLOURS)], "linestyle": DASHES[number % len(DASHES)]}


def smooth(values: Any, days: int = 20) -> Any:
    """Running mean of a daily series over at most `days` days, fewer where the series is short."""
    return pd.Series(values).rolling(min(days, max(len(values) // 5, 1)), min_periods=1).mean().to_numpy()


def clean(axes: Any) -> None:
    """Take away what distracts: the upper and right frame; faint lines to read values by."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.25, linewidth=0.6)
    axes.tick_params(labelsize=8)


def course(days: Mapping[str, pd.DataFrame], title: str) -> Figure:
    """How things went day by day, one panel per series, one line per structure."""
    figure = Figure(figsize=(11, 6.2), layout="constrained")
    panels = figure.subplots(2, 3).ravel()
    for axes, (name, label, unit, scale) in zip(panels, COURSE, strict=False):
        for k, (structure, frame) in enumerate(days.items()):
            axes.plot(frame["day"] / 250, smooth(frame[name] * scale), label=structure, linewidth=1.6, **style(k))
        axes.set_title(label, fontsize=10, loc="left")
        axes.set_ylabel(unit, fontsize=8)
        axes.set_xlabel("year", fontsize=8)
        clean(axes)
    axes = panels[5]
    for k, (structure, frame) in enumerate(days.items()):
        waits = frame["wait"].rolling(20, min_periods=1).sum() / (
            (frame["calls_judged"] + frame["abandoned"]).rolling(20, min_periods=1).sum().clip(lower=1)
        )
        axes.plot(frame["day"] / 250, waits, label=structure, linewidth=1.6, **style(k))
    axes.set_title("Mean wait of a caller", fontsize=10, loc="left")
    axes.set_ylabel("minutes", fontsize=8)
    axes.set_xlabel("year", fontsize=8)
    clean(axes)
    if len(days) > 1:
        axes.legend(fontsize=8, frameon=False)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return figure
