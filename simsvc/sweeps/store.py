"""The result store: writes a sweep's folder so that nothing finished is ever lost, doubled or mixed up.

A run counts as finished once its line stands in the ledger; the line holds all its metrics. Every
thousand runs the lines since the last part become one more part, written under a temporary name and
renamed. Killed at any moment, the store loses the runs under way and nothing else.

There is one writer, the program that runs the sweep; a lock keeps a second one away.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import filelock
import pyarrow as pa

from simsvc.errors import InputError, StoppedEarly
from simsvc.model.compiling import model_version
from simsvc.runs.folder import check_writable, manifest, written
from simsvc.runs.metrics import METRICS
from simsvc.runs.order import Outcome
from simsvc.scenario.settings import Scenario, sections
from simsvc.sweeps.design import Design, Task
from simsvc.sweeps.ledger import DONE, FAILED, INCOMPLETE, Ledger, line_text, plain, write_parquet
from simsvc.sweeps.results import (
    FAILURES,
    FORMAT,
    LEDGER,
    MANIFEST,
    OF_FAILURES,
    path_of,
    plain_number,
    read_manifest,
)

PART_ROWS = 1000
"""Runs in a part."""
PART_SECONDS = 300.0
"""A part is written after this time even if it is not full, for those who read along."""
LEDGER_AND_PARTS = 1.5
"""Size of ledger and parts together, as a multiple of the ledger's."""
LOCK = ".lock"


class Store(Ledger):
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
        self._asked = self.design.cell_count * now["replications"]
        self._take_stock(self.design.cell_count * self.manifest["replications"])
        ledger = self.folder / LEDGER
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

    # -- writing ------------------------------------------------------------------------------

    def record(self, task: Task, outcome: Outcome) -> None:
        """Keep what came of a run.

        Args:
            task: its place in the design.
            outcome: of it.

        Raises:
            StoppedEarly: if it cannot be written; everything kept before stays.
        """
        order = outcome.order
        try:
            for what, frame in (("days", outcome.days), ("traces", outcome.trace)):
                if frame is not None:
                    path = self.folder / path_of(what, task.number)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    labelled = frame.assign(number=task.number)[["number", *frame.columns]]
                    write_parquet(pa.Table.from_pandas(labelled, preserve_index=False), path)
            if self.status[task.number] == INCOMPLETE:
                self.status[task.number] = INCOMPLETE if outcome.failed else DONE
                return
            values = [plain(value_of(order.settings, name)) for name in self.design.varied]
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
        raw = line_text(entry).encode()
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
                write_parquet(self._table(list(self._failed.values())), path)
            else:
                path.unlink(missing_ok=True)
            self._failures_changed = False
        os.fsync(self._file)
        self._flushed = time.monotonic()

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
