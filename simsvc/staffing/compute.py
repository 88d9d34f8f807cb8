"""How many positions at the front line a service level takes under each chart.

The number of positions is held fixed and searched by halving what lies between one that misses the target and one that
reaches it. The same luck is used for every number and every chart, so that a position more rarely looks worse by luck.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Unpack

import numpy as np
import pandas as pd

from simsvc.errors import InputError, check_range
from simsvc.evidence.service_level import Target, read_target, served_within
from simsvc.runs.executors import spelt_out
from simsvc.runs.metrics import METRICS
from simsvc.runs.progress import Progress
from simsvc.scenario.loading import changed, named_structures, with_days
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import Structure
from simsvc.staffing.result import StaffNeeded
from simsvc.sweeps.design import Design
from simsvc.sweeps.kept import Analysis, Asked

TARGET, REPLICATIONS = "80/20", 5
STEP = 1.25
"""Ratio of one number tried to the next, until one misses the target and one reaches it."""
NEAR = 0.01
"""Share of the number of positions to which it is found; never nearer than one position."""
MOST = 16
"""Times the scenario's own number, beyond which the target is out of reach."""
FOREVER = 10_000.0
"""Mean patience (min) from which on nobody is taken to give up."""
SERIES = ("contacts", "served", "busy", "available", "positions")
"""Of a day, from which the rule of Erlang takes its rates."""


@spelt_out
def staff(
    scenario: Scenario | str | Path = "contact_centre",
    structures: Sequence[str | Path] | Mapping[str, Structure] = ("traditional", "inverted"),
    target: str | Target = TARGET,
    *,
    replications: int = REPLICATIONS,
    watch: Callable[[Progress], None] | None = None,
    **asked: Unpack[Asked],
) -> StaffNeeded:
    """Find the fewest positions at the front line with which a service level is reached, under each chart.

    Args:
        scenario: preset name, file, or `Scenario`; its own number of positions is where the search begins.
        structures: names or files, or a mapping of names to `Structure`.
        target: `"80/20"` is 80 % of contacts answered within 20 s.
        replications: runs of every number of positions, 2 or more; their mean decides.
        watch: told about progress; how many runs it takes is not known before.
        asked: days, seed, own, out, workers, dask, executor, see `simsvc.sweeps.kept.Asked`.

    Raises:
        InputError: for wrong input, or a target that `MOST` times as many positions do not reach.
    """
    work = Analysis("staff", scenario, watch, **asked)
    aim = read_target(target, "target") if isinstance(target, str) else target
    check_range("replications", replications, 2)
    charts = named_structures(structures)
    settings = changed(work.scenario, {"workforce.staffing": "fixed", "demand.answer_within": aim.seconds / 60.0})
    search = _Search(work, with_days(settings, work.days), aim, replications)
    with work:
        needed = {name: search.fewest(name, chart) for name, chart in charts.items()}
    tried = pd.concat(search.tables, ignore_index=True)
    return StaffNeeded(
        structures=charts,
        target=aim,
        replications=replications,
        needed=needed,
        runs=tried,
        erlang={
            name: erlang_positions(settings, aim, search.rates[name, positions]) for name, positions in needed.items()
        },
        **work.about | {"scenario": settings},
    )


@dataclass
class _Search:
    """Runs numbers of positions, each a sweep of its own in the folder."""

    work: Analysis
    scenario: Scenario
    target: Target
    replications: int
    tables: list[pd.DataFrame] = field(default_factory=list)
    rates: dict[tuple[str, int], dict[str, float]] = field(default_factory=dict)
    """Means of `SERIES` a day, by chart and positions."""

    def fewest(self, name: str, chart: Structure) -> int:
        """The fewest positions with which the target is reached under a chart."""
        people = self.scenario.workforce
        most, best = MOST * people.frontline, 0.0

        def reaches(positions: int) -> bool:
            nonlocal best
            if positions > most:
                raise InputError(
                    f"{name}: {most} positions do not reach {self.target} ({100 * best:.1f} %): it does not hang on "
                    "their number"
                )
            best = self._level(name, chart, positions)
            return best >= self.target.share

        return fewest(reaches, people.frontline, people.departments)

    def _level(self, name: str, chart: Structure, positions: int) -> float:
        """Mean service level with so many positions."""
        settings = changed(self.scenario, {"workforce.frontline": positions})
        design = Design(settings, {name: chart}, replications=self.replications, seed=self.work.seed, series=SERIES)
        with self.work.sweep(design, ["service_level"], part=f"{name}-{positions}") as sweep:
            sweep.perform()
            runs, days = sweep.runs(), sweep.results.days()
        days = days[days["day"] >= int(settings.run.days * settings.run.settling)]
        self.rates[name, positions] = {one: float(days[one].mean()) for one in SERIES}
        done = runs[runs["status"] == "done"]
        self.tables.append(done[["structure", "replication", *METRICS]].assign(asked=positions))
        return float(done["service_level"].mean())


def fewest(reaches: Callable[[int], bool], start: int, least: int) -> int:
    """The fewest of something that reaches an aim, to `NEAR`, where more never reach it less.

    Args:
        reaches: whether a number does.
        start: the first number that is tried.
        least: fewest that there may be.
    """
    low, high, number = least - 1, 0, max(start, least)
    while True:
        if reaches(number):
            high = number
        else:
            low = number
        if high and high - low <= max(1, int(NEAR * high)):
            return high
        if not high:
            number = math.ceil(low * STEP)
        elif low < least:
            number = max(least, int(high / STEP))
        else:
            number = (low + high) // 2


def erlang_positions(scenario: Scenario, target: Target, rates: Mapping[str, float]) -> dict[str, int]:
    """Positions that the rules of Erlang give for the contacts and the work of the runs themselves.

    Every department is a queue of its own, stationary in each part of the day; nobody is handed over, climbs or comes
    back but as the contacts counted. Agents at work are the share of positions that was at work in the runs.

    Args:
        scenario: profile of arrivals, opening hours, departments, patience.
        target: service level over the whole day.
        rates: means of `SERIES` a day.

    Returns:
        `erlang_c`, nobody gives up, and `erlang_a`: positions.
    """
    demand, people, operations = scenario.demand, scenario.workforce, scenario.operations
    calls = rates["contacts"] / people.departments
    per_hour = 60.0 * rates["served"] / rates["busy"]
    at_work = rates["available"] / operations.open_minutes / rates["positions"]
    parts = math.lcm(len(demand.profile), len(people.shift_profile))
    coming = np.repeat(demand.profile, parts // len(demand.profile)) / np.sum(demand.profile)
    coming /= parts // len(demand.profile)
    duty = np.repeat(people.shift_profile, parts // len(people.shift_profile)) / np.mean(people.shift_profile)
    hours = operations.open_minutes / 60.0 / parts

    def level(agents: int, patience: float) -> float:
        on = np.maximum((agents * duty + 0.5).astype(int), 1)
        return float(
            sum(
                w * served_within(calls * w / hours, per_hour, int(c), patience, target.seconds / 3600.0)
                for w, c in zip(coming, on, strict=True)
                if w > 0
            )
        )

    found = {}
    leaving = 60.0 / demand.patience if demand.patience < FOREVER else 0.0
    for name, patience in (("erlang_c", 0.0), ("erlang_a", leaving)):
        agents = fewest(lambda n, patience=patience: level(n, patience) >= target.share, 1, 1)  # type: ignore[misc]
        found[name] = math.ceil(agents / at_work) * people.departments
    return found
