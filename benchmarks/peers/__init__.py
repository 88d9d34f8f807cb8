"""The minimal workload in each tool, as a competent user of that tool writes it.

There are N customers, N/100 staff and N/1000 managers. On every day a customer makes contact with probability 0.05. A
member of staff, drawn at random, takes the case; with probability 0.7 it is passed up to a manager drawn at random.
Quality is skill * (0.5 + 0.5 * morale) + normal(0, 0.1); satisfaction moves 0.3 of the way to it. Then the customer
leaves with probability 1 / (1 + exp(8 * (satisfaction - 0.2))), and another with satisfaction 0.7 takes the place. In
the evening a member of staff loses 0.01 of morale for each case passed up, not below 0, and everybody's morale moves
0.1 of the way to 0.7. Skills are spread evenly from 0.5 to 1, so that runs differ in the luck of contacts alone.

Each module has `NAME` and a class `Service(customers, seed)` with `advance(days)`, `contacts`, `left` and
`satisfaction()`, the mean over customers now. Importing the module imports the tool.
"""

from __future__ import annotations

from typing import Protocol

CONTACT, PASSED_UP, STEP, START, DROP, RELAX = 0.05, 0.7, 0.3, 0.7, 0.01, 0.1
"""Probability of contact and of passing up; step of satisfaction; first values; what passing up costs; relaxation."""


class Peer(Protocol):
    """What is measured."""

    contacts: int
    left: int

    def __init__(self, customers: int, seed: int) -> None: ...

    def advance(self, days: int) -> None:
        """So many days."""

    def satisfaction(self) -> float:
        """Mean over customers now."""


def staff(customers: int) -> int:
    """Members of staff."""
    return max(customers // 100, 1)


def managers(customers: int) -> int:
    """Managers."""
    return max(customers // 1000, 1)


def skills(people: int) -> list[float]:
    """Skills of so many people, evenly spread."""
    return [0.5 + 0.5 * (number + 0.5) / people for number in range(people)]
