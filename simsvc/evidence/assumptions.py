"""What the model assumes: every coefficient with range, grade, source, and how far it moves the headline."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pandas as pd

from simsvc import model
from simsvc.errors import InputError, nearest
from simsvc.scenario.assumptions import Assumptions
from simsvc.scenario.fields import Grade
from simsvc.scenario.settings import assumption_names, setting_field

ENDS = Path(__file__).with_name("assumption_ends.csv")
"""Effects of turning the chart with each coefficient at either end; written by `experiments/assumption_ends.py`."""
HEADLINE = "retention"
"""Metric by which coefficients are ranked: points gained by turning, contact centre, born so, years 2 and 3."""


@dataclass(frozen=True)
class Assumption:
    """A coefficient of a rule.

    Attributes:
        name: full name, `assumptions.mechanism.name`.
        value: as published.
        low: smallest plausible value.
        high: largest plausible value.
        unit: of these.
        grade: how well it is known: `estimated`, `derived`, `order` or `guess`.
        meaning: one sentence.
        source: publication, or `assumption`.
        rules: functions that read it.
        moves: points by which the effect of turning on retention differs between `high` and `low`, everything
            else as published; None if that was not measured.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    grade: str
    meaning: str
    source: str
    rules: tuple[str, ...]
    moves: float | None


@cache
def readers() -> Mapping[str, tuple[str, ...]]:
    """Functions of the model that read each coefficient, by its full name, found in their sources."""
    sections: Mapping[str, Any] = Assumptions.model_fields
    kinds = {field.annotation.__name__: section for section, field in sections.items()}
    found: dict[str, dict[str, None]] = {}
    for path in sorted(Path(model.__file__).parent.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            hints = {one.arg: ast.unparse(one.annotation) for one in function.args.args if one.annotation}
            for node in ast.walk(function):
                if not isinstance(node, ast.Attribute):
                    continue
                of = node.value
                section = kinds.get(hints.get(of.id, "")) if isinstance(of, ast.Name) else None
                if isinstance(of, ast.Attribute) and of.attr in sections:
                    section = of.attr
                if section:
                    found.setdefault(f"assumptions.{section}.{node.attr}", {})[function.name] = None
    return {name: tuple(functions) for name, functions in found.items()}


@cache
def _moves() -> Mapping[str, float]:
    if not ENDS.exists():
        return {}
    ends = pd.read_csv(ENDS)
    return dict(zip(ends.assumption, ends[f"{HEADLINE}_high"] - ends[f"{HEADLINE}_low"], strict=True))


def assumptions(grade: str | None = None, mechanisms: tuple[str, ...] = ()) -> list[Assumption]:
    """The coefficients of all rules, in the order of their declaration.

    Args:
        grade: only those of this grade.
        mechanisms: only those of these sections, for example `leaving`; all if empty.

    Raises:
        InputError: for a grade or mechanism that does not exist.
    """
    for given, valid in (((grade,) if grade else (), get_args(Grade)), (mechanisms, tuple(Assumptions.model_fields))):
        for one in given:
            if one not in valid:
                raise InputError(f"'{one}'{nearest(one, valid)}: have {', '.join(valid)}")
    found = []
    for name in assumption_names():
        field = setting_field(name)
        extra = field.json_schema_extra
        if (grade and extra["grade"] != grade) or (mechanisms and name.split(".")[1] not in mechanisms):
            continue
        low, high = extra["plausible_low"], extra["plausible_high"]
        facts = (extra["unit"], extra["grade"], field.description, extra["source"])
        found.append(Assumption(name, field.default, low, high, *facts, readers().get(name, ()), _moves().get(name)))
    return found
