"""The command `simsvc best`: which of several structures is best, with a guaranteed probability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from simsvc.cli import options as common
from simsvc.cli.frame import end, load_settings, working

if TYPE_CHECKING:
    from simsvc.selection.compute import Standing


def best(
    scenario: common.ScenarioName = "contact_centre",
    structure: Annotated[list[str] | None, common.structure_option(
        "Structure to choose among: a name (simsvc structure list) or a TOML file. May be repeated. [default: all "
        "that come with the program]")] = None,
    metric: Annotated[str, common.text_option("NAME", "By which metric.")] = "retention",
    indifference: Annotated[float | None, common.text_option("D",
        "Difference that does not matter, in the metric's own unit; shares count from 0 to 1. [default: 0.005 for "
        "shares and scales from 0 to 1; others need one]")] = None,
    confidence: Annotated[float, common.text_option("P",
        "Least probability that the choice is right, above 0.5 and below 1.")] = 0.95,
    largest: Annotated[bool | None, typer.Option("--largest/--smallest",
        help="Which end of the metric is best. [default: as the metric says]", show_default=False)] = None,
    replications: Annotated[int, common.number_option("Give up after so many replications.", metavar="MAX")] = 1000,
    days: common.Days = None, seed: common.Seed = None, workers: common.Workers = None, dask: common.Dask = None,
    overrides: common.Overrides = None, own: common.Own = None, out: common.Out = None, as_json: common.Json = False,
) -> None:  # fmt: skip
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
    settings = load_settings(
        scenario, overrides, own=own, days=days, seed=seed,
        levers_are="best takes all levers from the structures; write a structure file and name it",
    )  # fmt: skip

    import simsvc
    from simsvc.selection.views import news, show_selection
    from simsvc.show.terminal import say

    with working("runs at most", out, as_json, workers, dask) as work:

        def told(standing: Standing) -> None:
            if line := news(metric, standing):
                say(line)  # goes above the bar, where there is one
            if standing.runs:
                work.told(standing.runs)

        result = simsvc.best(
            settings, structure, metric, indifference=indifference, confidence=confidence, largest=largest,
            replications=replications, out=out, watch=told, **work.where,
        )  # fmt: skip
        result.scenario_name = scenario
        work.show(result, show_selection)
    left = f"not decided after {replications} replications; still in: {', '.join(result.survivors)}"
    end(result.failures, () if result.decided else (left,), fails=not result.decided)
