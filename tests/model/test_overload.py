"""Work has a price: what it does to a front line to have twice as much to do."""

from __future__ import annotations

from typing import Any

import pytest

from simsvc.model.rules.encounter import chance_of_grave_error
from simsvc.model.rules.service_time import overwork_after, time_when_overworked, work_pressure
from simsvc.organization import ServiceOrganization
from simsvc.scenario.loading import load_scenario


@pytest.fixture(scope="module")
def two_years() -> dict[tuple[int, float], Any]:
    """Days of the second year by staff and by what overwork costs: all staff, and half of it for good."""
    days = {}
    for frontline, strength in ((24, 1.0), (12, 1.0), (24, 0.0), (12, 0.0)):
        price = {"rules.overload": strength, "rules.overwork": strength}
        settings = {"workforce.frontline": frontline, "workforce.staffing": "fixed", **price}
        model = ServiceOrganization(load_scenario("contact_centre", settings), rng=1)
        model.advance(500)
        days[frontline, strength] = model.days[250:]
    return days


def test_half_the_staff_is_a_worn_out_staff(two_years: dict[tuple[int, float], Any]) -> None:
    """Although two customers in five have left by then, and load with them."""
    before, after = two_years[24, 1.0], two_years[12, 1.0]
    assert before["morale"].mean() - after["morale"].mean() > 0.05
    assert after["exhaustion"].mean() - before["exhaustion"].mean() > 0.04
    assert after["quits"].sum() / after["present"].sum() > 1.2 * before["quits"].sum() / before["present"].sum()


def test_half_the_staff_does_not_do_twice_the_work(two_years: dict[tuple[int, float], Any]) -> None:
    each = {which: days["served"].sum() / days["present"].sum() for which, days in two_years.items()}
    assert each[12, 0.0] > 2.0 * each[24, 0.0], "where overwork costs nothing"
    assert each[12, 1.0] < 1.1 * each[24, 1.0]


def settled(load: float) -> tuple[float, float]:
    """Time per case at a load on the first busy day, and after months of it, as ratios to the ordinary."""
    overwork = 0.0
    for _ in range(250):
        overwork = overwork_after(overwork, load)
    hurry = work_pressure(load, 0.86, 1.0)
    return hurry, hurry * time_when_overworked(overwork, 1.0)


def test_pace_against_load_is_an_inverted_u() -> None:
    short, long = zip(*(settled(load) for load in (0.8, 0.86, 0.93, 1.1, 1.3)), strict=True)
    assert list(short) == sorted(short, reverse=True), "a busy day is worked off faster the more there is"
    assert min(long) == long[2], "for months nobody is faster than at the tipping point"
    assert long[2] < long[3] < long[4]


def test_grave_errors_react_to_overwork_as_published() -> None:
    errors = [chance_of_grave_error(0.6, 0.4, overwork, 1.0) for overwork in (0.0, 0.1)]
    assert errors[1] / errors[0] == pytest.approx(1.02, abs=0.002)
