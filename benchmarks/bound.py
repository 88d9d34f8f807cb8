"""What the items of the bound cost (`counting.py` says which and how many): loops that do nothing else.

Turns of a loop are independent of each other; of lines, they go to random places of a table as large as those of the
run. Of everybody two numbers are looked at every day: when something is due, and at which attraction somebody joins.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from peers.full import scaled

from simsvc.model.random import CASE, uniforms
from simsvc.runs.memory import bytes_needed

FASTEST = 0.02
"""Seconds that a loop takes at least."""


@numba.njit(nogil=True, error_model="numpy")
def _blocks(p: Any, n: int) -> float:
    total = 0.0
    for i in range(n):
        a, b, c, d = uniforms(p[0], i, 7, CASE, 0)
        total += a + b + c + d
    return total


@numba.njit(nogil=True, error_model="numpy")
def _exp(x: Any, n: int) -> float:
    total = 0.0
    for i in range(n):
        total += math.exp(x[i & 1023])
    return total


@numba.njit(nogil=True, error_model="numpy")
def _log(x: Any, n: int) -> float:
    total = 0.0
    for i in range(n):
        total += math.log(x[i & 1023])
    return total


@numba.njit(nogil=True, error_model="numpy")
def _pow(x: Any, n: int) -> float:
    total = 0.0
    for i in range(n):
        total += x[i & 1023] ** x[(i + 7) & 1023]
    return total


@numba.njit(nogil=True, error_model="numpy")
def _sqrt(x: Any, n: int) -> float:
    total = 0.0
    for i in range(n):
        total += math.sqrt(x[i & 1023])
    return total


@numba.njit(nogil=True, error_model="numpy")
def _cos(x: Any, n: int) -> float:
    total = 0.0
    for i in range(n):
        total += math.cos(x[i & 1023])
    return total


@numba.njit(nogil=True, error_model="numpy")
def _lines(table: Any, n: int) -> int:
    total, at, size = 0, 12345, len(table) // 8
    for _ in range(n):
        at = (at * 6364136223846793005 + 1442695040888963407) & 0x7FFFFFFFFFFFFFFF
        total += table[8 * ((at >> 32) % size)]
    return total


@numba.njit(nogil=True, error_model="numpy")
def _people(due: Any, join_at: Any, found: Any, n: int) -> int:
    total = 0
    for day in range(n // len(due)):
        woken = 0
        for i in range(len(due)):
            found[woken] = i
            woken += 1 if due[i] <= day else 0
        for i in range(len(due)):
            if join_at[i] <= day:
                total += 1
        total += woken
    return total


def costs(customers: int) -> dict[str, float]:
    """Nanoseconds that each item costs in an organisation of so many customers."""
    scenario = scaled(customers)
    people = scenario.market.population
    x = np.linspace(0.1, 0.9, 1024)
    p = np.array([(1, 2)], [("key0", "u4"), ("key1", "u4")])
    tables = (np.full(people, 2**30, np.int32), np.full(people, 1e9), np.empty(people, np.int64))
    loops: dict[str, tuple[Any, ...]] = {
        "block": (_blocks, p), "exp": (_exp, x), "log": (_log, x), "pow": (_pow, x), "sqrt": (_sqrt, x),
        "cos": (_cos, x), "line": (_lines, np.ones(bytes_needed(scenario) // 8, np.int64)),
        "person": (_people, *tables),
    }  # fmt: skip
    return {name: _fastest(loop, *tables) for name, (loop, *tables) in loops.items()}


def _fastest(loop: Callable[..., Any], *tables: Any) -> float:
    """Nanoseconds a turn of a loop, in the fastest of five calls."""
    n = len(tables[0])
    loop(*tables, n)
    while True:
        begun = time.process_time()
        loop(*tables, n)
        if (spent := time.process_time() - begun) >= FASTEST:
            break
        n *= 2
    for _ in range(4):
        begun = time.process_time()
        loop(*tables, n)
        spent = min(spent, time.process_time() - begun)
    return spent / n * 1e9
