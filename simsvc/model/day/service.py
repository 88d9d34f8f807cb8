"""Serving a case: what a member of staff plans, how long it takes, what is decided, how well it is done."""

from __future__ import annotations

import math
from typing import Any

from simsvc.model import random as keyed
from simsvc.model.compiling import compiled
from simsvc.model.day.needs import contact_index
from simsvc.model.rows import (
    ACT,
    ASK,
    BEND,
    DENY,
    FAILURE,
    HAND_OVER,
    REFUSE,
    RESOLVED,
    ROUTINE,
    UNRESOLVED,
)
from simsvc.model.rules.authority import beyond_authority, chance_to_bend, plan_for
from simsvc.model.rules.encounter import (
    chance_of_grave_error,
    chance_to_resolve,
    courtesy_shown,
    fit_of_solution,
    quality_of_work,
    skill_for,
    volunteered_effort,
)
from simsvc.model.rules.screening import (
    chance_to_drop,
    chance_to_grant,
    judgement,
    leniency_at_the_desk,
)
from simsvc.model.rules.service_time import speed, unusual_need_time

HAND_OVER_SHARE = 0.25  # of a service, spent until it is clear that another department must deal with it


@compiled
def random_minutes(p: Any, u1: float, u2: float) -> float:
    """A service or approval time as a ratio to its mean."""
    if p.distribution == 1:
        return -math.log(u1)
    return keyed.lognormal(u1, u2, p.service_sigma)


@compiled
def make_plan(p: Any, lever: Any, department: Any, case: Any, one: Any, anyone_to_ask: bool) -> int:
    """What this member of staff will do with this case."""
    if case.department != case.owner:
        _, _, _, u = keyed.uniforms(p, case.customer, case.day, keyed.DECISION, contact_index(case))
        if u >= lever.permeability:
            return HAND_OVER
    beyond = beyond_authority(case.remedy, case.distance, one.limit, one.latitude)
    if not beyond:
        return ACT
    u0, u1, u2, _ = keyed.uniforms(p, case.customer, case.day, keyed.DECISION, contact_index(case))
    if case.kind == FAILURE:
        # the first of two screens: only what looks justified is passed up (H3)
        chance = chance_to_grant(
            case.legitimate == 1,
            judgement(one.skill, lever.information_share, lever.clarity),
            0.8 + leniency_at_the_desk(
                lever.clarity, lever.recognition, one.empowerment, department.control, p.rule_overgranting
            ),
            p.rule_screening,
        )  # fmt: skip
        if u0 >= chance:
            return DENY
    bend = chance_to_bend(department.trust, lever.recognition, one.empowerment, p.rule_bending)
    plan = plan_for(beyond, bend, p.ask_share, anyone_to_ask, u1, u2)
    if plan == ASK and case.kind == FAILURE:
        _, _, _, u = keyed.uniforms(p, case.customer, case.day, keyed.OUTCOME, contact_index(case))
        if u < chance_to_drop(case.legitimate == 1, p.rule_hassle):
            return DENY
    # with screening off everything asked for is granted, whoever is there
    return ACT if plan == REFUSE and p.rule_screening <= 0.0 else plan


@compiled
def begin_service(p: Any, lever: Any, department: Any, case: Any, one: Any, anyone_to_ask: bool, time: float) -> float:
    """A member of staff takes a case; returns the minutes until something happens next."""
    case.waited += time - case.queued_at
    one.busy_from = time
    one.contacts += 1
    u0, u1, _, _ = keyed.uniforms(p, case.customer, case.day, keyed.SERVICE, contact_index(case))
    pressure = department.pressure
    deserved = (
        p.service_minutes
        * random_minutes(p, u0, u1)
        * max(1.0 + p.rule_skill * (case.difficulty - p.difficulty), 0.05)
        * speed(skill_for(one.skill, case.department == case.owner, p.rule_specialists), one.exhaustion, p.rule_skill)
        * unusual_need_time(case.distance, one.latitude, p.rule_authority_load)
    )
    again = p.reexplain_minutes if case.reexplained > 0.0 else 0.0
    minutes = deserved * one.standard * pressure + again
    case.heard = 1
    case.plan = make_plan(p, lever, department, case, one, anyone_to_ask)
    share = HAND_OVER_SHARE if case.plan == HAND_OVER else 1.0
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
def decide(p: Any, lever: Any, department: Any, case: Any, one: Any) -> None:
    """Own decision of a member of staff: what is granted, what is paid.

    What is judged unjustified gets nothing; what exceeds one's authority gets what one may give.
    """
    case.granted = 1
    offered = case.remedy * (1.0 + p.rule_generosity * lever.generosity)
    if case.plan == REFUSE:
        case.granted = 0
        offered = min(case.remedy, one.limit)
    elif case.plan == DENY:
        case.granted = 0
        offered = 0.0
    elif case.plan == ACT and case.kind == FAILURE:
        u0, _, _, _ = keyed.uniforms(p, case.customer, case.day, keyed.DECISION, contact_index(case))
        chance = chance_to_grant(
            case.legitimate == 1,
            judgement(one.skill, lever.information_share, lever.clarity),
            leniency_at_the_desk(
                lever.clarity, lever.recognition, one.empowerment, department.control, p.rule_overgranting
            ),
            p.rule_screening,
        )
        if u0 >= chance:
            case.granted = 0
            offered = 0.0
    if case.granted == 0:
        case.refused = 1
    case.paid = offered


@compiled
def work_on(p: Any, lever: Any, department: Any, case: Any, one: Any, manager_skill: float) -> None:
    """The work itself: fit, quality, courtesy, and whether it settles the matter.

    Args:
        p: settings.
        lever: structure of the department.
        department: where it happens.
        case: what it is about.
        one: who does it.
        manager_skill: of the specialist who decided, 0-1; negative if nobody was asked.
    """
    u0, u1, _, _ = keyed.uniforms(p, case.customer, case.day, keyed.OUTCOME, contact_index(case))
    skill = skill_for(one.skill, case.department == case.owner, p.rule_specialists)
    if manager_skill >= 0.0 and case.granted == 1:
        # the specialist knows more but sees what is left of the case (H2, C9)
        fit = fit_of_solution(case.distance, 1.0, manager_skill, case.information, p.rule_fit)
    else:
        used = 1.0 if case.plan == BEND else (0.0 if case.refused == 1 else one.latitude)
        fit = fit_of_solution(case.distance, used, skill, lever.information_share, p.rule_fit)
    effort = volunteered_effort(one.morale, one.commitment, p.rule_effort)
    time_given = one.standard * department.pressure
    case.fit = fit
    case.quality = quality_of_work(skill, effort, time_given, fit, p.tools, p.rule_skill)
    case.courtesy = courtesy_shown(one.disposition, one.morale, one.exhaustion, p.rule_morale)
    if u1 < chance_of_grave_error(one.morale, one.exhaustion, department.load, p.rule_grave_errors):
        case.grave = 1
        case.quality *= 0.2
        case.outcome = UNRESOLVED
    elif case.refused == 1 and case.legitimate == 0:
        case.outcome = RESOLVED  # was only trying
    else:
        chance = chance_to_resolve(case.quality, case.difficulty, p.resolution)
        if case.refused == 1 and case.kind == FAILURE and case.remedy > 0.0:
            chance *= case.paid / case.remedy  # part of what is due settles part of the cases
        case.outcome = RESOLVED if u0 < chance else UNRESOLVED
    if case.outcome == UNRESOLVED:
        case.paid = 0.0  # nothing is paid before the matter is settled


@compiled
def overreach(case: Any, skill: float, information: float) -> float:
    """Strain of deciding oneself in one case, 0-1 (H4; Chan & Lam 2011).

    Deciding weighs on everybody a little, and much more beyond one's competence.
    """
    if case.kind == ROUTINE or (case.plan != ACT and case.plan != BEND):
        return 0.0
    needed = max(case.distance, case.remedy / (case.remedy + 60.0))
    return 0.3 * needed + 0.7 * max(needed - skill * (0.6 + 0.4 * information), 0.0)
