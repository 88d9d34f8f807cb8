"""Who speaks up, and what managers come to believe."""

from __future__ import annotations

from simsvc.model.compiling import rule
from simsvc.model.curves import saturating
from simsvc.model.rules.screening import CONTROL_MINUTES

TRUST_DAYS = 60.0  # in which voice and trust move


@rule
def voice_after(voice: float, answered: float, trust: float, strength: float) -> float:
    """Readiness to report after one more day, 0-1: answered, it grows; ignored, it dies (C26).

    Args:
        voice: before, 0-1.
        answered: share of own reports that got an answer, 0-1.
        trust: that speaking up does no harm, 0-1 (C25).
        strength: of the rule; 0 leaves voice alone.
    """
    target = 0.1 + 0.8 * (0.6 * answered + 0.4 * trust)
    return voice + min(strength / TRUST_DAYS, 1.0) * (target - voice)


@rule
def seen_at_desk(information: float, strength: float) -> float:
    """What one case on an approver's desk tells of its cause, in cases (H8).

    Args:
        information: what is left of the case, 0-1.
        strength: of the rule; 0: approvals are no overview.
    """
    return strength * information


@rule
def evidence_after(evidence: float, told: float, seen: float, report_weight: float) -> float:
    """A manager's smoothed evidence on one cause, cases per day, >= 0.

    Args:
        evidence: before.
        told: cases reported today that survived the way up.
        seen: cases the manager saw today, at approvals or on the floor.
        report_weight: weight of what is told against what is seen with one's own eyes, 0-1.
    """
    return evidence + (report_weight * told + seen - evidence) / 40.0


@rule
def belief_in_cause(
    prior: float, share: float, total: float, own_prior: float, report_weight: float, strength: float
) -> float:
    """How much trouble a manager thinks a cause makes, as a share of all trouble, 0-1 (C6, H8).

    Evidence counts the more the more of it there is; a stubborn manager keeps to the prior.

    Args:
        prior: believed before any evidence, 0-1.
        share: of this cause in the evidence, 0-1.
        total: evidence on all causes, cases per day.
        own_prior: weight on the own prior against any evidence, 0-1.
        report_weight: how much the chart makes managers listen, 0-1: takes that much off the own prior.
        strength: of the rule; 0: the prior.
    """
    weight = min(strength, 1.0) * (1.0 - own_prior * (1.0 - report_weight)) * total / (total + 1.0)
    return prior + weight * (share - prior)


@rule
def trust_after(trust: float, floor: float, quality_seen: float, control: float, strength: float) -> float:
    """Managers' trust in the front line after one more day, 0-1 (C34).

    Args:
        trust: before, 0-1.
        floor: minutes on the floor per head today.
        quality_seen: skill of the team, 0-1.
        control: minutes of control per head today; looking for errors finds errors.
        strength: of the rule; 0 leaves trust alone.
    """
    target = 0.25 + 0.5 * quality_seen + saturating(0.25, floor, 5.0)
    target -= saturating(0.15, control, CONTROL_MINUTES)
    return trust + min(strength / TRUST_DAYS, 1.0) * (min(max(target, 0.0), 1.0) - trust)
