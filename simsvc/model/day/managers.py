"""Managers' day: what approvals leave of it goes to control, coaching, the floor and removing causes."""

from __future__ import annotations

from typing import Any

from simsvc.model.compiling import compiled, entry
from simsvc.model.rows import NOBODY
from simsvc.model.rules.improvement import prevalence_after_work
from simsvc.model.rules.voice import belief_in_cause, evidence_after, trust_after

MINUTES_TO_SEE = 120.0  # on the floor, to see as much as one member of staff does in a day


@compiled
def spend_time(s: Any, m: int, department: int) -> None:
    """A manager's time ledger: approvals first, then the shares of the chart."""
    p = s.p[0]
    manager = s.managers[m]
    lever = s.levers[department]
    spare = max(p.open_minutes - manager.approvals, 0.0)
    manager.control = spare * lever.share_control
    manager.coaching = spare * lever.share_coaching
    manager.floor = spare * lever.share_floor
    manager.removing = spare * lever.share_causes


@compiled
def learn_what_is_wrong(s: Any, m: int, department: int) -> None:
    """A manager's beliefs move towards what reports and own eyes tell; the priority follows."""
    p = s.p[0]
    manager = s.managers[m]
    lever = s.levers[department]
    seen_on_floor = manager.floor / MINUTES_TO_SEE
    total = 0.0
    for k in range(len(s.causes)):
        cause = s.causes[k]
        if manager.level == 2 or s.departments[cause.department].pool == manager.pool:
            on_floor = seen_on_floor * 20.0 * cause.prevalence
            s.evidence[m, k] = evidence_after(
                s.evidence[m, k], s.told[m, k], s.seen[m, k] + on_floor, lever.report_weight
            )
            total += s.evidence[m, k]
    best = NOBODY
    for k in range(len(s.causes)):
        cause = s.causes[k]
        if manager.level == 2 or s.departments[cause.department].pool == manager.pool:
            share = s.evidence[m, k] / total if total > 0.0 else 0.0
            s.beliefs[m, k] = belief_in_cause(
                s.priors[m, k], share, total, manager.own_prior, lever.report_weight, p.rule_beliefs
            )
            if best == NOBODY or s.beliefs[m, k] > s.beliefs[m, best]:
                best = k
    manager.priority = best


@compiled
def is_mistaken(s: Any, m: int) -> bool:
    """Whether a manager works on another cause than the one that does most harm."""
    manager = s.managers[m]
    worst = NOBODY
    for k in range(len(s.causes)):
        if manager.level == 2 or s.departments[s.causes[k].department].pool == manager.pool:
            if worst == NOBODY or s.causes[k].prevalence > s.causes[worst].prevalence:
                worst = k
    return manager.priority != worst


@entry
def managers_day(s: Any) -> None:
    """Managers spend what approvals left of their time, learn what is wrong, and remove causes."""
    p = s.p[0]
    today = s.days[s.organisation[0].day]
    departments = len(s.departments)
    for pool in s.pools:
        pool.heads = 0.0
    for d in range(departments):
        department = s.departments[d]
        department.control = 0.0
        department.coaching = 0.0
        department.floor = 0.0
        department.heads = 0.0
        department.skill = 0.0
        department.morale = 0.0
    for one in s.staff:
        if one.present == 1:
            department = s.departments[one.department]
            department.heads += 1.0
            department.skill += one.skill
            department.morale += one.morale
    everybody = 0.0
    for d in range(departments):
        department = s.departments[d]
        everybody += department.heads
        if department.pool != NOBODY:
            s.pools[department.pool].heads += department.heads
        department.skill = department.skill / department.heads if department.heads > 0.0 else p.skill
        department.morale = department.morale / department.heads if department.heads > 0.0 else 0.5
    for m in range(len(s.managers)):
        manager = s.managers[m]
        home = 0
        for d in range(departments):
            if s.departments[d].pool == manager.pool:
                home = d
                break
        spend_time(s, m, home)
        learn_what_is_wrong(s, m, home)
        if manager.priority != NOBODY:
            cause = s.causes[manager.priority]
            cause.prevalence = prevalence_after_work(
                cause.prevalence, manager.removing, p.cause_effort, p.rule_improvement
            )
        today.belief_error += 1.0 if is_mistaken(s, m) else 0.0
        today.approvals += manager.approvals
        today.control += manager.control
        today.coaching += manager.coaching
        today.floor += manager.floor
        today.removing += manager.removing
        today.manager_time += p.open_minutes
        wage = p.manager_wage if manager.level == 1 else p.director_wage
        today.management += int(100.0 * wage + 0.5)
        if manager.pool != NOBODY:  # a team manager's time goes to the own teams, a director's to all
            each = 1.0 / max(s.pools[manager.pool].heads if manager.level == 1 else everybody, 1.0)
            for d in range(departments):
                department = s.departments[d]
                if department.pool == manager.pool or manager.level == 2:
                    department.control += manager.control * each
                    department.coaching += manager.coaching * each
                    department.floor += manager.floor * each
    today.belief_error /= max(len(s.managers), 1)
    for d in range(departments):
        department = s.departments[d]
        department.trust = trust_after(
            department.trust, department.floor, department.skill, department.control, p.rule_trust
        )
        today.trust += department.trust / departments
