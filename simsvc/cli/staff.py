"""The command `simsvc staff`: how many positions a service level takes under each chart."""

from __future__ import annotations

from typing import Annotated

import typer

from simsvc.cli import options as common
from simsvc.cli.frame import end, load_settings, working


def staff(
    scenario: common.ScenarioName = "contact_centre",
    structure: Annotated[list[str] | None, common.structure_option(
        "Structure: a name (simsvc structure list) or a TOML file. May be repeated. [default: traditional, inverted]"
        )] = None,
    target: Annotated[str, typer.Option(metavar="PERCENT/SECONDS",
        help="Service level to be reached: so many per cent of all contacts answered within so many seconds.",
        )] = "80/20",
    replications: Annotated[int, common.number_option("Runs of every number of positions, 2 or more.")] = 5,
    days: common.Days = None, seed: common.Seed = None, workers: common.Workers = None, dask: common.Dask = None,
    overrides: common.Overrides = None, own: common.Own = None, out: common.Out = None, as_json: common.Json = False,
) -> None:  # fmt: skip
    """How many positions does a service level take under each chart?

    Searches the fewest positions at the front line with which the runs answer PERCENT of all contacts within SECONDS,
    and tells beside them what Erlang A and C give for the same work. The number is held fixed
    (workforce.staffing = fixed). Staff for call records: simsvc calibrate calls.csv --staff 80/20. With --out an
    interrupted search goes on where it stopped.

    \b
      simsvc staff
      simsvc staff fast_food --target 80/180
      simsvc staff --structure traditional --structure only_authority --out results/staff
    """  # fmt: skip
    settings = load_settings(
        scenario, overrides, own=own, days=days, seed=seed,
        levers_are="staff takes all levers from the structures; write a structure file and name it",
    )  # fmt: skip

    import simsvc
    from simsvc.evidence.service_level import read_target
    from simsvc.staffing.views import show_staff

    aim = read_target(target, "--target")
    with working("runs so far", out, as_json, workers, dask) as work:
        result = simsvc.staff(
            settings, structure or ("traditional", "inverted"), aim, replications=replications, out=out,
            watch=work.told, **work.where,
        )  # fmt: skip
        result.scenario_name = scenario
        work.show(result, show_staff)
    end(result.failures)
