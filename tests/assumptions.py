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
_GUARD = "ends of a scale or a bound against overflow"
_MIDDLE = "middle of a scale from 0 to 1"
_CENTS = "money is counted in whole cents"
_KEY = "stride between keys of random numbers"
NO_ASSUMPTIONS: dict[str, dict[float, str]] = {
    "day/approvals.py:ask": {4.0: _KEY},
    "day/approvals.py:consider": {4.0: _KEY},
    "day/approvals.py:rule_on": {4.0: _KEY},
    "day/events.py:longest_idle_first": {3.0: "gaps of a shell sort", 9.0: "gaps of a shell sort"},
    "day/managers.py:count_time": {100.0: _CENTS, 0.5: _CENTS},
    "day/managers.py:draw_manager": {0.02: _GUARD, 0.05: _GUARD, 0.95: _GUARD, 0.98: _GUARD},
    "day/managers.py:look_at_teams": {0.5: "morale of a team without anybody in it, which nobody feels"},
    "day/managers.py:replace_manager": {100.0: _CENTS, 0.5: _CENTS},
    "day/managers.py:spend_repair_budget": {100.0: _CENTS, 0.5: _CENTS, 0.01: "a cent, against division by nothing"},
    "day/managers.py:take_office": {1e-12: _GUARD},
    "day/moments.py:happen": {4.0: _KEY},
    "day/shifts.py:TURN": {0.6180339887498949: "the golden ratio, which leaves no place of the ring out for long"},
    "day/shifts.py:is_on_duty": {0.5: "middle of a place on the ring"},
    "day/world.py:measure": {100.0: _CENTS, 0.5: _CENTS, 8.0: "columns of the table of losses"},
    "day/world.py:world": {1e-9: _GUARD},
    "rules/authority.py:weight_of_money": {1e-9: _GUARD},
    "rules/leading.py:coordination_of_span": {0.05: _GUARD, 6.0: _GUARD},
    "rules/leading.py:skill_of_promoted": {0.95: _GUARD},
    "rules/learning.py:potential_under": {0.05: _GUARD, 0.95: _GUARD},
    "rules/learning.py:skill_from_coaching": {0.95: _GUARD},
    "rules/screening.py:leniency_of_chart": {0.5: _MIDDLE},
    "rules/service_time.py:difficult_case_time": {0.05: _GUARD},
    "rules/service_time.py:pace_of_target": {0.5: _GUARD},
    "rules/service_time.py:work_pressure": {0.05: _GUARD},
    "rules/staffing.py:positions_after_review": {0.5: "rounding to whole positions"},
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
    "day/customers.py",
    "day/needs.py",
    "day/reactions.py",
    "rules/encounter.py",
    "rules/expectation.py",
    "rules/justice.py",
    "rules/leaving.py",
    "rules/loyalty.py",
    "rules/needs.py",
    "rules/relationship.py",
    "rules/tempering.py",
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
