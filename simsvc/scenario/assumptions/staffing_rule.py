"""How many positions the front line has: coefficients of `model/rules/staffing.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class StaffingRule(Section):
    """How many positions the front line has, under every chart."""

    # fmt: off
    need_days: float = coefficient(40.0, 20.0, 80.0, "days", "guess",
        "Working days over which a firm averages its work before it hires.", at_least=1.0)
    most_growth: float = coefficient(2.0, 1.5, 3.0, "ratio", "guess",
        "How many times as many positions as before a review gives at most, whatever the work.", at_least=1.0)
    tolerated: float = coefficient(0.75, 0.5, 1.5, "positions", "guess",
        "Positions too many or too few that a review lets be, so that chance opens none.")


STAFFING_RULE = plain_numbers(StaffingRule())
