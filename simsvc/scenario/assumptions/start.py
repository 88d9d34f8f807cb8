"""What the firm is like on its first morning: coefficients of `model/start.py`.

What newcomers and new staff bring with them is told by the mechanism that they belong to. As nothing but the first
morning reads these, they cannot change during a run.
"""

from __future__ import annotations

from simsvc.scenario.fields import Section, coefficient


class Start(Section):
    """What a firm has behind it when the simulation begins."""

    # fmt: off
    satisfaction_below: float = coefficient(0.05, 0.0, 0.1, "points", "guess",
        "How much less satisfied customers of some time are than newcomers expect.")
    loyalty_above: float = coefficient(0.06, 0.0, 0.12, "points", "guess",
        "How much more attached they are than newcomers.")
    uncertainty: float = coefficient(0.03, 0.015, 0.06, "points^2", "guess",
        "Variance of what they expect of an encounter.", "assumption; near where it settles after many encounters")
    tenure_days: float = coefficient(500.0, 250.0, 1000.0, "days", "guess",
        "Mean tenure of staff, of which nothing depends but the tenure reported.")
    longest_tenure: float = coefficient(5000.0, 2500.0, 10000.0, "days", "guess", "Longest tenure of staff.")
    trust: float = coefficient(0.45, 0.25, 0.65, "0-1", "guess", "Managers' trust in the front line.")
    morale: float = coefficient(0.6, 0.45, 0.75, "0-1", "guess",
        "Mean morale of a team on the evening before, as colleagues feel it.")
    cause_level: float = coefficient(0.7, 0.4, 1.0, "0-1", "guess",
        "Prevalence of a known cause of failure, as a share of what it is when untouched.")
