"""The levels of management, from the teams upwards: one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from simsvc.scenario.settings import Workforce


class Level(NamedTuple):
    """One level of managers.

    Args:
        title: what somebody of this level is called.
        heads: setting of the workforce with their number.
        wage: setting of the economics with their wage.
        limit: lever with the remedy they may grant where there is a level above; empty for the highest.
    """

    title: str
    heads: str
    wage: str
    limit: str = ""

    @property
    def short(self) -> str:
        """The title in one word, for stories."""
        return self.title.rpartition(" ")[2]


LEVELS = (
    Level("team manager", "managers", "manager_wage", "manager_limit"),
    Level("director", "directors", "director_wage", "director_limit"),
    Level("executive", "executives", "executive_wage"),
)
"""All levels; in rows and stories they are numbered from 1."""


def heads_by_level(workforce: Workforce) -> tuple[int, ...]:
    """How many managers each level has; there is no level above one that is empty."""
    heads = [getattr(workforce, level.heads) for level in LEVELS]
    return tuple(number if all(heads[:level]) else 0 for level, number in enumerate(heads))
