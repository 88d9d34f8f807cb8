"""The command `simsvc decompose`: which components, domains or levers of a flip do the work."""

# ruff: noqa: D301  the parser of the command line keeps the lines of a paragraph that begins with \b
from __future__ import annotations

import json
import shlex
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from simsvc.cli.options import (
    Days,
    Json,
    Out,
    Overrides,
    ScenarioName,
    Seed,
    compile_first,
    complete_structure,
    load_settings,
    whole_number,
)
from simsvc.errors import AllRunsFailed, InputError

if TYPE_CHECKING:
    from simsvc.sweeps.sweep import Progress


def decompose(
    scenario: ScenarioName = "contact_centre",
    start: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="NAME",
            help="Structure from which one goes: a name or a TOML file.",
            autocompletion=complete_structure,
        ),
    ] = "traditional",
    end: Annotated[
        str,
        typer.Option("--to", metavar="NAME", help="Structure to which one goes.", autocompletion=complete_structure),
    ] = "inverted",
    by: Annotated[
        str,
        typer.Option(
            metavar="WAY",
            help="How the difference is taken apart: components (authority, attention, voice, people, boundaries), "
            "domains (who decides on remedies, solutions, priorities, people) or levers, one by one.",
        ),
    ] = "components",
    metric: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Metric to explain. May be repeated. [default: retention, loyalty, profit]"),
    ] = None,
    replications: Annotated[
        int, typer.Option(metavar="N", parser=whole_number, help="Runs of every chart in between, 2 or more.")
    ] = 10,
    orders: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            parser=whole_number,
            help="Random orders of turning many parts, in each replication; an even number. Five parts and fewer are "
            "run in all combinations. [default: 2]",
        ),
    ] = None,
    days: Days = None,
    seed: Seed = None,
    workers: Annotated[
        int | None,
        typer.Option(
            metavar="N", parser=whole_number, help="Runs at the same time; changes no result. [default: one per core]"
        ),
    ] = None,
    dask: Annotated[
        str | None, typer.Option(metavar="URL", help="Run on a Dask scheduler, such as tcp://host:8786.")
    ] = None,
    overrides: Overrides = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Which part of turning the chart does the work?

    Takes the difference between two structures apart and runs the charts in between, under the same luck. Tells what
    each part adds in the mean over all orders of turning them (Shapley value; these add up to the whole difference),
    what it does alone, and what is lost without it. With --out an interrupted decomposition goes on where it stopped.

    \b
      simsvc decompose
      simsvc decompose classroom --by domains --days 500
      simsvc decompose --by levers --metric retention --out results/levers
      simsvc decompose mine.toml --to listening_without_authority
    """  # fmt: skip
    settings = load_settings(scenario, overrides, {"days": days, "seed": seed})
    for text in overrides or []:
        if text.startswith("structure."):
            raise InputError(
                f"--set {text}: decompose takes all levers from --from and --to; write a structure file and name it"
            )
    if workers is not None and workers < 1:
        raise InputError(f"--workers: {workers} is out of range; allowed: 1 or more")

    from simsvc.decomposition import compute as decomposing
    from simsvc.decomposition.views import show_decomposition
    from simsvc.runs.metrics import HEADLINES
    from simsvc.show.terminal import ProgressReport, output, say

    decomposing.check_metrics(metric or HEADLINES)
    compile_first()
    with ProgressReport("runs") as report:

        def watch(progress: Progress) -> None:
            report.update(progress.done, progress.total, progress.failed)

        try:
            result = decomposing.decompose(
                settings,
                start,
                end,
                by=by,
                metrics=metric or HEADLINES,
                replications=replications,
                orders=orders,
                workers=workers,
                dask=dask,
                out=out,
                watch=watch,
            )
        except AllRunsFailed as error:
            say(f"simsvc: {error}")
            raise typer.Exit(1) from error
    result.scenario_name = scenario
    if as_json:
        typer.echo(json.dumps(result.as_json(), indent=2, allow_nan=False))
    else:
        show_decomposition(output(), result)
    if out is not None:
        files = result.save(out, shlex.join(["simsvc", *sys.argv[1:]]))
        say(f"Written to {out}: {', '.join(str(file.relative_to(out)) for file in files)}")
    if result.replications < result.asked:
        say(f"simsvc: {result.asked - result.replications} of {result.asked} replications are incomplete and left out")
    if result.failures:
        say(f"simsvc: {len(result.failures)} runs failed; the first: {result.failures[0]['message']}")
        raise typer.Exit(1)
