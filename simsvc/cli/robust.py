"""The command `simsvc robust`: does a finding hold under every assumption that fits what is known?"""

from __future__ import annotations

from typing import Annotated

from simsvc.cli import options as common
from simsvc.cli.frame import end, load_settings, working


def robust(
    scenario: common.ScenarioName = "contact_centre",
    structure: Annotated[
        list[str] | None,
        common.structure_option(
            "Structure to compare: a name or a TOML file. May be repeated; the first is the baseline. "
            "[default: traditional, inverted]"
        ),
    ] = None,
    draws: Annotated[int, common.number_option("Most draws of which the baseline is run, 40 or more.")] = 400,
    replications: Annotated[int, common.number_option("Runs of every draw kept, under every chart, 2 or more.")] = 2,
    over: Annotated[
        str,
        common.text_option(
            "WHAT",
            "What is drawn: assumptions (coefficients and strengths of the rules), settings (of the organisation, a "
            "quarter around what they are) or both.",
        ),
    ] = "assumptions",
    metric: Annotated[
        list[str] | None, common.text_option("NAME", "Metric. May be repeated. [default: retention, loyalty, profit]")
    ] = None,
    days: common.Days = None,
    seed: common.Seed = None,
    workers: common.Workers = None,
    dask: common.Dask = None,
    overrides: common.Overrides = None,
    own: common.Own = None,
    out: common.Out = None,
    as_json: common.Json = False,
) -> None:
    """Does the answer hold whatever is assumed, and what does it hang on?

    Draws every number that the rules take from over its plausible range, keeps the draws under which the baseline
    goes with what is known of such organisations, and turns the chart in all of these worlds, under the same luck.
    Tells how far the answer ranges beside what luck explains, which assumptions it hangs on, and under which
    conditions turning loses. With --out an interrupted analysis goes on where it stopped.

    \b
      simsvc robust
      simsvc robust classroom --draws 200
      simsvc robust --over both --metric profit --draws 1000 --out results/robust
    """  # fmt: skip
    settings = load_settings(
        scenario,
        overrides,
        days=days,
        seed=seed,
        own=own,
        levers_are="robust takes all levers from the structures; write a structure file and name it",
    )

    import simsvc
    from simsvc.robustness.views import show_robustness
    from simsvc.runs.metrics import HEADLINES

    with working("runs at most", out, as_json, workers, dask) as work:
        result = simsvc.robust(
            settings,
            structure or ("traditional", "inverted"),
            over=over,
            draws=draws,
            replications=replications,
            metrics=metric or HEADLINES,
            out=out,
            watch=work.told,
            **work.where,
        )
        result.scenario_name = scenario
        work.show(result, show_robustness)
    end(result.failures)
