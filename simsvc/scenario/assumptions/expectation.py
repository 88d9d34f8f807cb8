"""Expectation and satisfaction: what is judged is the difference: coefficients of `model/rules/expectation.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class Expectation(Section):
    """Expectation and satisfaction: what is judged is the difference."""

    # fmt: off
    encounter_variance: float = coefficient(0.15, 0.075, 0.3, "points^2", "guess",
        "Variance of single encounters as customers see it, which sets how slowly they learn.")
    forgetting: float = coefficient(0.004, 0.002, 0.008, "points^2", "guess",
        "Growth of uncertainty per encounter: nobody is ever quite sure.")
    away_days: float = coefficient(500.0, 250.0, 1000.0, "days", "guess",
        "Working days away in which two thirds of what one knew of a firm are forgotten.")
    contrast: float = coefficient(0.3, 0.15, 0.6, "ratio", "guess",
        "How much the deviation from what was expected moves satisfaction with an encounter.")
    ordinary_promise: float = coefficient(0.62, 0.5, 0.75, "0-1", "guess",
        "Quality that the trade promises, and what is expected where promises do not count.")
    newcomer_spread: float = coefficient(0.08, 0.04, 0.16, "points", "guess",
        "Standard deviation of what newcomers expect at the same promise.")


EXPECTATION = plain_numbers(Expectation())
