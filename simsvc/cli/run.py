"""The command `simsvc run`: one organisation, month by month."""

from __future__ import annotations

import functools
from dataclasses import replace

from simsvc.cli.frame import compile_first, end, one_run, working
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
    one = one_run(scenario, structure, days, seed, overrides, own, sweep, number)

    import simsvc
    from simsvc.single_run.views import show_run

    with working("days", out, as_json) as work:
        compile_first()
        watch = functools.partial(work.bar.update, total=one.settings.run.days)
        result = simsvc.run(one.settings, one.seed, replication=one.luck, watch=watch)
        work.show(replace(result, structure=one.structure, scenario_name=one.scenario), show_run)
    apart = one.recorded.apart(result.summary) if one.recorded else []
    end((), filter(None, [result.unsettled(), *apart]), fails=bool(apart))
