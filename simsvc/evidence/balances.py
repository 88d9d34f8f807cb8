"""What must balance on every day of a run: people, cases and money."""

from __future__ import annotations

import numpy as np

from simsvc.model.day.customers import MILLIONTHS_PER_CENT
from simsvc.model.reasons import LEFT
from simsvc.model.rows import FREE, MONEY
from simsvc.organization import ServiceOrganization
from simsvc.scenario.management import LEVELS, heads_by_level


def imbalances(model: ServiceOrganization, days: int) -> dict[str, float]:
    """A drive: gives the largest imbalance on any day of a run, of people, cases and money (cents).

    Every day is compared with the day before and with a count of the rows themselves.
    """
    work, money = model.settings.workforce, model.settings.economics
    heads = heads_by_level(work)
    paid = 100.0 * np.repeat([getattr(money, level.wage) for level in LEVELS], heads)
    customers, joined, open_cases, cash, unbilled = float(model.settings.market.customers), 0.0, 0.0, 0, 0
    vacancies = change = 0.0
    positions = float(work.frontline)
    worst = {"people": 0.0, "cases": 0.0, "money": 0.0}
    for day in range(days):
        model.advance(1)
        now, state = model.state.days[day], model.state
        managers = state.managers
        with_us = (state.customers["since"] >= 0) & (state.customers["since"] <= day)
        left = sum(now[column] for column in LEFT)
        people = (
            now["customers"] - (customers + joined - left),
            now["customers"] - with_us.sum(),
            now["present"] + now["vacancies"] - now["positions"],
            now["positions"] - state.staff["open"].sum(),
            now["vacancies"] - (vacancies + change + now["positions"] - positions),
        )
        cases = (
            now["cases_open"] - (open_cases + now["cases_in"] - now["resolved"] - now["given_up"]),
            now["cases_open"] - (state.cases["stage"] != FREE).sum(),
            now["contacts"] - (now["cases_in"] - now["silent_failures"] + now["repeats"]),
        )
        costs = sum(now[name] for name in MONEY if name != "revenue")
        minute = 100.0 * money.frontline_wage / work.day_minutes
        overtime = np.floor(minute * state.staff["overtime"] + 0.5).sum()
        coins = (
            int(state.organisation["cash"][0]) - cash - (now["revenue"] - costs),
            now["revenue"] - (state.customers["spend"][with_us].sum() + unbilled) // MILLIONTHS_PER_CENT,
            now["wages"] - now["present"] * round(100.0 * money.frontline_wage) - overtime,
            now["management"] - np.floor(paid * (1.0 + managers["overtime"] / work.day_minutes) + 0.5).sum(),
            now["fixed"] - round(100.0 * money.fixed_costs),
        )
        for kind, differences in (("people", people), ("cases", cases), ("money", coins)):
            worst[kind] = max(worst[kind], *(abs(float(d)) for d in differences))
        customers, joined, open_cases = now["customers"], now["joined"], now["cases_open"]
        positions, vacancies, change = now["positions"], now["vacancies"], now["quits"] + now["promoted"] - now["hires"]
        cash, unbilled = int(state.organisation["cash"][0]), int(state.organisation["unbilled"][0])
    return worst
