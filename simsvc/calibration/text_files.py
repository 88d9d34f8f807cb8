"""Text files as other programs write them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from simsvc.errors import InputError


def read_text(path: Path) -> str:
    """A text file with lines that end in LF, whatever they ended in, and whatever common encoding it has.

    Raises:
        InputError: if it is not there, is a folder, is empty or holds no text.
    """
    try:
        raw = path.read_bytes()
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; a file of records is needed") from None
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    if not raw.strip():
        raise InputError(f"{path}: is empty")
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


def read_rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header and rows of a file whose columns are separated by tabs, semicolons, commas or bars.

    Returns:
        Cells of the header, and of every further row that is not empty, with the number of its line.

    Raises:
        InputError: if it cannot be read.
    """
    text = read_text(path)
    head = next(line for line in text.split("\n") if line.strip())
    reader = csv.reader(io.StringIO(text), delimiter=max("\t;,|", key=head.count))
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise InputError(f"{path}: line {reader.line_num} cannot be read: {error}") from None
    (_, header), *filled = [(line, cells) for line, cells in rows if any(cells)] or [(1, [])]
    return header, filled
