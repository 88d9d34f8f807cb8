"""How rows are declared: the layout, the first draw, and what the type checker makes of a slip."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
from columns import STUB, stub

import simsvc.model
from simsvc.model.people import CustomerRow, ManagerRow, StaffRow
from simsvc.model.reasons import LEFT
from simsvc.model.rows import ESCALATED_COLUMN, LAYOUTS, LEFT_COLUMN, NOBODY, DayRow, empty
from simsvc.model.start import unpopulated
from simsvc.model.tables import Int32, Int64, Real, Row, as_table, layout, state, states_of
from simsvc.scenario.management import LEVELS, heads_by_level
from simsvc.scenario.settings import Economics, Scenario, Workforce
from simsvc.scenario.structure import Structure

MODEL = Path(simsvc.model.__file__).parent


class Dog(Row):
    """A kind of row for this test."""

    tail: Real = state("Wagging of the tail", "0-1", first="meet", writable=True)
    age: Int32  # years
    owner: Int64
    legs: Int32 = state("Legs", "", 0, 4)


def test_a_table_lies_in_memory_as_its_rows_are_declared() -> None:
    assert layout(Dog) == np.dtype([("tail", "f8"), ("age", "i4"), ("owner", "i8"), ("legs", "i4")])
    assert layout(Dog, align=True).fields["owner"][1] == 16
    assert layout(Dog).fields["owner"][1] == 12


def test_a_state_is_declared_once_with_unit_range_and_first_draw() -> None:
    tail, legs = states_of(Dog).values()
    assert (tail.low, tail.high, tail.first, tail.writable) == (0.0, 1.0, "meet", True)
    assert (legs.low, legs.high, legs.writable) == (0.0, 4.0, False)
    assert Dog.tail.__doc__ == "Wagging of the tail, 0-1."


def assignments() -> dict[str, set[str]]:
    """Fields that every function of the model assigns to: `row.field = ...` or `rows["field"] = ...`."""
    found: dict[str, set[str]] = {}
    for path in MODEL.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                targets = [t for node in ast.walk(function) if isinstance(node, ast.Assign) for t in node.targets]
                names = found.setdefault(function.name, set())
                names |= {target.attr for target in targets if isinstance(target, ast.Attribute)}
                names |= {ast.unparse(t.slice).strip("'") for t in targets if isinstance(t, ast.Subscript)}
    return found


def test_the_function_that_is_said_to_draw_a_state_first_does_so() -> None:
    assigned = assignments()
    for kind in LAYOUTS:
        for name, declared in states_of(kind).items():
            if declared.first:
                assert name in assigned[declared.first], f"{kind.__name__}.{name} is not drawn by {declared.first}"


@pytest.mark.parametrize("kind", [CustomerRow, StaffRow, ManagerRow])
def test_every_state_of_a_person_says_where_it_comes_from(kind: type) -> None:
    assert [name for name, declared in states_of(kind).items() if not declared.first] == []


def test_the_type_checker_knows_the_columns_that_follow_from_other_tables() -> None:
    assert STUB.read_text("utf-8") == stub(), "run python tests/columns.py"


def test_every_level_of_management_has_its_settings_and_all_but_the_highest_a_limit() -> None:
    for level in LEVELS:
        assert level.heads in Workforce.model_fields
        assert level.wage in Economics.model_fields
    assert all(level.limit in Structure.model_fields for level in LEVELS[:-1])
    assert LEVELS[-1].limit == ""


def test_no_level_of_management_hangs_in_the_air() -> None:
    assert heads_by_level(Workforce(managers=4, directors=2, executives=1)) == (4, 2, 1)
    assert heads_by_level(Workforce(managers=4, directors=0, executives=1)) == (4, 0, 0)
    assert heads_by_level(Workforce(managers=0, directors=2, executives=1)) == (0, 0, 0)


def test_a_case_passes_up_from_level_to_level_to_pools_that_have_managers() -> None:
    many = Scenario(workforce=Workforce(frontline=4, departments=2, managers=4, directors=2, executives=1))
    state = unpopulated(many, (0, 0))
    assert state.managers["level"].tolist() == [1, 1, 1, 1, 2, 2, 3]
    assert state.managers["pool"].tolist() == [2, 3, 2, 3, 4, 4, 5]
    assert state.levels["above"].tolist() == [4, 5, NOBODY]
    flat = Scenario(workforce=Workforce(frontline=4, departments=2, managers=1, directors=0))
    assert unpopulated(flat, (0, 0)).levels["above"].tolist() == [NOBODY] * 3


def test_days_count_leavers_by_reason_and_cases_passed_up_by_level() -> None:
    days = empty(DayRow, 1)
    table = as_table(days)
    for number, column in enumerate(LEFT):
        table[0, LEFT_COLUMN + number] = 1 + number
        assert days[column][0] == 1 + number
    for number in range(len(LEVELS)):
        table[0, ESCALATED_COLUMN + number] = 10 + number
        assert days[f"escalated_{number + 1}"][0] == 10 + number
