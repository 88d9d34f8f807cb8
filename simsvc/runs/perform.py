"""One run of a sweep, performed wherever there is a free core: what it is given, what comes back."""

from __future__ import annotations

import contextlib
import json
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from simsvc.errors import InputError
from simsvc.runs.executors.threads import in_order
from simsvc.runs.metrics import program_version, summary
from simsvc.scenario.settings import Scenario
from simsvc.sweeps.design import Task

if TYPE_CHECKING:
    from simsvc.runs.executors.dask import Cluster


@dataclass(frozen=True)
class Order:
    """A run to be performed.

    Attributes:
        task: its place in the design.
        run: its identity, see `Design.run_id`.
        settings: what is simulated.
        seed: root seed.
        version: of the program that asks, see `simsvc.runs.metrics.program_version`.
        series: daily series to bring back.
        traces: people whose stories to bring back: numbers by kind.
    """

    task: Task
    run: str
    settings: Scenario
    seed: int
    version: str
    series: Sequence[str] = ()
    traces: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass
class Outcome:
    """What came of an order.

    Attributes:
        order: what was to be run.
        seconds: it took.
        metrics: values by name; empty if the run failed.
        stage: in which it failed: `start`, `days`, `measure`, `worker`; empty if it did not.
        message: of the error, one line.
        traceback: of the error.
        days: daily series asked for, one row per day.
        trace: moments of the people asked for, one row per moment.
    """

    order: Order
    seconds: float = 0.0
    metrics: dict[str, float] = field(default_factory=dict)
    stage: str = ""
    message: str = ""
    traceback: str = ""
    days: pd.DataFrame | None = None
    trace: pd.DataFrame | None = None

    @property
    def failed(self) -> bool:
        """Whether the run did not come to its end."""
        return bool(self.stage)


def perform(order: Order) -> Outcome:
    """Run an order. Whatever goes wrong in the run comes back as data.

    Raises:
        InputError: if this machine has another version of the program than the one that asks.
    """
    if order.version != program_version():
        raise InputError(
            f"a worker has another version of simsvc (model {program_version()}, needed {order.version}): "
            "install the same one everywhere"
        )
    begun = time.perf_counter()
    outcome = Outcome(order)
    stage = "start"
    try:
        from simsvc.organization import ServiceOrganization

        model = ServiceOrganization(order.settings, rng=order.seed, replication=order.task.luck)
        watched = _watch(model, order.traces)
        stage = "days"
        model.advance(order.settings.run.days)
        stage = "measure"
        rows = model.state.days[: model.day]
        outcome.metrics = summary(rows, order.settings.run.settling)
        if order.series:
            names = list(rows.dtype.names) if "all" in order.series else list(order.series)
            outcome.days = pd.DataFrame({"day": np.arange(len(rows)), **{n: rows[n] for n in names if n != "day"}})
        if watched is not None:
            outcome.trace = watched()
    except Exception as error:
        outcome.metrics = {}
        outcome.stage, outcome.traceback = stage, traceback.format_exc()
        outcome.message = " ".join(f"{type(error).__name__}: {error}".split())
    outcome.seconds = time.perf_counter() - begun
    return outcome


Performed = Callable[[Iterator[Order]], Iterator[Outcome]]
"""Performs orders somewhere and gives what came of each, in their order."""


@contextlib.contextmanager
def ordered_outcomes(workers: int, dask: str | None, say: Callable[[str], None] | None) -> Iterator[Performed]:
    """Something that performs orders in threads or on a cluster and gives outcomes in the order of the orders.

    Args:
        workers: threads.
        dask: address of a Dask scheduler whose workers perform them instead.
        say: told, in a line each, what is waited for.
    """
    if dask is None:
        yield lambda orders: in_order(perform, orders, workers)
        return
    from simsvc.runs.executors.dask import Cluster

    cluster = Cluster(dask, say or (lambda message: None))
    try:
        yield lambda orders: _in_order(cluster, orders)
    finally:
        cluster.close()


def _in_order(cluster: Cluster, orders: Iterator[Order]) -> Iterator[Outcome]:
    expected: deque[int] = deque()
    early: dict[int, Outcome] = {}

    def noted() -> Iterator[Order]:
        for order in orders:
            expected.append(order.task.number)
            yield order

    for outcome in cluster.as_finished(noted(), threading.Event()):
        early[outcome.order.task.number] = outcome
        while expected and expected[0] in early:
            yield early.pop(expected.popleft())


def _watch(model: Any, traces: Mapping[str, Sequence[int]]) -> Any:
    """Follow people; returns what makes the table of their moments, or nothing if nobody is to be followed."""
    if not any(traces.values()):
        return None
    from simsvc.tracing.story import Story
    from simsvc.tracing.watching import Watch, subject_by_number

    subjects = [subject_by_number(model, kind, n) for kind, numbers in traces.items() for n in numbers]  # type: ignore[arg-type]
    watch = Watch(model)
    for subject in subjects:
        watch.add(subject)

    def table() -> pd.DataFrame:
        parts = [
            Story.of(model, one, watch.moments(one)).frame().assign(kind_of_person=one.kind, person=one.number)
            for one in subjects
        ]
        return _without_nesting(pd.concat(parts, ignore_index=True))

    return table


def _without_nesting(table: pd.DataFrame) -> pd.DataFrame:
    """A table of moments as a file can hold it: columns with lists or dictionaries become JSON.

    Columns in which this run says nothing have no type of their own, so that tables of several runs go together.
    """
    for name in table.columns:
        if table[name].isna().all():
            table[name] = pd.Series([None] * len(table), dtype=object)
        elif any(isinstance(value, dict | list | tuple) for value in table[name]):
            table[name] = table[name].map(json.dumps, na_action="ignore").astype("str")
    return table
