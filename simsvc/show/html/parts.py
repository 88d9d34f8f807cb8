"""What a report is made of: cells, tables, pictures, sections. All of it is plain text, escaped when written."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.figure import Figure

from simsvc.show.numbers import Said, number

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
        wide: whether it needs the whole width.
    """

    source: str
    alt: str
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


def typeset(text: str) -> str:
    """Numbers as a page shows them: with a true minus, and a dash where there is none."""
    return "–" if text == "-" else text.replace("-", "−")


def cell(told: Said | str) -> Cell:
    """A cell with a number, with or without an interval."""
    told = Said(told) if isinstance(told, str) else told
    return Cell(typeset(told.number), typeset(told.interval), "number")


def estimate(say: Callable[..., Said], metric: str, row: Any, **how: Any) -> Cell:
    """A cell with an estimate on a metric.

    Args:
        say: `simsvc.show.numbers.level` or `difference`.
        metric: its name.
        row: mean, low and high; null where there is none.
        how: further arguments of `say`.
    """
    return cell(
        say(metric, *(math.nan if row[end] is None else float(row[end]) for end in ("mean", "low", "high")), **how)
    )


def plain_number(value: float, digits: int, sign: str = "") -> str:
    """A number of a page."""
    return typeset(number(value, digits, sign))


def rounded(value: float) -> str:
    """A number of unknown kind with four digits."""
    if not math.isfinite(value) or (float(value).is_integer() and abs(value) < 1e15):
        return number(value, 0)
    return number(value, min(max(3 - math.floor(math.log10(abs(value))), 0), 6))


def panel() -> tuple[Figure, Any]:
    """A figure of one panel, of a size that can be read on a telephone, and its axes."""
    figure = Figure(figsize=(4.4, 2.9), layout="constrained")
    return figure, figure.subplots()


def picture(figure: Figure, alt: str, *, wide: bool = False) -> Picture:
    """A figure, made and passed under the settings `DRAWN`, as a picture."""
    file = io.BytesIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(file, format="svg", metadata=nothing)
    return Picture(data_address(file.getvalue(), "image/svg+xml"), alt, wide)


def data_address(content: bytes, kind: str) -> str:
    """Bytes as an address that holds them, so that nothing is asked for from elsewhere."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
