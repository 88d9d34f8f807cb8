"""Times of day in a column of their own: clocks, digits, parts of a day, and AM and PM beside them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from simsvc.calibration.calls.guesses import Guess, in_layout, remedy
from simsvc.calibration.calls.values import clock
from simsvc.errors import InputError

DAY_SECONDS = 86_400.0
NOTATIONS = {
    "seconds": "seconds since midnight",
    "minutes": "minutes since midnight",
    "hours": "hours since midnight",
    "hhmmss": "hours, minutes and seconds without a sign between them",
    "hhmm": "hours and minutes without a sign between them",
    "day": "parts of a day",
}
"""How times of day are read that are numbers; a layout may say which, [formats] time."""
LEAST_TIMES = 20
"""Different values of which the notation is believed without being asked for."""
_READABLE = 0.95
_SECONDS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0}
_SERIAL = (20_000.0, 80_000.0)
"""Days of a spreadsheet, 1954 to 2119, the parts of which may stand behind them."""
_HALF = r"[AaPp]\.?\s?[Mm]\.?"


def times_of_day(texts: pd.Series[Any], form: str | None, where: str) -> tuple[pd.Series[float], list[Guess]]:
    """Times of day in seconds since midnight, below 48 hours; NaN for what is none.

    Args:
        texts: as in the file: clocks (see `clock`) or numbers.
        form: one of `NOTATIONS`, how numbers are to be read; found out if None.
        where: file and column, for messages.

    Raises:
        InputError: if numbers may be read in several ways, and nothing tells.
    """
    found, guesses = clock(texts), []
    number = pd.to_numeric(texts.str.replace(",", ".", regex=False), errors="coerce").where(found.isna())
    if number.notna().any():
        if form is None:
            form = _notation(texts, number.dropna(), where)
            example = texts[number.notna()].iloc[0]
            why = f"Times such as {example} ({where.rpartition(': ')[2]}) are read as {NOTATIONS[form]}."
            guesses.append(Guess("formats", "time", form, why))
        found = found.fillna(_read(number, form))
    return found.where((found >= 0.0) & (found < 2.0 * DAY_SECONDS)), guesses


def _read(number: pd.Series[float], form: str) -> pd.Series[float]:
    """Numbers of a notation in seconds, NaN for what cannot be one."""
    if form in _SECONDS:
        return number * _SECONDS[form]
    if form == "day":
        return (DAY_SECONDS * (number % 1.0)).where(((number >= 0.0) & (number < 1.0)) | number.between(*_SERIAL))
    whole = number if form == "hhmmss" else 100.0 * number.where(number % 1.0 == 0.0)
    hour, minute, second = whole // 10_000, whole // 100 % 100, whole % 100
    fits = hour.between(0, 23) & (minute < 60) & (second < 60)
    return (3600.0 * hour + 60.0 * minute + second).where(fits)


def _notation(texts: pd.Series[Any], number: pd.Series[float], where: str) -> str:
    """How most of the numbers can only be meant."""
    share = {form: _read(number, form).between(0.0, 2.0 * DAY_SECONDS).mean() for form in NOTATIONS}
    fits = {form for form in NOTATIONS if share[form] >= _READABLE}
    most = float(number.quantile(_READABLE))
    several = number.nunique() >= LEAST_TIMES
    days = (number // 1.0).nunique()  # of the parts of which there are many, or there are none before the sign
    if "day" in fits and (number % 1.0 > 0.0).any() and (most < 1.0 or 5 * days <= number.nunique()):
        return "day"
    for form, digits, possible in (("hhmmss", 6, most >= 10_000), ("hhmm", 4, most < 2400)):
        padded = bool(texts[number.index].str.fullmatch(rf"0\d{{{digits - 1}}}(?:[.,]\d+)?").any())
        if form in fits and possible and (padded or several or "seconds" not in fits):
            return form
    doubtful = "hhmmss" in fits and most >= 10_000
    if not doubtful and ("seconds" not in fits or most >= 3600.0 or not (number > 0).any()):
        return "seconds"
    raise InputError(
        f"{where}: what times such as '{texts[number.index].iloc[-1]}' are is not clear (as seconds since midnight "
        f"most would be before {most // 3600 + 1:.0f}:00); "
        + remedy(*(in_layout("formats", "time", f) for f in NOTATIONS))
    )


def is_half(texts: pd.Series[Any]) -> bool:
    """Whether a column holds AM and PM, and nothing else."""
    filled = texts[texts != ""]
    return bool(len(filled)) and bool(filled.str.fullmatch(_HALF).mean() >= _READABLE)
