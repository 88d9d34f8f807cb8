"""One run, performed here: every run of the program is one of these, wherever it was ordered."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from simsvc.errors import InputError
from simsvc.organization import ServiceOrganization
from simsvc.runs.memory import check_memory, too_large
from simsvc.runs.metrics import program_version, summary
from simsvc.runs.order import Order, Outcome
from simsvc.tracing.story import Story
from simsvc.tracing.watching import Watch, subject_by_number


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
    outcome = Outcome(order)
    begun = time.perf_counter()
    try:
        _run(outcome)
    except Exception as error:
        outcome.metrics, outcome.seen = {}, None
        outcome.traceback = traceback.format_exc()
        outcome.message = " ".join(f"{type(error).__name__}: {error}".split())
    outcome.seconds = time.perf_counter() - begun
    return outcome


def simulate(order: Order) -> Outcome:
    """Run a single order, here and now. Whatever goes wrong in the run is raised."""
    outcome = Outcome(order)
    _run(outcome)
    return outcome


def _run(outcome: Outcome) -> None:
    """Fill in what comes of an order; the stage is that of the error if one is raised."""
    order = outcome.order
    days = order.settings.run.days
    outcome.stage = "start"
    check_memory(order.settings)
    try:
        model = ServiceOrganization(order.settings, rng=order.seed, replication=order.replication, rules=order.rules)
    except MemoryError:
        raise too_large(order.settings) from None
    moments = _watch(model, order.traces)
    outcome.stage = "days"
    outcome.seen = order.drive(model, days)
    outcome.stage = "measure"
    rows = model.state.days[:days]
    outcome.metrics = summary(rows, order.settings.run.settling, model)
    if order.series:
        names = list(rows.dtype.names) if "all" in order.series else list(order.series)
        outcome.days = pd.DataFrame({"day": np.arange(len(rows)), **{n: rows[n] for n in names if n != "day"}})
    if moments is not None:
        outcome.trace = moments()
    model.__dict__.clear()  # model and agents know each other, and the collector of such circles may not come for hours
    outcome.stage = ""


def _watch(model: ServiceOrganization, traces: Mapping[str, Sequence[int]]) -> Callable[[], pd.DataFrame] | None:
    """Follow people; returns what makes the table of their moments, or nothing if nobody is to be followed."""
    if not any(traces.values()):
        return None
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
