"""The first morning: people, positions, causes and beliefs, from the settings and the run's key."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from simsvc.model import random as keyed
from simsvc.model.compiling import compiled, entry
from simsvc.model.day.customers import begin_spell, settle
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
from simsvc.model.rules.turnover import REFERENCE_REPUTATION
from simsvc.scenario.settings import Operations, Scenario


@compiled
def draw_idiosyncrasy(s: Any, i: int) -> None:
    """How far the needs of person `i` lie from the standard, in the mean."""
    p = s.p[0]
    u0, u1, _, _ = keyed.uniforms(p, i, 0, keyed.TRAITS, 0)
    centre = math.log(p.idiosyncrasy / (1.0 - p.idiosyncrasy))
    drawn = 1.0 / (1.0 + math.exp(-(centre + p.idiosyncrasy_spread * keyed.normal(u0, u1))))
    s.customers[i].idiosyncrasy = min(max(drawn, 0.001), 0.999)


@compiled
def draw_switching_cost(s: Any, i: int) -> None:
    """What changing supplier would cost person `i`."""
    p = s.p[0]
    _, _, v2, _ = keyed.uniforms(p, i, 0, keyed.TRAITS, 1)
    drawn = v2 ** ((1.0 - p.switching_cost) / p.switching_cost) if p.switching_cost > 0.0 else 0.0
    s.customers[i].switching_cost = drawn


@compiled
def draw_manager(s: Any, m: int) -> None:
    """Skill at hard cases and as a boss of manager `m`."""
    p = s.p[0]
    u0, u1, u2, u3 = keyed.uniforms(p, m, 0, keyed.MANAGER_TRAITS, 0)
    s.managers[m].skill = min(max(p.manager_skill + 0.07 * keyed.normal(u0, u1), 0.05), 0.95)
    s.managers[m].teaching = min(max(p.boss_quality + 0.15 * keyed.normal(u2, u3), 0.02), 0.98)


@entry
def populate(s: Any, customers: int) -> None:
    """Draw everybody's traits; the first `customers` people are customers from day 0 on.

    They have a history: satisfaction, expectation and experience spread as if they had been
    customers for a while, reasons to leave and needs in mid-course.
    """
    p = s.p[0]
    for i in range(len(s.customers)):
        c = s.customers[i]
        _, _, u2, u3 = keyed.uniforms(p, i, 0, keyed.TRAITS, 0)
        v0, v1, _, _ = keyed.uniforms(p, i, 0, keyed.TRAITS, 1)
        draw_idiosyncrasy(s, i)
        draw_switching_cost(s, i)
        c.patience = 1.0
        c.contact_rate = keyed.lognormal(u2, u3, p.contact_rate_sigma)
        c.spend_level = keyed.lognormal(v0, v1, p.spend_sigma)
        c.since = -1
        c.spell = 0
        c.known_staff = NOBODY
        s.due[i] = NEVER
        s.join_at[i] = keyed.exponential(keyed.uniforms(p, i, 0, keyed.JOIN, 1)[0])
    for i in range(customers):
        c = s.customers[i]
        begin_spell(s, i, 0)
        c.uncertainty = 0.03
        c.satisfaction = max(c.satisfaction - 0.05, 0.02)
        c.loyalty = min(c.loyalty + 0.06, 0.98)
        settle(s, i, -1)  # before the first day
    for j in range(len(s.staff)):
        one = s.staff[j]
        u0, u1, _, _ = keyed.uniforms(p, j, 0, keyed.STAFF_TRAITS, 2)
        # the chart did not choose those who are there already: the same people under every structure
        hire(s, j, p.skill, -int(min(keyed.exponential(u0) * 500.0, 5000.0)), 0.0, REFERENCE_REPUTATION)
        one.free_at = -u1  # who stands where in line on the first morning is chance


@entry
def appoint(s: Any) -> None:
    """Draw managers' skills and what each is sure of before having seen anything."""
    p = s.p[0]
    for m in range(len(s.managers)):
        manager = s.managers[m]
        v0, v1, _, _ = keyed.uniforms(p, m, 0, keyed.MANAGER_TRAITS, 1)
        draw_manager(s, m)
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


def first_morning(scenario: Scenario, key: tuple[int, int], populated: Callable[..., None] = populate) -> State:
    """The state before the first day.

    Args:
        scenario: settings.
        key: the run's key, see `simsvc.model.random.run_key`.
        populated: `populate`, or what it has become under a user's rules.
    """
    state = unpopulated(scenario, key)
    market = scenario.market
    starts, others = ties(state.p[0], market.population, market.ties, market.network, market.rewiring)
    state = state._replace(tie_start=starts, tie=others)
    populated(state, market.customers)
    appoint(state)
    count_teaching(state)
    return state


def count_teaching(state: State) -> None:
    """What each department's own managers are worth as teachers, in the mean."""
    managers = state.managers
    state.departments["teaching"] = [
        managers["teaching"][managers["pool"] == pool].mean() if pool != NOBODY else state.p["boss_quality"][0]
        for pool in state.departments["pool"]
    ]


def cause_bases(operations: Operations, departments: int) -> Any:
    """Prevalence of every untouched cause: the usual few of many, with the setting as their mean."""
    ranks = 1.0 / (1.0 + np.arange(operations.causes))
    bases = np.minimum(operations.cause_prevalence * ranks / ranks.mean(), 1.0) if operations.causes else ranks
    return np.tile(bases, departments)


def unpopulated(scenario: Scenario, key: tuple[int, int]) -> State:
    """Positions, pools and causes before anybody has traits or ties."""
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
    causes["base"] = cause_bases(operations, departments)
    causes["prevalence"] = 0.7 * causes["base"]

    table = (len(managers), len(causes))
    organisation = empty(ORGANISATION, 1)
    organisation["reputation"] = REFERENCE_REPUTATION
    state = State(
        p=p,
        levers=lever_rows([scenario.structure] * departments),
        organisation=organisation,
        customers=empty(CUSTOMER, people),
        due=np.full(people, NEVER, np.int32),
        join_at=np.full(people, np.inf),
        tie_start=np.zeros(people + 1, np.int64),
        tie=np.zeros(0, np.int32),
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
    return with_room(state, cases=64, days=1)


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
