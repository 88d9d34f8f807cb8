"""The charts of the page and its table of numbers, from the same days and metrics as `simsvc run`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from simsvc.runs.metrics import METRICS, summary
from simsvc.show.numbers import decimals_of, level, level_unit


@dataclass(frozen=True)
class Series:
    """A chart: a metric, taken from the last so many days, with a short label."""

    metric: str
    label: str
    days: int
    usual: bool = True
    """Whether it is shown without a lesson."""

    @property
    def decimals(self) -> int:
        """Decimals of its values."""
        return decimals_of(self.metric)

    def value(self, rows: Any) -> float | None:
        """The value on the last of some days, as it is shown; None if nothing has happened to take it from."""
        with np.errstate(invalid="ignore", divide="ignore"):
            value = METRICS[self.metric].of(rows[-self.days :]) * level_unit(self.metric).factor
        return round(value, self.decimals + 1) if math.isfinite(value) else None

    def describe(self) -> dict[str, Any]:
        """The chart as the page is told of it."""
        metric = METRICS[self.metric]
        return {
            "name": self.metric,
            "label": self.label,
            "unit": level_unit(self.metric).name,
            "days": self.days,
            "decimals": self.decimals,
            "meaning": metric.meaning,
            "better": metric.better,
            "usual": self.usual,
        }


SERIES = (
    Series("retention", "Retention", 60),
    Series("loyalty", "Loyalty", 1),
    Series("satisfaction", "Satisfaction", 1),
    Series("morale", "Morale", 1),
    Series("mean_wait", "Waiting", 20),
    Series("escalation_rate", "Passed up", 20),
    Series("profit", "Profit", 20),
    Series("exhaustion", "Exhaustion", 1, usual=False),
    Series("causes_open", "Causes open", 1, usual=False),
    Series("grant_cost", "Grants", 20, usual=False),
    Series("customers", "Customers", 1, usual=False),
    Series("climate", "Climate", 1, usual=False),
    Series("refused_justified", "Justified refused", 20, usual=False),
    Series("positions", "Positions", 1, usual=False),
    Series("abandonment", "Gave up waiting", 20, usual=False),
)
"""The charts, in order; those that are not usual are shown with the lessons that are about them."""
LABELS = {series.metric: series.label for series in SERIES}
"""What the page calls what it has charts of, everywhere."""


def points(rows: Any) -> list[float | None]:
    """The values of all charts on the last of some days."""
    return [series.value(rows) for series in SERIES]


def table(a: Any, b: Any, settling: float) -> list[dict[str, Any]]:
    """Every metric of both organisations over their days so far, as `simsvc run` computes it, a row for each.

    Args:
        a: days of the one.
        b: days of the other.
        settling: share of the days left out at the start.
    """
    nothing = dict.fromkeys(METRICS, math.nan)
    found = {side: summary(rows, settling) if len(rows) else nothing for side, rows in (("a", a), ("b", b))}
    return [
        {
            "name": name,
            "label": metric.label,
            "unit": level_unit(name).name,
            "meaning": metric.meaning,
            **{side: shown(name, metrics[name]) for side, metrics in found.items()},
        }
        for name, metric in METRICS.items()
    ]


def shown(name: str, value: float) -> str:
    """A metric's value as text, in the unit it is shown in; a dash if there is none."""
    return level(name, value).number if math.isfinite(value) else "–"
