"""Staff who quit, and those who take their place."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule
from simsvc.scenario.assumptions.turnover import TURNOVER, Turnover


@rule
def rate_of_quitting(
    base: float,
    morale: float,
    commitment: float,
    exhaustion: float,
    futility: float,
    pay: float,
    quitting: float,
    strength: float,
    a: Turnover = TURNOVER,
) -> float:
    """Rate of quitting, per year, >= 0.

    Scaled so that good jobs lose about half as many as poor ones: the order of Batt 2002 and the
    Global Call Center Report as remembered, not an estimate from their tables.

    Args:
        base: at the morale, commitment and exhaustion of `a`, per year, >= 0.
        morale: 0-1.
        commitment: 0-1.
        exhaustion: 0-1.
        futility: of speaking up, -1 to 1, see `futility_felt`; below 0 it is worth the while.
        pay: felt, -1 to 1, see `pay_felt`.
        quitting: strength of the rule that mood matters; 0: the base rate.
        strength: of the rule that futility matters.
        a: coefficients.
    """
    mood = (
        -a.quitting_morale * (morale - a.base_morale)
        - a.quitting_commitment * (commitment - a.base_commitment)
        + a.quitting_exhaustion * (exhaustion - a.base_exhaustion)
    )
    return base * math.exp(min(max(quitting * mood + strength * futility - a.pay_elasticity * pay, -10.0), 4.0))


@rule
def pay_felt(wage: float, market: float, strength: float) -> float:
    """Pay against the market's, in logarithms, -1 to 1; 0 is what others pay (C5).

    How steeply quits fall as pay rises is the coefficient `pay_elasticity` of `rate_of_quitting`.

    Args:
        wage: money per day, >= 0.
        market: what others pay for such work, money per day, > 0.
        strength: of the rule; 0: pay is not felt.
    """
    return strength * min(max(math.log(max(wage, 0.01) / market), -1.0), 1.0)


@rule
def rate_of_dismissal(disposition: float, readiness: float, strength: float, a: Turnover = TURNOVER) -> float:
    """Rate at which somebody of little hospitality is let go, per year, >= 0 (C33).

    Args:
        disposition: 0-1.
        readiness: how readily the unsuited are replaced, 0-1.
        strength: of the rule; 0: nobody is let go.
        a: coefficients.
    """
    return a.dismissal_rate * strength * readiness * max(a.disposition_wanted - disposition, 0.0)


@rule
def futility_felt(voice: float, answered: float, ordinary: float) -> float:
    """Futility of speaking up, -1 to 1; 0 where as much comes of it as ordinarily does (H7).

    Where nothing happens, those who speak up leave more than those who keep silent; where something does, they
    leave less: in 136 restaurants voice went with more turnover under managers who could not or would not change
    things, and with less under those who could (McClean, Burris & Detert 2013, abstract).

    Args:
        voice: readiness to report, 0-1.
        answered: what answers to one's reports are worth, 0-1.
        ordinary: what they are worth in an ordinary firm, 0-1.
    """
    return voice * (ordinary - answered)


@rule
def selectivity_in_force(selectivity: float, strength: float) -> float:
    """How much hiring selects, and what it costs as a share of fully selective hiring, 0-1 (C33, H9).

    Args:
        selectivity: of the chart, 0-1.
        strength: of the rule; 0: whoever comes is hired.
    """
    return selectivity * min(strength, 1.0)


@rule
def disposition_of_hire(
    mean: float,
    selectivity: float,
    reputation: float,
    pay: float,
    z: float,
    strength: float,
    a: Turnover = TURNOVER,
) -> float:
    """Hospitable disposition of a new member of staff, 0.05-0.95 (C33, C13).

    Args:
        mean: of the labour market, 0-1.
        selectivity: how much hiring selects for it, 0-1.
        reputation: of the firm as an employer, 0-1: good employers draw better applicants.
        pay: felt, -1 to 1, see `pay_felt`; who pays well has the choice.
        z: standard normal number.
        strength: of the rule; 0: whoever comes is hired.
        a: coefficients.
    """
    drawn = (
        a.hire_selectivity * selectivity + a.hire_reputation * (reputation - a.ordinary_reputation) + a.hire_pay * pay
    )
    return min(max(mean + a.hire_spread * z + strength * drawn, 0.05), 0.95)
