"""What an effect hangs on: shares of its variance over worlds by luck, by each assumption, and by their interplay.

Luck is told from assumptions by worlds and replications crossed (two-way analysis of variance). What assumptions do
is shared out by Sobol indices of an emulator of the effect, learnt from the worlds kept (Marrel et al. 2009): with
hundreds of inputs and some hundred worlds nothing can be varied one at a time. The emulator takes no input that could
be as strong by chance; what it does not foretell at worlds left out is given to no assumption.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from simsvc.robustness.emulator import emulate, foretold
from simsvc.sensitivity_analysis.noise import components
from simsvc.sensitivity_analysis.sampling import saltelli
from simsvc.sensitivity_analysis.variance_indices import sobol_indices

CHANCE = 0.05
"""That any input at all is taken for a driver where none has an effect."""
BASE_SAMPLES = 512
DRIVERS = ["name", "share", "low", "high", "alone", "correlation"]


def drivers(shares: Any, effects: Any, names: Sequence[str]) -> tuple[pd.DataFrame, dict[str, float]]:
    """Share out the variance of an effect.

    Indices are for inputs that vary independently, each as among the worlds kept.

    Args:
        shares: float (worlds, inputs), 0-1.
        effects: float (worlds, replications), the same luck in all worlds, without NaN.
        names: of the inputs.

    Returns:
        One row per driver, the strongest first: name, `share` of the variance of the effect between single pairs of
        runs (total index), `low` and `high` (95 %, of the indices alone, not of the emulator), `alone` (first-order
        index) and rank `correlation` with the effect; and shares of the same variance by `luck`, `assumptions`,
        `interactions` (of assumptions, seen by the emulator) and `unattributed` (of assumptions, but to none).
    """
    parts, mean = components(effects), effects.mean(axis=1)
    whole, spread = parts["variance"], float(mean.var(ddof=1))
    luck = parts["luck"] + parts["noise"] if effects.shape[1] > 1 else math.nan
    assumed = 1.0 - luck if math.isfinite(luck) else 1.0
    nothing = pd.DataFrame(columns=DRIVERS)
    if spread <= 0 or whole <= 0:
        return nothing, {"luck": luck, "assumptions": assumed, "interactions": 0.0, "unattributed": assumed}
    emulator = emulate(shares, mean, CHANCE)
    told = min(foretold(shares, mean, CHANCE) * spread / whole, assumed) if len(emulator.active) else 0.0
    if told <= 0:
        return nothing, {"luck": luck, "assumptions": assumed, "interactions": 0.0, "unattributed": assumed}
    count = len(emulator.active)
    sampled = saltelli(count, BASE_SAMPLES, False, 1)
    at = np.full((sampled.shape[0] * sampled.shape[1], shares.shape[1]), 0.5)
    for k, j in enumerate(emulator.active):
        at[:, j] = np.quantile(shares[:, j], sampled[:, :, k].ravel())
    values = emulator.predict(at)[0].reshape(*sampled.shape[:2], 1)
    table = sobol_indices(values, count).table
    found = pd.DataFrame(
        {
            "name": [names[j] for j in emulator.active],
            "share": table["total"].clip(lower=0) * told,
            "low": table["total_low"].clip(lower=0) * told,
            "high": table["total_high"].clip(lower=0) * told,
            "alone": table["first"].clip(lower=0) * told,
            "correlation": [_correlation(shares[:, j], mean) for j in emulator.active],
        }
    ).sort_values("share", ascending=False, ignore_index=True)
    together = max(1.0 - float(table["first"].clip(lower=0).sum()), 0.0) * told
    return found, {"luck": luck, "assumptions": assumed, "interactions": together, "unattributed": assumed - told}


def _correlation(one: Any, other: Any) -> float:
    return float(pd.Series(one).corr(pd.Series(other), method="spearman"))
