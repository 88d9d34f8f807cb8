"""Staff's evening: they learn, tire or recover, speak up or fall silent, stay or quit."""

from __future__ import annotations

from typing import Any

from simsvc.model import random as keyed
from simsvc.model.compiling import compiled, entry
from simsvc.model.rows import NOBODY
from simsvc.model.rules.learning import skill_after, skill_from_coaching
from simsvc.model.rules.morale import (
    commitment_after,
    demands_at_work,
    empowerment_after,
    exhaustion_after,
    morale_after,
    resources_at_work,
    support_felt,
)
from simsvc.model.rules.service_time import standard_after
from simsvc.model.rules.turnover import disposition_of_hire, futility_felt, rate_of_quitting
from simsvc.model.rules.voice import voice_after


@compiled
def hire(s: Any, j: int, skill: float, since: int, selectivity: float, reputation: float) -> None:
    """Position `j` gets its next holder, who starts on day `since` with about this skill.

    Args:
        s: the state.
        j: number of the position.
        skill: mean skill of such people, 0-1.
        since: first day at work.
        selectivity: how much the firm selects for disposition, 0-1.
        reputation: of the firm, 0-1.
    """
    p = s.p[0]
    one = s.staff[j]
    u0, u1, u2, u3 = keyed.uniforms(p, j, one.person, keyed.STAFF_TRAITS, 0)
    v0, v1, v2, _ = keyed.uniforms(p, j, one.person, keyed.STAFF_TRAITS, 1)
    one.present = 1
    one.since = since
    one.case = NOBODY
    one.skill = min(max(skill + p.skill_spread * keyed.normal(u0, u1), 0.05), 0.93)
    one.potential = min(max(0.78 + 0.08 * keyed.normal(u2, u3), max(one.skill, 0.3)), 0.95)
    one.disposition = disposition_of_hire(p.disposition, selectivity, reputation, keyed.normal(v0, v1), p.rule_hiring)
    one.morale = 0.62
    one.exhaustion = 0.35
    one.commitment = 0.55
    one.empowerment = 0.45
    one.voice = 0.45
    one.gratitude = 0.6
    one.answered = 0.4
    one.standard = 1.0
    one.exposure = keyed.exponential(v2)


@compiled
def fill_vacancy(s: Any, j: int) -> None:
    """A vacancy of position `j` ends: somebody new starts tomorrow."""
    p = s.p[0]
    organisation = s.organisation[0]
    one = s.staff[j]
    one.person += 1
    selectivity = s.levers[one.department].selectivity * min(p.rule_hiring, 1.0)
    hire(s, j, p.hire_skill, organisation.day + 1, selectivity, organisation.reputation)
    today = s.days[organisation.day]
    today.hires += 1
    selection = p.selection_cost * selectivity
    today.hiring += int(100.0 * (selection + p.replacement_months * 250.0 / 12.0 * p.frontline_wage) + 0.5)


@compiled
def quit_job(s: Any, j: int) -> None:
    """The holder of position `j` leaves; the position is vacant for a while."""
    p = s.p[0]
    organisation = s.organisation[0]
    one = s.staff[j]
    one.present = 0
    u, _, _, _ = keyed.uniforms(p, j, one.person, keyed.VACANCY, 0)
    one.returns = organisation.day + 1 + int(min(keyed.exponential(u) * p.vacancy_days, 1e6))
    s.days[organisation.day].quits += 1


@compiled
def live_through(p: Any, lever: Any, department: Any, one: Any) -> None:
    """What the day did to one member of staff."""
    contacts = max(one.contacts, 1)
    if one.judged > 0:
        one.gratitude += 0.1 * (one.felt / one.judged - one.gratitude)
    if one.reports > 0:
        one.answered += 0.1 * (one.reports_answered / one.reports - one.answered)
    support = support_felt(department.coaching, department.floor, department.teaching)
    resources = resources_at_work(
        one.empowerment,
        support,
        0.5 + p.rule_recognition * (lever.recognition - 0.5),
        one.answered,
        department.morale,
        one.gratitude,
    )
    demands = demands_at_work(
        one.busy / p.open_minutes,
        p.comfortable_load,
        one.refusals / contacts,
        one.overreach / contacts,
        one.obstacles / contacts,
        department.control,
    )
    one.exhaustion = exhaustion_after(one.exhaustion, resources, demands, p.rule_exhaustion)
    one.morale = morale_after(one.morale, resources, demands, one.exhaustion, p.rule_morale)
    one.commitment = commitment_after(one.commitment, one.morale, support, one.gratitude, p.rule_commitment)
    granted = 0.5 * one.latitude + 0.5 * one.limit / (one.limit + 60.0)
    one.empowerment = empowerment_after(
        one.empowerment, granted, lever.information_share, department.trust, p.rule_empowerment
    )
    one.voice = voice_after(one.voice, one.answered, department.trust, p.rule_voice)
    practice = one.standard * department.pressure
    one.standard = standard_after(one.standard, practice, p.standard_recovery, p.rule_standard_erosion)
    one.standard = min(max(one.standard, 0.3), 1.0)
    peers = lever.peer_learning * max(department.skill - one.skill, 0.0)
    one.skill = skill_after(one.skill, one.potential, one.contacts, float(one.training), peers, p.rule_learning)
    one.skill += skill_from_coaching(department.coaching, department.teaching, one.skill, p.rule_coaching)


@entry
def staff_evening(s: Any) -> None:
    """Staff learn, tire or recover, revise morale, commitment, standard and voice; some quit, some start."""
    p = s.p[0]
    day = s.organisation[0].day
    today = s.days[day]
    present = 0
    for j in range(len(s.staff)):
        one = s.staff[j]
        lever = s.levers[one.department]
        if one.present == 0:
            today.vacancies += 1
            if day + 1 >= one.returns:
                fill_vacancy(s, j)
            continue
        live_through(p, lever, s.departments[one.department], one)
        present += 1
        today.wages += int(100.0 * p.frontline_wage + 0.5)
        if one.training == 1:
            today.training += int(100.0 * p.training_cost + 0.5)
        today.busy += one.busy
        today.morale += one.morale
        today.exhaustion += one.exhaustion
        today.commitment += one.commitment
        today.empowerment += one.empowerment
        today.skill += one.skill
        today.tenure += (day + 1 - one.since) / 250.0
        today.voice += one.voice
        today.standard += one.standard
        today.gratitude += one.gratitude
        rate = rate_of_quitting(
            p.quit_rate,
            one.morale,
            one.commitment,
            one.exhaustion,
            futility_felt(one.voice, one.answered),
            p.rule_quitting,
            p.rule_futility,
        )
        one.exposure -= rate / 250.0
        if one.exposure <= 0.0 and one.case == NOBODY:
            quit_job(s, j)
    today.present = present
    today.wages += int(100.0 * today.overtime * p.frontline_wage / p.open_minutes + 0.5)
    each = 1.0 / max(present, 1)
    today.morale *= each
    today.exhaustion *= each
    today.commitment *= each
    today.empowerment *= each
    today.skill *= each
    today.tenure *= each
    today.voice *= each
    today.standard *= each
    today.gratitude *= each
