"""Numbers and time spans in the texts of a log, however they are grouped and written."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from simsvc.calibration.calls.guesses import Guess, in_layout, remedy
from simsvc.errors import InputError

SECONDS = {"s": 1.0, "ms": 0.001, "min": 60.0, "h": 3600.0, "d": 86_400.0, "mm:ss": 1.0, "h:mm": 1.0}
"""Seconds per unit of plain numbers; `mm:ss` and `h:mm` say what two numbers with a colon between them are."""

_SPACES = " \u00a0\u202f\u2009\u2007'\u2019\u02bc_\u066c"
"""What stands between groups of digits besides points and commas."""
_LONGEST_WAIT = 2 * 3600.0
"""Nearly nobody holds the line for longer; minutes and seconds taken for hours and minutes do."""
_LONGEST_NUMBER = 12 * 3600.0


def _decimal(marked: pd.Series[Any], plain: pd.Series[float], unit: float, where: str) -> tuple[str, str]:
    """Which of point and comma begins the decimals, and a sentence if only the values taken together tell."""
    signs = marked.str.replace(r"[^.,]", "", regex=True)
    last, many = signs.str[-1], (signs.str.len() > 1) & (signs.map(lambda text: len(set(text))) == 1)
    proven = last.mask(many, last.map({".": ",", ",": "."}))  # a sign that comes twice divides groups
    certain = (signs.str.len() > 1) | ~marked.str.fullmatch(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")
    votes = proven[certain]
    if len(votes):
        return str(votes.mode().iloc[0]), ""
    sign, example = str(last.iloc[0]), str(marked.iloc[0])
    other = "," if sign == "." else "."
    if last.nunique() == 1:
        below = plain.dropna().abs()
        below = below[below > 0]
        grouped = pd.to_numeric(marked.str.replace(sign, "", regex=False), errors="coerce") * unit
        if (below >= 1000).any() or grouped.median() > _LONGEST_NUMBER:
            return sign, f"Numbers such as {example} ({_column(where)}) are read with '{sign}' before decimals."
        if len(below):
            whole = example.replace(sign, "")
            return other, (
                f"Numbers such as {example} ({_column(where)}) are read as {whole}: '{sign}' stands in numbers of 1000 "
                "and more only."
            )
    raise InputError(
        f"{where}: '{example}' may be {example.replace(sign, '')} or {example.replace(sign, '.')}; "
        + remedy(in_layout("file", "decimal", other), in_layout("file", "decimal", sign))
    )


def _column(where: str) -> str:
    return where.rpartition(": ")[2]


def numbers(
    texts: pd.Series[Any], decimal: str | None, where: str, unit: float, others: pd.Series[float]
) -> tuple[pd.Series[float], list[Guess]]:
    """Numbers in any grouping: `1 970`, `1'970`, `1.970,5`, `1,97,000`.

    Args:
        texts: as in the file; what is no number gives NaN.
        decimal: sign before decimals, `.` or `,`; found out if None.
        where: file and column, for messages.
        unit: seconds that 1 stands for, to tell what is possible.
        others: further numbers of the column, without any sign.

    Raises:
        InputError: if a sign may stand before decimals or between groups, and nothing tells.
    """
    plain = texts.str.replace(rf"(?<=\d)[{_SPACES}](?=\d{{3}}(?!\d))", "", regex=True)
    marked = plain[plain.str.contains("[.,]") & plain.str.fullmatch(r"[-+]?\d*[.,][\d.,]*(?:[eE][-+]?\d+)?")]
    guesses = []
    if len(marked) and decimal is None:
        decimal, why = _decimal(marked, pd.concat([pd.to_numeric(plain, errors="coerce"), others]), unit, where)
        guesses.append(Guess("file", "decimal", decimal, why))
    group, point = (r"\.", ",") if decimal == "," else (",", r"\.")
    grouped = rf"[-+]?(?:\d{{1,3}}(?:{group}\d{{3}})+|\d{{1,2}}(?:{group}\d{{2}})+{group}\d{{3}})(?:{point}\d*)?"
    whole = plain.str.replace(group, "", regex=True).where(plain.str.fullmatch(grouped), plain)
    if decimal == ",":
        whole = whole.where(~whole.str.contains(".", regex=False), "").str.replace(",", ".", regex=False)
    found: pd.Series[float] = pd.to_numeric(whole, errors="coerce").astype(float)
    return found.where(np.isfinite(found)), guesses


def clock(texts: pd.Series[Any]) -> pd.Series[float]:
    """Times of day, or spans of hours, in seconds: `9:00`, `09:00:59.5`, `9.00.59`, `9:00 PM`; past 24:00 too.

    Where some have AM or PM, others from 1:00 to 12:59 are NaN: nothing tells which half of the day they are of.
    """
    parts = texts.str.extract(
        r"^([-+]?\d{1,6})(?:[:.](\d{2})|:(\d{2}):(\d{2})(?:[.,](\d+))?|\.(\d{2})\.(\d{2}))(?:\s*([AaPp])\.?\s?[Mm]\.?)?$"
    )
    parts = pd.concat([parts[0], parts[1].fillna(parts[2]).fillna(parts[5]), parts[3].fillna(parts[6]), parts[4],
                       parts[7]], axis=1, keys=range(5))  # fmt: skip
    bare = ~texts.str.contains(":", regex=False) & parts[2].isna()  # 9.30 is a number
    hour, minute, second = (pd.to_numeric(parts[k], errors="coerce") for k in range(3))
    half = parts[4].str.lower()
    lacking = half.isna() & hour.between(1, 12) & bool(half.notna().any())  # may be in the morning or the afternoon
    hour = hour.where(half.isna(), hour.where(hour.between(1, 12)) % 12 + 12.0 * (half == "p")).mask(lacking)
    minus = parts[0].str.startswith("-").fillna(False).astype(bool)
    part = pd.to_numeric("0." + parts[3].fillna("0"), errors="coerce")
    found = hour.abs() * 3600.0 + minute * 60.0 + second.fillna(0.0) + part
    possible = (minute < 60) & ~(second >= 60) & ~bare
    result: pd.Series[float] = found.where(~minus, -found).where(possible).astype(float)
    return result


def spans(
    texts: pd.Series[Any], unit: str, decimal: str | None, field: str, where: str
) -> tuple[pd.Series[float], list[Guess]]:
    """Time spans in seconds: numbers in a unit, `h:mm:ss`, `mm:ss` or `h:mm`, `1m 5s`, `PT1M5S`, `0 days 00:01:05`.

    Args:
        texts: as in the file; an empty text and what is no time span give NaN.
        unit: one of `SECONDS`.
        decimal: sign before decimals, found out if None.
        field: for messages.
        where: file and column, for messages.

    Raises:
        InputError: if numbers, or two numbers with a colon between them, may be read in two ways and nothing tells.
    """
    digits = texts.str.fullmatch("[0-9]+")  # most values of most files: quickly read, and in no doubt
    result: pd.Series[float] = pd.to_numeric(texts.where(digits), errors="coerce").astype(float)
    result = result.where(np.isfinite(result))  # 400 digits are no number
    texts = texts[~digits & (texts != "")]
    found, guesses = numbers(texts, decimal, where, SECONDS[unit], result[digits])
    result = result.fillna(found) * SECONDS[unit]
    timed = clock(texts)
    if not (field == "time" or texts.str.contains(r"\d\s*[AaPp]\.?[Mm]").any()):
        two = texts.str.fullmatch(r"[-+]?\d+:\d{2}")
        tenths = _with_decimals(texts) if unit != "h:mm" else two * np.nan
        if unit not in ("mm:ss", "h:mm") and tenths.notna().any():  # hours and minutes have no decimals
            example = texts[tenths.notna()].iloc[0]
            why = f"Times such as {example} ({_column(where)}) are read as minutes, seconds and decimals of them."
            unit = "mm:ss"
            guesses.append(Guess("units", field, unit, why))
        elif unit not in ("mm:ss", "h:mm") and two.any():
            unit, why = _two_parts(texts, two, timed, field, where)
            guesses.append(Guess("units", field, unit, why))
        if unit == "mm:ss":
            timed = timed.mask(two, timed / 60.0).fillna(tenths)
    left = texts[found.isna() & timed.isna() & texts.str.contains(r"\d") & texts.str.contains("[A-Za-z]")]
    if len(left):
        words = left.str.replace(",", ".", regex=False).where(
            left.str.match("P"),
            left.str.lower()
            .str.replace(", ", " ")
            .str.replace(",", ".", regex=False)
            .str.replace(r"(?<![a-z])d(?![a-z])", "D", regex=True),
        )
        result = result.fillna(pd.to_timedelta(words, errors="coerce").dt.total_seconds())
    return result.fillna(timed), guesses


def _with_decimals(texts: pd.Series[Any]) -> pd.Series[float]:
    """Seconds of `00:45.5`; NaN for everything else."""
    parts = texts.str.extract(r"^([-+]?)(\d{1,6}):([0-5]\d)[.,](\d+)$")
    size = pd.to_numeric(parts[1]) * 60.0 + pd.to_numeric(parts[2] + "." + parts[3])
    result: pd.Series[float] = size.where(parts[0] != "-", -size).astype(float)
    return result


def _two_parts(
    texts: pd.Series[Any], two: pd.Series[bool], hours: pd.Series[float], field: str, where: str
) -> tuple[str, str]:
    """Whether `00:45` is 45 seconds or 45 minutes, as far as the values tell, and the sentence that says so."""
    example = str(texts[two & (hours > 0)].iloc[0]) if (two & (hours > 0)).any() else str(texts[two].iloc[0])
    taken = hours[two].abs()
    if texts.str.fullmatch(r"[-+]?\d+:\d{2}:\d{2}(?:[.,]\d+)?").mean() > 0.01:
        why = (
            f"Times such as {example} ({_column(where)}) are read as minutes and seconds: others have hours before "
            "them."
        )
    elif (taken > _LONGEST_WAIT).mean() > 0.01:
        why = (
            f"Times such as {example} ({_column(where)}) are read as minutes and seconds: as hours and minutes "
            f"{100 * (taken > _LONGEST_WAIT).mean():.0f} % of them would be longer than "
            f"{_LONGEST_WAIT / 3600:g} hours, up to {taken.max() / 3600:.1f}."
        )
    elif not (taken > 0).any():
        return "mm:ss", ""
    else:
        raise InputError(
            f"{where}: '{example}' may be minutes and seconds or hours and minutes; "
            + remedy(in_layout("units", field, "mm:ss"), in_layout("units", field, "h:mm"))
        )
    return "mm:ss", why
