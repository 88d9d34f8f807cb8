"""Bosses: from a team's output to how far a boss's teaching reaches.

    python experiments/evidence/bosses.py

A boss of the best tenth instead of the worst adds more than one worker to nine would, a ninth of output (Lazear, Shaw
& Stanton 2015). In the model bosses move the skill that people tend to, and skill the logarithm of time per case.
"""

from __future__ import annotations

import numpy as np

from simsvc.evidence.derivations import Derived, States, derive_alone, value_of
from simsvc.evidence.measures import TENTH


def derive(seen: States) -> list[Derived]:
    """Reach of a boss's teaching, by pace alone."""
    apart = 2 * TENTH * seen["settings"].workforce.boss_spread
    implied = [float(np.log(1 + gain) / (value_of("service_time.skill_pace") * apart)) for gain in (1 / 9, 0.08, 0.15)]
    return [
        Derived(
            "learning.boss_reach", implied, "a ninth of output, 8 to 15 %", "Lazear, Shaw & Stanton 2015",
            ("LazearShawStanton2015",), "abstract",
            "gain in pace between bosses 2 x 1.755 standard deviations apart; what skill does to quality comes on top",
        )
    ]  # fmt: skip


if __name__ == "__main__":
    derive_alone(derive)
