"""The result store: writes a sweep's folder so that nothing finished is ever lost, doubled or mixed up.

A run counts as finished once its line stands in the ledger; the line holds all its metrics. Every
thousand runs the lines since the last part become one more part, written under a temporary name and
renamed. Killed at any moment, the store loses the runs under way and nothing else.

There is one writer, the program that runs the sweep; a lock keeps a second one away.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import filelock
import pyarrow as pa
import pyarrow.parquet as pq

from simsvc.errors import InputError, StoppedEarly
from simsvc.experiment.design import Design
from simsvc.experiment.folder import check_writable, manifest, written
from simsvc.experiment.metrics import METRICS
from simsvc.experiment.performing import Outcome
from simsvc.experiment.results import (
    FAILURES,
    FORMAT,
    LEDGER,
    MANIFEST,
    OF_FAILURES,
    Results,
    lines_of,
    path_of,
    plain_number,
    read_manifest,
)
from simsvc.model.compiling import model_version
from simsvc.scenario.settings import Scenario, sections

PART_ROWS = 1000
"""Runs in a part."""
PART_SECONDS = 300.0
"""A part is written after this time even if it is not full, for those who read along."""
LEDGER_AND_PARTS = 1.5
"""Size of ledger and parts together, as a multiple of the ledger's."""
NOT_RUN, DONE, FAILED, INCOMPLETE = 0, 1, 2, 3
"""Of a run; incomplete is one that is done, but has lost a file of its own, and is run again for it."""
LOCK = ".lock"


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
        self._lock = filelock.FileLock(folder / LOCK, timeout=0)
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

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- opening ------------------------------------------------------------------------------

    def _take_up(self, command: str) -> None:
        path = self.folder / MANIFEST
        now = self._manifest(command)
        if path.exists():
            before = read_manifest(self.folder)
            _check_same(self.folder, before, now)
            if now["replications"] > before["replications"]:
                self.say(
                    f"Extending {self.folder} from {before['replications']} to {now['replications']} replications."
                )
                before["replications"] = now["replications"]
                written(path, json.dumps(before, indent=1))
            elif now["replications"] < before["replications"]:
                self.say(
                    f"{self.folder} holds {before['replications']} replications, more than the {now['replications']} "
                    "of the design: tables and figures show all of them."
                )
            self.manifest = before
        else:
            written(path, json.dumps(now, indent=1))
            self.manifest = now
        self.status = bytearray(self.design.cell_count * self.manifest["replications"])
        """Of every run by its number: `NOT_RUN`, `DONE`, `FAILED`, `INCOMPLETE`."""
        self._asked = self.design.cell_count * now["replications"]
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
        self._file = os.open(ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._flushed = time.monotonic()

    def _manifest(self, command: str) -> dict[str, Any]:
        first = next(iter(self.design.parts[0].scenarios.values()))
        kinds = {name: _kind(name) for name in self.design.varied}
        return manifest(
            first,
            command,
            kind="sweep",
            format=FORMAT,
            model=model_version(),
            replications=self.design.replication_count,
            structures=list(self.design.structure_names),
            keys={"number": "int64", "point": "int64", "scenario": "str", "structure": "str", **kinds,
                  "replication": "int64"},
            metrics=list(METRICS),
            design=json.loads(json.dumps(self.design.described())),
        )  # fmt: skip

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
                values = [_plain(row[name]) for name in columns]
                if entries.get(row["number"], {}).get("status") != "done":
                    entries[row["number"]] = {**entry, "row": values}
        written(ledger, "".join(_line(entry) for entry in entries.values()))
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

    # -- writing ------------------------------------------------------------------------------

    def record(self, outcome: Outcome) -> None:
        """Keep what came of a run.

        Raises:
            StoppedEarly: if it cannot be written; everything kept before stays.
        """
        order = outcome.order
        task = order.task
        try:
            for what, frame in (("days", outcome.days), ("traces", outcome.trace)):
                if frame is not None:
                    path = self.folder / path_of(what, task.number)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    _write(pa.Table.from_pandas(frame, preserve_index=False), path)
            if self.status[task.number] == INCOMPLETE:
                self.status[task.number] = INCOMPLETE if outcome.failed else DONE
                return
            values = [_plain(value_of(order.settings, name)) for name in self.design.varied]
            row = [task.number, task.point, task.scenario, task.structure, *values, task.replication]
            entry: dict[str, Any] = {
                "number": task.number,
                "run": order.run,
                "status": "failed" if outcome.failed else "done",
                "seconds": round(outcome.seconds, 4),
                "row": [*row, *(plain_number(outcome.metrics[name]) for name in outcome.metrics)],
            }
            if outcome.failed:
                entry |= {name: getattr(outcome, name) for name in OF_FAILURES}
                self._failures_changed = True
            self._append(entry)
            self._take(entry)
            if len(self._waiting) >= PART_ROWS or time.monotonic() - self._flushed > PART_SECONDS:
                self.flush()
        except OSError as error:
            raise StoppedEarly(
                f"{self.folder}: cannot be written to: {error.strerror or error}; "
                f"{self.done:,} finished runs are kept; make room and give the same command again"
            ) from error

    def _append(self, entry: dict[str, Any]) -> None:
        raw = _line(entry).encode()
        try:
            count = os.write(self._file, raw)
            if count < len(raw):  # a full disk takes a part of the line first
                os.write(self._file, raw[count:])
        except OSError:
            os.ftruncate(self._file, self._position)
            raise
        self._position += len(raw)

    def flush(self) -> None:
        """Write a part of what has none yet, and make sure that all of it is on the disk."""
        if self._waiting:
            name = f"part-{len(self._parts) + 1:06d}.parquet"
            self._write_part(self.folder / "runs" / name, self._waiting)
            self._append({"part": name, "rows": len(self._waiting), "end": self._position})
            self._parts.append((name, len(self._waiting), self._position))
            self._waiting = []
        if self._failures_changed:
            path = self.folder / FAILURES
            if self._failed:
                _write(self._table(list(self._failed.values())), path)
            else:
                path.unlink(missing_ok=True)
            self._failures_changed = False
        os.fsync(self._file)
        self._flushed = time.monotonic()

    def _write_part(self, path: Path, entries: list[dict[str, Any]]) -> None:
        _write(self._table(sorted(entries, key=lambda entry: int(entry["number"]))), path)

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


def _check_same(folder: Path, before: dict[str, Any], now: dict[str, Any]) -> None:
    """See that a folder holds results of this design and this version.

    Raises:
        InputError: naming what differs.
    """
    if before["model"] != now["model"]:
        raise InputError(
            f"{folder}: was made with simsvc {before['version']} (model {before['model']}), this is "
            f"{now['version']} (model {now['model']}): their runs cannot be mixed; choose another folder"
        )
    for what in ("metrics", "keys", "structures", "design"):
        difference = _first_difference(before[what], now[what], what)
        if difference:
            raise InputError(f"{folder}: holds another design: {difference}; choose another folder")


def _first_difference(before: Any, now: Any, name: str) -> str:
    if before == now:
        return ""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in [*before, *(key for key in now if key not in before)]:
            if key not in before or key not in now:
                return f"{name}.{key} is only in {'the new one' if key in now else 'the folder'}"
            if found := _first_difference(before[key], now[key], f"{name}.{key}"):
                return found
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        return next(
            found
            for k, pair in enumerate(zip(before, now, strict=True), 1)
            if (found := _first_difference(*pair, f"{name} {k}"))
        )
    return f"{name} is {_short(before)} there and {_short(now)} here"


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _kind(setting: str) -> str:
    """Type of a setting's column."""
    section, _, key = setting.partition(".")
    kinds = {int: "int64", float: "float64", bool: "bool"}
    return kinds.get(sections()[section].model_fields[key].annotation, "str")  # type: ignore[arg-type]


def value_of(scenario: Scenario, setting: str) -> Any:
    """A setting's value in a scenario, as it stands in a table; lists become text."""
    section, _, key = setting.partition(".")
    value = getattr(getattr(scenario, section), key)
    return json.dumps(value) if isinstance(value, list | tuple) else value


def _plain(value: Any) -> Any:
    return plain_number(value) if isinstance(value, float) else value


def _line(entry: dict[str, Any]) -> str:
    return json.dumps(entry, separators=(",", ":")) + "\n"


def _write(table: pa.Table, path: Path) -> None:
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
