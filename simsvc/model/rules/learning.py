"""How skill grows: by doing, by training, from bosses and from each other."""

from __future__ import annotations

from simsvc.model.compiling import rule


@rule
def skill_after(
    skill: float, potential: float, contacts: float, training: float, peers: float, learning: float
) -> float:
    """Skill after one more day, 0-1, on the way to the person's potential (C28, C35).

    Args:
        skill: before, 0-1.
        potential: skill the person tends to, 0-1.
        contacts: served today.
        training: days of training per day, >= 0.
        peers: how far the team is ahead of this person times how freely it shares, 0-1.
        learning: strength of the rule; 0: nobody learns by doing, training or from peers.
    """
    gain = (0.00016 * contacts + 0.08 * training) * (potential - skill) + 0.006 * peers
    return min(skill + min(learning * max(gain, 0.0), 1.0), 1.0)


@rule
def skill_from_coaching(minutes: float, teaching: float, skill: float, strength: float) -> float:
    """Skill gained from a day's coaching; what a good boss teaches lasts (Lazear et al. 2015; H6).

    Args:
        minutes: of coaching per head, >= 0.
        teaching: skill of the boss as a teacher, 0-1.
        skill: before, 0-1; the last steps are the hardest.
        strength: of the rule; 0: nothing.
    """
    return strength * 0.0004 * min(minutes, 60.0) * teaching * max(0.95 - skill, 0.0)
