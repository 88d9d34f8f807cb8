"""Every rule gives what its formula gives by hand; the tables are the other files of this folder."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path
from typing import Any

import pytest
from odd.pages import differing

from simsvc.model.compiling import COEFFICIENTS, rule_names
from simsvc.odd.equations import equations
from simsvc.scenario.assumptions import Assumptions

TABLES = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]) if module.name[:5] != "test_"]
RULES = {
    rule: (getattr(importlib.import_module(f"simsvc.model.rules.{table}"), rule), *values)
    for table in TABLES
    for rule, values in importlib.import_module(f"rules.{table}").VALUES.items()
}
ROWS = [(rule, *row) for rule, (_, _, rows) in RULES.items() for row in rows]


def test_every_rule_has_its_rows() -> None:
    assert sorted(RULES) == rule_names()


@pytest.mark.parametrize("rule", RULES)
def test_every_argument_of_a_rule_is_varied_or_given(rule: str) -> None:
    function, ordinary, rows = RULES[rule]
    assert set(ordinary) == set(inspect.signature(function.py_func).parameters) - {COEFFICIENTS}
    assert len(rows) > 1


@pytest.mark.parametrize(("rule", "says", "changes", "expected"), ROWS, ids=[f"{row[0]}: {row[1]}" for row in ROWS])
def test_a_rule_by_hand(rule: str, says: str, changes: dict[str, Any], expected: float) -> None:
    function, ordinary, _ = RULES[rule]
    assert set(changes) <= set(ordinary)
    assert float(function(**{**ordinary, **changes})) == pytest.approx(float(expected), rel=1e-12, abs=1e-15), says


@pytest.mark.parametrize("rule", RULES)
def test_the_printed_equation_gives_what_the_compiled_rule_gives(rule: str) -> None:
    equation = next(equation for equation in equations() if equation.name == rule)
    assert differing(equation, RULES[rule][0]) == ""


STRENGTHS = {"strength", "loss_aversion", "overcompensation", "second_failure", "quitting", "learning"}
NO_MATTER = {"gets_acquainted": "somebody is known or not; all that follows is weighed with the strength"}


def test_a_weak_rule_is_nearly_none() -> None:
    """Every strength is continuous at 0."""
    jumps, tried = [], 0
    for rule, (function, ordinary, rows) in RULES.items():
        for name in STRENGTHS & set(ordinary):
            for says, changes, _ in rows:
                weak, none = (float(function(**{**ordinary, **changes, name: value})) for value in (1e-9, 0.0))
                tried += 1
                if abs(weak - none) > 1e-6 and rule not in NO_MATTER:
                    jumps.append((rule, name, says, weak, none))
    assert jumps == []
    assert tried > 200


def test_what_is_felt_of_a_mechanism_that_is_switched_off() -> None:
    assumed = Assumptions()
    values = {**assumed.tempering.model_dump(), **assumed.morale.model_dump()}
    assert {name: value for name, value in values.items() if name.startswith("typical")} == {
        "typical_information": 0.4,
        "typical_morale": 0.62,
        "typical_support": 0.6,
        "typical_mood": 0.6,
        "typical_answer": 0.3,
        "typical_autonomy": 0.4,
        "typical_trust": 0.6,
        "typical_tools": 0.7,
        "typical_challenge": 0.35,
        "typical_training": 0.4,
        "typical_clarity": 0.6,
        "typical_recognition": 0.5,
        "typical_watch": 1.0,
        "typical_manager_skill": 0.75,
    }
