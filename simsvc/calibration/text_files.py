"""Tables as other programs write them: delimited text, Excel workbooks and Parquet files, as texts."""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simsvc.errors import InputError, needs

_SEPARATORS = "\t;,|"
_WRAPPED = re.compile(r'^="([^"]*)"$')
"""A cell that a spreadsheet is to take as text."""
_LOOKED_AT = 50
"""Lines in which separators are counted."""


@dataclass(frozen=True)
class Rows:
    """Rows of a file.

    Attributes:
        header: names of the columns.
        rows: number of the line (of the row in a workbook or Parquet file) and cells of every row that is not empty.
        notes: what was passed over, each a sentence.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]]
    notes: list[str] = field(default_factory=list)


def _bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; a file of records is needed") from None
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if not raw.strip():
        raise InputError(f"{path}: is empty")
    return raw


def _text(raw: bytes, path: Path) -> str:
    """Text with lines that end in LF, whatever they ended in, and whatever common encoding it has."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", errors="replace")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
    if "\x00" in text:
        raise InputError(f"{path}: is not a text file; export the records as CSV")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _said(value: Any) -> str:
    """A cell of a workbook or a Parquet file as a text file would have it."""
    if value is None or value != value:
        return ""
    if isinstance(value, datetime.timedelta):
        return f"{value.total_seconds():.6f}".rstrip("0").rstrip(".") + " s"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def _workbook(raw: bytes, path: Path, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    needs("openpyxl", "excel", f"{path}: a workbook")
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheets = {
            page.title: [[_said(cell) for cell in row] for row in page.iter_rows(values_only=True)]
            for page in book.worksheets
        }
    except Exception as error:  # of many kinds, for whatever is wrong within the archive
        raise InputError(f"{path}: is not a workbook that can be read: {type(error).__name__}") from None
    filled = [name for name, rows in sheets.items() if sum(any(row) for row in rows) > 1]
    if sheet is None and len(filled) != 1:
        what = f"{len(filled)} sheets with rows ({', '.join(filled)}); name one" if filled else "no sheet with rows"
        raise InputError(f"{path}: has {what}" + (' in a layout, [file] sheet = "NAME"' if filled else ""))
    name = sheet if sheet is not None else filled[0]
    if name not in sheets:
        raise InputError(f"{path}: has no sheet '{name}'; sheets: {', '.join(sheets)}")
    yield from enumerate(sheets[name], 1)


def _parquet(raw: bytes, path: Path) -> Iterator[tuple[int, list[str]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(raw))
        columns = [[_said(value) for value in column.to_pylist()] for column in table.columns]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{path}: is not a Parquet file that can be read: {str(error).splitlines()[0]}") from None
    yield 0, [str(name) for name in table.column_names]
    yield from enumerate((list(row) for row in zip(*columns, strict=True)), 1)


def _delimited(text: str, path: Path, separator: str | None) -> Iterator[tuple[int, list[str]]]:
    said = re.match(r'\s*"?sep=(.)"?[ \t;,|]*\n', text)  # a line for spreadsheets that names the separator
    if separator is None:
        lines = [line for line in itertools.islice(text.split("\n"), _LOOKED_AT) if line.strip()]
        separator = said[1] if said else _separator(lines)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        for row in reader:
            if not (said and reader.line_num == 1 + text[: said.start(1)].count("\n")):
                yield reader.line_num, [cell.strip() for cell in row]
    except csv.Error as error:
        raise InputError(f"{path}: line {reader.line_num} cannot be read: {error}") from None


def _separator(lines: Sequence[str]) -> str:
    """The sign that the first line with most of them has; titles above a table have none."""
    head = max(lines[:5], key=lambda line: max(line.count(sign) for sign in _SEPARATORS))
    first = lines[0] if any(sign in lines[0] for sign in _SEPARATORS) and len(lines) < 3 else head
    return max(_SEPARATORS, key=first.count)


def read_rows(path: Path, names: Sequence[str] = (), separator: str | None = None, sheet: str | None = None) -> Rows:
    """Header and rows of a file: delimited text in any common encoding, `.xlsx` or Parquet, told by its content.

    A line for spreadsheets (`sep=;`) is passed over, and so are titles above the table.

    Args:
        path: file.
        names: of the columns, if the file has none; the first row is a row then. Rows may be shorter.
        separator: of columns; the one of tab, semicolon, comma and bar that fits if left out.
        sheet: of a workbook; needed if several hold rows.

    Raises:
        InputError: if it cannot be read.
    """
    raw = _bytes(path)
    if raw.startswith(b"PK\x03\x04"):
        found = _workbook(raw, path, sheet)
    elif raw.startswith(b"PAR1"):
        found = _parquet(raw, path)
    elif raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(f"{path}: is a workbook of the old kind; save it as .xlsx or CSV")
    else:
        found = _delimited(_text(raw, path), path, separator)
    filled = [(line, cells) for line, cells in found if any(cells)]
    if not filled:
        return Rows([""], [])
    notes = []
    if wrapped := sum(bool(_WRAPPED.match(cell)) for _, cells in filled for cell in cells):
        filled = [(line, [_WRAPPED.sub(r"\1", cell) for cell in cells]) for line, cells in filled]
        notes.append(f'{wrapped} cells are written as ="..." and read as the text in them.')
    if names:
        width = len(names)
        return Rows(list(names), [(line, cells + [""] * (width - len(cells))) for line, cells in filled], notes)
    usual = max(len(cells) for _, cells in filled[:_LOOKED_AT])
    above = list(itertools.takewhile(lambda row: sum(map(bool, row[1])) == 1 and usual > 1, filled[:_LOOKED_AT]))
    if above and len(above) < len(filled):
        told = "; ".join(next(filter(None, cells))[:60] for _, cells in above[:3])
        notes.append(f"{len(above)} lines above the names of the columns are passed over: {told}.")
        filled = filled[len(above) :]
    header = filled[0][1]
    while len(header) > 1 and not header[-1] and all(not any(cells[len(header) - 1 :]) for _, cells in filled):
        header = header[:-1]  # a column of nothing at the end, as some spreadsheets write
    width = len(header)
    return Rows(header, [(k, cells[:width] if not any(cells[width:]) else cells) for k, cells in filled[1:]], notes)
