"""Dated changes take effect on their day and not before; impossible ones are refused beforehand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from simsvc.errors import InputError
from simsvc.organization import ServiceOrganization
from simsvc.scenario.loading import load_scenario, load_structure
from simsvc.scenario.settings import (
    Scenario,
    assumption_names,
    section_and_key,
    setting_field,
    setting_names,
    setting_value,
)
from simsvc.scenario.structure import COMPONENTS, DOMAINS, FACTORS, Structure
from simsvc.scenario.timeline import Change

Small = Callable[..., Scenario]


def dated(scenario: Scenario, *changes: dict[str, Any]) -> Scenario:
    """The scenario with a timeline."""
    return scenario.model_copy(update={"timeline": tuple(Change(**change) for change in changes)})


def days_of(scenario: Scenario, days: int = 20, rng: int = 1) -> Any:
    """Rows of the days of a run."""
    model = ServiceOrganization(scenario, rng=rng)
    model.advance(days)
    return model.state.days[:days].copy()


# -- on the day and not before --------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"set": {"demand.contacts_per_year": 250.0}},
        {"set": {"demand.patience": 0.1}},
        {"set": {"operations.tools": 0.1}},
        {"set": {"economics.frontline_wage": 500.0}},
        {"set": {"structure.frontline_limit": 1000.0, "structure.latitude": 1.0}},
        {"structure": "inverted"},
        {"structure": "inverted", "components": ["attention"]},
        {"structure": "inverted", "departments": [1]},
        {"structure": "inverted", "levers": ["frontline_limit", "latitude"]},
        {"structure": "inverted", "domains": ["solutions"]},
    ],
    ids=str,
)
def test_a_change_takes_effect_on_its_day_and_not_before(small: Small, change: dict[str, Any]) -> None:
    usual, changed = days_of(small()), days_of(dated(small(), {"day": 9, **change}))
    assert changed[:9].tobytes() == usual[:9].tobytes()
    assert changed[9].tobytes() != usual[9].tobytes()


@pytest.mark.parametrize(
    "change",
    [
        {"set": {"demand.contacts_per_year": 100.0, "market.neutral_churn": 0.08}},
        {"structure": "traditional"},
        {"structure": "traditional", "components": ["people"], "departments": [0]},
        {"structure": "traditional", "domains": ["priorities"], "levers": ["pay"]},
    ],
    ids=str,
)
def test_a_change_to_what_is_the_case_anyway_changes_nothing(small: Small, change: dict[str, Any]) -> None:
    base = small({"market.neutral_churn": 0.08})
    assert days_of(dated(base, {"day": 5, **change})).tobytes() == days_of(base).tobytes()


def test_a_flip_on_the_first_day_is_the_flipped_organisation(small: Small) -> None:
    # but for those hired before the first day, who were chosen for their disposition
    inverted = load_structure("inverted").model_copy(update={"selectivity": 0.2, "reports_answered": 0.2})
    levers = {f"structure.{name}": value for name, value in inverted.model_dump().items()}
    flipped = days_of(dated(small(), {"day": 0, "set": levers}))
    assert flipped.tobytes() == days_of(small(levers)).tobytes()


def test_a_script_can_do_what_a_timeline_does(small: Small) -> None:
    change = {"demand.contacts_per_year": 150.0, "structure.latitude": 0.9}
    by_date = days_of(dated(small(), {"day": 7, "set": change}))
    model = ServiceOrganization(small(), rng=1)
    model.advance(7)
    model.change(change)
    model.advance(13)
    assert model.state.days[:20].tobytes() == by_date.tobytes()


def test_changes_come_in_the_order_of_their_days(small: Small) -> None:
    changes = [
        {"day": 12, "set": {"economics.fixed_costs": 300.0}},
        {"day": 4, "set": {"economics.fixed_costs": 200.0}},
    ]
    costs = days_of(dated(small({"economics.fixed_costs": 100.0}), *changes))["fixed"]
    assert list(costs) == [10_000] * 4 + [20_000] * 8 + [30_000] * 8


# -- what a change does to people who are there ---------------------------------------------------


def test_a_demand_shock_is_felt_at_once(small: Small) -> None:
    base = small({"demand.contacts_per_year": 25.0, "market.customers": 200, "rules.repeat_contacts": 0.0})
    cases = days_of(dated(base, {"day": 50, "set": {"demand.contacts_per_year": 100.0}}), 100)["cases_in"]
    before, after = cases[:50].mean(), cases[50:60].mean()
    # 200 customers: about 20 cases a day, then 80; ten days of 80 have a standard error of 3
    assert after == pytest.approx(4 * before, rel=0.2)


def test_a_change_puts_off_nobodys_needs(small: Small) -> None:
    base = small()
    usual, changed = days_of(base), days_of(dated(base, {"day": 9, "set": {"economics.fixed_costs": 1.0}}))
    same = [name for name in usual.dtype.names if name != "fixed"]
    assert usual[same].tolist() == changed[same].tolist()


def test_demand_that_had_stopped_can_begin_again(small: Small) -> None:
    changes = [
        {"day": 10, "set": {"demand.contacts_per_year": 0.0}},
        {"day": 20, "set": {"demand.contacts_per_year": 100.0}},
    ]
    cases = days_of(dated(small({"market.joining_rate": 0.0}), *changes), 40)["cases_in"]
    assert cases[10:20].sum() == 0
    assert cases[20:30].mean() == pytest.approx(cases[:10].mean(), rel=0.3)


def test_a_wave_of_moving_is_felt_at_once(small: Small) -> None:
    still = small({"market.neutral_churn": 0.0, "market.joining_rate": 0.0})
    left = days_of(dated(still, {"day": 10, "set": {"market.neutral_churn": 2.0}}), 60)["left_neutral"]
    assert left[:10].sum() == 0
    # a rate of 2 a year leaves 2/3 of 120 after 50 days; the standard error is 5
    assert left[10:].sum() == pytest.approx(120 * (1 - np.exp(-2 * 50 / 250)), abs=20)


def test_people_whose_needs_become_unusual_keep_their_rank(small: Small) -> None:
    model = ServiceOrganization(small(), rng=1)
    before = model.state.customers["idiosyncrasy"].copy()
    model.change({"demand.idiosyncrasy": 0.7})
    after = model.state.customers["idiosyncrasy"]
    assert (after > before).all()
    assert (np.argsort(after) == np.argsort(before)).all()
    assert (
        after == ServiceOrganization(small({"demand.idiosyncrasy": 0.7}), rng=1).state.customers["idiosyncrasy"]
    ).all()


def test_a_bad_boss_can_leave(small: Small) -> None:
    model = ServiceOrganization(small({"workforce.boss_quality": 0.2}), rng=1)
    model.change({"workforce.boss_quality": 0.8})
    good = ServiceOrganization(small({"workforce.boss_quality": 0.8}), rng=1)
    assert (model.state.managers["teaching"] == good.state.managers["teaching"]).all()
    assert (model.state.departments["teaching"] == good.state.departments["teaching"]).all()


def test_a_boss_can_leave_on_a_day_and_somebody_else_takes_the_place(small: Small) -> None:
    usual = ServiceOrganization(small(), rng=1)
    changed = ServiceOrganization(dated(small(), {"day": 9, "managers_leave": [1]}), rng=1)
    for model in (usual, changed):
        model.advance(9)
    assert changed.state.managers.tobytes() == usual.state.managers.tobytes()
    changed.step()
    usual.step()
    same = changed.state.managers["teaching"] == usual.state.managers["teaching"]
    assert list(same) == [True, False, True]
    assert list(changed.state.managers["person"]) == [0, 1, 0]


def test_a_script_can_send_a_boss_away_too(small: Small) -> None:
    by_date = days_of(dated(small(), {"day": 9, "managers_leave": [0, 2]}))
    model = ServiceOrganization(small(), rng=1)
    model.advance(9)
    model.replace_managers([0, 2])
    model.advance(11)
    assert model.state.days[:20].tobytes() == by_date.tobytes()


# Settings for which a change of this size shows within weeks, in an organisation where everything happens.
EVENTFUL = {
    "market.dissatisfaction_churn": 1.0,
    "market.large_loss": 60.0,
    "market.joining_rate": 2.0,
    "demand.contacts_per_year": 200.0,
    "demand.failure_share": 0.3,
    "demand.patience": 10.0,
    "workforce.quit_rate": 5.0,
    "workforce.vacancy_days": 5.0,
    "operations.service_minutes": 25.0,
    "operations.causes": 5,
    "operations.cause_effort": 5000.0,
    "structure.escalation": "parked",
    "structure.generosity": 0.3,
    "structure.share_control": 0.3,
    "structure.share_causes": 0.4,
    "structure.selectivity": 0.5,
    "structure.adaptive_limits": 0.5,
    "structure.frontline_limit": 60.0,
    "structure.manager_limit": 80.0,
    "structure.ratchet": 1.0,
    "structure.recognition": 0.9,
    "structure.training_days": 60.0,
    "workforce.standard_recovery": 0.5,
    "workforce.executives": 1,
    "workforce.growth_need": 0.9,
    "structure.director_limit": 120.0,
    "workforce.misalignment": 0.3,
    "workforce.manager_quit_rate": 10.0,
    "market.promise": 0.9,
    "operations.tools": 0.4,
    "structure.kpi": 0.9,
    "structure.information_share": 0.9,
    "structure.pay": 1.3,
    "structure.smile_training": 0.5,
    "rules.grave_errors": 3.0,
}


UNSURE = {"structure.clarity": 0.2, "structure.share_control": 0.0}
"""Nobody is told the aim, nobody watches: without both, over-granting is held back entirely."""


def _fixed() -> list[str]:
    from simsvc.scenario.loading import FIXED

    return [name for name in setting_names() if name in FIXED or name.startswith("run.")]


def _other(scenario: Scenario, name: str) -> Any:
    """Another value of a setting: far from the one in force, and allowed."""
    section, key = section_and_key(name)
    value, field = setting_value(scenario, name), setting_field(name)
    if name == "demand.profile":
        return [1.0, 0.0, 5.0]
    if name in ("workforce.shift_profile", "operations.service_profile"):
        return [1.0, 0.3]
    extra = field.json_schema_extra
    if "low" not in extra:
        return next(o for o in ((True, False) if field.annotation is bool else field.annotation.__args__) if o != value)
    if key.startswith("share_"):
        return value / 2
    if section == "rules":
        return 0.0
    low, high = extra["low"], min(extra["high"], 4.0 * max(abs(value), 0.5))
    other = low + 0.25 * (high - low) if value > (low + high) / 2 else low + 0.75 * (high - low)
    return type(value)(other)


CHANGED = [name for name in setting_names() if name not in _fixed()]
A_YEAR_LATER = {"assumptions.leaving.put_right", "assumptions.leaving.fast_days"}
"""Ladders of losses alone read these, once a loss is a year old; `day/test_reactions.py` tests them."""
CHANGED = [n for n in CHANGED if not n.startswith("assumptions.")] + [
    n for n in CHANGED if n in assumption_names()[::12] and n not in A_YEAR_LATER
]
"""Of the coefficients one in twelve: they reach the day by one way."""


NEEDS = {
    "rules.overgranting": UNSURE,
    "assumptions.tempering.typical_recognition": {
        "rules.recognition": 0.5
    },  # what is typical counts where less is felt
    "assumptions.turnover.dismissal_rate": {
        "structure.replace_unsuited": 1.0,
        "assumptions.turnover.disposition_wanted": 0.9,
    },
}
"""What else has to be so for a setting to count."""


@pytest.mark.parametrize("name", CHANGED)
def test_every_setting_that_may_change_counts_when_it_does(small: Small, name: str) -> None:
    base = small(EVENTFUL | NEEDS.get(name, {}))
    usual = ServiceOrganization(base, rng=4)
    changed = ServiceOrganization(dated(base, {"day": 20, "set": {name: _other(base, name)}}), rng=4)
    for model in (usual, changed):
        model.advance(200)
    assert changed.state.days[:20].tobytes() == usual.state.days[:20].tobytes()
    assert not np.array_equal(changed.state.days[20:200], usual.state.days[20:200])


# -- the chart ------------------------------------------------------------------------------------


AT_ONCE = {"rules.upkeep": 0.0}
"""New ways are lived on the day on which they are written down."""


def _levers(model: ServiceOrganization, department: int) -> dict[str, float]:
    row = model.state.levers[department]
    return {name: float(row[name]) for name in row.dtype.names}


@pytest.mark.parametrize("component", COMPONENTS)
def test_one_component_can_be_flipped_alone(small: Small, component: str) -> None:
    model = ServiceOrganization(
        dated(small(AT_ONCE), {"day": 3, "structure": "inverted", "components": [component]}), rng=1
    )
    whole = ServiceOrganization(small(AT_ONCE), "inverted", rng=1)
    before = _levers(model, 0)
    model.advance(3)
    assert _levers(model, 0) == before
    model.step()
    for lever, value in _levers(model, 1).items():
        taken = Structure.component_of(lever) == component
        assert value == (_levers(whole, 1) if taken else before)[lever]
    assert _levers(model, 1) != before


def test_all_components_together_are_the_whole_flip(small: Small) -> None:
    parts = dated(small(), *({"day": 3, "structure": "inverted", "components": [c]} for c in COMPONENTS))
    whole = dated(small(), {"day": 3, "structure": "inverted"})
    assert days_of(parts).tobytes() == days_of(whole).tobytes()


@pytest.mark.parametrize("domain", DOMAINS)
def test_one_decision_domain_can_be_flipped_alone(small: Small, domain: str) -> None:
    model = ServiceOrganization(dated(small(AT_ONCE), {"day": 3, "structure": "inverted", "domains": [domain]}), rng=1)
    whole = _levers(ServiceOrganization(small(AT_ONCE), "inverted", rng=1), 0)
    before = _levers(model, 0)
    model.advance(4)
    expected = {lever: (whole if Structure.domain_of(lever) == domain else before)[lever] for lever in before}
    assert expected != before
    assert _levers(model, 0) == _levers(model, 1) == expected


def test_all_domains_together_are_the_whole_flip(small: Small) -> None:
    parts = dated(small(), *({"day": 3, "structure": "inverted", "domains": [domain]} for domain in DOMAINS))
    assert days_of(parts).tobytes() == days_of(dated(small(), {"day": 3, "structure": "inverted"})).tobytes()


def test_power_and_management_together_are_the_whole_flip(small: Small) -> None:
    parts = dated(small(), *({"day": 3, "structure": "inverted", "factors": [factor]} for factor in FACTORS))
    assert days_of(parts).tobytes() == days_of(dated(small(), {"day": 3, "structure": "inverted"})).tobytes()


def test_a_script_turns_levers_and_domains_as_a_timeline_does(small: Small) -> None:
    change = {"structure": "inverted", "levers": ["kpi", "latitude"], "domains": ["people"], "departments": [1]}
    by_date = days_of(dated(small(), {"day": 7, **change}))
    model = ServiceOrganization(small(), rng=1)
    model.advance(7)
    model.restructure(**change)
    model.advance(13)
    assert model.state.days[:20].tobytes() == by_date.tobytes()


def test_departments_that_differ_are_each_judged_by_their_own_chart(small: Small) -> None:
    """The second department has time for causes on day 9, as its control was cut on day 3; the first never has."""
    cut = {"day": 3, "structure": "inverted", "levers": ["share_control"], "departments": [1]}
    use = {"day": 9, "structure": "inverted", "levers": ["share_causes"], "departments": [1]}
    model = ServiceOrganization(dated(small(AT_ONCE), cut, use), rng=1)
    model.advance(5)
    model.change({"economics.fixed_costs": 1.0})  # judged together with what is still to come
    model.advance(5)
    usual, inverted = Structure(), load_structure("inverted")
    assert list(model.state.levers["share_control"]) == [usual.share_control, inverted.share_control]
    assert list(model.state.levers["share_causes"]) == [usual.share_causes, inverted.share_causes]


def test_one_department_can_be_flipped_alone(small: Small) -> None:
    base = small({"demand.failure_share": 0.5, "workforce.directors": 0})
    model = ServiceOrganization(dated(base, {"day": 3, "structure": "inverted", "departments": [1]}), rng=1)
    limits: list[list[float]] = []
    for _ in range(6):
        model.step()
        limits.append([float(limit) for limit in model.state.staff["limit"]])
    assert all(set(day) == {20.0} for day in limits[:3])
    for day in limits[3:]:
        assert set(day[0::2]) == {20.0}, "staff of department 0 keep the old limit"
        assert min(day[1::2]) > 60.0, "staff of department 1 have the new one"


def test_what_is_set_later_reaches_all_departments(small: Small) -> None:
    changes = (
        {"day": 1, "structure": "inverted", "departments": [1]},
        {"day": 2, "set": {"structure.latitude": 0.5}},
    )
    model = ServiceOrganization(dated(small(AT_ONCE), *changes), rng=1)
    model.advance(3)
    assert list(model.state.levers["latitude"]) == [0.5, 0.5]
    assert list(model.state.levers["frontline_limit"]) == [20.0, load_structure("inverted").frontline_limit]


# -- what cannot be -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", _fixed())
def test_what_was_fixed_on_the_first_morning_cannot_change(small: Small, tmp_path: Any, name: str) -> None:
    base = small()
    value = _other(base, name)
    text = str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')
    file = tmp_path / "mine.toml"
    file.write_text(f'base = "classroom"\n[[timeline]]\nday = 3\nset = {{ "{name}" = {text} }}\n')
    with pytest.raises(InputError, match=f"{name} is fixed on the first morning"):
        load_scenario(file)


def test_a_script_cannot_change_what_was_fixed_either(small: Small) -> None:
    model = ServiceOrganization(small(), rng=1)
    before = model.state.p.copy()
    with pytest.raises(InputError, match=r"workforce.frontline is fixed on the first morning"):
        model.change({"workforce.frontline": 60, "demand.patience": 1.0})
    assert model.state.p.tobytes() == before.tobytes()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"set": {"demand.contacts_per_yer": 9.0}}, "no setting 'demand.contacts_per_yer'; did you mean"),
        ({"set": {"demand.contacts_per_year": -9.0}}, "allowed: 0 to 250"),
        ({"set": {"structure.share_control": 0.9}}, "share_"),
        ({"structure": "inverse"}, "did you mean 'inverted'"),
        ({"structure": "inverted", "components": ["authorty"]}, "did you mean 'authority'"),
        ({"structure": "inverted", "departments": [2]}, "allowed: 0 to 1"),
        ({"managers_leave": [3]}, "managers_leave = 3: allowed: 0 to 2"),
        ({}, "changes nothing"),
    ],
    ids=str,
)
def test_an_impossible_timeline_is_refused_when_it_is_read(tmp_path: Any, change: dict[str, Any], message: str) -> None:
    lines = []
    for key, value in change.items():
        if isinstance(value, dict):
            lines.append(f"{key} = {{ " + ", ".join(f'"{k}" = {v}' for k, v in value.items()) + " }")
        else:
            lines.append(f"{key} = {value!r}".replace("'", '"'))
    file = tmp_path / "mine.toml"
    file.write_text("\n".join(['base = "classroom"', "[[timeline]]", "day = 3", *lines]) + "\n")
    with pytest.raises(InputError, match=message):
        load_scenario(file)


def test_changes_that_are_possible_one_by_one_but_not_one_after_the_other_are_refused(tmp_path: Any) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'base = "classroom"\n'
        '[[timeline]]\nday = 3\nset = { "structure.share_control" = 0.6 }\n'
        '[[timeline]]\nday = 5\nset = { "structure.share_coaching" = 0.35 }\n'
    )
    with pytest.raises(InputError, match="add up to"):
        load_scenario(file)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("inverted", ["authorty"]), "no component 'authorty'; did you mean 'authority'"),
        (("inverted", [], [2]), "allowed: 0 to 1"),
        (("inverted", [], [-1]), "allowed: 0 to 1"),
        (("inverse",), "did you mean 'inverted'"),
        (("inverted", [], [], ["kpii"]), "no lever 'kpii'; did you mean 'kpi'"),
        (("inverted", [], [], [], ["peopl"]), "no domain 'peopl'; did you mean 'people'"),
        (("inverted", [], [1], ["share_causes"]), "add up to 1.1"),
    ],
    ids=str,
)
def test_a_script_cannot_turn_what_is_not_there(small: Small, arguments: Any, message: str) -> None:
    model = ServiceOrganization(small(), rng=1)
    with pytest.raises(InputError, match=message):
        model.restructure(*arguments)


def test_a_department_keeps_one_day_a_day_for_its_managers(small: Small) -> None:
    model = ServiceOrganization(small(), rng=1)
    model.restructure(Structure(share_control=0.0, share_coaching=0.9, share_floor=0.0), departments=[1])
    with pytest.raises(InputError, match="add up to"):
        model.change({"structure.share_causes": 0.3})
