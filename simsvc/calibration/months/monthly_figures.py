"""Monthly figures of a service organisation: which there are, how they are read, how a run gives the same ones.

A month is 21 working days. A figure is computed from a month of a run by the definition of the metric of
the same name (`simsvc.runs.metrics`), so that what a company counts and what the model counts agree.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsvc.calibration.text_files import read_rows
from simsvc.errors import InputError, nearest
from simsvc.model.reasons import LEFT
from simsvc.runs.metrics import METRICS
from simsvc.scenario.calendar import DAYS_PER_MONTH
from simsvc.scenario.explaining import shown

MONTHS_MOST = 600

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Column:
    """One figure that companies report by the month.

    Attributes:
        name: of the column in the file.
        label: for people.
        unit: of the value; `"share"` and `"0-1"` run from 0 to 1, not in percent.
        meaning: exact definition.
        low: smallest value that can be.
        high: largest value that can be.
        series: daily series of a run that it is computed from, names of `simsvc.model.rows.DAY`.
        of: computes it from a month's days.
        scale: `"plain"`; `"root"`, `"root of rest"`: the square root of the figure or of one less the figure.
            Roots make the noise of rare events and of waits about equally wide at all levels
            (Bartlett 1936).
        settings: what is fitted to it unless asked otherwise, with how far below and above the scenario's
            value it is looked for, as factors.
    """

    name: str
    label: str
    unit: str
    meaning: str
    low: float
    high: float
    series: tuple[str, ...]
    of: Callable[[Any], float]
    scale: str = "plain"
    settings: tuple[tuple[str, float, float], ...] = ()

    def scaled(self, values: Any) -> Any:
        """Values on the scale on which they are compared."""
        if self.scale == "plain":
            return np.asarray(values, float)
        with np.errstate(invalid="ignore"):
            return np.sqrt(np.maximum(1.0 - np.asarray(values) if self.scale == "root of rest" else values, 0.0))

    def discrepancy(self, value: float, share: float) -> float:
        """A share of the figure, as a distance on the scale on which it is compared; of 100 points for the NPS."""
        if self.scale == "plain":
            return share * (100.0 if self.low < 0 else abs(value))
        rest = 1.0 - value if self.scale == "root of rest" else value
        return share * math.sqrt(rest) / 2

    @property
    def percent(self) -> bool:
        """Whether it is shown times 100."""
        return self.unit.startswith("share")


def _churn(days: Any) -> float:
    """Share of a month's customers who leave during it: daily rate of leaving over 21 days."""
    customers = float(days["customers"].sum())
    left = sum(float(days[name].sum()) for name in LEFT)
    return 1.0 - (1.0 - left / (customers + left)) ** DAYS_PER_MONTH if customers + left else math.nan


def _ratio(top: str, bottom: str, factor: float = 1.0) -> Callable[[Any], float]:
    def of(days: Any) -> float:
        below = float(days[bottom].sum())
        return float(days[top].sum()) / below * factor if below else math.nan

    return of


_NEUTRAL = (("market.neutral_churn", 0.2, 3.0),)
_RESOLUTION = (("operations.resolution", 0.6, 1.4),)
_QUITTING = (("workforce.quit_rate", 0.2, 3.0),)
_SERVICE = (("operations.service_minutes", 0.7, 1.3),)


def _column(
    name: str, low: float, high: float, series: str, scale: str = "plain",
    settings: tuple[tuple[str, float, float], ...] = (),
) -> Column:  # fmt: skip
    """A column that is a metric of the same name, taken over a month."""
    metric = METRICS[name]
    return Column(
        name, metric.label, metric.unit, metric.meaning, low, high, tuple(series.split()), metric.of, scale, settings
    )


COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        Column("retention", "Customer retention, month", "share",
               "Share of the customers of a month's start who are still customers at its end", 0, 1,
               ("customers", *LEFT), lambda days: 1.0 - _churn(days), "root of rest", _NEUTRAL),
        Column("churn", "Customer churn, month", "share", "Share of customers who leave during the month", 0, 1,
               ("customers", *LEFT), _churn, "root", _NEUTRAL),
        Column("retention_12_months", "Customer retention, 12 months", "share",
               "The month's retention, carried on for 12 months", 0, 1, ("customers", *LEFT),
               METRICS["retention"].of, "root of rest", _NEUTRAL),
        Column("new_customers", "New customers, month", "share of customers",
               "People who become customers during the month, per customer", 0, 100, ("joined", "customers"),
               _ratio("joined", "customers", DAYS_PER_MONTH), "root", (("market.joining_rate", 0.3, 3.0),)),
        _column("satisfaction", 0, 1, "satisfaction", settings=_RESOLUTION),
        _column("loyalty", 0, 1, "loyalty", settings=_RESOLUTION),
        _column("nps", -100, 100, "promoters detractors", settings=_RESOLUTION),
        _column("csat", 0, 1, "top_box calls_judged", settings=_RESOLUTION),
        _column("first_contact_resolution", 0, 1, "first_contact_resolved first_contact_judged",
                settings=_RESOLUTION),
        Column("contacts", "Contacts", "per working day", "Contacts made, in the mean over the month's working days",
               0, 1e9, ("contacts",), lambda days: float(days["contacts"].mean()), "root",
               (("demand.contacts_per_year", 0.6, 1.5),)),
        _column("mean_wait", 0, 1e6, "wait calls_judged abandoned", "root", _SERVICE),
        _column("abandonment", 0, 1, "abandoned contacts", "root", (("demand.patience", 0.3, 3.0),)),
        _column("escalation_rate", 0, 1, "asked served", "root", (("demand.request_share", 0.2, 2.0),)),
        _column("occupancy", 0, 1, "busy scheduled", settings=_SERVICE),
        _column("staff_turnover", 0, 1000, "quits present", "root", _QUITTING),
        Column("staff_leaving", "Staff who leave, month", "share",
               "Quits and dismissals during the month per head present", 0, 100, ("quits", "present"),
               _ratio("quits", "present", DAYS_PER_MONTH), "root", _QUITTING),
        _column("morale", 0, 1, "morale", settings=(("operations.cause_prevalence", 0.2, 2.5),)),
    )
}  # fmt: skip
"""All columns that a file of monthly figures may have besides `month`."""
_SAME = ({"retention", "churn", "retention_12_months"}, {"staff_turnover", "staff_leaving"})
"""Columns that say the same in other words; a file has at most one of each."""


@dataclass(frozen=True)
class MonthlyData:
    """Monthly figures of one organisation.

    Attributes:
        names: of the columns.
        labels: of the months, as the file writes them; months that it leaves out are named by their number.
        values: float (months, columns); NaN where there is none.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    values: Floats

    @property
    def columns(self) -> tuple[Column, ...]:
        """What the figures are."""
        return tuple(COLUMNS[name] for name in self.names)


def read_monthly(path: Path) -> MonthlyData:
    """Monthly figures from a CSV file.

    The first line names the columns, separated by commas, semicolons or tabs: `month` (1, 2, ... or
    2024-01) and any of `COLUMNS`. Values may be missing, months too.

    Raises:
        InputError: naming the line, the column, the value and what is allowed.
    """
    table = read_rows(path)
    header, rows = [name.lower() for name in table.header], table.rows
    _check_header(header, path)
    found: dict[int, list[float]] = {}
    labels: dict[int, str] = {}
    kinds: set[bool] = set()
    for line, row in rows:
        where = f"{path}, line {line}"
        if len(row) != len(header):
            raise InputError(f"{where}: has {len(row)} values; the first line names {len(header)} columns")
        cells = dict(zip(header, row, strict=True))
        month, dated = _month(cells["month"], where)
        kinds.add(dated)
        if len(kinds) > 1:
            raise InputError(f"{where}: month = '{cells['month']}': write all months as numbers or all as 2024-01")
        if month in found:
            raise InputError(f"{where}: month {cells['month']} stands here for the second time")
        labels[month] = cells["month"]
        found[month] = [_value(COLUMNS[name], cells[name], where) for name in header if name != "month"]
    if not found:
        raise InputError(f"{path}: has no months below its first line")
    months = range(min(found), max(found) + 1)
    if len(months) > MONTHS_MOST:
        first, last = labels[months[0]], labels[months[-1]]
        raise InputError(f"{path}: months from {first} to {last}: allowed are up to {MONTHS_MOST}")
    names = tuple(name for name in header if name != "month")
    values = np.array([found.get(month, [math.nan] * len(names)) for month in months])
    for name, column in zip(names, values.T, strict=True):
        if not np.isfinite(column).any():
            raise InputError(f"{path}: the column '{name}' has no value in any month; leave it out")
    return MonthlyData(names, tuple(labels.get(m, str(m - months[0] + 1)) for m in months), values)


def _check_header(header: Sequence[str], path: Path) -> None:
    where = f"{path}, line 1"
    if "month" not in header:
        raise InputError(f"{where}: needs a column 'month' with 1, 2, ... or 2024-01; has: {', '.join(header)}")
    for number, name in enumerate(header):
        if name != "month" and name not in COLUMNS:
            raise InputError(
                f"{where}: there is no monthly figure '{name}'{nearest(name, COLUMNS)}; have: {', '.join(COLUMNS)}"
            )
        if name in header[:number]:
            raise InputError(f"{where}: the column '{name}' stands there twice")
    for group in _SAME:
        if len(both := [name for name in header if name in group]) > 1:
            raise InputError(f"{where}: {' and '.join(both)} say the same; leave one of them out")
    if len(header) < 2:
        raise InputError(f"{where}: needs at least one figure besides 'month'; have: {', '.join(COLUMNS)}")


def _month(cell: str, where: str) -> tuple[int, bool]:
    """Number of a month, and whether it is a date; dates are numbered from the year 0."""
    if re.fullmatch(r"\d{1,4}", cell) and int(cell) >= 1:
        return int(cell), False
    if (date := re.fullmatch(r"(\d{4})-(\d{2})", cell)) and 1 <= int(date.group(2)) <= 12:
        return 12 * int(date.group(1)) + int(date.group(2)), True
    raise InputError(f"{where}: month = {shown(cell)}: should be a number from 1 on, or year and month as in 2024-01")


def _value(column: Column, cell: str, where: str) -> float:
    if cell.lower() in ("", "na", "nan", "-"):
        return math.nan
    try:
        value = float(cell)
    except ValueError:
        hint = "; decimals are written with a point" if re.fullmatch(r"-?\d+,\d+", cell) else ""
        raise InputError(f"{where}: {column.name} = {shown(cell)}: should be a number, or empty{hint}") from None
    if not column.low <= value <= column.high:
        hint = "; percentages have to be divided by 100" if column.percent and 1 < value <= 100 else ""
        raise InputError(
            f"{where}: {column.name} = {value:g}: out of range; allowed: {column.low:g} to {column.high:g}{hint}"
        )
    return value


_RARE: dict[str, tuple[Callable[[float], bool], str]] = {
    "retention": (
        lambda usual: usual < 0.9,
        "in the mean, which as a share of one month leaves {yearly:.0f} % of customers after a year; figures for 12 "
        "months belong in a column named retention_12_months.",
    ),
    "retention_12_months": (
        lambda usual: usual > 0.98,
        "in the mean, which is rare for 12 months; figures for one month belong in a column named retention.",
    ),
    "staff_turnover": (
        lambda usual: 0 < usual < 0.06,
        "a year in the mean, which is rare; figures for one month belong in a column named staff_leaving.",
    ),
}
"""By column: whether a mean is rare for what the column means, and what to make sure of then."""


def doubts(data: MonthlyData) -> list[str]:
    """What a reader should make sure of: figures of a size that is rare for what their column means."""
    notes = []
    for name, usual in zip(data.names, np.nanmean(data.values, axis=0).tolist(), strict=True):
        rare, why = _RARE.get(name, (lambda usual: False, ""))
        if rare(usual):
            notes.append(f"{name} is {usual:.3g} {why.format(yearly=100 * usual**12)}")
    return notes


def needed_series(names: Sequence[str]) -> tuple[str, ...]:
    """Daily series that columns are computed from, each once."""
    return tuple(dict.fromkeys(series for name in names for series in COLUMNS[name].series))


def monthly(days: Mapping[str, Any], names: Sequence[str], settling: int) -> Floats:
    """Monthly figures of a run.

    Args:
        days: daily series by name, each float (days,).
        names: of the columns.
        settling: days before the first month.

    Returns:
        Float (months, columns); NaN where nothing happened that a figure could be taken from. Days after the
        last whole month are left out.
    """
    series = {name: np.asarray(days[name], float)[settling:] for name in needed_series(names)}
    count = len(next(iter(series.values()))) // DAYS_PER_MONTH
    figures = np.empty((count, len(names)))
    for month in range(count):
        those = slice(month * DAYS_PER_MONTH, (month + 1) * DAYS_PER_MONTH)
        block = {name: values[those] for name, values in series.items()}
        figures[month] = [COLUMNS[name].of(block) for name in names]
    return figures
