"""Luck belongs to people: the same seed gives the same run, and nobody's luck depends on somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from simsvc.model import random as keyed
from simsvc.model.parameters import parameter_row
from simsvc.model.rows import ARRIVING, CLOSED
from simsvc.organization import ServiceOrganization
from simsvc.scenario.loading import load_scenario, load_structure
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import Structure

# -- the generator --------------------------------------------------------------------------------

# kat_vectors of Random123, the reference implementation of Salmon et al. (2011): counter, key, answer
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_philox_gives_the_published_known_answers(counter: str, key: str, answer: str) -> None:
    words = [np.uint32(int(word, 16)) for word in (counter + " " + key).split()]
    assert [int(word) for word in keyed.philox(*words)] == [int(word, 16) for word in answer.split()]


@numba.njit
def _table(p: Any, entities: int, days: int, purposes: int) -> Any:
    drawn = np.empty((entities, days, purposes, 4))
    for entity in range(entities):
        for day in range(days):
            for purpose in range(purposes):
                drawn[entity, day, purpose, :] = keyed.uniforms(p, entity, day, purpose + 1, 0)
    return drawn


@pytest.fixture(scope="module")
def drawn() -> Any:
    """Uniform numbers by entity, day, purpose and word, under a fixed key."""
    p = parameter_row(Scenario(), keyed.run_key(20, 0))
    return _table(p[0], 60, 60, 20)


# The key is fixed, so these tests always pass or always fail. A perfect generator would have failed
# each with a probability of one in a thousand when they were written.
ERROR_RATE = 0.001


def test_draws_are_uniform(drawn: Any) -> None:
    assert 0 < drawn.min() < drawn.max() < 1
    assert stats.kstest(drawn.ravel(), "uniform").pvalue > ERROR_RATE
    cells = np.bincount((drawn.ravel() * 256).astype(int), minlength=256)
    assert stats.chisquare(cells).pvalue > ERROR_RATE


@pytest.mark.parametrize("axis", [0, 1, 2, 3], ids=["people", "days", "purposes", "words"])
def test_neighbouring_draws_have_nothing_to_do_with_each_other(drawn: Any, axis: int) -> None:
    ahead = np.take(drawn, range(1, drawn.shape[axis]), axis).ravel()
    behind = np.take(drawn, range(drawn.shape[axis] - 1), axis).ravel()
    assert stats.pearsonr(ahead, behind).pvalue > ERROR_RATE
    pairs = np.histogram2d(ahead, behind, bins=16, range=((0, 1), (0, 1)))[0]
    assert stats.chisquare(pairs.ravel()).pvalue > ERROR_RATE


def test_no_two_draws_are_the_same(drawn: Any) -> None:
    quadruples = {tuple(four) for four in drawn.reshape(-1, 4)}
    assert len(quadruples) == drawn.size / 4


def test_replications_and_seeds_have_keys_of_their_own() -> None:
    keys = [keyed.run_key(seed, replication) for seed in range(50) for replication in range(50)]
    assert len(set(keys)) == len(keys)


# -- whole runs -----------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_run_to_the_last_bit(organisation: Callable[..., ServiceOrganization]) -> None:
    first, second = organisation(rng=7), organisation(rng=7)
    first.advance(30)
    second.advance(30)
    assert first.state.days.tobytes() == second.state.days.tobytes()
    assert first.state.customers.tobytes() == second.state.customers.tobytes()


def test_replications_of_a_seed_differ(small: Callable[..., Scenario]) -> None:
    runs = [ServiceOrganization(small(), rng=7, replication=k) for k in (0, 1)]
    for model in runs:
        model.advance(5)
    assert runs[0].state.days.tobytes() != runs[1].state.days.tobytes()


def test_one_day_at_a_time_or_many_makes_no_difference(organisation: Callable[..., ServiceOrganization]) -> None:
    at_once, by_day = organisation(), organisation()
    at_once.advance(20)
    for _ in range(20):
        by_day.step()
    assert by_day.steps == 20
    assert by_day.days.equals(at_once.days)


def test_looking_at_people_changes_nothing(organisation: Callable[..., ServiceOrganization]) -> None:
    unseen, watched = organisation(), organisation()
    unseen.advance(20)
    for _ in range(20):
        assert len(watched.agents) == len(watched.customers) + len(watched.frontline) + len(watched.managers)
        watched.customers.shuffle_do(lambda customer: customer.open_cases)
        watched.frontline.agg("morale", np.mean)
        watched.step()
    assert watched.days.equals(unseen.days)


def test_mesas_own_random_numbers_are_not_touched(organisation: Callable[..., ServiceOrganization]) -> None:
    model = organisation()
    before = model.random.getstate(), model.rng.bit_generator.state
    model.advance(10)
    assert len(model.agents) > 0
    assert (model.random.getstate(), model.rng.bit_generator.state) == before


def test_two_charts_with_the_same_levers_are_one_chart(small: Callable[..., Scenario], tmp_path: Any) -> None:
    file = tmp_path / "ours.toml"
    file.write_text('base = "inverted"\n')
    levers = Structure(**load_structure("inverted").model_dump())
    runs = [ServiceOrganization(small(), structure, rng=3) for structure in ("inverted", file, levers)]
    for model in runs:
        model.advance(15)
    assert len({model.state.days.tobytes() for model in runs}) == 1


def test_a_lever_that_nobody_uses_changes_nothing(organisation: Callable[..., ServiceOrganization]) -> None:
    alone = {"workforce.managers": 0}
    runs = [organisation(alone, manager_limit=80.0), organisation(alone, manager_limit=900.0)]
    for model in runs:
        model.advance(15)
    assert runs[0].days.equals(runs[1].days)


def test_the_same_people_need_the_same_things_under_every_chart(small: Callable[..., Scenario]) -> None:
    """But for claims made up, which come where they succeed: without opportunism there are none."""

    def needs(structure: str) -> dict[tuple[int, ...], tuple[float, ...]]:
        model, met = ServiceOrganization(small({"rules.opportunism": 0.0}), structure, rng=5), {}

        def note(model: ServiceOrganization) -> None:
            for case in model.state.cases[model.state.cases["stage"] == ARRIVING]:
                # who came later came on a day that may differ, and needs something from then on
                if case["attempts"] == 1 and model.state.customers["since"][case["customer"]] == 0:
                    who = tuple(int(case[k]) for k in ("customer", "spell", "day", "number"))
                    met[who] = tuple(float(case[k]) for k in ("contact_at", "difficulty", "owner", "department"))

        model.phases.insert("note", note, after="needs")
        model.advance(40)
        return met

    traditional, inverted = needs("traditional"), needs("inverted")
    both = traditional.keys() & inverted.keys()
    assert len(both) > 0.9 * len(traditional)
    assert all(traditional[key] == inverted[key] for key in both)


# -- people one by one ----------------------------------------------------------------------------

APART = {
    "workforce.frontline": 6,
    "workforce.departments": 3,
    "workforce.managers": 3,
    "workforce.directors": 0,  # one director would be asked by all departments
    "market.post_share": 0.0,  # everybody reads what is posted
    "demand.contacts_per_year": 120.0,
}


def one_day(model: ServiceOrganization) -> Any:
    """Simulate a day; returns its contacts as rows: as they arrived, and when they had ended."""
    seen: dict[str, Any] = {}

    def arrivals(model: ServiceOrganization) -> None:
        cases = model.state.cases
        seen["arrived"] = cases[cases["stage"] == ARRIVING].copy()

    def endings(model: ServiceOrganization) -> None:
        cases = model.state.cases
        seen["ended"] = cases[cases["stage"] == CLOSED].copy()

    model.phases.insert("note arrivals", arrivals, after="needs")
    model.phases.insert("note endings", endings, before="reactions")
    model.step()
    return seen


def touched_by(who: int, seen: Any, state: Any) -> tuple[set[int], set[int]]:
    """Customers and departments that one customer may have touched on a day.

    From its contact on, all who were not yet served in the department it went to, and the departments
    these went to; in the evening all whom any of them may have told, and the staff who served any.
    """
    arrived = seen["arrived"]
    ended = {(int(case["customer"]), int(case["number"])): float(case["ended_at"]) for case in seen["ended"]}

    def departments_of(case: Any) -> set[int]:
        return {int(case["department"]), int(case["owner"])}

    since: dict[int, float] = {}
    for case in arrived[arrived["customer"] == who]:
        for d in departments_of(case):
            since[d] = min(since.get(d, np.inf), float(case["contact_at"]))
    people, before = {who}, {}
    while before != since:
        before = dict(since)
        for case in arrived:
            begun = min((since[d] for d in departments_of(case) if d in since), default=np.inf)
            if ended.get((int(case["customer"]), int(case["number"])), np.inf) > begun:
                people.add(int(case["customer"]))
                for d in departments_of(case):
                    since[d] = min(since.get(d, np.inf), begun)
    departments = set(since)
    while True:
        told = {int(k) for i in people for k in state.tie[state.tie_start[i] : state.tie_start[i + 1]]} - people
        # who is told and has two cases may walk out over the first and never judge the second
        more = {i for i in told if np.count_nonzero(arrived["customer"] == i) > 1}
        if not more:
            break
        people |= more
    for case in arrived[np.isin(arrived["customer"], list(people))]:
        departments |= departments_of(case)
    return people | told, departments


def same(one: Any, other: Any) -> bool:
    """Whether rows are the same to the last bit, field by field: between fields there may be gaps."""
    return all(one[name].tobytes() == other[name].tobytes() for name in one.dtype.names)


def same_but_for(one: Any, other: Any, people: set[int], departments: set[int]) -> int:
    """Check that two organisations are the same to the last bit but for some; returns how many people were."""
    untouched = np.array(sorted(set(range(len(one.customers))) - people), int)
    assert same(one.customers[untouched], other.customers[untouched])
    assert one.join_at[untouched].tobytes() == other.join_at[untouched].tobytes()
    elsewhere = np.isin(one.staff["department"], list(departments), invert=True)
    assert same(one.staff[elsewhere], other.staff[elsewhere])
    pools = [one.departments["pool"][d] for d in departments]
    others = np.isin(one.managers["pool"], pools, invert=True)
    assert same(one.managers[others], other.managers[others])
    assert one.beliefs[others].tobytes() == other.beliefs[others].tobytes()
    return len(untouched)


chart = st.fixed_dictionaries(
    {
        "structure.escalation": st.sampled_from(["blocked", "parked"]),
        "structure.permeability": st.floats(0, 1),
        "structure.frontline_limit": st.floats(0, 200),
        "structure.latitude": st.floats(0, 1),
        "demand.misrouted_share": st.sampled_from([0.0, 0.02]),
        "market.customers": st.integers(1, 150),
    }
)


@given(settings=chart, seed=st.integers(0, 2**32))
def test_one_more_customer_changes_nothing_for_those_it_does_not_meet(settings: dict[str, Any], seed: int) -> None:
    base = {**APART, "market.population": 200, **settings}
    customers = base["market.customers"]
    without = ServiceOrganization(load_scenario("contact_centre", base), rng=seed)
    more = ServiceOrganization(load_scenario("contact_centre", {**base, "market.customers": customers + 1}), rng=seed)
    one_day(without)
    seen = one_day(more)
    people, departments = touched_by(customers, seen, more.state)
    assert same_but_for(without.state, more.state, people, departments) > 0


@given(settings=chart, seed=st.integers(0, 2**32))
def test_a_need_put_off_changes_nothing_for_those_it_would_not_have_met(settings: dict[str, Any], seed: int) -> None:
    base = load_scenario("contact_centre", {**APART, "market.population": 200, **settings})
    usual, changed = ServiceOrganization(base, rng=seed), ServiceOrganization(base, rng=seed)
    needs = usual.state.customers["next_need"]
    due = np.flatnonzero((usual.state.customers["since"] >= 0) & (needs < 1))
    assume(len(due) > 0)
    who = int(due[len(due) // 2])
    changed.state.customers["next_need"][who] = 1.5
    seen = one_day(usual)
    one_day(changed)
    people, departments = touched_by(who, seen, usual.state)
    assert same_but_for(usual.state, changed.state, people, departments) > 0


@given(seed=st.integers(0, 2**32), skill=st.floats(0, 1))
def test_an_abler_colleague_changes_nothing_in_other_departments(seed: int, skill: float) -> None:
    calm = {"demand.contacts_per_year": 40.0, "demand.misrouted_share": 0.0, "rules.word_of_mouth": 0.0}
    people = {"market.population": 200, "market.customers": 120}
    base = load_scenario("contact_centre", {**APART, **people, **calm})
    usual, changed = (ServiceOrganization(base, rng=seed) for _ in range(2))
    changed.frontline[0].skill = skill
    arrived = one_day(usual)["arrived"]
    one_day(changed)
    served = {int(case["customer"]) for case in arrived if case["department"] == 0}
    # who was served there may take the mood to another department on the same day
    departments = {0} | {int(case["department"]) for case in arrived if case["customer"] in served}
    assert same_but_for(usual.state, changed.state, served, departments) > 0
