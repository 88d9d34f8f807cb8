"""How many positions at the front line a service level takes under each chart.

The number of positions is held fixed and searched by halving what lies between one that misses the target and one that
reaches it. The same luck is used for every number and every chart, so that a position more rarely looks worse by luck.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simsvc.errors import InputError, check_range
from simsvc.evidence.service_level import Target, read_target, served_within
from simsvc.runs.executors import AnyExecutor, executor_for
from simsvc.runs.metrics import METRICS
from simsvc.runs.own import Own, with_own
from simsvc.runs.progress import Progress
from simsvc.scenario.loading import changed, load_scenario, named_structures, with_days
from simsvc.scenario.settings import Scenario
from simsvc.scenario.sources import short_name
from simsvc.scenario.structure import Structure
from simsvc.staffing.result import StaffNeeded
from simsvc.sweeps.design import Design
from simsvc.sweeps.kept import failures_of, kept_runs

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


def staff(
    scenario: Scenario | str | Path = "contact_centre",
    structures: Sequence[str | Path] | Mapping[str, Structure] = ("traditional", "inverted"),
    target: str | Target = TARGET,
    *,
    replications: int = REPLICATIONS,
    days: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    dask: str | None = None,
    executor: AnyExecutor | None = None,
    own: str | Path | Own | None = None,
    out: str | Path | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> StaffNeeded:
    """Find the fewest positions at the front line with which a service level is reached, under each chart.

    Args:
        scenario: preset name, file, or `Scenario`; its own number of positions is where the search begins.
        structures: names or files, or a mapping of names to `Structure`.
        target: `"80/20"` is 80 % of contacts answered within 20 s.
        replications: runs of every number of positions, 2 or more; their mean decides.
        days: working days of each run; the scenario's if left out.
        seed: root seed, 0 or more; the scenario's if left out.
        workers: threads; as many as cores if left out. The result does not depend on it.
        dask: address of a Dask scheduler to run on instead.
        executor: performs the runs instead, and stays open; any of `concurrent.futures` will do.
        own: file of own rules, phases and metrics, see `simsvc.runs.own`.
        out: folder where runs are kept, so that an interrupted search goes on where it stopped.
        watch: told about progress; how many runs it takes is not known before.

    Raises:
        InputError: for wrong input, or a target that `MOST` times as many positions do not reach.
    """
    settings = with_own(scenario if isinstance(scenario, Scenario) else load_scenario(scenario), own)
    aim = read_target(target, "target") if isinstance(target, str) else target
    check_range("replications", replications, 2)
    charts = named_structures(structures)
    settings = changed(settings, {"workforce.staffing": "fixed", "demand.answer_within": aim.seconds / 60.0})
    search = _Search(with_days(settings, days), aim, replications, seed, out, watch)
    with executor_for(workers, dask, executor) as place:
        needed = {name: search.fewest(name, chart, place) for name, chart in charts.items()}
    tried = pd.concat(search.tables, ignore_index=True)
    return StaffNeeded(
        scenario_name="own" if isinstance(scenario, Scenario) else short_name(scenario),
        scenario=settings,
        structures=charts,
        target=aim,
        replications=replications,
        days=settings.run.days if days is None else days,
        seed=settings.run.seed if seed is None else seed,
        needed=needed,
        runs=tried,
        erlang={
            name: erlang_positions(settings, aim, search.rates[name, positions]) for name, positions in needed.items()
        },
        failures=search.failures,
    )


class _Search:
    """Runs numbers of positions, each a sweep of its own in the folder."""

    def __init__(
        self,
        scenario: Scenario,
        target: Target,
        replications: int,
        seed: int | None,
        out: str | Path | None,
        watch: Callable[[Progress], None] | None,
    ) -> None:
        self.scenario, self.target, self.replications, self.seed = scenario, target, replications, seed
        self.out, self.watch, self.done, self.begun = out, watch, 0, time.monotonic()
        self.tables: list[pd.DataFrame] = []
        self.failures: list[dict[str, Any]] = []
        self.rates: dict[tuple[str, int], dict[str, float]] = {}
        """Means of `SERIES` a day, by chart and positions."""

    def fewest(self, name: str, chart: Structure, place: AnyExecutor) -> int:
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
            best = self._level(name, chart, positions, place)
            return best >= self.target.share

        return fewest(reaches, people.frontline, people.departments)

    def _level(self, name: str, chart: Structure, positions: int, place: AnyExecutor) -> float:
        """Mean service level with so many positions."""
        settings = changed(self.scenario, {"workforce.frontline": positions})
        design = Design(settings, {name: chart}, replications=self.replications, seed=self.seed, series=SERIES)

        def told(progress: Progress) -> None:
            if self.watch:
                done, seconds = self.done + progress.done, time.monotonic() - self.begun
                self.watch(replace(progress, done=done, total=self.done + progress.total, seconds=seconds))

        part = f"{name}-{positions}"
        with kept_runs("staff", design, ["service_level"], told, out=self.out, executor=place, part=part) as sweep:
            sweep.perform()
            runs, days = sweep.runs(), sweep.results.days()
        self.done += len(design)
        self.failures += failures_of(runs)
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
