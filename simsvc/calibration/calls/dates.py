"""Dates and times in the texts of a log, in any notation that can be told, in the local time of the centre."""

from __future__ import annotations

import zoneinfo
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from simsvc.calibration.calls.guesses import Guess, in_layout
from simsvc.calibration.calls.values import clock
from simsvc.errors import InputError, nearest

NOTATIONS = ("epoch_s", "epoch_ms", "epoch_us", "epoch_ns", "serial", "iso")
"""Words that a layout may say instead of a notation of `strptime`: time since 1970 in UTC, or days of a spreadsheet."""
_DIGITS = {
    6: "%y%m%d", 8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S",
    9: "epoch_s", 10: "epoch_s", 13: "epoch_ms", 16: "epoch_us", 19: "epoch_ns",
}  # fmt: skip
"""Notations of dates that are nothing but digits, by how many there are."""
_OFFSET = (
    r"^((?:.*?:\d{2}(?::\d{2})?|\d{8}T\d{4}(?:\d{2})?)(?:[.,]\d+)?(?:\s*[AaPp]\.?[Mm]\.?)?)\s*"
    r"(?:([Zz]|UTC|GMT)?([+-]\d{2}(?::?\d{2})?)?|([A-Z]{3,5}))$"
)
_LEFT = r"[T ]\d{1,2}(?::?\d{2})*\s*(?:[Zz]|[+-]\d{2}:?\d{2})$"
_FIRST, _LAST = pd.Timestamp(1970, 1, 2), pd.Timestamp(2200, 1, 1)
_SLASHED = r"^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:[ T,]+(.*\d.*))?$"
_READABLE = 0.95
"""Share of the dates that must make sense in an order of day and month for this to be the order."""
IN_UTC = (
    "WARNING: times are in UTC. If the centre's clock shows another time, hours and days are wrong: give its zone, for "
    "example --zone Europe/Berlin."
)
_MOST_YEARS = 10
"""A date further from the middle of all is a placeholder such as 9999-12-31 or 1900-01-01."""


class Moments(NamedTuple):
    """Dates with times.

    Attributes:
        local: datetime64, NaT for what is none.
        offset: seconds of local time before UTC, float, NaN where the file says none.
        guesses: what was found out.
    """

    local: pd.Series[Any]
    offset: pd.Series[float]
    guesses: list[Guess]


def remedy(field: str, sign: str = "/") -> str:
    """What to write to have dates read in another notation."""
    form = ("%d/%m/%Y" if field == "date" else "%d/%m/%Y %H:%M:%S").replace("/", sign)
    return f"give the notation in a layout, --layout mine.toml with {in_layout('formats', field, form)}"


def known_zone(name: str, where: str) -> str:
    """The name of a time zone of IANA's list.

    Raises:
        InputError: if there is none of that name.
    """
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        close = nearest(name, zoneinfo.available_timezones())
        raise InputError(f"{where}: '{name}' is no time zone{close}; write it as Europe/Berlin") from None
    return name


def known_form(form: str, where: str) -> str:
    """A notation of dates: one of `NOTATIONS`, or of `strptime`.

    Raises:
        InputError: if it is none.
    """
    form = "epoch_s" if form == "%s" else form
    if form in NOTATIONS:
        return form
    try:
        pd.to_datetime(pd.Series(["2025-03-14"]), format=form, errors="coerce")
    except Exception as error:  # the parser's errors are of several kinds
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{where} = '{form}': is no notation of dates: {told}") from None
    if "%" not in form:
        raise InputError(f"{where} = '{form}': is no notation of dates; allowed: {', '.join(NOTATIONS)} or %d.%m.%Y")
    return form


def _naive(texts: pd.Series[Any], form: str) -> pd.Series[Any]:
    """Moments without a zone; a text whose offset could not be told apart is none."""
    found: pd.Series[Any] = pd.to_datetime(texts, format=form, errors="coerce", utc=True).dt.tz_localize(None)
    return found.mask(texts.str.contains(_LEFT))


def _counted(texts: pd.Series[Any], form: str) -> pd.Series[Any]:
    """Moments that are given as numbers."""
    number = pd.to_numeric(texts.str.replace(",", ".", regex=False), errors="coerce")
    if form == "serial":
        number, scale = (number - 25_569.0) * 86_400.0, 1.0
    else:
        scale = {"epoch_s": 1.0, "epoch_ms": 1e3, "epoch_us": 1e6, "epoch_ns": 1e9}[form]
    micros = (number / scale * 1e6).round()
    micros = micros.where(micros.abs() < 2e17)
    found: pd.Series[Any] = pd.to_datetime(micros, unit="us", errors="coerce").dt.round("ms")
    return found


def _by_digits(texts: pd.Series[Any]) -> str | None:
    """The notation of dates that are nothing but digits; None if they are not."""
    written = texts[texts != ""]
    if not written.head(1000).str.fullmatch(r"\d+(?:[.,]\d+)?").mean() > 0.5:
        return None
    whole = written.str.extract(r"^(\d+)(?:[.,]\d+)?$")[0]
    if not len(written) or whole.notna().mean() < _READABLE:
        return None
    wide = whole.str.len().mode().iloc[0]
    if wide == 5:
        return "serial"
    form = _DIGITS.get(int(wide))
    if form and form.startswith("%") and pd.to_datetime(whole, format=form, errors="coerce").notna().mean() <= 0.5:
        return None
    return form


def _slashed(texts: pd.Series[Any], field: str, where: str) -> tuple[pd.Series[Any], Guess] | None:
    """Dates of day and month in either order; None if they are not such."""
    parts = texts.str.extract(_SLASHED)
    if parts[0].notna().mean() <= 0.5:
        return None
    first, second = pd.to_numeric(parts[0]), pd.to_numeric(parts[2])
    written = first.notna()
    day_first, month_first = (second <= 12)[written].mean(), (first <= 12)[written].mean()
    sign, example = str(parts[1][written].iloc[0]), str(texts[written].iloc[0])
    if min(day_first, month_first) == 1.0:
        raise InputError(
            f"{where}: '{example}' may be day{sign}month or month{sign}day, and no date of the file tells; "
            + remedy(field, sign)
        )
    if max(day_first, month_first) < _READABLE:
        return None
    days_lead = bool(day_first > month_first)
    day, month = (first, second) if days_lead else (second, first)
    year = pd.to_numeric(parts[3]).where(parts[3].str.len() == 4, pd.to_numeric(parts[3]) + 2000)
    time = clock(parts[4].fillna("0:00"))
    time = time.where((time >= 0) & (time < 86_400))
    dates = pd.to_datetime(pd.DataFrame({"year": year, "month": month, "day": day}), errors="coerce")
    order = "day before month" if days_lead else "month before day"
    why = f"Dates such as {example} are read as {order}, which other dates of the file show."
    return dates + pd.to_timedelta(time, unit="s"), Guess("formats", field, _form(example, days_lead, sign), why)


def _form(example: str, days_lead: bool, sign: str) -> str:
    """The notation of `strptime` of a date such as `14/03/2025 9:05 AM`."""
    date, _, time = example.replace("T", " ").partition(" ")
    year = "%Y" if len(date.rsplit(sign, 1)[-1]) == 4 else "%y"
    form = sign.join(("%d", "%m", year) if days_lead else ("%m", "%d", year))
    if not time:
        return form
    half = " %p" if time[-1] in "mM" else ""
    seconds = ":%S" if time.count(":") == 2 else ""
    part = ".%f" if "." in time and not half else ""
    return f"{form} {'%I' if half else '%H'}:%M{seconds}{part}{half}"


def _parsed(texts: pd.Series[Any], field: str, where: str) -> tuple[pd.Series[Any], Guess]:
    """Moments in whatever notation fits most of them."""
    if form := _by_digits(texts):
        why = f"Dates such as {texts[texts != ''].iloc[0][:40]} are read as {form}."
        found = _counted(texts, form) if form in NOTATIONS else _naive(texts, form)
        return found, Guess("formats", field, form, why if form in NOTATIONS else "")
    known = _naive(texts, "ISO8601")
    if known.notna().mean() <= 0.5:
        if slashed := _slashed(texts, field, where):
            return slashed
        named = texts.where(
            texts.str.contains(r"\d{1,2}.*\d{2}") & texts.str.contains(r"[A-Za-z]{3}|\d\s*[AaPp]\.?[Mm]")
        )
        words = _naive(named.fillna(""), "mixed")
        if words.notna().mean() > 0.5:  # a month's name leaves no doubt
            return words, Guess("formats", field, "", "")
    return known, Guess("formats", field, "iso")


def moments(
    texts: pd.Series[Any], form: str | None, field: str, where: str, zone: str | None = None, in_utc: bool = False
) -> Moments:
    """Dates, or dates with times, as the clock of the centre showed them.

    A stamp with an offset from UTC is that offset's local time, or that of the zone if one is given. Stamps without one
    are local times, unless they are said to be UTC. A date more than ten years from the middle of all is none.

    Args:
        texts: as in the file.
        form: notation, see `known_form`; found out if None.
        field: `arrival` or `date`, for messages.
        where: file and column, for messages.
        zone: name of IANA's list.
        in_utc: whether stamps without an offset are UTC.

    Raises:
        InputError: if day and month can be told apart by no date of the column.
    """
    ended = texts[texts.map(_has_end)]
    parts = ended.str.extract(_OFFSET).reindex(texts.index)
    bare = parts[0].str.strip().fillna(texts)
    offset = _seconds_of(parts[2]).fillna(parts[1].notna().map({True: 0.0, False: np.nan}))
    guesses = []
    if form is not None and form.endswith("Z") and not form.endswith("%Z"):
        form = form[:-1] + "%z"  # a Z that is written out is an offset of 0, too
    if form is None:
        local, guess = _parsed(bare, field, where)
        form = str(guess.value)
        guesses = [guess] if form else []
    elif form in NOTATIONS:
        local = _naive(bare, "ISO8601") if form == "iso" else _counted(bare, form)
    else:
        plain = form.replace("%z", "").replace("%Z", "").strip()
        local = _naive(bare if plain != form else texts, plain)
        offset = offset if plain != form else offset * np.nan
    local = local.astype("datetime64[us]")
    local = local.where((local >= _FIRST) & (local < _LAST))
    if form.startswith("epoch") or in_utc:
        offset = offset.fillna(0.0)
    written = local.dropna()
    if len(written):
        far = (local - written.median()).abs() > pd.Timedelta(days=365.25 * _MOST_YEARS)
        local = local.mask(far)
    known = offset.notna() & local.notna()
    bare_ones = local.notna() & offset.isna()
    if known.any() and bare_ones.any():
        taken = f"local times{f' of {zone}' if zone else ''}"
        guesses.append(Guess("", "", None, f"WARNING: {int(bare_ones.sum())} of {int(local.notna().sum())} stamps have "
                             f"no offset from UTC (line {bare_ones.idxmax()}), the others do; those without are taken "
                             f"as {taken}."))  # fmt: skip
    utc = bool(known.any() and (offset[known] == 0).all())
    if zone is not None and known.any():
        there = (local - pd.to_timedelta(offset, unit="s"))[known].dt.tz_localize("UTC").dt.tz_convert(zone)
        here = there.dt.tz_localize(None)
        offset = offset.mask(known, (here - (local - pd.to_timedelta(offset, unit="s"))[known]).dt.total_seconds())
        local = local.mask(known, here)
    elif utc:
        guesses.append(Guess("file", "zone", "UTC", IN_UTC))
    elif known.any() and offset[known].nunique() > 1:
        guesses.append(Guess("", "", None, "Times are read as the clock showed them where each was written (offsets "
                             f"{_shown(offset[known].min())} to {_shown(offset[known].max())})."))  # fmt: skip
    elif zone is not None and local.notna().any() and field == "arrival":
        guesses.append(Guess("", "", None, f"Times have no offset from UTC and are taken as local times of {zone}."))
    if parts[3].notna().any() and len(left := parts[3].dropna().unique()):
        guesses.append(Guess("", "", None, f"Names of time zones ({', '.join(left[:3])}) are passed over: times are "
                             "taken as local ones."))  # fmt: skip
    return Moments(local, offset, guesses)


def never_shown(when: pd.Series[Any], zone: str) -> list[str]:
    """A warning of local times that the clocks of a zone never showed, if there are any."""
    known = when.dropna()
    there = known.dt.tz_localize(zone, nonexistent="NaT", ambiguous=np.zeros(len(known), bool))
    if not there.isna().any():
        return []
    line = there.index[there.isna()][0]
    return [
        f"WARNING: {int(there.isna().sum())} of {len(known)} times do not exist in {zone}, where clocks went forward "
        f"(line {line}: {known[line]:%Y-%m-%d %H:%M:%S}); they are taken as written. Are they of another zone, or UTC?"
    ]


def _has_end(text: str) -> bool:
    """Whether an offset from UTC or the name of a zone may stand after a time."""
    return (":" in text or text[8:9] == "T") and (text[-1:].isalpha() or "+" in text or "-" in text[10:])


def _seconds_of(offsets: pd.Series[Any]) -> pd.Series[float]:
    """Seconds of offsets such as `+01:00`, `-0530` and `+02`."""
    parts = offsets.str.extract(r"^([+-])(\d{2}):?(\d{2})?$")
    size = pd.to_numeric(parts[1]) * 3600.0 + pd.to_numeric(parts[2]).fillna(0.0) * 60.0
    result: pd.Series[float] = size.where(parts[0] != "-", -size).astype(float)
    return result


def _shown(offset: float) -> str:
    minutes = round(offset / 60.0)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
