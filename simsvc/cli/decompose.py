"""The command `simsvc decompose`: which parts of a flip, or stages of the model, do the work."""

from __future__ import annotations

from typing import Annotated

from simsvc.cli import options as common
from simsvc.cli.frame import end, load_settings, working


def decompose(
    scenario: common.ScenarioName = "contact_centre",
    start: Annotated[str, common.structure_option("Structure from which one goes: a name or a TOML file.",
        "--from")] = "traditional",
    target: Annotated[str, common.structure_option("Structure to which one goes.", "--to")] = "inverted",
    by: Annotated[str, common.text_option("WAY",
        "How the difference is taken apart: components (authority, attention, voice, people, boundaries), domains "
        "(who decides on remedies, solutions, priorities, people) or levers, one by one; or by stages of the model: "
        "queueing (cases handed over and coming back), decisions, behaviour.")] = "components",
    metric: Annotated[list[str] | None, common.text_option("NAME",
        "Metric to explain. May be repeated. [default: retention, loyalty, profit]")] = None,
    replications: Annotated[int, common.number_option("Runs of every chart in between, 2 or more.")] = 10,
    orders: Annotated[int | None, common.number_option(
        "Random orders of turning many parts, in each replication; an even number. Five parts and fewer are run in "
        "all combinations. [default: 2]")] = None,
    days: common.Days = None, seed: common.Seed = None, workers: common.Workers = None, dask: common.Dask = None,
    overrides: common.Overrides = None, own: common.Own = None, out: common.Out = None, as_json: common.Json = False,
) -> None:  # fmt: skip
    """Which part of turning the chart does the work?

    Takes the difference between two structures apart and runs the charts in between, under the same luck. Tells what
    each part adds in the mean over all orders of turning them (Shapley value; these add up to the whole difference),
    what it does alone, and what is lost without it. With --out an interrupted decomposition goes on where it stopped.

    \b
      simsvc decompose
      simsvc decompose classroom --by domains --days 500
      simsvc decompose --by stages
      simsvc decompose --by levers --metric retention --out results/levers
      simsvc decompose mine.toml --to listening_without_authority
    """  # fmt: skip
    settings = load_settings(
        scenario, overrides, own=own, days=days, seed=seed,
        levers_are="decompose takes all levers from --from and --to; write a structure file and name it",
    )  # fmt: skip

    import simsvc
    from simsvc.decomposition.views import show_decomposition
    from simsvc.runs.metrics import HEADLINES

    with working("runs", out, as_json, workers, dask) as work:
        result = simsvc.decompose(
            settings, start, target, by=by, metrics=metric or HEADLINES, replications=replications, orders=orders,
            out=out, watch=work.told, **work.where,
        )  # fmt: skip
        result.scenario_name = scenario
        work.show(result, show_decomposition)
    incomplete = result.asked - result.replications
    left_out = f"{incomplete} of {result.asked} replications are incomplete and left out"
    end(result.failures, (left_out,) if incomplete else ())
