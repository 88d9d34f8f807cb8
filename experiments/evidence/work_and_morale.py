"""Work and morale: from the variance of job satisfaction that work explains to the slope of resources in morale.

    python experiments/evidence/work_and_morale.py

Motivational characteristics of work explain 34 % of the variance of job satisfaction, social ones 17 % more (Humphrey,
Nahrgang & Morgeson 2007). Within one firm of the model all have the same characteristics, and what differs in morale is
the person. So the spread of characteristics over jobs is that of surveys: a fifth of the scale, correlated by .3.
"""

from __future__ import annotations

import numpy as np

from simsvc.evidence.derivations import Derived, States, derive_alone, value_of

PARTS = ("autonomy", "support", "recognition", "answers", "colleagues", "gratitude")
TOGETHER = 0.3
"""Correlation of two characteristics over jobs."""


def spread_of_resources(spread: float) -> float:
    """Standard deviation of resources over jobs, if each part has this one."""
    weights = np.array([value_of(f"morale.weight_of_{part}") for part in PARTS])
    return spread * float(np.sqrt((1 - TOGETHER) * (weights**2).sum() + TOGETHER * weights.sum() ** 2))


def derive(seen: States) -> list[Derived]:
    """Slope of resources in morale, in the long run, when people are used to them."""
    morale = np.clip(seen["staff"]["morale"].astype(float), 1e-3, 1 - 1e-3)
    rest = float(np.log(morale / (1 - morale)).std())
    counts = 1 - value_of("morale.habit_share")

    def slope(explained: float, spread: float) -> float:
        return float(np.sqrt(explained / (1 - explained))) * rest / spread_of_resources(spread) / counts

    return [
        Derived(
            "morale.morale_resources", [slope(0.34, 0.2), slope(0.34, 0.25), slope(0.51, 0.2)],
            "work explains 34 % of the variance of job satisfaction, with social characteristics 51 %",
            "Humphrey, Nahrgang & Morgeson 2007", ("HumphreyNahrgangMorgeson2007",), "abstract",
            "slope that gives this share beside the model's differences between people, spread of resources of surveys",
        )
    ]  # fmt: skip


if __name__ == "__main__":
    derive_alone(derive)
