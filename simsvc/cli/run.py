"""The command `simsvc run`: one organisation, month by month."""

from __future__ import annotations

from dataclasses import replace

from simsvc.cli.frame import end, load_settings, structure_name, working
from simsvc.cli.options import Days, Json, Out, Overrides, Own, ScenarioName, Seed, StructureName


def run(
    scenario: ScenarioName = "contact_centre",
    structure: StructureName = None,
    days: Days = None,
    seed: Seed = None,
    overrides: Overrides = None,
    own: Own = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """How does one organisation fare, month by month?

    One run: every metric, and the course of retention, satisfaction, loyalty, morale and waiting. One run
    is one story; use compare before you draw a conclusion.

    \b
      simsvc run
      simsvc run classroom --structure inverted --days 500 --seed 7
      simsvc run --set demand.contacts_per_year=10 --out results/busy
    """
    settings = load_settings(scenario, overrides, structure, days=days, seed=seed, own=own)

    import simsvc
    from simsvc.single_run.views import show_run

    with working("days", out, as_json) as work:
        result = simsvc.run(settings, watch=lambda done: work.bar.update(done, settings.run.days))
        name = structure_name(settings, structure, overrides)
        work.show(replace(result, structure=name, scenario_name=scenario), show_run)
    end((), filter(None, [result.unsettled()]))
