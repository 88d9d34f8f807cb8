"""Regret: how far each chart is behind the best one of the same world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from simsvc.runs.metrics import METRICS


def behind_best(metric: str, levels: Mapping[str, Any]) -> dict[str, Any]:
    """How far each chart is behind the best one of the same world, float (worlds,), from its levels in each world."""
    means = np.array(list(levels.values()))
    means = means[:, np.isfinite(means).all(axis=0)] * (METRICS[metric].better or 1)
    return dict(zip(levels, means.max(axis=0) - means, strict=True))
