"""When an outcome is taken, and whether the chart was turned or born so: every sentence of a result names it."""

from __future__ import annotations

from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.scenario.settings import Scenario

HORIZONS = (1, 2, 5, 10)
"""Years after the turn at which the outcome is told."""
_ORDINALS = {1: "first", 2: "second", 5: "fifth", 10: "tenth"}


def reached(turn_on: int, days: int) -> tuple[int, ...]:
    """Horizons that end within a run."""
    return tuple(years for years in HORIZONS if turn_on + years * DAYS_PER_YEAR <= days)


def phrase(scenario: Scenario, days: int, turn_on: int | None = None) -> str:
    """When an outcome is measured, and whether the chart was turned, changed by the timeline or born so."""
    if turn_on is not None:
        return f"turned on day {turn_on}, {_ORDINALS[reached(turn_on, days)[-1]]} year after"
    born = (
        f"changed from day {min(c.day for c in scenario.timeline)} on" if scenario.timeline else "organisations born so"
    )
    first = int(days * scenario.run.settling)
    if first % DAYS_PER_YEAR or days % DAYS_PER_YEAR:
        return f"{born}, days {first + 1} to {days}"
    begin, end = first // DAYS_PER_YEAR + 1, days // DAYS_PER_YEAR
    return f"{born}, year{f' {end}' if begin == end else f's {begin} to {end}'}"
