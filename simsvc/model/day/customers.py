"""Customers' evening: they review whether to stay, and new ones arrive."""

from __future__ import annotations

import math

from simsvc.model import random as keyed
from simsvc.model.ahead import FAR, ask_for
from simsvc.model.compiling import compiled, entry
from simsvc.model.day.needs import need_rate
from simsvc.model.people import CustomerRow
from simsvc.model.reasons import DISSATISFIED, NEUTRAL, OVER_SERVICE
from simsvc.model.rows import (
    DEFECTOR,
    HOSTAGE,
    LEFT_COLUMN,
    LOYAL,
    MERCENARY,
    NEVER,
    NOBODY,
    DayRow,
    OrganisationRow,
    State,
)
from simsvc.model.rules.expectation import expectation_from_promise, remembered
from simsvc.model.rules.leaving import rate_of_leaving, reluctance_to_return
from simsvc.model.rules.loyalty import customer_type, recommendation, spending_factor
from simsvc.model.rules.needs import days_to_next_need
from simsvc.model.rules.word_of_mouth import rate_of_joining
from simsvc.scenario.calendar import DAYS_PER_YEAR

MILLIONTHS_PER_CENT = 10_000
BLOCK = 128  # people outside looked at together


@compiled
def count(organisation: OrganisationRow, customer: CustomerRow, sign: int) -> None:
    """Add a customer to the organisation's sums (sign 1) or take it out (-1)."""
    organisation.customers += sign
    organisation.satisfaction += sign * customer.counted_satisfaction
    organisation.loyalty += sign * customer.counted_loyalty
    organisation.spend += sign * customer.spend
    if customer.counted_score == 1:
        organisation.promoters += sign
    elif customer.counted_score == -1:
        organisation.detractors += sign
    if customer.type == LOYAL:
        organisation.types_loyal += sign
    elif customer.type == HOSTAGE:
        organisation.types_hostage += sign
    elif customer.type == MERCENARY:
        organisation.types_mercenary += sign
    elif customer.type == DEFECTOR:
        organisation.types_defector += sign


@compiled
def appraise(s: State, i: int, day: int) -> None:
    """Set what follows from a customer's state: spend, type, rate of leaving, next day due; count it in.

    The rate of leaving holds from the evening after `day` on, and the customer is due after `day`.
    """
    p = s.p[0]
    organisation = s.organisation[0]
    c = s.customers[i]
    c.counted_satisfaction = int(c.satisfaction * 1e6 + 0.5)
    c.counted_loyalty = int(c.loyalty * 1e6 + 0.5)
    factor = spending_factor(c.satisfaction, p.rule_spending, p.loyalty)
    c.spend = int(p.spend / DAYS_PER_YEAR * 1e6 * c.spend_level * factor + 0.5)
    c.counted_score = recommendation(c.satisfaction, c.loyalty, p.loyalty)
    c.type = customer_type(c.loyalty, c.satisfaction, p.alternative, c.switching_cost, p.loyalty)
    c.leave_rate = (
        rate_of_leaving(
            p.dissatisfaction_churn,
            c.satisfaction,
            p.alternative,
            c.loyalty,
            c.switching_cost,
            p.rule_leaving,
            p.leaving,
        )
        / DAYS_PER_YEAR
    )
    c.settled = day
    count(organisation, c, 1)
    next_day = min(c.next_need, c.neutral_leave)
    if c.leave_rate > 0.0:
        next_day = min(next_day, day + math.ceil(min(max(c.exposure, 0.0) / c.leave_rate, float(NEVER))))
    s.due[i] = int(max(math.floor(min(next_day, NEVER - 1.0)), day + 1.0))


@entry
def settle(s: State, i: int, day: int) -> None:
    """Bring a customer up to date after its state has changed.

    The rate of leaving is constant between changes, so exposure to it is used up in one go: exactly
    the daily hazard, at the cost of nothing on days on which nothing happens.

    Args:
        s: state.
        i: the customer.
        day: last day that counts at the old rate: today in the course of a day, yesterday for what
            changes before the day begins.
    """
    c = s.customers[i]
    if c.since < 0:
        return
    c.exposure -= c.leave_rate * (day - c.settled)
    count(s.organisation[0], c, -1)
    appraise(s, i, day)


@compiled
def leave(s: State, i: int, reason: int) -> None:
    """A customer leaves for one of the `simsvc.model.reasons`."""
    p = s.p[0]
    organisation = s.organisation[0]
    c = s.customers[i]
    count(organisation, c, -1)
    organisation.cohort -= 1 if c.since == 0 else 0
    c.since = -1
    c.settled = organisation.day
    s.due[i] = NEVER
    u, _, _, _ = keyed.uniforms(p, i, c.spell, keyed.JOIN, 0)
    reluctance = p.leaving.reluctance_over_service if OVER_SERVICE[reason] else p.leaving.reluctance_neutral
    s.join_at[i] = organisation.attraction + reluctance_to_return(reluctance, p.rule_reluctance) * keyed.exponential(u)
    s.day_table[organisation.day, LEFT_COLUMN + reason] += 1.0


@compiled
def begin_spell(s: State, i: int, since: int) -> None:
    """A person becomes a customer from day `since` on, for the first time or again; counts it in.

    Who comes back has not forgotten everything: what was expected, felt and gone through, nor who served.
    """
    p = s.p[0]
    c = s.customers[i]
    u0, u1, u2, u3 = keyed.uniforms(p, i, c.spell, keyed.LEAVE, 0)
    v0, v1, _, _ = keyed.uniforms(p, i, c.spell, keyed.LEAVE, 1)
    away = float(since - 1 - c.settled)
    known = remembered(away, p.rule_memory, p.expectation) if c.spell > 0 else 0.0
    c.spell += 1
    c.since = since
    promised = expectation_from_promise(p.promise, p.rule_promise, p.expectation)
    expected = min(max(promised + p.expectation.newcomer_spread * keyed.normal(u0, u1), 0.02), 0.98)
    attitude = min(max(p.loyalty.newcomer + p.loyalty.newcomer_spread * keyed.normal(v0, v1), 0.02), 0.98)
    c.expectation = expected + known * (c.expectation - expected)
    c.satisfaction = expected + known * (c.satisfaction - expected)
    c.uncertainty = p.expectation_uncertainty + known * (c.uncertainty - p.expectation_uncertainty)
    c.loyalty = attitude + known * (c.loyalty - attitude)
    c.failures = int(known * c.failures + 0.5)
    c.bond = known * c.bond
    if c.bond <= 0.0:
        c.known_staff = NOBODY
    s.organisation[0].cohort += 1 if since == 0 else 0
    c.exposure = keyed.exponential(u2)
    stays = keyed.exponential(u3) * DAYS_PER_YEAR / p.neutral_churn if p.neutral_churn > 0.0 else math.inf
    c.neutral_leave = since + stays
    u, _, _, _ = keyed.uniforms(p, i, since, keyed.NEED_GAP, 0)
    c.next_need = since + days_to_next_need(u, need_rate(p, s.organisation[0], c))
    s.join_at[i] = math.inf
    appraise(s, i, since - 1)


@compiled
def count_customers(organisation: OrganisationRow, today: DayRow) -> None:
    """The day's statistics of those who are customers tonight; tomorrow's joiners come after."""
    n = organisation.customers
    each = 1.0 / max(n, 1)
    today.customers = n
    today.cohort = organisation.cohort
    today.satisfaction = organisation.satisfaction * 1e-6 * each
    today.loyalty = organisation.loyalty * 1e-6 * each
    today.promoters = organisation.promoters * each
    today.detractors = organisation.detractors * each
    today.loyal = organisation.types_loyal * each
    today.hostages = organisation.types_hostage * each
    today.mercenaries = organisation.types_mercenary * each
    today.defectors = organisation.types_defector * each
    organisation.unbilled += organisation.spend
    today.revenue = organisation.unbilled // MILLIONTHS_PER_CENT
    organisation.unbilled %= MILLIONTHS_PER_CENT
    today.reputation = organisation.reputation


@entry
def customers_evening(s: State) -> None:
    """Customers review whether to stay; people outside who have heard enough join for tomorrow."""
    p = s.p[0]
    organisation = s.organisation[0]
    day = organisation.day
    today = s.days[day]
    for k in range(organisation.woken):
        i = s.woken[k]
        ask_for(s.customers, s.woken[min(k + FAR, organisation.woken - 1)])
        c = s.customers[i]
        if c.since < 0:
            continue
        if c.neutral_leave < day + 1.0:
            leave(s, i, NEUTRAL)
        else:
            settle(s, i, day)
            if c.exposure <= 0.0:
                leave(s, i, DISSATISFIED)
    count_customers(organisation, today)
    organisation.attraction += (
        rate_of_joining(
            p.joining_rate,
            organisation.reputation,
            expectation_from_promise(p.promise, p.rule_promise, p.expectation),
            p.turnover.ordinary_reputation,
            p.expectation.ordinary_promise,
            p.rule_word_of_mouth,
            p.word_of_mouth,
        )
        / DAYS_PER_YEAR
    )
    attraction = organisation.attraction
    for start in range(0, len(s.join_at), BLOCK):
        block = s.join_at[start : start + BLOCK]
        joining = 0
        for i in range(len(block)):  # a loop without branches, done several people at a time
            if block[i] <= attraction:
                joining += 1
        if joining > 0:
            for i in range(len(block)):
                if block[i] <= attraction:
                    begin_spell(s, start + i, day + 1)
                    today.joined += 1


@entry
def settle_everybody(s: State) -> None:
    """Bring all customers up to date after settings have changed, before the day begins."""
    for i in range(len(s.customers)):
        settle(s, i, s.organisation[0].day - 1)
