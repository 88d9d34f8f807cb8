"""What scripts and users of Mesa may do with a model at any moment, and what is refused in one line.

Holds on every version of Mesa that `tests/mesa_versions.py` names. Where a habit comes from is said at its test:
numbers are issues and pull requests of github.com/mesa/mesa, the guide is its docs/migration_guide.md (August 2026).
"""

from __future__ import annotations

import ast
import copy
import inspect
import math
import os
import pickle
import runpy
import subprocess
import sys
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest

from simsvc.errors import InputError
from simsvc.model.agents import Customer, FrontlineStaff
from simsvc.organization import ServiceOrganization
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.settings import Scenario

CLASSROOM = load_scenario("classroom")
MakeModel = Callable[..., ServiceOrganization]
TABLES = ("customers", "staff", "managers", "cases", "departments", "causes", "organisation", "losses", "beliefs")


def rows(model: ServiceOrganization) -> str:
    """All that two models have to agree in to be the same, bit for bit."""
    days = model.state.days[: model.day]
    return repr([getattr(model.state, name).tolist() for name in TABLES] + [days.tolist()])


# -- leaving and joining --------------------------------------------------------------------------


def test_a_customer_who_is_removed_has_left(organisation: MakeModel) -> None:
    """`Agent.remove` takes an agent out of its model, and a second time does nothing: mesa/agent.py."""
    model = organisation({"market.neutral_churn": 0.0, "market.dissatisfaction_churn": 0.0})
    model.advance(4)
    customer, before = model.customers[11], len(model.customers)
    customer.remove()
    model.deregister_agent(model.customers[12])
    customer.remove()  # again: nothing
    assert not customer.is_present
    assert len(model.customers) == before - 2 == model.state.organisation["customers"][0]
    assert customer not in model.agents
    model.step()
    assert model.days["left_neutral"].iloc[4] == 2


def test_staff_who_are_removed_leave_vacancies(organisation: MakeModel) -> None:
    model = organisation({"workforce.quit_rate": 0.0, "workforce.vacancy_days": 250.0})
    model.advance(4)
    model.frontline.select(at_most=2).do("remove")
    assert len(model.frontline) == 4
    model.step()
    assert model.days["quits"].iloc[4] == 2
    assert model.days["present"].iloc[4] == 4


@pytest.mark.parametrize(
    ("attempt", "instead"),
    [
        (lambda model: model.managers[1].remove(), r"model\.replace_managers\(\[1\]\)"),
        (lambda model: model.remove_all_agents(), r"agent\.remove\(\)"),
        (lambda model: Customer(model), "market.joining_rate"),
        (lambda model: FrontlineStaff.create_agents(model, 3), "workforce.vacancy_days"),
    ],
)
def test_what_cannot_be_done_names_what_can(organisation: MakeModel, attempt: Any, instead: str) -> None:
    """`remove_all_agents` was asked for in #2393; `create_agents` makes agents from Mesa 3.1 on (#2351)."""
    model = organisation()
    model.advance(2)
    before = len(model.agents)
    with pytest.raises(InputError, match=instead):
        attempt(model)
    assert len(model.agents) == before


def test_an_agent_of_a_script_comes_and_goes_as_in_mesa(organisation: MakeModel) -> None:
    model = organisation()
    before = len(model.agents)
    rival = mesa.Agent(model)
    assert len(model.agents) == before + 1
    rival.remove()
    assert len(model.agents) == before


# -- Mesa's habits --------------------------------------------------------------------------------


def test_mesas_steps_are_days_however_they_were_gone_through(organisation: MakeModel) -> None:
    model = organisation()
    """Mesa counts a step before a user's code of that step (3.0.0a3), and keeps rows of a collector by that count.

    From 4.0 on by `time`, which 3.4 brought (#2903) and which took the place of `steps` (#3328).
    """
    collector = mesa.DataCollector(agenttype_reporters={FrontlineStaff: {"morale": "morale"}})
    for days in (3, 0, 5):
        model.advance(days)
    for days in (7, 2):
        model.step()
        model.advance(days)
        collector.collect(model)
    frame = collector.get_agenttype_vars_dataframe(FrontlineStaff)
    assert model.steps == model.day == 19
    assert sorted(set(frame.index.get_level_values("Step"))) == [16, 19]


class Measured(ServiceOrganization):
    """As users of Mesa write models: parameters by keyword, a `step` that collects."""

    def __init__(self, structure: str = "traditional", rng: int | None = None) -> None:
        super().__init__(load_scenario("classroom"), structure=structure, rng=rng)
        self.datacollector = mesa.DataCollector({"customers": lambda model: len(model.customers), "steps": "steps"})

    def step(self) -> None:
        super().step()
        self.datacollector.collect(self)


class Weekly(Measured):
    """A step is a week."""

    def step(self) -> None:
        self.advance(2)
        super().step()
        self.advance(2)


def test_a_step_may_be_a_week() -> None:
    """The guide on Mesa 3.5: `run_for(1)` is one `step()`, whatever that does."""
    model = Weekly(rng=1)
    for _ in range(3):
        model.step()
    assert list(model.datacollector.get_model_vars_dataframe()["steps"]) == [3, 8, 13]
    assert model.steps == model.day == getattr(model, "time", 15) == 15


@pytest.mark.skipif(not hasattr(mesa.Model, "run_for"), reason="Mesa has run_for from 3.5 on")
def test_days_go_by_by_mesas_clock_too(organisation: MakeModel) -> None:
    """The guide on Mesa 3.5: `run_for(10)` in place of ten steps, `run_until`, `schedule_event` (#3266)."""
    model, usual = organisation(), organisation()
    heard: list[tuple[int, float]] = []

    class Bell:
        def ring(self) -> None:
            heard.append((model.day, model.time))

    bell = Bell()
    model.run_for(4)
    model.schedule_event(bell.ring, at=6.0)
    model.run_until(8)
    assert heard == [(6, 6.0)]
    model.schedule_event(bell.ring, at=10.0)
    model.advance(7)
    assert model.time == model.day == 15
    model.run_for(2)
    assert heard[1:] == [(16, 16.0)]
    assert model.time == model.steps == model.day == 17
    usual.advance(17)
    assert rows(model) == rows(usual)


@pytest.mark.skipif(not hasattr(mesa, "batch_run"), reason="Mesa has batch_run until 4.0 (#3325)")
def test_iterations_of_a_batch_have_their_own_luck() -> None:
    """#2841: `iterations` of one seed are all the same run; from Mesa 3.4 on seeds are given as `rng`."""
    ways: list[dict[str, Any]] = [{"iterations": 3}]
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        ways.append({"rng": [11, 12, 13]})
    for way in ways:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # 3.4 on: `iterations` is deprecated
            found = mesa.batch_run(
                Measured, {"structure": "inverted"}, max_steps=40, number_processes=1, display_progress=False, **way
            )
        assert len({one["customers"] for one in found}) > 1


def test_what_solara_viz_is_given_is_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Solara: what the example takes from `mesa.visualization` is there by name, and its model steps."""
    folder = Path(str(mesa.__file__)).with_name("visualization")
    offered = ast.parse((folder / "__init__.py").read_text("utf-8"))
    names = {name.name for line in ast.walk(offered) if isinstance(line, ast.ImportFrom) for name in line.names}
    assert names >= {"Slider", "SolaraViz", "make_plot_component"}
    stand_in = types.ModuleType("mesa.visualization")
    for name in names:
        setattr(stand_in, name, lambda *arguments, **named: arguments)
    monkeypatch.setitem(sys.modules, "mesa.visualization", stand_in)
    example = runpy.run_path(str(Path(__file__).parents[2] / "docs/examples/solara_viz.py"))
    model = example["page"][0]
    model.step()
    model.step()
    assert len(model.datacollector.get_model_vars_dataframe()) == 2


@pytest.mark.parametrize("days", [-3, 1.5, "4", 10**12])
def test_only_whole_days_go_by(organisation: MakeModel, days: Any) -> None:
    model = organisation()
    with pytest.raises(InputError, match=f"advance = {days}: allowed: 0 to"):
        model.advance(days)
    assert model.day == 0


@pytest.mark.parametrize("name", ["number", "unique_id", "model"])
def test_nobody_becomes_somebody_else(organisation: MakeModel, name: str) -> None:
    model = organisation()
    skills = model.frontline.get("skill")
    with pytest.raises(AttributeError, match=f"{name} says who FrontlineStaff 0 is"):
        model.frontline.set(name, 2)
    assert model.frontline.get("skill") == skills
    model.frontline[0].nickname = "Kim"  # what a script adds is its own business


def test_people_are_found_by_number_and_by_place_from_the_end(organisation: MakeModel) -> None:
    """The guide on Mesa 3.5: places and slices of an AgentSet, `to_list()` in their stead (#3208)."""
    model = organisation({"market.neutral_churn": 5.0})
    model.advance(30)
    everybody = list(model.customers)
    assert everybody[0].number < everybody[-1].number
    assert model.customers[everybody[5].number] is everybody[5]
    assert model.customers[-1] is everybody[-1]
    assert model.customers[:3] == everybody[:3]
    assert model.customers[::-2] == everybody[::-2]


def test_without_a_seed_every_run_has_its_own_luck_that_can_be_read(organisation: MakeModel) -> None:
    """#2841 and #1060: repetitions of a run are to differ, and a seed is to be had."""
    settings = organisation().settings
    first, second = ServiceOrganization(settings), ServiceOrganization(settings)
    assert first.origin["rng"] != second.origin["rng"]
    again = ServiceOrganization(settings, rng=first.origin["rng"])
    for model in (first, second, again):
        model.advance(10)
    assert rows(first) == rows(again) != rows(second)


# -- copies ---------------------------------------------------------------------------------------


def _copies(model: ServiceOrganization) -> list[ServiceOrganization]:
    return [copy.copy(model), copy.deepcopy(model), pickle.loads(pickle.dumps(model))]


def test_copies_go_on_as_the_model_does_and_apart_from_it(organisation: MakeModel) -> None:
    """Mesa's own sets are copied and pickled: tests/test_agentset.py of Mesa, `test_agentset_serialization`."""
    model = organisation({"market.neutral_churn": 5.0, "market.joining_rate": 5.0})
    model.phases.timed = True
    for looked in (False, True):
        model.advance(15)
        if looked:
            model.favourite = model.customers[-1]
            model.watch(model.managers[0])
        before, copies = rows(model), _copies(model)
        for one in copies:
            one.advance(20)
        assert rows(model) == before
        model.advance(20)
        assert all(rows(one) == rows(model) for one in copies)
        assert all([c.number for c in one.customers] == [c.number for c in model.customers] for one in copies)
    assert all(one.favourite.model is one for one in copies)
    assert all(one.frontline[-1] is one.frontline[5] for one in copies)
    days = [moment.day for moment in model.trace(model.managers[0]).moments]
    assert all([moment.day for moment in one.trace(one.managers[0]).moments] == days for one in copies)


def test_a_saved_model_goes_on_bit_for_bit_in_another_process(organisation: MakeModel, tmp_path: Path) -> None:
    model = organisation()
    model.advance(30)
    len(model.agents)
    model.save(tmp_path / "noon.model")
    script = (
        "import simsvc, sys, pathlib; model = simsvc.ServiceOrganization.load(sys.argv[1]); model.advance(40);"
        "model.save(sys.argv[1] + '.later')"
    )
    subprocess.run([sys.executable, "-c", script, tmp_path / "noon.model"], check=True, env=os.environ)
    model.advance(40)
    assert rows(ServiceOrganization.load(tmp_path / "noon.model.later")) == rows(model)


def test_only_a_saved_model_of_this_version_is_loaded(organisation: MakeModel, tmp_path: Path) -> None:
    model, file = organisation(), tmp_path / "a.model"
    with pytest.raises(InputError, match=r"a\.model: No such file"):
        ServiceOrganization.load(file)
    model.save(file)
    whole = file.read_bytes()
    for damaged, message in (
        (b"day,customers", "no model that was saved"),
        (b"simsvc model 00" + whole[15:], "a model of another version"),
        (whole[:4000], "cannot be read as a whole"),
    ):
        file.write_bytes(damaged)
        with pytest.raises(InputError, match=message):
            ServiceOrganization.load(file)
    file.write_bytes(whole)
    model.phases.insert("own", lambda model: None, after="world")
    with pytest.raises(InputError, match="have to be functions of a module"):
        model.save(file)
    assert file.read_bytes() == whole


# -- nothing is written outside a table -----------------------------------------------------------


@pytest.mark.parametrize("days", [0, 64, 130])
def test_managers_replaced_between_days_are_counted_in_the_day_to_come(organisation: MakeModel, days: int) -> None:
    model = organisation()
    model.advance(days)
    assert len(model.state.days) > days
    model.replace_managers([1])
    model.advance(1)
    assert model.days["manager_changes"].iloc[days] >= 1


@pytest.mark.parametrize("number", [-1, 10**9, 2.5])
def test_nobody_outside_the_market_is_settled(organisation: MakeModel, number: Any) -> None:
    model = organisation()
    before = rows(model)
    for attempt in (lambda: model.settle(number), lambda: model.change_need_rate(number, 1.0, 2.0)):
        with pytest.raises(InputError, match=f"customer = {number}: allowed: 0 to"):
            attempt()
    with pytest.raises(InputError, match="rate = nan"):
        model.change_need_rate(3, 1.0, math.nan)
    assert rows(model) == before


def _rush(model: ServiceOrganization) -> None:
    """Everybody gets in touch all day long from day 3 on."""
    if model.day == 3:
        model.customers.set("contact_rate", 80.0)


@pytest.mark.parametrize(
    ("before", "dropped"),
    [
        ("waking", ()),
        ("room", ()),
        ("needs", ()),
        ("waking", ("room",)),
        ("needs", ("room",)),
        ("needs", ("waking", "room")),
    ],
)
def test_there_is_room_for_all_needs_whatever_phases_do(
    organisation: MakeModel, before: str, dropped: tuple[str, ...]
) -> None:
    model = organisation()
    for name in dropped:
        model.phases.drop(name)
    model.phases.insert("rush", _rush, before=before)
    used = []

    def count(model: ServiceOrganization) -> None:
        used.append(np.count_nonzero(model.state.cases["stage"]))
        assert used[-1] == model.state.organisation["open_cases"][0]

    model.phases.insert("count", count, after="needs")
    model.advance(6)
    assert used[3] > 20 * used[2], "the rush should come on the same day"
    assert model.days["cases_in"].iloc[3] > len(model.customers)


def test_counting_needs_again_changes_nothing(organisation: MakeModel) -> None:
    usual, other = organisation(), organisation()
    other.phases.insert("nothing", lambda model: None, before="needs")
    for model in (usual, other):
        model.advance(40)
    assert rows(usual) == rows(other)


# -- rules and money ------------------------------------------------------------------------------


def test_a_rule_that_gives_no_number_is_named(small: Callable[..., Scenario]) -> None:
    def people_told(experience: float, mean_after_good: float, strength: float) -> float:
        return math.nan

    with pytest.raises(InputError, match="rule 'people_told' gives NaN"):
        ServiceOrganization(small(), rules={"people_told": people_told})


def test_a_rule_that_only_sometimes_gives_no_number_is_noticed(organisation: MakeModel) -> None:
    model = organisation()
    model.origin["rules"] = {"people_told": None}  # as if one had been replaced: compiling takes long
    model.advance(2)
    model.state.staff["morale"][2] = math.nan
    with pytest.raises(InputError, match=r"by day 3 \w+ of \w+\[\d+\] is NaN: .* people_told"):
        model.step()


def test_nobody_pays_for_complaining(organisation: MakeModel) -> None:
    model = organisation({"rules.generosity": 3.0}, generosity=-0.5)
    model.advance(30)
    assert model.days["grants"].sum() > 0
    assert model.days["grant_cost"].min() >= 0


def test_callers_give_up_although_nobody_is_there_to_see_it(organisation: MakeModel) -> None:
    model = organisation(
        {
            "operations.continuous": True,
            "workforce.hiring_freeze": True,
            "workforce.quit_rate": 0.0,
            "demand.patience": 1.0,
        }
    )
    model.frontline.do("remove")
    model.advance(40)
    assert model.days["present"].max() == 0
    assert model.days["abandoned"].sum() > 0.9 * model.days["contacts"].sum() > 100
    assert model.state.organisation["open_cases"][0] < 3 * model.days["contacts"].max()


def test_who_is_there_is_not_changed_through_a_set_of_people() -> None:
    """`AgentSet.add`, `discard` and `remove` (Mesa's reference) would drop people from view only."""
    model = ServiceOrganization(CLASSROOM, rng=1)
    staff, customer = model.frontline[0], model.customers[0]
    people = len(model.customers)
    with pytest.raises(InputError, match=r"simsvc.Customer\(model\) lets a customer join"):
        model.customers.add(staff)
    model.customers.add(customer)
    model.customers.discard(staff)
    for leave in (model.customers.discard, model.customers.remove):
        with pytest.raises(InputError, match=r"\.remove\(\) lets somebody leave"):
            leave(customer)
    with pytest.raises(KeyError):
        model.customers.remove(staff)
    assert len(model.customers) == people
    assert len(model.customers.get("satisfaction")) == people
    for nobody in ("a", None, 10**9):
        with pytest.raises(KeyError, match="nobody of number"):
            model.customers[nobody]
    customer.remove()
    model.step()
    assert customer not in model.customers


@pytest.mark.parametrize("luck", [[1, 2], np.random.SeedSequence(5), np.random.SeedSequence(5).spawn(2)[1]])
def test_what_mesa_takes_for_a_seed_is_one(luck: Any) -> None:
    """Mesa's `Model(rng=...)` takes what `numpy.random.default_rng` does."""
    model, again = (ServiceOrganization(CLASSROOM, rng=luck) for _ in range(2))
    assert model.origin["rng"] == again.origin["rng"] == model._seed
    assert ServiceOrganization(CLASSROOM, rng=np.random.default_rng(5)).origin["rng"] > 0
    for wrong in ("a", True, 1.5, -1, [-1], 2**70):
        with pytest.raises(InputError, match="rng = "):
            ServiceOrganization(CLASSROOM, rng=wrong)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="advance = True"):
        model.advance(True)


def test_a_day_does_not_begin_within_a_day() -> None:
    days = []

    def early(model: ServiceOrganization) -> None:
        with pytest.raises(InputError, match="a day is under way"):
            model.advance(1)
        other = copy.deepcopy(model)
        other.phases.drop("early")
        other.advance(1)
        days.append(other.day)

    model = ServiceOrganization(CLASSROOM, rng=1)
    model.phases.insert("early", lambda model: None if model.day else early(model), before="needs")
    model.advance(2)
    assert model.day == 2
    assert len(days) == 1


def test_a_checkpoint_that_cannot_be_written_is_told_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written: No such file or directory"):
        ServiceOrganization(CLASSROOM, rng=1).save(tmp_path / "nowhere" / "kept")


def test_rules_have_names_whoever_asks_first() -> None:
    """An earlier version knew none before a model was made."""
    count = (
        "from simsvc.model.compiling import rule_names; names = rule_names(); import simsvc;"
        "print(len(names) > 100 and names == simsvc.rule_names())"
    )
    assert subprocess.run([sys.executable, "-c", count], capture_output=True, text=True, check=True).stdout == "True\n"
