"""Dates and times in the texts of a log: ISO, six or eight digits, and day and month in either order."""

from __future__ import annotations

from typing import Any

import pandas as pd

from simsvc.errors import InputError

_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?(?: ?([AaPp])\.?[Mm]\.?)?"
_SLASHED = rf"^(\d{{1,2}})([./-])(\d{{1,2}})\2(\d{{4}}|\d{{2}})(?:[ T,]+{_CLOCK})?$"
_READABLE = 0.95
"""Share of the dates that must make sense in an order of day and month for this to be the order."""


def remedy(field: str) -> str:
    """What to write to have dates read in another notation."""
    form = "%d/%m/%Y" if field == "date" else "%d/%m/%Y %H:%M:%S"
    return f'give the notation in a layout, --layout mine.toml with [formats] {field} = "{form}"'


def moments(texts: pd.Series[Any], form: str | None, field: str, where: str) -> tuple[pd.Series[Any], str]:
    """Dates, or dates with times; NaT for what is neither.

    Args:
        texts: as in the file.
        form: notation of `strptime`; found out if None.
        field: `arrival` or `date`, for messages.
        where: file and column, for messages.

    Returns:
        The dates, and a sentence if it had to be found out which number is the day.

    Raises:
        InputError: if day and month can be told apart by no date of the column.
    """
    if form is not None:
        return pd.to_datetime(texts, format=form, errors="coerce"), ""
    known: pd.Series[Any] = pd.to_datetime(texts, format="ISO8601", errors="coerce")
    for plain, width in (("%y%m%d", 6), ("%Y%m%d", 8)):
        if known.isna().all() or texts.str.fullmatch(rf"\d{{{width}}}").all():
            found = pd.to_datetime(texts, format=plain, errors="coerce")
            if found.notna().mean() > 0.5:
                return found, ""
    parts = texts.str.extract(_SLASHED)
    if parts[0].notna().mean() <= 0.5:
        return known, ""
    first, second = parts[0].astype(float), parts[2].astype(float)
    written = first.notna()
    day_first, month_first = (second <= 12)[written].mean(), (first <= 12)[written].mean()
    if min(day_first, month_first) == 1.0:
        example = str(texts[written].iloc[0])
        sign = parts[1][written].iloc[0]
        raise InputError(
            f"{where}: '{example}' may be day{sign}month or month{sign}day, and no date of the file tells; "
            + remedy(field).replace("/", sign)
        )
    if max(day_first, month_first) < _READABLE:
        return known, ""
    days_lead = bool(day_first > month_first)
    day, month = (first, second) if days_lead else (second, first)
    year = parts[3].astype(float).where(parts[3].str.len() == 4, parts[3].astype(float) + 2000)
    hour, minute, second_of = (parts[k].fillna("0").astype(float) for k in (4, 5, 6))
    afternoon = parts[7].str.lower()
    hour = hour.where(afternoon.isna(), hour % 12 + 12.0 * (afternoon == "p"))
    clock = 3600.0 * hour + 60.0 * minute + second_of
    possible = (hour < 24) & (minute < 60) & (second_of < 60)
    dates: pd.Series[Any] = pd.to_datetime(pd.DataFrame({"year": year, "month": month, "day": day}), errors="coerce")
    order = "day before month" if days_lead else "month before day"
    found = (dates + pd.to_timedelta(clock, unit="s")).where(possible)
    return found, f"Dates such as {texts[written].iloc[0]} are read as {order}, which other dates of the file show."
