"""What turning the chart does in every world that fits what is known, and what that hangs on."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from simsvc.comparison.factors import EFFECTS
from simsvc.robustness.boxes import Box, losing_boxes
from simsvc.robustness.drivers import drivers
from simsvc.robustness.inputs import values_at
from simsvc.robustness.matching import CUT, Matched, Target
from simsvc.robustness.regret import behind_best
from simsvc.runs.horizon import phrase
from simsvc.runs.result import ScenarioResult, plain_data
from simsvc.runs.statistics import interval
from simsvc.scenario.structure import Structure
from simsvc.sensitivity_analysis.ranges import Parameter
from simsvc.show.numbers import called, difference, difference_unit, listed, whole_percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

QUANTILES = (0.05, 0.5, 0.95)
LIMITS = (
    "A world is a draw of the numbers in the rules. What the rules leave out is left out in every world: how far a "
    "missing mechanism would move the answer is not in these ranges, nor are other forms of the rules. Ranges are "
    "judgements; wider ones would give wider answers."
)
"""What the assumptions cannot show; said beside the result."""
_NAMED = 3
"""Drivers that the sentence names."""
COLUMNS = ["effect", "metric", "p05", "p50", "p95", "share_below_zero", "luck_mean", "luck_low", "luck_high",
           "share_below_now"]  # fmt: skip
"""Of the table of effects."""


@dataclass
class Robustness(ScenarioResult):
    """What turning the chart does in every world that fits what is known."""

    kind: ClassVar[str] = "robustness"
    structures: dict[str, Structure]
    """The baseline first."""
    over: str
    parameters: tuple[Parameter, ...]
    """What was drawn."""
    metrics: tuple[str, ...]
    asked: int
    """Draws asked for at most."""
    replications: int
    runs: int
    targets: tuple[Target, ...]
    matched: Matched
    values: dict[str, dict[str, Any]]
    """Metrics by name and chart in the worlds kept: float (worlds, replications)."""
    effects: dict[str, dict[str, Any]]
    """Effects by name in the worlds kept, on every metric: float (worlds, replications)."""
    lucky: dict[str, dict[str, Any]]
    """The same at the assumptions as they stand: float (1, pairs)."""

    @property
    def draws(self) -> int:
        """Draws of which the baseline was run."""
        return len(self.matched.worst)

    @property
    def kept(self) -> int:
        """Draws that go with what is known: the worlds."""
        return int(self.matched.kept.sum())

    @property
    def shares(self) -> Any:
        """Where the worlds lie in the ranges: float (worlds, inputs), 0-1."""
        return self.matched.shares[self.matched.kept]

    @property
    def whole(self) -> str:
        """Name of the first whole difference, which drivers and boxes are about."""
        return next(iter(self.effects))

    def told(self, effect: str) -> str:
        """An effect in the words of tables."""
        return EFFECTS.get(effect, f"'{effect}' less '{next(iter(self.structures))}'")

    @functools.cached_property
    def table(self) -> pd.DataFrame:
        """Effects: effect, metric, p05, p50, p95 and share_below_zero of worlds, luck_mean, luck_low, luck_high.

        And `share_below_now`, share of the worlds in which it is less than at the assumptions as they stand.
        """
        return self.over_worlds(self.metrics)

    def over_worlds(self, metrics: Sequence[str]) -> pd.DataFrame:
        """Effects on some metrics, asked about or not, as in `table`."""
        rows = []
        for effect, by_metric in self.effects.items():
            for metric in metrics:
                mean = finite(by_metric[metric])
                ends = np.quantile(mean, QUANTILES) if len(mean) else np.full(3, np.nan)
                luck = interval(self.lucky[effect][metric].ravel())
                below = float((mean < 0).mean()) if len(mean) else float("nan")
                less = float((mean < luck.mean).mean()) if len(mean) else float("nan")
                rows.append((effect, metric, *map(float, ends), below, luck.mean, luck.low, luck.high, less))
        return pd.DataFrame(rows, columns=COLUMNS)

    @functools.cached_property
    def _driven(self) -> dict[str, tuple[pd.DataFrame, dict[str, float]]]:
        names, found = [one.name for one in self.parameters], {}
        for metric in self.metrics:
            values = self.effects[self.whole][metric]
            whole = np.isfinite(values).all(axis=1)
            found[metric] = drivers(self.shares[whole], values[whole], names)
        return found

    @property
    def drivers(self) -> pd.DataFrame:
        """What the whole difference hangs on: metric and the columns of `simsvc.robustness.drivers.drivers`."""
        return pd.concat([table.assign(metric=m) for m, (table, _) in self._driven.items()], ignore_index=True)

    @property
    def variance(self) -> pd.DataFrame:
        """Shares of the variance of the whole difference: metric, luck, assumptions, interactions, unattributed."""
        return pd.DataFrame([{"metric": metric, **parts} for metric, (_, parts) in self._driven.items()])

    @functools.cached_property
    def boxes(self) -> dict[str, list[Box]]:
        """Conditions under which the whole difference is below 0, by metric."""
        found = {}
        for metric in self.metrics:
            mean = self.effects[self.whole][metric].mean(axis=1)
            there = np.isfinite(mean)
            found[metric] = losing_boxes(self.shares[there], mean[there], self.seed)
        return found

    def limits(self, box: Box) -> dict[str, list[float]]:
        """Limits of a box in the units of what was drawn."""
        return {self.parameters[k].name: [float(self.parameters[k].at(end)) for end in ends]
                for k, ends in box.limits.items()}  # fmt: skip

    def conditions(self, box: Box) -> str:
        """Limits of a box in words."""
        words = []
        for k, (low, high) in box.limits.items():
            one, ends = self.parameters[k], [f"{float(self.parameters[k].at(end)):.3g}" for end in (low, high)]
            side = f"below {ends[1]}" if low == 0 else f"above {ends[0]}" if high == 1 else f"{ends[0]} to {ends[1]}"
            words.append(f"{one.name} is {side} (drawn over {one.described()})")
        return listed(words)

    @functools.cached_property
    def regret(self) -> pd.DataFrame:
        """How far each chart is behind the best one of the same world: metric, structure, p50, p95, most, best.

        `best` is the share of worlds in which the chart is the best.
        """
        rows = []
        for metric in self.metrics:
            means = {name: values.mean(axis=1) for name, values in self.values[metric].items()}
            for name, behind in behind_best(metric, means).items():
                ends = np.quantile(behind, (0.5, 0.95, 1.0))
                rows.append((metric, name, *map(float, ends), float((behind <= 0).mean())))
        return pd.DataFrame(rows, columns=["metric", "structure", "p50", "p95", "most", "best"])

    @property
    def levels(self) -> pd.DataFrame:
        """What is known of the baseline, and what the worlds give."""
        rows = []
        for k, target in enumerate(self.targets):
            worlds = self.matched.found[self.matched.kept, k]
            low, high = np.quantile(worlds, (0.05, 0.95))
            known = (target.label, target.unit, target.value, target.measured, target.luck)
            rows.append((*known, "published" if target.published else "own", low, high, target.source))
        columns = ["level", "unit", "known", "measured_sd", "luck_sd", "from", "worlds_p05", "worlds_p95", "source"]
        return pd.DataFrame(rows, columns=columns)

    def reference(self) -> str:
        """What the baseline was held against, in words."""
        own = [target.label for target in self.targets if not target.published]
        text = (
            f"{self.kept} of {self.draws} draws of {len(self.parameters)} numbers ({self.over}) go with "
            f"{len(self.targets)} levels of '{next(iter(self.structures))}' (implausibility below {CUT:g} in each)"
        )
        if not own:
            return f"{text}: all of them published."
        return (
            f"{text}: {len(self.targets) - len(own)} published ones, and {len(own)} that this organisation has at the "
            "assumptions as they stand, with ranges as wide in proportion, since the published ones are of another "
            f"kind of organisation ({'; '.join(own)})."
        )

    def sentence(self) -> str:
        """What the whole difference is over the worlds, what it hangs on, and where it loses."""
        effects, hanging, boxes = [], [], []
        for row in self.table[self.table["effect"] == self.whole].to_dict("records"):
            metric = row["metric"]
            unit, name = difference_unit(metric).name, called(metric)
            now = difference(metric, row["luck_mean"], row["luck_low"], row["luck_high"])
            worlds = difference(metric, row["p50"], row["p05"], row["p95"])
            effects.append(
                f"{name} {worlds} {unit}, below 0 in {whole_percent(row['share_below_zero'])} of the worlds (at the "
                f"assumptions as they stand {now}, and {whole_percent(row['share_below_now'])} of the worlds have less)"
            )
            table, _ = self._driven[metric]
            top = [f"{one} ({100 * share:.0f} %)" for one, share in zip(table["name"], table["share"], strict=True)]
            most = f"most on {listed(top[:_NAMED])} of its variance" if top else "on no single number beyond chance"
            hanging.append(f"{name} hangs {most}")
            boxes += [self.box_told(box, metric) for box in self.boxes[metric]]
        when = f"{phrase(self.scenario, self.days)}; median, 5 and 95 % of worlds"
        told = [f"In them {self.told(self.whole)} is ({when}): {'; '.join(effects)}."]
        told += [f"The difference in {'; that in '.join(hanging)}.", *boxes]
        return " ".join([self.reference(), *told])

    def box_told(self, box: Box, metric: str) -> str:
        """A box in plain words."""
        return (
            f"It loses {called(metric)} where {self.conditions(box)}: in {100 * box.density:.0f} % of these worlds "
            f"against {100 * box.base:.0f} % of all it was tried on, which is {100 * box.coverage:.0f} % of those that "
            "lose."
        )

    def as_json(self) -> dict[str, Any]:
        """The result as plain data; NaN becomes null. Coverage and density are those where boxes were not found."""
        effects: dict[str, dict[str, Any]] = {}
        for row in self.table.to_dict("records"):
            name, metric = row.pop("effect"), row.pop("metric")
            effects.setdefault(str(name), {})[str(metric)] = row
        found: dict[str, Any] = plain_data(
            {
                "finding": self.sentence(),
                "not_shown": LIMITS,
                "scenario": self.scenario_name,
                "structures": list(self.structures),
                "over": self.over,
                "inputs": len(self.parameters),
                "draws": self.draws,
                "kept": self.kept,
                "replications": self.replications,
                "days": self.days,
                "seed": self.seed,
                "runs": self.runs,
                "failed": len(self.failures),
                "effects": effects,
                "drivers": {metric: table for metric, (table, _) in self._driven.items()},
                "variance": {metric: parts for metric, (_, parts) in self._driven.items()},
                "boxes": {
                    metric: [
                        vars(box)
                        | {"limits": self.limits(box), "words": self.box_told(box, metric)}
                        | {"shares": {self.parameters[k].name: ends for k, ends in box.limits.items()}}
                        for box in boxes
                    ]
                    for metric, boxes in self.boxes.items()
                },
                "regret": self.regret,
                "levels": self.levels,
            }
        )
        return found

    def small_tables(self) -> dict[str, pd.DataFrame]:
        """Tables that do not grow with the draws."""
        rows = [
            (metric, number, name, *ends, box.coverage, box.density, box.base, box.chance)
            for metric, boxes in self.boxes.items()
            for number, box in enumerate(boxes, 1)
            for name, ends in self.limits(box).items()
        ]
        columns = ["metric", "box", "name", "low", "high", "coverage", "density", "base", "chance"]
        return {
            "effects": self.table,
            "drivers": self.drivers,
            "variance": self.variance,
            "boxes": pd.DataFrame(rows, columns=columns),
            "regret": self.regret,
            "levels": self.levels,
        }

    def tables(self) -> dict[str, pd.DataFrame]:
        """Effects, drivers, variance, boxes, regret, levels; every draw with its levels; every world."""
        draws = pd.DataFrame(self.matched.found, columns=[target.name for target in self.targets])
        draws = draws.assign(wave=self.matched.wave, implausibility=self.matched.worst, kept=self.matched.kept)
        worlds = pd.DataFrame([values_at(self.parameters, share) for share in self.shares])
        effects = {f"{metric} of {name}": found[metric].mean(axis=1)
                   for name, found in self.effects.items() for metric in self.metrics}  # fmt: skip
        effects |= {f"{metric} under {chart}": values.mean(axis=1) for metric in self.metrics
                    for chart, values in self.values[metric].items()}  # fmt: skip
        return self.small_tables() | {"draws": draws, "worlds": pd.concat([pd.DataFrame(effects), worlds], axis=1)}

    def figures(self) -> dict[str, Callable[[], Figure]]:
        """Effects over the worlds with luck inside; what they hang on; boxes; regret."""
        from simsvc.robustness import figures

        return figures.drawn(self.as_json(), self.tables())

    def details(self) -> dict[str, Any]:
        """What was drawn, how often, and what it was held against."""
        shared = ("over", "draws", "kept", "replications", "days", "seed", "runs")
        charts = {name: chart.model_dump() for name, chart in self.structures.items()}
        return {
            "finished": True,
            **{name: getattr(self, name) for name in shared},
            "metrics": list(self.metrics),
            "structures": charts,
            "inputs": {one.name: one.described() for one in self.parameters},
        }

    def size(self) -> str:
        """Worlds and days."""
        return f"{self.kept} worlds of {self.draws} draws, {self.replications} pairs each, {self.days} days"


def finite(values: Any) -> Any:
    """Means over replications in the worlds in which all runs came to their end: float (worlds,)."""
    mean = values.mean(axis=1)
    return mean[np.isfinite(mean)]
