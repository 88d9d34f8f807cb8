"""People as Mesa agents: live views of their rows that follow who comes and goes."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet

from simsvc.errors import InputError
from simsvc.model.agents import Customer, FrontlineStaff, Manager
from simsvc.model.people import CustomerRow, ManagerRow, StaffRow
from simsvc.model.tables import states_of
from simsvc.organization import ServiceOrganization

MakeModel = Callable[..., ServiceOrganization]

# half of the customers and all of the staff leave within weeks
RESTLESS = {
    "market.neutral_churn": 5.0,
    "market.joining_rate": 5.0,
    "workforce.quit_rate": 20.0,
    "workforce.vacancy_days": 2.0,
}


# -- who is there ---------------------------------------------------------------------------------


def test_agents_are_made_only_when_somebody_looks(organisation: MakeModel) -> None:
    model = organisation()
    model.advance(5)
    assert model.agents_seen == 0
    there = np.count_nonzero(model.state.customers["since"] >= 0)
    assert len(model.customers) == there
    assert model.agents_seen == there + 6 + 3


def test_agents_follow_joins_and_leaves_quits_and_hires_exactly(organisation: MakeModel) -> None:
    model = organisation(RESTLESS)
    everybody: set[tuple[str, int, int]] = set()
    for _ in range(80):
        state = model.state
        customers = {agent.number for agent in model.customers}
        assert customers == set(np.flatnonzero(state.customers["since"] >= 0))
        assert {agent.number for agent in model.frontline} == set(np.flatnonzero(state.staff["present"] == 1))
        assert {agent.number for agent in model.managers} == {0, 1, 2}
        assert set(model.agents) == {*model.customers, *model.frontline, *model.managers}
        assert {kind: len(people) for kind, people in model.agents_by_type.items()} == {
            Customer: len(model.customers),
            FrontlineStaff: len(model.frontline),
            Manager: len(model.managers),
        }
        everybody |= {(type(agent).__name__, agent.number, agent.unique_id) for agent in model.agents}
        model.step()
    table = model.days
    arrivals = table["joined"][:-1].sum() + table["hires"][:-1].sum()
    assert arrivals > 100, "there should be something to follow"
    assert len(everybody) == 120 + 6 + 3 + arrivals


def test_no_two_people_are_called_the_same(organisation: MakeModel) -> None:
    model = organisation(RESTLESS)
    met: dict[int, Any] = {}
    for _ in range(30):
        for agent in model.agents:
            assert met.setdefault(agent.unique_id, agent) is agent
        model.step()


def test_the_same_person_is_the_same_agent_as_long_as_it_stays(organisation: MakeModel) -> None:
    model = organisation(RESTLESS)
    before = {agent.number: agent for agent in model.customers}
    model.advance(10)
    stayed = [agent for number, agent in before.items() if agent.is_present]
    assert 0 < len(stayed) < len(before)
    assert all(model.customers[agent.number] is agent for agent in stayed)


def test_customers_are_found_by_number(organisation: MakeModel) -> None:
    model = organisation()
    assert model.customers[17].number == 17
    assert model.frontline[3].department == 1
    assert model.managers[2].level == 2
    with pytest.raises(KeyError, match="nobody of number 150"):
        model.customers[150]


def test_who_has_left_cannot_be_asked_any_more(organisation: MakeModel) -> None:
    model = organisation({**RESTLESS, "market.joining_rate": 0.0, "workforce.vacancy_days": 250.0})
    customers, staff = list(model.customers), list(model.frontline)
    model.advance(60)
    gone = [agent for agent in customers + staff if not agent.is_present]
    assert {type(agent) for agent in gone} == {Customer, FrontlineStaff}
    for agent in gone:
        assert agent not in model.agents
        with pytest.raises(LookupError, match=f"{agent} has left"):
            _ = agent.since
        with pytest.raises(LookupError, match="has left"):
            agent.satisfaction = agent.morale = 0.5


def test_somebody_who_comes_back_is_a_new_customer(organisation: MakeModel) -> None:
    model = organisation(RESTLESS)
    old = list(model.customers)
    model.advance(60)
    back = [agent for agent in old if not agent.is_present and agent.number in {c.number for c in model.customers}]
    assert back
    assert all(model.customers[agent.number] is not agent for agent in back)


def test_agents_can_be_followed_from_within_a_day(organisation: MakeModel) -> None:
    model, counts = organisation(RESTLESS), []

    def count(model: ServiceOrganization) -> None:
        counts.append((len(model.customers), np.count_nonzero(model.state.customers["since"] >= 0)))

    model.phases.insert("count at noon", count, after="reactions")
    model.advance(20)
    assert len({c for c, _ in counts}) > 1
    assert all(seen == there for seen, there in counts)


# -- views read and write rows --------------------------------------------------------------------


def test_attributes_are_what_the_rows_hold(organisation: MakeModel) -> None:
    model = organisation()
    model.advance(5)
    state = model.state
    for people, rows in (
        (model.customers, state.customers),
        (model.frontline, state.staff),
        (model.managers, state.managers),
    ):
        names = [name for name in dir(type(people[0])) if name in rows.dtype.names and name != "type"]
        assert len(names) > 10
        for agent in people:
            assert [getattr(agent, name) for name in names] == [rows[agent.number][name] for name in names]
    assert [m.beliefs.tolist() for m in model.managers] == state.beliefs.tolist()
    assert {c.type for c in model.customers} <= {"loyal", "hostage", "mercenary", "defector-to-be"}
    assert (
        sum(c.open_cases for c in model.customers)
        == np.isin(state.cases["customer"][state.cases["stage"] != 0], [c.number for c in model.customers]).sum()
    )
    assert all(c.number in model.state.tie[slice(*model.state.tie_start[k : k + 2])] for c in model.customers
               for k in c.friends)  # fmt: skip


def test_who_is_made_to_hate_the_firm_leaves(organisation: MakeModel) -> None:
    quiet = {"market.neutral_churn": 0.0, "market.joining_rate": 0.0, "demand.contacts_per_year": 0.0}
    usual, angry = organisation(quiet), organisation(quiet)
    angry.customers.set("satisfaction", 0.0)
    for model in (usual, angry):
        model.advance(30)
    assert angry.days["left_dissatisfied"].sum() > 10 * max(usual.days["left_dissatisfied"].sum(), 1)
    assert angry.days["revenue"][0] < usual.days["revenue"][0]
    assert angry.days["satisfaction"][0] == 0


def test_what_is_written_counts_from_the_next_day_on_at_the_full_rate(organisation: MakeModel) -> None:
    # reasons to leave worth a tenth of a day's: everybody goes on the first evening after the change
    model = organisation({"market.dissatisfaction_churn": 10.0, "market.alternative": 1.0})
    model.state.customers["exposure"] = 0.1
    model.customers.set("satisfaction", 0.0)
    model.customers.set("loyalty", 0.0)
    rates = [c.row()["leave_rate"] for c in model.customers if c.switching_cost < 0.3]
    assert min(rates) > 0.1
    leavers = [c for c in model.customers if c.row()["leave_rate"] > 0.1]
    model.step()
    assert not any(c.is_present for c in leavers)


def test_a_write_keeps_the_sums_right(organisation: MakeModel) -> None:
    model = organisation()
    model.advance(3)
    for value in (0.0, 0.3, 1.0):
        model.customers.do(lambda c, value=value: setattr(c, "loyalty", value))
        model.customers[0].spend_level = 2.0 * value
        sums, rows = model.state.organisation[0], model.state.customers
        rows = rows[rows["since"] >= 0]
        assert sums["loyalty"] == rows["counted_loyalty"].astype(int).sum() == len(rows) * int(value * 1e6)
        assert sums["spend"] == rows["spend"].astype(int).sum()
        assert sums["types_loyal"] == np.count_nonzero(rows["type"] == 0)
    model.step()
    assert model.days["loyalty"].iloc[-1] > 0.9


def test_a_cheerful_front_line_is_more_courteous(organisation: MakeModel) -> None:
    def courtesy(morale: float) -> float:
        model, met = organisation(), []
        model.frontline.set("morale", morale)
        model.phases.insert(
            "note",
            lambda model: met.extend(model.state.cases["courtesy"][model.state.cases["outcome"] == 1]),
            before="reactions",
        )
        model.step()
        return float(np.mean(met))

    assert courtesy(0.9) > courtesy(0.1) + 0.2


def test_a_customer_in_need_comes_more_often_at_once(organisation: MakeModel) -> None:
    calm = {"demand.contacts_per_year": 2.0, "rules.repeat_contacts": 0.0}
    usual, needy = organisation(calm), organisation(calm)
    before = needy.customers.get("contact_rate")
    for customer, rate in zip(needy.customers, before, strict=True):
        customer.contact_rate = 20.0 * rate
    for model in (usual, needy):
        model.advance(10)
    assert needy.days["cases_in"].sum() > 8 * usual.days["cases_in"].sum()


def test_a_customer_without_needs_may_come_to_have_some(organisation: MakeModel) -> None:
    model = organisation({"market.joining_rate": 0.0})
    model.customers.set("contact_rate", 0.0)
    model.advance(5)
    assert model.days["cases_in"].sum() == 0
    model.customers.set("contact_rate", 1.0)
    model.advance(5)
    assert model.days["cases_in"].sum() > 100


def test_a_manager_who_learns_to_teach_lifts_the_team(organisation: MakeModel) -> None:
    usual, taught = (
        organisation(share_coaching=0.5, share_control=0.0),
        organisation(share_coaching=0.5, share_control=0.0),
    )
    taught.managers.set("teaching", 1.0)
    for model in (usual, taught):
        model.advance(60)
    assert taught.days["skill"].iloc[-1] > usual.days["skill"].iloc[-1]


def test_a_manager_told_what_is_wrong_works_on_it(organisation: MakeModel) -> None:
    model = organisation()
    boss = model.managers[0]
    mine = [k for k, cause in enumerate(model.state.causes) if cause["department"] == 0]
    for cause in mine:
        boss.beliefs = [1.0 if k == cause else 0.0 for k in range(len(model.state.causes))]
        boss.own_prior = 1.0  # and is sure of it
        model.step()
        assert boss.priority == cause
        assert boss.beliefs[cause] > 0.9
    with pytest.raises(InputError, match="beliefs of Manager 0"):
        boss.beliefs = [2.0] * len(model.state.causes)
    with pytest.raises(ValueError, match="read-only"):
        boss.beliefs[0] = 1.0


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), float("inf")])
def test_nobody_can_be_made_more_than_content(organisation: MakeModel, value: float) -> None:
    model = organisation()
    before = model.customers[0].satisfaction
    with pytest.raises(InputError, match=r"satisfaction of Customer 0 = .*: allowed is 0 to 1"):
        model.customers[0].satisfaction = value
    assert model.customers[0].satisfaction == before


@pytest.mark.parametrize("row", [CustomerRow, StaffRow, ManagerRow])
def test_what_is_declared_writable_is_written_in_its_range_only(organisation: MakeModel, row: type) -> None:
    model = organisation()
    agent = {CustomerRow: model.customers, StaffRow: model.frontline, ManagerRow: model.managers}[row][0]
    writable = {name: declared for name, declared in states_of(row).items() if declared.writable}
    assert writable
    for name, declared in writable.items():
        for value in (declared.low, declared.highest_written):
            setattr(agent, name, value)
            assert getattr(agent, name) == agent.row()[name] == value
        with pytest.raises(InputError, match=f"{name} of {agent}"):
            setattr(agent, name, declared.highest_written + 0.1)
        assert getattr(agent, name) == declared.highest_written


def test_what_follows_from_events_cannot_be_written(organisation: MakeModel) -> None:
    model = organisation()
    for agent, name in ((model.customers[0], "failures"), (model.frontline[0], "limit"), (model.managers[0], "level")):
        with pytest.raises(AttributeError, match="cannot be set"):
            setattr(agent, name, 1)
    with pytest.raises(AttributeError, match="cannot be set"):
        model.agents = []


# -- Mesa's tools ---------------------------------------------------------------------------------


def test_agent_sets_do_what_mesa_says(organisation: MakeModel) -> None:
    model = organisation()
    model.advance(3)
    for people in (model.customers, model.frontline, model.managers, model.agents):
        assert isinstance(people.select(lambda agent: agent.number % 2 == 0), AgentSet)
        assert all(agent.number % 2 == 0 for agent in people.select(lambda agent: agent.number % 2 == 0))
        assert len(people.select(at_most=2)) == 2
        assert set(people.shuffle()) == set(people)
        assert people.get("unique_id") == [agent.unique_id for agent in people]
    by_loyalty = model.customers.sort("loyalty", ascending=True).get("loyalty")
    assert by_loyalty == sorted(by_loyalty)
    assert model.customers.agg("loyalty", max) == by_loyalty[-1]
    teams = model.frontline.groupby("department")
    assert teams.agg("morale", len) == {0: 3, 1: 3}
    assert teams.count() == {0: 3, 1: 3}
    assert set(model.frontline.groupby("department", result_type="list").groups) == {0, 1}
    assert model.managers.map(lambda manager: manager.level) == [1, 1, 2]
    order: list[int] = []
    model.frontline.do(lambda one: order.append(one.number))
    assert order == [0, 1, 2, 3, 4, 5]
    model.frontline.shuffle_do(lambda one: setattr(one, "morale", 0.4))
    assert model.frontline.get("morale") == [0.4] * 6
    assert model.agents.select(agent_type=Manager).get("level") == [1, 1, 2]
    assert model.customers[5] in model.customers
    assert list(reversed(model.managers)) == list(model.managers)[::-1]


@pytest.mark.parametrize("thin_out", ["select", "shuffle", "sort"])
def test_the_roster_itself_cannot_be_thinned_out(organisation: MakeModel, thin_out: str) -> None:
    model = organisation()
    arguments = {"select": [lambda _: False], "shuffle": [], "sort": ["number"]}[thin_out]
    with pytest.raises(InputError, match="inplace"):
        getattr(model.customers, thin_out)(*arguments, inplace=True)
    assert len(model.customers) == 120


def test_mesas_data_collector_sees_everybody(organisation: MakeModel) -> None:
    model = organisation(RESTLESS)
    collector = mesa.DataCollector(
        model_reporters={"customers": lambda m: len(m.customers), "day": "day"},
        agent_reporters={"number": "number"},
        agenttype_reporters={Customer: {"loyalty": "loyalty"}, FrontlineStaff: {"morale": "morale"}},
    )
    there = []
    for _ in range(10):
        model.step()
        collector.collect(model)
        there.append((len(model.agents), len(model.customers), len(model.frontline)))
    assert list(collector.get_model_vars_dataframe()["day"]) == list(range(1, 11))
    assert list(collector.get_model_vars_dataframe()["customers"]) == [customers for _, customers, _ in there]
    frames = (
        collector.get_agent_vars_dataframe(),
        collector.get_agenttype_vars_dataframe(Customer),
        collector.get_agenttype_vars_dataframe(FrontlineStaff),
    )
    for k, frame in enumerate(frames):
        assert list(frame.groupby(level="Step").size()) == [counts[k] for counts in there]
    assert frames[1]["loyalty"].between(0, 1).all()


def test_a_model_that_was_looked_at_can_be_forgotten(organisation: MakeModel) -> None:
    """Mesa's table of numbers of agents kept every model alive until 3.4.2: #3179, #3180 of github.com/mesa/mesa."""
    model = organisation()
    assert len(model.agents) > 100
    model.step()
    forgotten = weakref.ref(model)
    del model
    gc.collect()
    assert forgotten() is None
