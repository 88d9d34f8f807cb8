"""Agents who serve some kinds of calls only: how many of each group it takes to reach a target for every kind.

No formula is exact for such queues, so they are simulated, event by event, as Wallace and Whitt (2005) do. A free agent
takes the call that has waited longest among those that he can serve; a call that finds agents free goes to the one with
the fewest skills, of these to the longest idle. Whatever a call brings, its time, kind, work and patience, is the same
under every staffing (common random numbers), so that luck does not tell staffings apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush
from typing import Any

import numpy as np

from simsvc.calibration.calls.intervals import ratio
from simsvc.model.compiling import entry_allocating
from simsvc.runs.statistics import Interval

CALLS = 100_000
"""Calls simulated for each staffing tried, at least."""
CALLS_EACH = 1000
"""Calls simulated for each agent, at least: what lies long back must be forgotten. And for each kind, up to"""
MOST_FOR_RARE = 200_000
"""so many of all kinds."""
BATCHES = 20
"""Equal parts of a simulation, which tell its error; the first one warms up and does not count."""
STEPS = 40
"""The search begins with steps of one agent in so many, and ends with single ones."""
KEY = 17
"""Of the random numbers, which are always the same."""


@entry_allocating
def served_in_time(arrive: Any, kinds: Any, work: Any, patience: Any, skills: Any, agents: Any, within: float) -> Any:
    """Calls served after a wait of at most `within`, simulated event by event, int (batches, kinds).

    Args:
        arrive: float (n,), when each call comes, in order.
        kinds: int (n,), of which kind it is.
        work: float (n,), how long it takes.
        patience: float (n,), how long it waits at most.
        skills: bool (groups, kinds), who serves what.
        agents: int (groups,), how many of each.
        within: longest wait that counts.
    """
    n, groups, number = len(arrive), skills.shape[0], skills.shape[1]
    breadth = skills.sum(axis=1)
    idle = np.zeros((groups, max(agents.max(), 1)))  # since when, in a ring: the longest idle stands at `first`
    first, free = np.zeros(groups, np.int64), agents.copy()
    head, tail = np.full(number, -1), np.full(number, -1)  # of the queue of each kind, linked by `after`
    after = np.full(n, -1)
    count = np.zeros((BATCHES, number), np.int64)
    ends = [(np.inf, 0)]  # of services, and who is free then; a heap
    for call in range(n + 1):
        now = arrive[call] if call < n else np.inf
        while ends[0][0] <= now and ends[0][0] < np.inf:
            end, group = heappop(ends)
            best = -1
            for kind in range(number):
                if not skills[group, kind]:
                    continue
                while head[kind] >= 0 and arrive[head[kind]] + patience[head[kind]] < end:  # has given up
                    head[kind] = after[head[kind]]
                if head[kind] >= 0 and (best < 0 or head[kind] < head[best]):
                    best = kind
            if best < 0:
                idle[group, (first[group] + free[group]) % agents[group]] = end
                free[group] += 1
                continue
            taken = head[best]
            head[best] = after[taken]
            count[taken * BATCHES // n, best] += end - arrive[taken] <= within
            heappush(ends, (end + work[taken], group))
        if call == n:
            break
        kind, best = kinds[call], -1
        for group in range(groups):
            if skills[group, kind] and free[group] > 0:
                if best < 0 or (breadth[group], idle[group, first[group]]) < (breadth[best], idle[best, first[best]]):
                    best = group
        if best >= 0:
            first[best] = (first[best] + 1) % agents[best]
            free[best] -= 1
            count[call * BATCHES // n, kind] += 1
            heappush(ends, (now + work[call], best))
        elif head[kind] < 0:
            head[kind] = tail[kind] = call
        else:
            after[tail[kind]] = call
            tail[kind] = call
    return count


@cache
def _luck(calls: int) -> Any:
    """Uniform numbers in (0, 1) for gaps, kinds, work and patience, float (4, calls)."""
    bits = np.random.Philox(key=KEY).random_raw(4 * calls).reshape(4, calls)
    return ((bits >> np.uint64(11)) + 0.5) * 2.0**-53


@dataclass
class SharedQueues:
    """Queues that share agents, as if a part of the day lasted for ever: Poisson arrivals, exponential times.

    Attributes:
        rates: float (kinds,), calls an hour, not all 0.
        services: float (kinds,), mean hours of work.
        patience: mean hours; inf: nobody gives up.
        skills: bool (groups, kinds).
        within: longest wait that counts, hours.
        most: agents that are likely to be tried at most.
    """

    rates: Any
    services: Any
    patience: float
    skills: Any
    within: float
    most: int = 0

    def __post_init__(self) -> None:
        rarest = CALLS_EACH * np.sum(self.rates) / self.rates[self.rates > 0].min()
        calls = max(CALLS, CALLS_EACH * self.most, min(rarest, MOST_FOR_RARE))
        gaps, kinds, work, patience = _luck(math.ceil(calls / CALLS) * CALLS)
        shares = np.cumsum(self.rates) / np.sum(self.rates)
        of = np.minimum(np.searchsorted(shares, kinds, side="right"), np.flatnonzero(self.rates)[-1])
        arrive = np.cumsum(-np.log(gaps)) / np.sum(self.rates)
        self.calls = arrive, of, -np.log(work) * self.services[of], -np.log(patience) * self.patience
        batch = np.arange(len(of)) * BATCHES // len(of)
        self.came = np.zeros((BATCHES, len(self.rates)), np.int64)
        np.add.at(self.came, (batch, of), 1)
        self.known: dict[tuple[int, ...], Any] = {}

    def in_time(self, agents: Any) -> Any:
        """Calls served in time with so many agents of each group, int (batches, kinds)."""
        key = tuple(int(number) for number in agents)
        if key not in self.known:
            self.known[key] = served_in_time(*self.calls, self.skills, np.array(key), self.within)
        return self.known[key]

    def levels(self, agents: Any) -> Any:
        """Share of each kind served in time, float (kinds,); 1 where no call comes."""
        came = self.came[1:].sum(axis=0)
        return np.where(came > 0, self.in_time(agents)[1:].sum(axis=0) / np.maximum(came, 1), 1.0)

    def intervals(self, agents: Any) -> list[Interval]:
        """The same with 95 % intervals of the simulation."""
        count = self.in_time(agents)
        return [ratio(np.column_stack([count[1:, k], self.came[1:, k]]), 1.0) for k in range(len(self.rates))]

    def needed(self, share: float, weights: Any, least: int) -> Any:
        """Agents of each group with which every kind reaches a level, int (groups,).

        Begins with `least`, the need of one queue for all, split by the work of each group; adds where it helps the
        kind served worst most, the fewest skills if it does not matter; then takes away what is not needed, the most
        skills first.

        Args:
            share: of calls to be served in time, 0-1.
            weights: float (groups,), how the work of a kind is split among the groups that serve it.
            least: agents that it takes at least.
        """
        able = self.skills * np.asarray(weights, float)[:, None]
        work = able / able.sum(axis=0) @ (self.rates * self.services)
        bounds = np.rint(np.append(0.0, np.cumsum(work / work.sum() * least)))
        agents, one = np.diff(bounds).astype(int), np.eye(len(work), dtype=int)
        order = [int(group) for group in np.argsort(self.skills.sum(axis=1), kind="stable")]
        step = max(least // STEPS, 1)
        while self.levels(agents).min() < share:
            worst = int(self.levels(agents).argmin())
            tried = [agents + step * one[group] for group in order if self.skills[group, worst]]
            agents = max(tried, key=lambda more: (self.levels(more)[worst], self.levels(more).min()))
        while step:
            for group in reversed(order):
                fewer = agents - step * one[group]
                while fewer[group] >= 0 and fewer.sum() >= least and self.levels(fewer).min() >= share:
                    agents, fewer = fewer, fewer - step * one[group]
            step //= 2
        return agents
