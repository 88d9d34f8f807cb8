"""What every analysis gives: tables, figures, a sentence, plain data, and one way to write them to a folder."""

from __future__ import annotations

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

import simsvc
from simsvc.runs.folder import check_writable, manifest, save_figure, table_files, written, written_to_edit
from simsvc.scenario.settings import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Result(ABC):
    """What an analysis found."""

    kind: ClassVar[str]
    """What it is called in the manifest of its folder."""
    forms: ClassVar[tuple[str, ...]] = ("csv", "parquet", "png", "svg")
    """Kinds of files in which tables and figures are written."""
    to_edit: ClassVar[tuple[str, ...]] = ()
    """Texts that people are asked to change: one that they have changed is never overwritten."""
    scenario: Scenario
    """What was simulated, or what it started from."""

    failures: Sequence[dict[str, Any]] = ()
    """Runs that failed and why; they are left out of all numbers."""

    @abstractmethod
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table, by name of its file."""

    @abstractmethod
    def figures(self) -> dict[str, Callable[[], Figure]]:
        """What draws each figure, by name of its file; the one that tells most comes first."""

    def plot(self) -> Figure:
        """The figure that tells most."""
        return next(iter(self.figures().values()))()

    @abstractmethod
    def sentence(self) -> str:
        """What was found, in plain words."""

    @abstractmethod
    def as_json(self) -> dict[str, Any]:
        """The result as plain data; intervals are 95 %, NaN becomes null."""

    @abstractmethod
    def details(self) -> dict[str, Any]:
        """What the manifest tells besides settings, versions and command."""

    @abstractmethod
    def size(self) -> str:
        """What was done, in a few words, for the metadata of figures."""

    def texts(self, folder: Path) -> dict[str, str]:
        """Further files, by name; `folder` is where they go."""
        return {"result.json": json.dumps(self.as_json(), indent=1)}

    def save(self, folder: str | Path, command: str = "") -> list[Path]:
        """Write tables, figures, JSON and, when all that is there, a manifest with everything needed to repeat it.

        Args:
            folder: made if need be.
            command: what was typed, for the manifest.

        Returns:
            The files.

        Raises:
            InputError: if the folder cannot be written to or holds something else.
        """
        folder = Path(folder)
        check_writable(folder)
        tables = self.tables()
        if self.failures:
            tables["failures"] = pd.DataFrame(self.failures)
        files = []
        for name, table in tables.items():
            files += table_files(table, folder, name, self.forms)
        details = self.details()
        seed = f"seed {details['seed']}, " if "seed" in details else ""
        about = f"simsvc {simsvc.__version__}, {seed}{self.size()}"
        for name, draw in self.figures().items():
            files += save_figure(draw(), folder, name, about, self.forms)
        known: dict[str, str] = {}
        for name, text in self.texts(folder).items():
            if name in self.to_edit:
                path, as_written = written_to_edit(folder, name, text)
                known |= as_written
            else:
                path = written(folder / name, text)
            files.append(path)
        if known:
            details["as_written"] = known
        note = manifest(self.scenario, command, kind=self.kind, **details)
        return [*files, written(folder / "manifest.json", json.dumps(note, indent=1, default=str))]


@dataclass(kw_only=True)
class ScenarioResult(Result):
    """What an analysis of one scenario found, by runs of it.

    Attributes:
        scenario_name: as it was given.
        scenario: what was simulated.
        days: working days of each run.
        seed: root seed.
        failures: runs that failed: structure, replication, stage, message, traceback.
    """

    scenario_name: str
    scenario: Scenario
    days: int
    seed: int
    failures: Sequence[dict[str, Any]] = field(default_factory=list)

    def __str__(self) -> str:
        table = next(iter(self.tables().values()))
        return f"{table.to_string(index=False)}\n{self.sentence()}"


def plain_data(value: Any) -> Any:
    """Anything a result holds as JSON can hold it: tables as rows, null for what is no number."""
    if isinstance(value, pd.DataFrame):
        return plain_data(value.to_dict("records"))
    if isinstance(value, dict):
        return {str(key): plain_data(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_data(one) for one in value]
    if value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value


def ends(row: Any) -> dict[str, Any]:
    """An estimate with its interval as plain data."""
    return {key: plain_data(row[key]) for key in ("mean", "low", "high")}
