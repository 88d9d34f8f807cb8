"""Patience: who waits on the line may give up, try again the same day, or hang up on an answer."""

from __future__ import annotations

from simsvc.model import random as keyed
from simsvc.model.compiling import compiled
from simsvc.model.day.events import join_queue, push_event, push_patience
from simsvc.model.day.needs import begin_contact, contact_index, end_contact, take_case_row, withdraw
from simsvc.model.rows import ABANDONED, NOBODY, REDIALLED, TURNED_AWAY, WOULD_REDIAL, State


@compiled
def give_up(s: State, row: int) -> None:
    """A customer who was on the line has given up waiting; noticed when its turn comes."""
    case = s.cases[row]
    case.waited += case.leaves_at - case.queued_at
    end_contact(s, row, ABANDONED, case.leaves_at)


@compiled
def end_of_day(s: State) -> float:
    """When doors close today, or, where they never do, when tomorrow begins, on the organisation's clock."""
    return float((s.organisation[0].day + 1) * s.p[0].open_minutes)


@compiled
def await_redial(s: State, row: int) -> None:
    """Note when a customer who now waits on the line would try again today, if it gave up; before closing time only."""
    p = s.p[0]
    case = s.cases[row]
    if case.redials == WOULD_REDIAL:
        u, _, _, _ = keyed.uniforms(p, case.customer, case.day, keyed.REDIAL, contact_index(case))
        time = case.leaves_at + p.redial_minutes * keyed.exponential(u)
        if time < end_of_day(s):
            case.redials_at = time
            push_patience(s, time, row)


@compiled
def redial(s: State, row: int, time: float) -> None:
    """A customer who gave up waiting tries again on the same day, once: the case goes on in another row."""
    today = s.days[s.organisation[0].day]
    today.contacts += 1
    today.repeats += 1
    s.departments[s.cases[row].department].lost -= 1  # the work is not lost, it is asked for again
    again = take_case_row(s)
    s.cases[again] = s.cases[row]
    s.cases[row].redials = REDIALLED
    s.cases[again].contact_at = time
    begin_contact(s, again)
    s.cases[again].redials = 0
    push_event(s, time, again)


@compiled
def await_hang_up(s: State, row: int) -> None:
    """Note when a customer who awaits an answer on the line will hang up, if that is today."""
    if s.p[0].continuous == 0 or s.cases[row].leaves_at < end_of_day(s):
        push_patience(s, s.cases[row].leaves_at, row)


@compiled
def turn_away(s: State, department: int, ends: float) -> None:
    """The end of the day: those on the line have given up or are asked to come back; callbacks still wanted stay.

    Where the clock never stops, those who have not given up stay, too.
    """
    continuous = s.p[0].continuous == 1
    row = s.pools[department].head
    s.pools[department].head = NOBODY
    while row != NOBODY:
        following = s.cases[row].next
        case = s.cases[row]
        if case.callback == 1 and case.leaves_at < ends:
            withdraw(s, row)
        elif case.callback == 1 or (continuous and case.leaves_at >= ends):
            join_queue(s.pools, s.cases, department, row)
        else:
            stayed = min(case.leaves_at, max(ends, case.queued_at))
            case.waited += stayed - case.queued_at
            end_contact(s, row, ABANDONED if case.leaves_at < ends else TURNED_AWAY, stayed)
        row = following
