"""How a customer takes an encounter: outcome, procedure and manner.

Outcome weighs most for the single case, manner for the lasting attitude (Orsingher, Valentini & de
Angelis 2010; Gelbrich & Roschk 2011). Escalation hurts only through delay, repetition,
re-explaining and refusal: it has no penalty of its own.
"""

from __future__ import annotations

from simsvc.model.compiling import rule
from simsvc.model.rows import FAILURE, REQUEST
from simsvc.scenario.assumptions.justice import JUSTICE, Justice


@rule
def outcome_felt(
    kind: int,
    resolved: bool,
    granted: bool,
    legitimate: bool,
    quality: float,
    fit: float,
    paid_share: float,
    overcompensation: float,
    a: Justice = JUSTICE,
) -> float:
    """Distributive justice, 0-1.

    The value of a remedy grows up to full compensation and falls slightly beyond it (H12).

    Args:
        kind: ROUTINE, REQUEST or FAILURE.
        resolved: whether the matter is settled.
        granted: whether what was asked for was granted.
        legitimate: whether it was due.
        quality: of the work, 0-1.
        fit: of the solution, 0-1.
        paid_share: remedy paid over the fair remedy, >= 0.
        overcompensation: strength of the rule that more than full compensation does harm.
        a: coefficients.
    """
    if not resolved:
        return a.unresolved
    work = a.quality_in_work * quality + (1.0 - a.quality_in_work) * fit
    if kind == FAILURE:
        if not granted and not legitimate:
            return a.only_trying
        short = 1.0 - paid_share
        remedy = 1.0 - short * short if short > 0.0 else 1.0 - a.harm_of_too_much * overcompensation * short * short
        return min(max(a.work_after_failure * work + a.remedy_after_failure * remedy, 0.0), 1.0)
    if kind == REQUEST and not granted:  # whoever wishes for something does not know what it is worth to the firm
        return a.wish_refused * work
    return a.settled + (1.0 - a.settled) * work


@rule
def procedure_felt(
    waited: float,
    delayed: float,
    attempts: int,
    reexplained: float,
    wait_tolerance: float,
    delay_tolerance: float,
    strength: float,
    a: Justice = JUSTICE,
) -> float:
    """Procedural justice, 0-1: time and hassle.

    Args:
        waited: minutes on the line, >= 0.
        delayed: minutes off the line until the answer, >= 0.
        attempts: contacts this case has taken so far, >= 1.
        reexplained: times the case had to be told anew, >= 0.
        wait_tolerance: minutes on the line that halve it, > 0.
        delay_tolerance: minutes off the line that halve it, > 0.
        strength: of the rule; 0 gives what is typical.
        a: coefficients.
    """
    hassle = a.repetition * (attempts - 1)
    burden = waited / wait_tolerance + delayed / delay_tolerance + hassle + a.telling_anew * reexplained
    return a.typical_procedure + min(strength, 1.0) * (1.0 / (1.0 + strength * burden) - a.typical_procedure)


@rule
def inconsistency_of(latitude: float, clarity: float, a: Justice = JUSTICE) -> float:
    """How unequally like cases are treated, 0-1 (Homburg & Fürst 2005; H5).

    Solutions that everybody finds by the own lights, and limits that everybody reads differently;
    guidelines hold them together. That a chart refuses more than another is no inconsistency.

    Args:
        latitude: deviation from the script that staff may take, 0-1.
        clarity: of vision and limits, 0-1.
        a: coefficients.
    """
    return min(latitude * (a.unguided_latitude - clarity) + a.unclear_limits * (1.0 - clarity), 1.0)


@rule
def procedure_compared(procedure: float, inconsistency: float, strength: float, a: Justice = JUSTICE) -> float:
    """Procedural justice, 0-1, as felt by customers who hear how others are treated (H5).

    Args:
        procedure: by itself, 0-1.
        inconsistency: of treatment, 0-1.
        strength: of the rule; 0: nobody compares.
        a: coefficients.
    """
    return procedure * max(1.0 - a.comparison * strength * inconsistency, 0.0)


@rule
def delight_of_gesture(gesture: float, strength: float, a: Justice = JUSTICE) -> float:
    """What an unexpected gesture adds to an encounter, 0-1 (C36); once expected, it is the norm.

    Args:
        gesture: what is given beyond the solution, ratio to a full one, >= 0.
        strength: of the rule; 0: nobody notices.
        a: coefficients.
    """
    return a.gesture * strength * min(gesture, 1.0)


@rule
def encounter_felt(outcome: float, procedure: float, courtesy: float, a: Justice = JUSTICE) -> float:
    """Performance of an encounter as the customer sees it, 0-1, outcome first.

    Args:
        outcome: distributive justice, 0-1.
        procedure: procedural justice, 0-1.
        courtesy: 0-1.
        a: coefficients.
    """
    return a.outcome * outcome + (1.0 - (a.outcome + a.manner)) * procedure + a.manner * courtesy


@rule
def treatment_felt(outcome: float, procedure: float, courtesy: float, a: Justice = JUSTICE) -> float:
    """What of an encounter feeds the lasting attitude, 0-1, manner first (C10).

    Args:
        outcome: distributive justice, 0-1.
        procedure: procedural justice, 0-1.
        courtesy: 0-1.
        a: coefficients.
    """
    rest = 1.0 - (a.lasting_outcome + a.lasting_manner)
    return a.lasting_outcome * outcome + rest * procedure + a.lasting_manner * courtesy
