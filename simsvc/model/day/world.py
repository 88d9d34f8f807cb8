"""The world goes on: loads settle, policy tightens or eases, causes grow back, the day is counted."""

from __future__ import annotations

from simsvc.model.compiling import entry
from simsvc.model.rows import LADDER_COLUMN, State
from simsvc.model.rules.improvement import prevalence_after_drift
from simsvc.model.rules.policy import ratchet_under_kpi, tightness_after
from simsvc.model.rules.service_time import overwork_after
from simsvc.scenario.calendar import DAYS_PER_YEAR


@entry
def world(s: State) -> None:
    """Loads settle, policy tightens or eases, causes grow back."""
    p = s.p[0]
    organisation = s.organisation[0]
    today = s.days[organisation.day]
    departments = len(s.departments)
    for d in range(departments):
        department = s.departments[d]
        if department.capacity > 0.0:
            load = min(
                (department.demanded + department.lost * p.service_minutes) / department.capacity,
                p.service_time.most_load,
            )
            department.load += (load - department.load) / p.service_time.load_days
            department.overwork = overwork_after(department.overwork, department.load, p.service_time)
        lever = s.levers[d]
        department.grants_smoothed += (department.granted - department.grants_smoothed) / p.policy.average_days
        failures = organisation.customers * p.contacts_per_year / DAYS_PER_YEAR * department.spoiled / departments
        justified = failures * (1.0 - p.silent_share) * (1.0 - p.illegitimate_share)
        budget = max(p.policy.budgeted * p.remedy * justified, 1e-9)
        ratchet = ratchet_under_kpi(lever.ratchet, lever.kpi, p.tempering.ordinary_kpi, p.rule_kpi)
        department.tightness = tightness_after(
            department.tightness, department.grants_smoothed, budget, ratchet, p.rule_ratchet, p.policy
        )
        if department.attempts > 0:
            share = department.succeeded / department.attempts
            department.succeeded_share += (share - department.succeeded_share) / p.policy.average_days
        today.load += department.load / departments
        today.tightness += department.tightness / departments
    if today.calls_judged > 0.0:
        organisation.delivered += (today.episode / today.calls_judged - organisation.delivered) / p.policy.average_days
    for cause in s.causes:
        cause.prevalence = prevalence_after_drift(cause.prevalence, cause.base, p.cause_drift)
        today.prevalence += cause.prevalence / departments


@entry
def measure(s: State) -> None:
    """Count the day: open cases, losses of a year ago, money; and turn the page."""
    p = s.p[0]
    organisation = s.organisation[0]
    today = s.days[organisation.day]
    today.cases_open = organisation.open_cases
    while organisation.losses_judged < organisation.losses_noted:
        loss = s.losses[organisation.losses_judged % len(s.losses)]
        if loss.day > organisation.day - DAYS_PER_YEAR:
            break
        customer = s.customers[loss.customer]
        column = LADDER_COLUMN + 8 * loss.small + 2 * loss.handling
        s.day_table[organisation.day, column] += 1.0
        if customer.since >= 0 and customer.spell == loss.spell:
            s.day_table[organisation.day, column + 1] += 1.0
        organisation.losses_judged += 1
    today.fixed = int(100.0 * p.fixed_costs + 0.5)
    organisation.cash += int(
        today.revenue
        - today.wages
        - today.management
        - today.grant_cost
        - today.training
        - today.hiring
        - today.programmes
        - today.fixed
    )
    organisation.day += 1
