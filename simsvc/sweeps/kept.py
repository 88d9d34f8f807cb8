"""Analyses that are made of runs: where these are performed, the folder that keeps them, and how far all have come.

Runs lie in the folder `sweep` inside (see `simsvc.sweeps.results`), so an analysis that was interrupted
finds them again. Its own manifest stands there from the beginning and says what kind of analysis it is.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self, Unpack

import pandas as pd

from simsvc.errors import InputError
from simsvc.runs.executors import Where, executor_for
from simsvc.runs.folder import check_writable, note_of, written
from simsvc.runs.own import Own, with_own
from simsvc.runs.progress import Progress
from simsvc.scenario.settings import Scenario
from simsvc.scenario.sources import short_name
from simsvc.sweeps.design import Design
from simsvc.sweeps.results import OF_FAILURES
from simsvc.sweeps.sweep import Sweep

RUNS = "sweep"


class Asked(Where, total=False):
    """What every analysis of a scenario may be asked for besides its question, and where its runs are performed.

    Attributes:
        days: working days of each run; the scenario's if left out.
        seed: root seed, 0 or more; the scenario's if left out.
        own: file of own rules, phases and metrics, see `simsvc.runs.own`.
        out: folder where runs are kept, so that an interrupted analysis goes on where it stopped.
    """

    days: int | None
    seed: int | None
    own: str | Path | Own | None
    out: str | Path | None


class Analysis:
    """An analysis of a scenario at work. Runs are performed in a `with` statement, in one sweep or several.

    Args:
        kind: one word for it, as in its manifest.
        scenario: preset name, file, or `Scenario`.
        watch: told how far all runs have come.
        asked: what is asked for besides, see `Asked`.

    Attributes:
        name: of the scenario.
        scenario: with own rules.
        days: working days of each run.
        seed: root seed.
        planned: runs in all, as far as that can be told before; 0: no more than those begun.
        done: runs of sweeps that have ended.
        failures: runs that failed: structure, replication, stage, message, traceback.
    """

    def __init__(
        self,
        kind: str,
        scenario: Scenario | str | Path,
        watch: Callable[[Progress], None] | None = None,
        *,
        days: int | None = None,
        seed: int | None = None,
        own: str | Path | Own | None = None,
        out: str | Path | None = None,
        **where: Unpack[Where],
    ) -> None:
        self.scenario = with_own(scenario, own)
        self.name = "own" if isinstance(scenario, Scenario) else short_name(scenario)
        self.days = self.scenario.run.days if days is None else days
        self.seed = self.scenario.run.seed if seed is None else seed
        self.planned, self.done = 0, 0
        self.failures: list[dict[str, Any]] = []
        self.watch = watch
        self._kind, self._out, self._where = kind, out, where
        self._opened = contextlib.ExitStack()

    @property
    def about(self) -> dict[str, Any]:
        """What every result says of the analysis: fields of `simsvc.runs.result.ScenarioResult`."""
        return {
            "scenario_name": self.name, "scenario": self.scenario, "days": self.days, "seed": self.seed,
            "failures": self.failures,
        }  # fmt: skip

    def __enter__(self) -> Self:
        self._executor = self._opened.enter_context(executor_for(**self._where))
        self._begun = time.monotonic()
        return self

    def __exit__(self, *error: Any) -> None:
        self._opened.__exit__(*error)

    @contextlib.contextmanager
    def sweep(
        self, design: Design, metrics: Sequence[str] = (), *, part: str = "", command: str = ""
    ) -> Iterator[Sweep]:
        """A sweep that performs runs of the analysis, and keeps them in its folder if it has one.

        Args:
            design: what is run.
            metrics: that the runs must have.
            part: name of this sweep, where the analysis has several.
            command: what was typed, for the manifest.

        Raises:
            InputError: if the folder cannot be written to, or holds something else.
        """
        folder = runs_folder(self._out, self._kind, part)
        with Sweep(design, folder, executor=self._executor, watch=self._told, command=command) as sweep:
            sweep.store.require(metrics)
            yield sweep
            self.failures += failures_of(sweep.runs()) if sweep.store.failed else []
            self.done += sweep.store.done + sweep.store.failed

    def _told(self, progress: Progress) -> None:
        """Pass on how far the runs of a sweep have come, together with those of sweeps before it."""
        if self.watch:
            done, total = self.done + progress.done, self.planned or self.done + progress.total
            failed, seconds = len(self.failures) + progress.failed, time.monotonic() - self._begun
            self.watch(replace(progress, done=done, total=max(total, done), failed=failed, seconds=seconds))


def runs_folder(out: str | Path | None, kind: str, part: str) -> Path | None:
    """Where an analysis keeps its runs; marks the folder of a new one.

    Raises:
        InputError: if the folder cannot be written to, or holds results of another kind.
    """
    if out is None:
        return None
    folder = Path(out)
    check_writable(folder)
    note = folder / "manifest.json"
    if note.exists():
        found = note_of(folder).get("kind")
        if found != kind:
            raise InputError(f"{folder}: holds results of another kind ({found}), not of a {kind}; choose another one")
    else:
        written(note, json.dumps({"program": "simsvc", "kind": kind, "finished": False}, indent=1))
    return folder / RUNS / part


def failures_of(
    runs: pd.DataFrame, columns: Sequence[str] = ("structure", "replication", *OF_FAILURES)
) -> list[dict[str, Any]]:
    """Runs of a sweep that failed, as rows with some columns."""
    failed = runs.loc[runs["status"] == "failed", list(columns)]
    return [{str(key): value for key, value in row.items()} for row in failed.to_dict("records")]
