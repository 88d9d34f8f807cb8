"""Taking up a sweep's folder: what the ledger and the parts say, and mending what they lack.

The ledger and the parts hold the same runs twice over, so either is made again from the other.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from simsvc.errors import InputError
from simsvc.runs.folder import written
from simsvc.sweeps.results import LEDGER, Results, lines_of, path_of, plain_number

NOT_RUN, DONE, FAILED, INCOMPLETE = 0, 1, 2, 3
"""Of a run; incomplete is one that is done, but has lost a file of its own, and is run again for it."""


class Ledger(Results):
    """A sweep's folder with what is known of every run; `Store` writes to it."""

    say: Callable[[str], None]
    """Told, in a line each, what was found and mended."""

    def _take_stock(self, runs: int) -> None:
        """Find out what is done, and mend what is damaged.

        Args:
            runs: of the design.
        """
        self.status = bytearray(runs)
        """Of every run by its number: `NOT_RUN`, `DONE`, `FAILED`, `INCOMPLETE`."""
        self._waiting: list[dict[str, Any]] = []
        self._failed: dict[int, dict[str, Any]] = {}
        self._failures_changed = True  # killed before it wrote them, the program may have left none, or old ones
        self._parts: list[tuple[str, int, int]] = []
        self._position = 0
        (self.folder / "runs").mkdir(exist_ok=True)
        for leftover in (*self.folder.glob("*.part"), *self.folder.glob("runs/*.part")):
            leftover.unlink()
        ledger = self.folder / LEDGER
        if not ledger.exists() and any(self.folder.glob("runs/*.parquet")):
            self.say(f"{ledger} is missing: made again from the parts.")
            self._rebuild()
        elif self._scan() or self._parts_know_more():
            self._rebuild()
        self._mend_parts()
        self._find_incomplete()

    def _scan(self) -> bool:
        """Take up what the ledger says; returns whether a line within it cannot be read."""
        ledger = self.folder / LEDGER
        if not ledger.exists():
            return False
        for line in lines_of(ledger):
            entry = line.entry
            if not line.whole:
                self.say(
                    f"{ledger}: line {line.number} was cut off when the program was stopped; its run is run again."
                )
                os.truncate(ledger, line.start)
                break
            if entry is None:
                self.say(f"{ledger}: line {line.number} cannot be read: the ledger is mended from the parts.")
                return True
            self._position = line.end
            if "part" in entry:
                self._parts.append((entry["part"], entry["rows"], entry["end"]))
                self._waiting.clear()
            else:
                self._take(entry)
        return False

    def _take(self, entry: dict[str, Any]) -> None:
        number = entry["number"]
        if entry["status"] == "failed":
            self.status[number] = FAILED
            self._failed[number] = entry
        elif self.status[number] != DONE:
            self.status[number] = DONE
            self._waiting.append(entry)
            if self._failed.pop(number, None):
                self._failures_changed = True

    def _parts_know_more(self) -> bool:
        """Whether parts that the ledger does not name hold runs that it does not hold: it has lost its end."""
        named = {name for name, _, _ in self._parts}
        for path in self.folder.glob("runs/*.parquet"):
            if path.name not in named:
                with contextlib.suppress(InputError):
                    numbers = self._part(path)["number"].to_pylist()
                    if any(self.status[number] != DONE for number in numbers if number < len(self.status)):
                        self.say(f"{self.folder / LEDGER}: has lost its last lines: mended from the parts.")
                        return True
        return False

    def _rebuild(self) -> None:
        """Write the ledger again from its readable lines and the readable parts."""
        ledger = self.folder / LEDGER
        entries: dict[int, dict[str, Any]] = {}
        if ledger.exists():
            spare = ledger.with_name("ledger.damaged.jsonl")
            shutil.copyfile(ledger, spare)
            for line in lines_of(ledger):
                if line.entry and "part" not in line.entry:
                    entries[line.entry["number"]] = line.entry
        columns = [*self.manifest["keys"], *self.manifest["metrics"]]
        for path in sorted(self.folder.glob("runs/*.parquet")):
            try:
                rows = self._part(path).to_pylist()
            except InputError as error:
                self.say(str(error))
                continue
            for row in rows:
                entry = {"number": row["number"], "run": row["run"], "status": "done", "seconds": None}
                values = [plain(row[name]) for name in columns]
                if entries.get(row["number"], {}).get("status") != "done":
                    entries[row["number"]] = {**entry, "row": values}
        written(ledger, "".join(line_text(entry) for entry in entries.values()))
        with ledger.open("rb") as file:  # on the disk before the parts go
            os.fsync(file.fileno())
        self._waiting, self._parts, self._failed = [], [], {}
        self.status = bytearray(len(self.status))
        self._failures_changed = True
        for entry in entries.values():
            self._take(entry)
        self._position = ledger.stat().st_size

    def _mend_parts(self) -> None:
        """Remove parts that the ledger does not know, make those again that cannot be read."""
        known = {name for name, _, _ in self._parts}
        for path in self.folder.glob("runs/*.parquet"):
            if path.name not in known:
                path.unlink()
        start = 0
        for name, rows, end in self._parts:
            path = self.folder / "runs" / name
            if self._rows_in(path) != rows:
                lines = (line for line in lines_of(self.folder / LEDGER) if start <= line.start < end)
                done = [one.entry for one in lines if one.entry and one.entry.get("status") == "done"]
                self._write_part(path, done)
                self.say(f"{path}: was damaged or missing; made again from the ledger.")
            start = end

    def _find_incomplete(self) -> None:
        """Note runs whose daily series or traces are not there."""
        for number in range(len(self.status)) if self.per_run else ():
            if self.status[number] == DONE:
                if not all((self.folder / path_of(what, number)).exists() for what in self.per_run):
                    self.status[number] = INCOMPLETE
        if lost := self.status.count(INCOMPLETE):
            self.say(f"{self.folder}: {' or '.join(self.per_run)} of {lost} runs are missing; these are run again.")

    def _rows_in(self, path: Path) -> int:
        """Rows of a part, read as a whole to see that all of it is sound; -1 if it is not."""
        try:
            return int(self._part(path).num_rows)
        except InputError:
            return -1

    def _write_part(self, path: Path, entries: list[dict[str, Any]]) -> None:
        write_parquet(self._table(sorted(entries, key=lambda entry: int(entry["number"]))), path)

    def _table(self, entries: list[dict[str, Any]]) -> pa.Table:
        types = {"int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_(), "str": pa.string()}
        schema = pa.schema([(name, types[kind]) for name, kind in self.kinds.items()])
        return pa.Table.from_pandas(self.frame_of(entries), schema, preserve_index=False)


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    return plain_number(value) if isinstance(value, float) else value


def line_text(entry: dict[str, Any]) -> str:
    """A line of the ledger."""
    return json.dumps(entry, separators=(",", ":")) + "\n"


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write a Parquet file under a temporary name, see it on the disk, and rename it."""
    partial = path.with_name(path.name + ".part")
    try:
        with partial.open("wb") as file:
            pq.write_table(table, file, compression="zstd", write_page_checksum=True)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
