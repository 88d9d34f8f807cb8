"""The command `simsvc validate`: does the model reproduce what was found in the world?"""

from __future__ import annotations

from typing import Annotated

import typer

from simsvc.cli import options as common
from simsvc.cli.frame import end, working


def validate(
    only: Annotated[
        list[str] | None, common.text_option("NAME", "Only this finding. May be repeated. [default: all]", "--only")
    ] = None,
    kind: Annotated[
        str | None, common.text_option("KIND", "Only findings held-out, historical or calibrated. [default: all]")
    ] = None,
    assumed: Annotated[
        list[str] | None,
        common.text_option("KEY=VALUE", "Another value of a coefficient, in every run. May be repeated.", "--set"),
    ] = None,
    replications: Annotated[int | None, common.number_option("Replications of every measure. [default: 8]")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Only 3 replications.")] = False,
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
    may be missed, and a miss stays in the table, with its reason. Exit code 1 only if runs failed. Takes some minutes.

    \b
      simsvc validate --quick
      simsvc validate --kind historical
      simsvc validate --only bosses --replications 20
      simsvc validate --set assumptions.word_of_mouth.bad_word=0.2 --only words_recruit
      simsvc validate --json
    """  # fmt: skip
    import simsvc
    from simsvc.evidence.views import show_validation
    from simsvc.scenario.loading import parse_override

    kind = kind.replace("-", " ") if kind else None
    values = dict(parse_override(text) for text in assumed or [])
    with working("runs", out, as_json, workers, dask) as work:
        result = simsvc.validate(
            only or (), kind=kind, assumed=values, replications=replications, quick=quick,
            seed=1 if seed is None else seed, own=own, watch=work.told, **work.where,
        )  # fmt: skip
        work.show(result, show_validation)
    end(result.failures)
