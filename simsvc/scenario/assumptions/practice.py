"""New ways take hold slowly: coefficients of `model/rules/practice.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class Practice(Section):
    """New ways take hold slowly, and are forgotten."""

    # fmt: off
    adoption_days: float = coefficient(30.0, 15.0, 60.0, "days", "guess",
        "Working days in which people take over a new way that is pushed.")
    push_days: float = coefficient(120.0, 60.0, 240.0, "days", "guess",
        "Working days in which the push of a launch dies down.")
    upkeep_time: float = coefficient(0.1, 0.05, 0.2, "0-1", "guess",
        "Share of managers' spare time that full upkeep of practices takes.")


PRACTICE = plain_numbers(Practice())
