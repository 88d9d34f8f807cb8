"""One run: the function behind command line, scripts, sweeps and tests."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from simsvc.runs.order import Order, keeping_rows
from simsvc.runs.own import Own, with_own
from simsvc.runs.perform import simulate
from simsvc.scenario.loading import with_days, with_structure
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import Structure
from simsvc.single_run.result import RunResult


def run(
    config: Scenario | str | Path = "contact_centre",
    seed: int | None = None,
    *,
    structure: str | Structure | None = None,
    days: int | None = None,
    replication: int = 0,
    rules: Mapping[str, Callable[..., Any]] | None = None,
    own: str | Path | Own | None = None,
    watch: Callable[[int], None] | None = None,
) -> RunResult:
    """Simulate one organisation.

    Args:
        config: scenario, preset name or file.
        seed: root seed, 0 or more; the scenario's if left out.
        structure: structure, its name or file; the scenario's own if left out.
        days: working days; the scenario's if left out.
        replication: which run of the seed.
        rules: functions in place of rules of the same name.
        own: file of own rules, phases and metrics, see `simsvc.runs.own`.
        watch: called with the number of days done, now and then.

    Raises:
        InputError: for wrong input, before anything runs.
    """
    settings = with_own(config, own)
    if structure is not None:
        settings = with_structure(settings, structure)
    name = structure if isinstance(structure, str) else "own"
    seed = settings.run.seed if seed is None else seed
    days = settings.run.days if days is None else days
    drive = functools.partial(keeping_rows, watch=watch)
    order = Order(with_days(settings, days), seed, replication, rules=rules, drive=drive)
    outcome = simulate(order)
    return RunResult(settings, name, seed, replication, outcome.seen, outcome.metrics)
