"""How many agents a target needs: so many per cent of calls served within so many seconds, half hour by half hour."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from simsvc.calibration.calls.estimates import CallEstimates
from simsvc.calibration.calls.intervals import in_columns, ratio
from simsvc.calibration.calls.service_times import ServiceTimes
from simsvc.errors import InputError
from simsvc.evidence.service_level import Target, servers_needed
from simsvc.runs.result import Result, plain_data
from simsvc.runs.statistics import Interval
from simsvc.scenario.settings import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OTHERS = "others"
"""Kinds of calls of which there are too few to be shown apart."""


@dataclass
class StaffNeeds(Result):
    """What a target needs, by part of the day.

    Attributes:
        found: estimates.
        target: service level.
        scenario: of which nothing is used; for the manifest.
        level: share of calls that reached the target, over all, with its interval.
        table: one row per part of the day: `hour`; `calls` an hour; `service` (min); `level` reached, `low`, `high`;
            agents `available` now; agents that would have to be available by Erlang C (nobody gives up, `erlang_c`)
            and by Erlang A (callers give up as these do, `erlang_a`); and `on_duty`: Erlang A over the share of agents
            on duty who are available; and `separate`: Erlang A, or C, if each kind of call had a queue and agents of
            its own. NaN where the records do not tell.
        by_type: one row per kind of call and part of the day, as if it had a queue of its own: `type`, `hour`, `calls`,
            `service`, `erlang_c`, `erlang_a`. Empty with fewer than two kinds.
    """

    kind: ClassVar[str] = "staff for a service level"
    forms: ClassVar[tuple[str, ...]] = ("csv", "png")
    found: CallEstimates
    target: Target
    scenario: Scenario
    level: Interval = field(init=False)
    table: pd.DataFrame = field(init=False)
    by_type: pd.DataFrame = field(init=False)

    def __post_init__(self) -> None:
        found, hours = self.found, self.found.hours
        if found.service is None:
            raise InputError("--staff: the records hold no service times; without them the work is unknown")
        calls = hours.ordinary(found.records)
        sums = hours.sums(calls, calls["served"] & (calls["wait"] <= self.target.seconds), 1.0)
        self.level = ratio(sums.sum(axis=1), 1.0)
        rates = found.arrivals.profile["calls_per_hour"].fillna(0.0).to_numpy()
        work = found.service.by_time["ratio"].to_numpy() * found.service.work.mean
        table = pd.DataFrame({"hour": hours.starts, "calls": rates, "service": work})
        table = table.assign(**in_columns([ratio(sums[:, k], 1.0) for k in range(hours.slots)], "level"))
        now = found.staffing.profile if found.staffing else None
        table["available"] = math.nan if now is None else now["available"].to_numpy()
        table = self._with_needs(table)
        share = math.nan if now is None else now["available"].to_numpy() / now["on_duty"].to_numpy()
        self.by_type = self._by_type(calls, table, found.service)
        each = self.by_type["erlang_a"].fillna(self.by_type["erlang_c"]).groupby(self.by_type["hour"]).sum()
        self.table = table.assign(
            on_duty=table["erlang_a"].fillna(table["erlang_c"]) / share, separate=table["hour"].map(each)
        )

    def _by_type(self, calls: pd.DataFrame, table: pd.DataFrame, service: ServiceTimes) -> pd.DataFrame:
        """The same of each kind of call; those of which there are few are taken together."""
        length = (service.types.set_index("type")["mean"] / service.mean.mean).to_dict()
        kinds = calls["type"].where(calls["type"].isin(list(length)), OTHERS)
        queues = [table[["hour", "calls", "service"]].assign(type="").iloc[:0]]
        for kind in dict.fromkeys([*length, *kinds]) if len(length) > 1 else ():
            came = self.found.hours.sums(calls, kinds == kind, 1.0).sum(axis=0)
            own = table["calls"] * came[:, 0] / np.maximum(came[:, 1], 1.0)
            time = table["service"] * length.get(kind, 1.0)
            queues.append(pd.DataFrame({"type": kind, "hour": table["hour"], "calls": own, "service": time}))
        return self._with_needs(pd.concat(queues, ignore_index=True))

    def _with_needs(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table with the agents that its calls need."""
        needs = [self._needed(rate, minutes) for rate, minutes in zip(table["calls"], table["service"], strict=True)]
        return table.assign(**pd.DataFrame(needs, columns=["erlang_c", "erlang_a"], index=table.index, dtype=float))

    def _needed(self, rate: float, minutes: float) -> tuple[float, float]:
        """Agents by Erlang C and A for calls an hour."""
        if rate <= 0:
            return 0.0, 0.0
        wanted = self.target.share, self.target.seconds / 3600.0
        forever = servers_needed(rate, 60.0 / minutes, 0.0, *wanted)
        if self.found.patience is None:
            return float(forever), math.nan
        return float(forever), float(
            servers_needed(rate, 60.0 / minutes, 60.0 / self.found.patience.mean.mean, *wanted)
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        """By part of the day, and by kind of call if there are several."""
        both = {"required_staff": self.table, "required_staff_by_type": self.by_type}
        return {name: table for name, table in both.items() if len(table)}

    def figures(self) -> dict[str, Callable[[], Figure]]:
        """Agents needed beside those available."""
        from simsvc.calibration.calls.figures import needs_figure

        return {"required_staff": partial(needs_figure, self.table, str(self.target))}

    def sentence(self) -> str:
        """What was reached, and what would be needed at the peak."""
        level, most = self.level, self.table[["erlang_c", "erlang_a"]].max()
        peak = f"{most['erlang_c']:.0f} agents by Erlang C"
        if math.isfinite(most["erlang_a"]):
            peak += f", {most['erlang_a']:.0f} by Erlang A"
        return (
            f"Target: {self.target}. Reached: {100 * level.mean:.1f} % [{100 * level.low:.1f}, {100 * level.high:.1f}] "
            "of all who queued or were served; who gives up counts as not served in time. Needed at the busiest time: "
            f"{peak}."
        )

    def as_json(self) -> dict[str, Any]:
        """Target, level and table as plain data."""
        level, hours = self.level, self.found.hours
        return {
            "kind": self.kind,
            "target": {"share": self.target.share, "seconds": self.target.seconds},
            "level": plain_data({"mean": level.mean, "low": level.low, "high": level.high}),
            "days": len(hours.dates),
            "opens": hours.opens / 3600.0,
            "closes": hours.closes / 3600.0,
            "notes": [*self.found.records.reasons, *self.found.records.notes, *hours.left_out],
            "parts": plain_data(self.table),
            "by_type": plain_data(self.by_type),
        }

    def details(self) -> dict[str, Any]:
        """Where the records come from."""
        return {"data": self.found.records.source}

    def size(self) -> str:
        """What was done."""
        return self.kind
