"""The command `simsvc validate`: does the model reproduce what was found in the world?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from simsvc.cli import options as common
from simsvc.cli.frame import end, working
from simsvc.errors import InputError


def validate(
    only: Annotated[
        list[str] | None, common.text_option("NAME", "Only this finding. May be repeated. [default: all]", "--only")
    ] = None,
    kind: Annotated[
        str | None, common.text_option("KIND", "Only findings held-out, historical or calibrated. [default: all]")
    ] = None,
    assumed: Annotated[
        list[str] | None,
        common.text_option("KEY=VALUE", "Another coefficient, or strength of a rule. May be repeated.", "--set"),
    ] = None,
    replications: Annotated[int | None, common.number_option("Replications of every measure. [default: 8]")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Only 3 replications.")] = False,
    worlds: Annotated[
        Path | None,
        common.text_option("DIR", "Measure in the worlds that 'simsvc robust --out DIR' has kept; 2 replications."),
    ] = None,
    sample: Annotated[int | None, common.number_option("So many of these worlds, spread evenly. [default: 30]")] = None,
    seed: common.Seed = None,
    own: common.Own = None,
    workers: common.Workers = None,
    dask: common.Dask = None,
    out: common.Out = None,
    as_json: common.Json = False,
) -> None:
    """Does the model reproduce published findings?

    Measures each finding under both charts, with intervals, and compares with its published range. Settings were
    fitted to those called calibrated and to no other; those held out, and firms of the past that turned (historical),
    may be missed, and a miss stays in the table, with its reason. Exit code 1 only if runs failed. Takes some minutes;
    with --worlds as long for every few worlds, and with --out it goes on where it was interrupted.

    \b
      simsvc validate --quick
      simsvc validate --kind historical
      simsvc validate --only bosses --replications 20
      simsvc validate --set assumptions.word_of_mouth.bad_word=0.2 --only words_recruit
      simsvc validate --worlds DIR --sample 10 --out over_worlds
      simsvc validate --json
    """  # fmt: skip
    import simsvc
    from simsvc.evidence.views import show_validation, show_worlds
    from simsvc.scenario.loading import parse_override

    kind = kind.replace("-", " ") if kind else None
    values = dict(parse_override(text) for text in assumed or [])
    if worlds is not None and (values or quick):
        raise InputError("--worlds: brings coefficients and takes --replications; leave --set and --quick out")
    if worlds is None and sample is not None:
        raise InputError(f"--sample {sample}: is of worlds; name their folder with --worlds")
    with working("runs", out, as_json, workers, dask) as work:
        asked: dict[str, Any] = {
            "replications": replications,
            "seed": 1 if seed is None else seed,
            "own": own,
            "watch": work.told,
        }
        if worlds is None:
            found = simsvc.validate(only or (), kind=kind, assumed=values, quick=quick, **asked, **work.where)
            work.show(found, show_validation)
        else:
            asked |= {"sample": sample, "out": out}
            given = {name: value for name, value in asked.items() if value is not None}
            over = simsvc.validate_worlds(worlds, only or (), kind=kind, **given, **work.where)
            work.show(over, show_worlds)
    end(found.failures if worlds is None else over.failures)
