"""The command `simsvc run`: one organisation, month by month."""

from __future__ import annotations

import functools
from dataclasses import replace

from simsvc.cli.frame import compile_first, end, load_settings, run_of_sweep, structure_name, working
from simsvc.cli.options import (
    Days,
    Json,
    Out,
    Overrides,
    Own,
    RunNumber,
    ScenarioName,
    Seed,
    StructureName,
    SweepFolderFrom,
)


def run(
    scenario: ScenarioName = "contact_centre",
    structure: StructureName = None,
    days: Days = None,
    seed: Seed = None,
    overrides: Overrides = None,
    own: Own = None,
    sweep: SweepFolderFrom = None,
    number: RunNumber = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """How does one organisation fare, month by month?

    One run: every metric, and the course of retention, satisfaction, loyalty, morale and waiting. One run
    is one story; use compare before you draw a conclusion. With --sweep it is a run of a sweep, made again: exit code 1
    if a metric is not what the sweep has kept.

    \b
      simsvc run
      simsvc run classroom --structure inverted --days 500 --seed 7
      simsvc run --set demand.contacts_per_year=10 --out results/busy
      simsvc run --sweep phase --number 17
    """
    one = run_of_sweep(sweep, number, own, scenario, structure, days, seed, overrides)
    settings = one.settings if one else load_settings(scenario, overrides, structure, days=days, seed=seed, own=own)

    import simsvc
    from simsvc.single_run.views import show_run

    with working("days", out, as_json) as work:
        compile_first()
        root, luck = (one.seed, one.task.luck) if one else (None, 0)
        watch = functools.partial(work.bar.update, total=settings.run.days)
        result = simsvc.run(settings, root, replication=luck, watch=watch)
        name = one.task.structure if one else structure_name(settings, structure, overrides)
        named = one.task.scenario if one else scenario
        work.show(replace(result, structure=name, scenario_name=named), show_run)
    apart = one.apart(result.summary) if one else []
    end((), filter(None, [result.unsettled(), *apart]), fails=bool(apart))
