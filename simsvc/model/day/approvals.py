"""Approvals: a case climbs from desk to desk, and a manager rules on it."""

from __future__ import annotations

from simsvc.model import random as keyed
from simsvc.model.compiling import compiled
from simsvc.model.day.events import become_idle, next_in_queue, next_on_the_line, push_event
from simsvc.model.day.needs import contact_index, withdraw
from simsvc.model.day.service import random_minutes
from simsvc.model.rows import ASKING, ESCALATED_COLUMN, NOBODY, WITH_MANAGER, State
from simsvc.model.rules.policy import tightness_in_force
from simsvc.model.rules.screening import (
    chance_to_grant,
    information_after_level,
    judgement,
    leniency_of_chart,
    share_of_aim,
)
from simsvc.model.rules.tempering import tempered
from simsvc.model.rules.voice import seen_at_desk


@compiled
def ask(s: State, row: int, pool: int, time: float) -> None:
    """A case starts on its way up; each level loses part of what was known (C9)."""
    p = s.p[0]
    case = s.cases[row]
    case.level += 1
    case.information = information_after_level(case.information, p.information_loss, p.rule_distortion)
    case.stage = ASKING
    case.manager = pool  # until somebody there takes it
    _, _, _, u = keyed.uniforms(p, case.customer, case.day, keyed.APPROVAL, contact_index(case) * 4 + case.level)
    s.day_table[s.organisation[0].day, ESCALATED_COLUMN + case.level - 1] += 1.0
    case.noticed_at = time + p.approval_delay * keyed.exponential(u)
    push_event(s, case.noticed_at, row)


@compiled
def consider(s: State, m: int, row: int, time: float) -> None:
    """A manager takes a case up."""
    p = s.p[0]
    case = s.cases[row]
    _, u1, u2, _ = keyed.uniforms(p, case.customer, case.day, keyed.APPROVAL, contact_index(case) * 4 + case.level)
    case.manager = m
    if case.level <= len(case.approvers):
        case.approvers[case.level - 1] = m
    case.stage = WITH_MANAGER
    s.managers[m].case = row
    s.managers[m].busy_from = time
    push_event(s, time + p.approval_minutes * random_minutes(p, u1, u2), row)


@compiled
def rule_on(s: State, m: int, row: int) -> int:
    """A manager decides: returns the pool to ask next, or `NOBODY` if this is the last word."""
    p = s.p[0]
    case = s.cases[row]
    lever = s.levers[case.department]
    department = s.departments[case.department]
    manager = s.managers[m]
    u, _, _, _ = keyed.uniforms(p, case.customer, case.day, keyed.APPROVAL, contact_index(case) * 4 + case.level)
    aim = share_of_aim(p.misalignment, p.rule_misalignment)
    skill = tempered(manager.skill, p.tempering.typical_manager_skill, p.rule_skill)
    clarity = tempered(lever.clarity, p.tempering.typical_clarity, p.rule_ambiguity)
    chance = chance_to_grant(
        case.legitimate == 1,
        judgement(skill, case.information, clarity, p.screening) * aim,
        leniency_of_chart(lever.approver_strictness, p.screening) - p.screening.strictness_of_misaligned * (1.0 - aim),
        p.rule_screening,
        p.screening,
    )
    case.granted = 1 if u < chance else 0
    case.refused = 1 - case.granted
    if case.cause != NOBODY:
        s.seen[m, case.cause] += seen_at_desk(case.information, p.rule_overview)
    level = s.levels[manager.level - 1]
    if case.granted == 0 or level.above == NOBODY:
        return NOBODY
    limit = s.lever_table[case.department, level.limit]
    limit *= max(1.0 - tightness_in_force(department.tightness, p.rule_ratchet), 0.0)
    return NOBODY if case.remedy <= limit else level.above


@compiled
def manager_free(s: State, m: int, time: float, closes: float) -> None:
    """A manager takes the next request, or has time for other things; after hours only customers on the line."""
    pool = s.managers[m].pool
    if time < closes:
        row = next_in_queue(s.pools, s.cases, pool)
        while row != NOBODY and s.cases[row].callback == 1 and s.cases[row].leaves_at < time:
            withdraw(s, row)
            row = next_in_queue(s.pools, s.cases, pool)
    else:
        row = next_on_the_line(s.pools, s.cases, pool)
    if row == NOBODY:
        become_idle(s.pools, s.managers, pool, m)
    else:
        consider(s, m, row, time)
