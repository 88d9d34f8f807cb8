"""Telling good claims from bad, with both kinds of error (H3)."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule
from simsvc.model.curves import logistic

CONTROL_MINUTES = 15.0  # of being checked per head and day: a close watch
HIT = math.log(0.8 / 0.2)  # accuracy 1 and neutral strictness: 0.8 of the good, 0.2 of the bad pass
PASSED_UP_IN_DOUBT = 0.8  # logits by which whoever has not the last word is more lenient, under any chart; assumption


@rule
def chance_to_grant(legitimate: bool, accuracy: float, leniency: float, strength: float) -> float:
    """Chance that a screen lets a claim, or a wish, pass, 0-1 (Sah & Stiglitz 1986).

    With accuracy 1 and leniency 0 a screen passes 0.8 of the justified and 0.2 of the unjustified
    claims. Two such screens in a row pass 0.64 and 0.04.

    Args:
        legitimate: whether the claim is justified, or the wish worth its cost.
        accuracy: >= 0; of judge and of what is left of the case.
        leniency: in logits; above 0 errs towards granting.
        strength: of the rule; up to 1 the share of cases that are screened at all, beyond it accuracy grows.
    """
    evidence = HIT if legitimate else -HIT
    stopped = logistic(-(max(strength, 1.0) * accuracy * evidence + leniency))
    return 1.0 - min(strength, 1.0) * stopped


@rule
def chance_to_drop(legitimate: bool, strength: float) -> float:
    """Chance that a claim is dropped when the customer hears that it has to go up, 0-1 (Dukes & Zhu 2019; H3).

    Hassle screens out weak claims; who is in the right stays on the line.

    Args:
        legitimate: whether the claim is justified.
        strength: of the rule; 0: nobody drops a claim.
    """
    return 0.0 if legitimate else min(0.3 * strength, 1.0)


@rule
def leniency_of_chart(strictness: float) -> float:
    """Leniency, in logits, of whoever judges under a chart, at the desk or above, from its strictness, 0-1 (H3)."""
    return 4.0 * (0.5 - strictness)


@rule
def share_of_aim(misalignment: float, strength: float) -> float:
    """How far an approver decides by whether a claim is justified, 0-1 (Bandiera, Best, Khan & Prat 2021; H11).

    Args:
        misalignment: of approvers with the firm's aim, 0-1.
        strength: of the rule; 0: all approvers are after what the firm is after.
    """
    return max(1.0 - strength * misalignment, 0.0)


@rule
def information_after_level(information: float, loss: float, strength: float) -> float:
    """What is left of a case, or of a report, after one more level or hand-over, 0-1 (C9).

    Args:
        information: before, 0-1.
        loss: share lost at each step, 0-1.
        strength: of the rule; 0: nothing is lost.
    """
    return information * max(1.0 - strength * loss, 0.0)


@rule
def over_granting(clarity: float, recognition: float, empowerment: float, watched: float, strength: float) -> float:
    """What face to face adds to leniency, in logits, >= 0: over-granting (C27, H3).

    The unsure give in, and so do those praised for service; a clear aim, a sense of ownership and
    control hold it back, and at an ordinary desk they do so entirely. Weights are assumptions.

    Args:
        clarity: of vision and limits, 0-1.
        recognition: compliance 0 to service 1.
        empowerment: felt, 0-1.
        watched: how closely, 0-1; 1 from a quarter of an hour of control a day on.
        strength: of the rule; 0: none.
    """
    held_back = 1.5 * clarity + 0.5 * empowerment + watched
    return strength * max(1.2 + 1.0 * recognition - held_back, 0.0)


@rule
def judgement(skill: float, information: float, clarity: float) -> float:
    """Accuracy of a judge of claims, 0-2, about 1.5 for a skilled judge who knows the case.

    At 1.5 a neutral screen lets 0.89 of the justified and 0.11 of the unjustified claims pass.

    Args:
        skill: 0-1.
        information: what is known of the case, 0-1.
        clarity: of vision and limits, 0-1.
    """
    return 1.5 * (0.4 + 0.8 * skill) * (0.3 + 0.7 * information) * (0.8 + 0.3 * clarity)
