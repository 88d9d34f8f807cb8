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
from simsvc.calibration.calls.result import CallsResult
from simsvc.calibration.calls.skill_routing import SharedQueues
from simsvc.calibration.calls.skills import Group, read_skills, seen_skills
from simsvc.errors import InputError
from simsvc.evidence.service_level import Target, servers_needed
from simsvc.runs.result import ends, plain_data
from simsvc.runs.statistics import Interval
from simsvc.scenario.settings import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OTHERS = "others"
"""Kinds of calls of which there are too few to be shown apart."""


@dataclass
class StaffNeeds(CallsResult):
    """What a target needs, by part of the day.

    Attributes:
        found: estimates.
        target: service level.
        scenario: of which nothing is used; for the manifest.
        skills: who serves which kinds of calls: a text as `read_skills` takes it, or `records`; None: not asked.
        level: share of calls that reached the target, over all, with its interval.
        table: one row per part of the day: `hour`; `calls` an hour; `service` (min); `level` reached, `low`, `high`;
            agents `available` now; agents that would have to be available by Erlang C (nobody gives up, `erlang_c`)
            and by Erlang A (callers give up as these do, `erlang_a`); and `on_duty`: Erlang A over the share of agents
            on duty who are available; and `separate`: Erlang A, or C, if each kind of call had a queue and agents of
            its own. NaN where the records do not tell. With skills `shared`, the agents of all groups together.
        by_type: one row per kind of call and part of the day, as if it had a queue of its own: `type`, `hour`, `calls`,
            `service`, `erlang_c`, `erlang_a`. Empty with fewer than two kinds. With skills `shared_level`, the level of
            the kind with the agents of `by_group`, with `low`, `high` for the error of the simulation.
        groups: agents with the same skills; none without skills.
        by_group: one row per part of the day and group: `hour`, `group`, `kinds`, `agents`. Empty without skills.
    """

    kind: ClassVar[str] = "staff for a service level"
    found: CallEstimates
    target: Target
    scenario: Scenario
    skills: str | None = None
    level: Interval = field(init=False)
    table: pd.DataFrame = field(init=False)
    by_type: pd.DataFrame = field(init=False)
    groups: list[Group] = field(init=False)
    by_group: pd.DataFrame = field(init=False)

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
        share = math.nan if now is None else (now["available"] / now["on_duty"].where(now["on_duty"] > 0)).to_numpy()
        apart = found.service.types
        length = dict(zip(apart["type"].astype(str), apart["mean"] / found.service.mean.mean, strict=True))
        kinds = calls["type"].where(calls["type"].isin(list(length)), OTHERS)
        self.by_type = self._by_type(calls, kinds, length, table)
        each = self.by_type["erlang_a"].fillna(self.by_type["erlang_c"]).groupby(self.by_type["hour"]).sum()
        self.table = table.assign(
            on_duty=table["erlang_a"].fillna(table["erlang_c"]) / share, separate=table["hour"].map(each)
        )
        self.groups, self.by_group = [], pd.DataFrame()
        if self.skills is not None:
            self._share(calls, kinds)

    def _share(self, calls: pd.DataFrame, kinds: pd.Series[Any]) -> None:
        """Agents of each group, and the levels of each kind, if agents serve some kinds only."""
        if not len(self.by_type):
            raise InputError("--skills: the records tell fewer than two kinds of calls (a column for type is needed)")
        types = list(dict.fromkeys(self.by_type["type"]))
        if self.skills == "records":
            self.groups = seen_skills(calls["agent"].where(calls["served"]), kinds, types)
        else:
            self.groups = read_skills(str(self.skills), types)
        skills = np.array([[kind in group.kinds for kind in types] for group in self.groups])
        patience = self.found.patience.mean.mean / 60.0 if self.found.patience else math.inf
        parts, levels = [], []
        pooled = self.table["erlang_a"].fillna(self.table["erlang_c"]).astype(int)
        for hour, least in zip(self.table["hour"], pooled, strict=True):
            queues = self.by_type[self.by_type["hour"] == hour]
            rates, hours = queues["calls"].to_numpy(), queues["service"].to_numpy() / 60.0
            agents, reached = np.zeros(len(skills), int), [Interval(math.nan, math.nan, math.nan, 0)] * len(types)
            if rates.sum() > 0:
                shared = SharedQueues(rates, hours, patience, skills, self.target.seconds / 3600.0, least)
                agents = shared.needed(self.target.share, [group.agents for group in self.groups], least)
                reached = shared.intervals(agents)
            parts += [
                (hour, group.name, ", ".join(group.kinds), int(number))
                for group, number in zip(self.groups, agents, strict=True)
            ]
            levels.append(pd.DataFrame(in_columns(reached, "shared_level"), index=queues.index))
        self.by_group = pd.DataFrame(parts, columns=["hour", "group", "kinds", "agents"])
        self.by_type = self.by_type.join(pd.concat(levels))
        self.table["shared"] = self.table["hour"].map(self.by_group.groupby("hour")["agents"].sum())

    def _by_type(
        self, calls: pd.DataFrame, kinds: pd.Series[Any], length: dict[str, float], table: pd.DataFrame
    ) -> pd.DataFrame:
        """The same of each kind of call; those of which there are few are taken together.

        Args:
            calls: of ordinary days.
            kinds: of which kind each is.
            length: service time of the kinds that are shown apart, relative to that of all.
            table: of all calls.
        """
        if len(length) < 2:
            return self._with_needs(table[["hour", "calls", "service"]].assign(type="").iloc[:0])
        came = {
            kind: _shares(self.found.hours.sums(calls, kinds == kind, 1.0).sum(axis=0))
            for kind in dict.fromkeys([*length, *kinds])
        }
        mix = sum(share * length.get(kind, 1.0) for kind, share in came.items())
        queues = [
            table[["hour"]].assign(
                type=kind,
                calls=table["calls"] * share,
                service=table["service"] * length.get(kind, 1.0) / np.where(mix > 0, mix, 1.0),
            )
            for kind, share in came.items()
        ]
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
        """By part of the day, by kind of call if there are several, and by group of agents if skills were given."""
        parts = {"": self.table, "_by_type": self.by_type, "_by_group": self.by_group}
        return {f"required_staff{name}": table for name, table in parts.items() if len(table)}

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
            f"{peak}.{self._shared_sentence()}"
        )

    def _shared_sentence(self) -> str:
        """What shared skills need at the peak, between one queue for all and one for each kind."""
        if not self.groups:
            return ""
        most = self.table[["shared", "separate"]].max()
        pooled = self.table["erlang_a"].fillna(self.table["erlang_c"]).max()
        return (
            f" With these skills {most['shared']:.0f}, so that every kind of call reaches the target; if all agents "
            f"served all kinds {pooled:.0f}, if each kind had agents of its own {most['separate']:.0f}."
        )

    def as_json(self) -> dict[str, Any]:
        """Target, level and table as plain data."""
        return {
            "kind": self.kind,
            "target": {"share": self.target.share, "seconds": self.target.seconds},
            "level": ends(vars(self.level)),
            **self.found.records.counts(),
            **self.basis(),
            "parts": plain_data(self.table),
            "by_type": plain_data(self.by_type),
            "groups": [{"group": g.name, "kinds": list(g.kinds), "agents_seen": g.agents} for g in self.groups],
            "by_group": plain_data(self.by_group),
        }


def _shares(sums: Any) -> Any:
    """Column 0 over column 1, float (n, 2), and 0 where that is 0."""
    return sums[:, 0] / np.maximum(sums[:, 1], 1.0)
