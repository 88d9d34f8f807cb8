"""Which numbers stand bare in rules and phases.

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
NO_ASSUMPTIONS: dict[str, dict[float, str]] = {}
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
    "day/staff.py",
    "day/world.py",
    "rules/authority.py",
    "rules/encounter.py",
    "rules/expectation.py",
    "rules/justice.py",
    "rules/leading.py",
    "rules/learning.py",
    "rules/leaving.py",
    "rules/loyalty.py",
    "rules/morale.py",
    "rules/needs.py",
    "rules/policy.py",
    "rules/practice.py",
    "rules/relationship.py",
    "rules/screening.py",
    "rules/service_time.py",
    "rules/staffing.py",
    "rules/tempering.py",
    "rules/turnover.py",
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


if __name__ == "__main__":
    bare = bare_numbers()
    print("\n".join(bare) or "no bare numbers")
    sys.exit(bool(bare))
