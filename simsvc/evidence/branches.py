"""Branches of a chain that differ in their conditions, and correlations over them."""

from __future__ import annotations

from typing import Any

import numpy as np

BRANCHES = 16
CONDITIONS = {
    "workforce.frontline": (7, 10),
    "operations.tools": (0.5, 0.9),
    "structure.training_days": (0, 12),
    "workforce.boss_quality": (0.3, 0.7),
    "workforce.disposition": (0.45, 0.75),
    "workforce.quit_rate": (0.2, 0.9),
}
"""What unlike branches differ in: ranges, spread evenly over the branches."""


def conditions(**other: tuple[float, float]) -> list[dict[str, Any]]:
    """Settings of each branch, the same for every chain.

    Args:
        other: ranges of a chain that differ from `CONDITIONS`, by the setting's name without its section.
    """
    from scipy.stats import qmc  # slow to import

    ranges = {name: other.get(name.partition(".")[2], ends) for name, ends in CONDITIONS.items()}
    low, high = np.array(list(ranges.values()), float).T
    spread = qmc.scale(qmc.LatinHypercube(len(ranges), rng=np.random.default_rng(1)).random(BRANCHES), low, high)
    branches: list[dict[str, Any]] = [dict(zip(ranges, place.tolist(), strict=True)) for place in spread]
    for branch in branches:
        branch["workforce.frontline"] = round(branch["workforce.frontline"])
    return branches


def correlation(one: Any, other: Any) -> float:
    """Pearson's correlation; NaN where one of them does not vary."""
    a, b = np.asarray(one, float), np.asarray(other, float)
    return float(np.corrcoef(a, b)[0, 1]) if len(a) > 1 and a.std() > 0 and b.std() > 0 else float("nan")


def partial_correlation(one: Any, other: Any, given: Any) -> float:
    """Correlation of two quantities that is left when what both owe to a third is taken away."""
    ab, ac, bc = correlation(one, other), correlation(one, given), correlation(other, given)
    return float((ab - ac * bc) / max(np.sqrt((1 - ac * ac) * (1 - bc * bc)), 1e-12))
