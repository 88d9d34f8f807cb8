"""The command `simsvc best`: which of several structures is best, with a guaranteed probability."""

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
    from simsvc.selection.compute import Standing


def best(
    scenario: ScenarioName = "contact_centre",
    structure: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Structure to choose among: a name (simsvc structure list) or a TOML file. May be repeated. "
            "[default: all that come with the program]",
            autocompletion=complete_structure,
        ),
    ] = None,
    metric: Annotated[str, typer.Option(metavar="NAME", help="By which metric.")] = "retention",
    indifference: Annotated[
        float | None,
        typer.Option(
            metavar="D",
            help="Difference that does not matter, in the metric's own unit; shares count from 0 to 1. "
            "[default: 0.005 for shares and scales from 0 to 1; others need one]",
        ),
    ] = None,
    confidence: Annotated[
        float, typer.Option(metavar="P", help="Least probability that the choice is right, above 0.5 and below 1.")
    ] = 0.95,
    largest: Annotated[
        bool | None,
        typer.Option(
            "--largest/--smallest",
            help="Which end of the metric is best. [default: as the metric says]",
            show_default=False,
        ),
    ] = None,
    replications: Annotated[
        int, typer.Option(metavar="MAX", parser=whole_number, help="Give up after so many replications.")
    ] = 1000,
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
    """Which of several structures is best, and how sure is that?

    Runs all structures under the same luck and drops one after the other when it has fallen behind by more than
    chance explains, until one is left (procedure KN, Kim & Nelson 2001). Exit code 1 if several are left after MAX
    replications. With --out an interrupted selection goes on where it stopped.

    \b
      simsvc best
      simsvc best classroom --metric morale --indifference 0.01
      simsvc best --metric profit --indifference 20000 --structure inverted --structure mine.toml
      simsvc best --metric escalation_rate --smallest --out results/fewest_escalations
    """  # fmt: skip
    settings = load_settings(scenario, overrides, {"days": days, "seed": seed})
    for text in overrides or []:
        if text.startswith("structure."):
            raise InputError(
                f"--set {text}: best takes all levers from the structures; write a structure file and name it"
            )
    if workers is not None and workers < 1:
        raise InputError(f"--workers: {workers} is out of range; allowed: 1 or more")

    from simsvc.selection import compute as selecting
    from simsvc.selection.views import news, show_selection
    from simsvc.show.terminal import ProgressReport, output, say

    compile_first()
    with ProgressReport("runs at most") as report:

        def watch(standing: Standing) -> None:
            if line := news(metric, standing):
                print(line, file=sys.stderr)  # goes above the bar, where there is one
            if standing.runs:
                report.update(standing.runs.done, standing.runs.total, standing.runs.failed)

        try:
            result = selecting.best(
                settings,
                structure,
                metric,
                indifference=indifference,
                confidence=confidence,
                largest=largest,
                replications=replications,
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
        show_selection(output(), result)
    if out is not None:
        files = result.save(out, shlex.join(["simsvc", *sys.argv[1:]]))
        say(f"Written to {out}: {', '.join(str(file.relative_to(out)) for file in files)}")
    if not result.decided:
        say(f"simsvc: not decided after {replications} replications; still in: {', '.join(result.survivors)}")
    if result.failures:
        say(f"simsvc: {len(result.failures)} runs failed; the first: {result.failures[0]['message']}")
    if result.failures or not result.decided:
        raise typer.Exit(1)
