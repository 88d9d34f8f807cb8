"""Service levels of queues: who is served within a time, and how many servers that takes."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from scipy import special

from simsvc.errors import InputError
from simsvc.evidence.queueing import erlang_c, waiting_weights


@dataclass(frozen=True)
class Target:
    """A service level: share of calls, 0-1, served after a wait of at most so many seconds."""

    share: float
    seconds: float

    def __str__(self) -> str:
        return f"{100 * self.share:g} % of calls served within {self.seconds:g} s"


def read_target(text: str, option: str) -> Target:
    """A target as people write it: `80/20` is 80 % within 20 seconds.

    Args:
        text: what was written.
        option: where, for the message.

    Raises:
        InputError: if it is none.
    """
    percent, _, seconds = text.partition("/")
    try:
        target = Target(float(percent) / 100.0, float(seconds))
    except ValueError:
        raise InputError(f"{option} {text}: should be PERCENT/SECONDS, for example 80/20") from None
    if not (0 < target.share < 1 and 0 <= target.seconds <= 86_400):
        raise InputError(f"{option} {text}: allowed: more than 0 and less than 100 %, 0 to 86400 s")
    return target


def served_within(arrivals: float, service: float, servers: int, patience: float, hours: float) -> float:
    """Share of all who come that is served after at most so long a wait: the service level.

    Without giving up the wait of those who wait is exponential (Erlang 1917). With it, who finds `j` people waiting is
    next after j + 1 departures at rates c mu + i theta, i = j, ..., 0; e^(-theta T) of that time is Beta(c mu / theta,
    j + 1) (sums of such times are spacings of exponential order statistics, Renyi 1953), and patience lasts so long
    with just that probability.

    Args:
        arrivals: per hour, > 0.
        service: rate of one server, per hour, > 0.
        servers: number of them, >= 1.
        patience: rate of giving up, per hour; 0: nobody does, and too many arrivals give 0.
        hours: longest wait, >= 0.
    """
    if patience <= 0:
        if arrivals >= servers * service:
            return 0.0
        waits = erlang_c(arrivals, service, servers).p_wait
        return 1.0 - waits * math.exp(-(servers * service - arrivals) * hours)
    weights, below = waiting_weights(arrivals, service, servers, patience)
    ahead = np.flatnonzero(weights > 1e-14 * weights.max())
    ratio = servers * service / patience
    in_time = ratio / (ratio + ahead + 1.0) * special.betaincc(ratio + 1.0, ahead + 1.0, math.exp(-patience * hours))
    return float((weights[ahead] @ in_time + below) / (weights.sum() + below))


def servers_needed(
    arrivals: float, service: float, patience: float, share: float, hours: float, most: int = 100_000
) -> int:
    """Fewest servers with which a share of all who come is served within a time; see `served_within`.

    Raises:
        InputError: if even `most` are too few.
    """
    low, high = 0, max(math.ceil(arrivals / service), 1)
    while served_within(arrivals, service, high, patience, hours) < share:
        low, high = high, 2 * high
        if low >= most:
            raise InputError(f"{arrivals:g} calls an hour: more than {most} servers would be needed")
    between = range(low + 1, high)  # more servers never serve fewer in time
    return low + 1 + bisect_left(between, share, key=lambda n: served_within(arrivals, service, n, patience, hours))
