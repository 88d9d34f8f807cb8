"""What customers need and how often: coefficients of `model/rules/needs.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class Needs(Section):
    """What customers need and how often."""

    # fmt: off
    distance_of_failures: float = coefficient(0.7, 0.5, 0.9, "0-1", "guess",
        "Distance from the standard of what a failure takes, as a share of that of a wish.")
    distance_of_routine: float = coefficient(0.4, 0.2, 0.6, "0-1", "guess",
        "Distance from the standard of a routine need, as a share of that of a wish.")
    temptation: float = coefficient(3.0, 1.5, 6.0, "ratio", "guess",
        "Claims made up where all succeed, over those without a reason where none does.",
        "assumption; Wirtz & McColl-Kennedy 2010, abstract: some claim too much, more so where treated unjustly")


NEEDS = plain_numbers(Needs())
