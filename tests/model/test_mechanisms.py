"""Each mechanism: strength 0 is a model without it, and on its own it works in the direction it says."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from conftest import BEHAVIOUR_OFF
from mechanisms import EVENTFUL, MECHANISMS

from simsvc.model import compiling
from simsvc.organization import ServiceOrganization
from simsvc.scenario.settings import Rules
from simsvc.scenario.structure import Structure

MakeModel = Callable[..., ServiceOrganization]
ABSENT = 2.75
"""A strength that stands for: this model has no such mechanism."""
FLIP = {"day": 20, "structure": "inverted", "components": ["attention"]}


def test_every_strength_has_its_mechanism_here() -> None:
    assert set(MECHANISMS) == set(Rules.model_fields)


def _rules_that_can_be_absent() -> dict[str, Callable[..., Any]]:
    """Every rule with a strength, rewritten so that at the strength `ABSENT` it is not there."""
    absent: dict[str, list[tuple[str, str]]] = {}
    for mechanism in MECHANISMS.values():
        for rule, argument, neutral in mechanism.without:
            if (argument, neutral) not in absent.setdefault(rule, []):
                absent[rule].append((argument, neutral))
    rewritten = {}
    for rule, cases in absent.items():
        original = compiling._ours[rule]
        arguments = ", ".join(inspect.signature(original.py_func).parameters)
        lines = [f"def {rule}({arguments}):"]
        lines += [f"    if {argument} == {ABSENT}:\n        return {neutral}" for argument, neutral in cases]
        lines += [f"    return ORIGINAL({arguments})"]
        names: dict[str, Any] = {"ORIGINAL": original, "math": math}
        exec("\n".join(lines), names)  # the rule with the mechanism cut out
        rewritten[rule] = names[rule]
    return rewritten


@pytest.fixture(scope="module")
def absent() -> dict[str, Any]:
    """The rewritten rules, compiled once for all tests: the phases that use them."""
    return _rules_that_can_be_absent()


@pytest.fixture(scope="module")
def run_without(absent: dict[str, Any]) -> Callable[[Any], ServiceOrganization]:
    """Runs a scenario with the rewritten rules; the first use compiles them."""

    def run(scenario: Any) -> ServiceOrganization:
        model = ServiceOrganization(scenario, rng=3, rules=absent)
        model.advance(60)
        return model

    return run


def _bytes(model: ServiceOrganization) -> dict[str, bytes]:
    names = ("days", "customers", "staff", "managers", "departments", "causes", "beliefs", "organisation")
    return {name: getattr(model.state, name).tobytes() for name in names}


def test_with_every_mechanism_off_no_lever_of_management_moves_anybodys_mood(organisation: MakeModel) -> None:
    off = {f"rules.{name}": 0.0 for name in Rules.model_fields}
    moods = {"rules.morale": 1.0, "rules.exhaustion": 1.0, "rules.commitment": 1.0, "rules.quitting": 1.0}

    def mood(levers: dict[str, Any]) -> bytes:
        model = organisation({**EVENTFUL, **off, **moods, **levers}, rng=5)
        model.advance(30)
        return b"".join(
            model.state.staff[name].tobytes() for name in ("morale", "exhaustion", "commitment", "exposure")
        )

    shares = {f"structure.share_{name}": 0.0 for name in ("control", "coaching", "floor", "causes")}
    found = {}
    for name in Structure.model_fields:
        # what people wait for is queueing, not management's doing; pay and kpi have mechanisms of their own
        extra = Structure.model_fields[name].json_schema_extra
        assert isinstance(extra, dict)
        if extra["factor"] == "management":
            for value in (extra["low"], extra["high"]) if "low" in extra else ("blocked", "parked"):
                found[name, value] = mood({**shares, f"structure.{name}": value})
    usual = mood(shares)
    assert [lever for lever, felt in found.items() if felt != usual] == []


@pytest.mark.parametrize("name", list(MECHANISMS))
def test_at_strength_zero_the_model_is_one_without_it(
    small: Callable[..., Any], run_without: Callable[[Any], ServiceOrganization], name: str
) -> None:
    def scenario(strength: float) -> Any:
        from simsvc.scenario.settings import Scenario

        content = small({**EVENTFUL, f"rules.{name}": strength}).model_dump()
        return Scenario.model_validate({**content, "timeline": [FLIP]})

    models = {}
    for strength in (0.0, 1.0):
        models[strength] = ServiceOrganization(scenario(strength), rng=3)
        models[strength].advance(60)
    without = run_without(scenario(ABSENT))
    assert _bytes(without) == _bytes(models[0.0])
    assert _bytes(models[1.0]) != _bytes(models[0.0]), "nothing for the mechanism to act on: the test says nothing"


@pytest.mark.parametrize("name", list(MECHANISMS))
def test_on_its_own_it_works_in_the_direction_it_says(organisation: MakeModel, name: str) -> None:
    mechanism = MECHANISMS[name]
    # small losses drive few out here, so that the load is about the same with and without the mechanism
    alone = {**BEHAVIOUR_OFF, "workforce.manager_quit_rate": 0.0, "market.loss_exponent": 2.0, **mechanism.where}
    found = []
    for strength in (0.0, 1.0):
        model = organisation({**alone, f"rules.{name}": strength}, rng=5)
        model.advance(150)
        where, _, column = mechanism.measure.rpartition(".")
        rows = model.state.staff if where else model.days
        found.append(float(np.mean(rows[column])))
    assert (found[1] - found[0]) * mechanism.sign > 0, found


@pytest.mark.parametrize("name", list(MECHANISMS))
def test_at_little_strength_it_does_next_to_nothing(organisation: MakeModel, name: str) -> None:
    """Strength 0.01 lies within the noise of 0: a tenth of a full effect, or what luck does, of which there is much."""
    mechanism = MECHANISMS[name]
    alone = {**BEHAVIOUR_OFF, "workforce.manager_quit_rate": 0.0, **mechanism.where}
    where, _, column = mechanism.measure.rpartition(".")
    found = np.empty((6, 3))
    for seed in range(6):
        for k, strength in enumerate((0.0, 0.01, 1.0)):
            model = organisation({**alone, f"rules.{name}": strength}, rng=seed)
            model.advance(60)
            rows = model.state.staff if where else model.days
            found[seed, k] = np.mean(rows[column])
    little, full = found[:, 1] - found[:, 0], found[:, 2] - found[:, 0]
    noise = 4.0 * little.std(ddof=1) / 6**0.5
    assert abs(little.mean()) <= 0.1 * abs(full.mean()) + noise, (little.mean(), full.mean(), noise)
