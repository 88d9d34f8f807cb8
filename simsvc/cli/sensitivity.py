"""The command `simsvc sensitivity`: what metrics, and differences between structures, depend on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simsvc.cli.frame import end, typed, working
from simsvc.cli.options import Dask, Days, Json, Out, Own, Seed, Workers, number_option, text_option


def sensitivity(
    design: Annotated[Path, typer.Argument(metavar="DESIGN.toml", help="File that says what varies; see below.")],
    method: Annotated[str | None, text_option("NAME",
        "morris: which of many settings matter; sobol: what share of the variance each brings; profile: one setting "
        "at a time over its range. [default: the file's, or morris]")] = None,
    metric: Annotated[list[str] | None, text_option("NAME",
        "Metric to analyse; may be repeated. [default: the file's, or retention and profit]")] = None,
    replications: Annotated[int | None, number_option(
        "Runs of every point. [default: the file's or scenario's]")] = None,
    days: Days = None, seed: Seed = None, own: Own = None, out: Out = None, workers: Workers = None, dask: Dask = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """What does a metric, or what a structure does to it, depend on?

    Varies many settings and tells which matter, how much, in which direction, and which effects cannot be told from
    the luck of the simulation. With two structures each is analysed, and so is their difference, in pairs of runs
    with the same luck. With --out an interrupted analysis goes on where it stopped.

    \b
    A design file:
      scenario = "contact_centre"
      structures = ["traditional", "inverted"]
      replications = 5                       # the k-th has the same luck at every point
      metrics = ["retention", "profit"]
      trajectories = 10                      # of morris: parameters + 1 points each
      points = 64                            # of sobol: base samples, parameters + 2 points each
      levels = 9                             # of profile: points for each parameter
      parameters = ["demand.failure_share"]  # over all it may be
      [vary]                                 # over a range that you give
      "demand.idiosyncrasy" = { low = 0.1, high = 0.9 }
      "operations.approval_delay" = { low = 1, high = 60, scale = "log" }

    \b
      simsvc sensitivity design.toml
      simsvc sensitivity design.toml --method sobol --metric retention --out results/indices
    """
    from simsvc.sensitivity_analysis.analysis import perform
    from simsvc.sensitivity_analysis.plan import plan_of
    from simsvc.sensitivity_analysis.views import show_sensitivity
    from simsvc.show.terminal import say

    given = {"method": method, "metrics": metric, "replications": replications, "days": days, "seed": seed, "own": own}
    plan = plan_of(design, (), given)
    for note in plan.notes():
        say(f"Note: {note}.")
    structures = len(plan.runs.structure_names)
    say(
        f"{len(plan.runs):,} runs: {plan.runs.cell_count // structures:,} points of {len(plan.parameters)} parameters, "
        f"{structures} structures, {plan.runs.replication_count:,} replications."
    )
    with working("runs", out, as_json, workers, dask) as work:
        result = perform(plan, out=out, watch=work.told, command=typed(), **work.where)
        work.show(result, show_sensitivity)
    end(result.failures)
