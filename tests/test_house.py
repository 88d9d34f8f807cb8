"""The house: rooms use what lies below them, and no two modules need each other."""

from __future__ import annotations

import ast

import house


def test_every_room_has_its_floor() -> None:
    rooms = {house.room(module) for module in house.modules() if module}
    assert rooms - {"__main__"} == {name for names in house.FLOORS for name in names}


def test_imports_go_downwards_late_ones_and_hints_too() -> None:
    assert house.upwards() == []


def test_no_modules_import_each_other_but_for_hints_of_agents_engine_and_phases() -> None:
    assert house.circles(hints=False) == []
    assert [group for group in house.circles(hints=True) if not set(group) <= house.HINTS] == []


def test_late_imports_and_hints_are_seen() -> None:
    late = "def f():\n    from simsvc.show import axes\n"
    hint = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import simsvc.runs.perform\n"
    assert [name for name, _ in house._imports(ast.parse(late), hints=False)] == ["simsvc.show.axes"]
    assert [name for name, _ in house._imports(ast.parse(hint), hints=False)] == []
    assert [name for name, _ in house._imports(ast.parse(hint), hints=True)] == ["simsvc.runs.perform"]


def test_no_module_is_too_long_to_read_in_one_sitting() -> None:
    long = {name: len(path.read_text("utf-8").splitlines()) for name, path in house.modules().items()}
    assert {name: lines for name, lines in long.items() if lines > 410} == {}


def test_the_picture_is_that_of_the_house() -> None:
    assert house.page_with_picture() == house.PAGE.read_text("utf-8"), "run python tests/house.py --draw"
