"""Settings as rows that compiled code reads.

`p` is one row with every plain setting under its own name (rule strengths as `rule_NAME`, coefficients in a row of
their mechanism), so `demand.idiosyncrasy` of a scenario is `p.idiosyncrasy` in a phase, and
`assumptions.leaving.satisfaction` is `p.leaving.satisfaction`. `levers` has one row per
department with the structure in force there.
"""

from __future__ import annotations

import functools
from operator import attrgetter
from typing import Any, Literal, cast, get_args, get_origin

import numpy as np

from simsvc.model.rows import LevelRow, LeverRow, ParameterRow
from simsvc.model.tables import Floats, Table
from simsvc.scenario.management import LEVELS
from simsvc.scenario.settings import Scenario, sections
from simsvc.scenario.structure import Structure


@functools.cache
def _columns(model: Any, prefix: str = "") -> list[tuple[str, str]]:
    columns = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        if kind is float:
            columns.append((prefix + name, "f8"))
        elif kind in (int, bool) or get_origin(kind) is Literal:
            columns.append((prefix + name, "i8"))
    return columns


@functools.cache
def _words(model: Any, name: str) -> tuple[Any, ...]:
    """What a setting that is a word may say; none for a number."""
    kind = model.model_fields[name].annotation
    return get_args(kind) if get_origin(kind) is Literal else ()


def _code(model: Any, name: str, value: Any) -> Any:
    words = _words(model, name)
    return words.index(value) if words else value


_PREFIX = {"rules": "rule_"}
_ASSUMED = "assumptions."
PARAMETERS = np.dtype(
    [
        *(
            column
            for section, model in sections().items()
            if section != "structure" and not section.startswith(_ASSUMED)
            for column in _columns(model, _PREFIX.get(section, ""))
        ),
        *(
            (section.removeprefix(_ASSUMED), _columns(model))
            for section, model in sections().items()
            if section.startswith(_ASSUMED)
        ),
        *((f"{name}_sigma", "f8") for name in ("remedy", "service", "contact_rate", "spend")),
        ("key0", "u4"),
        ("key1", "u4"),
    ]
)
LEVERS = np.dtype([(name, "f8") for name, _ in _columns(Structure)])
"""Levers are plain numbers, also the named ones, so that a chart can be lived in part."""


def parameter_row(scenario: Scenario, key: tuple[int, int]) -> Table[ParameterRow]:
    """The plain settings of a scenario and the run's key, as one row of `PARAMETERS`."""
    row = np.zeros(1, PARAMETERS)
    for section, model in sections().items():
        if section != "structure":
            values, mechanism = attrgetter(section)(scenario), section.removeprefix(_ASSUMED)
            into = row if mechanism == section else row[mechanism]
            for name, _ in _columns(model):
                into[_PREFIX.get(section, "") + name] = _code(model, name, getattr(values, name))
    for name in ("remedy", "service", "contact_rate", "spend"):  # of the logarithm, from the ratio's cv
        row[f"{name}_sigma"] = np.sqrt(np.log1p(row[f"{name}_cv"] ** 2))
    row["key0"], row["key1"] = key
    return cast("Table[ParameterRow]", row)


def lever_rows(structures: list[Structure]) -> Table[LeverRow]:
    """The structure of each department, as rows of `LEVERS`."""
    rows = np.zeros(len(structures), LEVERS)
    for row, structure in zip(rows, structures, strict=True):
        for name, _ in _columns(Structure):
            row[name] = _code(Structure, name, getattr(structure, name))
    return cast("Table[LeverRow]", rows)


def put_wages(levels: Table[LevelRow], scenario: Scenario) -> None:
    """Let the wages of all levels of management be those that are set."""
    levels["wage"] = [getattr(scenario.economics, level.wage) for level in LEVELS]


def profile_table(profile: tuple[float, ...]) -> Floats:
    """Cumulated shares of a day's arrivals at equally spaced times, float64 (parts + 1,)."""
    return cast("Floats", np.concatenate([[0.0], np.cumsum(profile) / np.sum(profile)]))


def shift_table(shares: tuple[float, ...]) -> Floats:
    """Arcs of the ring of positions on duty (see `day/shifts.py`): start and length, float64 (parts, 2).

    The arc moves on by as many as go home. If that is less than once round, the rest is spread over the day, so
    that everybody has a turn and the shifts are of similar length.
    """
    length = np.array(shares, float)
    gone = np.concatenate([[0.0], np.cumsum(np.maximum(-np.diff(length), 0.0))])
    left = max(1.0 - gone[-1] - length[-1], 0.0)
    return np.column_stack([gone + left * np.linspace(0.0, 1.0, len(length)), length])
