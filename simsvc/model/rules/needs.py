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
    return u ** ((1.0 - idiosyncrasy) / idiosyncrasy)


@rule
def share_of_failures(base: float, prevalence: float) -> float:
    """Share of needs that are failures: unexplained ones and those of known causes (C16).

    Args:
        base: share without any known cause, 0-1.
        prevalence: sum over the department's causes of the share each spoils, >= 0.
    """
    return 1.0 - (1.0 - base) * math.exp(-prevalence)
