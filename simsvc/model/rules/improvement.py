"""Causes of failure: removed by work, growing back by themselves."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule
from simsvc.scenario.calendar import DAYS_PER_YEAR


@rule
def prevalence_after_work(prevalence: float, minutes: float, effort: float, strength: float) -> float:
    """Prevalence of a cause after managers worked on it, 0-1 (C6, C16).

    Args:
        prevalence: before, 0-1.
        minutes: of managers' time today, >= 0.
        effort: minutes that cut it to about a third, > 0.
        strength: of the rule; 0: work changes nothing.
    """
    return prevalence * math.exp(-strength * minutes / effort)


@rule
def prevalence_after_drift(prevalence: float, base: float, drift: float) -> float:
    """Prevalence of a cause after one more day of wear, 0-1.

    Args:
        prevalence: before, 0-1.
        base: of the untouched cause, 0-1.
        drift: rate of growing back, per year, >= 0.
    """
    return prevalence + (base - prevalence) * (1.0 - math.exp(-drift / DAYS_PER_YEAR))
