"""What a contact does to those who met: the customer judges, the member of staff feels it."""

from __future__ import annotations

import math

from simsvc.model import random as keyed
from simsvc.model.ahead import FAR, NEAR, NEXT, ask_for
from simsvc.model.compiling import compiled, entry
from simsvc.model.day.customers import leave, settle
from simsvc.model.day.needs import close_case, contact_index, minute_of_day
from simsvc.model.day.talking import talk
from simsvc.model.people import CustomerRow, StaffRow
from simsvc.model.reasons import INCIDENT
from simsvc.model.rows import (
    ABANDONED,
    AWAY,
    FAILURE,
    NOBODY,
    REDIALLED,
    RESOLVED,
    SILENT_LOSS,
    TURNED_AWAY,
    CaseRow,
    DayRow,
    DepartmentRow,
    ParameterRow,
    State,
)
from simsvc.model.rules.expectation import (
    encounter_satisfaction,
    expectation_after,
    learning_rate,
    satisfaction_after,
    uncertainty_after,
)
from simsvc.model.rules.justice import (
    delight_of_gesture,
    encounter_felt,
    inconsistency_of,
    outcome_felt,
    procedure_compared,
    procedure_felt,
    treatment_felt,
)
from simsvc.model.rules.leading import answer_holds
from simsvc.model.rules.leaving import (
    chance_to_leave_at_once,
    loss_severity,
    promptness_felt,
    recovery_felt,
    unsettled_by_incident,
)
from simsvc.model.rules.loyalty import chance_of_top_box, loyalty_after
from simsvc.model.rules.needs import chance_to_return, days_until_return
from simsvc.model.rules.relationship import bond_after, gets_acquainted, loyalty_without_acquaintance
from simsvc.model.rules.screening import information_after_level

SMALL = 0.05  # of a large loss: TARP, as quoted, up to 5 dollars against over 100
NEVER_ANSWERED = 1e9  # min, for who says nothing


@compiled
def judge(p: ParameterRow, customer: CustomerRow, case: CaseRow, inconsistency: float) -> tuple[float, float, float]:
    """The customer judges a contact: returns satisfaction with it, outcome and procedure, each 0-1.

    Args:
        p: settings.
        customer: who judges.
        case: as it stands at the end of the contact.
        inconsistency: of treatment in the department, 0-1.
    """
    satisfaction, loyalty = customer.satisfaction, customer.loyalty
    resolved = case.outcome == RESOLVED
    paid_share = case.paid / case.remedy if case.remedy > 0.0 else 1.0
    if case.outcome == ABANDONED or case.outcome == SILENT_LOSS:
        outcome = p.justice.unresolved
    else:
        outcome = outcome_felt(
            case.kind,
            resolved,
            case.granted == 1,
            case.legitimate == 1,
            case.quality,
            case.fit,
            paid_share,
            p.rule_overcompensation,
            p.justice,
        )
    procedure = procedure_felt(
        case.waited,
        NEVER_ANSWERED if case.outcome == SILENT_LOSS else case.delayed,
        max(case.attempts, 1),
        case.reexplained,
        p.wait_tolerance,
        p.delay_tolerance,
        p.rule_waiting,
        p.justice,
    )
    procedure = procedure_compared(procedure, inconsistency, p.rule_consistency, p.justice)
    delight = delight_of_gesture(case.gesture, p.rule_delight, p.justice)
    felt = min(encounter_felt(outcome, procedure, case.courtesy, p.justice) + delight, 1.0)
    experience = encounter_satisfaction(felt, customer.expectation, p.rule_expectation, p.expectation)
    weight = learning_rate(customer.uncertainty, p.expectation)
    customer.satisfaction = satisfaction_after(customer.satisfaction, experience, weight, p.rule_loss_aversion)
    customer.expectation = expectation_after(customer.expectation, felt, weight, p.rule_expectation)
    customer.uncertainty = uncertainty_after(customer.uncertainty, p.expectation)
    treatment = treatment_felt(outcome, procedure, case.courtesy, p.justice)
    customer.loyalty = loyalty_after(customer.loyalty, customer.satisfaction, treatment, p.rule_loyalty, p.loyalty)
    case.experience = experience
    case.outcome_felt = outcome
    case.procedure_felt = procedure
    case.satisfaction_change = customer.satisfaction - satisfaction
    case.loyalty_change = customer.loyalty - loyalty
    return experience, outcome, procedure


@compiled
def miss(p: ParameterRow, customer: CustomerRow, known: StaffRow) -> None:
    """A customer finds out that the member of staff it knew is not there any more (C23)."""
    if known.present == 0 or known.person != customer.known_person:
        customer.loyalty = loyalty_without_acquaintance(
            customer.loyalty, customer.bond, p.rule_relationship, p.relationship
        )
        customer.bond = 0.0
        customer.known_staff = NOBODY


@compiled
def get_to_know(p: ParameterRow, customer: CustomerRow, case: CaseRow, one: StaffRow) -> None:
    """Customer and member of staff get to know each other, or somebody else is forgotten a little."""
    customer.bond = bond_after(customer.bond, case.familiar == 1, p.rule_relationship, p.relationship)
    if gets_acquainted(customer.bond, p.rule_relationship, p.relationship):
        customer.known_staff = case.staff
        customer.known_person = one.person
        customer.bond = p.relationship.acquaintance


@compiled
def staff_feels(p: ParameterRow, one: StaffRow, case: CaseRow, experience: float, row_seed: int) -> bool:
    """The member of staff takes note of the customer's mood; returns whether it reports the trouble met."""
    one.felt += experience
    one.judged += 1
    if case.cause == NOBODY and case.refused == 0:
        return False
    u, _, _, _ = keyed.uniforms(p, case.customer, case.day, keyed.REPORT, row_seed)
    if u < one.voice:
        one.reports += 1
        return True
    return False


@compiled
def is_answered(s: State, department: DepartmentRow, cause: int, u: float) -> bool:
    """Whether somebody who is to be answered is: a trouble is answered once, to all who report it (H7).

    Args:
        s: state.
        department: of those who report.
        cause: of the trouble; `NOBODY`: a single case, which is answered on its own.
        u: uniform number.
    """
    day = s.organisation[0].day
    if cause == NOBODY:
        department.promised += 1
        given = u < department.answers
    else:
        trouble = s.causes[cause]
        if answer_holds(day - trouble.answered_on, s.p[0].leading):
            return True
        if trouble.asked_on == day:
            return False
        trouble.asked_on = day
        department.promised += 1
        given = u < department.answers
        trouble.answered_on = day if given else trouble.answered_on
    department.answered += 1 if given else 0
    return given


@compiled
def carry_report(s: State, case: CaseRow, one: StaffRow, row_seed: int) -> None:
    """A report goes up: the own manager hears most of it, each further level less (C9), some is answered."""
    p = s.p[0]
    lever = s.levers[one.department]
    pool = s.departments[one.department].pool
    today = s.days[s.organisation[0].day]
    department = s.departments[one.department]
    today.reports += 1
    _, u0, u1, _ = keyed.uniforms(p, case.customer, case.day, keyed.REPORT, row_seed)
    if pool != NOBODY and u0 < lever.reports_answered and is_answered(s, department, case.cause, u1):
        one.reports_answered += 1
        today.reports_answered += 1
    if case.cause == NOBODY:
        return
    for m in range(len(s.managers)):
        manager = s.managers[m]
        if manager.pool == pool or manager.level >= 2:
            left = 1.0
            for _ in range(manager.level):
                left = information_after_level(left, p.information_loss, p.rule_distortion)
            s.told[m, case.cause] += left / s.pools[manager.pool].managers  # one of those in charge hears it


@compiled
def follow_up(s: State, row: int) -> bool:
    """Whether a case comes back on a later day; sets when."""
    p = s.p[0]
    organisation = s.organisation[0]
    case = s.cases[row]
    _, u0, u1, u2 = keyed.uniforms(p, case.customer, case.day, keyed.RETURN, contact_index(case))
    if case.outcome == TURNED_AWAY:
        days = 1.0
    elif u0 < chance_to_return(p.persistence, p.rule_repeat_contacts):
        days = days_until_return(u1, p.return_days)
    else:
        return False
    case.contact_at = (organisation.day + days) * p.open_minutes + minute_of_day(u2, s.profile, p.open_minutes)
    case.stage = AWAY
    return True


@compiled
def note_loss(s: State, case: CaseRow, outcome: float, days: float) -> None:
    """Large and small losses are followed for a year, for the loyalty ladders (TARP)."""
    p = s.p[0]
    organisation = s.organisation[0]
    if organisation.losses_noted - organisation.losses_judged >= len(s.losses):
        return  # no room: the ladder is measured on a sample
    if SMALL * p.large_loss < case.remedy < p.large_loss:
        return
    loss = s.losses[organisation.losses_noted % len(s.losses)]
    loss.customer = case.customer
    loss.spell = case.spell
    loss.day = organisation.day
    loss.small = 1 if case.remedy < p.large_loss else 0
    if case.outcome == SILENT_LOSS:
        loss.handling = 0
    elif case.outcome != RESOLVED or outcome < p.leaving.put_right:
        loss.handling = 1
    else:
        loss.handling = 3 if days <= p.leaving.fast_days else 2
    organisation.losses_noted += 1


@compiled
def count_contact(p: ParameterRow, today: DayRow, case: CaseRow, experience: float) -> None:
    """The day's statistics of one contact."""
    if case.outcome == TURNED_AWAY:
        today.turned_away += 1
        return
    today.wait += case.waited
    today.waited_at_all += 1 if case.waited > 0.0 else 0
    today.delay += case.delayed
    if case.outcome == ABANDONED:
        today.abandoned += 1
        return
    top = chance_of_top_box(experience, p.loyalty)
    today.calls_judged += 1
    today.top_box += top
    today.episode += experience
    if case.attempts == 1:
        today.first_contact_judged += 1
        if case.outcome == RESOLVED and case.callback == 0:
            today.first_contact_resolved += 1
    if case.outcome == RESOLVED:
        if case.attempts == 1:
            today.judged_1 += 1
            today.top_1 += top
        elif case.attempts == 2:
            today.judged_2 += 1
            today.top_2 += top
        else:
            today.judged_3 += 1
            today.top_3 += top


@compiled
def count_move(today: DayRow, case: CaseRow, gap: float) -> None:
    """How far a contact was from what the customer felt so far, and how far that followed: losses and gains apart."""
    if gap < 0.0:
        today.gap_down -= gap
        today.moved_down -= case.satisfaction_change
    else:
        today.gap_up += gap
        today.moved_up += case.satisfaction_change


@entry
def reactions(s: State) -> None:
    """Customers judge the contacts that ended today, talk about them, come back or walk away."""
    p = s.p[0]
    organisation = s.organisation[0]
    today = s.days[organisation.day]
    for k in range(organisation.ended):
        row = s.ended[k]
        ask_for(s.cases, s.ended[min(k + FAR, organisation.ended - 1)])
        coming = s.cases[s.ended[min(k + NEAR, organisation.ended - 1)]].customer
        ask_for(s.customers, coming)
        ask_for(s.tie_start, coming)
        ask_for(s.tie, s.tie_start[s.cases[s.ended[min(k + NEXT, organisation.ended - 1)]].customer])
        case = s.cases[row]
        i = case.customer
        customer = s.customers[i]
        if customer.since < 0 or customer.spell != case.spell:
            # left while the case was on its way: nobody is there to judge
            if case.outcome == TURNED_AWAY or case.outcome == ABANDONED:
                count_contact(p, today, case, 0.0)
            close_case(s, row, case.outcome == RESOLVED)
            today.grant_cost += math.floor(case.paid * 100.0 + 0.5)
            continue
        if case.outcome == TURNED_AWAY:
            count_contact(p, today, case, 0.0)
            follow_up(s, row)
            continue
        today.grant_cost += math.floor(case.paid * 100.0 + 0.5)
        lever = s.levers[case.department]
        inconsistency = inconsistency_of(lever.latitude, lever.clarity, p.justice)
        if customer.known_staff != NOBODY:
            miss(p, customer, s.staff[customer.known_staff])
        experience, outcome, procedure = judge(p, customer, case, inconsistency)
        count_move(today, case, experience - (customer.satisfaction - case.satisfaction_change))
        silent = case.outcome == SILENT_LOSS
        if not silent:
            count_contact(p, today, case, experience)
        if case.staff != NOBODY:
            one = s.staff[case.staff]
            get_to_know(p, customer, case, one)
            if staff_feels(p, one, case, experience, contact_index(case)):
                carry_report(s, case, one, contact_index(case))
        if case.redials == REDIALLED:
            close_case(s, row, False)
            settle(s, i, organisation.day)
            continue
        comes_back = case.outcome != RESOLVED and not silent and follow_up(s, row)
        if not comes_back:
            talk(s, i, experience, case)
            walks_out = False
            if case.kind == FAILURE and case.legitimate == 1:
                days = 0.0 if silent else (case.ended_at - case.first_at) / p.open_minutes
                severity = loss_severity(case.remedy, p.large_loss, p.loss_exponent)
                recovery = recovery_felt(
                    not silent, outcome, procedure, promptness_felt(days, p.rule_waiting, p.leaving), p.leaving
                )
                chance = chance_to_leave_at_once(
                    severity,
                    recovery,
                    customer.failures,
                    customer.loyalty,
                    unsettled_by_incident(learning_rate(customer.uncertainty, p.expectation), p.rule_tenure, p.leaving),
                    p.incident_churn,
                    p.rule_second_failure,
                    p.rule_incidents,
                    p.leaving,
                )
                u, _, _, _ = keyed.uniforms(p, i, case.day, keyed.INCIDENT, case.number)
                walks_out = u < chance
                note_loss(s, case, outcome, days)
                if case.outcome != RESOLVED or silent:
                    customer.failures += 1
            close_case(s, row, case.outcome == RESOLVED)
            if walks_out:
                leave(s, i, INCIDENT)
                continue
        settle(s, i, organisation.day)
