"""What a report is made of: cells, tables, pictures, sections. All of it is plain text, escaped when written."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.figure import Figure

from simsvc.runs.metrics import METRICS
from simsvc.show.numbers import decimals, most_decimals, readable, scale

VERDICTS = {"better": "better", "worse": "worse", "higher": "changed", "lower": "changed"}
"""How a cell with a verdict is marked."""
DRAWN: Any = {"svg.fonttype": "none", "svg.hashsalt": "simsvc", "text.parse_math": False, "font.size": 9}
"""Matplotlib's settings for pictures of a report: small files, always the same, dollar signs in names as they are."""


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes:
        text: what it says.
        interval: both ends of the interval of a number, in brackets.
        kind: `number`, `word`, `prose` for sentences, or how a verdict is marked.
    """

    text: str
    interval: str = ""
    kind: str = "word"


@dataclass(frozen=True)
class Row:
    """A line of a table: its name and its cells; a row without cells is a heading of those below it."""

    name: str
    cells: Sequence[Cell] = ()


@dataclass(frozen=True)
class Table:
    """A table; the first head is that of the names of rows."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Row]
    note: str = ""

    def number(self, column: int) -> bool:
        """Whether a column, counted from the first head, holds numbers."""
        return any(row.cells[column - 1].kind == "number" for row in self.rows if len(row.cells) >= column)


@dataclass(frozen=True)
class Picture:
    """A picture within the file.

    Attributes:
        source: the picture as a `data:` address.
        alt: what it shows, for those who do not see it.
        caption: below it.
        wide: whether it needs the whole width.
    """

    source: str
    alt: str
    caption: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Section:
    """A part of the report with a heading; what it holds comes in this order."""

    title: str
    text: Sequence[str] = ()
    pictures: Sequence[Picture] = ()
    tables: Sequence[Table] = ()
    facts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Headline:
    """A number that the report leads with.

    Attributes:
        label: what it is.
        value: number with unit.
        interval: both ends of its interval, in brackets.
        detail: what it is to be seen against.
        kind: how a verdict is marked.
    """

    label: str
    value: str
    interval: str = ""
    detail: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Report:
    """A whole report.

    Attributes:
        kind: of the results, in words.
        title: of the page.
        question: what was asked.
        answer: what was found, a paragraph each.
        headlines: numbers to lead with.
        warnings: what limits the answer.
        sections: everything else.
    """

    kind: str
    title: str
    question: str
    answer: Sequence[str]
    sections: Sequence[Section]
    headlines: Sequence[Headline] = ()
    warnings: Sequence[str] = field(default_factory=tuple)


def word(text: object, kind: str = "word") -> Cell:
    """A cell that is not a number."""
    return Cell(str(text), kind=kind)


def plain_number(value: float, digits: int, sign: str = "") -> str:
    """A number as people read it: thousands apart, a true minus, no negative zero."""
    if not math.isfinite(value):
        return "–"
    text = f"{round(value, digits) + 0.0:{sign},.{digits}f}"
    if not float(text.replace(",", "")):
        text = text.lstrip("+-")
    return text.replace("-", "−")


def rounded(value: float) -> str:
    """A number of unknown kind with four digits."""
    if not math.isfinite(value):
        return "–"
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}".replace("-", "−")
    digits = min(max(3 - math.floor(math.log10(abs(value))), 0), 6)
    return plain_number(value, digits)


def estimate(mean: float, low: float, high: float, digits: int | None = None, *, sign: str = "") -> Cell:
    """A number with its interval; an interval that leaves out zero looks like it.

    Args:
        mean: as it is shown, already in its unit.
        low: end of the interval; NaN if there is none.
        high: the other end.
        digits: decimals; as many as the interval makes worth showing, if left out.
        sign: `+` to show the sign of positive numbers.
    """
    digits = decimals((high - low) / 2, mean) if digits is None else digits
    if not math.isfinite(low):
        return Cell(plain_number(mean, digits, sign), kind="number")
    while low * high > 0 and digits < 4 and 0 in (round(low, digits), round(high, digits)):
        digits += 1
    ends = f"[{plain_number(low, digits)}, {plain_number(high, digits)}]"
    return Cell(plain_number(mean, digits, sign), ends, "number")


def difference(metric: str, mean: float, low: float, high: float) -> Cell:
    """A difference of a metric in the unit people read differences in, see `simsvc.studies.study.readable`."""
    factor = readable(metric)[0]
    return estimate(mean * factor, low * factor, high * factor, sign="+")


def level(metric: str, mean: float, low: float = math.nan, high: float = math.nan) -> Cell:
    """A level of a metric in its unit for tables, see `simsvc.show.numbers.scale`."""
    of = METRICS[metric]
    factor = scale(of)[0]
    digits = decimals((high - low) / 2 * factor, mean * factor, most_decimals(of))
    return estimate(mean * factor, low * factor, high * factor, digits)


def called(metric: str) -> str:
    """Name of a metric within a sentence."""
    return METRICS[metric].label.lower().removesuffix(", 12 months")


def unit_of_level(metric: str) -> str:
    """Unit in which levels of a metric are shown; nothing for scales from 0 to 1."""
    return scale(METRICS[metric])[1]


def with_unit(metric: str) -> str:
    """Name of a metric and the unit of its levels."""
    unit = unit_of_level(metric)
    return f"{METRICS[metric].label}, {unit}" if unit else METRICS[metric].label


def listed(words: Iterable[str]) -> str:
    """Words with commas and an 'and'."""
    them = list(words)
    return f"{', '.join(them[:-1])} and {them[-1]}" if len(them) > 1 else "".join(them)


def counted(number: int, noun: str) -> str:
    """A number of things."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def panel() -> tuple[Figure, Any]:
    """A figure of one panel, of a size that can be read on a telephone, and its axes."""
    figure = Figure(figsize=(4.4, 2.9), layout="constrained")
    return figure, figure.subplots()


def picture(figure: Figure, alt: str, caption: str = "", *, wide: bool = False) -> Picture:
    """A figure, made and passed under the settings `DRAWN`, as a picture."""
    file = io.BytesIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(file, format="svg", metadata=nothing)
    return Picture(data_address(file.getvalue(), "image/svg+xml"), alt, caption, wide)


def data_address(content: bytes, kind: str) -> str:
    """Bytes as an address that holds them, so that nothing is asked for from elsewhere."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
