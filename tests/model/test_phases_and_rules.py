"""The phases of a day and the rules in them can be read, changed, replaced and switched off."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher

from simsvc.errors import InputError
from simsvc.model.compiling import rule_names
from simsvc.organization import ServiceOrganization
from simsvc.scenario.assumptions.encounter import ENCOUNTER
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.settings import Scenario
from simsvc.scenario.timeline import Change

MakeModel = Callable[..., ServiceOrganization]


# -- phases ---------------------------------------------------------------------------------------


def test_the_day_can_be_printed_as_a_table(organisation: MakeModel) -> None:
    model = organisation()
    lines = str(model.phases).splitlines()
    assert lines[0].split()[:2] == ["phase", "kind"]
    assert [line.split()[0] for line in lines[1:]] == [phase.name for phase in model.phases]
    assert {line.split()[1] for line in lines[1:]} == {"Python", "compiled"}
    assert len(lines) == len(model.phases) + 1


def test_the_table_shows_the_time_each_phase_took(organisation: MakeModel) -> None:
    model = organisation()
    model.phases.timed = True
    model.advance(3)
    assert all(phase.seconds > 0 for phase in model.phases)
    assert f"{model.phases['needs'].seconds:.3f}" in str(model.phases)


def test_a_python_phase_is_given_the_model_and_works_on_agents(organisation: MakeModel) -> None:
    model, usual = organisation(), organisation()

    def bonus(model: ServiceOrganization) -> None:
        """everybody gets a bonus"""
        model.frontline.set("commitment", 1.0)

    model.phases.insert("bonus", bonus, before="staff_evening")
    model.step()
    usual.step()
    assert min(model.frontline.get("commitment")) > 0.98
    assert usual.days["commitment"][0] < 0.9
    assert "everybody gets a bonus" in str(model.phases)


def test_a_compiled_phase_is_given_the_rows(organisation: MakeModel) -> None:
    @numba.njit
    def holiday(state: Any) -> None:
        for one in state.staff:
            one.exhaustion = 0.0

    model = organisation()
    model.phases.insert("holiday", holiday, after="staff_evening")
    assert model.phases["holiday"].is_compiled
    model.advance(3)
    assert (model.state.staff["exhaustion"] == 0).all()


def day_by_day(model: ServiceOrganization, days: int) -> None:
    for _ in range(days):
        model.step()


def nothing_of_its_own(state: Any) -> None:
    """nothing"""


def a_number_of_its_own(state: Any) -> int:
    """nothing, and says so"""
    return 7


@pytest.mark.parametrize("own", [None, numba.njit(nothing_of_its_own), numba.njit(nogil=True)(a_number_of_its_own)])
def test_days_in_one_stretch_are_the_same_days(small: Callable[..., Scenario], own: Callable[..., Any] | None) -> None:
    changes = (
        Change(day=70, set={"demand.contacts_per_year": 250.0}),  # room for cases runs short
        Change(day=71, structure="inverted"),
        Change(day=90, set={"demand.contacts_per_year": 10.0}),
    )
    settings = small({"demand.contacts_per_year": 2.0}).model_copy(update={"timeline": changes})
    at_once, single, timed = (ServiceOrganization(settings, rng=1) for _ in range(3))
    timed.phases.timed = True
    for model in (at_once, single, timed):
        if own is not None:
            model.phases.insert("own", own, after="needs")
    at_once.advance(60)
    room = len(at_once.state.cases)
    at_once.advance(70)
    timed.advance(130)
    day_by_day(single, 130)
    assert len(at_once.state.cases) > room
    for other in (single, timed):
        for rows in ("customers", "staff", "managers", "cases"):
            assert getattr(at_once.state, rows).tobytes() == getattr(other.state, rows).tobytes()
        assert at_once.state.days[:130].tobytes() == other.state.days[:130].tobytes()


def test_a_phase_changed_between_stretches_counts(organisation: MakeModel) -> None:
    changed, usual = organisation(), organisation()
    for model in (changed, usual):
        model.advance(20)
    changed.phases.drop("staff_evening")
    before = changed.state.staff["morale"].copy()
    for model in (changed, usual):
        model.advance(20)
    assert np.array_equal(changed.state.staff["morale"], before)
    assert not np.array_equal(usual.state.staff["morale"], before)


def test_a_phase_stands_where_it_was_put(organisation: MakeModel) -> None:
    phases = organisation().phases
    phases.insert("first", lambda model: None, before="timeline")
    phases.insert("last", lambda model: None, after="measure")
    names = [phase.name for phase in phases]
    assert names[0] == "first"
    assert names[-1] == "last"


def test_without_an_evening_staff_stay_as_they_are(organisation: MakeModel) -> None:
    model = organisation()
    before = model.state.staff["morale"].copy()
    model.phases.drop("staff_evening")
    model.advance(5)
    assert (model.state.staff["morale"] == before).all()
    assert model.days["served"].sum() > 0


def test_a_phase_can_be_replaced_and_put_back(organisation: MakeModel) -> None:
    usual, model = organisation(), organisation()
    talk = model.phases["reactions"].function
    model.phases.replace("reactions", lambda model: None)
    model.phases.replace("reactions", talk)
    for one in (usual, model):
        one.advance(5)
    assert one.days.equals(usual.days)
    model.phases.replace("needs", lambda model: None)
    model.step()
    assert model.days["cases_in"].iloc[-1] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda phases: phases["neads"],
        lambda phases: phases.drop("neads"),
        lambda phases: phases.replace("neads", print),
        lambda phases: phases.insert("mine", print, after="neads"),
    ],
)
def test_a_phase_that_is_not_there_is_named_with_the_nearest_that_is(organisation: MakeModel, wrong: Any) -> None:
    with pytest.raises(InputError, match="there is no phase 'neads'; did you mean 'needs'"):
        wrong(organisation().phases)


def test_a_new_phase_needs_a_name_and_one_place_of_its_own(organisation: MakeModel) -> None:
    phases = organisation().phases
    with pytest.raises(InputError, match="there is a phase 'needs' already"):
        phases.insert("needs", print, after="world")
    for places in ({}, {"before": "needs", "after": "world"}):
        with pytest.raises(InputError, match="either before"):
            phases.insert("mine", print, **places)


# -- rules of one's own ---------------------------------------------------------------------------


def test_an_own_rule_takes_the_place_of_ours(organisation: MakeModel) -> None:
    def all_find_their_way(u: float, share: float, strength: float) -> bool:
        return False

    usual = organisation({"demand.misrouted_share": 0.3})
    own = ServiceOrganization(usual.settings, rng=1, rules={"is_misrouted": all_find_their_way})
    for model in (usual, own):
        model.advance(10)
    assert own.days["handoffs"].sum() == 0 < usual.days["handoffs"].sum()
    # what does not reach the rule is the same machine code as before
    same = {a.name for a, b in zip(usual.phases, own.phases, strict=True) if a.function is b.function}
    assert same == {phase.name for phase in usual.phases} - {"needs"}


def test_the_same_rule_written_anew_gives_the_same_run(small: Callable[..., Scenario]) -> None:
    def rate_of_leaving(base, satisfaction, alternative, loyalty, switching_cost, strength):  # type: ignore[no-untyped-def]
        return ours(base, satisfaction, alternative, loyalty, switching_cost, strength)

    from simsvc.model.rules.leaving import rate_of_leaving as ours

    usual = ServiceOrganization(small(), rng=2)
    anew = ServiceOrganization(small(), rng=2, rules={"rate_of_leaving": rate_of_leaving})
    for model in (usual, anew):
        model.advance(10)
        model.change({"market.alternative": 0.7})
        next(iter(model.customers)).satisfaction = 0.1
        model.advance(10)
    assert anew.phases["customers_evening"].function is not usual.phases["customers_evening"].function
    assert anew.state.days.tobytes() == usual.state.days.tobytes()
    assert anew.state.customers.tobytes() == usual.state.customers.tobytes()


def test_an_own_rule_counts_from_the_first_morning_and_for_what_scripts_write(small: Callable[..., Scenario]) -> None:
    def a_penny(satisfaction: float, strength: float) -> float:
        return 0.0

    model = ServiceOrganization(small(), rng=2, rules={"spending_factor": a_penny})
    assert model.state.organisation["spend"][0] == 0
    model.customers[0].satisfaction = 1.0
    model.change({"economics.spend": 9000.0})
    assert model.state.organisation["spend"][0] == 0
    model.advance(3)
    assert model.days["revenue"].sum() == 0


def test_a_rule_that_is_not_there_is_named_with_the_nearest_that_is(small: Callable[..., Scenario]) -> None:
    with pytest.raises(InputError, match="there is no rule 'chance_to_resolv'; did you mean 'chance_to_resolve'"):
        ServiceOrganization(small(), rules={"chance_to_resolv": lambda quality: 1.0})


def test_a_rule_with_other_arguments_is_refused(small: Callable[..., Scenario]) -> None:
    with pytest.raises(InputError, match=r"'chance_to_resolve' takes 4 arguments \(quality, .*, a\), not 1"):
        ServiceOrganization(small(), rules={"chance_to_resolve": lambda quality: 1.0})


def test_every_rule_may_be_called_by_anybody() -> None:
    from simsvc.model import compiling

    names = rule_names()
    assert len(names) > 40
    assert all(isinstance(compiling._ours[name], Dispatcher) for name in names)
    assert math.isclose(compiling._ours["people_told"](0.9, 0.5, 1.0), 0.5)


@pytest.mark.parametrize("change", ["moved", "written again"])
def test_the_same_sources_elsewhere_count_as_not_yet_compiled(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from simsvc.model import compiling

    (tmp_path / "cache").mkdir()
    monkeypatch.setattr(compiling, "cache_folder", lambda: tmp_path / "cache")
    sources = tmp_path / "model"
    sources.mkdir()
    (sources / "rows.py").write_text("")
    (tmp_path / "scenario").mkdir()
    (tmp_path / "scenario" / "calendar.py").write_text("")
    monkeypatch.setattr(compiling, "_MODEL", sources)
    assert not compiling.is_compiled_before()
    compiling.note_compiled()
    assert compiling.is_compiled_before()
    if change == "moved":
        monkeypatch.setattr(compiling, "_MODEL", sources.rename(tmp_path / "elsewhere"))
    else:
        os.utime(sources / "rows.py", (1, 1))
    assert not compiling.is_compiled_before()


# -- strength 0 -----------------------------------------------------------------------------------

# An organisation in which everything happens: errors, refusals, hand-overs, talk and walking out.
LIVELY = {
    "market.large_loss": 50.0,
    "market.neutral_churn": 0.0,
    "market.dissatisfaction_churn": 2.0,
    "demand.failure_share": 0.3,
    "demand.misrouted_share": 0.3,
    "demand.illegitimate_share": 0.4,
    "workforce.quit_rate": 0.0,
    "structure.recognition": 1.0,
    "structure.frontline_limit": 60.0,
    "structure.ratchet": 1.0,
    "rules.grave_errors": 3.0,
}

COUNTS = {
    "leaving": ["left_dissatisfied"],
    "incidents": ["left_incident"],
    "word_of_mouth": ["told_good", "told_bad", "posts"],
    "bending": ["bent"],
    "handoffs": ["handoffs"],
    "grave_errors": ["grave_errors"],
    "ratchet": ["tightness"],
    "repeat_contacts": ["repeats"],
}


@pytest.mark.parametrize("rule", COUNTS)
def test_without_the_rule_it_never_happens(organisation: MakeModel, rule: str) -> None:
    # nobody is turned away at closing time, who would come back whatever the rules
    usual, without = organisation(LIVELY), organisation({**LIVELY, f"rules.{rule}": 0.0})
    for model in (usual, without):
        model.advance(60)
        model.state.days["repeats"][1:] -= np.minimum(
            model.state.days["repeats"][1:], model.state.days["turned_away"][:-1]
        )
    for count in COUNTS[rule]:
        assert usual.days[count].sum() > 0
        assert without.days[count].sum() == 0


STATES = {
    "loyalty": ("customers", "loyalty"),
    "expectation": ("customers", "expectation"),
    "morale": ("staff", "morale"),
    "exhaustion": ("staff", "exhaustion"),
    "commitment": ("staff", "commitment"),
    "empowerment": ("staff", "empowerment"),
    "voice": ("staff", "voice"),
    "standard_erosion": ("staff", "standard"),
    "beliefs": ("", "beliefs"),
}


@pytest.mark.parametrize("rule", STATES)
def test_without_the_rule_people_stay_as_they_are(organisation: MakeModel, rule: str) -> None:
    stay = {"market.dissatisfaction_churn": 0.0, "market.incident_churn": 0.0, "market.joining_rate": 0.0}
    busy = {"demand.contacts_per_year": 200.0, "rules.word_of_mouth": 0.0}
    told = {"structure.information_share": 1.0, "structure.frontline_limit": 200.0} if rule == "empowerment" else {}
    place, name = STATES[rule]
    moved = {}
    for strength in (0.0, 1.0):
        model = organisation({**LIVELY, **stay, **busy, **told, f"rules.{rule}": strength})
        before = getattr(model.state, place)[name].copy() if place else model.state.beliefs.copy()
        model.advance(30)
        after = getattr(model.state, place)[name] if place else model.state.beliefs
        moved[strength] = np.abs(after - before).max()
    assert moved[1.0] > 0.01
    assert moved[0.0] == 0.0


def test_nobody_learns_without_learning_and_coaching(organisation: MakeModel) -> None:
    skill = {}
    for strength in (0.0, 1.0):
        model = organisation(
            {
                "workforce.quit_rate": 0.0,
                "rules.learning": strength,
                "rules.coaching": strength,
                "rules.peer_learning": 0.0,
                "rules.forgetting": 0.0,
            },
            training_days=60.0,
        )
        before = model.state.staff["skill"].copy()
        model.advance(40)
        skill[strength] = model.state.staff["skill"] - before
    assert (skill[0.0] == 0).all()
    assert (skill[1.0] > 0).all()


def test_customers_without_the_rule_spend_the_same_whatever_they_feel(organisation: MakeModel) -> None:
    model = organisation({"rules.spending": 0.0})
    spend = model.state.organisation["spend"][0]
    model.customers.set("satisfaction", 1.0)
    assert model.state.organisation["spend"][0] == spend


def test_managers_work_removes_causes_only_under_the_rule(organisation: MakeModel) -> None:
    prevalence = {}
    for strength in (0.0, 1.0):
        for share in (0.0, 0.8):
            model = organisation(
                {"rules.improvement": strength, "operations.cause_effort": 1000.0},
                share_causes=share, share_control=0.0, share_coaching=0.0, share_floor=0.0,
            )  # fmt: skip
            model.advance(40)
            prevalence[strength, share] = model.days["prevalence"].iloc[-1]
    assert prevalence[0.0, 0.0] == prevalence[0.0, 0.8] == prevalence[1.0, 0.0]
    assert prevalence[1.0, 0.8] < 0.8 * prevalence[1.0, 0.0]


def test_mood_drives_people_out_only_under_the_rule(organisation: MakeModel) -> None:
    quits = {}
    for strength in (0.0, 1.0):
        for morale in (0.0, 1.0):
            model = organisation(
                {
                    "rules.quitting": strength, "rules.futility": 0.0, "rules.morale": 0.0, "rules.commitment": 0.0,
                    "rules.exhaustion": 0.0, "workforce.quit_rate": 3.0,
                }
            )  # fmt: skip
            model.frontline.set("morale", morale)
            model.advance(60)
            quits[strength, morale] = list(model.days["quits"])
    assert quits[0.0, 0.0] == quits[0.0, 1.0]
    assert sum(quits[1.0, 0.0]) > sum(quits[1.0, 1.0])


def test_without_fit_every_need_is_met_alike(organisation: MakeModel) -> None:
    fits: dict[float, list[float]] = {0.0: [], 1.0: []}
    for strength, met in fits.items():
        model = organisation({"rules.fit": strength})
        model.phases.insert(
            "note",
            lambda model, met=met: met.extend(model.state.cases["fit"][model.state.cases["outcome"] == 1]),
            before="reactions",
        )
        model.step()
    assert set(np.round(fits[0.0], 12)) == {ENCOUNTER.typical_fit}
    assert np.std(fits[1.0]) > 0.05


def test_without_screening_all_that_is_asked_for_is_granted(organisation: MakeModel) -> None:
    refused = {}
    for strength in (0.0, 1.0):
        model = organisation({**LIVELY, "rules.screening": strength, "rules.hassle": 0.0})
        model.advance(20)
        refused[strength] = model.days["refused"].sum()
    assert refused[0.0] == 0 < refused[1.0]


def test_days_without_needs_close_no_case_twice() -> None:
    model = ServiceOrganization(load_scenario("classroom"), structure="traditional", rng=1)
    model.advance(20)
    model.phases.drop("needs")
    model.advance(30)
    state = model.state
    free, row = set(), int(state.organisation["free_case"][0])
    while row >= 0:
        assert row not in free, "a row is free twice"
        free.add(row)
        row = int(state.cases["next"][row])
    assert len(free) == len(state.cases) - state.organisation["open_cases"][0]
