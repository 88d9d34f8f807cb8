"""Morris screening: which of many parameters matter, from elementary effects along random trajectories.

A trajectory moves one parameter at a time through a grid of the ranges; the change of a metric over each
move, divided by the move as a share of the range, is an elementary effect (Morris 1991). All effects are
therefore in the metric's own unit and stand for the whole range, as if effects were the same all along it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from simsvc.sensitivity_analysis.noise import DRAWS, is_constant, noise_bound, quantiles, resampled

FEWEST = 2
"""Trajectories without which nothing can be said."""
UNSURE = "direction not sure"
"""Said of a parameter that matters, but neither up, nor down, nor both is beyond doubt."""


def elementary_effects(shares: Any, values: Any) -> Any:
    """Change of a metric per share of the range, for each move.

    SALib's own function takes one run of every point, and the grid's move for granted.

    Args:
        shares: float (trajectories, parameters + 1, parameters), where the parameters really stand, so that
            the rounding of whole numbers does not count as an effect.
        values: float (trajectories, parameters + 1, replications).

    Returns:
        Float (trajectories, parameters, replications).
    """
    moves = np.diff(shares, axis=1)
    moved = np.abs(moves).argmax(axis=2)  # (trajectories, moves): number of the parameter
    step = np.take_along_axis(moves, moved[:, :, None], axis=2)
    effects = np.empty((shares.shape[0], shares.shape[2], values.shape[2]))
    np.put_along_axis(effects, moved[:, :, None], np.diff(values, axis=1) / step, axis=1)
    return effects


def morris(shares: Any, values: Any, *, common_luck: bool = True, draws: int = DRAWS, seed: int = 1) -> pd.DataFrame:
    """Mean and spread of the elementary effects, with intervals and what noise alone would show.

    Trajectories with a missing value are left out.

    Args:
        shares: float (trajectories, parameters + 1, parameters).
        values: float (trajectories, parameters + 1, replications); NaN where a run failed.
        common_luck: whether replication k has the same luck at every point.
        draws: resampled data sets behind the intervals.
        seed: of the resampling.

    Returns:
        One row per parameter, in order. Columns: `mu`, `mu_low`, `mu_high` (mean effect), `mu_star`,
        `mu_star_low`, `mu_star_high` (mean size of effects), `sigma` (standard deviation of effects), `sigma_noise`
        (what noise alone would give for it), `noise` (bound under which mu_star stays in 95 % of cases without
        any effect), `noise_one_way` (the same for effects of one sign alone: sum of those upwards, or of those
        downwards, over the number of all), `noise_error` (standard error of mu_star due to noise alone), `blocks`
        (trajectories used), `left_out`, `constant`. Intervals over trajectories and replications at once.
    """
    complete = np.isfinite(values).all(axis=(1, 2))
    shares, values = shares[complete], values[complete]
    count, parameters = len(shares), shares.shape[2]
    names = ("mu", "mu_low", "mu_high", "mu_star", "mu_star_low", "mu_star_high", "sigma", "sigma_noise", "noise",
             "noise_one_way", "noise_error")  # fmt: skip
    found = pd.DataFrame(np.nan, index=range(parameters), columns=list(names))
    constant = is_constant(values)
    if count >= FEWEST and constant:
        found.loc[:, :] = 0.0
    elif count >= FEWEST:
        replications = values.shape[2]
        effects = elementary_effects(shares, values)
        mean = effects.mean(axis=2)
        found["mu"], found["mu_star"] = mean.mean(axis=0), np.abs(mean).mean(axis=0)
        found["sigma"] = mean.std(axis=0, ddof=1)
        drawn = []
        for rows, weights in resampled(count, replications, common_luck=common_luck, draws=draws, seed=seed):
            sample = np.einsum("tpr,tr->tp", effects[rows], weights)
            drawn.append((sample.mean(axis=0), np.abs(sample).mean(axis=0)))
        low, high = quantiles(np.array(drawn))
        found["mu_low"], found["mu_high"] = low[0], high[0]
        # resampled noise adds to the size of effects a second time: the interval is moved back to the estimate
        surplus = np.array(drawn)[:, 1].mean(axis=0) - found["mu_star"].to_numpy()
        found["mu_star_low"], found["mu_star_high"] = np.maximum(low[1] - surplus, 0.0), high[1] - surplus
        if replications > 1:
            found["sigma_noise"] = np.sqrt(effects.var(axis=2, ddof=1).mean(axis=0) / replications)
            found["noise_error"] = _error_by_noise(effects, mean, common_luck)
            options: dict[str, Any] = dict(common_luck=common_luck, draws=draws, seed=seed)
            _, found["noise"] = noise_bound(effects, lambda null: np.abs(null).mean(axis=0), **options)
            _, found["noise_one_way"] = noise_bound(effects, lambda null: np.maximum(null, 0).mean(axis=0), **options)
    found["blocks"], found["left_out"], found["constant"] = count, int((~complete).sum()), constant
    return found


def _error_by_noise(effects: Any, mean: Any, common_luck: bool) -> Any:
    """Standard error of mu_star from the scatter between replications: its derivative times that of the effects."""
    count, _, replications = effects.shape
    signed = effects * np.sign(mean)[:, :, None]
    if common_luck:
        return signed.mean(axis=0).std(axis=1, ddof=1) / np.sqrt(replications)
    return np.sqrt(signed.var(axis=2, ddof=1).sum(axis=0) / replications) / count


def morris_verdict(row: Any) -> str:
    """What a row of `morris` says, in words."""
    if row["blocks"] < FEWEST:
        return f"not analysed: {row['left_out']} trajectories with runs without a value left too few"
    if row["constant"]:
        return "constant: the metric is the same everywhere"
    if row["mu_star"] == 0:
        return "no effect"
    if np.isnan(row["noise"]):
        return "noise unknown: needs 2 replications"
    if row["mu_star"] <= row["noise"]:
        return "cannot be told from noise"
    spread = np.sqrt(max(row["sigma"] ** 2 - row["sigma_noise"] ** 2, 0.0)) / row["mu_star"]
    way = direction(row)
    if way == "either way":
        return "up or down, depending on the others or on the place in the range"
    if way == UNSURE:
        return f"matters; {UNSURE}"
    if _both_signs(row):
        first, then = ("raises", "lowers") if way == "up" else ("lowers", "raises")
        return f"{first} it on the whole, {then} it in places"
    return ("raises it, " if way == "up" else "lowers it, ") + (
        "much alike everywhere" if spread < 0.5 else "here more, there less"
    )


def _both_signs(row: Any) -> bool:
    """Whether effects against the direction of most are beyond noise."""
    return bool((row["mu_star"] - abs(row["mu"])) / 2 > row["noise_one_way"])


def direction(row: Any) -> str:
    """Which way a row of `morris` goes as the parameter rises: `up`, `down`, `either way`, or `UNSURE`.

    Either way: effects of both signs are beyond noise, and neither sign outweighs the other by far.
    """
    balanced = abs(row["mu"]) < 0.5 * row["mu_star"]
    if balanced and _both_signs(row):
        return "either way"
    if balanced or row["mu_low"] <= 0 <= row["mu_high"]:
        return UNSURE
    return "up" if row["mu"] > 0 else "down"
