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
NO_ASSUMPTIONS: dict[str, dict[float, str]] = {
    "day/customers.py:BLOCK": {128: "size of a block"},
    "day/customers.py:MILLIONTHS_PER_CENT": {10_000: "currency"},
    "day/customers.py:appraise": {1e6: "currency", 0.5: "rounding"},
    "day/customers.py:begin_spell": {0.02: "guard: inside of 0-1", 0.98: "guard: inside of 0-1", 0.5: "rounding"},
    "day/customers.py:count_customers": {1e-6: "currency"},
    "day/needs.py:contact_index": {256: "stride of keys", 255: "stride of keys"},
    "day/reactions.py:NEVER_ANSWERED": {1e9: "guard: stands for never"},
    "day/reactions.py:SMALL": {0.05: "definition of a measure: TARP's ladder"},
    "day/reactions.py:note_loss": {
        0.6: "definition of a measure: TARP's ladder",
        3: "definition of a measure: kind of handling",
    },
    "day/reactions.py:count_contact": {3: "definition of a measure: contacts until it is settled"},
    "day/reactions.py:reactions": {100.0: "currency", 0.5: "rounding"},
    "day/reactions.py:talk": {64: "stride of keys", 63: "stride of keys"},
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
        0.001: "guard: inside of 0-1",
        0.999: "guard: inside of 0-1",
    },
    "rules/relationship.py:time_with_acquaintance": {0.5: "guard: reached by exaggerated strengths alone"},
}
"""By function or name, as `file:name`: numbers that are no assumption, each with the reason."""
NOT_YET: tuple[str, ...] = (
    "day/approvals.py",
    "day/events.py",
    "day/managers.py",
    "day/moments.py",
    "day/service.py",
    "day/shifts.py",
    "day/staff.py",
    "day/world.py",
    "rules/authority.py",
    "rules/leading.py",
    "rules/learning.py",
    "rules/morale.py",
    "rules/policy.py",
    "rules/practice.py",
    "rules/screening.py",
    "rules/service_time.py",
    "rules/staffing.py",
    "rules/tempering.py",
    "rules/turnover.py",
    "rules/voice.py",
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
