"""Firms that turned: each a scenario with what it changed and when, against the same firm had it changed nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simsvc.evidence.branches import conditions
from simsvc.evidence.measuring import NAN, TURN, Arm, Measure, Seen, Values, keep
from simsvc.organization import ServiceOrganization
from simsvc.runs.metrics import summary
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.scenario.loading import changed, load_scenario, with_structure

FIFTH = 3
"""Of sixteen restaurants."""


def years(model: ServiceOrganization, days: int) -> list[Values]:
    """A drive: every metric, and minutes of service a customer and year, year by year; the first one is number 0."""
    model.advance(days)
    found = []
    for first in range(0, days - DAYS_PER_YEAR + 1, DAYS_PER_YEAR):
        rows = model.state.days[first : first + DAYS_PER_YEAR]
        minutes = float(rows["service_time"].sum() / rows["customers"].mean())
        found.append({**summary(rows, 0.0), "minutes": minutes})
    return found


def _arms(name: str) -> Callable[[str], list[Arm]]:
    def arms(_: str) -> list[Arm]:
        firm = load_scenario(name)
        return [Arm("turned", firm), Arm("as it was", firm.model_copy(update={"timeline": ()}))]

    return arms


def _change(seen: Seen, year: int, metric: str) -> float:
    """Change of a metric by the turn in a year, in per cent."""
    before = seen["as it was"][year][metric]
    return 100 * (seen["turned"][year][metric] / before - 1) if before > 0 else NAN


def _sas(seen: Seen) -> Values:
    margins = {label: years[1]["profit"] / years[1]["revenue"] for label, years in seen.items()}
    return {
        "sas_profit": 100 * (margins["turned"] - margins["as it was"]),
        "sas_travellers": _change(seen, 3, "customers"),
    }


def _taco_bell(seen: Seen) -> Values:
    return {"taco_bell_profit": (seen["turned"][3]["profit"] - seen["as it was"][3]["profit"]) / 1000}


def _zappos(seen: Seen) -> Values:
    return {"zappos_turnover": 100 * (seen["turned"][2]["staff_turnover"] - seen["as it was"][2]["staff_turnover"])}


def _buurtzorg(seen: Seen) -> Values:
    return {
        "buurtzorg_hours": _change(seen, 3, "minutes"),
        "buurtzorg_satisfaction": _change(seen, 3, "satisfaction"),
        "buurtzorg_turnover": _change(seen, 3, "staff_turnover"),
    }


def _restaurants(chart: str) -> list[Arm]:
    restaurant = changed(with_structure(load_scenario("fast_food"), chart), {"run.days": 2 * DAYS_PER_YEAR})
    places = conditions(frontline=(7, 9), quit_rate=(0.6, 2.0))
    return [Arm(str(b), changed(restaurant, place), luck=b) for b, place in enumerate(places)]


def _by_turnover(seen: Seen) -> Values:
    """Restaurants with the lowest turnover against those with the highest."""
    in_order = sorted(seen.values(), key=lambda one: float(one["staff_turnover"]))
    low, high = (
        {name: float(np.mean([one[name] for one in part])) for name in ("revenue", "profit")}
        for part in (in_order[:FIFTH], in_order[-FIFTH:])
    )
    return {
        "taco_bell_stable_sales": 100 * (low["revenue"] / high["revenue"] - 1),
        "taco_bell_stable_profit": (low["profit"] - high["profit"]) / 1000,
    }


HISTORIES = (
    Measure(("sas_profit", "sas_travellers"), _arms("sas_1981"), years, _sas, (TURN,)),
    Measure(("taco_bell_profit",), _arms("taco_bell_1988"), years, _taco_bell, (TURN,)),
    Measure(("taco_bell_stable_sales", "taco_bell_stable_profit"), _restaurants, keep, _by_turnover),
    Measure(("zappos_turnover",), _arms("zappos_2013"), years, _zappos, (TURN,), times=3),
    Measure(
        ("buurtzorg_hours", "buurtzorg_satisfaction", "buurtzorg_turnover"), _arms("buurtzorg_2007"), years,
        _buurtzorg, (TURN,), times=3,
    ),
)  # fmt: skip
"""Measures of the firms that turned."""
