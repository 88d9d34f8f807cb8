"""Which rule reads which coefficient, and which numbers stand bare in rules and phases.

python tests/assumptions.py     numbers that no coefficient declares, by file and line
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from simsvc import model

MODEL = Path(model.__file__).parent
STRUCTURAL = {0.0, 1.0, 2.0, -1.0}
"""Numbers that say nothing about people: nothing, all, both, twice."""
_GUARD = "ends of a scale or a bound against overflow"
_MIDDLE = "middle of a scale from 0 to 1"
_CENTS = "money is counted in whole cents"
NO_ASSUMPTIONS: dict[str, dict[float, str]] = {
    "day/staff.py:fill_vacancy": {100.0: _CENTS, 0.5: _CENTS},
    "day/staff.py:hire": {3.0: "key of a random number"},
    "day/staff.py:last_day": {1e6: _GUARD},
    "day/staff.py:live_through": {0.3: "least standard, as the column of the staff declares it"},
    "day/staff.py:staff_evening": {100.0: _CENTS, 0.5: _CENTS},
    "day/staff.py:vacate": {1e6: _GUARD},
    "rules/morale.py:climate_index": {5.0: "number of parts of a mean"},
    "rules/morale.py:seen_through": {0.001: _GUARD, 0.999: _GUARD},
    "rules/morale.py:valued": {0.5: _MIDDLE},
    "rules/turnover.py:disposition_of_hire": {0.05: _GUARD, 0.95: _GUARD},
    "rules/turnover.py:pay_felt": {0.01: "a cent, against the logarithm of nothing"},
    "rules/turnover.py:rate_of_quitting": {10.0: _GUARD, 4.0: _GUARD},
}
"""By function or name, as `file:name`: numbers that are no assumption, each with the reason."""
NOT_YET: tuple[str, ...] = (
    "day/approvals.py",
    "day/customers.py",
    "day/events.py",
    "day/managers.py",
    "day/moments.py",
    "day/needs.py",
    "day/reactions.py",
    "day/service.py",
    "day/shifts.py",
    "day/world.py",
    "rules/authority.py",
    "rules/encounter.py",
    "rules/expectation.py",
    "rules/justice.py",
    "rules/leading.py",
    "rules/learning.py",
    "rules/leaving.py",
    "rules/loyalty.py",
    "rules/needs.py",
    "rules/policy.py",
    "rules/practice.py",
    "rules/relationship.py",
    "rules/screening.py",
    "rules/service_time.py",
    "rules/staffing.py",
    "rules/tempering.py",
    "rules/voice.py",
    "rules/word_of_mouth.py",
)
"""Files whose numbers still stand bare."""


def sources() -> Iterator[Path]:
    """Files of rules and phases."""
    for folder in ("rules", "day"):
        yield from sorted((MODEL / folder).glob("*.py"))


def _numbers(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and float(node.value) not in STRUCTURAL:
            yield node


def bare_numbers() -> list[str]:
    """Every number that neither a coefficient nor a reason stands behind, as `file:line name: number`."""
    found = []
    for path in sources():
        file = path.relative_to(MODEL).as_posix()
        if file in NOT_YET:
            continue
        for statement in ast.parse(path.read_text("utf-8")).body:
            name = getattr(statement, "name", "")
            if isinstance(statement, ast.Assign):
                name = ast.unparse(statement.targets[0])
            reasons = NO_ASSUMPTIONS.get(f"{file}:{name}", {})
            found += [
                f"{file}:{number.lineno} {name}: {number.value}"
                for number in _numbers(statement)
                if float(number.value) not in reasons
            ]
    return found


def readers() -> dict[str, list[str]]:
    """Full name of each coefficient that something reads, and the functions that do."""
    from simsvc.scenario.assumptions import Assumptions

    kinds = {field.annotation.__name__: section for section, field in Assumptions.model_fields.items()}  # type: ignore[union-attr]
    found: dict[str, list[str]] = {}
    for path in sorted(MODEL.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            hints = {one.arg: ast.unparse(one.annotation) for one in function.args.args if one.annotation}
            for node in ast.walk(function):
                if not isinstance(node, ast.Attribute):
                    continue
                of = node.value
                if isinstance(of, ast.Name) and hints.get(of.id) in kinds:
                    section = kinds[hints[of.id]]
                elif isinstance(of, ast.Attribute) and of.attr in Assumptions.model_fields:
                    section = of.attr
                else:
                    continue
                found.setdefault(f"assumptions.{section}.{node.attr}", []).append(function.name)
    return found


if __name__ == "__main__":
    bare = bare_numbers()
    print("\n".join(bare) or "no bare numbers")
    sys.exit(bool(bare))
