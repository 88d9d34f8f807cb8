"""How many positions the front line has: they follow the work there is, by one rule under every chart."""

from __future__ import annotations

from simsvc.model.compiling import rule

NEED_DAYS = 40.0  # weeks over which a firm looks at its work before it hires; assumption
MOST_GROWTH = 2  # times as many positions after a review as before, whatever the work; assumption
TOLERATED = 0.75  # positions too many or too few that a review lets be, so that chance opens none; assumption


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
def positions_after_review(needed: float, positions: int) -> int:
    """Positions that a department is to have after a review, at least 1.

    Args:
        needed: positions the work of the last weeks asks for, >= 0.
        positions: there are, >= 1.
    """
    if abs(needed - positions) <= TOLERATED:
        return positions
    return min(max(int(needed + 0.5), 1), MOST_GROWTH * positions)
