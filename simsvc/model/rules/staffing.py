"""How many positions the front line has: they follow the work there is, by one rule under every chart."""

from __future__ import annotations

from simsvc.model.compiling import rule
from simsvc.scenario.assumptions.staffing_rule import STAFFING_RULE, StaffingRule


@rule
def positions_for(load: float, heads: float, target: float) -> float:
    """Positions that a day's work asks for, >= 0: those at work, so many times as they had more to do than planned.

    What hurrying saves is not counted, or it would hide the need (Oliva & Sterman 2001).

    Args:
        load: work deserved over time available, >= 0.
        heads: staff at work for the firm, those away for training and meetings included, >= 0.
        target: load that positions are planned for, > 0.
    """
    return heads * load / target


@rule
def positions_after_review(needed: float, positions: int, a: StaffingRule = STAFFING_RULE) -> int:
    """Positions that a department is to have after a review, at least 1.

    Args:
        needed: positions the work of the last weeks asks for, >= 0.
        positions: there are, >= 1.
        a: coefficients.
    """
    if abs(needed - positions) <= a.tolerated:
        return positions
    return min(max(int(needed + 0.5), 1), int(a.most_growth * positions))
