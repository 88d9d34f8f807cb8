"""Coefficients of the rules: one file per mechanism, named like the file of its rules in `model/rules`.

Every number that a rule uses is declared here once, with unit, plausible range, grade of evidence and source. It is a
setting like any other: `assumptions.leaving.satisfaction` in files, `--set`, timelines, sweeps, calibration. A rule is
given the coefficients of its mechanism as its last argument, `a`; called by hand it may go without and has the
published ones.
"""

from __future__ import annotations

from simsvc.scenario.assumptions.encounter import Encounter
from simsvc.scenario.assumptions.expectation import Expectation
from simsvc.scenario.assumptions.justice import Justice
from simsvc.scenario.assumptions.leaving import Leaving
from simsvc.scenario.assumptions.loyalty import Loyalty
from simsvc.scenario.assumptions.needs import Needs
from simsvc.scenario.assumptions.relationship import Relationship
from simsvc.scenario.assumptions.word_of_mouth import WordOfMouth
from simsvc.scenario.fields import Section


class Assumptions(Section):
    """Coefficients of all mechanisms."""

    encounter: Encounter = Encounter()
    expectation: Expectation = Expectation()
    justice: Justice = Justice()
    leaving: Leaving = Leaving()
    loyalty: Loyalty = Loyalty()
    needs: Needs = Needs()
    relationship: Relationship = Relationship()
    word_of_mouth: WordOfMouth = WordOfMouth()
