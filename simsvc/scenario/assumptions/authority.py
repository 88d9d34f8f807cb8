"""Who may decide what: coefficients of `model/rules/authority.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class Authority(Section):
    """Who may decide what, and what people do who may not."""

    # fmt: off
    limit_per_skill: float = coefficient(2.0, 1.0, 4.0, "1/point", "guess",
        "How much higher a limit is that follows competence, as a ratio per point of skill above the reference.")
    deviation_tolerated: float = coefficient(0.5, 0.25, 0.75, "0-1", "guess",
        "Deviation from the standard that is nobody's business without any latitude.")
    bending: float = coefficient(0.5, 0.25, 1.0, "0-1", "guess",
        "Chance that a rule is bent where trust, recognition of service and daring are complete.")


AUTHORITY = plain_numbers(Authority())
