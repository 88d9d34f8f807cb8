"""Needs become cases; unresolved cases come back."""

from __future__ import annotations

import numpy as np

from simsvc.model import random as keyed
from simsvc.model.compiling import compiled, entry
from simsvc.model.day.events import push_event
from simsvc.model.rows import (
    ACT,
    ARRIVING,
    AWAY,
    FAILURE,
    FREE,
    NOBODY,
    REQUEST,
    ROUTINE,
    SILENT_LOSS,
    UNDER_WAY,
    CaseRow,
    State,
)
from simsvc.model.rules.needs import days_to_next_need, distance_from_standard, is_misrouted, share_of_distance
from simsvc.model.tables import Floats
from simsvc.scenario.calendar import DAYS_PER_YEAR


@compiled
def minute_of_day(share: float, profile: Floats, open_minutes: float) -> float:
    """Minute at which a share of the day's arrivals has come, 0 <= minute < open_minutes."""
    parts = len(profile) - 1
    k = min(max(int(np.searchsorted(profile, share, side="right")) - 1, 0), parts - 1)
    width = profile[k + 1] - profile[k]
    within = (share - profile[k]) / width if width > 0.0 else 0.0
    return (k + within) / parts * open_minutes


@compiled
def take_case_row(s: State) -> int:
    """A free row of the case table; `make_room` has seen to it that there is one."""
    organisation = s.organisation[0]
    row = organisation.free_case
    organisation.free_case = s.cases[row].next
    organisation.open_cases += 1
    return row


@compiled
def close_case(s: State, row: int, resolved: bool) -> None:
    """The case is over, for better or worse; its row is free again."""
    organisation = s.organisation[0]
    today = s.days[organisation.day]
    if resolved:
        today.resolved += 1
    else:
        today.given_up += 1
    s.cases[row].stage = FREE
    s.cases[row].next = organisation.free_case
    organisation.free_case = row
    organisation.open_cases -= 1


@compiled
def describe_case(s: State, i: int, case: CaseRow, number: int, time: float) -> None:
    """What the `number`-th need of person `i` today is about."""
    p = s.p[0]
    day = s.organisation[0].day
    customer = s.customers[i]
    u0, u1, u2, u3 = keyed.uniforms(p, i, day, keyed.CASE, number)
    v0, v1, v2, v3 = keyed.uniforms(p, i, day, keyed.CASE_DETAIL, number)
    departments = len(s.departments)
    owner = min(int(u0 * departments), departments - 1)
    department = s.departments[owner]

    case.customer = i
    case.spell = customer.spell
    case.day = day
    case.number = number
    case.owner = owner
    case.department = (owner + 1) % departments if is_misrouted(v3, p.misrouted_share, p.rule_handoffs) else owner
    case.cause = NOBODY
    case.legitimate = 1
    case.remedy = 0.0
    case.distance = distance_from_standard(u2, customer.idiosyncrasy)
    case.difficulty = distance_from_standard(u3, p.difficulty)
    if u1 < department.failing:
        case.kind = FAILURE
        case.remedy = p.remedy * keyed.lognormal(v0, v1, p.remedy_sigma)
        case.legitimate = 1 if v2 >= department.illegitimate else 0
        total = 0.0
        for cause in s.causes:
            if cause.department == owner:
                total += cause.prevalence
        # what lies above the unexplained share is due to the known causes, in proportion
        if p.failure_share <= u1 < department.spoiled and total > 0.0:
            at = (u1 - p.failure_share) / (department.spoiled - p.failure_share) * total
            for k in range(len(s.causes)):
                if s.causes[k].department == owner and case.cause == NOBODY:
                    at -= s.causes[k].prevalence
                    if at < 0.0:
                        case.cause = k
    elif u1 > 1.0 - p.request_share:
        case.kind = REQUEST
    else:
        case.kind = ROUTINE
    case.distance *= share_of_distance(case.kind)

    case.attempts = 0
    case.heard = NOBODY
    case.familiar = 0
    case.first_at = time
    case.contact_at = time


@compiled
def begin_contact(s: State, row: int) -> None:
    """A customer gets in touch, for the first time or again."""
    p = s.p[0]
    case = s.cases[row]
    case.stage = ARRIVING
    case.outcome = UNDER_WAY
    case.attempts += 1
    case.level = 0
    case.plan = ACT
    case.granted = 0
    case.refused = 0
    case.callback = 0
    case.staff = NOBODY
    case.manager = NOBODY
    case.handed_by = NOBODY
    case.asked_by = NOBODY
    for level in range(len(case.approvers)):
        case.approvers[level] = NOBODY
    case.information = 1.0
    case.reexplained = 1.0 if case.heard != NOBODY else 0.0  # unless the same person takes it again
    case.grave = 0
    case.waited = 0.0
    case.delayed = 0.0
    case.minutes = 0.0
    case.left = 0.0
    case.paid = 0.0
    case.gesture = 0.0
    case.quality = 0.0
    case.fit = 0.0
    case.courtesy = 0.5
    case.queued_at = case.contact_at
    u, _, _, _ = keyed.uniforms(p, case.customer, case.day, keyed.RETURN, contact_index(case))
    case.leaves_at = case.contact_at + p.patience * s.customers[case.customer].patience * keyed.exponential(u)


@compiled
def contact_index(case: CaseRow) -> int:
    """Index of the draws of this contact: the k-th contact of a case has the same luck everywhere."""
    return case.number * 256 + min(case.attempts, 255)


@entry
def needs(s: State) -> None:
    """Customers whose need is due make contact; unresolved cases come back."""
    p = s.p[0]
    organisation = s.organisation[0]
    day = organisation.day
    today = s.days[day]
    opens = day * p.open_minutes
    arrivals = 0
    organisation.ended = 0
    for row in range(len(s.cases)):
        case = s.cases[row]
        if case.stage == AWAY and case.contact_at < opens + p.open_minutes:
            customer = s.customers[case.customer]
            if customer.since < 0 or customer.spell != case.spell:
                close_case(s, row, False)
            else:
                begin_contact(s, row)
                push_event(s, case.contact_at, row)
                today.repeats += 1
                arrivals += 1
    for k in range(organisation.woken):
        i = s.woken[k]
        customer = s.customers[i]
        number = 0
        while customer.next_need < day + 1.0:
            share = min(max(customer.next_need - day, 0.0), 1.0)
            row = take_case_row(s)
            case = s.cases[row]
            time = opens + minute_of_day(share, s.profile, p.open_minutes)
            describe_case(s, i, case, number, time)
            today.cases_in += 1
            number += 1
            silent = False
            if case.kind == FAILURE:
                today.failures += 1
                u, _, _, _ = keyed.uniforms(p, i, day, keyed.SILENT, number)
                silent = (
                    case.legitimate == 1 and u < p.silent_share
                )  # a claim without a failure is made or is not there
            if silent:
                today.silent_failures += 1
                begin_contact(s, row)
                case.attempts = 0
                case.outcome = SILENT_LOSS
                s.ended[organisation.ended] = row
                organisation.ended += 1
            else:
                begin_contact(s, row)
                push_event(s, case.contact_at, row)
                arrivals += 1
            u, _, _, _ = keyed.uniforms(p, i, day, keyed.NEED_GAP, number)
            customer.next_need += days_to_next_need(u, p.contacts_per_year / DAYS_PER_YEAR * customer.contact_rate)
    today.contacts += arrivals
