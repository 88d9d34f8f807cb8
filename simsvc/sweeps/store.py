"""The result store: writes a sweep's folder so that nothing finished is ever lost, doubled or mixed up.

A run counts as finished once its line stands in the ledger; the line holds all its metrics. Every
thousand runs those that are in no part yet become one more part, written under a temporary name and
renamed. Killed at any moment, the store loses the runs under way and nothing else. When a folder is taken
up, whatever does not fit its seal is thrown away; runs that only the parts hold get their lines again, and
runs that only the ledger holds go into new parts.

There is one writer, the program that runs the sweep; a lock keeps a second one away.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import filelock
import numpy as np
import pyarrow as pa

from simsvc.errors import InputError, StoppedEarly
from simsvc.runs.folder import check_writable
from simsvc.runs.order import Outcome
from simsvc.scenario.settings import Scenario, setting_value
from simsvc.sweeps.design import Design, Task
from simsvc.sweeps.ledger import (
    DAMAGED,
    FAILURES,
    LEDGER,
    line_of,
    lines_of,
    plain_number,
    read_sealed,
    sealed_bytes,
    write_sealed,
    write_table,
)
from simsvc.sweeps.manifest import MANIFEST, check_same, key_of, manifest_of, read_manifest, write_manifest
from simsvc.sweeps.results import OF_FAILURES, Results
from simsvc.sweeps.status import LOCK

NOT_RUN, DONE, FAILED, INCOMPLETE = 0, 1, 2, 3
"""Of a run; incomplete is one that is done, but has lost a file of its own, and is run again for it."""
PART_ROWS = 1000
"""Runs in a part."""
PART_SECONDS = 300.0
"""A part is written after this time even if it is not full, for those who read along."""
LEDGER_AND_PARTS = 1.5
"""Size of ledger and parts together, as a multiple of the ledger's."""
WAIT = 1.0
"""Seconds to wait for the lock: whoever asks for the status of a folder has it for a moment."""


class Store(Results):
    """A sweep's folder, for writing. Use it in a `with` statement.

    Args:
        folder: made if it is not there; one of the same design is taken up where it was left.
        design: what is run.
        command: what was typed, for the manifest.
        say: told, in a line each, what was found and mended.

    Raises:
        InputError: if the folder cannot be written to, is in use, or holds something else: another
            design, another version's results, other files.
    """

    def __init__(self, folder: Path, design: Design, command: str = "", say: Callable[[str], None] = print) -> None:
        self.folder, self.design, self.say = folder, design, say
        self._temporary = None
        design.check()
        if folder.is_dir() and (folder / MANIFEST).exists():
            read_manifest(folder)
        check_writable(folder, (LOCK, f"{MANIFEST}.part"))  # what is left if the program is killed as it begins
        self._lock = filelock.FileLock(folder / LOCK, timeout=WAIT)
        try:
            self._lock.acquire()
        except filelock.Timeout:
            raise InputError(
                f"{folder}: is in use by another run of simsvc; wait for it or choose another folder"
            ) from None
        except OSError as error:
            raise InputError(f"{folder}: cannot be written to: {error.strerror}") from None
        try:
            self._take_up(command)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # -- taking up ----------------------------------------------------------------------------

    def _take_up(self, command: str) -> None:
        now = manifest_of(self.design, command)
        self.manifest = now
        if (self.folder / MANIFEST).exists():
            self.manifest = read_manifest(self.folder)
            check_same(self.folder, self.manifest, now)
            if new := [name for name in now["metrics"] if name not in self.manifest["metrics"]]:
                self.say(f"{self.folder}: was begun without {', '.join(new)}; its new runs are kept without, too.")
        before, asked = self.manifest["replications"], now["replications"]
        if asked > before:
            self.say(f"Extending {self.folder} from {before} to {asked} replications.")
            self.manifest["replications"] = asked
        elif asked < before:
            self.say(
                f"{self.folder} holds {before} replications, more than the {asked} "
                "of the design: tables and figures show all of them."
            )
        if asked > before or self.manifest is now:
            write_manifest(self.folder, self.manifest)
        self.key = key_of(self.manifest)
        self._asked = self.design.cell_count * asked
        self.status = bytearray(self.design.cell_count * self.manifest["replications"])
        """Of every run by its number: `NOT_RUN`, `DONE`, `FAILED`, `INCOMPLETE`."""
        self._waiting: list[dict[str, Any]] = []
        self._failed: dict[int, dict[str, Any]] = {}
        self._failures_changed = True  # killed before it wrote them, the program may have left none, or old ones
        (self.folder / "runs").mkdir(exist_ok=True)
        for leftover in self.folder.rglob("*.part"):
            leftover.unlink()
        self._take_parts()
        self._take_ledger()
        self._find_incomplete()
        self._file = os.open(self.folder / LEDGER, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._position = os.fstat(self._file).st_size
        self._flushed = time.monotonic()

    def _take_parts(self) -> None:
        """Note the runs of all parts; remove what is damaged."""
        self._part_numbers = set()
        for number, path in self.parts():
            try:
                runs = read_sealed(path, self.key)["number"].to_pylist()
            except InputError:
                self.say(f"{path}: was damaged; made again from the ledger, or its runs are run again.")
                path.unlink()
                continue
            self._check_within(path, max(runs))
            if any(self.status[run] == DONE for run in runs):  # an older part that somebody put back
                path.unlink()
                continue
            self._part_numbers.add(number)
            for run in runs:
                self.status[run] = DONE
        if gaps := max(self._part_numbers, default=0) - len(self._part_numbers):
            self.say(f"{self.folder / 'runs'}: {gaps} parts are missing; made again from the ledger.")

    def _take_ledger(self) -> None:
        """Take up what the ledger says; mend it if a line is damaged, or a run that a part holds has none."""
        ledger = self.folder / LEDGER
        begun, is_new = np.frombuffer(self.status, np.uint8) == DONE, not ledger.exists()
        damaged: list[int] = []
        is_cut = False
        for line in lines_of(ledger, self.key):
            if line.entry:
                self._check_within(ledger, line.entry["number"])
                self._take(line.entry)
                begun[line.entry["number"]] &= line.entry["status"] != "done"
                if len(self._waiting) >= PART_ROWS:
                    self._write_part()
            elif line.whole:
                damaged.append(line.number)
            else:
                is_cut = True
                self.say(f"{ledger}: line {line.number} was cut off when the program was stopped.")
        without_line = set(np.flatnonzero(begun).tolist())
        if damaged:
            shutil.copyfile(ledger, self.folder / DAMAGED)
            more = f" and {len(damaged) - 1} more" if len(damaged) > 1 else ""
            self.say(
                f"{ledger}: line {damaged[0]}{more} cannot be read: taken from the parts or run again; "
                f"what was there is kept in {DAMAGED}."
            )
        if without_line:
            what = "is missing: made again" if is_new else f"has lost {len(without_line)} runs: mended"
            self.say(f"{ledger}: {what} from the parts.")
        if damaged or is_cut or without_line:
            self._rewrite_ledger(without_line)

    def _rewrite_ledger(self, from_parts: set[int]) -> None:
        """Write the ledger again from its sound lines and some runs of the parts."""
        ledger, columns = self.folder / LEDGER, [*self.manifest["keys"], *self.manifest["metrics"]]
        partial = ledger.with_name(f"{LEDGER}.part")
        with partial.open("wb") as file:
            for line in lines_of(ledger, self.key):
                file.write(line.raw if line.entry else b"")
            for _, path in self.parts() if from_parts else ():
                for row in read_sealed(path, self.key).to_pylist():
                    if row["number"] in from_parts:
                        entry = {"number": row["number"], "run": row["run"], "status": "done", "seconds": None}
                        file.write(line_of({**entry, "row": [row[name] for name in columns]}, self.key))
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, ledger)

    def _take(self, entry: dict[str, Any]) -> None:
        number = entry["number"]
        if self.status[number] == DONE:
            return
        if entry["status"] == "failed":
            self.status[number] = FAILED
            self._failed[number] = entry
        else:
            self.status[number] = DONE
            self._waiting.append(entry)
            self._failures_changed |= self._failed.pop(number, None) is not None

    def _check_within(self, path: Path, number: int) -> None:
        if number >= len(self.status):
            raise InputError(
                f"{path}: holds run {number}, more than the {len(self.status)} of {self.folder / MANIFEST}: "
                "that is an older one; put the right one back"
            )

    def _find_incomplete(self) -> None:
        """Note runs whose daily series or traces are not there as they were written."""
        for what in self.per_run:
            sound = bytearray(len(self.status))
            for number, path in self.files(what).items():
                try:
                    sealed_bytes(path, self.key)
                    sound[number] = 1
                except InputError:
                    path.unlink()
            for number, status in enumerate(self.status):
                if status == DONE and not sound[number]:
                    self.status[number] = INCOMPLETE
        if lost := self.status.count(INCOMPLETE):
            self.say(
                f"{self.folder}: {' or '.join(self.per_run)} of {lost} runs are missing or damaged; "
                "these are run again."
            )

    # -- writing ------------------------------------------------------------------------------

    def record(self, task: Task, outcome: Outcome) -> None:
        """Keep what came of a run.

        Raises:
            StoppedEarly: if it cannot be written; everything kept before stays.
        """
        order = outcome.order
        try:
            for what, frame in (("days", outcome.days), ("traces", outcome.trace)):
                if frame is not None:
                    stem = self.folder / what / f"{task.number // 1000:03d}" / f"run-{task.number:09d}"
                    stem.parent.mkdir(parents=True, exist_ok=True)
                    table = pa.table({name: pa.array(column, from_pandas=True) for name, column in frame.items()})
                    label = pa.array(np.full(len(frame), task.number))
                    write_sealed(table.add_column(0, "number", label), stem, self.key)
            if self.status[task.number] == INCOMPLETE:
                self.status[task.number] = INCOMPLETE if outcome.failed else DONE
                return
            values = [_value_of(order.settings, name) for name in self.design.varied]
            measured = () if outcome.failed else (outcome.metrics[name] for name in self.manifest["metrics"])
            entry: dict[str, Any] = {
                "number": task.number,
                "run": order.run,
                "status": "failed" if outcome.failed else "done",
                "seconds": round(outcome.seconds, 4),
                "ended": round(time.time(), 2),
                "row": [task.number, task.point, task.scenario, task.structure, *values, task.replication,
                        *map(plain_number, measured)],
            }  # fmt: skip
            if outcome.failed:
                entry |= {name: getattr(outcome, name) for name in OF_FAILURES}
                self._failures_changed = True
            self._append(line_of(entry, self.key))
            self._take(entry)
            if len(self._waiting) >= PART_ROWS or time.monotonic() - self._flushed > PART_SECONDS:
                self.flush()
        except OSError as error:
            raise StoppedEarly(
                f"{self.folder}: cannot be written to: {error.strerror or error}; "
                f"{self.done:,} finished runs are kept; make room and give the same command again"
            ) from error

    def _append(self, raw: bytes) -> None:
        try:
            count = os.write(self._file, raw)
            if count < len(raw):  # a full disk takes a part of the line first
                os.write(self._file, raw[count:])
        except OSError:
            os.ftruncate(self._file, self._position)
            raise
        self._position += len(raw)

    def flush(self) -> None:
        """Write a part of what is in none, and make sure that all of it is on the disk."""
        self._write_part()
        if self._failures_changed:
            if self._failed:
                write_table(self._table(list(self._failed.values())), self.folder / FAILURES)
            else:
                (self.folder / FAILURES).unlink(missing_ok=True)
            self._failures_changed = False
        os.fsync(self._file)
        self._flushed = time.monotonic()

    def _write_part(self) -> None:
        if self._waiting:
            number = next(k for k in itertools.count(1) if k not in self._part_numbers)
            table = self._table(sorted(self._waiting, key=lambda entry: int(entry["number"])))
            write_sealed(table, self.folder / "runs" / f"part-{number:06d}", self.key)
            self._part_numbers.add(number)
            self._waiting = []

    def _table(self, entries: list[dict[str, Any]]) -> pa.Table:
        types = {"int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_(), "str": pa.string()}
        schema = pa.schema([(name, types[kind]) for name, kind in self.kinds.items()])
        return pa.Table.from_pandas(self.frame_of(entries), schema, preserve_index=False)

    def close(self) -> None:
        """Write what has no part yet and let others use the folder."""
        try:
            self.flush()
        except OSError as error:  # every line stands in the ledger; the part is made when the folder is taken up
            self.say(f"{self.folder}: {error.strerror or error}; the finished runs are kept in the ledger.")
        finally:
            os.close(self._file)
            self._lock.release()

    # -- counting -----------------------------------------------------------------------------

    def bytes_expected(self) -> int:
        """Size of the folder once all runs are there, from those that are."""
        sizes = {path: path.stat().st_size for path in self.folder.rglob("*") if path.is_file()}
        kept = sum(size for path, size in sizes.items() if path.parent.parent.name in ("days", "traces"))
        per_run = (sizes[self.folder / LEDGER] * LEDGER_AND_PARTS + kept) / max(self.done + self.failed, 1)
        return sizes[self.folder / MANIFEST] + round(per_run * len(self.design))

    @property
    def done(self) -> int:
        """Runs of the design finished."""
        return self.status.count(DONE, 0, self._asked)

    @property
    def failed(self) -> int:
        """Runs of the design that failed and were not repeated with success."""
        return self.status.count(FAILED, 0, self._asked)


def _value_of(scenario: Scenario, setting: str) -> Any:
    """A setting's value in a scenario, as it stands in a table; lists become text."""
    value = setting_value(scenario, setting)
    return json.dumps(value) if isinstance(value, list | tuple) else value
