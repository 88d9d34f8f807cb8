"""Does turning the chart pay under every assumption that fits what is known, and what does it hang on?

1. The baseline is run as it stands, which tells how far luck moves its levels.
2. Draws of the assumptions are kept where the baseline goes with the level table (`matching.py`). No other
   chart is run until then.
3. All charts are run in the worlds that are kept, with the same luck in all of them, and as often at the
   assumptions as they stand.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Unpack

import numpy as np
import pandas as pd

from simsvc.comparison.factors import alone_turned, effects_of
from simsvc.errors import AllRunsFailed, InputError, check_range, needs
from simsvc.evidence.levels import LEVELS, needed_series, reached
from simsvc.robustness.inputs import inputs, possible, values_at
from simsvc.robustness.matching import CUT, Target, implausibility, match
from simsvc.robustness.result import Robustness
from simsvc.runs.executors import spelt_out
from simsvc.runs.metrics import HEADLINES, check_metrics, metrics_under
from simsvc.runs.progress import Progress
from simsvc.scenario.loading import named_structures, with_days
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import FACTORS, Structure
from simsvc.sensitivity_analysis.ranges import Parameter
from simsvc.sweeps.design import Design
from simsvc.sweeps.kept import Analysis, Asked
from simsvc.sweeps.ledger import read_sealed
from simsvc.sweeps.sweep import Sweep

DRAWS, REPLICATIONS = 400, 2
FEWEST_DRAWS, FEWEST_KEPT = 40, 10
PAIRS = 30
"""Of runs at the assumptions as they stand: what luck alone does."""
REFERENCE = 30
"""Runs of the baseline as it stands, which tell how far luck moves its levels."""
RECTANGULAR = 3.0**0.5
"""Half of a range over the standard deviation of what lies anywhere in it (JCGM 100:2008, 4.3.7)."""
SHOWN = ("power_old_management", "management_old_power", "interaction")
"""Effects besides the whole difference, names of `simsvc.comparison.factors.EFFECTS`."""


@spelt_out
def robust(
    scenario: Scenario | str | Path = "contact_centre",
    structures: Sequence[str | Path] | Mapping[str, Structure] = ("traditional", "inverted"),
    *,
    over: str = "assumptions",
    draws: int = DRAWS,
    replications: int = REPLICATIONS,
    metrics: Sequence[str] = HEADLINES,
    watch: Callable[[Progress], None] | None = None,
    **asked: Unpack[Asked],
) -> Robustness:
    """Draw what is not known, keep what fits the baseline, and see what turning the chart does there.

    Args:
        scenario: preset name, file, or `Scenario`.
        structures: names or files, or a mapping of names to `Structure`; the first is the baseline. Power and
            management are told apart where there are two.
        over: what is drawn: `"assumptions"`, `"settings"` or `"both"`.
        draws: most draws of which the baseline is run, 40 or more.
        replications: runs of every draw that is kept under every chart, 2 or more; for matching each is run once.
        metrics: names of `simsvc.runs.metrics.METRICS`, or of own ones.
        watch: told about progress.
        asked: days, seed, own, out, workers, dask, executor, see `simsvc.sweeps.kept.Asked`.

    Raises:
        InputError: for wrong input, before anything runs.
        AllRunsFailed: if fewer than 10 draws fit the baseline or came to their end.
    """
    for module in ("sklearn", "SALib", "threadpoolctl"):  # wanted after the first runs: not to be found missing then
        needs(module, "analysis", "robust")
    work = Analysis("robustness", scenario, watch, **asked)
    settings = work.scenario
    charts = named_structures(structures)
    check_metrics(metrics, settings)
    if len(charts) < 2:
        raise InputError("robust needs at least two structures: the baseline first")
    check_range("draws", draws, FEWEST_DRAWS)
    check_range("replications", replications, 2)
    parameters = inputs(over, settings)
    baseline = next(iter(charts))
    alone = alone_turned(charts) if len(charts) == 2 else []
    corners = charts | {f"{factor} alone": chart for factor, _, chart in alone}
    runs, work.planned = _Runs(work, with_days(settings, work.days), parameters), draws + REFERENCE
    with work:
        levels, pooled = runs.levels({baseline: charts[baseline]}, None, REFERENCE, "as_it_stands")
        targets = targets_of(levels, pooled)
        columns = [[level.name for level in LEVELS].index(target.name) for target in targets]

        def simulate(shares: Any, wave: int) -> Any:
            return runs.levels({baseline: charts[baseline]}, shares, 1, f"wave-{wave}")[1][:, columns]

        check = functools.partial(possible, settings, parameters)
        matched = match(simulate, targets, len(parameters), draws, work.seed, check)
        kept = int(matched.kept.sum())
        if kept < FEWEST_KEPT:
            raise AllRunsFailed(
                f"only {kept} of {len(matched.kept)} draws go with what is known of the baseline; {FEWEST_KEPT} are "
                "needed: give more draws"
            )
        work.planned = work.done + (kept * replications + PAIRS) * len(corners)
        worlds = runs.corners(corners, matched.shares[matched.kept], replications, "effects")
        lucky = runs.corners(corners, None, PAIRS, "luck")
    return Robustness(
        structures=charts,
        over=over,
        parameters=parameters,
        metrics=tuple(metrics),
        asked=draws,
        replications=replications,
        runs=work.done,
        targets=tuple(targets),
        matched=matched,
        values=values_of(worlds, list(corners), kept, replications, metrics),
        effects=effects_by_world(worlds, charts, kept, replications, metrics_under(settings)),
        lucky=effects_by_world(lucky, charts, 1, PAIRS, metrics_under(settings)),
        **work.about,
    )


def targets_of(levels: Any, pooled: Any) -> list[Target]:
    """What is known of the levels of a baseline.

    The published level, if the baseline as it stands goes with it. If not, this is another kind of
    organisation than those it was measured in: its own level stands in, with a range as wide in proportion.

    Args:
        levels: float (runs, levels), in each run of the baseline as it stands.
        pooled: float (1, levels), in all of them together.
    """
    found = []
    for k, level in enumerate(LEVELS):
        own, mine = float(pooled[0, k]), levels[:, k][np.isfinite(levels[:, k])]
        if not np.isfinite(own) or len(mine) < 2 or np.ptp(mine) == 0:  # nothing happened to take it from
            continue
        luck, middle = float(mine.std(ddof=1)), (level.low + level.high) / 2
        measured = (level.high - level.low) / 2 / RECTANGULAR
        target = Target(level.name, level.label, level.unit, middle, measured, luck / len(mine) ** 0.5, True,
                        level.source)  # fmt: skip
        if implausibility([[own]], [target])[0, 0] >= CUT:
            wide = float(np.hypot(measured * abs(own / middle), target.luck))
            target = replace(target, value=own, measured=wide, published=False, source="as it stands")
        found.append(replace(target, luck=luck))
    return found


@dataclass
class _Runs:
    """Runs at draws, each stage a sweep of its own in the folder."""

    work: Analysis
    scenario: Scenario
    parameters: Sequence[Parameter]

    def levels(self, charts: Mapping[str, Structure], shares: Any, replications: int, part: str) -> tuple[Any, Any]:
        """Levels of one chart at some draws: in each run, float (runs, levels), and by draw, float (draws, levels)."""
        found: dict[int, list[Any]] = {}
        with self._sweep(charts, shares, replications, part, needed_series()) as sweep:
            results, count = sweep.results, sweep.design.cell_count
            files = results.files("days")
            for number in sorted(files):
                days = read_sealed(files[number], results.key).to_pandas()
                found.setdefault(number % count, []).append(days.to_records(index=False))
        settling = self.scenario.run.settling
        each = [[one.value for one in reached([run], settling)] for runs in found.values() for run in runs]
        pooled = np.full((1 if shares is None else len(shares), len(LEVELS)), np.nan)
        for point, runs in found.items():
            if len(runs) == replications:  # a draw in which a run failed is not kept
                pooled[point] = [one.value for one in reached(runs, settling)]
        return np.array(each, float).reshape(-1, len(LEVELS)), pooled

    def corners(self, charts: Mapping[str, Structure], shares: Any, replications: int, part: str) -> pd.DataFrame:
        """Runs of all charts at some draws: columns point, structure, replication, metrics."""
        first = {name: next(one for one, of in charts.items() if of == chart) for name, chart in charts.items()}
        only = {name: chart for name, chart in charts.items() if first[name] == name}
        with self._sweep(only, shares, replications, part) as sweep:
            runs = sweep.runs()
        done = runs.loc[runs["status"] == "done", ["point", "structure", "replication", *metrics_under(self.scenario)]]
        return pd.concat(
            [done[done["structure"] == first[name]].assign(structure=name) for name in charts], ignore_index=True
        )

    @contextlib.contextmanager
    def _sweep(
        self, charts: Mapping[str, Structure], shares: Any, replications: int, part: str, series: Sequence[str] = ()
    ) -> Iterator[Sweep]:
        """A sweep of some charts at some draws, or as things stand, once all of it is run."""
        rows = [] if shares is None else [values_at(self.parameters, share) for share in shares]
        design = Design(
            self.scenario, dict(charts), method="list" if rows else "factorial", replications=replications,
            vary={one.name: [row[one.name] for row in rows] for one in self.parameters} if rows else None,
            seed=self.work.seed, series=series,
        )  # fmt: skip
        with self.work.sweep(design, part=part) as sweep:
            sweep.perform()
            yield sweep


def values_of(
    runs: pd.DataFrame, names: Sequence[str], worlds: int, replications: int, metrics: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Metrics by chart, float (worlds, replications); NaN where a run failed."""
    found: dict[str, dict[str, Any]] = {metric: {} for metric in metrics}
    for name in names:
        mine = runs[runs["structure"] == name]
        for metric in metrics:
            values = np.full((worlds, replications), np.nan)
            values[mine["point"].to_numpy(int), mine["replication"].to_numpy(int)] = mine[metric]
            found[metric][name] = values
    return found


def effects_by_world(
    runs: pd.DataFrame, charts: Mapping[str, Structure], worlds: int, replications: int, metrics: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Effects by name and metric, float (worlds, replications): whole differences, then power and management apart."""
    values = values_of(runs, list(dict.fromkeys(runs["structure"])), worlds, replications, metrics)
    baseline, *others = charts
    found = {name: {one: values[one][name] - values[one][baseline] for one in metrics} for name in others}
    if len(others) > 1:
        return found
    numbered = runs.assign(replication=runs["point"] * replications + runs["replication"]).drop(columns="point")
    whole = numbered[numbered["structure"].isin(list(charts))]
    parts = [
        numbered[numbered["structure"] == f"{factor} alone"].assign(part=factor, structure=others[0])
        for factor in FACTORS
    ]
    of = effects_of(whole, pd.concat(parts), baseline, others[0])
    every = range(worlds * replications)
    apart = {name: of[name].reindex(every) for name in SHOWN}
    return found | {
        name: {one: table[one].to_numpy(float).reshape(worlds, replications) for one in metrics}
        for name, table in apart.items()
    }
