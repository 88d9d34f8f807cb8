"""What a change of settings in mid-course does to people who drew their traits and clocks before it.

Most settings are read anew on every day. A few were drawn from when people came into being: the
same draws are taken again under the new value, and clocks that run at another rate from now on keep
the luck they had.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from simsvc.model import random as keyed
from simsvc.model.compiling import compiled, entry
from simsvc.model.day.customers import leave
from simsvc.model.day.managers import draw_manager
from simsvc.model.day.staff import vacate
from simsvc.model.reasons import NEUTRAL
from simsvc.model.rows import State
from simsvc.model.rules.needs import days_to_next_need
from simsvc.model.start import cause_bases, draw_idiosyncrasy, draw_switching_cost
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.scenario.settings import Scenario


@compiled
def day_at_new_rate(due: float, today: float, before: float, after: float, drawn: float) -> float:
    """Day of something that happens at a constant rate, after the rate has changed.

    Args:
        due: day under the old rate.
        today: first day of the new rate.
        before: old rate.
        after: new rate.
        drawn: days to wait from today under the new rate, for those who never had one.
    """
    if before == after:
        return due
    if after <= 0.0:
        return math.inf
    return today + ((due - today) * before / after if before > 0.0 else drawn)


@entry
def change_need_rate(s: State, i: int, before: float, after: float) -> None:
    """The needs of customer `i` come at another rate, per day, from today on."""
    day = s.organisation[0].day
    c = s.customers[i]
    u, _, _, _ = keyed.uniforms(s.p[0], i, day, keyed.NEED_GAP, 0)
    c.next_need = day_at_new_rate(c.next_need, float(day), before, after, days_to_next_need(u, after))


@entry
def change_clocks(s: State, contacts: float, churn: float) -> None:
    """Needs and reasons of their own to leave come to all customers at the rates now set.

    Args:
        s: state, with the new settings.
        contacts: needs per customer and year before.
        churn: structure-neutral rate of leaving per year before.
    """
    p = s.p[0]
    day = s.organisation[0].day
    for i in range(len(s.customers)):
        c = s.customers[i]
        if c.since >= 0:
            rate = c.contact_rate / DAYS_PER_YEAR
            change_need_rate(s, i, contacts * rate, p.contacts_per_year * rate)
            _, _, _, u = keyed.uniforms(p, i, c.spell - 1, keyed.LEAVE, 0)
            drawn = keyed.exponential(u) * DAYS_PER_YEAR / max(p.neutral_churn, 1e-12)
            c.neutral_leave = day_at_new_rate(c.neutral_leave, float(day), churn, p.neutral_churn, drawn)


@entry
def change_traits(s: State, idiosyncrasy: bool, switching_cost: bool, managers: bool) -> None:
    """Take the draws of people's traits again, under the settings now in force.

    Args:
        s: state, with the new settings.
        idiosyncrasy: whether to take those of customers' needs.
        switching_cost: whether to take those of customers' switching costs.
        managers: whether to take those of managers' skills.
    """
    for i in range(len(s.customers)):
        if idiosyncrasy:
            draw_idiosyncrasy(s, i)
        if switching_cost:
            draw_switching_cost(s, i)
    if managers:
        for m in range(len(s.managers)):
            draw_manager(s, m)


@entry
def lose_customer(s: State, i: int) -> None:
    """Customer `i` leaves now, for no reason of the firm's."""
    leave(s, i, NEUTRAL)


@entry
def lose_staff(s: State, j: int) -> None:
    """The holder of position `j` quits now."""
    vacate(s, j)
    s.days[s.organisation[0].day].quits += 1


def follow_settings(state: State, old: Scenario, new: Scenario, functions: Mapping[str, Callable[..., None]]) -> None:
    """Bring people and causes in line with new settings, which are in the state's rows already.

    Args:
        state: with the new settings.
        old: settings so far.
        new: settings from now on.
        functions: `change_clocks`, `change_traits` and `count_teaching`, or what they have become under a user's rules.
    """
    if (old.demand.contacts_per_year, old.market.neutral_churn) != (
        new.demand.contacts_per_year,
        new.market.neutral_churn,
    ):
        functions["change_clocks"](state, old.demand.contacts_per_year, old.market.neutral_churn)

    def differ(section: str, *names: str) -> bool:
        return any(getattr(getattr(old, section), name) != getattr(getattr(new, section), name) for name in names)

    idiosyncrasy = differ("demand", "idiosyncrasy", "idiosyncrasy_spread")
    switching_cost = differ("market", "switching_cost")
    managers = differ("workforce", "manager_skill", "boss_quality", "boss_spread", "own_prior")
    if idiosyncrasy or switching_cost or managers:
        functions["change_traits"](state, idiosyncrasy, switching_cost, managers)
    if managers:
        functions["count_teaching"](state)
    if differ("operations", "cause_prevalence"):
        state.causes["base"] = cause_bases(new.operations, new.workforce.departments)
