"""Managers' day: what approvals leave of it goes to control, coaching, the floor and removing causes."""

from __future__ import annotations

from simsvc.model import random as keyed
from simsvc.model.compiling import compiled, entry
from simsvc.model.day.staff import vacate
from simsvc.model.people import ManagerRow
from simsvc.model.rows import NOBODY, DayRow, ParameterRow, State
from simsvc.model.rules.improvement import prevalence_after_work
from simsvc.model.rules.leading import (
    answers_managed,
    chance_of_promotion,
    manager_morale_after,
    rate_of_leaving_of_managers,
    skill_of_promoted,
    teaching_in_force,
    time_for_answers,
)
from simsvc.model.rules.practice import share_of_time_for_upkeep
from simsvc.model.rules.voice import belief_in_cause, evidence_after, trust_after
from simsvc.scenario.calendar import DAYS_PER_YEAR, MONTHS_PER_YEAR


@compiled
def oversees(s: State, m: int, department: int) -> bool:
    """Whether a department is a manager's business: the own ones of a team manager, all of those above."""
    return s.managers[m].level >= 2 or s.departments[department].pool == s.managers[m].pool


@compiled
def draw_manager(s: State, m: int) -> None:
    """Skill at hard cases, skill as a boss, and stubbornness of manager `m`."""
    p = s.p[0]
    manager = s.managers[m]
    u0, u1, u2, u3 = keyed.uniforms(p, m, manager.person, keyed.MANAGER_TRAITS, 0)
    if manager.insider == 0:
        manager.skill = min(max(p.manager_skill + p.leading.manager_skill_spread * keyed.normal(u0, u1), 0.05), 0.95)
    v0, v1, _, _ = keyed.uniforms(p, m, manager.person, keyed.MANAGER_TRAITS, 1)
    manager.own_prior = min(max(p.own_prior + p.leading.own_prior_spread * keyed.normal(v0, v1), 0.02), 0.98)
    manager.teaching = min(max(p.boss_quality + p.boss_spread * keyed.normal(u2, u3), 0.02), 0.98)


@compiled
def take_office(s: State, m: int, day: int) -> None:
    """Somebody becomes manager `m`, with opinions that nothing supports yet."""
    p = s.p[0]
    manager = s.managers[m]
    _, _, u, _ = keyed.uniforms(p, m, manager.person, keyed.MANAGER_TRAITS, 1)
    draw_manager(s, m)
    manager.exposure = keyed.exponential(u)
    manager.morale = p.tempering.typical_morale
    manager.since = day
    manager.priority = NOBODY
    total = 0.0
    for k in range(len(s.causes)):
        u, _, _, _ = keyed.uniforms(p, m, k, keyed.MANAGER_TRAITS, 2 + manager.person)
        s.priors[m, k] = u if oversees(s, m, s.causes[k].department) else 0.0
        total += s.priors[m, k]
    for k in range(len(s.causes)):
        s.priors[m, k] /= max(total, 1e-12)
        s.beliefs[m, k] = s.priors[m, k]
        s.evidence[m, k] = 0.0


@entry
def count_teaching(s: State) -> None:
    """What each department's own managers are worth as teachers today, in the mean."""
    p = s.p[0]
    for department in s.departments:
        total, number = 0.0, 0
        for manager in s.managers:
            if department.pool != NOBODY and manager.pool == department.pool:
                total += teaching_in_force(
                    manager.teaching, manager.morale, p.tempering.typical_morale, p.rule_manager_morale, p.leading
                )
                number += 1
        department.teaching = total / number if number > 0 else p.boss_quality


@compiled
def best_below(s: State, m: int) -> int:
    """The most skilled member of staff below team manager `m` who is free to go; `NOBODY` if there is none."""
    best = NOBODY
    for j in range(len(s.staff)):
        one = s.staff[j]
        if one.present == 1 and one.case == NOBODY and s.departments[one.department].pool == s.managers[m].pool:
            if best == NOBODY or one.skill > s.staff[best].skill:
                best = j
    return best


@entry
def replace_manager(s: State, m: int) -> None:
    """Manager `m` leaves; the best of the front line or somebody from outside takes the place (C2).

    Who comes from outside costs as many months' pay as any replacement.
    """
    p = s.p[0]
    organisation = s.organisation[0]
    day = organisation.day
    today = s.days[day]
    manager = s.managers[m]
    manager.person += 1
    manager.insider = 0
    take_office(s, m, day)
    today.manager_changes += 1
    u, _, _, _ = keyed.uniforms(p, m, manager.person, keyed.SUCCESSION, 0)
    best = best_below(s, m) if manager.level == 1 else NOBODY
    if best != NOBODY and u < chance_of_promotion(s.levers[s.staff[best].department].promotion, p.rule_promotion):
        manager.skill = skill_of_promoted(s.staff[best].skill, manager.skill, p.leading)
        manager.insider = 1
        vacate(s, best)
        today.promoted += 1
    else:
        wage = s.levels[manager.level - 1].wage
        today.hiring += int(100.0 * p.replacement_months * DAYS_PER_YEAR / MONTHS_PER_YEAR * wage + 0.5)
    count_teaching(s)


@compiled
def answers_of(s: State, m: int) -> float:
    """Answers about troubles that team manager `m` gave today: the own share of those in the pool."""
    manager = s.managers[m]
    if manager.level > 1:
        return 0.0
    answers, managers = 0, 0
    for department in s.departments:
        if department.pool == manager.pool:
            answers += department.answered
    for other in s.managers:
        managers += 1 if other.pool == manager.pool else 0
    return answers / managers


@compiled
def minutes_left(p: ParameterRow, manager: ManagerRow) -> float:
    """What approvals leave of a manager's hours, min; overtime does not come out of them."""
    return max(p.day_minutes - (manager.approvals - manager.overtime), 0.0)


@compiled
def share_below(s: State, m: int, d: int) -> float:
    """Share of those below manager `m` who are at work for department `d`, 0-1."""
    return s.departments[d].heads / max(s.managers[m].heads, 1.0) if oversees(s, m, d) else 0.0


@compiled
def spend_time(s: State, m: int) -> None:
    """A manager's time ledger: approvals first, then answers to reports; the rest goes to the departments by heads.

    What it goes to in each is up to the chart of that department, upkeep first.
    """
    p = s.p[0]
    manager = s.managers[m]
    spare = max(minutes_left(p, manager) - time_for_answers(answers_of(s, m), p.rule_capacity_to_act, p.leading), 0.0)
    each = spare / max(manager.heads, 1.0)
    manager.control = 0.0
    manager.coaching = 0.0
    manager.floor = 0.0
    manager.removing = 0.0
    for d in range(len(s.departments)):
        share = share_below(s, m, d)
        if share > 0.0:
            department = s.departments[d]
            lever = s.levers[d]
            left = 1.0 - share_of_time_for_upkeep(lever.upkeep, p.rule_upkeep, p.practice)
            manager.control += spare * share * left * lever.share_control
            manager.coaching += spare * share * left * lever.share_coaching
            manager.floor += spare * share * left * lever.share_floor
            manager.removing += spare * share * left * lever.share_causes
            department.control += each * left * lever.share_control
            department.coaching += each * left * lever.share_coaching
            department.floor += each * left * lever.share_floor
            department.removing += each * left * lever.share_causes


@compiled
def learn_what_is_wrong(s: State, m: int) -> None:
    """A manager's beliefs move towards what reports and own eyes tell; the priority follows."""
    p = s.p[0]
    manager = s.managers[m]
    listening = 0.0
    for d in range(len(s.departments)):
        listening += share_below(s, m, d) * s.levers[d].report_weight
    seen_on_floor = manager.floor / p.voice.minutes_to_see
    total = 0.0
    for k in range(len(s.causes)):
        cause = s.causes[k]
        if oversees(s, m, cause.department):
            on_floor = seen_on_floor * s.departments[cause.department].contacts * cause.prevalence
            s.evidence[m, k] = evidence_after(
                s.evidence[m, k], s.told[m, k], s.seen[m, k] + on_floor, listening, p.voice
            )
            total += s.evidence[m, k]
    best = NOBODY
    for k in range(len(s.causes)):
        cause = s.causes[k]
        if oversees(s, m, cause.department):
            share = s.evidence[m, k] / total if total > 0.0 else 0.0
            s.beliefs[m, k] = belief_in_cause(
                s.priors[m, k], share, total, manager.own_prior, listening, p.rule_beliefs, p.voice
            )
            if best == NOBODY or s.beliefs[m, k] > s.beliefs[m, best]:
                best = k
    manager.priority = best


@compiled
def is_mistaken(s: State, m: int) -> bool:
    """Whether a manager works on another cause than the one that does most harm."""
    manager = s.managers[m]
    worst = NOBODY
    for k in range(len(s.causes)):
        if oversees(s, m, s.causes[k].department):
            if worst == NOBODY or s.causes[k].prevalence > s.causes[worst].prevalence:
                worst = k
    return manager.priority != worst


@compiled
def look_at_teams(s: State) -> None:
    """Count heads, skill and morale of the teams."""
    p = s.p[0]
    for department in s.departments:
        department.control = 0.0
        department.coaching = 0.0
        department.floor = 0.0
        department.removing = 0.0
        department.heads = 0.0
        department.skill = 0.0
        department.morale = 0.0
        department.contacts = 0.0
    for one in s.staff:
        if one.present == 1:
            department = s.departments[one.department]
            department.heads += 1.0
            department.skill += one.skill
            department.morale += one.morale
            department.contacts += one.contacts
    for department in s.departments:
        department.contacts /= max(department.heads, 1.0)
        department.skill = department.skill / department.heads if department.heads > 0.0 else p.skill
        department.morale = department.morale / department.heads if department.heads > 0.0 else 0.5
    for m in range(len(s.managers)):
        s.managers[m].heads = 0.0
        for d in range(len(s.departments)):
            s.managers[m].heads += s.departments[d].heads if oversees(s, m, d) else 0.0


@compiled
def count_time(s: State, today: DayRow, manager: ManagerRow) -> None:
    """The day's statistics of one manager."""
    today.approvals += manager.approvals
    today.control += manager.control
    today.coaching += manager.coaching
    today.floor += manager.floor
    today.removing += manager.removing
    hours = s.p[0].day_minutes + manager.overtime
    today.manager_time += hours
    today.management += int(100.0 * s.levels[manager.level - 1].wage * hours / s.p[0].day_minutes + 0.5)


@compiled
def work_on_cause(s: State, k: int, minutes: float) -> None:
    """Somebody works on cause `k`."""
    p = s.p[0]
    s.causes[k].prevalence = prevalence_after_work(s.causes[k].prevalence, minutes, p.cause_effort, p.rule_improvement)


@compiled
def spend_repair_budget(s: State) -> None:
    """Money buys work on the causes that managers believe in; where nobody has a belief, on the worst (C15, C16)."""
    p = s.p[0]
    if p.repair_budget <= 0.0 or len(s.causes) == 0:
        return
    departments = len(s.departments)
    minutes = p.repair_budget / departments / max(p.manager_wage, 0.01) * p.day_minutes
    for d in range(departments):
        chosen = NOBODY
        for manager in s.managers:
            k = manager.priority
            if chosen == NOBODY and k != NOBODY and s.causes[k].department == d:
                chosen = k
        for k in range(len(s.causes)):
            if s.causes[k].department == d and chosen == NOBODY:
                chosen = k  # causes stand in order of the harm they do when untouched
        work_on_cause(s, chosen, minutes)
    s.days[s.organisation[0].day].programmes += int(100.0 * p.repair_budget + 0.5)


@entry
def managers_day(s: State) -> None:
    """Managers spend what approvals left of their time, learn what is wrong, remove causes; some leave."""
    p = s.p[0]
    organisation = s.organisation[0]
    today = s.days[organisation.day]
    departments = len(s.departments)
    look_at_teams(s)
    for department in s.departments:
        department.answers = 0.0  # minutes first
    for m in range(len(s.managers)):
        manager = s.managers[m]
        spend_time(s, m)
        learn_what_is_wrong(s, m)
        if manager.priority != NOBODY:
            work_on_cause(s, manager.priority, manager.removing)
        today.belief_error += 1.0 if is_mistaken(s, m) else 0.0
        count_time(s, today, manager)
        team = 0.0
        for d in range(departments):
            share = share_below(s, m, d)
            team += share * s.departments[d].morale
            if manager.level == 1:
                s.departments[d].answers += share * minutes_left(p, manager)
        asked, overtime = manager.approvals / p.day_minutes, manager.overtime / p.day_minutes
        manager.morale = manager_morale_after(
            manager.morale, team, asked, overtime, p.morale.morale_days, p.rule_manager_morale, p.leading
        )
        today.manager_morale += manager.morale
        manager.exposure -= (
            rate_of_leaving_of_managers(
                p.manager_quit_rate, manager.morale, p.tempering.typical_morale, p.rule_manager_morale, p.leading
            )
            / DAYS_PER_YEAR
        )
        if manager.exposure <= 0.0 and manager.case == NOBODY:
            replace_manager(s, m)
    spend_repair_budget(s)
    count_teaching(s)
    today.belief_error /= max(len(s.managers), 1)
    today.manager_morale /= max(len(s.managers), 1)
    for d in range(departments):
        department = s.departments[d]
        department.answers = answers_managed(department.answers, department.promised, p.rule_capacity_to_act, p.leading)
        department.trust = trust_after(
            department.trust,
            department.floor,
            department.skill,
            department.control,
            p.screening.control_minutes,
            p.rule_trust,
            p.voice,
        )
        today.trust += department.trust / departments
        today.practice += department.practice / departments
