"""What a sweep's folder holds, for reading, whether its sweep is finished, stopped or still running.

Layout of a folder, all of it readable without this program::

    manifest.json                     design, resolved settings, seed, versions, commit, platform
    ledger.jsonl                      one line per run, in the order in which they ended
    runs/part-000001.parquet          finished runs, a thousand to a part
    failures.parquet                  runs that failed: stage, message, traceback
    days/000/run-000000000.parquet    daily series of a run, where the design asks for them
    traces/000/run-000000000.parquet  stories of people, likewise

The ledger says the most: a run is finished once its line stands there, and parts can be made again
from it. `simsvc.sweeps.store` writes the folder.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from simsvc.errors import InputError, needs

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

FORMAT = 1
"""Version of the layout."""
MANIFEST, LEDGER, FAILURES = "manifest.json", "ledger.jsonl", "failures.parquet"
OF_FAILURES = ("stage", "message", "traceback")
MOST_EXCEL = 1_048_575
"""Rows that a sheet of Excel has besides its head."""


@dataclass(frozen=True)
class Line:
    """A line of the ledger.

    Attributes:
        number: from 1.
        start: byte at which it begins.
        end: byte after its end.
        entry: what it says; `None` if it cannot be read.
        whole: whether it ends as a line does; only the last one may not.
    """

    number: int
    start: int
    end: int
    entry: dict[str, Any] | None
    whole: bool


def lines_of(ledger: Path) -> Iterator[Line]:
    """The lines of a ledger, one at a time."""
    start = 0
    with ledger.open("rb") as file:
        for number, raw in enumerate(file, 1):
            try:
                entry = json.loads(raw)
            except ValueError:
                entry = None
            known = isinstance(entry, dict) and ("part" in entry or {"number", "run", "status", "row"} <= entry.keys())
            whole = raw.endswith(b"\n")
            yield Line(number, start, start + len(raw), entry if known and whole else None, whole)
            start += len(raw)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a sweep's folder.

    Raises:
        InputError: if the folder is none, or was made by a version that keeps results differently.
    """
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{folder}: holds no results of a sweep (no {MANIFEST})") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{folder / MANIFEST}: cannot be read: {getattr(error, 'strerror', '') or error}") from None
    if not isinstance(content, dict) or content.get("kind") != "sweep":
        kind = content.get("kind", "something else") if isinstance(content, dict) else "something else"
        raise InputError(f"{folder}: holds results of another kind ({kind}), not of a sweep")
    if content.get("format") != FORMAT:
        raise InputError(
            f"{folder}: was made by simsvc {content.get('version')}, which keeps results in another form "
            f"(format {content.get('format')}, this version knows {FORMAT})"
        )
    return content


class Results:
    """A sweep's folder, for reading.

    Args:
        folder: as made by `simsvc.sweep` or `simsvc sweep`.
        temporary: keeps a folder that lasts as long as this.

    Raises:
        InputError: if it is not one, or was made by a version that keeps results differently.
    """

    def __init__(self, folder: str | Path, temporary: TemporaryDirectory[str] | None = None) -> None:
        self.folder = Path(folder)
        self.manifest = read_manifest(self.folder)
        self._temporary = temporary

    @property
    def kinds(self) -> dict[str, str]:
        """Type of every column of the table of runs, as pandas calls it."""
        return {
            **self.manifest["keys"],
            "run": "str",
            "status": "str",
            **dict.fromkeys(OF_FAILURES, "str"),
            **dict.fromkeys(self.manifest["metrics"], "float64"),
        }

    @property
    def per_run(self) -> list[str]:
        """What there is a file of for every run: `days`, `traces`, both or nothing."""
        asked = self.manifest["design"]
        return ["days"] * bool(asked["series"]) + ["traces"] * any(asked["traces"].values())

    def runs(self, metrics: Sequence[str] | None = None) -> pd.DataFrame:
        """One row per run that has ended, by point, structure (in the design's order) and replication.

        Columns: `number` (of the run in the design), `point`, `scenario`, `structure`, every setting that
        varies, `replication`, `run` (identity), `status` (`done` or `failed`), `stage`, `message` and
        `traceback` (of a failure), then every metric; see `simsvc.runs.metrics.METRICS`.

        Args:
            metrics: only these, which takes less memory.
        """
        kinds = {
            k: v for k, v in self.kinds.items() if metrics is None or k not in self.manifest["metrics"] or k in metrics
        }
        names = []
        tail: list[dict[str, Any]] = []
        failed: dict[int, dict[str, Any]] = {}
        for line in lines_of(self.folder / LEDGER):
            entry = line.entry
            if entry is None:
                continue
            if "part" in entry:
                names.append(entry["part"])
                tail.clear()
            elif entry["status"] == "failed":
                failed[entry["number"]] = entry
            else:
                failed.pop(entry["number"], None)
                tail.append(entry)
        tables = (self._part(self.folder / "runs" / name).select(list(kinds)) for name in names)
        late = self.frame_of([*tail, *failed.values()])[list(kinds)]
        frame = pd.concat([*(table.to_pandas() for table in tables), late])
        return self._in_order(frame.astype(kinds))

    def failures(self) -> pd.DataFrame:
        """Rows of `runs` that failed."""
        frame = self.runs()
        return frame[frame["status"] == "failed"].reset_index(drop=True)

    def days(self) -> pd.DataFrame:
        """The daily series that the design asks for: one row per run and day, labelled as in `runs`.

        Raises:
            InputError: if it asks for none.
        """
        return self._kept("days", "series")

    def traces(self) -> pd.DataFrame:
        """The stories that the design asks for: one row per run, person and moment, labelled as in `runs`.

        Raises:
            InputError: if it asks for none.
        """
        return self._kept("traces", "trace")

    def _kept(self, what: str, asked_by: str) -> pd.DataFrame:
        if what not in self.per_run:
            raise InputError(f"{self.folder}: holds no {what}: its design asks for none ('{asked_by}')")
        runs = self.runs()
        keys = list(self.manifest["keys"])
        parts = []
        for row in runs[runs["status"] == "done"][keys].to_dict("records"):
            path = self.folder / path_of(what, row["number"])
            parts.append(self._read(path).to_pandas().assign(number=row["number"]))
        if not parts:
            raise InputError(f"{self.folder}: holds no {what}: no run is finished yet")
        table = runs[keys].merge(pd.concat(parts, ignore_index=True), on="number")
        return self._in_order(table)

    def _part(self, path: Path) -> pa.Table:
        """A part; names of columns have no checksum, so they are compared."""
        table = self._read(path)
        if table.schema.names != list(self.kinds):
            raise InputError(f"{path}: has other columns; 'simsvc sweep' with the same design makes it again")
        return table

    def _read(self, path: Path) -> pa.Table:
        try:
            with pq.ParquetFile(path, page_checksum_verification=True) as file:
                return file.read()
        except FileNotFoundError:
            reason = "is missing"
        except (OSError, pa.ArrowException) as error:
            reason = f"cannot be read ({' '.join(str(error).split())[:120]})"
            reason += "" if path.parent.name == "runs" else "; remove it"
        raise InputError(f"{path}: {reason}; 'simsvc sweep' with the same design makes it again")

    def _in_order(self, frame: pd.DataFrame) -> pd.DataFrame:
        rank = {name: k for k, name in enumerate(self.manifest["structures"])}
        order = frame.assign(_rank=frame["structure"].map(rank))
        by = ["point", "_rank", "replication"]
        return order.sort_values(by, kind="stable").drop(columns="_rank").reset_index(drop=True)

    def frame_of(self, entries: Iterable[dict[str, Any]]) -> pd.DataFrame:
        """The table of runs for some lines of the ledger."""
        keys, metrics = list(self.manifest["keys"]), self.manifest["metrics"]
        rows = []
        for entry in entries:
            values = dict(zip((*keys, *metrics), entry["row"], strict=False))
            rows.append({**values, **{name: entry.get(name) for name in ("run", "status", *OF_FAILURES)}})
        frame = pd.DataFrame(rows, columns=list(self.kinds))
        return frame.astype(self.kinds)

    def export(self, path: str | Path, what: str = "runs") -> None:
        """Write a table for other programs.

        Args:
            path: file whose name ends in .csv, .xlsx or .parquet.
            what: `runs`, `failures`, `days` or `traces`.

        Raises:
            InputError: for another ending or table, or more rows than a sheet of Excel has.
        """
        path = Path(path)
        if what not in ("runs", "failures", "days", "traces"):
            raise InputError(f"there is no table '{what}'; have: runs, failures, days, traces")
        if path.suffix not in (".csv", ".xlsx", ".parquet"):
            raise InputError(f"{path}: name a file that ends in .csv, .xlsx or .parquet")
        if path.suffix == ".xlsx":
            needs("openpyxl", "excel", f"{path}: a workbook")
        if path.is_dir():
            raise InputError(f"{path}: is a folder")
        if not path.parent.is_dir():
            raise InputError(f"{path}: there is no folder {path.parent}")
        frame: pd.DataFrame = getattr(self, what)()
        partial = path.with_name(f".{path.stem}.partial{path.suffix}")
        try:
            if path.suffix == ".csv":
                frame.to_csv(partial, index=False)
            elif path.suffix == ".parquet":
                frame.to_parquet(partial, index=False)
            else:
                self._to_excel(frame, partial, what)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)

    def _to_excel(self, frame: pd.DataFrame, path: Path, what: str) -> None:
        if len(frame) > MOST_EXCEL:
            raise InputError(f"{len(frame):,} rows are more than a sheet of Excel has ({MOST_EXCEL:,}); export to .csv")
        note = self.manifest
        about = [(key, note[key]) for key in ("program", "version", "model", "commit", "command", "made")]
        about += [("seed", note["design"]["seed"]), ("replications", note["replications"])]
        with pd.ExcelWriter(path, engine="openpyxl") as book:
            frame.to_excel(book, sheet_name=what, index=False, freeze_panes=(1, 0))
            pd.DataFrame(about, columns=["what", "value"]).to_excel(book, sheet_name="about", index=False)


def path_of(what: str, number: int) -> str:
    """File of a run's daily series or traces inside the folder."""
    return f"{what}/{number // 1000:03d}/run-{number:09d}.parquet"


def plain_number(value: float) -> float | None:
    """A metric as JSON has it: `null` for what is not a number."""
    return None if math.isnan(value) else float(value)
