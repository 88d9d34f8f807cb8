"""The first morning: people, positions, causes and beliefs, from the settings and the run's key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np

from simsvc.model import random as keyed
from simsvc.model.compiling import compiled, entry
from simsvc.model.day.customers import begin_spell, settle
from simsvc.model.day.managers import count_teaching, take_office
from simsvc.model.day.staff import hire
from simsvc.model.day.staffing import count_positions
from simsvc.model.network import ties
from simsvc.model.parameters import LEVERS, lever_rows, parameter_row, profile_table, put_wages, shift_table
from simsvc.model.people import CustomerRow, ManagerRow, StaffRow
from simsvc.model.rows import (
    LONG_AGO,
    NEVER,
    NOBODY,
    CaseRow,
    CauseRow,
    DayRow,
    DepartmentRow,
    EventRow,
    LevelRow,
    LossRow,
    OrganisationRow,
    PoolRow,
    State,
    empty,
)
from simsvc.model.rules.needs import idiosyncrasy_of_person
from simsvc.model.tables import Floats, Ints, Table, as_table, whole_numbers
from simsvc.scenario.carried import OwnColumns
from simsvc.scenario.management import LEVELS, heads_by_level
from simsvc.scenario.settings import Operations, Scenario
from simsvc.scenario.structure import Structure

OWN_TYPES: dict[type, str] = {float: "f8", int: "i8"}
"""How own columns of customers lie in memory, by their type."""


@compiled
def draw_idiosyncrasy(s: State, i: int) -> None:
    """How far the wishes of person `i` lie from the standard, in the mean."""
    p = s.p[0]
    u0, u1, _, _ = keyed.uniforms(p, i, 0, keyed.TRAITS, 0)
    s.customers[i].idiosyncrasy = idiosyncrasy_of_person(keyed.normal(u0, u1), p.idiosyncrasy, p.idiosyncrasy_spread)


@compiled
def draw_switching_cost(s: State, i: int) -> None:
    """What changing supplier would cost person `i`."""
    p = s.p[0]
    _, _, v2, _ = keyed.uniforms(p, i, 0, keyed.TRAITS, 1)
    drawn = v2 ** ((1.0 - p.switching_cost) / p.switching_cost) if p.switching_cost > 0.0 else 0.0
    s.customers[i].switching_cost = drawn


@entry
def populate(s: State, customers: int) -> None:
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
        c.known_person = NOBODY
        s.due[i] = NEVER
        s.join_at[i] = keyed.exponential(keyed.uniforms(p, i, 0, keyed.JOIN, 1)[0])
    for i in range(customers):
        c = s.customers[i]
        begin_spell(s, i, 0)
        c.uncertainty = p.start.uncertainty
        c.satisfaction = max(c.satisfaction - p.start.satisfaction_below, 0.02)
        c.loyalty = min(c.loyalty + p.start.loyalty_above, 0.98)
        settle(s, i, -1)  # before the first day
    for j in range(len(s.staff)):
        one = s.staff[j]
        u0, u1, _, _ = keyed.uniforms(p, j, 0, keyed.STAFF_TRAITS, 2)
        # the chart did not choose those who are there already: the same people under every structure
        hire(
            s,
            j,
            p.skill,
            -int(min(keyed.exponential(u0) * p.start.tenure_days, p.start.longest_tenure)),
            0.0,
            p.turnover.ordinary_reputation,
            p.market_wage,
        )
        one.free_at = -u1  # who stands where in line on the first morning is chance


@entry
def appoint(s: State) -> None:
    """Managers take office: their skills, and what each is sure of before having seen anything."""
    for m in range(len(s.managers)):
        s.managers[m].case = NOBODY
        take_office(s, m, 0)
    count_teaching(s)
    count_positions(s)


def first_morning(
    scenario: Scenario, key: tuple[int, int], functions: Mapping[str, Callable[..., None]], columns: OwnColumns
) -> State:
    """The state before the first day.

    Args:
        scenario: settings.
        key: the run's key, see `simsvc.model.random.run_key`.
        functions: `populate` and `appoint`, or what they have become under a user's rules.
        columns: own columns of customers; with any, all compiled code is another one.
    """
    state = unpopulated(scenario, key)
    if columns:
        wider = [*state.customers.dtype.descr, *((name, OWN_TYPES[of[0]]) for name, of in columns.items())]
        customers = np.zeros(len(state.customers), np.dtype(wider))
        for name, (_, first, _) in columns.items():
            customers[name] = first
        state = state._replace(customers=cast("Table[CustomerRow]", customers))
    market = scenario.market
    starts, others = ties(state.p[0], market.population, market.ties, market.network, market.rewiring)
    state = state._replace(tie_start=starts, tie=others)
    functions["populate"](state, market.customers)
    functions["appoint"](state)
    return state


def cause_bases(operations: Operations, departments: int) -> Floats:
    """Prevalence of every untouched cause: the usual few of many, with the setting as their mean."""
    ranks = 1.0 / (1.0 + np.arange(operations.causes))
    bases = np.minimum(operations.cause_prevalence * ranks / ranks.mean(), 1.0) if operations.causes else ranks
    return np.tile(bases, departments)


def people_by_kind(scenario: Scenario) -> dict[str, int]:
    """How many there are on the first day: people of the market, positions of the front line, managers."""
    work = scenario.workforce
    return {
        "customer": scenario.market.population,
        "staff": work.frontline,
        "manager": sum(heads_by_level(work)),
    }


def unpopulated(scenario: Scenario, key: tuple[int, int]) -> State:
    """Positions, pools and causes before anybody has traits or ties."""
    market, work, operations = scenario.market, scenario.workforce, scenario.operations
    people, departments = market.population, work.departments
    p = parameter_row(scenario, key)
    pools_of_managers = min(departments, work.managers)
    heads = [number for number in heads_by_level(work) if number]
    pools = empty(PoolRow, departments + pools_of_managers + len(heads[1:]))
    for field in ("head", "tail", "idle_head", "idle_tail"):
        pools[field] = NOBODY
    levels = empty(LevelRow, len(LEVELS))
    levels["above"] = NOBODY
    levels["limit"] = [(LEVERS.names or ()).index(level.limit) if level.limit else NOBODY for level in LEVELS]
    put_wages(levels, scenario)

    rows = empty(DepartmentRow, departments)
    rows["pool"] = departments + np.arange(departments) % pools_of_managers if pools_of_managers else NOBODY
    rows["load"] = work.comfortable_load
    rows["trust"] = scenario.assumptions.start.trust
    rows["skill"] = work.skill
    rows["morale"] = scenario.assumptions.start.morale
    rows["practice"] = 1.0
    rows["answers"] = 1.0
    rows["pressure"] = rows["slowed"] = 1.0

    staff = empty(StaffRow, work.frontline)
    staff["department"] = np.arange(work.frontline) % departments
    staff["case"] = NOBODY
    staff["open"] = 1
    rows["heads"] = rows["needed"] = rows["wanted"] = np.bincount(staff["department"], minlength=departments)
    managers = empty(ManagerRow, sum(heads))
    managers["level"] = np.repeat(np.arange(len(heads)) + 1, np.array(heads, int))
    if pools_of_managers:
        managers["pool"] = departments + np.arange(len(managers)) % pools_of_managers
    for level in range(1, len(heads)):  # teams have pools of their own, every level above has one
        levels["above"][level - 1] = departments + pools_of_managers + level - 1
        managers["pool"][managers["level"] == level + 1] = levels["above"][level - 1]
    if len(managers):
        pools["managers"] = np.bincount(managers["pool"], minlength=len(pools))

    causes = empty(CauseRow, departments * operations.causes)
    causes["department"] = np.repeat(np.arange(departments), operations.causes)
    causes["base"] = cause_bases(operations, departments)
    causes["prevalence"] = scenario.assumptions.start.cause_level * causes["base"]
    causes["asked_on"] = causes["answered_on"] = LONG_AGO

    table = (len(managers), len(causes))
    organisation = empty(OrganisationRow, 1)
    organisation["reputation"] = scenario.assumptions.turnover.ordinary_reputation
    organisation["delivered"] = scenario.market.promise
    organisation["claiming"] = 1.0
    levers = lever_rows([scenario.structure] * departments)
    charts = levers.copy()
    state = State(
        p=p,
        levers=levers,
        lever_table=as_table(levers),
        chart_table=as_table(charts),
        old_table=as_table(levers.copy()),
        home_table=as_table(levers.copy()),
        practice=np.ones((departments, len(LEVERS.names or ()))),
        changed_on=np.full((departments, len(LEVERS.names or ())), NEVER),
        formal=np.array([float(Structure.is_formal(name)) for name in LEVERS.names or ()]),
        levels=levels,
        organisation=organisation,
        customers=empty(CustomerRow, people),
        due=whole_numbers(people, NEVER, np.int32),
        join_at=np.full(people, np.inf),
        tie_start=whole_numbers(people + 1),
        tie=whole_numbers(0, kind=np.int32),
        staff=staff,
        staff_order=cast("Ints", np.arange(len(staff))),
        managers=managers,
        manager_order=cast("Ints", np.arange(len(managers))),
        departments=rows,
        pools=pools,
        causes=causes,
        beliefs=np.zeros(table),
        evidence=np.zeros(table),
        priors=np.zeros(table),
        told=np.zeros(table),
        seen=np.zeros(table),
        cases=empty(CaseRow, 0),
        events=empty(EventRow, 0),
        calendar=whole_numbers(0, kind=np.int32),
        ends=empty(EventRow, 0),
        woken=whole_numbers(people),
        ended=whole_numbers(0),
        days=(days := empty(DayRow, 0)),
        day_table=as_table(days),
        losses=empty(LossRow, max(256, market.customers // 2)),
        profile=profile_table(scenario.demand.profile),
        shifts=shift_table(work.shift_profile),
        service_profile=np.array(operations.service_profile),
    )
    return with_room(state, cases=64, days=1)


def with_room(state: State, cases: int, days: int, positions: int = 0) -> State:
    """The same state with at least so many more free rows for cases and places for positions, and for `days` in all."""
    organisation = state.organisation
    n = len(state.cases)
    if n - int(organisation["open_cases"][0]) < cases:
        size = max(2 * n, n + cases)
        table = empty(CaseRow, size)
        table[:n] = state.cases
        # new rows go to the front of the list of free ones
        table["next"][n:] = np.arange(n + 1, size + 1)
        table["next"][-1] = organisation["free_case"][0] if n else NOBODY
        organisation["free_case"] = n

        def longer(old: Any, length: int) -> Any:
            new = np.zeros(length, old.dtype)
            new[: len(old)] = old
            return new

        state = state._replace(
            cases=table,
            events=longer(state.events, size + 1),  # what goes on with each, and a change of shift
            ends=longer(state.ends, 3 * size),
            ended=longer(state.ended, 4 * size),
        )
        if organisation["later"][0] == 0:  # as it is before the day's needs, unless nobody serves them
            state = state._replace(calendar=whole_numbers(size, NOBODY, np.int32))
    if positions > 0:
        departments, old = len(state.departments), len(state.staff)
        places = old + max(old, departments * positions)  # whichever departments they are for
        staff = empty(StaffRow, places)
        staff[:old] = state.staff
        staff["department"] = np.arange(places) % departments
        staff["case"][old:] = NOBODY
        order = np.concatenate([state.staff_order, np.arange(old, places)])
        state = state._replace(staff=staff, staff_order=cast("Ints", order))
    if len(state.days) < days:
        longer_days = empty(DayRow, max(days, 2 * len(state.days), 64))
        longer_days[: len(state.days)] = state.days
        state = state._replace(days=longer_days, day_table=as_table(longer_days))
    return state
