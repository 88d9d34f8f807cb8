"""What a comparison of structures found: levels, paired differences, power and management apart, and a sentence."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from simsvc.comparison.factors import EFFECTS, FULL, QUEUEING, effects_of
from simsvc.comparison.horizons import gains_of, outcome_days, pays_after, turning_words
from simsvc.comparison.verdicts import difference_words, effect_words, lacking, over_assumptions, source, verdict
from simsvc.comparison.yardstick import Yardstick, wage_bill
from simsvc.evidence.robust_effects import by_effect, published_effects
from simsvc.runs.horizon import phrase
from simsvc.runs.metrics import HEADLINES, METRICS, OUTCOMES, groups_of, metrics_under, one_event
from simsvc.runs.result import ScenarioResult, ends, plain_data
from simsvc.runs.statistics import (
    CONFIDENCE,
    Interval,
    contrast,
    expected_half_width,
    interval,
    paired,
    percent_of,
    variance_saved,
)
from simsvc.runs.warm_up import settled_by, unsettled
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.scenario.structure import Structure
from simsvc.show.numbers import called, listed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PLANNED = (10, 30, 100, 300)
"""Pairs of which the half-width to be expected is told."""


@dataclass
class Comparison(ScenarioResult):
    """What a comparison found. The first structure is the baseline."""

    kind: ClassVar[str] = "comparison"
    structures: dict[str, Structure]
    runs: pd.DataFrame
    """One row per run of the full model: structure, replication, every metric."""
    parts: pd.DataFrame
    """The same with power alone turned, management alone turned, and queueing alone (column part); may be empty."""
    course: dict[str, pd.DataFrame]
    """Mean daily series by structure."""
    precision: dict[str, float] = field(default_factory=dict)
    """Half-widths asked for, by metric."""
    metrics: tuple[str, ...] = tuple(METRICS)
    """Names of the metrics shown."""
    turn_on: int | None = None
    """Day on which the baseline is turned into the others; none if they were born so."""
    years: pd.DataFrame = field(default_factory=pd.DataFrame)
    """If turned: one row per run and horizon: structure, replication, years, metrics of the year that ends then."""
    profits: pd.DataFrame = field(default_factory=pd.DataFrame)
    """If turned: profit cumulated since the turn: structure, replication, day since the turn, profit."""
    simultaneous: bool = False
    """Whether the intervals of each table hold at once with 95 %, not each by itself (Bonferroni)."""

    @property
    def when(self) -> str:
        """When the outcome is measured, and whether charts were turned or born so."""
        return phrase(self.scenario, self.days, self.turn_on)

    @property
    def warm_up(self) -> dict[str, dict[str, int | None]]:
        """By structure, the day from which each headline metric has settled, see `simsvc.runs.warm_up.settled_by`.

        Of the mean daily series; empty if charts are turned on a day: the years after it are compared as they come.
        """
        return {name: settled_by(days) for name, days in self.course.items()} if self.turn_on is None else {}

    def unsettled(self) -> str:
        """What is measured before it has settled, in a line; empty if nothing is."""
        return unsettled({f"'{name}'": found for name, found in self.warm_up.items()}, self.days, self.scenario)

    @property
    def horizons(self) -> pd.DataFrame:
        """If turned, differences by years after the turn: columns metric, structure, years, mean, low, high."""
        samples = {
            (structure, years): contrast(runs.drop(columns="years"), "structure", structure, self.baseline)
            for years, runs in (self.years.groupby("years") if len(self.years) else ())
            for structure in self.others
        }
        return self._estimates(["structure", "years"], samples, len(self.others))

    @property
    def pays_after(self) -> dict[str, dict[str, float]]:
        """If turned, years until cumulated profit stays above that of the baseline, see `horizons.pays_after`."""
        return {name: pays_after(gains.to_numpy()) for name, gains in self._gains().items()}

    def _gains(self) -> dict[str, pd.DataFrame]:
        return {name: gains_of(self.profits, name, self.baseline) for name in self.others if len(self.profits)}

    def turning(self) -> list[str]:
        """If turned, how long until it pays and which horizons are not reached, a sentence each."""
        return [] if self.turn_on is None else turning_words(self.pays_after, self.days, self.turn_on)

    @property
    def headlines(self) -> tuple[str, ...]:
        """What sentences and figures are about: the metrics chosen, or retention, loyalty and profit."""
        return HEADLINES if groups_of(self.metrics) else self.metrics

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Metrics of the table by their group."""
        return groups_of(self.metrics) or {"": self.metrics}

    @property
    def brackets(self) -> str:
        """What numbers in brackets are."""
        at_once = f", all {len(self.metrics)} metrics of a table at once (Bonferroni)" if self.simultaneous else ""
        return f"95 % intervals over pairs of runs{at_once}"

    @property
    def replications(self) -> int:
        """Replications in which every structure came to its end."""
        return int((self.runs.groupby("replication").size() == len(self.structures)).sum())

    @property
    def not_reached(self) -> dict[str, float]:
        """Metrics whose interval is still wider than asked for, with the half-width reached."""
        wide: dict[str, float] = {}
        for metric, half_width in self.precision.items():
            reached = max(found.half_width for found, _, asked in self.asked({metric: half_width}))
            if not reached <= half_width:
                wide[metric] = reached
        return wide

    def asked(self, precision: Mapping[str, float] | None = None) -> list[tuple[Interval, Any, float]]:
        """Differences in metrics whose precision is asked for: interval, values by pair, half-width; every structure.

        Args:
            precision: half-widths by metric; those asked for if left out.
        """
        effects = {structure: self._effects(structure) for structure in self.others}
        return [
            (self._interval(metric, values, len(effects)), values[metric].dropna(), half_width)
            for metric, half_width in (self.precision if precision is None else precision).items()
            for values in effects.values()
        ]

    @property
    def planning(self) -> pd.DataFrame:
        """Half-width to be expected of a difference with other numbers of pairs, by the spread of these.

        Columns: metric, structure, pairs, half_width (NaN for a single pair).
        """
        rows = []
        for structure in self.others:
            effects = self._effects(structure)
            for name in self.metrics:
                sureness = self._sureness(name, effects, len(self.others))
                rows += [(name, structure, n, expected_half_width(effects[name], n, *sureness)) for n in PLANNED]
        return pd.DataFrame(rows, columns=["metric", "structure", "pairs", "half_width"])

    @property
    def baseline(self) -> str:
        """Name of the structure the others are compared with."""
        return next(iter(self.structures))

    @property
    def others(self) -> list[str]:
        """Names of the structures that are compared with it."""
        return list(self.structures)[1:]

    @property
    def levels(self) -> pd.DataFrame:
        """Mean and interval of every metric by structure."""
        samples = {(name,): self.runs[self.runs["structure"] == name] for name in self.structures}
        return self._estimates(["structure"], samples)[["structure", "metric", "mean", "low", "high"]]

    @property
    def differences(self) -> pd.DataFrame:
        """Every metric's difference to the baseline, paired, with its interval.

        Columns: metric, why (it has no value, where it has none), label, unit, structure, baseline, mean, low, high,
        n (pairs in which it has a value), percent_of_baseline (difference in percent of the baseline's mean; of
        scores without a true zero there is none), variance_reduction (share saved by pairing), verdict, percent (show
        x 100).
        """
        rows = []
        for structure in self.others:
            effects = self._effects(structure)
            for name in self.metrics:
                metric = METRICS[name]
                a, b = paired(self.runs, name, structure, self.baseline)
                found = self._interval(name, effects, len(self.others))
                rows.append(
                    {
                        "metric": name,
                        "why": "" if found.n else lacking(self.runs, name, (self.baseline, structure)),
                        "label": metric.label,
                        "unit": metric.unit,
                        "structure": structure,
                        "baseline": self.baseline,
                        **vars(found),
                        "percent_of_baseline": percent_of(a, b) if metric.has_zero else math.nan,
                        "variance_reduction": variance_saved(a, b),
                        "verdict": verdict(found, metric.better),
                        "percent": metric.percent,
                    }
                )
        return pd.DataFrame(rows)

    @property
    def factors(self) -> pd.DataFrame:
        """Power and management apart: columns metric, structure, effect, mean, low, high; paired intervals.

        `power_old_management`: what turning power does where people are led as under the baseline;
        `power_new_management`: the same where they are led as under the other structure; `management_old_power`,
        `management_new_power`: what management does, with power as under the one and the other; `interaction`: what
        both give beyond the sum of each alone; `queueing`: who waits for whom, with decisions and behaviour off.
        """
        samples = {
            (structure, effect): values
            for structure in (self.others if len(self.parts) else ())
            for effect, values in effects_of(self.runs, self.parts, self.baseline, structure).items()
        }
        return self._estimates(["structure", "effect"], samples, self._columns)

    @property
    def _columns(self) -> int:
        """Columns of the table of factors."""
        return len(self.others) * len(EFFECTS)

    def yardstick(self, structure: str) -> Yardstick:
        """Differences in those of retention and profit that are shown, on scales that people know."""
        effects = self._effects(structure)
        found = {name: self._interval(name, effects, len(self.others)) for name in OUTCOMES if name in self.metrics}
        days = outcome_days(self.course[self.baseline], self.scenario.run.settling, self.turn_on)
        return Yardstick(found, wage_bill(days), self.baseline, self.when)

    @property
    def assumed(self) -> pd.DataFrame:
        """What was published over everything assumed, see `published_effects`; no rows if that does not apply here."""
        rows = published_effects(self.scenario_name, self.scenario, self.days, self.structures, self.turn_on)
        return rows[rows["metric"].isin(self.metrics)]

    def scales(self, structure: str) -> list[str]:
        """A difference over everything assumed, and on scales that people know, as far as there is something to say."""
        assumed = over_assumptions(self.assumed, structure, self.headlines, self.when)
        return [line for line in (assumed, self.yardstick(structure).told()) if line]

    def _effects(self, structure: str) -> pd.DataFrame:
        """Differences to the baseline in all metrics, replication by replication."""
        return contrast(self.runs, "structure", structure, self.baseline).set_index("replication")

    def _estimates(self, labels: Sequence[str], samples: Mapping[Any, pd.DataFrame], columns: int = 1) -> pd.DataFrame:
        """Estimates of all metrics from samples by their labels: columns metric, labels, mean, low, high."""
        rows = [
            {"metric": name, **dict(zip(labels, of, strict=True)), **vars(self._interval(name, values, columns))}
            for of, values in samples.items()
            for name in self.metrics
        ]
        return pd.DataFrame(rows, columns=["metric", *labels, "mean", "low", "high"])

    def _interval(self, metric: str, values: pd.DataFrame, columns: int = 1) -> Interval:
        """An estimate of a metric from the values of all metrics by replication.

        Where nothing differs in any run, the runs are the same ones, and no rare event is waited for. If intervals
        are to hold at once, this is one of as many as metrics times `columns` of its table (Bonferroni).
        """
        return interval(values[metric], *self._sureness(metric, values, columns))

    def _sureness(self, metric: str, values: pd.DataFrame, columns: int = 1) -> tuple[float, float]:
        """Coverage of an interval, and what a rare event would do, see `_interval`."""
        alike = not values[list(metrics_under(self.scenario))].fillna(0.0).to_numpy().any()
        days = self.days - int(self.days * self.scenario.run.settling) if self.turn_on is None else DAYS_PER_YEAR
        missed = (1 - CONFIDENCE) / (len(self.metrics) * columns if self.simultaneous else 1)
        return 1 - missed, 0.0 if alike else one_event(metric, self.scenario, days)

    def sentence(self) -> str:
        """What was found on retention, loyalty and profit, and whether it is power or management, in plain words."""
        told = []
        table = self.differences.set_index(["structure", "metric"])
        for structure in self.others:
            words = "; ".join(difference_words(name, table.loc[(structure, name)]) for name in self.headlines)
            told.append(f"Against '{self.baseline}', '{structure}' gives ({self.when}): {words}.")
            told += self._sources(structure) if len(self.parts) and self.replications > 1 else []
        return " ".join(told + self.turning())

    def _sources(self, structure: str) -> list[str]:
        """A sentence for each verdict on where the difference of a structure comes from."""
        effects = effects_of(self.runs, self.parts, self.baseline, structure)
        management, power = effects["management_old_power"], effects["power_old_management"]
        alike = [
            name for name, of in (("power", power), ("management", management)) if not of.fillna(0).to_numpy().any()
        ]
        if alike:
            return [f"In {listed(alike)} the two do not differ."]
        verdicts: dict[str, list[str]] = {}
        for name in self.headlines:
            whole = self._interval(name, power + effects["management_new_power"], self._columns)
            # Each factor's share is the mean of its effects under both settings of the other (Shapley): the shares add
            # up to the whole, and differ by just this.
            ahead = self._interval(name, management - power, self._columns)
            verdicts.setdefault(source(whole, ahead), []).append(name)
        told = []
        for words, names in verdicts.items():
            led, decided = (listed(effect_words(name, self._interval(name, values, self._columns)) for name in names)
                            for values in (management, power))  # fmt: skip
            told.append(
                f"{words.format(listed(map(called, names)))}: management as in '{structure}' gives {led} with "
                f"decisions taken as in '{self.baseline}'; turning power alone gives {decided}."
            )
        return told

    def queueing(self, structure: str) -> str:
        """What queueing alone does to retention, loyalty and profit, in a line."""
        table = self.factors[self.factors["structure"] == structure].set_index(["effect", "metric"])
        found = listed(f"{called(name)} {effect_words(name, table.loc[(QUEUEING, name)])}" for name in self.headlines)
        loads = [
            100 * float(runs[runs["structure"] == self.baseline]["occupancy"].mean())
            for runs in (self.parts[self.parts["part"] == QUEUEING], self.runs)
        ]
        return (
            f"Queueing alone, the same staff with nothing judged and nobody changing ({self.when}): {found} "
            f"(occupancy of '{self.baseline}' {loads[0]:.0f} % instead of {loads[1]:.0f} %). It holds who may "
            "act unasked, a matter of power, and whether cases are parked, one of management: so it overlaps with both "
            "and is no third part beside them."
        )

    def as_json(self) -> dict[str, Any]:
        """The result as plain data; intervals are 95 %, each or at once, NaN becomes null."""
        levels: dict[str, dict[str, Any]] = {name: {} for name in self.structures}
        for row in self.levels.to_dict("records"):
            levels[row["structure"]][row["metric"]] = ends(row)
        shown = ["metric", "structure", "baseline", "mean", "low", "high", "n", "percent_of_baseline",
                 "variance_reduction", "verdict", "why"]  # fmt: skip
        factors: dict[str, Any] = {}
        for row in self.factors.to_dict("records"):
            factors.setdefault(row["structure"], {}).setdefault(row["metric"], {})[row["effect"]] = ends(row)
        return {
            "scenario": self.scenario_name,
            "replications": self.replications,
            "days": self.days,
            "seed": self.seed,
            "when": self.when,
            "turn_on": self.turn_on,
            "horizons": plain_data(self.horizons),
            "pays_after": plain_data(self.pays_after),
            "simultaneous": self.simultaneous,
            "structures": levels,
            "differences": plain_data(self.differences[shown]),
            "yardstick": {name: self.yardstick(name).as_json() for name in self.others},
            "planning": plain_data(self.planning),
            "assumptions": plain_data(by_effect(self.assumed)),
            "factors": factors,
            "warm_up": self.warm_up,
        }

    def tables(self) -> dict[str, pd.DataFrame]:
        """Runs, levels, differences, power and management apart, and mean daily series."""
        return {
            "runs": pd.concat([self.runs.assign(part=FULL), self.parts]),
            "levels": self.levels,
            "differences": self.differences,
            "factors": self.factors,
            "planning": self.planning,
            **({"horizons": self.horizons, "years": self.years, "profits": self.profits} if len(self.years) else {}),
            "days": pd.concat([frame.assign(structure=name) for name, frame in self.course.items()]),
        }

    def figures(self) -> dict[str, Callable[[], Figure]]:
        """The course of all with the sources of the last one's difference, and all levels."""
        from simsvc.comparison.figures import flip, levels, turn

        table, last = self.factors, list(self.structures)[-1]
        sources = table[table["structure"] == last]
        names = f"; old: as in '{self.baseline}', new: as in '{last}'" if len(sources) else ""
        title = f"{self.sentence()} ({self.size()}, {self.brackets}{names})"
        years = {"horizons": lambda: turn(self.horizons, self._gains(), " ".join(self.turning()))}
        return {
            "flip": lambda: flip(self.course, sources, self.headlines, title),
            "levels": lambda: levels(self.levels, f"Levels by structure, 95 % intervals ({self.size()}; {self.when})"),
            **(years if len(self.years) else {}),
        }

    def details(self) -> dict[str, Any]:
        """What was compared, how often, and how precisely."""
        return {
            "seed": self.seed,
            "days": self.days,
            "replications": self.replications,
            "precision": self.precision,
            "precision_not_reached": self.not_reached,
            "turn_on": self.turn_on,
            "metrics": list(self.metrics),
            "simultaneous": self.simultaneous,
            "structures": {name: chart.model_dump() for name, chart in self.structures.items()},
        }

    def size(self) -> str:
        """Pairs and days."""
        return f"{self.replications} pairs of {self.days} days"

    def __str__(self) -> str:
        table = self.differences[["label", "structure", "mean", "low", "high", "verdict"]]
        return f"{table.to_string(index=False)}\n{self.sentence()}"
