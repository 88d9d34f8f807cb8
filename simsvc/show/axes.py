"""Figures that can be read without the text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import pandas as pd
from matplotlib.figure import Figure

from simsvc.scenario.calendar import DAYS_PER_YEAR

# Okabe & Ito's palette: told apart by the colour-blind; dashes tell apart in print
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = ("-", "--", "-.", ":")


class Series(NamedTuple):
    """A daily series as people see it: column, title, unit, factor."""

    name: str
    label: str
    unit: str
    factor: float = 1.0

    def values(self, days: pd.DataFrame) -> Any:
        """The series, smoothed over twenty days."""
        if self.name != WAITS:
            return smooth(days[self.name] * self.factor)
        calls = (days["calls_judged"] + days["abandoned"]).rolling(20, min_periods=1).sum().clip(lower=1)
        return (days["wait"].rolling(20, min_periods=1).sum() / calls).to_numpy()


WAITS = "wait"
"""Series that is a mean over calls, not over days."""
COURSE = (
    Series("customers", "Customers", "people"),
    Series("satisfaction", "Satisfaction of customers", "of 100", 100.0),
    Series("loyalty", "Loyalty of customers", "of 100", 100.0),
    Series("morale", "Morale of the front line", "of 100", 100.0),
    Series("prevalence", "Needs spoiled by known causes", "% per department", 100.0),
    Series(WAITS, "Mean wait of a caller", "min"),
)
"""What the course of an organisation is told by."""


def style(number: int) -> dict[str, Any]:
    """Colour and dash of the structure of that number."""
    return {"color": COLOURS[number % len(COLOURS)], "linestyle": DASHES[number % len(DASHES)]}


def smooth(values: Any, days: int = 20) -> Any:
    """Running mean of a daily series over at most `days` days, fewer where the series is short."""
    return pd.Series(values).rolling(min(days, max(len(values) // 5, 1)), min_periods=1).mean().to_numpy()


def clean(axes: Any, values: Literal["x", "y", "both"] = "y") -> None:
    """Take away what distracts: the upper and right frame; faint lines to read values by, which are on that axis."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=values, alpha=0.25, linewidth=0.6)
    axes.tick_params(labelsize=8)


def time_axis(axes: Any, days: int, size: int = 8) -> int:
    """Name a horizontal axis of so many days: by years, or by days if there are less than two; days of its unit."""
    short = days < 2 * DAYS_PER_YEAR
    axes.set_xlabel("working day" if short else "year", fontsize=size)
    return 1 if short else DAYS_PER_YEAR


def lines(axes: Any, days: Mapping[str, pd.DataFrame], series: Series) -> None:
    """Draw a series, one line per structure."""
    for k, (structure, frame) in enumerate(days.items()):
        axes.plot(
            frame["day"] / time_axis(axes, len(frame)), series.values(frame), label=structure, linewidth=1.7, **style(k)
        )
    axes.set_title(series.label, fontsize=10, loc="left")
    axes.set_ylabel(series.unit, fontsize=8)
    clean(axes)


def course(days: Mapping[str, pd.DataFrame], title: str) -> Figure:
    """How things went day by day, one panel per series, one line per structure."""
    figure = Figure(figsize=(11, 6.2), layout="constrained")
    panels = figure.subplots(2, 3).ravel()
    for axes, series in zip(panels, COURSE, strict=True):
        lines(axes, days, series)
    if len(days) > 1:
        panels[-1].legend(fontsize=8, frameon=False)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return figure
