"""The ratchet: coefficients of `model/rules/policy.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class Policy(Section):
    """The ratchet: costly concessions tighten the rules."""

    # fmt: off
    tightening: float = coefficient(0.01, 0.005, 0.02, "1/day", "guess",
        "Part of the way to the tightest policy that a day far over budget goes.")
    tightest: float = coefficient(0.9, 0.75, 1.0, "0-1", "guess", "Tightness of policy beyond which it does not go.")
    easing: float = coefficient(0.001, 0.0005, 0.002, "1/day", "guess",
        "Part of its tightness that policy loses in a day.")
    average_days: float = coefficient(40.0, 20.0, 80.0, "days", "guess",
        "Working days over which a firm averages what it grants, what attempts succeed and what it delivers.",
        at_least=1.0)
    budgeted: float = coefficient(0.8, 0.5, 1.0, "ratio", "guess",
        "Budget for concessions as a ratio to what justified complaints would cost.")


POLICY = plain_numbers(Policy())
