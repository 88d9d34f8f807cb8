"""What each part of a difference between two charts is worth: effects, interactions, and what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from simsvc.decomposition.worth import WORDS, WORDS_OF_STAGES, Factorial, Orders, Plan
from simsvc.runs.horizon import phrase
from simsvc.runs.metrics import METRICS, one_event
from simsvc.runs.result import ScenarioResult, ends, plain_data
from simsvc.runs.statistics import Interval, interval, intervals, widening
from simsvc.scenario.structure import Structure
from simsvc.show.numbers import difference, difference_unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NONE = "none of them"
"""What is told beside the stages of the model: the difference between the charts with none of them on."""

READING_OF_STAGES = (
    "Parts are stages of the model, groups of its rules; both structures were run with each combination of them on. "
    "Share (Shapley value): what a stage adds to the difference between the structures in the mean over all orders of "
    f"switching them on; shares and '{NONE}' add up to the whole. Main effect: its mean over all combinations of the "
    "others.",
    f"'{NONE.capitalize()}': who waits for whom, what customers make of it, and hiring by demand are in every run. "
    "Switched on first: what a stage adds to that alone. Switched on last: what is lost if it alone is off.",
)


@dataclass
class Decomposition(ScenarioResult):
    """What each part of a difference between two charts is worth."""

    kind: ClassVar[str] = "decomposition"
    start_name: str
    end_name: str
    start: Structure
    end: Structure
    by: str
    """One of `simsvc.decomposition.compute.WAYS`, or `"stages"`."""
    plan: Plan
    parts: dict[str, dict[str, Any]]
    """Levers of each part with their values in the chart to which one goes; of a stage, strengths of its rules."""
    metrics: tuple[str, ...]
    runs: pd.DataFrame
    """One row per run, as of a sweep."""
    values: pd.DataFrame
    """One row per replication, part and effect: columns part, effect, replication and the metrics.

    By stages also the part `NONE` with the effect `none`, the difference between the charts with no stage on."""
    pairs: pd.DataFrame
    """The same for two parts together: columns one, other, replication and the metrics."""
    differences: pd.DataFrame
    """The whole difference: one row per replication, the metrics."""
    asked: int = 0
    """Replications asked for."""

    @property
    def replications(self) -> int:
        """Replications in which every run came to its end; only these count."""
        return len(self.differences)

    @property
    def effects(self) -> pd.DataFrame:
        """Every effect of every part on every metric: columns part, effect, metric, mean, low, high, n."""
        return intervals(self.values, ["part", "effect"], self.metrics, self._events)

    @property
    def interactions(self) -> pd.DataFrame:
        """What two parts give beyond each alone: columns one, other, metric, mean, low, high, n; may be empty."""
        return intervals(self.pairs, ["one", "other"], self.metrics, self._events)

    def whole(self, metric: str) -> Interval:
        """The difference between both charts."""
        return self._interval(metric, self.differences)

    @property
    def _events(self) -> dict[str, float]:
        """What one rare event more or less does to each metric, as in comparisons."""
        days = self.days - int(self.days * self.scenario.run.settling)
        return {metric: one_event(metric, self.scenario, days) for metric in self.metrics}

    def _interval(self, metric: str, values: pd.DataFrame) -> Interval:
        """An estimate of a metric; where nothing differs in any run, no rare event is waited for."""
        alike = not values[list(self.metrics)].fillna(0.0).to_numpy().any()
        return interval(values[metric], event=0.0 if alike else self._events[metric])

    @property
    def by_stages(self) -> bool:
        """Whether the parts are stages of the model, not of the charts."""
        return self.by == "stages"

    @property
    def effect_words(self) -> dict[str, str]:
        """How tables and figures call the effects that there are."""
        words = WORDS_OF_STAGES if self.by_stages else WORDS
        return {effect: word for effect, word in words.items() if (self.values["effect"] == effect).any()}

    def with_none(self, metric: str) -> Interval:
        """By stages, the difference between both charts with none of them on."""
        return self.share(NONE, metric, "none")

    def sum_of_shares(self, metric: str) -> float:
        """Shapley values, and by stages `with_none`, added up; the mean of the whole difference but for rounding."""
        mine = self.values[self.values["effect"].isin(("shapley", "none"))]
        return float(mine.groupby("replication")[metric].sum().mean())

    def share(self, part: str, metric: str, effect: str = "shapley") -> Interval:
        """An effect of a part on a metric."""
        mine = self.values[(self.values["part"] == part) & (self.values["effect"] == effect)]
        return self._interval(metric, mine)

    def order(self, metric: str) -> list[str]:
        """Parts by their Shapley value, the largest first."""
        return sorted(self.parts, key=lambda part: -self.share(part, metric).mean)

    def words(self, found: Any, metric: str) -> str:
        """An effect on a metric with its interval, in the unit of its differences."""
        row = vars(found) if isinstance(found, Interval) else found
        return str(difference(metric, row["mean"], row["low"], row["high"], ends_sign="+"))

    @property
    def about(self) -> str:
        """What is taken apart, and into what."""
        charts = f"From '{self.start_name}' to '{self.end_name}'"
        return f"{charts}, {self.by} {'of the model switched on' if self.by_stages else 'turned'}"

    def sentence(self) -> str:
        """What does most and least of every metric, and which parts need or disturb each other most."""
        told = [f"{self.about}, {self.replications} replications ({phrase(self.scenario, self.days)})."]
        for metric in self.metrics:
            order = self.order(metric)
            first, last = (self.share(order[end], metric) for end in (0, -1))
            words = (
                f"{METRICS[metric].label} changes by {self.words(self.whole(metric), metric)} "
                f"{difference_unit(metric).name}: {order[0]} ({self.words(first, metric)}) adds most"
            )
            apart = "" if first.low > last.high else ", which may be chance: the intervals overlap"
            least = f", {order[-1]} ({self.words(last, metric)}) least{apart}" if len(order) > 1 else ""
            rest = (
                f"; with none of them there is {self.words(self.with_none(metric), metric)}" if self.by_stages else ""
            )
            told += [f"{words}{least}{rest}.", self._strongest_pair(metric)]
        return " ".join(sentence for sentence in told if sentence)

    def _strongest_pair(self, metric: str) -> str:
        """The two parts of which the interaction is largest, if it is more than chance makes of so many pairs."""
        if self.pairs.empty:
            return ""
        table = self.interactions
        mine = table[table["metric"] == metric]
        reach = (mine["high"] - mine["low"]) / 2 * widening(len(mine), int(mine["n"].min()))
        mine = mine[mine["mean"].abs() > reach]
        if mine.empty:
            return ""
        row: Any = max(mine.to_dict("records"), key=lambda one: abs(one["mean"]))
        return (
            f"Together, {row['one']} and {row['other']} give {'more' if row['mean'] > 0 else 'less'} than each alone "
            f"({self.words(row, metric)} {difference_unit(metric).name}; more than chance makes of so many pairs)."
        )

    def as_json(self) -> dict[str, Any]:
        """The result as plain data; intervals are 95 %, NaN becomes null."""
        made_of = "rules" if self.by_stages else "levers"
        effects: dict[str, Any] = {
            part: {made_of: levers, "effects": {metric: {} for metric in self.metrics}}
            for part, levers in self.parts.items()
        }
        table = self.effects
        for row in table[table["effect"] != "none"].to_dict("records"):
            effects[row["part"]]["effects"][row["metric"]][row["effect"]] = ends(row)
        return {
            "finding": self.sentence(),
            "scenario": self.scenario_name,
            "from": self.start_name,
            "to": self.end_name,
            "by": self.by,
            "design": "factorial" if isinstance(self.plan, Factorial) else "orders",
            "orders": self.orders,
            "replications": self.replications,
            "days": self.days,
            "seed": self.seed,
            "runs": len(self.runs),
            "failed": len(self.failures),
            "whole": {metric: ends(vars(self.whole(metric))) for metric in self.metrics},
            **({"with_none": {m: ends(vars(self.with_none(m))) for m in self.metrics}} if self.by_stages else {}),
            "sum_of_shares": plain_data({metric: self.sum_of_shares(metric) for metric in self.metrics}),
            "parts": effects,
            "interactions": plain_data(self.interactions.drop(columns="n")),
        }

    @property
    def orders(self) -> int | None:
        """Random orders in each replication; none where all combinations were run."""
        return self.plan.number if isinstance(self.plan, Orders) else None

    def tables(self) -> dict[str, pd.DataFrame]:
        """Effects, interactions if there are any, both by replication, and what each part is made of."""
        levers = [
            (part, lever, 0.0 if self.by_stages else getattr(self.start, lever), value)
            for part, mine in self.parts.items()
            for lever, value in mine.items()
        ]
        charts = pd.DataFrame(levers, columns=["part", "lever", "from", "to"]).astype({"from": str, "to": str})
        return {
            "effects": self.effects,
            **({"interactions": self.interactions} if len(self.pairs) else {}),
            "replications": self.values,
            "parts": charts,
        }

    def figures(self) -> dict[str, Callable[[], Figure]]:
        """What each part is worth, as bars with intervals, and interactions if there are any."""
        from simsvc.decomposition.figures import bars, interactions

        how = "all combinations" if self.orders is None else "random orders"
        title = (
            f"{self.scenario_name}. {self.about}: what each part is worth ({how}, {self.size()}, 95\u00a0% intervals)"
        )
        two = (
            f"{self.scenario_name}: what two parts give together beyond each alone ({self.replications} replications, "
            "95\u00a0% intervals)"
        )
        whole = {metric: self.words(self.whole(metric), metric) for metric in self.metrics}
        found = {"shares": lambda: bars(self.effects, self.order(self.metrics[0]), whole, title, self.effect_words)}
        if len(self.pairs):
            found["interactions"] = lambda: interactions(self.interactions, two)
        return found

    def details(self) -> dict[str, Any]:
        """What was taken apart, how, and how often."""
        found = {name: getattr(self, name) for name in ("by", "orders", "seed", "days", "replications")}
        return {
            "finished": True,
            **found,
            "runs": len(self.runs),
            "structures": {"from": self.start.model_dump(), "to": self.end.model_dump()},
            "names": {"from": self.start_name, "to": self.end_name},
        }

    def size(self) -> str:
        """Replications and days."""
        return f"{self.replications} replications of {self.days} days"

    def __str__(self) -> str:
        table = self.effects.pivot(index="part", columns=["metric", "effect"], values="mean")
        return f"{table.to_string()}\n{self.sentence()}"
