"""Moments of truth: contacts wait, are served, climb for approval (`day/approvals.py`), and end. In order of time."""

from __future__ import annotations

import math

from simsvc.model import random as keyed
from simsvc.model.compiling import compiled, entry
from simsvc.model.day.approvals import ask, consider, manager_free, rule_on
from simsvc.model.day.events import (
    become_idle,
    join_queue,
    leave_idle,
    leave_queue,
    longest_idle,
    next_event,
    next_in_queue,
    pop_event,
    pop_patience,
    push_event,
)
from simsvc.model.day.needs import contact_index, end_contact, withdraw
from simsvc.model.day.patience import await_hang_up, await_redial, end_of_day, give_up, redial, turn_away
from simsvc.model.day.service import begin_service, cost_of_granting, decide, stretch, usual_service, work_on
from simsvc.model.day.shifts import approver, await_change, change_shift, minutes_in_hours
from simsvc.model.people import CustomerRow, StaffRow
from simsvc.model.rows import (
    ABANDONED,
    ARRIVING,
    ASK,
    ASKING,
    BEND,
    CLOSED,
    FAILURE,
    FINISHING,
    HAND_OVER,
    HUNG_UP,
    IN_QUEUE,
    IN_SERVICE,
    NOBODY,
    RESOLVED,
    UNNOTICED,
    WITH_MANAGER,
    CaseRow,
    State,
)
from simsvc.model.rules.authority import gesture_given, share_granted
from simsvc.model.rules.leading import coordination_of_span
from simsvc.model.rules.morale import overreach_felt
from simsvc.model.rules.relationship import chance_to_look_for
from simsvc.model.rules.screening import information_after_level
from simsvc.model.rules.tempering import tempered


@compiled
def conclude(s: State, row: int, who: int, time: float) -> None:
    """A contact that was served ends: decision, work, outcome."""
    p = s.p[0]
    today = s.days[s.organisation[0].day]
    case = s.cases[row]
    one = s.staff[who]
    department = s.departments[case.department]
    lever = s.levers[case.department]
    manager_skill = -1.0
    if case.plan == ASK:
        case.paid = cost_of_granting(p, lever, case) if case.granted == 1 else 0.0
    else:
        decide(p, lever, department, case, one)
    if case.manager != NOBODY:
        manager_skill = tempered(s.managers[case.manager].skill, p.tempering.typical_manager_skill, p.rule_skill)
    given = share_granted(case.granted == 1, case.paid, case.remedy)
    work_on(p, lever, department, case, one, manager_skill, bond_with(s.customers[case.customer], one, who))
    needed = stretch(p, case)
    one.stretch += needed
    one.overreach += overreach_felt(needed, one.skill, department.information, p.rule_authority_load, p.morale)
    if case.kind == FAILURE:
        if case.legitimate == 0:
            department.attempts += 1
            department.succeeded += given
    elif case.outcome == RESOLVED:
        case.gesture = gesture_given(lever.generosity, p.rule_generosity)
        case.paid += p.gesture_cost * case.gesture
        today.gestures += 1 if case.gesture > 0.0 else 0
    department.granted += case.paid
    today.familiar += case.familiar
    today.served += 1
    today.service_time += case.minutes
    today.waited_served += case.waited
    today.grave_errors += case.grave
    today.bent += 1 if case.plan == BEND else 0
    today.callbacks += case.callback
    today.refused += 1.0 - given
    if case.refused == 1 and case.legitimate == 1:
        today.refused_justified += 1.0 - given
        one.refusals += 1
    if case.kind == FAILURE and case.outcome == RESOLVED:
        today.grants += given
        if case.legitimate == 0:
            today.granted_unjustified += given
    if case.cause != NOBODY:
        one.obstacles += 1
    case.staff = who
    end_contact(s, row, case.outcome, time)


@compiled
def bond_with(customer: CustomerRow, one: StaffRow, who: int) -> float:
    """Bond between a customer and the holder of position `who`, 0-1; 0 if they do not know each other."""
    known = customer.known_staff == who and customer.known_person == one.person
    return customer.bond if known else 0.0


@compiled
def take_next(s: State, who: int, time: float, closes: float) -> None:
    """A member of staff who is free takes the next case waiting, becomes idle, or goes home at the end of a shift."""
    pool = s.staff[who].department
    if s.staff[who].on_duty == 0:
        s.staff[who].case = NOBODY
        return
    while True:
        row = s.pools[pool].head
        if row == NOBODY or time >= closes:
            become_idle(s.pools, s.staff, pool, who)
            return
        next_in_queue(s.pools, s.cases, pool)
        if s.cases[row].leaves_at < time and s.cases[row].callback == 1:
            withdraw(s, row)
        elif s.cases[row].leaves_at < time:
            give_up(s, row)
        else:
            take(s, who, row, time)
            return


@compiled
def take(s: State, who: int, row: int, time: float) -> None:
    """A member of staff takes a case from the queue: a new contact, or one that was put aside."""
    p = s.p[0]
    case = s.cases[row]
    one = s.staff[who]
    one.case = row
    case.staff = who
    bond = bond_with(s.customers[case.customer], one, who)
    case.familiar = 1 if bond > 0.0 else 0
    if case.callback == 1:
        one.busy_from = time
        # what was put aside in overtime may be taken up when the clock of the next day begins
        case.delayed += max(time - case.queued_at, 0.0)
        if case.heard != who:
            case.left += p.reexplain_minutes
            case.reexplained += 1.0
            s.departments[case.department].demanded += p.reexplain_minutes
        case.heard = who
        case.minutes += case.left
        case.stage = FINISHING
        push_event(s, time + case.left, row)
    else:
        if case.minutes == 0.0 and time - case.queued_at <= p.answer_within:  # nobody has listened before
            s.days[s.organisation[0].day].answered_in_time += 1
        department = s.departments[case.department]
        anyone = department.pool != NOBODY
        minutes = begin_service(
            p, s.levers[case.department], department, case, one, anyone, time, bond, usual_service(s, time)
        )
        case.stage = IN_SERVICE
        push_event(s, time + minutes, row)


@compiled
def take_up_work(s: State, time: float, closes: float) -> None:
    """Those who have just come to work take what waits."""
    for pool in range(len(s.departments)):
        while s.pools[pool].head != NOBODY and s.pools[pool].idle_head != NOBODY:
            take_next(s, longest_idle(s.pools, s.staff, pool), time, closes)


@compiled
def release(s: State, who: int, time: float, closes: float) -> None:
    """A member of staff is done with a case."""
    one = s.staff[who]
    one.busy += time - one.busy_from
    one.free_at = time
    today = s.days[s.organisation[0].day]
    if time > closes:
        over = time - max(closes, one.busy_from)
        one.overtime += over
        today.overtime += over
    take_next(s, who, time, closes)


@compiled
def acquaintance(s: State, case: CaseRow, pool: int) -> int:
    """The member of staff the customer knows, if looked for and free; `NOBODY` otherwise (C13)."""
    p = s.p[0]
    customer = s.customers[case.customer]
    who = customer.known_staff
    if p.continuity <= 0.0 or who == NOBODY or s.staff[who].department != pool:
        return NOBODY
    _, _, _, u = keyed.uniforms(p, case.customer, case.day, keyed.SERVICE, contact_index(case))
    if u >= chance_to_look_for(p.continuity, p.rule_relationship) or bond_with(customer, s.staff[who], who) <= 0.0:
        return NOBODY
    return who if leave_idle(s.pools, s.staff, pool, who) else NOBODY


@compiled
def hang_up(s: State, row: int, time: float, closes: float) -> None:
    """A customer on the line has waited too long for an answer; the member of staff is free again."""
    case = s.cases[row]
    case.waited += time - case.queued_at
    s.departments[case.department].demanded += time - case.queued_at  # held its member of staff
    case.outcome = HUNG_UP
    case.callback = 1  # off the line: a manager who has it in hand, or is to take notice of it, finds out in time
    who = case.staff
    if case.stage == ASKING and case.noticed_at <= time:
        leave_queue(s.pools, s.cases, case.manager, row)
        withdraw(s, row)
    release(s, who, time, closes)


@compiled
def lose_patience(s: State, row: int, time: float, closes: float) -> None:
    """The end of a customer's patience, unless it was served meanwhile."""
    case = s.cases[row]
    if case.redials_at == time and case.stage == IN_QUEUE:
        leave_queue(s.pools, s.cases, case.department, row)
        give_up(s, row)
        redial(s, row, time)
    elif case.redials_at == time and case.stage == CLOSED and case.outcome == ABANDONED:
        redial(s, row, time)
    elif (case.stage == ASKING or case.stage == WITH_MANAGER) and case.callback == 0 and case.leaves_at == time:
        hang_up(s, row, time, closes)


@compiled
def arrive(s: State, row: int, time: float, closes: float) -> None:
    """A case reaches a department: somebody idle takes it, or it waits."""
    case = s.cases[row]
    pool = case.department
    case.queued_at = time
    case.stage = IN_QUEUE
    case.redials_at = math.inf
    who = NOBODY
    if time < closes:
        who = acquaintance(s, case, pool)
        if who == NOBODY:
            who = longest_idle(s.pools, s.staff, pool)
    if who == NOBODY:
        join_queue(s.pools, s.cases, pool, row)
        if case.callback == 0:
            await_redial(s, row)
    else:
        take(s, who, row, time)


@compiled
def answer(s: State, row: int, time: float, closes: float) -> None:
    """The answer comes back to the front line."""
    case = s.cases[row]
    if case.callback == 0:
        case.stage = FINISHING
        case.minutes += case.left
        push_event(s, time + case.left, row)
        return
    if case.left > 0.0:
        arrive(s, row, time, closes)
    else:
        conclude(s, row, case.staff, time)


@compiled
def happen(s: State, row: int, time: float, closes: float) -> None:
    """The next thing happens with a case."""
    case = s.cases[row]
    stage = case.stage
    if stage == ARRIVING:
        arrive(s, row, time, closes)
    elif stage == IN_SERVICE:
        who = case.staff
        if case.plan == HAND_OVER:
            s.days[s.organisation[0].day].handoffs += 1
            case.handed_by = who
            case.department = case.owner
            p = s.p[0]
            lost = coordination_of_span(s.departments[case.department].span, p.rule_coordination, p.leading)
            case.information = information_after_level(
                case.information, min(p.information_loss * lost, 1.0), p.rule_distortion
            )
            case.reexplained += lost
            case.staff = NOBODY
            case.leaves_at += time - s.staff[who].busy_from  # patience is used up by waiting, not by being served
            arrive(s, row, time, closes)
            release(s, who, time, closes)
        elif case.plan == ASK:
            s.days[s.organisation[0].day].asked += 1
            case.asked_by = who
            parked = s.levers[case.department].escalation == 1
            case.callback = 1 if parked else 0
            ask(s, row, s.departments[case.department].pool, time)
            case.queued_at = time
            if parked:
                p = s.p[0]
                u, _, _, _ = keyed.uniforms(p, case.customer, case.day, keyed.APPROVAL, contact_index(case) * 4)
                patience = p.patience_aside * p.open_minutes * s.customers[case.customer].patience
                case.leaves_at = time + patience * keyed.exponential(u)
                release(s, who, time, closes)
            else:
                case.leaves_at += time - s.staff[who].busy_from
                await_hang_up(s, row)
        else:
            conclude(s, row, who, time)
            release(s, who, time, closes)
    elif stage == ASKING:
        pool = case.manager
        if case.callback == 1 and case.leaves_at < time:
            withdraw(s, row)
            return
        if time >= closes and case.callback == 1:
            case.stage = UNNOTICED  # on another day
            return
        m = approver(s, pool, time)
        if m == NOBODY:
            join_queue(s.pools, s.cases, pool, row)
        else:
            consider(s, m, row, time)
    elif stage == WITH_MANAGER:
        m = case.manager
        manager = s.managers[m]
        minutes = time - manager.busy_from
        manager.approvals += minutes
        manager.overtime += max(minutes - minutes_in_hours(s, m, manager.busy_from, time), 0.0)
        manager.free_at = time
        further = rule_on(s, m, row)
        if further != NOBODY:
            ask(s, row, further, time)
        elif case.callback == 1 and case.leaves_at < time:
            withdraw(s, row)
        else:
            if case.callback == 1:
                case.delayed += max(time - case.queued_at, 0.0)
            else:
                case.waited += time - case.queued_at
                s.departments[case.department].demanded += time - case.queued_at  # holds its member of staff
            answer(s, row, time, closes)
        manager_free(s, m, time, closes)
    else:
        who = case.staff
        conclude(s, row, who, time)
        release(s, who, time, closes)


@entry
def moments_of_truth(s: State) -> None:
    """Contacts wait, are served, climb for approval, and end, in order of time.

    Each department has one queue, first come first served; a free member of staff takes the next
    case, the one idle longest takes a new one. Who gives up waiting uses no capacity. At closing
    time those who wait are turned away and come back; work under way is finished. Under
    `operations.continuous` the clock never stops and everything lives on overnight.
    """
    p = s.p[0]
    organisation = s.organisation[0]
    opens = organisation.day * p.open_minutes
    ends = end_of_day(s)
    closes = math.inf if p.continuous == 1 else ends
    take_up_work(s, opens, closes)  # callbacks left from last night
    for pool in range(len(s.departments), len(s.pools)):
        while s.pools[pool].head != NOBODY and s.pools[pool].idle_head != NOBODY:
            manager_free(s, longest_idle(s.pools, s.managers, pool), opens, closes)
    for row in range(organisation.rows_used):  # requests that reach an approver's desk today
        case = s.cases[row]
        if case.stage == UNNOTICED and case.noticed_at < ends:
            case.stage = ASKING
            push_event(s, max(case.noticed_at, opens), row)
        elif (case.stage == ASKING or case.stage == WITH_MANAGER) and case.callback == 0:
            await_hang_up(s, row)  # the clock never stops
    await_change(s, 1)
    while organisation.events + organisation.later + organisation.patient > 0:
        time = next_event(s)
        if organisation.patient > 0 and s.ends[0].time < time:
            time = s.ends[0].time
            lose_patience(s, pop_patience(s), time, closes)
            continue
        if p.continuous == 1 and time >= ends:
            break
        row = pop_event(s)
        if row < 0:
            change_shift(s, -row)
            take_up_work(s, time, closes)
        else:
            happen(s, row, time, closes)
    for department in range(len(s.departments)):
        if p.continuous == 0 or s.departments[department].capacity <= 0.0:  # nobody comes to see who has given up
            turn_away(s, department, ends)
