"""Why customers leave: one table of reasons, which everything that tells them apart follows.

A new reason is a row here and the rule that lets customers leave for it (`day/customers.py`, `leave`).
"""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """One reason for leaving.

    Args:
        name: as stories and columns of a day (`left_NAME`) call it.
        words: how a story goes on after "leaves after N days"; may use the facts of the moment.
        over_service: whether another way of serving might have kept the customer.
    """

    name: str
    words: str
    over_service: bool


REASONS = (
    Reason("neutral", "for reasons that have nothing to do with the service", False),
    Reason(
        "dissatisfied",
        "having stood enough: a competitor would give {alternative:.2f}, "
        "and customers like this one leave at {rate:.2f} a year",
        True,
    ),
    Reason("incident", "at once, over this failure", True),
)
NEUTRAL, DISSATISFIED, INCIDENT = range(len(REASONS))
OVER_SERVICE = tuple(reason.over_service for reason in REASONS)
LEFT = tuple(f"left_{reason.name}" for reason in REASONS)
"""Columns of a day that count leavers, by reason."""
LEFT_OVER_SERVICE = tuple(column for column, reason in zip(LEFT, REASONS, strict=True) if reason.over_service)
LEFT_FOR_OWN_REASONS = tuple(column for column in LEFT if column not in LEFT_OVER_SERVICE)
