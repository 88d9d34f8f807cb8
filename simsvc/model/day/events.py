"""The event list, the queues and the lists of idle people that the working day runs on.

Escalation makes an event list necessary: a case that arrives later may reach a manager earlier.
"""

from __future__ import annotations

from simsvc.model.compiling import compiled
from simsvc.model.rows import NOBODY, CaseRow, PoolRow, State, Workers
from simsvc.model.tables import Ints, Table


@compiled
def insert(s: State, base: int, n: int, time: float, case: int) -> None:
    """Put an event on the list of `n` events that begins at `base`; simultaneous events keep their order."""
    organisation = s.organisation[0]
    i = n
    order = organisation.sequence
    organisation.sequence += 1
    while i > 0:
        above = (i - 1) // 2
        if s.event_time[base + above] <= time:  # an older event of the same time stays above
            break
        s.event_time[base + i] = s.event_time[base + above]
        s.event_order[base + i] = s.event_order[base + above]
        s.event_case[base + i] = s.event_case[base + above]
        i = above
    s.event_time[base + i] = time
    s.event_order[base + i] = order
    s.event_case[base + i] = case


@compiled
def take_first(s: State, base: int, left: int) -> int:
    """Take the first event off the list that begins at `base`, which has `left` events afterwards; returns its case."""
    first = s.event_case[base]
    n = base + left
    time, order, case = s.event_time[n], s.event_order[n], s.event_case[n]
    i = 0
    while 2 * i + 1 < left:
        child = base + 2 * i + 1
        if child + 1 < n and (
            s.event_time[child + 1] < s.event_time[child]
            or (s.event_time[child + 1] == s.event_time[child] and s.event_order[child + 1] < s.event_order[child])
        ):
            child += 1
        if time < s.event_time[child] or (time == s.event_time[child] and order < s.event_order[child]):
            break
        s.event_time[base + i] = s.event_time[child]
        s.event_order[base + i] = s.event_order[child]
        s.event_case[base + i] = s.event_case[child]
        i = child - base
    s.event_time[base + i] = time
    s.event_order[base + i] = order
    s.event_case[base + i] = case
    return int(first)


@compiled
def push_event(s: State, time: float, case: int) -> None:
    """Something happens with a case at `time`."""
    insert(s, 0, s.organisation[0].events, time, case)
    s.organisation[0].events += 1


@compiled
def pop_event(s: State) -> int:
    """Take the next event off the list and return its case; the list must not be empty."""
    s.organisation[0].events -= 1
    return take_first(s, 0, s.organisation[0].events)


@compiled
def ends_of_patience(s: State) -> int:
    """Where the list of ends of patience begins: most never come about, so they do not weigh on the list of events."""
    return len(s.cases) + 1


@compiled
def push_patience(s: State, time: float, case: int) -> None:
    """Patience with a case may end at `time`."""
    insert(s, ends_of_patience(s), s.organisation[0].patient, time, case)
    s.organisation[0].patient += 1


@compiled
def pop_patience(s: State) -> int:
    """Take the next end of patience off its list and return its case; the list must not be empty."""
    s.organisation[0].patient -= 1
    return take_first(s, ends_of_patience(s), s.organisation[0].patient)


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
