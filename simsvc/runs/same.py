"""Are two sets of results the same, number for number, and made by the same program?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

FIRST = 5
"""Differences that are told one by one."""
_VOLATILE = ("command", "made", "as_written", "files", "seal")
_PROGRAM = ("version", "commit", "model", "python", "platform", "packages")


@dataclass
class Sameness:
    """How far results made again are those of before.

    Attributes:
        values: compared.
        different: of these.
        first: the first that differ, each in a line.
        lacking: what is there on one side only, each in a line.
    """

    values: int = 0
    different: int = 0
    first: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)

    @property
    def same(self) -> bool:
        """Whether everything is as it was."""
        return not (self.different or self.lacking)

    def sentence(self) -> str:
        """What was found, in a line."""
        if self.same:
            return f"The same: all of {self.values:,} values, to the last digit kept."
        return f"Not the same: {self.different:,} of {self.values:,} values differ."

    def tables(self, name: str, before: pd.DataFrame, now: pd.DataFrame) -> None:
        """Compare two tables, column by column, in the order of their rows."""
        for column in [*before.columns, *now.columns.difference(before.columns, sort=False)]:
            if column not in now or column not in before:
                self.lacking.append(f"{name}: column {column} is only there {'then' if column in before else 'now'}")
        if len(before) != len(now):
            self.lacking.append(f"{name}: {len(before):,} rows then, {len(now):,} now")
            return
        for column in before.columns.intersection(now.columns, sort=False):
            self._columns(f"{name}, column {column}", before[column], now[column])

    def _columns(self, name: str, before: pd.Series, now: pd.Series) -> None:
        a, b = before.to_numpy(), now.to_numpy()
        if a.dtype.kind in "iufb" and b.dtype.kind in "iufb":
            differs = (a != b) & ~((a != a) & (b != b))  # NaN is as NaN
        else:
            a, b = (one.astype(object).where(one.notna(), None).to_numpy() for one in (before, now))
            differs = np.array([not _equal(x, y) for x, y in zip(a, b, strict=True)], bool)
        self.values += len(differs)
        self.different += int(differs.sum())
        if differs.any() and len(self.first) < FIRST:
            k = int(np.flatnonzero(differs)[0])
            more = f" ({int(differs.sum()):,} rows differ)" if differs.sum() > 1 else ""
            self.first.append(f"{name}, row {k}: {_apart(a[k], b[k])}{more}")

    def plain(self, name: str, before: Any, now: Any) -> None:
        """Compare two pieces of plain data, such as JSON."""
        a, b = dict(_leaves(before)), dict(_leaves(now))
        for path in [*a, *(path for path in b if path not in a)]:
            if path not in a or path not in b:
                self.lacking.append(f"{name}: {path} is only there {'then' if path in a else 'now'}")
                continue
            self.values += 1
            if not _equal(a[path], b[path]):
                self.different += 1
                if len(self.first) < FIRST:
                    self.first.append(f"{name}, {path}: {_apart(a[path], b[path])}")

    def folders(self, before: Path, now: Path) -> None:
        """Compare every table and every JSON file, but the manifests, of two folders of results."""
        kept, made = ({_table_name(path) for path in folder.iterdir()} - {""} for folder in (before, now))
        for name in sorted(kept | made):
            if name not in kept or name not in made:
                self.lacking.append(f"{name} is only there {'then' if name in kept else 'now'}")
            elif name.endswith(".json"):
                self.plain(name, *(json.loads((folder / name).read_text("utf-8")) for folder in (before, now)))
            else:
                whole = all((folder / f"{name}.parquet").exists() for folder in (before, now))
                file, read = (f"{name}.parquet", pd.read_parquet) if whole else (f"{name}.csv", pd.read_csv)
                self.tables(file, *(read(folder / file) for folder in (before, now)))


def _table_name(path: Path) -> str:
    """What a file is compared as: a table without its ending, plain data under its name; empty: not at all."""
    if path.suffix in (".csv", ".parquet"):
        return path.stem
    return path.name if path.suffix == ".json" and path.name != "manifest.json" else ""


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        yield path, value
        return
    for key, one in inner:
        yield from _leaves(one, f"{path}.{key}" if path else str(key))


def _equal(before: Any, now: Any) -> bool:
    if isinstance(before, np.ndarray):
        return bool(np.array_equal(before, now))
    return bool(before == now or (before != before and now != now))


def _apart(before: Any, now: Any) -> str:
    try:
        return f"{before} then, {now} now ({now - before:+.3g})"
    except (TypeError, ValueError):
        return f"{before!r} then, {now!r} now"


def programs_apart(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """In what the programs differ that made two manifests, each in a line; what one does not tell is left out."""
    return list(_told_apart({key: before[key] for key in _PROGRAM if key in before}, now, ""))


def inputs_apart(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """In what else two manifests differ, such as settings and levers."""
    left = {key: value for key, value in before.items() if key not in (*_PROGRAM, *_VOLATILE)}
    return list(_told_apart(left, json.loads(json.dumps(now, default=str)), ""))


def _told_apart(before: Mapping[str, Any], now: Mapping[str, Any], place: str) -> Iterator[str]:
    for key, value in before.items():
        if key not in now or now[key] == value:
            continue
        if isinstance(value, dict) and isinstance(now[key], dict):
            yield from _told_apart(value, now[key], f"{place}{key}.")
        else:
            yield f"{place}{key}: {value} then, {now[key]} now"
