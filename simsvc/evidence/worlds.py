"""Does the model reproduce published findings in every world that goes with what is known of the baseline?

The worlds are those that `simsvc robust` has kept, read from its folder. Each gives its coefficients and strengths of
rules to the scenario of every finding; what a finding sets itself stays.
"""

from __future__ import annotations

import functools
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

import numpy as np
import pandas as pd

from simsvc.errors import InputError
from simsvc.evidence.findings import CALIBRATED, Finding
from simsvc.evidence.validation import Validation, chosen, validate
from simsvc.model.compiling import model_version
from simsvc.runs.executors import Where, executor_for, spelt_out
from simsvc.runs.folder import written
from simsvc.runs.own import Own, own_as_recorded
from simsvc.runs.progress import Progress
from simsvc.runs.result import Result, plain_data
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.settings import Scenario
from simsvc.show.numbers import counted, listed, percent
from simsvc.sweeps.kept import RUNS, runs_folder
from simsvc.sweeps.manifest import MANIFEST, read_manifest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SAMPLE, REPLICATIONS = 30, 2
QUANTILES = (0.05, 0.5, 0.95)
DEFAULT = -1
"""Stands for the number of a world: the assumptions as they stand."""
ALL = "all"
NOT_FITTED = "not fitted"
"""Findings held out and firms of the past together."""


@dataclass
class WorldsValidation(Result):
    """Published findings in the worlds of an ensemble."""

    kind: ClassVar[str] = "validation over worlds"
    findings: list[Finding]
    values: pd.DataFrame
    """World (number among those kept; -1: the assumptions as they stand), name of the finding, chart, value (the mean
    of the replications; NaN: none)."""
    kept: int
    """Worlds that the ensemble holds."""
    replications: int
    seed: int
    runs: int
    own: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Coefficients and strengths that findings set themselves, in every world."""
    failures: Sequence[dict[str, Any]] = field(default_factory=list)
    scenario: Scenario = field(default_factory=load_scenario)

    @functools.cached_property
    def _inside(self) -> pd.DataFrame:
        """Whether values lie in the published range: world, and a column for each finding and chart."""
        of = {one.name: one for one in self.findings}
        pairs = zip(self.values["name"], self.values["value"], strict=True)
        inside = [of[name].holds(value) for name, value in pairs]
        wide = self.values.assign(inside=inside).pivot(index="world", columns=["name", "chart"], values="inside")
        return wide.astype(float)

    @property
    def worlds(self) -> int:
        """Worlds measured."""
        return len(self._inside) - 1

    @functools.cached_property
    def table(self) -> pd.DataFrame:
        """One row per finding and chart: value as assumptions stand and over the worlds, share of worlds in the range.

        Columns: name, chart, default, default_inside, p05, p50, p95, share (of all worlds), without (share of worlds
        without a value), range_low, range_high, unit, kind, own (what the finding sets itself).
        """
        rows = []
        for one in self.findings:
            for chart, mine in self.values[self.values["name"] == one.name].groupby("chart", sort=False):
                by = mine.set_index("world")["value"]
                worlds = by.drop(DEFAULT)
                there = worlds.dropna()
                ends = np.quantile(there, QUANTILES) if len(there) else np.full(3, np.nan)
                inside = self._inside[one.name, chart]
                rows.append((one.name, chart, by[DEFAULT], bool(inside[DEFAULT]), *map(float, ends),
                             inside.drop(DEFAULT).mean(), worlds.isna().mean(), one.low, one.high, one.unit, one.kind,
                             " ".join(self.own.get(one.name, ()))))  # fmt: skip
        return pd.DataFrame(rows, columns=["name", "chart", "default", "default_inside", "p05", "p50", "p95", "share",
                                           "without", "range_low", "range_high", "unit", "kind", "own"])  # fmt: skip

    @functools.cached_property
    def charts(self) -> pd.DataFrame:
        """Share of findings in their range, by chart and kind: chart, kind, findings, default, p05, p50, p95."""
        kinds = {one.name: one.kind for one in self.findings}
        columns: list[Any] = self._inside.columns.tolist()
        rows = []
        for chart in dict.fromkeys(self.values["chart"]):
            here = [name for name, of in columns if of == chart]
            fitted = [name for name in here if kinds[name] == CALIBRATED]
            others = [name for name in here if kinds[name] != CALIBRATED]
            for group, names in ((ALL, here), (NOT_FITTED, others), (CALIBRATED, fitted)):
                if names:
                    share = self._inside[[(name, chart) for name in names]].mean(axis=1)
                    ends = np.quantile(share.drop(DEFAULT), QUANTILES)
                    rows.append((chart, group, len(names), float(share[DEFAULT]), *map(float, ends)))
        return pd.DataFrame(rows, columns=["chart", "kind", "findings", "default", "p05", "p50", "p95"])

    def sentence(self) -> str:
        """Share of findings met, by chart; which are met in nearly no world, and in nearly all."""
        told = []
        for row in self.charts[self.charts["kind"] == NOT_FITTED].to_dict("records"):
            median, low, high, default = (100 * row[name] for name in ("p50", "p05", "p95", "default"))
            told.append(
                f"{row['chart']} {percent(median)} [{low:.0f}, {high:.0f}] of {row['findings']} "
                f"({percent(default)} at the assumptions as they stand)"
            )
        table = self.table[self.table["kind"] != CALIBRATED]
        rare, usual = (
            listed(f"{row['name']} ({row['chart']})" for row in table[mine].to_dict("records"))
            for mine in (table["share"] <= QUANTILES[0], table["share"] >= QUANTILES[-1])
        )
        words = [
            f"In {counted(self.worlds, 'world')}, spread evenly over the {self.kept:,} kept, values lie in the "
            "published range of so many of the findings that nothing was fitted to (median, 5 and 95 % of the worlds): "
            f"{'; '.join(told)}." if told else "Nothing was measured but levels of the calibration.",
            f"In at most one world of twenty: {rare}." if rare else "",
            f"In at least nineteen of twenty: {usual}." if usual else "",
            f"Whatever the world, some findings keep what they set themselves: {listed(self.own)}." if self.own else "",
        ]  # fmt: skip
        return " ".join(word for word in words if word)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Findings over the worlds, shares by chart, every value."""
        return {"findings": self.table, "charts": self.charts, "values": self.values}

    def figures(self) -> dict[str, Callable[[], Figure]]:
        """Share of the worlds in which each finding is met."""
        from simsvc.evidence.figures import over_worlds

        return {"worlds": lambda: over_worlds(self.table)}

    def as_json(self) -> dict[str, Any]:
        """Sentence, shares by chart, and one entry per finding and chart."""
        whole = {**self.details(), "finding": self.sentence(), "failed": len(self.failures), "charts": self.charts,
                 "findings": self.table}  # fmt: skip
        plain: dict[str, Any] = plain_data(whole)
        return plain

    def details(self) -> dict[str, Any]:
        """Worlds, seed, replications, runs, and what findings set themselves."""
        return {"kept": self.kept, "worlds": self.worlds, "seed": self.seed, "replications": self.replications,
                "runs": self.runs, "own": {name: list(names) for name, names in self.own.items()}}  # fmt: skip

    def size(self) -> str:
        """Worlds and replications."""
        return f"{counted(self.worlds, 'world')} of {self.kept}, {self.replications} replications"


def kept_worlds(folder: str | Path, own: str | Path | Own | None = None) -> list[dict[str, Any]]:
    """Coefficients and strengths of the worlds that an ensemble has kept, in the order in which they were found.

    Args:
        folder: as `simsvc robust --out` or `experiments/robust_flip.py --runs` makes it.
        own: file of own rules that it was made with.

    Raises:
        InputError: for another folder, one made by another model, or worlds that differ in the organisation, too.
    """
    place = Path(folder) / RUNS / "effects"
    if not (place / MANIFEST).is_file():
        raise InputError(f"{folder}: holds no worlds; name a folder that 'simsvc robust --out' has made")
    note = read_manifest(place)
    if note["model"] != model_version():
        raise InputError(
            f"{folder}: its worlds were kept under model {note['model']}, this is {model_version()}: make them again"
        )
    own_as_recorded(note, own)
    (block,) = note["design"]["blocks"]
    lists = block["vary"]
    if others := [name for name in lists if name.partition(".")[0] not in ("assumptions", "rules")]:
        raise InputError(f"{folder}: its worlds differ in settings ({others[0]}, ...); make them --over assumptions")
    return [dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True)]


@spelt_out
def validate_worlds(
    folder: str | Path,
    only: Sequence[str] = (),
    *,
    kind: str | None = None,
    sample: int = SAMPLE,
    replications: int = REPLICATIONS,
    seed: int = 1,
    own: str | Path | Own | None = None,
    out: str | Path | None = None,
    watch: Callable[[Progress], None] | None = None,
    **where: Unpack[Where],
) -> WorldsValidation:
    """Measure published findings in worlds that `simsvc robust` has kept, and at the assumptions as they stand.

    Args:
        folder: of the ensemble, see `kept_worlds`.
        only: names of findings; all if left out.
        kind: only those of one kind, see `simsvc.validate`.
        sample: worlds, 2 or more, spread evenly over those kept; all of them if there are fewer.
        replications: of every measure in each world, 2 or more.
        seed: root of all luck, 0 or more; the same luck in every world.
        own: file of own rules, as of the ensemble.
        out: folder that keeps each world once it is measured, so that the same call goes on where it stopped.
        watch: told how far it has come.
        where: workers, dask or executor, see `simsvc.runs.executors.Where`.

    Raises:
        InputError: for wrong input, a folder without worlds, or one that keeps worlds measured otherwise.
    """
    if sample < 2:
        raise InputError(f"sample = {sample}: allowed is 2 or more")
    wanted, worlds = chosen(only, kind), kept_worlds(folder, own)
    picked = np.unique(np.linspace(0, len(worlds) - 1, min(sample, len(worlds))).round().astype(int)).tolist()
    asked = {"model": model_version(), "findings": [one.name for one in wanted], "replications": replications,
             "seed": seed, "ensemble": hashlib.sha256(json.dumps(worlds).encode()).hexdigest()[:16]}  # fmt: skip
    kept = runs_folder(out, WorldsValidation.kind, "worlds")
    numbers, begun = [DEFAULT, *picked], time.monotonic()
    rows: list[tuple[Any, ...]] = []
    failures: list[dict[str, Any]] = []
    runs = 0
    keeps: Mapping[str, Sequence[str]] = {}
    with executor_for(**where) as place:
        for done, number in enumerate(numbers):

            def told(progress: Progress, done: int = done) -> None:
                if watch:
                    count, of = done * progress.total + progress.done, len(numbers) * progress.total
                    failed, seconds = len(failures) + progress.failed, time.monotonic() - begun
                    watch(replace(progress, done=count, total=of, failed=failed, seconds=seconds))

            assumed = {} if number == DEFAULT else worlds[number]
            measure = functools.partial(validate, only, kind=kind, assumed=assumed, replications=replications,
                                        seed=seed, executor=place, own=own, watch=told)  # fmt: skip
            found = _measured(kept and kept / _file(number), asked, measure)
            rows += [(number, *row) for row in found["values"]]
            failures.extend({"world": number, **failure} for failure in found["failures"])
            runs += found["runs"]
            keeps = {**keeps, **found["own"]}
    values = pd.DataFrame(rows, columns=["world", "name", "chart", "value"]).astype({"value": float})
    return WorldsValidation(wanted, values, len(worlds), replications, seed, runs, keeps, failures)


def _file(number: int) -> str:
    return "default.json" if number == DEFAULT else f"world-{number:04d}.json"


def _measured(path: Path | None, asked: Mapping[str, Any], measure: Callable[[], Validation]) -> dict[str, Any]:
    """What a world gives, from its file if that is there; else measured, and kept."""
    if path is not None and path.is_file():
        try:
            before: dict[str, Any] = json.loads(path.read_text("utf-8"))
        except ValueError:
            raise InputError(f"{path}: cannot be read; remove it, and the world is measured again") from None
        for what, value in asked.items():
            if before.get("asked", {}).get(what) != value:
                raise InputError(f"{path}: was measured otherwise ({what} differs); choose another folder")
        return before
    result = measure()
    found = {"asked": asked, "values": [[one.finding.name, one.chart, one.value.mean] for one in result.measured],
             "runs": result.runs, "own": result.own_settings, "failures": result.failures}  # fmt: skip
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        written(path, json.dumps(plain_data(found), indent=1))
    return found
