"""Approvals: a case climbs from desk to desk, and a manager rules on it."""

from __future__ import annotations

from typing import Any

from simsvc.model import random as keyed
from simsvc.model.compiling import compiled
from simsvc.model.day.events import become_idle, next_in_queue, next_on_the_line, push_event
from simsvc.model.day.needs import contact_index
from simsvc.model.day.service import random_minutes
from simsvc.model.rows import ASKING, NOBODY, WITH_MANAGER
from simsvc.model.rules.policy import tightness_in_force
from simsvc.model.rules.screening import (
    chance_to_grant,
    information_after_level,
    judgement,
    leniency_of_approver,
    share_of_aim,
)
from simsvc.model.rules.voice import seen_at_desk


@compiled
def ask(s: Any, row: int, pool: int, time: float) -> None:
    """A case starts on its way up; each level loses part of what was known (C9)."""
    p = s.p[0]
    case = s.cases[row]
    case.level += 1
    case.information = information_after_level(case.information, p.information_loss, p.rule_distortion)
    case.stage = ASKING
    case.manager = pool  # until somebody there takes it
    _, _, _, u = keyed.uniforms(p, case.customer, case.day, keyed.APPROVAL, contact_index(case) * 4 + case.level)
    today = s.days[s.organisation[0].day]
    if case.level == 1:
        today.escalated_1 += 1
    elif case.level == 2:
        today.escalated_2 += 1
    else:
        today.escalated_3 += 1
    case.noticed_at = time + p.approval_delay * keyed.exponential(u)
    push_event(s, case.noticed_at, row)


@compiled
def consider(s: Any, m: int, row: int, time: float) -> None:
    """A manager takes a case up."""
    p = s.p[0]
    case = s.cases[row]
    _, u1, u2, _ = keyed.uniforms(p, case.customer, case.day, keyed.APPROVAL, contact_index(case) * 4 + case.level)
    case.manager = m
    if case.level == 1:
        case.approver_1 = m
    elif case.level == 2:
        case.approver_2 = m
    case.stage = WITH_MANAGER
    s.managers[m].case = row
    s.managers[m].busy_from = time
    push_event(s, time + p.approval_minutes * random_minutes(p, u1, u2), row)


@compiled
def rule_on(s: Any, m: int, row: int) -> int:
    """A manager decides: returns the pool to ask next, or `NOBODY` if this is the last word."""
    p = s.p[0]
    case = s.cases[row]
    lever = s.levers[case.department]
    department = s.departments[case.department]
    manager = s.managers[m]
    u, _, _, _ = keyed.uniforms(p, case.customer, case.day, keyed.APPROVAL, contact_index(case) * 4 + case.level)
    aim = share_of_aim(p.misalignment, p.rule_misalignment)
    chance = chance_to_grant(
        case.legitimate == 1,
        judgement(manager.skill, case.information, lever.clarity) * aim,
        leniency_of_approver(lever.approver_strictness) - 1.5 * (1.0 - aim),
        p.rule_screening,
    )
    case.granted = 1 if u < chance else 0
    case.refused = 1 - case.granted
    if case.cause != NOBODY:
        s.seen[m, case.cause] += seen_at_desk(case.information, p.rule_overview)
    if manager.level == 1:
        limit, above = lever.manager_limit, p.directors
    else:
        limit, above = lever.director_limit, p.executives if manager.level == 2 else 0
    limit *= max(1.0 - tightness_in_force(department.tightness, p.rule_ratchet), 0.0)
    if case.granted == 0 or above == 0 or case.remedy <= limit:
        return NOBODY
    directors = len(s.pools) - 1 - (1 if p.executives > 0 else 0)
    return directors if manager.level == 1 else directors + 1


@compiled
def manager_free(s: Any, m: int, time: float, closes: float) -> None:
    """A manager takes the next request, or has time for other things; after hours only customers on the line."""
    pool = s.managers[m].pool
    if time < closes:
        row = next_in_queue(s.pools, s.cases, pool)
    else:
        row = next_on_the_line(s.pools, s.cases, pool)
    if row == NOBODY:
        become_idle(s.pools, s.managers, pool, m)
    else:
        consider(s, m, row, time)
