"""Telling good claims from bad, with both kinds of error (H3)."""

from __future__ import annotations

from simsvc.model.compiling import rule
from simsvc.model.curves import logistic
from simsvc.scenario.assumptions.screening import SCREENING, Screening


@rule
def chance_to_grant(
    legitimate: bool, accuracy: float, leniency: float, strength: float, a: Screening = SCREENING
) -> float:
    """Chance that a screen lets a claim, or a wish, pass, 0-1 (Sah & Stiglitz 1986).

    With accuracy 1 and leniency 0, as published, a screen passes 0.8 of the justified and 0.2 of the unjustified
    claims. Two such screens in a row pass 0.64 and 0.04.

    Args:
        legitimate: whether the claim is justified, or the wish worth its cost.
        accuracy: >= 0; of judge and of what is left of the case.
        leniency: in logits; above 0 errs towards granting.
        strength: of the rule; up to 1 the share of cases that are screened at all, beyond it accuracy grows.
        a: coefficients.
    """
    evidence = a.evidence if legitimate else -a.evidence
    stopped = logistic(-(max(strength, 1.0) * accuracy * evidence + leniency))
    return 1.0 - min(strength, 1.0) * stopped


@rule
def chance_to_drop(legitimate: bool, strength: float, a: Screening = SCREENING) -> float:
    """Chance that a claim is dropped when the customer hears that it has to go up, 0-1 (Dukes & Zhu 2019; H3).

    Hassle screens out weak claims; who is in the right stays on the line.

    Args:
        legitimate: whether the claim is justified.
        strength: of the rule; 0: nobody drops a claim.
        a: coefficients.
    """
    return 0.0 if legitimate else min(a.dropped * strength, 1.0)


@rule
def leniency_of_chart(strictness: float, a: Screening = SCREENING) -> float:
    """Leniency, in logits, of whoever judges under a chart, at the desk or above, from its strictness (H3).

    Args:
        strictness: of the chart, 0-1.
        a: coefficients.
    """
    return a.leniency_per_strictness * (0.5 - strictness)


@rule
def leniency_in_doubt(strength: float, a: Screening = SCREENING) -> float:
    """How much more lenient than the last word the first of two judges is, in logits, >= 0 (H3).

    Args:
        strength: of the rule; 0: as strict as the last word.
        a: coefficients.
    """
    return strength * a.passed_up_in_doubt


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
def over_granting(
    clarity: float, recognition: float, empowerment: float, watched: float, strength: float, a: Screening = SCREENING
) -> float:
    """What face to face adds to leniency, in logits, >= 0: over-granting (C27, H3).

    The unsure give in, and so do those praised for service; a clear aim, a sense of ownership and
    control hold it back, and at an ordinary desk they do so entirely.

    Args:
        clarity: of vision and limits, 0-1.
        recognition: compliance 0 to service 1.
        empowerment: felt, 0-1.
        watched: how closely, 0-1.
        strength: of the rule; 0: none.
        a: coefficients.
    """
    held_back = a.held_back_by_aim * clarity + a.held_back_by_ownership * empowerment + a.held_back_by_watch * watched
    return strength * max(a.over_granting + a.granted_for_praise * recognition - held_back, 0.0)


@rule
def judgement(skill: float, information: float, clarity: float, a: Screening = SCREENING) -> float:
    """Accuracy of a judge of claims, >= 0, about 1.5 for a skilled judge who knows the case.

    At 1.5 a neutral screen lets 0.89 of the justified and 0.11 of the unjustified claims pass.

    Args:
        skill: 0-1.
        information: what is known of the case, 0-1.
        clarity: of vision and limits, 0-1.
        a: coefficients.
    """
    return (
        a.accuracy
        * (a.accuracy_unskilled + a.accuracy_of_skill * skill)
        * (a.accuracy_uninformed + a.accuracy_of_information * information)
        * (a.accuracy_unclear + a.accuracy_of_clarity * clarity)
    )
