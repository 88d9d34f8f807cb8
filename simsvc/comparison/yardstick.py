"""Yardsticks that people know: a difference in profit as a pay rise, one in retention as customers kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from simsvc.runs.result import ends
from simsvc.runs.statistics import Interval
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.show.numbers import said, scaled

_NONE = Interval(math.nan, math.nan, math.nan, 0)


def wage_bill(days: pd.DataFrame) -> float:
    """What front line and managers are paid, overtime included, money a year; days have it in cents."""
    return float((days["wages"] + days["management"]).mean()) * DAYS_PER_YEAR / 100


@dataclass(frozen=True)
class Yardstick:
    """Differences of a structure in retention and profit, told on scales that people know.

    Attributes:
        differences: to the baseline by metric, in the metric's own unit.
        bill: what front line and managers are paid under the baseline, money a year. It counts as known: there is
            little luck in it beside that of the difference.
        baseline: its name.
        when: over which days, and whether charts were turned or born so.
    """

    differences: Mapping[str, Interval]
    bill: float
    baseline: str
    when: str

    @property
    def pay_rise(self) -> Interval:
        """The difference in profit as the rise of everybody's pay that costs as much, %; NaN if nobody is paid.

        It is the cost alone, not what better pay would do. Unlike percent of the profit it means the same in a firm
        that earns next to nothing.
        """
        profit = self.differences.get("profit", _NONE)
        return scaled(profit, 100 / self.bill) if self.bill > 0 else _NONE

    def told(self) -> str:
        """In a line; empty where no difference is seen."""
        told = []
        kept, rise = scaled(self.differences.get("retention", _NONE), 100.0), self.pay_rise
        if _seen(kept):
            way = "more" if kept.mean > 0 else "fewer"
            told.append(f"Of 100 customers, {_size(kept)} {way} are still there a year later.")
        if _seen(rise):
            way = "rises" if rise.mean > 0 else "falls"
            told.append(
                f"Profit {way} by what a pay rise of {_size(rise, ' %')} for front line and managers would cost under "
                f"'{self.baseline}'."
            )
        return f"{' '.join(told)} ({self.when}.)" if told else ""

    def as_json(self) -> dict[str, Any]:
        """Wage bill and pay rise as plain data."""
        return {"wage_bill": self.bill, "pay_rise_percent": ends(vars(self.pay_rise))}


def _seen(found: Interval) -> bool:
    return found.low > 0 or found.high < 0


def _size(found: Interval, unit: str = "") -> str:
    """How large a difference is, without its sign."""
    low, high = sorted((abs(found.low), abs(found.high)))
    number, ends = said(abs(found.mean), low, high)
    return f"{number}{unit} {ends}"
