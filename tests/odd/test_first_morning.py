"""The first morning, built again from section 5 of the ODD document with the keys of its table of draws."""

from __future__ import annotations

import math

import numpy as np
import pytest

import simsvc
from simsvc.model.random import philox, run_key
from simsvc.model.rows import State
from simsvc.odd.sources import purposes
from simsvc.scenario.settings import assumption_names, setting_field

SEED = 3
ANEW = {
    name: setting_field(name).json_schema_extra["plausible_high"] for name in assumption_names() if ".start." in name
}
"""Other values than those published, so that each is known to stand where it belongs."""
SCENARIO = simsvc.load_scenario("classroom", ANEW)
MARKET, WORK, OPERATIONS, ASSUMED = SCENARIO.market, SCENARIO.workforce, SCENARIO.operations, SCENARIO.assumptions


@pytest.fixture(scope="module")
def state() -> State:
    return simsvc.ServiceOrganization(SCENARIO, rng=SEED).state


def draw(whom: int, purpose: str, index: int) -> list[float]:
    words = (whom, 0, purposes()[purpose] * 2**24 + index, 0, *run_key(SEED, 0))
    return [(int(word) + 0.5) / 2**32 for word in philox(*map(np.uint32, words))]


def exponential(u: float) -> float:
    return -math.log(u)


def normal(u: float, v: float) -> float:
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)


def lognormal(u: float, v: float, cv: float) -> float:
    sigma = math.sqrt(math.log(1.0 + cv**2))
    return math.exp(sigma * (normal(u, v) - sigma / 2.0))


def clip(x: float, low: float, high: float) -> float:
    return min(max(x, low), high)


def logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


def logit(share: float) -> float:
    return math.log(share / (1.0 - share))


@pytest.mark.parametrize("i", [0, 1, 17, 1199, 1200, 2999])
def test_people_of_the_market(state: State, i: int) -> None:
    a, b = draw(i, "TRAITS", 0), draw(i, "TRAITS", 1)
    spread, cost = SCENARIO.demand.idiosyncrasy_spread, MARKET.switching_cost
    middle = logit(SCENARIO.demand.idiosyncrasy) * math.sqrt(1.0 + math.pi / 8.0 * spread**2)
    expected = {
        "idiosyncrasy": clip(logistic(middle + spread * normal(a[0], a[1])), 0.001, 0.999),
        "switching_cost": b[2] ** ((1.0 - cost) / cost),
        "patience": 1.0,
        "contact_rate": lognormal(a[2], a[3], SCENARIO.demand.contact_rate_cv),
        "spend_level": lognormal(b[0], b[1], SCENARIO.economics.spend_cv),
    }
    if i < MARKET.customers:
        c, d = draw(i, "LEAVE", 0), draw(i, "LEAVE", 1)
        promised = ASSUMED.expectation.ordinary_promise + (MARKET.promise - ASSUMED.expectation.ordinary_promise)
        expectation = clip(promised + ASSUMED.expectation.newcomer_spread * normal(c[0], c[1]), 0.02, 0.98)
        attitude = ASSUMED.loyalty.newcomer + ASSUMED.loyalty.newcomer_spread * normal(d[0], d[1])
        needs = SCENARIO.demand.contacts_per_year / 250 * expected["contact_rate"]
        expected |= {
            "expectation": expectation,
            "satisfaction": max(expectation - ASSUMED.start.satisfaction_below, 0.02),
            "uncertainty": ASSUMED.start.uncertainty,
            "loyalty": min(clip(attitude, 0.02, 0.98) + ASSUMED.start.loyalty_above, 0.98),
            "exposure": exponential(c[2]),
            "neutral_leave": exponential(c[3]) * 250 / MARKET.neutral_churn,
            "next_need": exponential(draw(i, "NEED_GAP", 0)[0]) / needs,
            "since": 0,
        }
    else:
        assert state.join_at[i] == pytest.approx(exponential(draw(i, "JOIN", 1)[0]))
        expected |= {"since": -1}
    assert {name: state.customers[i][name].item() for name in expected} == pytest.approx(expected, rel=1e-9)


def test_staff(state: State) -> None:
    hired, usual = ASSUMED.turnover, ASSUMED.tempering
    for j in range(WORK.frontline):
        a, b, c, d = (draw(j, "STAFF_TRAITS", index) for index in range(4))
        skill = clip(WORK.skill + WORK.skill_spread * normal(a[0], a[1]), hired.least_skill, hired.most_skill)
        potential = WORK.potential + hired.spread_of_potential * normal(a[2], a[3])
        outlook = WORK.mood_spread * normal(d[0], d[1])
        expected = {
            "department": j % WORK.departments,
            "skill": skill,
            "potential": clip(potential, max(skill, hired.least_potential), hired.most_potential),
            "disposition": clip(WORK.disposition + hired.hire_spread * normal(b[0], b[1]), 0.05, 0.95),
            "outlook": outlook,
            "morale": logistic(logit(usual.typical_morale) + outlook),
            "empowerment": logistic(logit(usual.typical_autonomy) + outlook),
            "exhaustion": hired.first_exhaustion,
            "commitment": hired.base_commitment,
            "voice": hired.first_voice,
            "gratitude": usual.typical_mood,
            "answered": usual.typical_answer,
            "standard": 1.0,
            "accustomed": ASSUMED.morale.ordinary_resources,
            "exposure": exponential(b[2]),
            "since": -int(min(ASSUMED.start.tenure_days * exponential(c[0]), ASSUMED.start.longest_tenure)),
        }
        assert {name: state.staff[j][name].item() for name in expected} == pytest.approx(expected, rel=1e-9)


def test_managers_and_causes(state: State) -> None:
    weights = 1.0 / (1.0 + np.arange(OPERATIONS.causes))
    base = np.minimum(OPERATIONS.cause_prevalence * weights / weights.mean(), 1.0)
    assert state.causes["base"] == pytest.approx(np.tile(base, WORK.departments))
    assert state.causes["prevalence"] == pytest.approx(ASSUMED.start.cause_level * state.causes["base"])
    pools = min(WORK.departments, WORK.managers)
    for m, manager in enumerate(state.managers):
        a, b = draw(m, "MANAGER_TRAITS", 0), draw(m, "MANAGER_TRAITS", 1)
        expected = {
            "skill": clip(WORK.manager_skill + ASSUMED.leading.manager_skill_spread * normal(a[0], a[1]), 0.05, 0.95),
            "teaching": clip(WORK.boss_quality + WORK.boss_spread * normal(a[2], a[3]), 0.02, 0.98),
            "own_prior": clip(WORK.own_prior + ASSUMED.leading.own_prior_spread * normal(b[0], b[1]), 0.02, 0.98),
            "morale": ASSUMED.tempering.typical_morale,
            "exposure": exponential(b[2]),
        }
        assert {name: manager[name].item() for name in expected} == pytest.approx(expected, rel=1e-9)
        oversees = [manager["level"] > 1 or cause["department"] % pools == m % pools for cause in state.causes]
        opinions = []
        for k, own in enumerate(oversees):
            words = (m, k, purposes()["MANAGER_TRAITS"] * 2**24 + 2, 0, *run_key(SEED, 0))
            opinions.append((int(philox(*map(np.uint32, words))[0]) + 0.5) / 2**32 * own)
        assert state.priors[m] == pytest.approx(np.array(opinions) / sum(opinions))
        assert (state.beliefs[m] == state.priors[m]).all()


def test_ties(state: State) -> None:
    n = MARKET.population
    tied: list[list[int]] = [[] for _ in range(n)]
    for i in range(n):
        for k in range(MARKET.ties // 2):
            u, v, _, _ = draw(i, "TIE", k)
            other = int(v * n) if u < MARKET.rewiring else (i + k + 1) % n
            other = (i + 1) % n if other == i else other
            tied[i].append(other)
            tied[other].append(i)
    for i in range(n):
        assert sorted(tied[i]) == sorted(state.tie[state.tie_start[i] : state.tie_start[i + 1]])


def test_departments(state: State) -> None:
    expected = {"load": WORK.comfortable_load, "skill": WORK.skill, "morale": ASSUMED.start.morale,
                "trust": ASSUMED.start.trust, "tightness": 0.0,
                "overwork": 0.0, "control": 0.0, "coaching": 0.0, "answers": 1.0}  # fmt: skip
    for row in state.departments:
        assert {name: row[name].item() for name in expected} == pytest.approx(expected)
