"""How a number is said: name, unit, factor and digits of every metric, and an estimate with its interval.

A metric has two units: that of its levels and that of its differences (a share is said in %, a difference of two
shares in points). Whoever shows a number takes both from here, so that tables, sentences, figures and pages agree.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from simsvc.runs.metrics import METRICS

if TYPE_CHECKING:
    from simsvc.runs.statistics import Interval

MOST_DECIMALS = 4
"""Decimals to which an interval is told to show that it leaves out zero."""
_DECIMALS = {"money/year": 0, "money": 0, "people": 0, "": None}
"""Decimals of metrics by their unit, in the unit they are told in; none for a user's own, 1 for all others."""
_FINE = {"mean_wait": 2, "positions": 1, "grant_cost": 1, "people_cost": 1, "programme_cost": 1,
         "profit_per_thousand": 1}  # fmt: skip
"""Decimals of metrics that are small beside others of their unit."""


class Unit(NamedTuple):
    """What a value is multiplied by to be said, and what it then counts."""

    factor: float
    name: str


def level_unit(metric: str) -> Unit:
    """Unit of levels of a metric; scales from 0 to 1 are told as numbers out of 100."""
    of = METRICS[metric]
    if of.percent:
        return Unit(100.0, "% a year" if of.unit == "per year" else "%")
    if of.unit == "money/year":
        return Unit(1e-3, "thousand a year")
    return Unit(100.0, "of 100") if of.unit == "0-1" else Unit(1.0, of.unit)


def difference_unit(metric: str) -> Unit:
    """Unit of differences of a metric: as of its levels, of which shares and scales differ by points."""
    of = METRICS[metric]
    if of.percent:
        return Unit(100.0, "points")
    return Unit(100.0, "points of 100") if of.unit == "0-1" else level_unit(metric)


def with_unit(metric: str) -> str:
    """Label of a metric and the unit of its levels."""
    unit = level_unit(metric).name
    return f"{METRICS[metric].label}, {unit}" if unit else METRICS[metric].label


def with_unit_of_differences(metric: str) -> str:
    """Label of a metric and the unit of its differences."""
    return f"{METRICS[metric].label}, {difference_unit(metric).name}"


def called(metric: str) -> str:
    """Name of a metric within a sentence: its label without what makes it exact."""
    return METRICS[metric].label.lower().removesuffix(", 12 months").removesuffix(" (attitude)")


def titled(metric: str) -> str:
    """Name of a metric above a small panel."""
    return metric.replace("_", " ").capitalize()


def decimals(half_width: float, mean: float, most: int = 3) -> int:
    """Decimals worth showing: about two digits of the uncertainty, or three of a value without one."""
    if math.isfinite(half_width) and half_width > 0:
        return min(max(math.ceil(0.3 - math.log10(half_width)), 0), most)
    if math.isfinite(mean) and mean:
        return min(max(2 - math.floor(math.log10(abs(mean))), 0), most)
    return 1


def decimals_of(metric: str, half_width: float = math.nan, mean: float = math.nan) -> int:
    """Decimals of a metric, the same wherever it is told; of a user's own, as many as the estimate makes worth showing.

    Args:
        metric: its name.
        half_width: of the interval of an estimate, in the unit that is told.
        mean: of the estimate.
    """
    digits = _FINE.get(metric, _DECIMALS.get(METRICS[metric].unit, 1))
    return decimals(half_width, mean) if digits is None else digits


def number(value: float, digits: int, sign: str = "") -> str:
    """A number: thousands apart, no negative zero; `-` if there is none."""
    if not math.isfinite(value):
        return "-"
    text = f"{round(value, digits) + 0.0:{sign},.{digits}f}"
    return text if float(text.replace(",", "")) else text.lstrip("+-")


def percent(value: float, digits: int = 0, sign: str = "") -> str:
    """A number of percent with its sign; `-` if there is none."""
    return f"{number(value, digits, sign)} %" if math.isfinite(value) else "-"


def whole_percent(share: float) -> str:
    """A share, 0-1, in whole per cent; few are not said to be none, and most not to be all."""
    if 0 < share <= 0.005 or 0.995 <= share < 1:
        return "<1 %" if share < 0.5 else ">99 %"
    return f"{100 * share:.0f} %"


class Said(NamedTuple):
    """An estimate in words: the number, and its interval in brackets if there is one."""

    number: str
    interval: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.interval}".rstrip()


def said(
    mean: float, low: float, high: float, digits: int | None = None, *, sign: str = "", ends_sign: str = ""
) -> Said:
    """An estimate with its interval; an interval that leaves out zero looks like it, if a few decimals can show it.

    Args:
        mean: as it is shown, already in its unit.
        low: end of the interval; NaN if there is none.
        high: the other end.
        digits: decimals of the mean; as many as the interval makes worth showing, if left out.
        sign: `+` to show the sign of a positive number.
        ends_sign: the same for the ends of the interval.
    """
    ends = decimals((high - low) / 2, mean) if digits is None else digits
    if low * high > 0:
        enough = (more for more in range(ends, MOST_DECIMALS + 1) if 0 not in (round(low, more), round(high, more)))
        ends = next(enough, ends)
    shown = number(mean, ends if digits is None else digits, sign)
    return Said(shown, f"[{number(low, ends, ends_sign)}, {number(high, ends, ends_sign)}]" * math.isfinite(low))


def level(metric: str, mean: float, low: float = math.nan, high: float = math.nan, *, sign: str = "") -> Said:
    """A level of a metric in the unit of its levels; with a sign, a difference that is to be added to levels."""
    mean, low, high = (value * level_unit(metric).factor for value in (mean, low, high))
    return said(mean, low, high, decimals_of(metric, (high - low) / 2, mean), sign=sign)


def difference(metric: str, mean: float, low: float = math.nan, high: float = math.nan, *, ends_sign: str = "") -> Said:
    """A difference of a metric in the unit of its differences."""
    mean, low, high = (value * difference_unit(metric).factor for value in (mean, low, high))
    return said(mean, low, high, decimals_of(metric, (high - low) / 2, mean), sign="+", ends_sign=ends_sign)


def in_words(metric: str, mean: float, low: float = math.nan, high: float = math.nan) -> str:
    """A difference of a metric within a sentence: `+6.7 points [+6.5, +6.9]`."""
    told = difference(metric, mean, low, high, ends_sign="+")
    return f"{told.number} {difference_unit(metric).name} {told.interval}".rstrip()


def scaled(found: Interval, factor: float) -> Interval:
    """An estimate in another unit."""
    return replace(found, mean=found.mean * factor, low=found.low * factor, high=found.high * factor)


def numbers(found: Interval, unit: str = "", digits: int = 1) -> str:
    """An estimate within a sentence: `+6.7 points [+6.5, +6.9]`, always with so many digits."""
    mean, low, high = (number(end, digits, "+") for end in (found.mean, found.low, found.high))
    return f"{mean}{unit} [{low}, {high}]"


def tell(found: Interval, unit: str = "", digits: int = 1) -> str:
    """An effect in words: its numbers, or that no difference was seen where the interval holds zero."""
    text = numbers(found, unit, digits)
    return f"no difference seen ({text})" if found.low <= 0 <= found.high else text


def gap(metric: str, value: float) -> str:
    """How far one is behind another in a metric, with its unit."""
    return f"{difference(metric, value).number.lstrip('+')} {difference_unit(metric).name}"


def quoted(names: Iterable[str]) -> str:
    """Names within a sentence."""
    return ", ".join(f"'{name}'" for name in names)


def listed(words: Iterable[str]) -> str:
    """Words with commas and an 'and'."""
    them = list(words)
    return f"{', '.join(them[:-1])} and {them[-1]}" if len(them) > 1 else "".join(them)


def counted(number: int, noun: str) -> str:
    """A number of things."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
