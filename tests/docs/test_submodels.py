"""The text of the submodels names what there is, leaves out nothing that the day uses, and calls rules as they are."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import simsvc
from simsvc.model import people, random, rows
from simsvc.model.compiling import COEFFICIENTS, our_rule, rule_names
from simsvc.model.parameters import PARAMETERS
from simsvc.model.phases import default_phases
from simsvc.scenario.settings import Rules, assumption_names, sections, setting_names
from simsvc.scenario.timeline import Change

PACKAGE = Path(simsvc.__file__).parent
TEXT = "\n".join(page.read_text("utf-8") for page in sorted((PACKAGE / "odd" / "text").glob("submodels_*.md")))
SOURCES = [ast.parse(path.read_text("utf-8")) for path in sorted((PACKAGE / "model" / "day").glob("*.py"))]
TABLES = {
    name: getattr(people, kind, None) or getattr(rows, kind)
    for name, annotation in rows.State.__annotations__.items()
    for kind in re.findall(r"Table\[(\w+)\]", str(annotation))
    if name not in ("p", "levers")
}
STATES = {f"{table}.{field}" for table, kind in TABLES.items() for field in rows.LAYOUTS[kind].names or ()}
CITED = set(re.findall(r"`([\w.]+)`", TEXT))

ENDS_OF_LISTS = set(
    "next previous next_idle head tail idle_head idle_tail free_case open_cases events slot later order happens_at "
    "patient sequence woken new_cases new_rows rows_used short ended losses_noted losses_judged places_short "
    "stage case".split()
)
"""How lists are kept in rows: the text says what is on a list and in which order, not how."""
LISTS = {"events", "calendar", "ends", "woken", "ended", "due", "day_table"}
"""Lists likewise, kept in arrays."""
CALLED = {
    "case": "cases", "c": "customers", "customer": "customers", "friend": "customers", "one": "staff",
    "manager": "managers", "department": "departments", "today": "days", "cause": "causes", "trouble": "causes",
    "loss": "losses",
}  # fmt: skip
"""Tables by what the code of the day calls one of their rows."""
SETTING = {
    "rule_": "rules.",
    **{f"{name}_sigma": f"{name}_cv" for name in ("remedy", "service", "contact_rate", "spend")},
}


def test_every_phase_has_its_place_in_order() -> None:
    pages = [
        (PACKAGE / "odd" / "text" / f"submodels_{part}.md").read_text("utf-8")
        for part in ("day", "customers", "people")
    ]
    assert re.findall(r"^### Phase (\w+)$", "\n".join(pages), re.M) == [phase.name for phase in default_phases()]


def test_what_is_cited_is_there() -> None:
    constants = {name for module in (rows, random) for name in vars(module) if name.isupper()}
    columns = {name for name, annotation in rows.State.__annotations__.items()}
    stages = {str(field.json_schema_extra["group"]) for field in Rules.model_fields.values()}  # type: ignore[index]
    known = {*rule_names(), *setting_names(), *STATES, *constants, *columns, *stages, *Change.model_fields}
    assert sorted(CITED - known) == []


def test_rules_are_called_with_the_arguments_they_have() -> None:
    called = 0
    for match in re.finditer(r"`(\w+)`\(", TEXT):
        depth, at, parts = 1, match.end(), [""]
        while depth:
            mark = TEXT[at]
            depth += {"(": 1, ")": -1}.get(mark, 0)
            if mark == "," and depth == 1:
                parts.append("")
            elif depth:
                parts[-1] += mark
            at += 1
        given = [part.split("=")[0].strip() for part in parts if "=" in part]
        rule = our_rule(match[1]).py_func
        assert given == [name for name in inspect.signature(rule).parameters if name != COEFFICIENTS], match[1]
        called += 1
    assert called > 100


def test_what_the_day_uses_is_cited() -> None:
    imported = {
        alias.name
        for source in SOURCES
        for node in ast.walk(source)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("simsvc.model.rules.")
        for alias in node.names
    }
    purposes = {name for name, value in vars(random).items() if name.isupper() and isinstance(value, int)}
    assert len(purposes) > 15
    assert sorted((imported | purposes) - CITED) == []


def test_every_setting_and_lever_the_day_reads_is_cited() -> None:
    full = {
        name.rpartition(".")[2]: name
        for name in setting_names()
        if not name.startswith(("assumptions.", "about.", "run.", "rules.", "structure."))
    }
    mechanisms = {name.removeprefix("assumptions.") for name in sections() if name.startswith("assumptions.")}
    read = set()
    for source in SOURCES:
        for node in ast.walk(source):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if node.value.id == "p" and node.attr in (PARAMETERS.names or ()) and node.attr not in mechanisms:
                    name = SETTING.get(node.attr, node.attr)
                    read.add(f"rules.{name.removeprefix('rule_')}" if name.startswith("rule_") else full[name])
                elif node.value.id == "lever":
                    read.add(f"structure.{node.attr}")
            elif isinstance(node, ast.Attribute) and ast.unparse(node.value).startswith("s.levers["):
                read.add(f"structure.{node.attr}")
            elif isinstance(node, ast.Attribute) and ast.unparse(node.value).startswith("p."):
                name = f"assumptions.{ast.unparse(node).removeprefix('p.')}"
                assert name in assumption_names()
                read.add(name)
    assert len(read) > 100
    assert sorted(read - CITED) == []


def test_every_state_the_day_changes_is_cited() -> None:
    changed, arrays = set(), set()
    for source in SOURCES:
        for node in ast.walk(source):
            if isinstance(node, ast.Assign | ast.AugAssign):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(target, ast.Attribute):
                        row = ast.unparse(target.value).removeprefix("s.").partition("[")[0]
                        changed.add((CALLED.get(row, row), target.attr))
                    elif isinstance(target, ast.Subscript) and ast.unparse(target.value).startswith("s."):
                        arrays.add(ast.unparse(target.value).removeprefix("s."))
    assert len(changed) > 100
    ends = {(table, field) for table, field in changed if field in ENDS_OF_LISTS or table in ("people", "events")}
    assert sorted(f"{table}.{field}" for table, field in changed - ends if f"{table}.{field}" not in CITED) == []
    assert sorted(arrays - CITED - LISTS) == []


def test_every_column_of_a_day_is_filled_somewhere() -> None:
    columns = {f"days.{name}" for name in rows.DAY.names or () if not name.startswith(("losses_", "kept_"))}
    assert sorted(columns - CITED - {"days.day"}) == []
