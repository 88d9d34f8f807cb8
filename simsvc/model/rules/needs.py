"""What customers need and how often."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule
from simsvc.model.curves import logistic, logit
from simsvc.model.rows import FAILURE, ROUTINE
from simsvc.scenario.assumptions.needs import NEEDS, Needs


@rule
def days_to_next_need(u: float, rate: float) -> float:
    """Days until the next need of a customer who has `rate` needs per day (Poisson).

    Args:
        u: uniform number in (0, 1).
        rate: needs per day, >= 0; 0 means never (infinity).
    """
    return -math.log(u) / rate if rate > 0.0 else math.inf


@rule
def idiosyncrasy_of_person(normal: float, mean: float, spread: float) -> float:
    """Mean distance of a person's wishes from the standard, in (0, 1): logit-normal, with mean `mean` over people.

    The mean of a logit-normal number lies closer to a half than the logistic of its middle; the middle is moved out by
    the usual factor, which is right to within a hundredth up to a spread of 2.

    Args:
        normal: standard normal number.
        mean: over all people, in (0, 1).
        spread: standard deviation of the logit, >= 0.
    """
    middle = logit(mean) * math.sqrt(1.0 + math.pi / 8.0 * spread * spread)
    return min(max(logistic(middle + spread * normal), 0.001), 0.999)


@rule
def share_of_distance(kind: int, a: Needs = NEEDS) -> float:
    """Distance of a need of this kind from the standard, as a share of that of a wish, 0-1.

    Args:
        kind: ROUTINE, REQUEST or FAILURE.
        a: coefficients.
    """
    return a.distance_of_failures if kind == FAILURE else (a.distance_of_routine if kind == ROUTINE else 1.0)


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
        strength: of hand-overs, a factor on the share; 0: every case finds its way.
    """
    return u < share * strength


@rule
def claims_invited(illegitimate: float, succeeded: float, strength: float, a: Needs = NEEDS) -> float:
    """Claims without a reason that are made because such claims succeed, as a ratio to all ordinary claims (H3).

    Wirtz & McColl-Kennedy (2010) find that opportunistic claiming rises with what there is to be had.

    Args:
        illegitimate: share of claims without a good reason where none succeeds, 0-1.
        succeeded: share of them that was granted lately, 0-1.
        strength: of the rule; 0: nobody is tempted.
        a: coefficients.
    """
    return a.temptation * strength * illegitimate * succeeded


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
