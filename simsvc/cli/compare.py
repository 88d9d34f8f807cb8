"""The command `simsvc compare`: what differs between structures, and where the difference comes from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

import typer

from simsvc.cli import options as common
from simsvc.cli.frame import end, load_settings, working
from simsvc.errors import InputError, nearest

if TYPE_CHECKING:
    from simsvc.scenario.settings import Scenario


def compare(
    scenario: common.ScenarioName = "contact_centre",
    structure: Annotated[list[str] | None, common.structure_option(
        "Structure to compare: a name (simsvc structure list) or a TOML file. Give at least two; the first is the one "
        "the others are compared with. [default: traditional, inverted]")] = None,
    replications: Annotated[int | None, common.number_option(
        "Pairs of runs; with --precision the most that may be run. [default: the scenario's]")] = None,
    precision: Annotated[list[str] | None, common.text_option("METRIC=HALFWIDTH",
        "Add pairs until the 95 % interval of this metric is at most this to either side, in the metric's own unit; "
        "shares count from 0 to 1, so retention=0.005 is half a point of percent. At least 30 pairs, more for "
        "lopsided values, and half as many again to confirm. May be repeated.")] = None,
    metric: Annotated[list[str] | None, common.text_option("NAME",
        "Show this metric only: in tables, sentences, figures and JSON. May be repeated. [default: all; sentences and "
        "figures are about retention, loyalty and profit]")] = None,
    simultaneous: Annotated[bool, typer.Option("--simultaneous",
        help="Widen the intervals of each table so that all of them hold at once with 95 %, not each by itself "
        "(Bonferroni); the fewer metrics (--metric), the narrower they stay. Of lopsided metrics fewer hold: "
        "results/coverage/.")] = False,
    turn_on: Annotated[int | None, common.number_option(
        "Day on which the first structure is turned into each of the others. Without it they are born so, which "
        "flatters (or spares) them: nobody has to change. Told by horizon, 1, 2, 5 and 10 years after as far as "
        "--days reach, with how long until it pays. [default: born so]", metavar="DAY")] = None,
    days: common.Days = None, seed: common.Seed = None, workers: common.Workers = None, dask: common.Dask = None,
    overrides: common.Overrides = None, own: common.Own = None,
    no_factors: Annotated[bool, typer.Option("--no-factors",
        help="Do not tell power from management, nor queueing alone; a third of the work for two structures.")] = False,
    out: common.Out = None, as_json: common.Json = False,
) -> None:  # fmt: skip
    """What differs between structures, and why?

    The same people, work, pay and luck, once under each structure, in many pairs of runs. Prints every
    metric's level, the difference with its 95 % interval and a verdict in words, and where the difference comes from:
    from who decides (power), or from how people are led (management), each turned with and without the other.

    \b
      simsvc compare
      simsvc compare classroom --replications 10 --days 500
      simsvc compare --turn-on 250 --days 2750
      simsvc compare --metric retention --metric staff_turnover --simultaneous
      simsvc compare --precision retention=0.005 --out results/flip
      simsvc compare mine.toml --structure traditional --structure half_way.toml
    """
    settings = load_settings(
        scenario, overrides, own=own, days=days, seed=seed, replications=replications,
        levers_are="compare takes all levers from the structures compared; "
        "write a structure file and name it with --structure",
    )  # fmt: skip
    charts = structure or ["traditional", "inverted"]
    wanted = _precision(precision or [], settings)

    import simsvc
    from simsvc.comparison.views import show_comparison
    from simsvc.scenario.loading import name_of
    from simsvc.show.terminal import say

    with working("runs", out, as_json, workers, dask) as work:
        result = simsvc.compare(
            settings, charts, replications=replications, precision=wanted or None, factors=not no_factors,
            turn_on=turn_on, days=days, metrics=metric, simultaneous=simultaneous, say=say, watch=work.told,
            **work.where,
        )  # fmt: skip
        result.scenario_name = scenario
        if name_of(settings.structure) == "own":
            say(f"Note: the section [structure] of {scenario} is not used; the structures compared take its place.")
        work.show(result, show_comparison)
    end(
        result.failures,
        (
            *filter(None, [result.unsettled()]),
            *(
                f"precision not reached: {metric} +- {reached:.3g} after {result.replications} pairs, "
                f"asked for {result.precision[metric]:g}"
                for metric, reached in result.not_reached.items()
            ),
        ),
    )


def _precision(texts: list[str], settings: Scenario) -> dict[str, float]:
    """Half-widths by metric."""
    from simsvc.runs.metrics import METRICS, metrics_under

    known, wanted = metrics_under(settings), {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise InputError(f"--precision {text}: should be METRIC=HALFWIDTH, for example retention=0.005")
        if name not in known:
            raise InputError(f"--precision {text}: there is no metric '{name}'{nearest(name, known)}")
        try:
            wanted[name] = float(value)
        except ValueError:
            raise InputError(f"--precision {text}: '{value}' is not a number") from None
        if not (math.isfinite(wanted[name]) and wanted[name] > 0):
            raise InputError(f"--precision {text}: a half-width is a finite number above 0, in {METRICS[name].unit}")
    return wanted
