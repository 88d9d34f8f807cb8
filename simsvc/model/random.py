"""Random numbers that belong to people, not to the order of events.

Every draw is a pure function of (run key, entity, day, purpose, index): the counter-based generator
Philox4x32-10 of Salmon et al. (2011), "Parallel random numbers: as easy as 1, 2, 3". The k-th
customer has the same needs, claims and luck under every structure, whatever else happened before,
so two structures are compared with common random numbers per agent and purpose, not merely with
equal seeds (Klein et al. 2024).
"""

from __future__ import annotations

import math

import numpy as np

from simsvc.model.compiling import compiled, entry
from simsvc.model.rows import ParameterRow

# One name for each purpose a number is drawn for. Floats keep their value for good: changing one
# changes every result.
TRAITS = 1
NEED_GAP = 2
CASE = 3
CASE_DETAIL = 4
SERVICE = 5
DECISION = 6
OUTCOME = 7
APPROVAL = 8
REDIAL = 9
RETURN = 10
INCIDENT = 11
TALK = 12
LEAVE = 13
JOIN = 14
TIE = 15
STAFF_TRAITS = 16
VACANCY = 18
MANAGER_TRAITS = 19
REPORT = 21
EVENING = 22
SILENT = 23
SUCCESSION = 24

Word = np.uint32

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint32(0x9E3779B9)
_W1 = np.uint32(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)


@entry
def philox(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> tuple[Word, Word, Word, Word]:
    """Philox4x32-10: four words from a counter of four words and a key of two, all uint32."""
    for _ in range(10):
        product0 = _M0 * np.uint64(c0)
        product1 = _M1 * np.uint64(c2)
        high0, low0 = np.uint32(product0 >> _32), np.uint32(product0 & _LOW)
        high1, low1 = np.uint32(product1 >> _32), np.uint32(product1 & _LOW)
        c0, c1, c2, c3 = np.uint32(high1 ^ c1 ^ k0), low1, np.uint32(high0 ^ c3 ^ k1), low0
        k0 = np.uint32(k0 + _W0)
        k1 = np.uint32(k1 + _W1)
    return c0, c1, c2, c3


@compiled
def uniforms(p: ParameterRow, entity: int, day: int, purpose: int, index: int) -> tuple[float, float, float, float]:
    """Four independent uniform numbers in (0, 1) that belong to this entity, day, purpose, index.

    Args:
        p: the run's parameters, which hold the key.
        entity: number of the person the draw is about, 0 <= entity < 2**32.
        day: day of the draw, 0 <= day < 2**32.
        purpose: one of the constants of this module.
        index: which draw of this purpose on this day, 0 <= index < 2**24.
    """
    a, b, c, d = philox(
        np.uint32(entity), np.uint32(day), np.uint32((purpose << 24) | index), np.uint32(0), p.key0, p.key1
    )
    return (a + 0.5) * 2.0**-32, (b + 0.5) * 2.0**-32, (c + 0.5) * 2.0**-32, (d + 0.5) * 2.0**-32


@entry
def exponential(u: float) -> float:
    """Exponential variate with mean 1 from a uniform number.

    Args:
        u: uniform number in (0, 1).
    """
    return -math.log(u)


@entry
def normal(u1: float, u2: float) -> float:
    """Standard normal variate from two uniform numbers (Box and Muller 1958).

    Args:
        u1: uniform number in (0, 1).
        u2: uniform number in (0, 1).
    """
    return math.sqrt(-2.0 * math.log(u1)) * math.cos(2.0 * math.pi * u2)


@entry
def lognormal(u1: float, u2: float, sigma: float) -> float:
    """Lognormal variate with mean 1.

    Args:
        u1: uniform number in (0, 1).
        u2: uniform number in (0, 1).
        sigma: standard deviation of its logarithm, >= 0.
    """
    return math.exp(sigma * (normal(u1, u2) - 0.5 * sigma))


def run_key(seed: int, replication: int) -> tuple[int, int]:
    """The two 32-bit words of the key of one replication of a root seed."""
    words = np.random.SeedSequence(seed, spawn_key=(replication,)).generate_state(2, np.uint32)
    return int(words[0]), int(words[1])
