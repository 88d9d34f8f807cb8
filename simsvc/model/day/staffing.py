"""Staffing: how many positions each department has, and which places of the table of staff they take."""

from __future__ import annotations

from simsvc.model.compiling import compiled, entry
from simsvc.model.day.staff import vacate
from simsvc.model.rows import NOBODY, State
from simsvc.model.rules.staffing import positions_after_review, positions_for


@entry
def count_positions(s: State) -> None:
    """Number the positions there are within their departments; how many of them a manager has follows."""
    for department in s.departments:
        department.positions = 0
    for one in s.staff:
        if one.open == 1:
            one.place = s.departments[one.department].positions
            s.departments[one.department].positions += 1
    for department in s.departments:
        below, above = 0, 0
        for other in s.departments:
            below += other.positions if other.pool == department.pool else 0
        for manager in s.managers:
            above += 1 if department.pool != NOBODY and manager.pool == department.pool else 0
        department.span = below / max(above, 1)


@compiled
def open_and_close(s: State, d: int) -> int:
    """Open the positions that department `d` wants, vacant at first, or give up vacant ones it does not want.

    Returns how many more it wants than the table has places for.
    """
    missing = s.departments[d].wanted - s.departments[d].positions
    for j in range(d, len(s.staff), len(s.departments)):
        one = s.staff[j]
        if missing > 0 and one.open == 0:
            one.open = 1
            vacate(s, j)
            missing -= 1
        elif missing < 0 and one.open == 1 and one.present == 0:
            one.open = 0
            missing += 1
    return max(missing, 0)


@entry
def staff_to_demand(s: State) -> None:
    """Positions follow the work of the last weeks: a review opens some, or lets them go with whoever leaves next.

    Nobody is laid off. While hiring is frozen no position is opened. There are as many managers as ever.
    """
    p = s.p[0]
    organisation = s.organisation[0]
    organisation.places_short = 0
    for d in range(len(s.departments)):
        department = s.departments[d]
        if department.capacity > 0.0:
            load = (department.demanded + department.lost * p.service_minutes) / department.capacity
            needed = positions_for(load, department.heads, p.target_occupancy)
            department.needed += (needed - department.needed) / p.staffing_rule.need_days
        if p.staffing == 0:
            department.wanted = department.positions
        elif (organisation.day + 1) % p.review_days == 0:
            department.wanted = positions_after_review(department.needed, department.positions, p.staffing_rule)
        if p.hiring_freeze == 1:
            department.wanted = min(department.wanted, department.positions)
        if department.wanted != department.positions:
            organisation.places_short += open_and_close(s, d)
    count_positions(s)
