"""Loads, policy, causes, the loyalty ladder, money: the end of the day by hand."""

from __future__ import annotations

import math

import pytest
from tiny import organisation, run, today

from simsvc.model.tables import as_table


def test_loads_settle_over_ten_days_and_have_an_end() -> None:
    model = organisation({"workforce.frontline": 2, "workforce.departments": 2})
    departments = model.state.departments
    departments["load"], departments["capacity"] = [0.8, 0.8], [480.0, 0.0]
    departments["demanded"], departments["lost"] = [470.0, 999.0], [1, 1]  # who gave up wanted ten minutes too
    run(model, "world")
    assert departments["load"] == pytest.approx([0.82, 0.8])
    assert departments["overwork"] == pytest.approx([0.0, 0.0])
    assert today(model)["load"] == pytest.approx(0.81)
    departments["demanded"] = 1e6
    run(model, "world")
    assert departments["load"][0] == pytest.approx(0.82 + (3.0 - 0.82) / 10)
    assert departments["overwork"][0] == pytest.approx(((0.82 + 2.18 / 10) / 0.93 - 1) / 20)


def test_policy_tightens_while_concessions_cost_more_than_is_budgeted_for() -> None:
    failing = {
        "demand.contacts_per_year": 25.0,
        "demand.remedy": 100.0,
        "demand.silent_share": 0.2,
        "demand.illegitimate_share": 0.25,
    }
    two = {"workforce.frontline": 2, "workforce.departments": 2}
    model = organisation({**failing, **two, "rules.ratchet": 1.0, "rules.kpi": 1.0, "structure.ratchet": 0.6,
                          "structure.kpi": 0.5})  # fmt: skip
    departments = model.state.departments
    departments["spoiled"], departments["invited"] = 0.5, 0.1  # claims made up are not budgeted for
    departments["tightness"], departments["grants_smoothed"], departments["granted"] = 0.3, 10.0, 50.0
    run(model, "world")
    smoothed = 10.0 + 40.0 / 40
    budget = 0.8 * 100.0 * (8 * 0.1 * 0.5 / 2) * 0.8 * 0.75  # 8 customers, a need in ten days, half of them failures
    tightness = 0.3 + 0.01 * 0.4 * min(smoothed / budget - 1, 1) * 0.6 - 0.0003
    assert departments["grants_smoothed"] == pytest.approx([smoothed, smoothed])
    assert departments["tightness"] == pytest.approx([tightness, tightness])
    assert today(model)["tightness"] == pytest.approx(tightness)


def test_word_gets_about_of_claims_that_succeed() -> None:
    model = organisation()
    department = model.state.departments[0]
    department["attempts"], department["succeeded"], department["succeeded_share"] = 4, 3, 0.35
    run(model, "world")
    assert department["succeeded_share"] == pytest.approx(0.36)
    department["attempts"] = 0
    run(model, "world")
    assert department["succeeded_share"] == pytest.approx(0.36)


def test_what_the_firm_delivers_is_the_smoothed_experience_of_its_customers() -> None:
    model = organisation()
    model.state.organisation["delivered"] = 0.6
    today(model)["calls_judged"], today(model)["episode"] = 4, 3.2
    run(model, "world")
    assert model.state.organisation["delivered"][0] == pytest.approx(0.605)
    today(model)["calls_judged"] = 0
    run(model, "world")
    assert model.state.organisation["delivered"][0] == pytest.approx(0.605)


def test_causes_grow_back() -> None:
    two = {"workforce.frontline": 2, "workforce.departments": 2}
    model = organisation({**two, "operations.causes": 1, "operations.cause_drift": 0.5})
    model.state.causes["base"], model.state.causes["prevalence"] = 0.1, [0.04, 0.1]
    run(model, "world")
    grown = 0.04 + 0.06 * (1 - math.exp(-0.002))
    assert model.state.causes["prevalence"] == pytest.approx([grown, 0.1])
    assert today(model)["prevalence"] == pytest.approx((grown + 0.1) / 2)


def test_the_days_money_adds_up() -> None:
    model = organisation({"economics.fixed_costs": 50.0})
    model.state.organisation["cash"] = 1000
    for name, cents in dict(revenue=90000, wages=1, management=20, grant_cost=300, training=4000, hiring=50000,
                            programmes=600).items():  # fmt: skip
        today(model)[name] = cents
    model.state.organisation["open_cases"] = 3
    day = today(model)
    run(model, "measure")
    assert day["fixed"] == 5000
    assert day["cases_open"] == 3
    assert model.state.organisation["cash"][0] == 1000 + 90000 - 1 - 20 - 300 - 4000 - 50000 - 600 - 5000
    assert model.day == 1


@pytest.mark.parametrize("handling", ["silent", "vain", "right", "fast"])
@pytest.mark.parametrize("size", ["", "small_"])
def test_losses_are_judged_after_a_year_of_250_days(size: str, handling: str) -> None:
    model = organisation()
    state, organisation_ = model.state, model.state.organisation
    number = ["silent", "vain", "right", "fast"].index(handling)
    state.customers["spell"][:3] = [1, 2, 1]
    state.customers["since"][2] = -1
    for k, (customer, spell, day) in enumerate([(0, 1, 0), (1, 1, 0), (2, 1, 0), (0, 1, 1)]):
        for name, value in dict(
            customer=customer, spell=spell, day=day, handling=number, small=1 if size else 0
        ).items():
            state.losses[name][k] = value
    organisation_["losses_noted"] = 4
    days = state.days.repeat(5)
    model.state = state = state._replace(days=days, day_table=as_table(days))
    organisation_["day"] = 249
    run(model, "measure")
    assert organisation_["losses_judged"][0] == 0
    day = today(model)
    run(model, "measure")
    # three losses of day 0: one customer is still there, one came back after leaving, one is gone
    ladder = {name: day[name] for name in day.dtype.names if name.startswith(("losses_", "kept_"))}
    assert (ladder.pop(f"losses_{size}{handling}"), ladder.pop(f"kept_{size}{handling}")) == (3, 1)
    assert set(ladder.values()) == {0}
    assert organisation_["losses_judged"][0] == 3
