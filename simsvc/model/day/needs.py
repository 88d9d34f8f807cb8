"""Needs become cases; unresolved cases come back."""

from __future__ import annotations

import numpy as np

from simsvc.model import random as keyed
from simsvc.model.ahead import FAR, ask_for
from simsvc.model.compiling import compiled, entry
from simsvc.model.day.events import begin_calendar, push_event
from simsvc.model.people import CustomerRow
from simsvc.model.rows import (
    ABANDONED,
    ACT,
    ARRIVING,
    ASKING,
    AWAY,
    CLOSED,
    FAILURE,
    FREE,
    HUNG_UP,
    NOBODY,
    REDIALLED,
    REQUEST,
    ROUTINE,
    SILENT_LOSS,
    TURNED_AWAY,
    UNDER_WAY,
    WITHDRAWN,
    WOULD_REDIAL,
    CaseRow,
    OrganisationRow,
    ParameterRow,
    State,
)
from simsvc.model.rules.needs import (
    chance_to_return,
    days_to_next_need,
    distance_from_standard,
    is_misrouted,
    share_of_distance,
)
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
def need_rate(p: ParameterRow, organisation: OrganisationRow, customer: CustomerRow) -> float:
    """How often this customer gets in touch with something new, needs and claims made up, per day."""
    return p.contacts_per_year / DAYS_PER_YEAR * customer.contact_rate * organisation.claiming


@compiled
def take_case_row(s: State) -> int:
    """A free row of the case table; `make_room` has seen to it that there is one."""
    organisation = s.organisation[0]
    row = organisation.free_case
    organisation.free_case = s.cases[row].next
    organisation.open_cases += 1
    organisation.rows_used = max(organisation.rows_used, row + 1)
    return row


@compiled
def close_case(s: State, row: int, resolved: bool) -> None:
    """The case is over, for better or worse, or goes on in another row; its row is free again."""
    organisation = s.organisation[0]
    today = s.days[organisation.day]
    if s.cases[row].redials == REDIALLED:
        pass  # goes on in another row
    elif resolved:
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
    # claims made up come on top of needs, where they succeed
    owner, place = 0, u0 * departments * s.organisation[0].claiming
    while owner < departments - 1 and place >= 1.0 + s.departments[owner].invited:
        place -= 1.0 + s.departments[owner].invited
        owner += 1
    department = s.departments[owner]
    about = u1 * (1.0 + department.invited)

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
    if about < department.spoiled + department.invited:
        case.kind = FAILURE
        case.remedy = p.remedy * keyed.lognormal(v0, v1, p.remedy_sigma)
        case.legitimate = 1 if about < department.spoiled and v2 >= p.illegitimate_share else 0
        total = 0.0
        for cause in s.causes:
            if cause.department == owner:
                total += cause.prevalence
        # what lies above the unexplained share is due to the known causes, in proportion
        if p.failure_share <= about < department.spoiled and total > 0.0:
            at = (about - p.failure_share) / (department.spoiled - p.failure_share) * total
            for k in range(len(s.causes)):
                if s.causes[k].department == owner and case.cause == NOBODY:
                    at -= s.causes[k].prevalence
                    if at < 0.0:
                        case.cause = k
    elif about - department.invited > 1.0 - p.request_share:
        case.kind = REQUEST
        case.legitimate = 1 if v2 >= p.unworthy_share else 0
    else:
        case.kind = ROUTINE
    case.distance *= share_of_distance(case.kind, p.needs)

    case.attempts = 0
    case.granted = 0
    case.promised = 0
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
    case.promised = max(case.promised, case.granted)
    case.granted = 0
    case.refused = 0
    case.callback = 0
    case.staff = NOBODY
    if case.promised == 0:  # what an approver has found out holds
        case.manager = NOBODY
        case.information = 1.0
    case.handed_by = NOBODY
    case.asked_by = NOBODY
    for level in range(len(case.approvers)):
        case.approvers[level] = NOBODY
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
    case.courtesy = p.justice.courtesy_unserved
    case.queued_at = case.contact_at
    u0, u1, _, _ = keyed.uniforms(p, case.customer, case.day, keyed.RETURN, contact_index(case))
    case.leaves_at = case.contact_at + p.patience * s.customers[case.customer].patience * keyed.exponential(u0)
    # of those who would come back, some do so the same day; the same draw decides in `follow_up`
    case.redials = WOULD_REDIAL if u1 < p.redial_share * chance_to_return(p.persistence, p.rule_repeat_contacts) else 0


@compiled
def end_contact(s: State, row: int, outcome: int, time: float) -> None:
    """The contact is over; what it means is judged in the evening."""
    organisation = s.organisation[0]
    case = s.cases[row]
    case.outcome = outcome
    case.stage = CLOSED
    case.ended_at = time
    if outcome == ABANDONED:
        s.departments[case.department].lost += 1
    if outcome in (ABANDONED, TURNED_AWAY):
        case.reexplained = 0.0  # nobody has listened
    s.ended[organisation.ended] = row
    organisation.ended += 1


@compiled
def withdraw(s: State, row: int) -> None:
    """A customer who awaits an answer has given up being called back, or has hung up; noticed when its turn comes."""
    case = s.cases[row]
    if case.stage == ASKING:  # nobody has decided at the level it was passed up to last
        case.granted = 0
        case.level -= 1
        case.manager = case.approvers[case.level - 1] if case.level > 0 else NOBODY
    today = s.days[s.organisation[0].day]
    if case.outcome == HUNG_UP:
        today.hung_up += 1
    else:
        case.outcome = WITHDRAWN
        today.callbacks += 1
        today.withdrawn += 1
        case.delayed += max(case.leaves_at - case.queued_at, 0.0)
    end_contact(s, row, case.outcome, case.leaves_at)


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
    begin_calendar(s)
    for row in range(organisation.rows_used):
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
        ask_for(s.customers, s.woken[min(k + FAR, organisation.woken - 1)])
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
            customer.next_need += days_to_next_need(u, need_rate(p, organisation, customer))
    today.contacts += arrivals
