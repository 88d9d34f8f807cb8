"""The charts of the page and its table of numbers, from the same days and metrics as `simsvc run`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from simsvc.runs.metrics import METRICS, summary
from simsvc.show.numbers import level_unit, most_decimals, number


@dataclass(frozen=True)
class Series:
    """A chart: a metric, taken from the last so many days.

    Args:
        metric: its name.
        label: short, for a small chart.
        days: over which it is taken.
        decimals: shown.
    """

    metric: str
    label: str
    days: int
    decimals: int

    def value(self, rows: Any) -> float | None:
        """The value on the last of some days, as it is shown; None if nothing has happened to take it from."""
        with np.errstate(invalid="ignore", divide="ignore"):
            value = METRICS[self.metric].of(rows[-self.days :]) * level_unit(self.metric, of_100=True).factor
        return round(value, self.decimals + 1) if math.isfinite(value) else None

    def describe(self) -> dict[str, Any]:
        """The chart as the page is told of it."""
        metric = METRICS[self.metric]
        return {
            "name": self.metric,
            "label": self.label,
            "unit": level_unit(self.metric, of_100=True).name,
            "days": self.days,
            "decimals": self.decimals,
            "meaning": metric.meaning,
            "better": metric.better,
        }


SERIES = (
    Series("retention", "Retention", 60, 1),
    Series("loyalty", "Loyalty", 1, 1),
    Series("satisfaction", "Satisfaction", 1, 1),
    Series("morale", "Morale", 1, 1),
    Series("mean_wait", "Waiting", 20, 1),
    Series("escalation_rate", "Escalations", 20, 1),
    Series("profit", "Profit", 20, 0),
)
"""The charts, in order."""


def points(rows: Any) -> list[float | None]:
    """The values of all charts on the last of some days."""
    return [series.value(rows) for series in SERIES]


def numbers(rows: Any, settling: float) -> dict[str, float | None]:
    """Every metric of a run that ends today, as `simsvc run` computes it; None where there is none."""
    if not len(rows):
        return dict.fromkeys(METRICS)
    return {name: value if math.isfinite(value) else None for name, value in summary(rows, settling).items()}


def table(a: Any, b: Any, settling: float) -> list[dict[str, Any]]:
    """The numbers of both organisations, a row for each metric.

    Args:
        a: days of the one.
        b: days of the other.
        settling: share of the days left out at the start.
    """
    left, right = numbers(a, settling), numbers(b, settling)
    return [
        {
            "name": name,
            "label": metric.label,
            "unit": level_unit(name).name,
            "meaning": metric.meaning,
            "a": shown(metric.name, left[name]),
            "b": shown(metric.name, right[name]),
        }
        for name, metric in METRICS.items()
    ]


def shown(name: str, value: float | None) -> str:
    """A metric's value as text, in the unit it is shown in; a dash if there is none."""
    if value is None:
        return "–"
    return number(value * level_unit(name).factor, most_decimals(name))
