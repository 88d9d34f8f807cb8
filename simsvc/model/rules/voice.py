"""Who speaks up, and what managers come to believe."""

from __future__ import annotations

from simsvc.model.compiling import rule
from simsvc.model.curves import saturating
from simsvc.scenario.assumptions.voice import VOICE, Voice


@rule
def voice_after(voice: float, answered: float, trust: float, strength: float, a: Voice = VOICE) -> float:
    """Readiness to report after one more day, 0-1: answered, it grows; ignored, it dies (C26).

    Args:
        voice: before, 0-1.
        answered: share of own reports that got an answer, 0-1.
        trust: that speaking up does no harm, 0-1 (C25).
        strength: of the rule; 0 leaves voice alone.
        a: coefficients.
    """
    target = a.voice_ignored + a.voice_encouraged * (
        a.weight_of_answers * answered + (1.0 - a.weight_of_answers) * trust
    )
    return voice + min(strength / a.trust_days, 1.0) * (target - voice)


@rule
def seen_at_desk(information: float, strength: float) -> float:
    """What one case on an approver's desk tells of its cause, in cases (H8).

    Args:
        information: what is left of the case, 0-1.
        strength: of the rule; 0: approvals are no overview.
    """
    return strength * information


@rule
def evidence_after(evidence: float, told: float, seen: float, report_weight: float, a: Voice = VOICE) -> float:
    """A manager's smoothed evidence on one cause, cases per day, >= 0.

    Args:
        evidence: before, cases per day, >= 0.
        told: cases reported today that survived the way up, >= 0.
        seen: cases the manager saw today, at approvals or on the floor, >= 0.
        report_weight: weight of what is told against what is seen with one's own eyes, 0-1.
        a: coefficients.
    """
    return evidence + (report_weight * told + seen - evidence) / a.evidence_days


@rule
def belief_in_cause(
    prior: float, share: float, total: float, own_prior: float, report_weight: float, strength: float, a: Voice = VOICE
) -> float:
    """How much trouble a manager thinks a cause makes, as a share of all trouble, 0-1 (C6, H8).

    Evidence counts the more the more of it there is; a stubborn manager keeps to the prior.

    Args:
        prior: believed before any evidence, 0-1.
        share: of this cause in the evidence, 0-1.
        total: evidence on all causes, cases per day, >= 0.
        own_prior: weight on the own prior against any evidence, 0-1.
        report_weight: how much the chart makes managers listen, 0-1: takes that much off the own prior.
        strength: of the rule; 0: the prior.
        a: coefficients.
    """
    weight = min(strength, 1.0) * (1.0 - own_prior * (1.0 - report_weight)) * total / (total + a.evidence_half)
    return prior + weight * (share - prior)


@rule
def trust_after(
    trust: float,
    floor: float,
    quality_seen: float,
    control: float,
    close_watch: float,
    strength: float,
    a: Voice = VOICE,
) -> float:
    """Managers' trust in the front line after one more day, 0-1 (C34).

    Args:
        trust: before, 0-1.
        floor: minutes on the floor per head today, >= 0.
        quality_seen: skill of the team, 0-1.
        control: minutes of control per head today, >= 0; looking for errors finds errors.
        close_watch: minutes of control that cost half of the most, > 0.
        strength: of the rule; 0 leaves trust alone.
        a: coefficients.
    """
    met = saturating(a.trust_of_floor, floor, a.floor_half)
    checked = saturating(a.distrust_of_control, control, close_watch)
    target = a.trust_unskilled + a.trust_of_skill * quality_seen + met - checked
    return trust + min(strength / a.trust_days, 1.0) * (min(max(target, 0.0), 1.0) - trust)
