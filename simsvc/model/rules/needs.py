"""What customers need and how often."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule


@rule
def days_to_next_need(u: float, rate: float) -> float:
    """Days until the next need of a customer who has `rate` needs per day (Poisson).

    Args:
        u: uniform number in (0, 1).
        rate: needs per day, >= 0; 0 means never (infinity).
    """
    return -math.log(u) / rate if rate > 0.0 else math.inf


@rule
def distance_from_standard(u: float, idiosyncrasy: float) -> float:
    """Distance of one need from the standard need, 0-1, with mean `idiosyncrasy` (C24).

    A power of a uniform number: most needs of an ordinary customer are close to standard, few far.

    Args:
        u: uniform number in (0, 1).
        idiosyncrasy: the customer's mean distance, in (0, 1).
    """
    return float(u ** ((1.0 - idiosyncrasy) / idiosyncrasy))


@rule
def is_misrouted(u: float, share: float, strength: float) -> bool:
    """Whether a case reaches the wrong department first (C31).

    Args:
        u: uniform number in (0, 1).
        share: of cases, 0-1.
        strength: of hand-overs; 0: every case finds its way.
    """
    return u < share and strength > 0.0


@rule
def claims_invited(illegitimate: float, succeeded: float, strength: float) -> float:
    """Claims without a reason that are made because such claims succeed, as a ratio to all ordinary claims (H3).

    Wirtz & McColl-Kennedy (2010) find that opportunistic claiming rises with what there is to be had.

    Args:
        illegitimate: share of claims without a good reason where none succeeds, 0-1.
        succeeded: share of them that was granted lately, 0-1.
        strength: of the rule; 0: nobody is tempted.
    """
    return 3.0 * strength * illegitimate * succeeded


@rule
def chance_to_return(persistence: float, strength: float) -> float:
    """Chance that an unresolved case comes back, 0-1: failure demand.

    Args:
        persistence: share of unresolved cases that come back, 0-1.
        strength: of the rule; 0: nobody comes back.
    """
    return persistence * min(strength, 1.0)


@rule
def days_until_return(u: float, mean: float) -> float:
    """Days until an unresolved case comes back, whole, >= 1: the next day at the earliest, with a mean that is set.

    Args:
        u: uniform number in (0, 1).
        mean: days, >= 1.
    """
    return 1.0 + math.floor(math.log(u) / math.log(1.0 - 1.0 / mean)) if mean > 1.0 else 1.0


@rule
def share_of_failures(base: float, prevalence: float) -> float:
    """Share of needs that are failures: unexplained ones and those of known causes (C16).

    Args:
        base: share without any known cause, 0-1.
        prevalence: sum over the department's causes of the share each spoils, >= 0.
    """
    return 1.0 - (1.0 - base) * math.exp(-prevalence)
