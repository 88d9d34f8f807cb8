"""Which numbers stand bare in the model: rules, phases, the first morning, people, reasons for leaving.

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
_RANGE = "range that a column of a table may have"
_ROOM = "rows that a table has at first, which grows or is a sample"
_MEMORY = "how memory is read"
NO_ASSUMPTIONS: dict[str, dict[float, str]] = {
    "ahead.py:LINE": {64: _MEMORY},
    "ahead.py:(FAR, NEAR, NEXT)": {16: _MEMORY, 8: _MEMORY, 4: _MEMORY},
    "ahead.py:_request": {8: _MEMORY, 32: _MEMORY, 64: _MEMORY, 3: _MEMORY},
    "changing.py:change_clocks": {1e-12: _GUARD},
    "handing.py:StateType": {16: "digits of a fingerprint"},
    "people.py:CustomerRow": {0.001: _RANGE, 0.999: _RANGE, 1e6: _RANGE, 100: _RANGE, 1000: _RANGE},
    "people.py:StaffRow": {25: _RANGE, 0.3: _RANGE},
    "start.py:populate": {0.02: _GUARD, 0.98: _GUARD},
    "start.py:unpopulated": {256: _ROOM, 64: _ROOM},
    "start.py:with_room": {64: _ROOM, 3: _ROOM, 4: _ROOM},
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
    "day/customers.py:BLOCK": {128: "size of a block"},
    "day/customers.py:MILLIONTHS_PER_CENT": {10_000: _CENTS},
    "day/customers.py:appraise": {1e6: _CENTS, 0.5: _CENTS},
    "day/customers.py:begin_spell": {0.02: _GUARD, 0.98: _GUARD, 0.5: "rounding to whole failures"},
    "day/customers.py:count_customers": {1e-6: _CENTS},
    "day/needs.py:contact_index": {256: _KEY, 255: _KEY},
    "day/reactions.py:NEVER_ANSWERED": {1e9: "guard: stands for never"},
    "day/reactions.py:SMALL": {0.05: "definition of a measure: TARP's small losses, 5 dollars against 100"},
    "day/reactions.py:note_loss": {3: "definition of a measure: kind of handling"},
    "day/reactions.py:count_contact": {3: "definition of a measure: contacts until it is settled"},
    "day/reactions.py:reactions": {100.0: _CENTS, 0.5: _CENTS},
    "day/talking.py:friend_told": {64: _KEY},
    "day/talking.py:talk": {64: _KEY, 63: _KEY},
    "rules/encounter.py:chance_of_grave_error": {3: "form: convex"},
    "rules/encounter.py:chance_to_resolve": {1e-9: "guard: of the logit"},
    "rules/encounter.py:effort_unwatched": {0.2: "guard: reached by exaggerated strengths alone"},
    "rules/encounter.py:fit_of_solution": {0.02: "guard: of the logarithm"},
    "rules/encounter.py:quality_of_work": {0.01: "guard: of the logarithm"},
    "rules/leaving.py:rate_of_leaving": {
        0.5: "middle of the scale, at which the setting holds",
        20.0: "guard: of the exponential",
        5.0: "guard: of the exponential",
    },
    "rules/needs.py:idiosyncrasy_of_person": {
        8.0: "mean of a logit-normal number",
        0.001: _GUARD,
        0.999: _GUARD,
    },
    "rules/relationship.py:time_with_acquaintance": {0.5: "guard: reached by exaggerated strengths alone"},
}
"""By function or name, as `file:name`: numbers that are no assumption, each with the reason."""
HOW = {"compiling.py", "engine.py", "phases.py", "random.py", "rows.py", "warm.py"}
"""Files that say how the model is computed and nothing about people: keys, codes, sizes, the clock."""


def sources() -> list[Path]:
    """Files of the model that may say something about people."""
    return [path for path in sorted(MODEL.rglob("*.py")) if path.relative_to(MODEL).as_posix() not in HOW]


def _numbers(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and float(node.value) not in STRUCTURAL:
            yield node


def bare_numbers() -> list[str]:
    """Every number that neither a coefficient nor a reason stands behind, as `file:line name: number`."""
    found = []
    for path in sources():
        file = path.relative_to(MODEL).as_posix()
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
