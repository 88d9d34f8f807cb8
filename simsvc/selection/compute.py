"""Which of several structures is best, with a guaranteed probability of a correct choice.

The structures are run under the same luck, round by round, and dropped one after the other by the procedure of
`simsvc.selection.kim_nelson`, until one is left.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Unpack

import numpy as np
import pandas as pd

from simsvc.errors import AllRunsFailed, InputError
from simsvc.runs.executors import spelt_out
from simsvc.runs.metrics import METRICS, check_metrics
from simsvc.runs.progress import Progress
from simsvc.scenario.loading import structures
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import Structure
from simsvc.selection.kim_nelson import Elimination, KimNelson
from simsvc.selection.result import Selection
from simsvc.sweeps.design import Design
from simsvc.sweeps.kept import Analysis, Asked

FIRST_STAGE = 10
"""Replications of every structure before the first one may go."""
MOST = 1000
"""Replications after which to give up."""
RUNS_A_ROUND = 16
"""Runs ordered at a time after the first stage, so that cores have work; structures are judged after each
replication all the same, so that this changes no result."""
HALF_A_POINT = 0.005
"""Indifference zone of shares and of scales from 0 to 1, where none is given."""


@dataclass(frozen=True)
class Standing:
    """How far a selection has come.

    Attributes:
        survivors: structures still in.
        replications: of each of them so far.
        at_most: replications by which it is decided for sure; 0 during the first stage.
        gone: structures that have just gone, each with the one it was behind and by how much.
        runs: runs done and the most that it may take.
    """

    survivors: tuple[str, ...]
    replications: int
    at_most: int
    gone: tuple[tuple[str, str, float], ...] = ()
    runs: Progress | None = None


@spelt_out
def best(
    scenario: Scenario | str | Path = "contact_centre",
    among: Sequence[str | Path] | Mapping[str, Structure] | None = None,
    metric: str = "retention",
    *,
    indifference: float | None = None,
    confidence: float = 0.95,
    largest: bool | None = None,
    first: int = FIRST_STAGE,
    replications: int = MOST,
    watch: Callable[[Standing], None] | None = None,
    **asked: Unpack[Asked],
) -> Selection:
    """Select the best of several structures with a guaranteed probability of a correct choice.

    Args:
        scenario: preset name, file, or `Scenario`.
        among: names or files of structures, or a mapping from own names; all that come with the program if left out.
        metric: name of one of `simsvc.runs.metrics.METRICS`.
        indifference: difference in the metric's own unit that does not matter; half a point for shares and scales
            from 0 to 1, has to be given for others.
        confidence: least probability that the selected structure is the best one, if no other is within the
            indifference of it; above 0.5, below 1.
        largest: whether the largest value is best, or the smallest; as the metric says if left out.
        first: replications of all structures before the first one may go, 10 or more.
        replications: most replications; if it is not decided by then, several structures are left.
        watch: told about progress and about every structure that goes.
        asked: days, seed, own, out, workers, dask, executor, see `simsvc.sweeps.kept.Asked`.

    Raises:
        InputError: for wrong input, before anything runs.
        AllRunsFailed: if too few runs came to their end to judge by.
    """
    work = Analysis("selection", scenario, **asked)
    more, zone = direction(metric, largest, work.scenario), zone_of(metric, indifference)
    if first < FIRST_STAGE:
        raise InputError(f"first = {first}: the first stage needs {FIRST_STAGE} replications or more")
    if replications < first:
        raise InputError(f"replications = {replications}: allowed: {first} or more, the size of the first stage")
    design = Design(
        work.scenario, structures() if among is None else among, replications=replications, days=asked.get("days"),
        seed=work.seed,
    )  # fmt: skip
    design.check()
    charts = list(design.charts)
    equal = {charts[later]: charts[earlier] for later, earlier in design.twins.items()}
    names = tuple(name for name in charts if name not in equal)
    if len(names) < 2:
        raise InputError(f"structures = {', '.join(charts)}: a selection needs at least two that differ")
    procedure = KimNelson(len(names), indifference=zone, confidence=confidence, first=first)
    race = _Race(procedure, names, metric, more, replications, watch)
    work.watch = race.tell_runs
    with work, work.sweep(design, [metric]) as sweep:
        for numbers in race.rounds():
            wanted = tuple(names[one] for one in procedure.survivors)
            race.planned = len(numbers) * len(wanted)
            sweep.perform(design.tasks(numbers, wanted))
            race.take_up(sweep.runs(), numbers)
        runs = sweep.runs()
    if procedure.observed < first:
        first_failure = f"; the first failure: {work.failures[0]['message']}" if work.failures else ""
        raise AllRunsFailed(
            f"only {procedure.observed} replications gave {metric} in all structures; "
            f"{first} are needed to judge{first_failure}"
        )
    return Selection(
        structures=design.charts,
        metric=metric,
        largest=more,
        indifference=zone,
        confidence=confidence,
        first=first,
        most=replications,
        equal=equal,
        procedure=procedure,
        names=names,
        runs=runs,
        values=pd.DataFrame(race.values, columns=list(names)),
        **work.about,
    )


def direction(metric: str, largest: bool | None, scenario: Scenario | None = None) -> bool:
    """Whether more of a metric is better.

    Raises:
        InputError: for an unknown metric, or one that is neither good nor bad and `largest` does not say.
    """
    check_metrics([metric], scenario)
    if largest is not None:
        return largest
    if not METRICS[metric].better:
        raise InputError(f"metric {metric}: neither more nor less is better in itself; say largest or smallest")
    return METRICS[metric].better > 0


def zone_of(metric: str, indifference: float | None) -> float:
    """The indifference zone in a metric's unit.

    Raises:
        InputError: where none is given and none is usual.
    """
    of = METRICS[metric]
    if indifference is None:
        if not (of.percent or of.unit == "0-1"):
            raise InputError(f"metric {metric}: give an indifference: a difference, in {of.unit}, that does not matter")
        return HALF_A_POINT
    if not (math.isfinite(indifference) and indifference > 0):
        raise InputError(f"indifference = {indifference:g}: allowed: numbers above 0, in {of.unit}")
    return indifference


@dataclass
class _Race:
    """Feeds finished replications to the procedure in their order, whatever the order in which they ended."""

    procedure: KimNelson
    names: tuple[str, ...]
    metric: str
    largest: bool
    most: int
    watch: Callable[[Standing], None] | None
    values: list[dict[str, float]] = field(default_factory=list)
    """Of the metric, by structure still in, in each replication judged."""
    planned: int = 0
    """Runs of this round; `before`: of those before it."""
    before: int = 0

    def rounds(self) -> Iterator[range]:
        """Replications to be run next: the first stage, then a few at a time, until it is decided."""
        start = 0
        while start < self.most and not self.procedure.finished:
            if start and not self.procedure.observed:  # nothing to be had by running more
                return
            missing = self.procedure.first - self.procedure.observed
            ahead = math.ceil(RUNS_A_ROUND / len(self.procedure.survivors))
            numbers = range(start, min(start + max(missing, ahead if start else 0), self.most))
            yield numbers
            start = numbers.stop

    def take_up(self, runs: pd.DataFrame, numbers: range) -> None:
        """Judge the structures by every replication of a round in which all that are still in came to their end."""
        done = runs[(runs["status"] == "done") & runs["replication"].isin(numbers)]
        wide = done.pivot(index="replication", columns="structure", values=self.metric)
        table = wide.reindex(index=list(numbers), columns=list(self.names)).to_numpy(float)
        for row in table:
            if self.procedure.finished:
                return
            sample = row[self.procedure.survivors]
            if not np.isfinite(sample).all():
                continue
            self.values.append({self.names[one]: float(row[one]) for one in self.procedure.survivors})
            gone = self.procedure.observe(sample if self.largest else -sample)
            if gone:
                self._tell(gone)
        self.before += self.planned

    def tell_runs(self, progress: Progress) -> None:
        """Pass on how far it has come; the total is the most that it may take."""
        procedure = self.procedure
        left = max(min(procedure.at_most, self.most) - procedure.observed, 0) * len(procedure.survivors)
        total = self.before + max(left, self.planned)
        self._tell(runs=replace(progress, total=max(total, progress.done)))

    def _tell(self, gone: Sequence[Elimination] = (), runs: Progress | None = None) -> None:
        if self.watch:
            who = tuple((self.names[one.alternative], self.names[one.by], one.behind) for one in gone)
            inside = tuple(self.names[one] for one in self.procedure.survivors)
            self.watch(Standing(inside, self.procedure.observed, self.procedure.at_most, who, runs))
