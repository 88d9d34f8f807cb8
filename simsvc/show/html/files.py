"""Reading the files of a folder of results for a report; what is missing or broken is one clear line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from simsvc.errors import InputError
from simsvc.show.html.parts import Picture, data_address

_KINDS = {".svg": "image/svg+xml", ".png": "image/png"}


def json_of(folder: Path, name: str) -> dict[str, Any]:
    """A JSON file of the folder that holds one object.

    Raises:
        InputError: if it is missing, cannot be read or holds something else.
    """
    path = folder / name
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path}: is missing; write the results again") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', '') or error}") from None
    if not isinstance(content, dict):
        raise InputError(f"{path}: holds something else than results of simsvc")
    return content


def note_of(folder: Path) -> dict[str, Any]:
    """The manifest of a folder of results.

    Raises:
        InputError: if the folder is none, or holds none.
    """
    if not folder.exists():
        raise InputError(f"{folder}: there is no such folder")
    if not folder.is_dir():
        raise InputError(f"{folder}: is a file; name the folder that --out was given")
    if not (folder / "manifest.json").exists():
        raise InputError(f"{folder}: holds no results of simsvc (no manifest.json)")
    note = json_of(folder, "manifest.json")
    if note.get("program") != "simsvc" or not isinstance(note.get("kind"), str):
        raise InputError(f"{folder / 'manifest.json'}: holds something else than results of simsvc")
    return note


def table_of(folder: Path, name: str) -> pd.DataFrame:
    """A table of the folder with all its digits: Parquet if it is there, else CSV.

    Raises:
        InputError: if it is missing or cannot be read.
    """
    path = folder / f"{name}.parquet"
    path = path if path.exists() else folder / f"{name}.csv"
    try:
        return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except FileNotFoundError:
        raise InputError(f"{path}: is missing; write the results again") from None
    except (OSError, ValueError, pa.ArrowException) as error:
        raise InputError(f"{path}: cannot be read ({' '.join(str(error).split())[:120]})") from None


def saved_picture(path: Path, alt: str) -> Picture:
    """A figure of the folder as it is.

    Raises:
        InputError: if it cannot be read.
    """
    try:
        return Picture(data_address(path.read_bytes(), _KINDS[path.suffix]), alt, wide=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
