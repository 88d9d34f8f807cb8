"""What a sweep's folder holds, for reading, whether its sweep is finished, stopped or still running.

Layout of a folder, all of it readable without this program::

    manifest.json                             design, resolved settings, seed, versions, commit, platform
    ledger.jsonl                              one line per run, in the order in which they ended
    runs/part-000001-SEAL.parquet             finished runs, a thousand to a part
    failures.parquet                          runs that failed: stage, message, traceback
    days/000/run-000000000-SEAL.parquet       daily series of a run, where the design asks for them
    traces/000/run-000000000-SEAL.parquet     stories of people, likewise

Ledger and parts hold the same runs twice over. A run is done if either says so under its seal (see
`simsvc.sweeps.ledger`); `simsvc.sweeps.store` writes the folder and makes each again from the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from simsvc.errors import InputError, needs
from simsvc.runs.folder import guarded
from simsvc.runs.metrics import HEADLINES
from simsvc.sweeps.ledger import LEDGER, MENDS, files_in, lines_of, read_sealed
from simsvc.sweeps.manifest import key_of, read_manifest
from simsvc.sweeps.points import change_table, point_table

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

OF_FAILURES = ("stage", "message", "traceback")
MOST_EXCEL = 1_048_575
"""Rows that a sheet of Excel has besides its head."""


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
        self.key = key_of(self.manifest)
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
        `traceback` (of a failure), then every metric that the sweep was begun with; see
        `simsvc.runs.metrics.METRICS`.

        Args:
            metrics: only these, which takes less memory.

        Raises:
            InputError: for a metric that the sweep does not have, and if damage has taken runs away.
        """
        self.require(metrics or ())
        kinds = {
            k: v for k, v in self.kinds.items() if metrics is None or k not in self.manifest["metrics"] or k in metrics
        }
        tables = [read_sealed(path, self.key) for _, path in self.parts()]
        in_parts = {number for table in tables for number in table["number"].to_pylist()}
        frames = [table.select(list(kinds)).to_pandas() for table in tables]
        late: dict[int, dict[str, Any]] = {}
        told, damaged = set(), []
        for line in lines_of(self.folder / LEDGER, self.key):
            if line.entry:
                told.add(line.entry["number"])
                if line.entry["number"] not in in_parts:
                    late[line.entry["number"]] = line.entry
            elif line.whole:
                damaged.append(line.number)
        if len(damaged) > len(in_parts - told):
            raise InputError(f"{self.folder / LEDGER}: line {damaged[0]} is damaged; {MENDS}")
        frame = pd.concat([*frames, self.frame_of(late.values())[list(kinds)]])
        return self._in_order(frame.drop_duplicates("number").astype(kinds).copy())  # the copy is in one piece

    def points(self, metrics: Sequence[str] = HEADLINES) -> pd.DataFrame:
        """Mean and 95 % interval of metrics at every point, see `simsvc.sweeps.points.point_table`."""
        return point_table(self.runs(metrics), self.manifest, metrics)

    def changes(self, metrics: Sequence[str] = HEADLINES) -> pd.DataFrame:
        """By how much each number that varies changes metrics, or what structures gain in them.

        With 95 % intervals; see `simsvc.sweeps.points.change_table`.
        """
        return change_table(self.runs(metrics), self.manifest, metrics)

    def require(self, metrics: Sequence[str]) -> None:
        """See that the runs have some metrics.

        Raises:
            InputError: for one that they were begun without.
        """
        for name in metrics:
            if name not in self.manifest["metrics"]:
                raise InputError(f"{self.folder}: was begun before there was a metric '{name}'; choose another folder")

    def parts(self) -> list[tuple[int, Path]]:
        """Files of finished runs, by number."""
        return files_in(self.folder, "runs/part-*.parquet")

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
        files = self.files(what)
        parts = []
        for number in runs[runs["status"] == "done"]["number"]:
            if number not in files:
                raise InputError(f"{self.folder / what}: the file of run {number} is missing; {MENDS}")
            parts.append(read_sealed(files[number], self.key).to_pandas().assign(number=number))
        if not parts:
            raise InputError(f"{self.folder}: holds no {what}: no run is finished yet")
        table = runs[keys].merge(pd.concat(parts, ignore_index=True), on="number")
        return self._in_order(table)

    def files(self, what: str) -> dict[int, Path]:
        """Files of single runs, by number of the run: `days` or `traces`."""
        return dict(files_in(self.folder, f"{what}/*/run-*.parquet"))

    def _in_order(self, frame: pd.DataFrame) -> pd.DataFrame:
        rank = {name: k for k, name in enumerate(self.manifest["structures"])}
        keys = frame[["point", "replication"]].assign(rank=frame["structure"].map(rank))
        order = keys.reset_index(drop=True).sort_values(["point", "rank", "replication"], kind="stable").index
        return frame.take(order.to_numpy()).reset_index(drop=True)

    def frame_of(self, entries: Iterable[dict[str, Any]]) -> pd.DataFrame:
        """The table of runs for some lines of the ledger."""
        columns = [*self.manifest["keys"], *self.manifest["metrics"]]
        rows = []
        for entry in entries:
            values = dict(zip(columns, entry["row"], strict=False))  # a run that failed has no metrics
            rows.append({**values, **{name: entry.get(name) for name in ("run", "status", *OF_FAILURES)}})
        frame = pd.DataFrame(rows, columns=list(self.kinds))
        return frame.astype(self.kinds)

    def export(self, path: str | Path, what: str = "runs", *, force: bool = False) -> None:
        """Write a table for other programs.

        Args:
            path: file whose name ends in .csv, .xlsx or .parquet.
            what: `runs`, `failures`, `days` or `traces`.
            force: whether a file that is there already is replaced.

        Raises:
            InputError: for another ending or table, more rows than a sheet of Excel has, or a file that is there.
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
        if path.exists() and not force:
            raise InputError(f"{path}: exists; give another name, or --force to replace it")
        frame: pd.DataFrame = getattr(self, what)()
        partial = path.with_name(f".{path.stem}.partial{path.suffix}")
        try:
            if path.suffix == ".csv":
                guarded(frame).to_csv(partial, index=False)
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
            guarded(frame).to_excel(book, sheet_name=what, index=False, freeze_panes=(1, 0))
            guarded(pd.DataFrame(about, columns=["what", "value"])).to_excel(book, sheet_name="about", index=False)
