"""What holds for every organisation, however odd: nobody is lost, nothing is counted twice, money adds up."""

from __future__ import annotations

from typing import Any

import hypothesis
import numpy as np
import pytest
from conftest import scenarios
from hypothesis import assume, given
from hypothesis import strategies as st
from mechanisms import EVENTFUL

from simsvc.model.day.customers import settle_everybody
from simsvc.model.people import CustomerRow, ManagerRow, StaffRow
from simsvc.model.reasons import LEFT
from simsvc.model.rows import (
    AWAY,
    CLOSED,
    DEFECTOR,
    FREE,
    HOSTAGE,
    LOYAL,
    MERCENARY,
    MONEY,
    NOBODY,
    CauseRow,
    DepartmentRow,
)
from simsvc.model.tables import states_of
from simsvc.organization import ServiceOrganization
from simsvc.runs.metrics import summary
from simsvc.scenario.loading import changed, load_scenario, with_structure
from simsvc.scenario.settings import Scenario, setting_field, setting_names, setting_value
from simsvc.scenario.timeline import Change

DECLARED = {
    kind: states_of(row)
    for kind, row in {
        "customers": CustomerRow,
        "staff": StaffRow,
        "managers": ManagerRow,
        "departments": DepartmentRow,
        "causes": CauseRow,
    }.items()
}
"""What is declared of every kind of row: each state stays in its range."""
MAY_BE_NEVER = {"next_need", "neutral_leave", "redials_at"}


def present(state: Any) -> dict[str, Any]:
    """Rows of those who are there."""
    return {
        "customers": state.customers[state.customers["since"] >= 0],
        "staff": state.staff[state.staff["present"] == 1],
        "managers": state.managers,
        "departments": state.departments,
        "causes": state.causes,
        "cases": state.cases[state.cases["stage"] != FREE],
    }


def under_way(state: Any) -> int:
    """Contacts that have begun and not ended."""
    return int(np.isin(state.cases["stage"], (FREE, AWAY, CLOSED), invert=True).sum())


def chain(rows: Any, first: int, link: str) -> list[int]:
    """Members of a linked list; a member met twice would make it endless."""
    members: list[int] = []
    while first != NOBODY:
        members.append(int(first))
        assert len(members) <= len(rows), "the list bites its own tail"
        first = rows[first][link]
    return members


def nobody_at_work_is_lost(model: ServiceOrganization) -> None:
    """Everybody at work has a case in hand or stands in line for one; a phase of the day."""
    state = model.state
    departments = len(state.departments)
    for number, pool in enumerate(state.pools):
        if number < departments:
            people, mine = state.staff, state.staff["department"] == number
            mine &= (state.staff["present"] == 1) & (state.staff["away"] == 0)
            mine &= (state.staff["on_duty"] == 1) | (state.staff["case"] != NOBODY)  # the last case of a shift
        else:
            people, mine = state.managers, state.managers["pool"] == number
        idle = chain(people, pool["idle_head"], "next_idle")
        busy = np.flatnonzero(mine & (people["case"] != NOBODY))
        assert sorted([*idle, *busy]) == list(np.flatnonzero(mine))
        waiting = chain(state.cases, pool["head"], "next")
        assert not idle or not waiting or not model.settings.operations.continuous, "nobody waits for the idle"
        if not model.settings.operations.continuous:
            assert len(busy) == 0, "nobody is at work at night"


@given(
    scenario=scenarios(),
    seed=st.integers(0, 2**63 - 1),
    days=st.integers(1, 12),
    start=st.dictionaries(
        st.sampled_from([(kind, name) for kind, states in DECLARED.items() for name in states]), st.sampled_from([0, 1])
    ),
)
def test_states_are_numbers_in_their_range(
    scenario: Any, seed: int, days: int, start: dict[tuple[str, str], int]
) -> None:
    model = ServiceOrganization(scenario, rng=seed)
    for (kind, name), end in start.items():
        declared = DECLARED[kind][name]
        if declared.unit == "0-1":
            getattr(model.state, kind)[name] = (declared.low, declared.high)[end]
    settle_everybody(model.state)
    for _ in range(days):
        model.step()
        for kind, rows in present(model.state).items():
            for name in rows.dtype.names:
                values = rows[name]
                if values.dtype.kind == "f":
                    assert not np.isnan(values).any(), f"{kind}.{name} is not a number"
                    assert name in MAY_BE_NEVER or np.isfinite(values).all(), f"{kind}.{name} is infinite"
        for kind, states in DECLARED.items():
            for name, declared in states.items():
                values = present(model.state)[kind][name]
                inside = (values >= declared.low) & (values <= declared.high)
                assert inside.all(), f"{kind}.{name} leaves {declared.low:g} to {declared.high:g}"
        assert ((model.state.beliefs >= 0) & (model.state.beliefs <= 1)).all()
        assert 0 <= model.state.organisation["reputation"][0] <= 1
    table = model.days
    assert np.isfinite(table.to_numpy()).all()
    assert (table.drop(columns=["revenue"]) >= 0).all(axis=None)
    assert list(table["day"]) == list(range(days))


@given(scenario=scenarios(), seed=st.integers(0, 2**32), days=st.integers(1, 12))
def test_every_case_is_resolved_given_up_or_open(scenario: Any, seed: int, days: int) -> None:
    model = ServiceOrganization(scenario, rng=seed)
    open_before = 0
    for _ in range(days):
        model.step()
        today = model.days.iloc[-1]
        assert today["cases_open"] == open_before + today["cases_in"] - today["resolved"] - today["given_up"]
        open_before = today["cases_open"]
        state = model.state
        assert np.count_nonzero(state.cases["stage"] != FREE) == open_before
        free = chain(state.cases, state.organisation["free_case"][0], "next")
        assert sorted(free) == list(np.flatnonzero(state.cases["stage"] == FREE))


@given(scenario=scenarios(), seed=st.integers(0, 2**32), days=st.integers(1, 12))
def test_every_contact_is_served_or_given_up_or_turned_away(scenario: Any, seed: int, days: int) -> None:
    model = ServiceOrganization(scenario, rng=seed)
    before = 0
    for _ in range(days):
        model.step()
        today, now = model.days.iloc[-1], under_way(model.state)
        assert today["contacts"] == (
            today["served"]
            + today["abandoned"]
            + today["turned_away"]
            + today["withdrawn"]
            + today["hung_up"]
            + now
            - before
        )
        before = now


@given(scenario=scenarios(), seed=st.integers(0, 2**32), days=st.integers(2, 12))
def test_people_in_are_people_out_and_people_there(scenario: Any, seed: int, days: int) -> None:
    model = ServiceOrganization(scenario, rng=seed)
    model.advance(days)
    table = model.days
    left = table[list(LEFT)].sum(axis="columns")
    expected = [scenario.market.customers, *(table["customers"] + table["joined"])][:-1] - left
    assert list(table["customers"]) == list(expected)
    there = np.count_nonzero(model.state.customers["since"] >= 0)
    assert there == table["customers"].iloc[-1] + table["joined"].iloc[-1]
    staff = model.state.staff
    assert (table["present"] + table["vacancies"] == table["positions"]).all()
    assert table["positions"].iloc[-1] == staff["open"].sum() == model.state.departments["positions"].sum()
    assert not staff["present"][staff["open"] == 0].any(), "nobody holds a position that is not there"
    after = table["present"] - table["quits"] - table["promoted"] + table["hires"]
    assert list(after[:-1]) == list(table["present"][1:])
    assert after.iloc[-1] == staff["present"].sum()


@given(scenario=scenarios(), seed=st.integers(0, 2**32), days=st.integers(1, 12))
def test_money_adds_up_to_the_cent(scenario: Any, seed: int, days: int) -> None:
    model = ServiceOrganization(scenario, rng=seed)
    cash = spent = revenue = 0
    for day in range(days):
        model.step()
        today = model.days.iloc[-1]
        assert all(today[name] == int(today[name]) for name in MONEY), "money is counted in whole cents"
        cash += int(today["revenue"]) - sum(int(today[name]) for name in MONEY if name != "revenue")
        customers = model.state.customers
        paying = (customers["since"] >= 0) & (customers["since"] <= day)
        spent += int(customers["spend"][paying].sum())
        revenue += int(today["revenue"])
        assert 0 <= spent - 10_000 * revenue < 10_000, "what is not billed is less than a cent"
    assert model.state.organisation["cash"][0] == cash


@given(scenario=scenarios(), seed=st.integers(0, 2**32), days=st.integers(1, 12))
def test_what_is_added_up_in_passing_equals_a_fresh_count(scenario: Any, seed: int, days: int) -> None:
    model = ServiceOrganization(scenario, rng=seed)
    for _ in range(days):
        model.step()
        sums, rows = model.state.organisation[0], present(model.state)["customers"]
        assert sums["customers"] == len(rows)
        assert sums["satisfaction"] == rows["counted_satisfaction"].astype(np.int64).sum()
        assert sums["loyalty"] == rows["counted_loyalty"].astype(np.int64).sum()
        assert sums["spend"] == rows["spend"].astype(np.int64).sum()
        assert sums["promoters"] == np.count_nonzero(rows["counted_score"] == 1)
        assert sums["detractors"] == np.count_nonzero(rows["counted_score"] == -1)
        kinds = {"loyal": LOYAL, "hostage": HOSTAGE, "mercenary": MERCENARY, "defector": DEFECTOR}
        for name, kind in kinds.items():
            assert sums[f"types_{name}"] == np.count_nonzero(rows["type"] == kind)
        # what is counted of a person is what the person feels
        np.testing.assert_allclose(rows["counted_satisfaction"] * 1e-6, rows["satisfaction"], atol=1e-6)
        np.testing.assert_allclose(rows["counted_loyalty"] * 1e-6, rows["loyalty"], atol=1e-6)


@given(scenario=scenarios(), seed=st.integers(0, 2**32), days=st.integers(1, 8))
def test_everybody_at_work_is_busy_or_waits_for_work(scenario: Any, seed: int, days: int) -> None:
    model = ServiceOrganization(scenario, rng=seed)
    model.phases.insert("roll call at night", nobody_at_work_is_lost, after="moments_of_truth")
    model.advance(days)  # the roll call fails where somebody is lost


@given(scenario=scenarios(operations__continuous=False), seed=st.integers(0, 2**32), days=st.integers(1, 8))
def test_a_day_that_closes_leaves_nobody_on_the_line_overnight(scenario: Any, seed: int, days: int) -> None:
    model = ServiceOrganization(scenario, rng=seed)
    for _ in range(days):
        model.step()
        state = model.state
        assert state.organisation["events"][0] == 0
        overnight = state.cases[np.isin(state.cases["stage"], (FREE, AWAY), invert=True)]
        assert (overnight["callback"] == 1).all(), "only those who will be called back wait overnight"
        asking = np.isin(state.staff["case"], np.arange(len(state.cases)))
        assert not asking.any(), "nobody on the front line stays at a case overnight"


@given(
    scenario=scenarios(
        demand__contacts_per_year=40.0,
        demand__persistence=0.5,
        demand__return_days=2.0,
        market__joining_rate=0.0,
        operations__resolution=0.8,
        operations__service_minutes=5.0,
        operations__approval_minutes=1.0,
        operations__approval_delay=5.0,
        operations__open_minutes=480.0,
        operations__distribution="lognormal",
        operations__service_cv=1.0,
        rules__skill=1.0,
        workforce__quit_rate=0.0,
    ),
    seed=st.integers(0, 2**32),
)
def test_when_demand_stops_every_case_comes_to_an_end(scenario: Any, seed: int) -> None:
    model = ServiceOrganization(scenario, rng=seed)
    model.advance(8)
    model.change({"demand.contacts_per_year": 0.0})
    model.advance(120)
    assert model.days["cases_in"][8:].sum() == 0
    assert model.days["cases_open"].iloc[-1] == 0
    assert (model.state.staff["case"] == NOBODY).all()
    assert (model.state.managers["case"] == NOBODY).all()


def _with(content: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    for name, value in values.items():
        section, _, key = name.partition(".")
        content[section][key] = value
    return content


IN_MONEY = [name for name in setting_names() if setting_field(name).json_schema_extra["unit"].startswith("money")]
OF_MONEY = {*MONEY, "spend", "unbilled", "cash", "limit", "granted", "grants_smoothed", "remedy", "paid"}


def in_two_currencies(scenario: Scenario, days: int, seed: int) -> tuple[Any, Any]:
    """Days in a currency and in one of 1/128 of it, which floats do exactly, once all else is seen to be alike."""
    runs = []
    for rate in (1.0, 128.0):
        money = {name: rate * setting_value(scenario, name) for name in IN_MONEY}
        model = ServiceOrganization(Scenario.model_validate(_with(scenario.model_dump(), money)), rng=seed)
        model.advance(days)
        runs.append(model.state)
    one, other = runs
    for kind in ("days", "customers", "staff", "managers", "departments", "causes", "organisation", "cases"):
        rows, converted = getattr(one, kind), getattr(other, kind)
        for name in set(rows.dtype.names) - OF_MONEY:
            np.testing.assert_array_equal(rows[name], converted[name], f"{kind}.{name}")
    return one.days, other.days


@pytest.mark.parametrize("structure", ["traditional", "inverted"])
def test_the_currency_does_not_matter(structure: str) -> None:
    plain = load_scenario("classroom", {**EVENTFUL, "operations.repair_budget": 50.0})
    one, other = in_two_currencies(with_structure(plain, structure), 120, 5)
    np.testing.assert_allclose(other["grant_cost"], 128 * one["grant_cost"], rtol=1e-2)
    assert one["grant_cost"].sum() > 0 < one["bent"].sum()


@hypothesis.settings(max_examples=10)
@given(scenario=scenarios(), seed=st.integers(0, 2**32))
def test_the_currency_does_not_matter_whatever_the_settings(scenario: Scenario, seed: int) -> None:
    highest = {name: setting_field(name).json_schema_extra["high"] for name in IN_MONEY}
    assume(all(128 * setting_value(scenario, name) <= high for name, high in highest.items()))
    in_two_currencies(scenario, 20, seed)


@pytest.mark.parametrize("structure", ["traditional", "inverted"])
def test_the_unit_of_minutes_does_not_matter(structure: str) -> None:
    """A day of twice as many minutes, every minute half as long: the same history, with twice the minutes."""
    factors = {name: factor for name in setting_names()
               for unit, factor in (("min", 2.0), ("1/min", 0.5))
               if setting_field(name).json_schema_extra["unit"] == unit}  # fmt: skip
    runs = []
    for scaled in (False, True):
        plain = load_scenario("classroom", EVENTFUL)
        other = {name: factor * setting_value(plain, name) for name, factor in factors.items()}
        model = ServiceOrganization(changed(plain, other) if scaled else plain, structure=structure, rng=5)
        model.advance(80)
        runs.append(model.days)
    one, other = runs
    for name in one:
        longer = 2.0 if name in MINUTES else 1.0
        whole = 1.0 if name == "revenue" else 1e-9  # in whole cents
        np.testing.assert_allclose(other[name], longer * one[name], rtol=1e-5, atol=whole, err_msg=str(name))
    assert one["overtime"].sum() > 0 < one["approvals"].sum()


MINUTES = set(
    "wait waited_served service_time delay busy available scheduled overtime approvals control coaching floor removing "
    "manager_time".split()
)
"""Columns of a day in minutes."""
HOURS = {"scheduled": 0.005, "control": 0.04, "coaching": 0.04, "wages": 0.02, "management": 0.03,
         "served": 0.01, "satisfaction": 0.005, "loyalty": 0.005, "morale": 0.01, "skill": 0.005}  # fmt: skip
"""What may differ, in proportion, where doors are open longer: only overtime does, and approvals on call."""


@pytest.mark.parametrize("structure", ["traditional", "inverted"])
def test_at_equal_hours_of_work_the_length_of_the_day_matters_to_those_who_wait_alone(structure: str) -> None:
    """Doors open twice as long, half of the people at a time; waiting, which does change, is borne with."""
    patient = {"workforce.staffing": "fixed", "rules.waiting": 0.0, "demand.patience": 1e5}
    longer = {"operations.open_minutes": 960.0, "workforce.shift_profile": [0.5, 0.5]}
    means = []
    for day in ({}, longer):
        runs = [ServiceOrganization(load_scenario("classroom", patient | day), structure, rng=k) for k in range(3)]
        for model in runs:
            model.advance(120)
        means.append(np.mean([model.days[[*HOURS, "wait"]].iloc[40:].mean() for model in runs], axis=0))
    apart = dict(zip([*HOURS, "wait"], means[1] / means[0] - 1, strict=True))
    assert all(abs(apart[name]) < within for name, within in HOURS.items()), apart
    assert apart["wait"] > 0.5


THREE = {
    **EVENTFUL,
    "market.population": 1_800,
    "market.customers": 900,
    "demand.contacts_per_year": 25.0,
    "workforce.frontline": 12,
    "workforce.departments": 3,
    "workforce.managers": 3,
    "workforce.directors": 1,
    "workforce.staffing": "fixed",
}


def test_which_of_equal_departments_is_turned_does_not_matter() -> None:
    """The first or the last of three: organisations fare alike, levels above included, within four standard errors."""
    names = "control coaching floor removing asked refused manager_morale trust morale loyalty satisfaction".split()
    found = []
    for number in (0, 2):
        turned = Change(day=0, structure="inverted", departments=(number,))
        scenario = load_scenario("classroom", THREE).model_copy(update={"timeline": (turned,)})
        runs = [ServiceOrganization(scenario, structure="traditional", rng=k) for k in range(8)]
        for model in runs:
            model.advance(150)
        found.append(np.array([model.days[names].iloc[40:].mean() for model in runs]))
    apart = found[1].mean(axis=0) - found[0].mean(axis=0)
    error = np.hypot(*(runs.std(axis=0, ddof=1) / len(runs) ** 0.5 for runs in found))
    assert (np.abs(apart) < 4 * error).all(), dict(zip(names, apart / error, strict=True))
    assert error[0] < 0.02 * found[0].mean(axis=0)[0], "a director who follows one department would be seen"


LARGE = {
    "market.population": 4 * 30_000,
    "market.customers": 4 * 12_000,
    "workforce.frontline": 4 * 24,
    "workforce.departments": 4 * 3,
    "workforce.managers": 4 * 3,
    "workforce.directors": 4,
    "economics.fixed_costs": 4 * load_scenario("contact_centre").economics.fixed_costs,
}
OUTCOMES = {"retention": 0.02, "first_contact_resolution": 0.035, "mean_wait": 1.0, "profit_per_thousand": 30_000.0}
"""Metrics, with the like, of what they are over eight runs and one."""
ALIKE = {"reputation": 0.045, "satisfaction": 0.03, "loyalty": 0.015, "morale": 0.015, "manager_morale": 0.012}
"""Columns of a day, with what luck may do to their means: about four standard errors of 200 days."""


@pytest.mark.parametrize("chart", ["traditional", "inverted"])
def test_an_organisation_four_times_as_large_fares_alike(chart: str) -> None:
    def means(size: dict[str, Any], seed: int) -> Any:
        model = ServiceOrganization(load_scenario("contact_centre", size), structure=chart, rng=seed)
        model.advance(250)
        outcomes = summary(model.state.days[:250], 0.2)
        return [*model.days[list(ALIKE)].iloc[50:].mean(), *(outcomes[name] for name in OUTCOMES)]

    runs = [means({}, seed) for seed in range(8)]
    within = ALIKE | OUTCOMES
    apart = dict(zip(within, means(LARGE, 1) - np.mean(runs, axis=0), strict=True))
    assert all(abs(apart[name]) < most for name, most in within.items()), (apart, np.std(runs, axis=0, ddof=1))
