"""The first morning: people, positions, causes and beliefs, from the settings and the run's key."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simsvc.model import random as keyed
from simsvc.model.compiling import entry
from simsvc.model.day.customers import begin_spell
from simsvc.model.day.staff import hire
from simsvc.model.network import ties
from simsvc.model.parameters import lever_rows, parameter_row, profile_table
from simsvc.model.rows import (
    CASE,
    CAUSE,
    CUSTOMER,
    DAY,
    DEPARTMENT,
    LOSS,
    MANAGER,
    NEVER,
    NOBODY,
    ORGANISATION,
    POOL,
    STAFF,
    State,
    empty,
)
from simsvc.scenario.settings import Scenario


@entry
def populate(s: Any, customers: int) -> None:
    """Draw everybody's traits; the first `customers` people are customers from day 0 on.

    They have a history: satisfaction, expectation and experience spread as if they had been
    customers for a while, reasons to leave and needs in mid-course.
    """
    p = s.p[0]
    for i in range(len(s.customers)):
        c = s.customers[i]
        u0, u1, u2, u3 = keyed.uniforms(p, i, 0, keyed.TRAITS, 0)
        v0, v1, v2, _ = keyed.uniforms(p, i, 0, keyed.TRAITS, 1)
        centre = math.log(p.idiosyncrasy / (1.0 - p.idiosyncrasy))
        c.idiosyncrasy = 1.0 / (1.0 + math.exp(-(centre + p.idiosyncrasy_spread * keyed.normal(u0, u1))))
        c.idiosyncrasy = min(max(c.idiosyncrasy, 0.001), 0.999)
        c.patience = 1.0
        c.contact_rate = keyed.lognormal(u2, u3, 0.5)
        c.spend_level = keyed.lognormal(v0, v1, 0.4)
        c.switching_cost = v2 ** ((1.0 - p.switching_cost) / p.switching_cost) if p.switching_cost > 0.0 else 0.0
        c.since = -1
        c.spell = 0
        c.known_staff = NOBODY
        s.due[i] = NEVER
        s.join_at[i] = keyed.exponential(keyed.uniforms(p, i, 0, keyed.JOIN, 1)[0])
    for i in range(customers):
        c = s.customers[i]
        begin_spell(s, i, 0)
        c.uncertainty = 0.03
    for j in range(len(s.staff)):
        one = s.staff[j]
        u0, u1, _, _ = keyed.uniforms(p, j, 0, keyed.STAFF_TRAITS, 2)
        hire(s, j, p.skill, -int(min(keyed.exponential(u0) * 500.0, 5000.0)))
        one.free_at = -u1  # who stands where in line on the first morning is chance


@entry
def appoint(s: Any) -> None:
    """Draw managers' skills and what each is sure of before having seen anything."""
    p = s.p[0]
    for m in range(len(s.managers)):
        manager = s.managers[m]
        u0, u1, u2, u3 = keyed.uniforms(p, m, 0, keyed.MANAGER_TRAITS, 0)
        v0, v1, _, _ = keyed.uniforms(p, m, 0, keyed.MANAGER_TRAITS, 1)
        manager.skill = min(max(p.manager_skill + 0.07 * keyed.normal(u0, u1), 0.05), 0.95)
        manager.teaching = min(max(p.boss_quality + 0.15 * keyed.normal(u2, u3), 0.02), 0.98)
        manager.own_prior = min(max(0.4 + 0.2 * keyed.normal(v0, v1), 0.02), 0.98)
        manager.case = NOBODY
        manager.priority = NOBODY
        total = 0.0
        for k in range(len(s.causes)):
            mine = manager.level == 2 or s.departments[s.causes[k].department].pool == manager.pool
            u, _, _, _ = keyed.uniforms(p, m, k, keyed.MANAGER_TRAITS, 2)
            s.priors[m, k] = u if mine else 0.0
            total += s.priors[m, k]
        for k in range(len(s.causes)):
            s.priors[m, k] /= max(total, 1e-12)
            s.beliefs[m, k] = s.priors[m, k]


def first_morning(scenario: Scenario, key: tuple[int, int]) -> State:
    """The state before the first day.

    Args:
        scenario: settings.
        key: the run's key, see `simsvc.model.random.run_key`.
    """
    market, work, operations = scenario.market, scenario.workforce, scenario.operations
    people, departments = market.population, work.departments
    p = parameter_row(scenario, key)
    pools_of_managers = min(departments, work.managers)
    directors = work.directors if work.managers else 0
    pools = empty(POOL, departments + pools_of_managers + (1 if directors else 0))
    for field in ("head", "tail", "idle_head", "idle_tail"):
        pools[field] = NOBODY
    p["directors"] = directors

    rows = empty(DEPARTMENT, departments)
    rows["pool"] = departments + np.arange(departments) % pools_of_managers if pools_of_managers else NOBODY
    rows["load"] = work.comfortable_load
    rows["trust"] = 0.45
    rows["skill"] = work.skill
    rows["morale"] = 0.6
    rows["teaching"] = work.boss_quality

    staff = empty(STAFF, work.frontline)
    staff["department"] = np.arange(work.frontline) % departments
    staff["case"] = NOBODY
    managers = empty(MANAGER, work.managers + directors)
    managers["level"] = 1
    managers["level"][work.managers :] = 2
    if pools_of_managers:
        managers["pool"] = departments + np.arange(len(managers)) % pools_of_managers
        managers["pool"][work.managers :] = len(pools) - 1

    causes = empty(CAUSE, departments * operations.causes)
    causes["department"] = np.repeat(np.arange(departments), operations.causes)
    # the usual few of many: prevalences fall off within each department, their mean is the setting
    ranks = np.tile(1.0 / (1.0 + np.arange(operations.causes)), departments)
    if operations.causes:
        causes["base"] = np.minimum(operations.cause_prevalence * ranks / ranks[: operations.causes].mean(), 1.0)
    causes["prevalence"] = 0.7 * causes["base"]

    starts, others = ties(p[0], people, market.ties, market.network, market.rewiring)
    table = (len(managers), len(causes))
    organisation = empty(ORGANISATION, 1)
    organisation["reputation"] = 0.6
    state = State(
        p=p,
        levers=lever_rows([scenario.structure] * departments),
        organisation=organisation,
        customers=empty(CUSTOMER, people),
        due=np.full(people, NEVER, np.int32),
        join_at=np.full(people, np.inf),
        tie_start=starts,
        tie=others,
        staff=staff,
        staff_order=np.arange(len(staff)),
        managers=managers,
        manager_order=np.arange(len(managers)),
        departments=rows,
        pools=pools,
        causes=causes,
        beliefs=np.zeros(table),
        evidence=np.zeros(table),
        priors=np.zeros(table),
        told=np.zeros(table),
        seen=np.zeros(table),
        cases=empty(CASE, 0),
        event_time=np.zeros(0),
        event_case=np.zeros(0, np.int64),
        event_order=np.zeros(0, np.int64),
        woken=np.zeros(people, np.int64),
        ended=np.zeros(0, np.int64),
        days=empty(DAY, 0),
        losses=empty(LOSS, max(256, market.customers // 4)),
        profile=profile_table(scenario.demand.profile),
    )
    state = with_room(state, cases=64, days=1)
    populate(state, market.customers)
    appoint(state)
    if pools_of_managers:
        for department in rows:
            department["teaching"] = managers["teaching"][managers["pool"] == department["pool"]].mean()
    return state


def with_room(state: State, cases: int, days: int) -> State:
    """The same state with at least `cases` more free rows for cases, and rows for `days` days in all."""
    organisation = state.organisation
    n = len(state.cases)
    if n - int(organisation["open_cases"][0]) < cases:
        size = max(2 * n, n + cases)
        table = empty(CASE, size)
        table[:n] = state.cases
        # new rows go to the front of the list of free ones
        table["next"][n:] = np.arange(n + 1, size + 1)
        table["next"][-1] = organisation["free_case"][0] if n else NOBODY
        organisation["free_case"] = n

        def longer(old: Any) -> Any:
            new = np.zeros(size, old.dtype)
            new[: len(old)] = old
            return new

        state = state._replace(
            cases=table,
            event_time=longer(state.event_time),
            event_case=longer(state.event_case),
            event_order=longer(state.event_order),
            ended=longer(state.ended),
        )
    if len(state.days) < days:
        longer_days = empty(DAY, max(days, 2 * len(state.days), 64))
        longer_days[: len(state.days)] = state.days
        state = state._replace(days=longer_days)
    return state
