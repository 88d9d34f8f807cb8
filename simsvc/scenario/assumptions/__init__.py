"""Coefficients of the rules: one file per mechanism, named like the file of its rules in `model/rules`.

Every number that a rule uses is declared here once, with unit, plausible range, grade of evidence and source. It is a
setting like any other: `assumptions.leaving.satisfaction` in files, `--set`, timelines, sweeps, calibration. A rule is
given the coefficients of its mechanism as its last argument, `a`; called by hand it may go without and has the
published ones.
"""

from __future__ import annotations

from simsvc.scenario.assumptions.leaving import Leaving
from simsvc.scenario.assumptions.morale import Morale
from simsvc.scenario.assumptions.tempering import Tempering
from simsvc.scenario.assumptions.turnover import Turnover
from simsvc.scenario.fields import Section


class Assumptions(Section):
    """Coefficients of all mechanisms."""

    leaving: Leaving = Leaving()
    morale: Morale = Morale()
    tempering: Tempering = Tempering()
    turnover: Turnover = Turnover()
