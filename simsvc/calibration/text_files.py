"""Text files as other programs write them."""

from __future__ import annotations

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
