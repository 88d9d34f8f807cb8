"""How a number is said: factor, unit and digits of every metric, and an estimate with its interval in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simsvc.runs.metrics import METRICS, Metric

if TYPE_CHECKING:
    from simsvc.runs.statistics import Interval

GROUPS = {
    "Customers": ("retention", "loyalty", "satisfaction", "nps", "csat"),
    "Service": ("first_contact_resolution", "mean_wait", "abandonment", "escalation_rate", "refused_justified"),
    "Staff": ("morale", "staff_turnover", "occupancy"),
    "Money": ("revenue", "grant_cost", "people_cost", "profit"),
}
"""Metrics of the table of a comparison; all others are in its files and JSON."""


def scale(metric: Metric) -> tuple[float, str]:
    """What a metric is multiplied by to be shown, and the unit it then has."""
    if metric.percent:
        return 100.0, "% a year" if metric.unit == "per year" else "%"
    if metric.unit == "money/year":
        return 1e-3, "thousand a year"
    return 1.0, "" if metric.unit == "0-1" else metric.unit


def named(metric: Metric, with_money: bool = True) -> str:
    """Label of a metric with the unit of its levels; that of money only where it is wanted."""
    unit = scale(metric)[1] if with_money or metric.unit != "money/year" else ""
    return f"{metric.label}, {unit}" if unit else metric.label


def decimals(half_width: float, mean: float, most: int = 3) -> int:
    """Decimals worth showing: about two digits of the uncertainty, or three of a value without one."""
    if math.isfinite(half_width) and half_width > 0:
        return min(max(math.ceil(0.3 - math.log10(half_width)), 0), most)
    if math.isfinite(mean) and mean:
        return min(max(2 - math.floor(math.log10(abs(mean))), 0), most)
    return 1


def most_decimals(metric: Metric) -> int:
    """Decimals of a metric beyond which nobody cares."""
    return 3 if metric.unit == "0-1" else 1 if metric.percent else 2


def number(value: float, digits: int, sign: str = "") -> str:
    """A number for the terminal: thousands apart, no negative zero; `-` if there is none."""
    if not math.isfinite(value):
        return "-"
    text = f"{round(value, digits) + 0.0:{sign},.{digits}f}"
    return text if float(text.replace(",", "")) else text.lstrip("+-")


def with_interval(mean: float, low: float, high: float, digits: int) -> str:
    """A difference with its interval; an interval that leaves out zero looks like it."""
    text = number(mean, digits, "+")
    if not math.isfinite(low):
        return text
    if low * high > 0 and digits < 3 and 0 in (round(low, digits), round(high, digits)):
        return with_interval(mean, low, high, digits + 1)  # an interval that leaves out 0 must look like it
    return f"{text} [{number(low, digits)}, {number(high, digits)}]"


def readable(metric: str) -> tuple[float, str]:
    """Factor and unit in which people read differences of a metric."""
    of = METRICS[metric]
    if of.unit == "money/year" and metric != "profit_per_customer":
        return 1e-3, "thousand a year"
    if of.percent or of.unit == "0-1":
        return 100.0, "points"
    return 1.0, of.unit


def numbers(found: Interval, unit: str = "", digits: int = 1) -> str:
    """An estimate with its interval: `+6.7 points [+6.5, +6.9]`."""
    return f"{found.mean:+.{digits}f}{unit} [{found.low:+.{digits}f}, {found.high:+.{digits}f}]"


def tell(found: Interval, unit: str = "", digits: int = 1) -> str:
    """An effect in words: its numbers, or that no difference was seen where the interval holds zero."""
    text = numbers(found, unit, digits)
    return f"no difference seen ({text})" if found.low <= 0 <= found.high else text
