"""Morning: who is at work, what each may decide, whom something is due for."""

from __future__ import annotations

from typing import Any

from simsvc.model import random as keyed
from simsvc.model.compiling import entry
from simsvc.model.day.events import become_idle, longest_idle_first
from simsvc.model.rows import NOBODY
from simsvc.model.rules.authority import limit_in_force
from simsvc.model.rules.needs import days_to_next_need, share_of_failures
from simsvc.model.rules.service_time import work_pressure


@entry
def opening(s: Any) -> None:
    """Doors open: idle people take their places, limits of the day are set, training takes some away."""
    p = s.p[0]
    day = s.organisation[0].day
    today = s.days[day]
    today.day = day
    for d in range(len(s.departments)):
        department = s.departments[d]
        department.demanded = 0.0
        department.granted = 0.0
        department.capacity = 0.0
        department.lost = 0
        department.pressure = work_pressure(department.load, p.comfortable_load, p.rule_pressure)
        prevalence = 0.0
        for cause in s.causes:
            if cause.department == d:
                prevalence += cause.prevalence
        department.failing = share_of_failures(p.failure_share, prevalence)
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
        one.obstacles = 0
        one.felt = 0.0
        one.judged = 0
        one.reports = 0
        one.reports_answered = 0
        one.training = 0
        if one.present == 0:
            continue
        one.limit = limit_in_force(
            lever.frontline_limit, p.rule_ratchet * department.tightness, lever.adaptive_limits, one.skill
        )
        one.latitude = lever.latitude
        if one.case == NOBODY:
            u, _, _, _ = keyed.uniforms(p, j, day, keyed.EVENING, 0)
            if u < lever.training_days / 250.0 * min(p.rule_learning, 1.0):
                one.training = 1
            else:
                become_idle(s.pools, s.staff, one.department, j)
        if one.training == 0:
            today.available += p.open_minutes
            s.departments[one.department].capacity += p.open_minutes
    for m in s.manager_order:
        manager = s.managers[m]
        manager.approvals = 0.0
        if manager.case == NOBODY:
            become_idle(s.pools, s.managers, manager.pool, m)


@entry
def waking(s: Any) -> None:
    """Find the people something is due for today, and count the needs among it."""
    p = s.p[0]
    organisation = s.organisation[0]
    day = organisation.day
    due = s.due
    woken = 0
    for i in range(len(due)):
        if due[i] <= day:
            s.woken[woken] = i
            woken += 1
    organisation.woken = woken
    organisation.new_cases = 0
    for k in range(woken):
        i = s.woken[k]
        customer = s.customers[i]
        time = customer.next_need
        number = 0
        while time < day + 1.0:
            number += 1
            u, _, _, _ = keyed.uniforms(p, i, day, keyed.NEED_GAP, number)
            time += days_to_next_need(u, p.contacts_per_year / 250.0 * customer.contact_rate)
        organisation.new_cases += number
    organisation.short = max(organisation.new_cases - (len(s.cases) - organisation.open_cases), 0)
