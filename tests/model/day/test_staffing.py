"""Positions that follow the work there is, by hand."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import BEHAVIOUR_OFF
from tiny import organisation, run

from simsvc.organization import ServiceOrganization
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.stages import up_to_stage

TEAM = {"workforce.frontline": 4, "workforce.departments": 2, "workforce.review_days": 1, "workforce.managers": 2}
PLANNED = {"workforce.target_occupancy": 0.5, "workforce.vacancy_days": 0.0, "workforce.quit_rate": 0.0}


def team(**settings: Any) -> ServiceOrganization:
    """Two departments of two, in the evening of a day on which the first had twice the work planned for."""
    model = organisation({**TEAM, **PLANNED, **{f"workforce.{name}": value for name, value in settings.items()}})
    run(model, "opening")
    departments = model.state.departments
    departments["capacity"] = 960.0
    departments["demanded"] = [960.0, 480.0]
    return model


def test_the_need_follows_work_deserved_over_time_at_hand() -> None:
    model = team(staffing="fixed")
    run(model, "staffing")
    assert model.state.departments["needed"] == pytest.approx([2.0 + 2.0 / 40.0, 2.0])
    assert list(model.state.departments["wanted"]) == [2, 2]


def test_callers_who_gave_up_are_work_too() -> None:
    model = team()
    model.state.departments["lost"] = [0, 48]
    run(model, "staffing")
    assert model.state.departments["needed"] == pytest.approx([2.05, 2.05])


def test_a_review_opens_positions_which_are_filled_like_others() -> None:
    model = team()
    model.state.departments["needed"] = [3.4, 2.0]
    run(model, "staffing")
    assert list(model.state.departments["positions"]) == [2, 2]
    assert model.state.organisation["places_short"][0] == 1, "the table of staff is full"
    run(model, "waking", "room", "staffing", "staff_evening")
    staff = model.state.staff
    assert list(model.state.departments["positions"]) == [3, 2]
    assert list(staff["open"]) == [1, 1, 1, 1, 1, 0, 0, 0]
    assert list(staff["department"]) == [0, 1, 0, 1, 0, 1, 0, 1]
    assert list(staff["place"][staff["open"] == 1]) == [0, 0, 1, 1, 2]
    assert model.state.departments["span"] == pytest.approx([3.0, 2.0])
    today = model.state.days[model.day]
    assert (today["positions"], today["vacancies"], today["hires"]) == (5, 1, 1)
    assert today["hiring"] == pytest.approx(100 * 3.5 * 250 / 12 * 140, abs=1)
    assert staff["skill"][4] == pytest.approx(0.62, abs=0.3), "like those there, where nobody learns"


def test_positions_without_work_go_with_whoever_leaves_next() -> None:
    model = team()
    model.state.departments["needed"] = [1.0, 2.0]
    model.state.departments["demanded"] = 0.0
    for _ in range(3):
        run(model, "staffing", "staff_evening")
    assert list(model.state.departments["wanted"]) == [1, 2]
    assert list(model.state.departments["positions"]) == [2, 2], "nobody is laid off"
    model.let_go(model.frontline[2])
    run(model, "staffing", "staff_evening")
    assert list(model.state.departments["positions"]) == [1, 2]
    assert list(model.state.staff["open"]) == [1, 1, 0, 1]
    assert model.state.days[model.day]["hires"] == 0


def test_reviews_come_every_so_many_days() -> None:
    model = team(review_days=3)
    wanted = []
    for day in range(6):
        model.state.organisation["day"] = day
        model.state.departments["needed"] = 5.0
        run(model, "staffing")
        wanted.append(int(model.state.departments["wanted"][0]))
    assert wanted == [2, 2, 4, 4, 4, 4]


def test_while_hiring_is_frozen_no_position_is_opened() -> None:
    model = team(hiring_freeze=True)
    model.state.departments["needed"] = 4.0
    run(model, "staffing")
    assert list(model.state.departments["wanted"]) == [2, 2]


def _after_demand_doubled(staffing: str) -> ServiceOrganization:
    values = {**BEHAVIOUR_OFF, "workforce.staffing": staffing, "market.joining_rate": 0.0}
    values |= {f"market.{name}_churn": 0.0 for name in ("neutral", "dissatisfaction", "incident")}
    values |= {"demand.contacts_per_year": 18.0, "workforce.quit_rate": 0.3}
    model = ServiceOrganization(load_scenario("contact_centre", values), rng=1)
    model.advance(500)
    return model


def test_twice_the_work_needs_twice_the_people() -> None:
    model, fixed = (_after_demand_doubled(staffing) for staffing in ("to_demand", "fixed"))
    late = model.days[300:]
    assert late["positions"].mean() > 1.6 * 24
    assert late["load"].mean() == pytest.approx(0.87, abs=0.06)
    assert (fixed.days["positions"] == 24).all()
    assert fixed.days["load"][300:].mean() > 1.3
    assert len(model.frontline) == model.state.staff["present"].sum() > 24, "agents follow"


def test_queueing_alone_is_told_at_equal_head_count() -> None:
    scenario = load_scenario("contact_centre")
    assert scenario.workforce.staffing == "to_demand"
    assert up_to_stage(scenario, "queueing").workforce.staffing == "fixed"
    assert up_to_stage(scenario, "decisions").workforce.staffing == "to_demand"
