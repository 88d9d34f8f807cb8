"""Serving a case: what a member of staff plans, how long it takes, what is decided, how well it is done."""

from __future__ import annotations

import math

from simsvc.model import random as keyed
from simsvc.model.compiling import compiled
from simsvc.model.day.needs import contact_index
from simsvc.model.people import StaffRow
from simsvc.model.rows import (
    ACT,
    ASK,
    BEND,
    DENY,
    DROP,
    FAILURE,
    HAND_OVER,
    REFUSE,
    REQUEST,
    RESOLVED,
    ROUTINE,
    UNRESOLVED,
    CaseRow,
    DepartmentRow,
    LeverRow,
    ParameterRow,
    State,
)
from simsvc.model.rules.authority import (
    beyond_authority,
    chance_to_bend,
    offer_with_generosity,
    plan_for,
    plan_unscreened,
    weight_of_money,
)
from simsvc.model.rules.encounter import (
    chance_of_grave_error,
    chance_to_resolve,
    courtesy_shown,
    courtesy_with_smile,
    effort_unwatched,
    fit_of_solution,
    quality_of_work,
    share_not_caught,
    skill_for,
    surface_acting,
    volunteered_effort,
)
from simsvc.model.rules.relationship import distance_to_acquaintance, time_with_acquaintance, warmth
from simsvc.model.rules.screening import (
    chance_to_drop,
    chance_to_grant,
    judgement,
    leniency_in_doubt,
    leniency_of_chart,
    over_granting,
)
from simsvc.model.rules.service_time import difficult_case_time, speed, time_with_tools, unusual_need_time
from simsvc.model.rules.tempering import tempered


@compiled
def random_minutes(p: ParameterRow, u1: float, u2: float) -> float:
    """A service or approval time as a ratio to its mean."""
    if p.distribution == 1:
        return -math.log(u1)
    return keyed.lognormal(u1, u2, p.service_sigma)


@compiled
def usual_service(s: State, time: float) -> float:
    """Service time at this time of day as a ratio to the mean; overtime is like the end of the day."""
    parts = len(s.service_profile)
    gone = time / s.p[0].open_minutes - s.organisation[0].day
    return float(s.service_profile[min(max(int(gone * parts), 0), parts - 1)])


@compiled
def chance_at_the_desk(
    p: ParameterRow, lever: LeverRow, department: DepartmentRow, case: CaseRow, one: StaffRow, doubt: float
) -> float:
    """Chance that this member of staff takes a claim or wish for justified, 0-1; judged as an approver judges.

    Args:
        p: settings.
        lever: structure of the department.
        department: where it happens.
        case: what it is about.
        one: who judges.
        doubt: in logits; leniency of whoever has not the last word.
    """
    clarity = tempered(lever.clarity, p.tempering.typical_clarity, p.rule_ambiguity)
    watched = tempered(
        min(department.control / p.screening.control_minutes, 1.0), p.tempering.typical_watch, p.rule_monitoring
    )
    recognition = tempered(lever.recognition, p.tempering.typical_recognition, p.rule_recognition)
    leniency = leniency_of_chart(lever.approver_strictness, p.screening) + doubt
    leniency += over_granting(clarity, recognition, one.empowerment, watched, p.rule_overgranting, p.screening)
    accuracy = judgement(
        tempered(one.skill, p.tempering.reference_skill, p.rule_skill), department.information, clarity, p.screening
    )
    return chance_to_grant(case.legitimate == 1, accuracy, leniency, p.rule_screening, p.screening)


@compiled
def make_plan(
    p: ParameterRow, lever: LeverRow, department: DepartmentRow, case: CaseRow, one: StaffRow, anyone_to_ask: bool
) -> int:
    """What this member of staff will do with this case."""
    if case.department != case.owner:
        _, _, _, u = keyed.uniforms(p, case.customer, case.day, keyed.DECISION, contact_index(case))
        if u >= lever.permeability:
            return HAND_OVER
    beyond = beyond_authority(case.remedy, case.distance, one.limit, one.latitude, p.authority)
    if not beyond or case.promised == 1:
        return ACT
    u0, u1, u2, _ = keyed.uniforms(p, case.customer, case.day, keyed.DECISION, contact_index(case))
    if case.kind != ROUTINE:
        # the first of two screens: only what looks justified is passed up (H3)
        doubt = leniency_in_doubt(p.rule_leniency, p.screening)
        chance = chance_at_the_desk(p, lever, department, case, one, doubt)
        if u0 >= chance:
            return DENY
    recognition = tempered(lever.recognition, p.tempering.typical_recognition, p.rule_recognition)
    bend = chance_to_bend(department.trust, recognition, one.empowerment, p.rule_bending, p.authority)
    plan = plan_for(beyond, bend, p.ask_share, anyone_to_ask, u1, u2)
    if plan == ASK and case.kind == FAILURE:
        _, _, _, u = keyed.uniforms(p, case.customer, case.day, keyed.OUTCOME, contact_index(case))
        if u < chance_to_drop(case.legitimate == 1, p.rule_hassle, p.screening):
            return DROP
    if plan == REFUSE:
        # with screening off everything asked for is granted, whoever is there
        _, _, u, _ = keyed.uniforms(p, case.customer, case.day, keyed.OUTCOME, contact_index(case))
        return plan_unscreened(plan, u, p.rule_screening)
    return plan


@compiled
def begin_service(
    p: ParameterRow,
    lever: LeverRow,
    department: DepartmentRow,
    case: CaseRow,
    one: StaffRow,
    anyone_to_ask: bool,
    time: float,
    bond: float,
    usual: float,
) -> float:
    """A member of staff takes a case; returns the minutes until something happens next.

    Args:
        p: settings.
        lever: structure of the department.
        department: where it happens.
        case: what it is about.
        one: who takes it.
        anyone_to_ask: whether there is a manager.
        time: on the organisation's clock.
        bond: with the customer, 0-1; 0 between strangers.
        usual: service time at this time of day as a ratio to the mean.
    """
    case.waited += time - case.queued_at
    one.busy_from = time
    one.contacts += 1
    u0, u1, _, _ = keyed.uniforms(p, case.customer, case.day, keyed.SERVICE, contact_index(case))
    skill = skill_for(one.skill, case.department == case.owner, p.rule_specialists, p.encounter)
    deserved = (
        p.service_minutes
        * usual
        * random_minutes(p, u0, u1)
        * difficult_case_time(case.difficulty, p.difficulty, p.rule_skill)
        * speed(skill, one.exhaustion, p.tempering.reference_skill, p.rule_skill, p.service_time)
        * unusual_need_time(case.distance, one.latitude, p.rule_authority_load, p.service_time)
        * time_with_acquaintance(bond, p.rule_relationship, p.relationship)
        * time_with_tools(
            tempered(p.tools, p.tempering.typical_tools, p.rule_tools), p.tempering.typical_tools, p.service_time
        )
        * department.help
    )
    if case.heard == case.staff:
        case.reexplained = 0.0
    again = p.reexplain_minutes if case.reexplained > 0.0 else 0.0
    minutes = deserved * one.standard * department.pressure * department.pace * department.slowed + again
    case.heard = case.staff
    case.plan = make_plan(p, lever, department, case, one, anyone_to_ask)
    share = p.service_time.hand_over_share if case.plan == HAND_OVER else 1.0
    department.demanded += share * (deserved * one.standard + again)
    if case.plan == HAND_OVER:
        spent = share * minutes
    elif case.plan == ASK:
        spent = p.diagnosis_share * minutes
        case.left = minutes - spent
    else:
        spent = minutes
    case.minutes += spent
    return spent


@compiled
def cost_of_granting(p: ParameterRow, lever: LeverRow, case: CaseRow) -> float:
    """What a case costs the firm if what is asked for is granted, money: a remedy, or a wish not worth its cost."""
    if case.kind == REQUEST:
        return 0.0 if case.legitimate == 1 else p.wish_cost
    return offer_with_generosity(case.remedy, lever.generosity, p.rule_generosity)


@compiled
def decide(p: ParameterRow, lever: LeverRow, department: DepartmentRow, case: CaseRow, one: StaffRow) -> None:
    """Own decision of a member of staff: what is granted, what is paid.

    What is judged unjustified gets nothing; what exceeds one's authority gets what one may give; what was granted in an
    earlier contact stays granted.
    """
    case.granted = 1
    if case.plan == REFUSE or case.plan == DENY or case.plan == DROP:
        case.granted = 0
    elif case.plan == ACT and case.kind != ROUTINE and case.promised == 0:
        u0, _, _, _ = keyed.uniforms(p, case.customer, case.day, keyed.DECISION, contact_index(case))
        chance = chance_at_the_desk(p, lever, department, case, one, 0.0)
        if u0 >= chance:
            case.granted = 0
    if case.granted == 1:
        case.paid = cost_of_granting(p, lever, case)
    else:
        case.refused = 1
        case.paid = min(case.remedy, one.limit) if case.plan == REFUSE else 0.0


@compiled
def work_on(
    p: ParameterRow,
    lever: LeverRow,
    department: DepartmentRow,
    case: CaseRow,
    one: StaffRow,
    manager_skill: float,
    bond: float,
) -> None:
    """The work itself: fit, quality, courtesy, and whether it settles the matter.

    Args:
        p: settings.
        lever: structure of the department.
        department: where it happens.
        case: what it is about.
        one: who does it.
        manager_skill: as it shows, of the specialist who decided, now or earlier, 0-1; negative if nobody was asked.
        bond: with the customer, 0-1; 0 between strangers.
    """
    u0, u1, _, _ = keyed.uniforms(p, case.customer, case.day, keyed.OUTCOME, contact_index(case))
    home = case.department == case.owner
    skill = skill_for(one.skill, home, p.rule_specialists, p.encounter)
    knowing = skill_for(
        tempered(one.skill, p.tempering.reference_skill, p.rule_skill), home, p.rule_specialists, p.encounter
    )
    distance = distance_to_acquaintance(case.distance, bond, p.rule_relationship, p.relationship)
    if manager_skill >= 0.0 and case.granted == 1:
        # the specialist knows more but sees what is left of the case (H2, C9)
        fit = fit_of_solution(distance, 1.0, manager_skill, case.information, p.rule_fit, p.encounter)
    else:
        used = 1.0 if case.plan == BEND else (0.0 if case.refused == 1 else one.latitude)
        fit = fit_of_solution(distance, used, knowing, department.information, p.rule_fit, p.encounter)
    effort = volunteered_effort(one.morale, one.commitment, p.rule_effort, p.encounter)
    effort *= effort_unwatched(
        one.commitment, department.control, p.screening.control_minutes, p.rule_monitoring, p.encounter
    )
    time_given = one.standard * department.pressure * department.pace
    case.fit = fit
    tools = tempered(p.tools, p.tempering.typical_tools, p.rule_tools)
    case.quality = quality_of_work(
        skill, effort, time_given, fit, tools, p.tempering.reference_skill, p.rule_skill, p.encounter
    )
    felt = courtesy_shown(one.disposition, one.morale, one.exhaustion, p.rule_morale, p.encounter)
    one.acting += surface_acting(felt, lever.smile_training, p.rule_smiling)
    shown = courtesy_with_smile(felt, lever.smile_training, p.rule_smiling, p.encounter)
    case.courtesy = min(shown + warmth(bond, p.rule_relationship, p.relationship), 1.0)
    grave = chance_of_grave_error(one.morale, one.exhaustion, department.overwork, p.rule_grave_errors, p.encounter)
    if u1 < grave * share_not_caught(department.control, p.screening.control_minutes, p.rule_monitoring, p.encounter):
        case.grave = 1
        case.quality *= p.encounter.quality_after_grave_error
        case.outcome = UNRESOLVED
    elif case.refused == 1 and case.kind == FAILURE and case.legitimate == 0:
        case.outcome = RESOLVED  # was only trying
    else:
        chance = chance_to_resolve(case.quality, case.difficulty, p.resolution, p.encounter)
        if case.refused == 1 and case.kind == FAILURE and case.remedy > 0.0:
            chance *= case.paid / case.remedy  # part of what is due settles part of the cases
        case.outcome = RESOLVED if u0 < chance else UNRESOLVED
    if case.outcome == UNRESOLVED:
        case.paid = 0.0  # nothing is paid before the matter is settled


@compiled
def stretch(p: ParameterRow, case: CaseRow) -> float:
    """What a case asks of somebody who decides it, 0-1; 0 for routine, for what others decide and what is decided."""
    if case.kind == ROUTINE or case.promised == 1 or (case.plan != ACT and case.plan != BEND):
        return 0.0
    return max(case.distance, weight_of_money(case.remedy, p.remedy))
