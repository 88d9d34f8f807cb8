"""The evening of the customers: their appraisal, who stays, who leaves, who joins, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from tiny import organisation, run, today

from simsvc.model.rows import DEFECTOR, HOSTAGE, LOYAL, MERCENARY, NEVER
from simsvc.model.rules.leaving import rate_of_leaving
from simsvc.organization import ServiceOrganization

CALM = {"rules.spending": 1.0, "economics.spend": 500.0, "market.dissatisfaction_churn": 0.1}


def wake(model: ServiceOrganization, *numbers: int) -> None:
    """Something is due for these people today."""
    model.state.woken[: len(numbers)] = numbers
    model.state.organisation["woken"] = len(numbers)


def put(model: ServiceOrganization, number: int, **fields: Any) -> Any:
    """Give a customer other states and let them count."""
    c = model.state.customers[number]
    for name, value in fields.items():
        c[name] = value
    model.settle(number)
    return c


def test_spend_attitude_and_rate_of_leaving_follow_from_a_customers_state() -> None:
    model = organisation(CALM)
    c = put(model, 0, satisfaction=0.4, loyalty=0.45, switching_cost=0.3, spend_level=1.5, exposure=0.01)
    assert c["spend"] == int(500 / 250 * 1e6 * 1.5 * math.exp(1.2 * -0.2) + 0.5)
    assert (c["counted_satisfaction"], c["counted_loyalty"]) == (400000, 450000)
    assert (c["type"], c["counted_score"]) == (HOSTAGE, 0)
    rate = rate_of_leaving(0.1, 0.4, 0.55, 0.45, 0.3, 1.0) / 250
    assert c["leave_rate"] == pytest.approx(rate)
    assert c["settled"] == -1
    assert model.state.due[0] == -1 + math.ceil(0.01 / rate)
    rounded = put(model, 1, satisfaction=0.4000006, loyalty=0.4500004)
    assert (rounded["counted_satisfaction"], rounded["counted_loyalty"]) == (400001, 450000)


def test_the_next_day_due_is_the_first_of_need_own_reasons_and_dissatisfaction() -> None:
    model = organisation(CALM)
    put(model, 0, exposure=1e9, next_need=7.5)
    put(model, 1, exposure=1e9, neutral_leave=9.2)
    put(model, 2, exposure=1e9)
    put(model, 3, exposure=1e9, next_need=0.4)
    put(model, 4, exposure=0.0)
    assert list(model.state.due[:2]) == [7, 9]
    assert model.state.due[2] > 1e6
    assert list(model.state.due[3:5]) == [0, 0]
    assert (model.state.due[8:] == NEVER).all(), "nothing is due for people outside"


def test_the_firm_counts_its_customers_by_attitude() -> None:
    model = organisation(CALM)
    states = [(0.9, 0.9, 0.0), (0.6, 0.5, 0.0), (0.3, 0.5, 0.0), (0.3, 0.5, 0.5)]
    for number in range(8):
        satisfaction, loyalty, cost = states[number % 4]
        put(model, number, satisfaction=satisfaction, loyalty=loyalty, switching_cost=cost, spend_level=1.0)
    put(model, 7, satisfaction=0.9, loyalty=0.9)
    wake(model)
    run(model, "customers_evening")
    day = today(model)
    assert [int(t) for t in model.state.customers["type"][:4]] == [LOYAL, MERCENARY, DEFECTOR, HOSTAGE]
    assert (day["customers"], day["cohort"]) == (8, 8)
    assert (day["loyal"], day["mercenaries"], day["defectors"], day["hostages"]) == (3 / 8, 2 / 8, 2 / 8, 1 / 8)
    assert (day["promoters"], day["detractors"]) == (3 / 8, 3 / 8)
    assert day["satisfaction"] == pytest.approx((3 * 0.9 + 2 * 0.6 + 3 * 0.3) / 8)
    assert day["loyalty"] == pytest.approx((3 * 0.9 + 5 * 0.5) / 8)
    assert day["revenue"] == model.state.customers["spend"][:8].sum() // 10_000
    assert day["reputation"] == 0.75


def test_exposure_is_used_up_at_the_rate_of_the_days_gone_by() -> None:
    model = organisation(CALM)
    c = put(model, 0, satisfaction=0.5, loyalty=0.5, exposure=1.0)
    model.state.organisation["day"] = 9
    model.state = model.state._replace(days=model.state.days.repeat(2))
    rate = float(c["leave_rate"])
    wake(model, 0)
    run(model, "customers_evening")
    assert c["exposure"] == pytest.approx(1.0 - 10 * rate)
    assert c["settled"] == 9


def test_customers_leave_for_their_own_reasons_or_dissatisfied() -> None:
    model = organisation(CALM)
    put(model, 0, neutral_leave=0.99)
    put(model, 1, neutral_leave=1.0, exposure=1.0)
    put(model, 2, satisfaction=0.1, exposure=1e-9)
    put(model, 3, exposure=1.0)
    model.state.customers["since"][3] = 0
    wake(model, 0, 1, 2, 3)
    run(model, "customers_evening")
    day = today(model)
    assert (day["left_neutral"], day["left_dissatisfied"], day["left_incident"]) == (1, 1, 0)
    assert list(model.state.customers["since"][:4]) == [-1, 0, -1, 0]
    assert (day["customers"], day["cohort"]) == (6, 6)
    assert list(model.state.due[[0, 2]]) == [NEVER, NEVER]
    assert (model.state.join_at[[0, 2]] > 0).all()
    assert np.isfinite(model.state.join_at[[0, 2]]).all()
    assert model.state.organisation["spend"][0] == model.state.customers["spend"][[1, 3, 4, 5, 6, 7]].sum()


@pytest.mark.parametrize(("neutral", "over_service", "ratio"), [(1.0, 2.0, 2.0), (0.5, 3.0, 6.0)])
def test_who_left_dissatisfied_is_more_reluctant_to_come_back(
    neutral: float, over_service: float, ratio: float
) -> None:
    waits, named = [], "assumptions.leaving.reluctance"
    for fields in (dict(neutral_leave=0.5), dict(satisfaction=0.1, exposure=1e-9)):
        model = organisation({**CALM, f"{named}_neutral": neutral, f"{named}_over_service": over_service})
        model.state.organisation["attraction"] = 3.0
        put(model, 0, **fields)
        model.state.join_at[8:] = 1e9
        wake(model, 0)
        run(model, "customers_evening")
        waits.append(model.state.join_at[0] - 3.0)
    assert waits[1] == pytest.approx(ratio * waits[0])


def test_who_comes_back_remembers_how_it_was() -> None:
    model = organisation({**CALM, "rules.memory": 1.0, "market.expectation_uncertainty": 0.05})
    put(model, 0, neutral_leave=0.5, satisfaction=0.2, expectation=0.3, uncertainty=0.03, loyalty=0.1, failures=2)
    wake(model, 0)
    run(model, "customers_evening")
    model.state.join_at[0] = 0.0
    model.state.organisation["attraction"] = 1e-9
    run(model, "customers_evening")
    c = model.state.customers[0]
    assert (c["since"], c["spell"], c["failures"]) == (1, 2, 2)
    assert (c["satisfaction"], c["expectation"], c["uncertainty"], c["loyalty"]) == pytest.approx((0.2, 0.3, 0.03, 0.1))
    stranger = model.state.customers[8]
    model.state.join_at[8] = 0.0
    run(model, "customers_evening")
    assert (stranger["spell"], stranger["failures"], stranger["uncertainty"]) == (1, 0, pytest.approx(0.05))


def test_attraction_grows_with_the_rate_of_joining_and_brings_people_in_for_tomorrow() -> None:
    drawn = {"market.joining_rate": 0.25, "market.promise": 0.7, "rules.promise": 1.0, "rules.word_of_mouth": 1.0}
    model = organisation({**CALM, **drawn, "market.expectation_uncertainty": 0.07})
    state = model.state
    state.organisation["reputation"] = 0.85
    grown = 0.25 * (1 + 0.1 + 0.08) / 250
    state.join_at[8:] = [grown * 0.999, grown * 1.001, grown * 0.5, 1.0]
    wake(model)
    run(model, "customers_evening")
    assert state.organisation["attraction"][0] == pytest.approx(grown)
    assert (today(model)["joined"], today(model)["customers"]) == (2, 8)
    new = state.customers[10]
    assert (new["since"], new["spell"], new["failures"], new["known_staff"], new["bond"]) == (1, 1, 0, -1, 0.0)
    assert (new["uncertainty"], new["satisfaction"]) == (0.07, new["expectation"])
    assert new["settled"] == 0
    assert math.isinf(state.join_at[10])
    assert math.isinf(new["neutral_leave"])
    assert math.isinf(new["next_need"])
    assert state.customers["since"][9] == -1
    assert state.organisation["cohort"][0] == 8, "newcomers are no part of the first day's customers"


def test_newcomers_expect_what_is_promised_give_or_take() -> None:
    many = {"market.population": 400, "market.customers": 400, "market.ties": 0, "rules.promise": 1.0}
    usual = organisation({**many, "market.promise": 0.6}).state.customers["expectation"]
    better = organisation({**many, "market.promise": 0.7}).state.customers["expectation"]
    assert better - usual == pytest.approx(np.full(400, 0.1))
    assert np.std(usual) == pytest.approx(0.08, rel=0.15)  # four standard errors of 400
    assert organisation({**many, "market.promise": 1.0}).state.customers["expectation"].max() == 0.98
    assert organisation({**many, "market.promise": 0.0}).state.customers["expectation"].min() == 0.02


def test_the_first_days_customers_are_a_little_disappointed_and_a_little_attached() -> None:
    c = organisation({"market.population": 400, "market.customers": 400, "market.ties": 0}).state.customers
    assert c["satisfaction"] == pytest.approx(c["expectation"] - 0.05)
    assert c["loyalty"].mean() == pytest.approx(0.56, abs=0.016)  # four standard errors
    assert np.std(c["loyalty"]) == pytest.approx(0.08, rel=0.15)
    assert set(c["uncertainty"]) == {0.03}


def test_everybody_is_brought_up_to_date_when_settings_change() -> None:
    model = organisation(CALM)
    spend = model.state.customers["spend"][:8].copy()
    model.change({"economics.spend": 1000.0})
    assert model.state.customers["spend"][:8] == pytest.approx(2 * spend, abs=1)
    assert model.state.organisation["spend"][0] == model.state.customers["spend"][:8].sum()


def test_needs_and_own_reasons_come_at_their_rates() -> None:
    rates = {"demand.contacts_per_year": 25.0, "demand.contact_rate_cv": 0.0, "market.neutral_churn": 0.5}
    model = organisation({**rates, "market.population": 400, "market.customers": 400, "market.ties": 0})
    customers = model.state.customers
    assert customers["next_need"].mean() == pytest.approx(10.0, rel=0.2)  # exponential: four standard errors
    assert customers["neutral_leave"].mean() == pytest.approx(500.0, rel=0.2)
    differ = {
        **rates,
        "market.population": 400,
        "market.customers": 400,
        "market.ties": 0,
        "demand.contact_rate_cv": 1.0,
    }
    customers = organisation(differ).state.customers
    assert (customers["next_need"] * customers["contact_rate"]).mean() == pytest.approx(10.0, rel=0.2)


def test_a_single_person_joins_too() -> None:
    model = organisation({**CALM, "market.joining_rate": 0.25})
    model.state.join_at[8:] = [1.0, 1.0, 0.0005, 1.0]
    wake(model)
    run(model, "customers_evening")
    assert today(model)["joined"] == 1
    assert model.state.customers["since"][10] == 1


def test_little_spend_is_counted_in_full() -> None:
    model = organisation({**CALM, "rules.spending": 0.0, "economics.spend": 250.0})
    assert put(model, 0, spend_level=1.006)["spend"] == 1_006_000
    assert put(model, 0, spend_level=1.004)["spend"] == 1_004_000
    poor = organisation({**CALM, "rules.spending": 0.0, "economics.spend": 1.0, "market.dissatisfaction_churn": 0.0})
    poor.advance(500)
    spent = poor.state.customers["spend_level"][:8].sum() / 250 * 500
    assert poor.days["revenue"].sum() == pytest.approx(100 * spent, abs=1), "an eighth of a cent a day is not lost"
