"""The event list, the queues and the lists of idle people that the working day runs on.

Escalation makes an event list necessary: a case that arrives later may reach a manager earlier. Events of later today
lie in a calendar (Brown 1988): a day has some hundred or thousand slots, and only what is in the slots opened so far is
kept in order, in a binary heap.
"""

from __future__ import annotations

import math

from simsvc.model.ahead import FAR, NEAR, ask_for
from simsvc.model.compiling import compiled
from simsvc.model.rows import NOBODY, CaseRow, EventRow, PoolRow, State, Workers
from simsvc.model.tables import Ints, Table


@compiled
def comes_before(one: EventRow, other: EventRow) -> bool:
    """Whether an event comes before another; simultaneous events keep the order in which they were noted."""
    return one.time < other.time or (one.time == other.time and one.order < other.order)


@compiled
def copy_event(events: Table[EventRow], at: int, to: int) -> None:
    """Copy an event to another place of a list. Numba copies a whole row byte by byte, fields faster."""
    events[to].time = events[at].time
    events[to].order = events[at].order
    events[to].case = events[at].case
    events[to].slot = events[at].slot


@compiled
def insert(events: Table[EventRow], n: int, time: float, order: int, case: int, slot: int) -> None:
    """Put an event on a list of `n` events (a binary heap)."""
    i = n
    while i > 0:
        above = (i - 1) // 2
        if events[above].time < time or (events[above].time == time and events[above].order < order):
            break
        copy_event(events, above, i)
        i = above
    events[i].time = time
    events[i].order = order
    events[i].case = case
    events[i].slot = slot


@compiled
def take_first(events: Table[EventRow], left: int) -> int:
    """Take the first event off a list, which has `left` events afterwards; returns its case."""
    first = events[0].case
    last = events[left]
    i = 0
    while 2 * i + 1 < left:
        child = 2 * i + 1
        if child + 1 < left and comes_before(events[child + 1], events[child]):
            child += 1
        if comes_before(last, events[child]):
            break
        copy_event(events, child, i)
        i = child
    copy_event(events, left, i)
    return first


@compiled
def slot_of(s: State, time: float) -> int:
    """Slot of today's calendar that a time belongs to: the last one for all that is later."""
    slots = len(s.calendar)
    gone = time / s.p[0].open_minutes - s.organisation[0].day
    return int(min(gone * slots, slots - 1.0))


@compiled
def push_event(s: State, time: float, case: int) -> None:
    """Something happens with a case at `time`; nothing else may be about to happen with it."""
    organisation = s.organisation[0]
    slot = slot_of(s, time)
    if case < 0 or slot <= organisation.slot:
        insert(s.events, organisation.events, time, organisation.sequence, case, slot)
        organisation.events += 1
    else:
        one = s.cases[case]
        one.happens_at = time
        one.order = organisation.sequence
        one.next = s.calendar[slot]
        s.calendar[slot] = case
        organisation.later += 1
    organisation.sequence += 1


@compiled
def open_slot(s: State) -> None:
    """The events in the next slot of the calendar go on the list; what comes soon is asked for."""
    organisation = s.organisation[0]
    organisation.slot += 1
    slot, last = organisation.slot, len(s.calendar) - 1
    coming = s.calendar[min(slot + FAR, last)]
    if coming != NOBODY:
        ask_for(s.cases, coming)
    coming = s.calendar[min(slot + NEAR, last)]
    if coming != NOBODY:
        ask_for(s.customers, s.cases[coming].customer)
    case = s.calendar[slot]
    s.calendar[slot] = NOBODY
    while case != NOBODY:
        insert(s.events, organisation.events, s.cases[case].happens_at, s.cases[case].order, case, slot)
        organisation.events += 1
        organisation.later -= 1
        case = s.cases[case].next


@compiled
def next_event(s: State) -> float:
    """When the next event comes; infinite if there is none. From then on it is the first on the list."""
    organisation = s.organisation[0]
    while organisation.later > 0 and (organisation.events == 0 or s.events[0].slot > organisation.slot):
        open_slot(s)
    return s.events[0].time if organisation.events > 0 else math.inf


@compiled
def begin_calendar(s: State) -> None:
    """A new day's calendar. On the list is what goes on overnight, and all of a day without moments of truth."""
    organisation = s.organisation[0]
    while organisation.later > 0:
        open_slot(s)
    organisation.slot = -1
    for k in range(organisation.events):
        s.events[k].slot = slot_of(s, s.events[k].time)


@compiled
def pop_event(s: State) -> int:
    """Take the next event, found by `next_event`, off the list and return its case."""
    s.organisation[0].events -= 1
    return take_first(s.events, s.organisation[0].events)


@compiled
def push_patience(s: State, time: float, case: int) -> None:
    """Patience with a case may end at `time`.

    Most ends of patience never come about; they have a list of their own, so as not to weigh on that of events.
    """
    organisation = s.organisation[0]
    insert(s.ends, organisation.patient, time, organisation.sequence, case, NOBODY)
    organisation.patient += 1
    organisation.sequence += 1


@compiled
def pop_patience(s: State) -> int:
    """Take the next end of patience off its list and return its case; the list must not be empty."""
    s.organisation[0].patient -= 1
    return take_first(s.ends, s.organisation[0].patient)


@compiled
def join_queue(pools: Table[PoolRow], cases: Table[CaseRow], pool: int, case: int) -> None:
    """A case goes to the end of a pool's queue."""
    cases[case].next = NOBODY
    if pools[pool].head == NOBODY:
        pools[pool].head = case
    else:
        cases[case].previous = pools[pool].tail
        cases[pools[pool].tail].next = case
    pools[pool].tail = case


@compiled
def leave_queue(pools: Table[PoolRow], cases: Table[CaseRow], pool: int, case: int) -> None:
    """A case goes out of a pool's queue, wherever in it."""
    after = cases[case].next
    if pools[pool].head == case:  # the next one keeps a link to it, which nobody follows
        pools[pool].head = after
        return
    before = cases[case].previous
    cases[before].next = after
    if after == NOBODY:
        pools[pool].tail = before
    else:
        cases[after].previous = before


@compiled
def next_in_queue(pools: Table[PoolRow], cases: Table[CaseRow], pool: int) -> int:
    """Take the first case off a pool's queue; `NOBODY` if it is empty."""
    first = pools[pool].head
    if first != NOBODY:
        pools[pool].head = cases[first].next
    return first


@compiled
def next_on_the_line(pools: Table[PoolRow], cases: Table[CaseRow], pool: int) -> int:
    """Take the first case whose customer is on the line off a queue; `NOBODY` if there is none."""
    row = pools[pool].head
    while row != NOBODY and cases[row].callback == 1:
        row = cases[row].next
    if row != NOBODY:
        leave_queue(pools, cases, pool, row)
    return row


@compiled
def become_idle(pools: Table[PoolRow], people: Workers, pool: int, who: int) -> None:
    """A person waits for work, behind those who have waited longer."""
    people[who].next_idle = NOBODY
    people[who].case = NOBODY
    if pools[pool].idle_head == NOBODY:
        pools[pool].idle_head = who
    else:
        people[pools[pool].idle_tail].next_idle = who
    pools[pool].idle_tail = who


@compiled
def leave_idle(pools: Table[PoolRow], people: Workers, pool: int, who: int) -> bool:
    """Take a certain person off a pool's list of idle people; false if not on it."""
    before = NOBODY
    one = pools[pool].idle_head
    while one != NOBODY and one != who:
        before = one
        one = people[one].next_idle
    if one == NOBODY:
        return False
    if before == NOBODY:
        pools[pool].idle_head = people[who].next_idle
    else:
        people[before].next_idle = people[who].next_idle
    if pools[pool].idle_tail == who:
        pools[pool].idle_tail = before
    return True


@compiled
def longest_idle_first(order: Ints, people: Workers) -> None:
    """Sort numbers of people by when they became idle (Shell 1959): in place, whatever their number."""
    gap = 1
    while gap < len(order) // 9:
        gap = 3 * gap + 1
    while gap > 0:
        for k in range(gap, len(order)):
            who = order[k]
            since = people[who].free_at
            at = k
            while at >= gap:
                before = order[at - gap]
                if people[before].free_at < since or (people[before].free_at == since and before < who):
                    break
                order[at] = before
                at -= gap
            order[at] = who
        gap //= 3


@compiled
def longest_idle(pools: Table[PoolRow], people: Workers, pool: int) -> int:
    """Take the person who has been idle longest; `NOBODY` if all are at work."""
    who = pools[pool].idle_head
    if who != NOBODY:
        pools[pool].idle_head = people[who].next_idle
    return who
