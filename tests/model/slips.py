"""Slips that the type checker must find: this file is checked, never run.

Every line is wrong, and says how. Were a slip no longer an error, mypy would complain of an unused `type: ignore`.
"""

from __future__ import annotations

from simsvc.model.rows import State


def slips(s: State) -> None:
    """Fields that there are not, and a value of the wrong kind."""
    s.customers[s.woken[0]].loyallty += 0.1  # type: ignore[attr-defined]
    s.managers[s.manager_order[0]].moral += 0.1  # type: ignore[attr-defined]
    s.cases[0].remdy = 1.0  # type: ignore[attr-defined]
    s.days[0].lft_neutral += 1  # type: ignore[attr-defined]
    s.p[0].rule_loyallty  # type: ignore[attr-defined]
    s.levers[0].latitud  # type: ignore[attr-defined]
    s.staf  # type: ignore[attr-defined]
    s.customers[0].loyalty = "high"  # type: ignore[assignment]
