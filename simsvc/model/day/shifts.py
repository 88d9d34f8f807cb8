"""Shifts: who of the front line is on duty when, and the hours of managers.

The positions of a department stand on a ring of length 1. Those on an arc of it are on duty; in every
part of the day the arc is as long as the share on duty in `workforce.shift_profile`, and in the course of
the day it moves on: who came first goes home first. Each morning the ring is turned, so that early and
late shifts, and the odd place that a share leaves over, go round.
"""

from __future__ import annotations

import math

from simsvc.model.compiling import compiled
from simsvc.model.day.events import become_idle, leave_idle, longest_idle, push_event
from simsvc.model.rows import NOBODY, State

TURN = 0.6180339887498949  # of the ring each morning: the golden ratio leaves no place out for long


@compiled
def is_on_duty(s: State, j: int, day: int, part: int) -> int:
    """Whether position `j` is on duty in a part of the day: 1 or 0."""
    start, length = s.shifts[part, 0], s.shifts[part, 1]
    if length >= 1.0:
        return 1
    one = s.staff[j]
    place = (one.place + 0.5) / max(s.departments[one.department].positions, 1) + day * TURN - start
    return 1 if place - math.floor(place) < length else 0


@compiled
def minutes_on_duty(s: State, j: int, day: int) -> float:
    """Length of the shift of position `j` today, min."""
    parts = len(s.shifts)
    number = 0
    for part in range(parts):
        number += is_on_duty(s, j, day, part)
    return s.p[0].open_minutes * number / parts


@compiled
def await_change(s: State, part: int) -> None:
    """Note when the shift of the next part of the day begins, if there is one; changes have negative rows."""
    parts = len(s.shifts)
    if part < parts:
        p = s.p[0]
        push_event(s, (s.organisation[0].day + part / parts) * p.open_minutes, -part)


@compiled
def change_shift(s: State, part: int) -> None:
    """The shift of a part of the day begins; who goes finishes the case in hand.

    Args:
        s: state.
        part: of the day, 1 or more.
    """
    day = s.organisation[0].day
    for j in s.staff_order:
        one = s.staff[j]
        if one.present == 0 or one.away == 1:
            continue
        on_duty = is_on_duty(s, j, day, part)
        if on_duty == one.on_duty:
            continue
        one.on_duty = on_duty
        if on_duty == 0:
            leave_idle(s.pools, s.staff, one.department, j)
        elif one.case == NOBODY:
            become_idle(s.pools, s.staff, one.department, j)
    await_change(s, part + 1)


@compiled
def minutes_in_hours(s: State, m: int, since: float, until: float) -> float:
    """How much of a stretch of time on the organisation's clock lies in the hours of manager `m`, min.

    Hours begin with the day; where doors are open longer than a manager's day, they move on from day to day.
    """
    p = s.p[0]
    today = s.organisation[0].day
    length = min(p.day_minutes, p.open_minutes) if p.continuous == 1 else p.day_minutes
    found = 0.0
    for day in range(today if since >= today * p.open_minutes else today - 1, today + 1):
        turn = (m + day) * TURN
        begins = day * p.open_minutes + max(p.open_minutes - length, 0.0) * (turn - math.floor(turn))
        found += max(min(until, begins + length) - max(since, begins), 0.0)
    return found


@compiled
def approver(s: State, pool: int, time: float) -> int:
    """Take the manager idle longest, those in their hours first, then those on call; `NOBODY` if all are at work."""
    if s.p[0].open_minutes > s.p[0].day_minutes:
        m = s.pools[pool].idle_head
        while m != NOBODY:
            if minutes_in_hours(s, m, time, time + 1.0) > 0.0:
                leave_idle(s.pools, s.managers, pool, m)
                return m
            m = s.managers[m].next_idle
    return longest_idle(s.pools, s.managers, pool)
