"""The minimal workload as simsvc has its days: rows in arrays, compiled, random numbers keyed by person and day.

Two blocks of four numbers a contact, drawn by simsvc's own functions; whom something is due for is found as in its
phase `waking`. It is a program of its own: simsvc's model has no setting that leaves so little of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from peers import CONTACT, DROP, PASSED_UP, RELAX, START, STEP, managers, skills, staff
from simsvc.model.random import CASE, NEED_GAP, SERVICE, normal, run_key, uniforms

NAME = "simsvc's way, compiled"
KEY = np.dtype([("key0", "u4"), ("key1", "u4")])


@numba.njit(nogil=True, error_model="numpy")
def gap(u: float) -> int:
    """Days to the next contact."""
    return 1 + int(math.log(u) / math.log(1.0 - CONTACT))


@numba.njit(nogil=True, error_model="numpy")
def begin(key: Any, due: Any) -> None:
    """Draw everybody's first day of contact."""
    for i in range(len(due)):
        u, _, _, _ = uniforms(key[0], i, 0, NEED_GAP, 0)
        due[i] = gap(u) - 1


@numba.njit(nogil=True, error_model="numpy")
def live(
    key: Any, first: int, days: int, level: Any, due: Any, woken: Any, skill: Any, morale: Any, passed_up: Any,
    manager_skill: Any, manager_morale: Any, counts: Any,
) -> None:  # fmt: skip
    """So many days from the first on; contacts and leavers are added to `counts`."""
    for day in range(first, first + days):
        found = 0
        for i in range(len(due)):
            woken[found] = i
            found += 1 if due[i] <= day else 0
        for k in range(found):
            i = woken[k]
            u0, u1, u2, u3 = uniforms(key[0], i, day, CASE, 0)
            v0, v1, v2, _ = uniforms(key[0], i, day, SERVICE, 0)
            server = int(u0 * len(skill))
            if u1 < PASSED_UP:
                passed_up[server] += 1
                server = int(u2 * len(manager_skill))
                quality = manager_skill[server] * (0.5 + 0.5 * manager_morale[server])
            else:
                quality = skill[server] * (0.5 + 0.5 * morale[server])
            now = level[i] + STEP * (quality + 0.1 * normal(v0, v1) - level[i])
            if u3 < 1.0 / (1.0 + math.exp(8.0 * (now - 0.2))):
                now = START
                counts[1] += 1
            level[i] = now
            due[i] = day + gap(v2)
        counts[0] += found
        for j in range(len(morale)):
            kept = max(morale[j] - DROP * passed_up[j], 0.0)
            morale[j] = kept + RELAX * (START - kept)
            passed_up[j] = 0
        for j in range(len(manager_morale)):
            manager_morale[j] += RELAX * (START - manager_morale[j])


class Service:
    """The minimal workload."""

    begin: Callable[..., None] = staticmethod(begin)
    live: Callable[..., None] = staticmethod(live)

    def __init__(self, customers: int, seed: int) -> None:
        n, m = staff(customers), managers(customers)
        self.key = np.array([run_key(seed, 0)], KEY)
        due = np.empty(customers, np.int32)
        self.begin(self.key, due)
        self.level = np.full(customers, START)
        rows = (due, np.empty(customers, np.int64), np.array(skills(n)), np.full(n, START), np.zeros(n, np.int64))
        self.counts = np.zeros(2, np.int64)
        self.rows = (self.level, *rows, np.array(skills(m)), np.full(m, START), self.counts)
        self.day = 0

    def advance(self, days: int) -> None:
        """So many days."""
        self.live(self.key, self.day, days, *self.rows)
        self.day += days

    @property
    def contacts(self) -> int:
        """So far."""
        return int(self.counts[0])

    @property
    def left(self) -> int:
        """So far."""
        return int(self.counts[1])

    def satisfaction(self) -> float:
        """Mean over customers now."""
        return float(self.level.mean())
