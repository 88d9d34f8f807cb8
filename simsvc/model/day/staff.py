"""Staff's evening: they learn, tire or recover, speak up or fall silent, stay or quit."""

from __future__ import annotations

from simsvc.model import random as keyed
from simsvc.model.compiling import compiled, entry
from simsvc.model.curves import saturating
from simsvc.model.people import StaffRow
from simsvc.model.rows import NOBODY, DepartmentRow, LeverRow, OrganisationRow, ParameterRow, State
from simsvc.model.rules.authority import MONEY_AT_STAKE
from simsvc.model.rules.leading import answer_in_effect
from simsvc.model.rules.learning import (
    disposition_after,
    skill_after,
    skill_after_forgetting,
    skill_from_coaching,
    skill_from_peers,
)
from simsvc.model.rules.morale import (
    accustomed_after,
    ambiguity_felt,
    challenge_felt,
    climate_index,
    commitment_after,
    demands_at_work,
    empowerment_after,
    exhaustion_after,
    gap_of_promise,
    morale_after,
    overload_felt,
    pride_felt,
    resources_against_habit,
    resources_at_work,
    support_felt,
    training_felt,
    valued,
)
from simsvc.model.rules.service_time import standard_after
from simsvc.model.rules.tempering import (
    TYPICAL_AUTONOMY,
    TYPICAL_CHALLENGE,
    TYPICAL_MOOD,
    TYPICAL_MORALE,
    TYPICAL_SUPPORT,
    TYPICAL_TRAINING,
    TYPICAL_TRUST,
    tempered,
)
from simsvc.model.rules.turnover import (
    REFERENCE_REPUTATION,
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
    one.skill = min(max(skill + p.skill_spread * keyed.normal(u0, u1), 0.05), 0.93)
    one.potential = min(max(p.potential + 0.08 * keyed.normal(u2, u3), max(one.skill, 0.3)), 0.95)
    pay = pay_felt(wage, p.market_wage, p.rule_pay)
    one.disposition = disposition_of_hire(
        p.disposition, selectivity, reputation, pay, keyed.normal(v0, v1), p.rule_hiring
    )
    one.morale = TYPICAL_MORALE
    one.exhaustion = 0.35
    one.commitment = 0.55
    one.empowerment = 0.45
    one.voice = 0.45
    one.gratitude = 0.6
    one.answered = 0.4
    one.standard = 1.0
    one.accustomed = 0.5
    one.exposure = keyed.exponential(v2)


@compiled
def fill_vacancy(s: State, j: int) -> None:
    """A vacancy of position `j` ends: somebody new starts tomorrow."""
    p = s.p[0]
    organisation = s.organisation[0]
    one = s.staff[j]
    one.person += 1
    selectivity = selectivity_in_force(s.levers[one.department].selectivity, p.rule_hiring)
    wage = p.frontline_wage * s.levers[one.department].pay
    hire(s, j, p.hire_skill, organisation.day + 1, selectivity, organisation.reputation, wage)
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
def live_through(
    p: ParameterRow, organisation: OrganisationRow, lever: LeverRow, department: DepartmentRow, one: StaffRow
) -> None:
    """What the day did to one member of staff."""
    contacts = max(one.contacts, 1)
    if one.judged > 0:
        one.gratitude += 0.1 * (one.felt / one.judged - one.gratitude)
    if one.reports > 0:
        one.answered += 0.1 * (one.reports_answered / one.reports - one.answered)
    support = tempered(
        support_felt(department.coaching, department.floor, department.teaching), TYPICAL_SUPPORT, p.rule_support
    )
    gratitude = tempered(one.gratitude, TYPICAL_MOOD, p.rule_gratitude)
    resources = resources_at_work(
        valued(one.empowerment, TYPICAL_AUTONOMY, p.growth_need, p.rule_growth),
        support,
        tempered(lever.recognition, 0.5, p.rule_recognition),
        answer_in_effect(one.answered, department.removing, p.rule_capacity_to_act),
        tempered(department.morale, TYPICAL_MOOD, p.rule_colleagues),
        gratitude,
        valued(
            tempered(challenge_felt(one.stretch / contacts, one.skill), TYPICAL_CHALLENGE, p.rule_challenge),
            TYPICAL_CHALLENGE,
            p.growth_need,
            p.rule_growth,
        ),
        tempered(training_felt(lever.training_days), TYPICAL_TRAINING, p.rule_training),
        pay_felt(p.frontline_wage * lever.pay, p.market_wage, p.rule_pay),
    )
    granted = 0.5 * one.latitude + saturating(0.5, one.limit, MONEY_AT_STAKE)
    demands = demands_at_work(
        overload_felt(one.busy / max(one.scheduled, 1.0), department.pressure, p.comfortable_load, p.rule_overload),
        one.refusals / contacts,
        one.overreach / contacts,
        one.obstacles / contacts,
        department.control,
        one.acting / contacts,
        ambiguity_felt(granted, lever.clarity, p.rule_ambiguity),
        gap_of_promise(p.promise, organisation.delivered, p.rule_broken_promise),
    )
    one.exhaustion = exhaustion_after(one.exhaustion, resources, demands, p.rule_exhaustion)
    felt = resources_against_habit(resources, one.accustomed, p.rule_habituation)
    one.accustomed = accustomed_after(one.accustomed, resources)
    one.morale = morale_after(one.morale, felt, demands, one.exhaustion, p.rule_morale)
    pride = pride_felt(organisation.reputation, REFERENCE_REPUTATION, p.rule_pride)
    one.commitment = commitment_after(one.commitment, one.morale, support, gratitude, pride, p.rule_commitment)
    one.empowerment = empowerment_after(
        one.empowerment, granted, department.information, department.trust, p.rule_empowerment
    )
    safety = tempered(department.trust, TYPICAL_TRUST, p.rule_safety)
    one.voice = voice_after(one.voice, one.answered, safety, p.rule_voice)
    practice = one.standard * department.pressure * department.pace
    one.standard = standard_after(one.standard, practice, p.standard_recovery, p.rule_standard_erosion)
    one.standard = min(max(one.standard, 0.3), 1.0)
    training = float(one.training)
    one.skill = skill_after(one.skill, one.potential, one.contacts, training, p.rule_learning)
    one.skill += skill_from_peers(one.skill, department.skill, lever.peer_learning, p.rule_peer_learning)
    one.skill += skill_from_coaching(
        department.coaching, department.teaching, one.skill, one.potential, p.rule_coaching
    )
    one.skill = skill_after_forgetting(one.skill, p.rule_forgetting)
    one.disposition = disposition_after(one.disposition, training, p.rule_hospitality)


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
        today.wages += int(100.0 * wage + 0.5)
        today.wages += int(100.0 * one.overtime * wage / p.open_minutes + 0.5)
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
            futility_felt(one.voice, answer_in_effect(one.answered, department.removing, p.rule_capacity_to_act)),
            pay_felt(wage, p.market_wage, p.rule_pay),
            p.rule_quitting,
            p.rule_futility,
        )
        rate += rate_of_dismissal(one.disposition, lever.replace_unsuited, p.rule_hospitality)
        one.exposure -= rate / DAYS_PER_YEAR
        if one.exposure <= 0.0 and one.case == NOBODY:
            vacate(s, j)
            today.quits += 1
        today.climate += climate_index(
            department.information,
            p.tools,
            training_felt(lever.training_days),
            support_felt(department.coaching, department.floor, department.teaching),
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
