"""What the sources of the model say of its rows and draws: comments of fields, who writes a state, who draws what."""

from __future__ import annotations

import ast
import inspect
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from simsvc import model
from simsvc.model import rows
from simsvc.model.tables import Row

FOLDER = Path(model.__file__).parent
TABLES = {
    "customers": "CustomerRow", "staff": "StaffRow", "managers": "ManagerRow", "cases": "CaseRow",
    "causes": "CauseRow", "departments": "DepartmentRow", "pools": "PoolRow", "levels": "LevelRow",
    "organisation": "OrganisationRow", "losses": "LossRow",
}  # fmt: skip
"""Tables of the `State`, with the class of their rows."""

Kinds = tuple[str, ...]


def kind_of(table: str) -> type[Row]:
    """The class of the rows of a table."""
    found: type[Row] = getattr(rows, TABLES[table])
    return found


def comments(kind: type[Row]) -> dict[str, str]:
    """The comment behind each field of a kind of row, by name; empty for those declared as states."""
    text = inspect.getsource(kind)
    at = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
    }
    fields = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.AnnAssign)]
    return {ast.unparse(node.target): at.get(node.lineno, "") for node in fields}


def codes() -> dict[str, dict[str, int]]:
    """Names that stand for numbers in the rows of cases and customers, by what they are of."""
    found = {}
    for what, names in re.findall(r"^# (.+)\n((?:[A-Z_, ]+ = [\d, ]+\n)+)", inspect.getsource(rows), re.MULTILINE):
        of: dict[str, int] = {}
        for line in names.splitlines():
            words, numbers = line.split(" = ")
            of |= zip(words.split(", "), map(int, numbers.split(", ")), strict=True)
        found[what] = of
    return found


def _row_of(annotation: ast.expr | None) -> Kinds:
    """Kinds of rows that an argument of this type is, or holds."""
    text = ast.unparse(annotation) if annotation else ""
    return ("StaffRow", "ManagerRow") if text == "Workers" else tuple(kind for kind in TABLES.values() if kind in text)


def _kinds_of(value: ast.expr, known: Mapping[str, Kinds]) -> Kinds:
    """Kinds of rows that an expression gives."""
    if isinstance(value, ast.Subscript):
        return _kinds_of(value.value, known)
    if isinstance(value, ast.Attribute) and ast.unparse(value.value) in ("s", "state"):
        return (TABLES[value.attr],) if value.attr in TABLES else ()
    if isinstance(value, ast.Attribute):  # a field that holds several numbers
        return _kinds_of(value.value, known)
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "empty":
        return (ast.unparse(value.args[0]),)
    return known.get(value.id, ()) if isinstance(value, ast.Name) else ()


def _written(function: ast.FunctionDef, adding: bool = False) -> Iterator[tuple[str, str]]:
    """Fields that a function writes itself, as kind of row and field; with `adding` only those that it adds to."""
    known = {one.arg: _row_of(one.annotation) for one in function.args.args}
    targets: list[ast.expr] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            targets += [] if adding else node.targets
            known.setdefault(ast.unparse(node.targets[0]), _kinds_of(node.value, known))
        elif isinstance(node, ast.AugAssign):
            targets.append(node.target)
        elif isinstance(node, ast.For):
            known.setdefault(ast.unparse(node.target), _kinds_of(node.iter, known))
    for target in targets:
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Attribute):
            target = target.value if _kinds_of(target.value.value, known) else target
        if isinstance(target, ast.Attribute):
            yield from ((kind, target.attr) for kind in _kinds_of(target.value, known))
        elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
            yield from ((kind, str(target.slice.value)) for kind in _kinds_of(target.value, known))


def _of_the_day() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Functions of the model, but for what scripts do from outside."""
    for path in sorted(FOLDER.rglob("*.py")):
        if path.name not in ("agents.py", "engine.py"):
            nodes = ast.parse(path.read_text("utf-8")).body
            yield from ((path, node) for node in nodes if isinstance(node, ast.FunctionDef))


@cache
def writers() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Functions of the model that write each field, by kind of row and field, in alphabetical order."""
    found: dict[tuple[str, str], set[str]] = {}
    for _, function in _of_the_day():
        for place in _written(function):
            found.setdefault(place, set()).add(function.name)
    return {place: tuple(sorted(names)) for place, names in found.items()}


@cache
def counted() -> frozenset[tuple[str, str]]:
    """Fields that some function adds to, by kind of row and field."""
    found: set[tuple[str, str]] = set()
    for _, function in _of_the_day():
        found |= set(_written(function, adding=True))
    return frozenset(found)


@cache
def places() -> Mapping[str, tuple[str, ...]]:
    """Functions that write fields, by the module that has them."""
    names = {name for names in writers().values() for name in names}
    found: dict[str, list[str]] = {}
    for path, function in _of_the_day():
        if function.name in names:
            found.setdefault(path.stem, []).append(function.name)
    return {module: tuple(functions) for module, functions in found.items()}


@cache
def purposes() -> Mapping[str, int]:
    """Numbers of the purposes of draws, by name."""
    return {
        name: int(number)
        for name, number in re.findall(r"^([A-Z_]+) = (\d+)$", (FOLDER / "random.py").read_text("utf-8"), re.MULTILINE)
    }
