"""Staff's evening: they learn, tire or recover, speak up or fall silent, stay or quit."""

from __future__ import annotations

from simsvc.model import random as keyed
from simsvc.model.compiling import compiled, entry
from simsvc.model.people import StaffRow
from simsvc.model.rows import NEVER, NOBODY, DepartmentRow, LeverRow, OrganisationRow, ParameterRow, State
from simsvc.model.rules.authority import weight_of_money
from simsvc.model.rules.leading import answer_in_effect
from simsvc.model.rules.learning import (
    disposition_after,
    potential_under,
    skill_after,
    skill_after_forgetting,
    skill_from_coaching,
    skill_from_peers,
    skill_of_newcomer,
)
from simsvc.model.rules.morale import (
    accustomed_after,
    ambiguity_felt,
    challenge_felt,
    climate_index,
    commitment_after,
    control_felt,
    demands_at_work,
    empowerment_after,
    exhaustion_after,
    gap_of_promise,
    morale_after,
    obstacles_felt,
    overload_felt,
    pride_felt,
    refusals_felt,
    resources_against_habit,
    resources_at_work,
    seen_through,
    support_felt,
    training_felt,
    valued,
)
from simsvc.model.rules.service_time import standard_after
from simsvc.model.rules.tempering import tempered
from simsvc.model.rules.turnover import (
    disposition_of_hire,
    futility_felt,
    pay_felt,
    rate_of_dismissal,
    rate_of_quitting,
    selectivity_in_force,
)
from simsvc.model.rules.voice import voice_after
from simsvc.scenario.calendar import DAYS_PER_YEAR, MONTHS_PER_YEAR


@compiled
def hire(s: State, j: int, skill: float, since: int, selectivity: float, reputation: float, wage: float) -> None:
    """Position `j` gets its next holder, who starts on day `since` with about this skill.

    Args:
        s: the state.
        j: number of the position.
        skill: mean skill of such people, 0-1.
        since: first day at work.
        selectivity: how much the firm selects for disposition, 0-1.
        reputation: of the firm, 0-1.
        wage: money per day.
    """
    p = s.p[0]
    one = s.staff[j]
    u0, u1, u2, u3 = keyed.uniforms(p, j, one.person, keyed.STAFF_TRAITS, 0)
    v0, v1, v2, _ = keyed.uniforms(p, j, one.person, keyed.STAFF_TRAITS, 1)
    one.present = 1
    one.since = since
    one.case = NOBODY
    skill = max(skill + p.skill_spread * keyed.normal(u0, u1), p.turnover.least_skill)
    one.skill = min(skill, p.turnover.most_skill)
    potential = p.potential + p.turnover.spread_of_potential * keyed.normal(u2, u3)
    one.potential = min(max(potential, max(one.skill, p.turnover.least_potential)), p.turnover.most_potential)
    pay = pay_felt(wage, p.market_wage, p.rule_pay)
    one.disposition = disposition_of_hire(
        p.disposition, selectivity, reputation, pay, keyed.normal(v0, v1), p.rule_hiring, p.turnover
    )
    w0, w1, _, _ = keyed.uniforms(p, j, one.person, keyed.STAFF_TRAITS, 3)
    one.outlook = p.mood_spread * keyed.normal(w0, w1)
    # what is usual on the labour market, as this person sees it
    one.morale = seen_through(p.tempering.typical_morale, one.outlook)
    one.exhaustion = p.turnover.first_exhaustion
    one.commitment = p.turnover.base_commitment
    one.empowerment = seen_through(p.tempering.typical_autonomy, one.outlook)
    one.voice = p.turnover.first_voice
    one.gratitude = p.tempering.typical_mood
    one.answered = p.tempering.typical_answer
    one.standard = 1.0
    one.accustomed = p.morale.ordinary_resources
    one.exposure = keyed.exponential(v2)
    one.leaves = NEVER


@compiled
def meet_team(s: State, j: int) -> None:
    """Who is new takes the firm as the colleagues do: authority, voice, answers, customers, what is due to a case."""
    one = s.staff[j]
    team = 0
    empowerment, voice, answered, gratitude, standard = 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(len(s.staff)):
        other = s.staff[k]
        if k != j and other.present == 1 and other.department == one.department:
            team += 1
            empowerment += other.empowerment
            voice += other.voice
            answered += other.answered
            gratitude += other.gratitude
            standard += other.standard
    if team > 0:
        one.empowerment = seen_through(empowerment / team, one.outlook)
        one.voice = voice / team
        one.answered = answered / team
        one.gratitude = gratitude / team
        one.standard = standard / team


@compiled
def fill_vacancy(s: State, j: int) -> None:
    """A vacancy of position `j` ends: somebody new starts tomorrow."""
    p = s.p[0]
    organisation = s.organisation[0]
    one = s.staff[j]
    one.person += 1
    selectivity = selectivity_in_force(s.levers[one.department].selectivity, p.rule_hiring)
    wage = p.frontline_wage * s.levers[one.department].pay
    skill = skill_of_newcomer(p.hire_skill, p.skill, p.rule_learning)
    hire(s, j, skill, organisation.day + 1, selectivity, organisation.reputation, wage)
    meet_team(s, j)
    today = s.days[organisation.day]
    today.hires += 1
    selection = p.selection_cost * selectivity
    today.hiring += int(100.0 * (selection + p.replacement_months * DAYS_PER_YEAR / MONTHS_PER_YEAR * wage) + 0.5)


@compiled
def vacate(s: State, j: int) -> None:
    """The holder of position `j` leaves it; the position is vacant for a while."""
    p = s.p[0]
    organisation = s.organisation[0]
    one = s.staff[j]
    one.present = 0
    u, _, _, _ = keyed.uniforms(p, j, one.person, keyed.VACANCY, 0)
    one.returns = organisation.day + 1 + int(min(keyed.exponential(u) * p.vacancy_days, 1e6))


@compiled
def last_day(s: State, j: int) -> int:
    """Day on which the holder of position `j`, who has had enough today, leaves."""
    p = s.p[0]
    _, u, _, _ = keyed.uniforms(p, j, s.staff[j].person, keyed.VACANCY, 0)
    return int(s.organisation[0].day + min(keyed.exponential(u) * p.notice_days, 1e6))


@compiled
def live_through(
    p: ParameterRow, organisation: OrganisationRow, lever: LeverRow, department: DepartmentRow, one: StaffRow
) -> None:
    """What the day did to one member of staff."""
    contacts = max(one.contacts, 1)
    if one.judged > 0:
        one.gratitude += p.morale.weight_of_today * (one.felt / one.judged - one.gratitude)
    if one.reports > 0:
        one.answered += p.morale.weight_of_today * (one.reports_answered / one.reports - one.answered)
    support = tempered(
        support_felt(department.coaching, department.floor, department.teaching, p.morale),
        p.tempering.typical_support,
        p.rule_support,
    )
    gratitude = tempered(one.gratitude, p.tempering.typical_mood, p.rule_gratitude)
    resources = resources_at_work(
        valued(one.empowerment, p.tempering.typical_autonomy, p.growth_need, p.rule_growth),
        support,
        tempered(lever.recognition, p.tempering.typical_recognition, p.rule_recognition),
        tempered(
            answer_in_effect(one.answered, department.removing, p.rule_capacity_to_act, p.leading),
            p.tempering.typical_answer,
            p.rule_answers,
        ),
        tempered(department.morale, p.tempering.typical_mood, p.rule_colleagues),
        gratitude,
        valued(
            tempered(
                challenge_felt(one.stretch / contacts, one.skill, p.morale),
                p.morale.typical_challenge,
                p.rule_challenge,
            ),
            p.morale.typical_challenge,
            p.growth_need,
            p.rule_growth,
        ),
        tempered(training_felt(lever.training_days, p.morale), p.morale.typical_training, p.rule_training),
        pay_felt(p.frontline_wage * lever.pay, p.market_wage, p.rule_pay),
        p.morale,
    )
    latitude = p.morale.share_of_latitude
    granted = latitude * one.latitude + (1.0 - latitude) * weight_of_money(one.limit, p.remedy)
    demands = demands_at_work(
        overload_felt(
            one.busy / max(one.scheduled, 1.0), department.pressure, p.comfortable_load, p.rule_overload, p.morale
        ),
        refusals_felt(one.refusals / contacts, p.rule_refusals),
        one.overreach / contacts,
        obstacles_felt(one.obstacles / contacts, p.rule_obstacles, p.morale),
        control_felt(department.control, p.rule_control, p.morale),
        one.acting / contacts,
        ambiguity_felt(granted, lever.clarity, p.rule_ambiguity),
        gap_of_promise(p.promise, organisation.delivered, p.rule_broken_promise, p.morale),
        p.morale,
    )
    one.exhaustion = exhaustion_after(one.exhaustion, resources, demands, p.rule_exhaustion, p.morale)
    felt = resources_against_habit(resources, one.accustomed, p.rule_habituation, p.morale)
    one.accustomed = accustomed_after(one.accustomed, resources, p.morale)
    one.morale = morale_after(one.morale, felt, demands, one.exhaustion, one.outlook, p.rule_morale, p.morale)
    pride = pride_felt(organisation.reputation, p.turnover.ordinary_reputation, p.rule_pride)
    one.commitment = commitment_after(
        one.commitment, one.morale, support, gratitude, pride, p.rule_commitment, p.morale
    )
    one.empowerment = empowerment_after(
        one.empowerment, granted, department.information, department.trust, one.outlook, p.rule_empowerment, p.morale
    )
    safety = tempered(department.trust, p.tempering.typical_trust, p.rule_safety)
    one.voice = voice_after(one.voice, one.answered, safety, p.rule_voice, p.voice)
    practice = one.standard * department.pressure * department.pace * department.slowed
    one.standard = standard_after(one.standard, practice, p.standard_recovery, p.rule_standard_erosion, p.service_time)
    one.standard = min(max(one.standard, 0.3), 1.0)
    training = float(one.training)
    potential = potential_under(one.potential, department.teaching, p.rule_coaching, p.learning)
    one.skill = skill_after(one.skill, potential, one.contacts, training, p.rule_learning, p.learning)
    one.skill += skill_from_peers(one.skill, department.skill, lever.peer_learning, p.rule_peer_learning, p.learning)
    one.skill += skill_from_coaching(
        department.coaching, department.teaching, one.skill, potential, p.rule_coaching, p.learning
    )
    one.skill = skill_after_forgetting(one.skill, p.rule_forgetting, p.learning)
    one.disposition = disposition_after(one.disposition, training, p.rule_hospitality, p.learning)


@entry
def staff_evening(s: State) -> None:
    """Staff learn, tire or recover, revise morale, commitment, standard and voice; some quit, some start."""
    p = s.p[0]
    day = s.organisation[0].day
    today = s.days[day]
    present = 0
    for j in range(len(s.staff)):
        one = s.staff[j]
        lever = s.levers[one.department]
        if one.open == 0:
            continue
        if one.present == 0:
            today.vacancies += 1
            if day + 1 >= one.returns and p.hiring_freeze == 0:
                fill_vacancy(s, j)
            continue
        department = s.departments[one.department]
        live_through(p, s.organisation[0], lever, department, one)
        present += 1
        wage = p.frontline_wage * lever.pay
        minute = 100.0 * wage / p.day_minutes
        today.wages += int(one.scheduled * minute + 0.5) + int(one.overtime * minute + 0.5)
        today.programmes += int(100.0 * p.smile_cost * lever.smile_training / DAYS_PER_YEAR + 0.5)
        if one.training == 1:
            today.training += int(100.0 * p.training_cost + 0.5)
        today.busy += one.busy
        today.morale += one.morale
        today.exhaustion += one.exhaustion
        today.commitment += one.commitment
        today.empowerment += one.empowerment
        today.skill += one.skill
        today.tenure += (day + 1 - one.since) / DAYS_PER_YEAR
        today.voice += one.voice
        today.standard += one.standard
        today.gratitude += one.gratitude
        rate = rate_of_quitting(
            p.quit_rate,
            one.morale,
            one.commitment,
            one.exhaustion,
            futility_felt(
                one.voice,
                answer_in_effect(one.answered, department.removing, p.rule_capacity_to_act, p.leading),
                p.tempering.typical_answer,
            ),
            pay_felt(wage, p.market_wage, p.rule_pay),
            p.rule_quitting,
            p.rule_futility,
            p.turnover,
        )
        rate += rate_of_dismissal(one.disposition, lever.replace_unsuited, p.rule_hospitality, p.turnover)
        one.exposure -= rate / DAYS_PER_YEAR
        if one.exposure <= 0.0 and one.leaves == NEVER:
            one.leaves = last_day(s, j)
        if day >= one.leaves and one.case == NOBODY:
            vacate(s, j)
            today.quits += 1
        today.climate += climate_index(
            department.information,
            p.tools,
            training_felt(lever.training_days, p.morale),
            support_felt(department.coaching, department.floor, department.teaching, p.morale),
            one.answered,
        )
    today.present = present
    today.positions = present + today.vacancies
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
    today.climate *= each
