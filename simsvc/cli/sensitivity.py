"""The command `simsvc sensitivity`: what metrics, and differences between structures, depend on."""

# ruff: noqa: D301  the parser of the command line keeps the lines of a paragraph that begins with \b
from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simsvc.cli.options import Dask, Days, Json, Out, Seed, Workers, compile_first, whole_number
from simsvc.errors import AllRunsFailed, InputError

if TYPE_CHECKING:
    from simsvc.sweeps.sweep import Progress


def sensitivity(
    design: Annotated[Path, typer.Argument(metavar="DESIGN.toml", help="File that says what varies; see below.")],
    method: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="morris: which of many settings matter; sobol: what share of the variance each brings; profile: one "
            "setting at a time over its range. [default: the file's, or morris]",
        ),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Metric to analyse; may be repeated. [default: the file's, or retention and profit]"
        ),
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option(metavar="N", parser=whole_number, help="Runs of every point. [default: the file's or scenario's]"),
    ] = None,
    days: Days = None,
    seed: Seed = None,
    out: Out = None,
    workers: Workers = None,
    dask: Dask = None,
    as_json: Json = False,
) -> None:
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
    if workers is not None and workers < 1:
        raise InputError(f"--workers: {workers} is out of range; allowed: 1 or more")

    from simsvc.sensitivity_analysis.analysis import perform
    from simsvc.sensitivity_analysis.plan import plan_of
    from simsvc.sensitivity_analysis.views import show_sensitivity
    from simsvc.show.terminal import ProgressReport, output, say

    given = {"method": method, "metrics": metric, "replications": replications, "days": days, "seed": seed}
    plan = plan_of(design, (), given)
    for note in plan.notes():
        say(f"Note: {note}.")
    points = plan.runs.cell_count // len(plan.runs.structure_names)
    say(
        f"{len(plan.runs):,} runs: {points:,} points of {len(plan.parameters)} parameters, "
        f"{len(plan.runs.structure_names)} structures, {plan.runs.replication_count:,} replications."
    )
    if dask is None:
        compile_first()
    command = shlex.join(["simsvc", *sys.argv[1:]])
    with ProgressReport("runs") as report:

        def watch(progress: Progress) -> None:
            report.update(progress.done, progress.total, progress.failed)

        try:
            result = perform(plan, out=out, workers=workers, dask=dask, watch=watch, command=command)
        except AllRunsFailed as error:
            say(f"simsvc: {error}")
            raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(result.as_json(), indent=2, allow_nan=False))
    else:
        show_sensitivity(output(), result)
    if out is not None:
        files = result.save(out, command)
        say(f"Written to {out}: {', '.join(str(file.relative_to(out)) for file in files)}")
    if result.failures:
        first = result.failures[0]
        say(f"simsvc: {len(result.failures)} runs failed; the first, at point {first['point']}: {first['message']}")
        raise typer.Exit(1)
