"""Which of many parts do the work: what is run, and what each part is worth by it.

The parts of a difference between two charts are components, decision domains or levers. The worth of a
group of parts is the difference that the chart makes in which these are turned and the others are not. With few
parts all groups are run; with many, the groups along some random orders of turning one part after the other.
Parts may also be stages of the model: the worth of a group is the difference between both charts with these on.

Every replication estimates every effect by itself, from runs and orders of its own. So the interval over
replications covers both, the luck of the runs and the choice of orders.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simsvc.errors import InputError
from simsvc.runs.statistics import interaction, main_effect, shapley, subsets

Group = frozenset[str]
"""Parts that are turned."""
Worth = Mapping[Group, Any]
"""Worth of each group that was run: numbers or arrays (metrics)."""

EFFECTS = ("shapley", "main", "first", "last")
"""What is estimated of a part: its Shapley value, its main effect, what it does if turned first, alone in the
chart from which one starts, and what it adds if turned last, which is lost if it alone is taken back at the end."""
WORDS = dict(zip(EFFECTS, ("share", "main effect", "turned first", "turned last"), strict=True))
"""How tables and figures call the effects; the share is the Shapley value."""
WORDS_OF_STAGES = {effect: words.replace("turned", "switched on") for effect, words in WORDS.items()}
"""The same where the parts are stages of the model."""
MOST_FACTORIAL = 5
"""Up to so many parts all groups are run, if nothing else is asked for."""


@dataclass(frozen=True)
class Factorial:
    """All groups of the parts: effects are exact but for the luck of the runs."""

    parts: tuple[str, ...]

    def groups(self, replication: int = 0) -> list[Group]:
        """Groups to be run in a replication: all, the same in every replication."""
        return subsets(self.parts)

    def effects(self, worth: Worth, replication: int = 0) -> dict[str, dict[str, Any]]:
        """Every effect of every part in a replication, by effect and part; Shapley values add up to the whole."""
        return {
            "shapley": shapley(worth, self.parts),
            "main": {one: main_effect(worth, self.parts, one) for one in self.parts},
            **_at_the_ends(worth, self.parts),
        }

    def interactions(self, worth: Worth) -> dict[tuple[str, str], Any]:
        """What two parts give together beyond each alone, in the mean over the others turned or not."""
        return {
            (one, other): interaction(worth, self.parts, one, other)
            for one, other in itertools.combinations(self.parts, 2)
        }


@dataclass(frozen=True)
class Orders:
    """Groups along random orders of turning the parts, and each part alone at both ends.

    A part's Shapley value is what it adds when its turn comes, in the mean over all orders; here over a sample
    (Castro, Gómez & Tejada 2009). Orders come in pairs, one the reverse of the other: what comes early in the
    one comes late in the other, which takes most of the noise of the sample away (antithetic sampling:
    Mitchell et al. 2022).

    Attributes:
        parts: names.
        number: orders in each replication, even, 2 or more.
        seed: of the orders, 0 or more.

    Raises:
        InputError: for an odd number of orders.
    """

    parts: tuple[str, ...]
    number: int = 2
    seed: int = 1

    def __post_init__(self) -> None:
        if self.number < 2 or self.number % 2:
            raise InputError(f"orders = {self.number}: orders come in pairs; allowed: even numbers of 2 or more")

    def orders(self, replication: int) -> list[tuple[str, ...]]:
        """The orders of a replication; they depend on nothing but the seed and its number."""
        rng = np.random.default_rng((self.seed, replication))
        drawn = [tuple(rng.permutation(self.parts).tolist()) for _ in range(self.number // 2)]
        return [order for one in drawn for order in (one, one[::-1])]

    def groups(self, replication: int) -> list[Group]:
        """Groups to be run in a replication, each once, the empty one first."""
        everything = frozenset(self.parts)
        found = {Group(): None, everything: None}
        for one in self.parts:
            found |= {frozenset({one}): None, everything - {one}: None}
        for order in self.orders(replication):
            found |= dict.fromkeys(_along(order))
        return list(found)

    def effects(self, worth: Worth, replication: int) -> dict[str, dict[str, Any]]:
        """Every effect of every part in a replication, by effect and part; Shapley values add up to the whole."""
        shares: dict[str, Any] = dict.fromkeys(self.parts, 0.0)
        for order in self.orders(replication):
            for one, (before, after) in zip(order, itertools.pairwise(_along(order)), strict=True):
                shares[one] = shares[one] + (worth[after] - worth[before]) / self.number
        return {"shapley": shares, **_at_the_ends(worth, self.parts)}

    def interactions(self, worth: Worth) -> dict[tuple[str, str], Any]:
        """None: a few orders say too little on pairs."""
        return {}


Plan = Factorial | Orders
"""What is run in each replication, and how effects follow from it."""


def _along(order: Sequence[str]) -> Iterator[Group]:
    """The groups that come about when parts are turned in an order, from none to all."""
    return (frozenset(order[:k]) for k in range(len(order) + 1))


def _at_the_ends(worth: Worth, parts: Sequence[str]) -> dict[str, dict[str, Any]]:
    everything = frozenset(parts)
    return {
        "first": {one: worth[frozenset({one})] - worth[Group()] for one in parts},
        "last": {one: worth[everything] - worth[everything - {one}] for one in parts},
    }
