"""Sensitivity analysis: what a metric, or the difference between two structures, depends on.

    plan.py              what is run, and how it becomes tables
    ranges.py            which settings vary, over what range
    sampling.py          points of Morris and of Sobol
    screening.py         Morris: which of many matter
    variance_indices.py  Sobol: what share of the variance each brings
    profiles.py          one at a time: shape and sign
    noise.py             what of all this is luck
    result.py            what was found, in words and as files

All metrics are taken from the same runs. With two structures or more, each is analysed, and so is the
difference of every other one to the first, in pairs that share point and luck.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Unpack

from simsvc.errors import AllRunsFailed
from simsvc.runs.executors import Where, spelt_out
from simsvc.runs.own import Own
from simsvc.runs.progress import Progress
from simsvc.sensitivity_analysis.plan import Plan, plan_of, values_of
from simsvc.sensitivity_analysis.result import Sensitivity
from simsvc.sweeps.design import Design
from simsvc.sweeps.kept import Analysis


@spelt_out
def sensitivity(
    design: Design | str | Path,
    *,
    method: str | None = None,
    metrics: Sequence[str] | None = None,
    parameters: Sequence[str] = (),
    trajectories: int | None = None,
    points: int | None = None,
    levels: int | None = None,
    second_order: bool | None = None,
    replications: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    own: str | Path | Own | None = None,
    out: str | Path | None = None,
    watch: Callable[[Progress], None] | None = None,
    **where: Unpack[Where],
) -> Sensitivity:
    """What does a metric, or the difference between structures, depend on?

    Args:
        design: a file (see `docs/sensitivity.md`), or a `Design` whose `vary` gives ranges.
        method: `"morris"`, `"sobol"` or `"profile"`; the file's, or Morris, if left out.
        metrics: names of metrics; retention and profit if left out.
        parameters: further settings, over all values that they may have.
        trajectories: of Morris screening.
        points: base samples of Sobol indices, a power of two.
        levels: points of every profile.
        second_order: whether Sobol indices of pairs are wanted too.
        replications: runs of every point under every structure.
        days: working days of each run; the design's if left out.
        seed: root seed, 0 or more; the design's if left out.
        own: file of own rules, phases and metrics, see `simsvc.runs.own`.
        out: folder where runs are kept, so that an interrupted analysis goes on where it stopped.
        watch: told how far it has come.
        where: workers, dask or executor, see `simsvc.runs.executors.Where`.

    Raises:
        InputError: for wrong input, before anything runs.
        AllRunsFailed: if no run came to its end.
    """
    given = dict(method=method, metrics=metrics, trajectories=trajectories, points=points, levels=levels,
                 second_order=second_order, replications=replications, days=days, seed=seed, own=own)  # fmt: skip
    return perform(plan_of(design, parameters, given), watch, out=out, **where)


def perform(
    plan: Plan,
    watch: Callable[[Progress], None] | None = None,
    *,
    out: str | Path | None = None,
    command: str = "",
    **where: Unpack[Where],
) -> Sensitivity:
    """Run what a plan needs and has not been run yet, and analyse it.

    Args:
        plan: what is run.
        watch: told how far it has come.
        out: folder where runs are kept.
        command: what was typed, for the manifest.
        where: workers, dask or executor, see `simsvc.runs.executors.Where`.

    Raises:
        AllRunsFailed: if no run came to its end.
    """
    work = Analysis("sensitivity", plan.runs.first_scenario, watch, out=out, **where)
    with work, work.sweep(plan.runs, plan.metrics, command=command) as sweep:
        sweep.perform()
        runs = sweep.runs()
    values = values_of(plan.runs, runs, plan.metrics)
    if not (runs["status"] == "done").any():
        raise AllRunsFailed(f"no run came to its end; the first: {runs.iloc[0]['message']}")
    tables = plan.tables(values)
    return Sensitivity(plan, runs, *(tables[name] for name in ("effects", "pairs", "profiles", "spread")))
