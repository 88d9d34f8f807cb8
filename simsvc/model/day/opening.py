"""Morning: who is at work, what each may decide, whom something is due for."""

from __future__ import annotations

from simsvc.model import random as keyed
from simsvc.model.ahead import FAR, ask_for
from simsvc.model.compiling import compiled, entry
from simsvc.model.day.events import become_idle, longest_idle_first
from simsvc.model.day.needs import need_rate
from simsvc.model.day.shifts import is_on_duty, minutes_on_duty
from simsvc.model.rows import NEVER, NOBODY, State
from simsvc.model.rules.authority import limit_in_force
from simsvc.model.rules.leading import help_on_the_floor
from simsvc.model.rules.learning import chance_of_absence, chance_of_training
from simsvc.model.rules.needs import claims_invited, days_to_next_need, share_of_failures
from simsvc.model.rules.policy import tightness_in_force
from simsvc.model.rules.practice import practice_after
from simsvc.model.rules.service_time import pace_of_target, time_when_overworked, work_pressure
from simsvc.model.rules.tempering import tempered


@compiled
def live_chart(s: State, d: int, day: int) -> None:
    """The chart of department `d` as it is lived today: lever by lever as written, or somewhere on the way there."""
    p = s.p[0]
    department = s.departments[d]
    lived, levers = 0.0, 0
    for k in range(len(s.formal)):
        written = s.chart_table[d, k]
        if s.changed_on[d, k] == NEVER:
            continue
        if s.formal[k] == 1.0:
            s.lever_table[d, k] = written
            continue
        upkeep = 1.0 if written == s.home_table[d, k] else s.levers[d].upkeep  # the way home needs no upkeep
        s.practice[d, k] = practice_after(
            s.practice[d, k], float(day - s.changed_on[d, k]), upkeep, p.rule_upkeep, p.practice
        )
        old = s.old_table[d, k]
        s.lever_table[d, k] = written if s.practice[d, k] >= 1.0 else old + s.practice[d, k] * (written - old)
        lived += s.practice[d, k]
        levers += 1
    department.practice = lived / levers if levers > 0 else 1.0


@entry
def opening(s: State) -> None:
    """Doors open: idle people take their places, limits of the day are set, training takes some away."""
    p = s.p[0]
    day = s.organisation[0].day
    today = s.days[day]
    today.day = day
    s.organisation[0].ended = 0  # here, too: a day may go without needs
    claiming = 1.0
    for d in range(len(s.departments)):
        department = s.departments[d]
        live_chart(s, d, day)
        lever = s.levers[d]
        department.pace = pace_of_target(lever.kpi, p.tempering.ordinary_kpi, p.rule_kpi, p.service_time)
        department.help = help_on_the_floor(department.floor, p.day_minutes, p.rule_floor_service, p.leading)
        department.information = tempered(lever.information_share, p.tempering.typical_information, p.rule_information)
        department.attempts = 0
        department.succeeded = 0
        department.promised = 0
        department.answered = 0
        department.demanded = 0.0
        department.granted = 0.0
        department.capacity = 0.0
        department.lost = 0
        department.pressure = work_pressure(department.load, p.comfortable_load, p.rule_pressure, p.service_time)
        department.slowed = time_when_overworked(department.overwork, p.rule_overwork, p.service_time)
        prevalence = 0.0
        for cause in s.causes:
            if cause.department == d:
                prevalence += cause.prevalence
        invited = claims_invited(p.illegitimate_share, department.succeeded_share, p.rule_opportunism, p.needs)
        department.spoiled = share_of_failures(p.failure_share, prevalence)
        department.invited = department.spoiled * invited
        claiming += department.invited / len(s.departments)
    s.organisation[0].claiming = claiming
    s.told[:] = 0.0
    s.seen[:] = 0.0

    for pool in s.pools:
        pool.idle_head = NOBODY
    longest_idle_first(s.staff_order, s.staff)
    longest_idle_first(s.manager_order, s.managers)
    for j in s.staff_order:
        one = s.staff[j]
        lever = s.levers[one.department]
        department = s.departments[one.department]
        one.busy = 0.0
        one.contacts = 0
        one.refusals = 0
        one.overreach = 0.0
        one.stretch = 0.0
        one.overtime = 0.0
        one.acting = 0.0
        one.obstacles = 0
        one.felt = 0.0
        one.judged = 0
        one.reports = 0
        one.reports_answered = 0
        one.training = 0
        one.away = 0
        one.scheduled = minutes_on_duty(s, j, day)
        one.on_duty = is_on_duty(s, j, day, 0)
        if one.present == 0:
            continue
        one.limit = limit_in_force(
            lever.frontline_limit,
            tightness_in_force(department.tightness, p.rule_ratchet),
            lever.adaptive_limits,
            one.skill,
            p.tempering.reference_skill,
            p.rule_adaptive_limits,
            p.authority,
        )
        one.latitude = lever.latitude
        if one.case == NOBODY:
            u, _, _, _ = keyed.uniforms(p, j, day, keyed.EVENING, 0)
            training = chance_of_training(lever.training_days, p.rule_learning)
            meeting = chance_of_absence(
                department.coaching,
                p.day_minutes,
                lever.information_share,
                lever.peer_learning,
                p.rule_participation,
                p.learning,
            )
            one.away = 1 if u < training + meeting else 0
            if u < training:
                one.training = 1
            if one.away == 0 and one.on_duty == 1:
                become_idle(s.pools, s.staff, one.department, j)
        today.scheduled += one.scheduled
        if one.away == 0:
            today.available += one.scheduled
            s.departments[one.department].capacity += one.scheduled
    for m in s.manager_order:
        manager = s.managers[m]
        manager.approvals = 0.0
        manager.overtime = 0.0
        if manager.case == NOBODY:
            become_idle(s.pools, s.managers, manager.pool, m)


@entry
def waking(s: State) -> None:
    """Find the people something is due for today, and count the needs among it."""
    p = s.p[0]
    organisation = s.organisation[0]
    day = organisation.day
    found, woken = s.woken, 0
    for i, due in enumerate(s.due):
        found[woken] = i  # stays if it counts: hardly anybody's day has come, and a jump would be foretold wrongly
        woken += 1 if due <= day else 0
    organisation.woken = woken
    organisation.new_cases = 0
    for k in range(woken):
        i = s.woken[k]
        ask_for(s.customers, s.woken[min(k + FAR, woken - 1)])
        customer = s.customers[i]
        time = customer.next_need
        number = 0
        while time < day + 1.0:
            number += 1
            u, _, _, _ = keyed.uniforms(p, i, day, keyed.NEED_GAP, number)
            time += days_to_next_need(u, need_rate(p, organisation, customer))
        organisation.new_cases += number
    organisation.new_rows = 2 * organisation.new_cases + organisation.open_cases  # each may be tried again today
    organisation.short = max(organisation.new_rows - (len(s.cases) - organisation.open_cases), 0)
    organisation.short += organisation.places_short
