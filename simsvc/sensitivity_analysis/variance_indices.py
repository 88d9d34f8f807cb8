"""Sobol indices: the share of a metric's variance that each parameter brings, alone and with others.

Sampling and estimators are SALib's (Saltelli et al. 2010; second order: Saltelli 2002). Runs of a simulation
are noisy: with `noise_free` the variances are those of the expected metric, so that indices do not grow or
shrink with the number of replications.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from simsvc.sensitivity_analysis.noise import (
    DRAWS,
    components,
    is_constant,
    noise_bound,
    noise_free,
    quantiles,
    resampled,
)

FEWEST = 8
"""Base samples without which nothing can be said."""
DROWNED = 0.01
"""Chance by which noise alone may scatter points as much; above it there is no variance to share out."""
VAGUE = 0.6
"""An interval of an index wider than this says nothing on its size."""
EXCESS = 0.1
"""A first-order index cannot be above the total; if it is by more than this both are too rough."""
MOST_TOGETHER = 1.3
"""First-order indices cannot add up to more than 1; above this all of them are too rough."""
CHUNK = 100
"""Resampled data sets held at a time."""


def _pairs(values: Any, parameters: int) -> list[tuple[int, int]]:
    """Numbers of the parameters of each pair, if the points tell of pairs."""
    return list(itertools.combinations(range(parameters), 2)) if values.shape[1] > parameters + 2 else []


def _variances(values: Any, parameters: int) -> tuple[Any, list[Any]]:
    """The variance over base points, and what of it is first-order, total and second-order.

    Args:
        values: float (base samples, points of each, cases).
        parameters: how many.

    Returns:
        Float (cases,), and float (parameters or pairs, cases) each.
    """
    from SALib.analyze import sobol

    a, b, numbers = values[:, 0], values[:, -1], range(parameters)
    ab, ba = values[:, 1 : parameters + 1], values[:, parameters + 1 : -1]
    whole = np.var(np.concatenate([a, b]), axis=0)
    indices = (
        [sobol.first_order(a, ab[:, j], b) for j in numbers],
        [sobol.total_order(a, ab[:, j], b) for j in numbers],
        [sobol.second_order(a, ab[:, j], ab[:, k], ba[:, j], b) for j, k in _pairs(values, parameters)],
    )
    return whole, [np.reshape(some, (len(some), *whole.shape)) * whole for some in indices]


@dataclass(frozen=True)
class SobolIndices:
    """What `sobol_indices` finds.

    Attributes:
        table: one row per parameter: `first`, `first_low`, `first_high`, `total`, `total_low`, `total_high` (shares
            of the variance of the expected metric), `noise` (total index that noise alone stays under in 95 %
            of cases without any effect), `blocks` (base samples used), `left_out`, `constant`, `drowned` (points
            scatter no more than noise makes them), `rough` (estimates contradict each other: `EXCESS`,
            `MOST_TOGETHER`).
        pairs: one row per pair, if asked for: numbers `one` and `other`, `second`, `second_low`, `second_high`.
    """

    table: pd.DataFrame
    pairs: pd.DataFrame


def sobol_indices(values: Any, parameters: int, *, common_luck: bool = True, draws: int = DRAWS, seed: int = 1) -> (
    SobolIndices
):  # fmt: skip
    """Sobol indices with intervals over base samples and replications at once.

    Base samples with a missing value are left out.

    Args:
        values: float (base samples, points of each as in `saltelli`, replications); NaN where a run failed.
        parameters: how many.
        common_luck: whether replication k has the same luck at every point.
        draws: resampled data sets behind the intervals.
        seed: of the resampling.
    """
    complete = np.isfinite(values).all(axis=(1, 2))
    values = values[complete]
    count, replications = len(values), values.shape[2]
    table = pd.DataFrame(
        np.nan,
        index=range(parameters),
        columns=["first", "first_low", "first_high", "total", "total_low", "total_high", "noise"],
    )
    pairs = pd.DataFrame(_pairs(values, parameters), columns=["one", "other"]).assign(
        second=np.nan, second_low=np.nan, second_high=np.nan
    )
    constant = is_constant(values)
    drowned = False
    if count >= FEWEST and not constant:
        scattered = components(values.reshape(-1, replications), common_luck)["f_probability"]
        drowned = bool(scattered > DROWNED)
    table["blocks"], table["left_out"] = count, int((~complete).sum())
    table["constant"], table["drowned"], table["rough"] = constant, drowned, False
    if count < FEWEST or constant or drowned:
        return SobolIndices(table, pairs)
    values = (values - values.mean()) / values.std()  # SALib compares variances with an absolute zero
    (raw,), at_mean = _variances(values.mean(axis=2, keepdims=True), parameters)
    each, at_each = _variances(values, parameters)
    whole = float(noise_free(raw, each.mean(), replications))
    estimates = [
        noise_free(one[..., 0], other.mean(axis=-1), replications) / whole
        for one, other in zip(at_mean, at_each, strict=True)
    ]
    drawn = _drawn(values, parameters, common_luck, draws, seed)
    for frame, name, estimate, sample in zip(
        (table, table, pairs), ("first", "total", "second"), estimates, drawn, strict=True
    ):
        low, high = quantiles(sample)
        centre = sample.mean(axis=0)
        frame[name] = estimate
        # the noise in a resampled total is twice that in the data: the draws are moved to the estimate
        frame[f"{name}_low"] = estimate + (low - centre) * raw / whole
        frame[f"{name}_high"] = estimate + (high - centre) * raw / whole
    table["rough"] = (table["first"] > table["total"] + EXCESS) | (table["first"].sum() > MOST_TOGETHER)
    if replications > 1:
        moves = values[:, 1 : parameters + 1] - values[:, :1]
        usual, bound = noise_bound(
            moves, lambda null: 0.5 * (null**2).mean(axis=0), common_luck=common_luck, draws=draws, seed=seed
        )
        table["noise"] = (bound - usual) / whole
    return SobolIndices(table, pairs)


def _drawn(values: Any, parameters: int, common_luck: bool, draws: int, seed: int) -> list[Any]:
    """Indices of resampled data sets: first, total, second; each (draws, parameters or pairs)."""
    count, replications = len(values), values.shape[2]
    found: list[list[Any]] = [[], [], []]
    waiting = []
    drawn = resampled(count, replications, common_luck=common_luck, draws=draws, seed=seed)
    for number, (rows, weights) in enumerate(drawn, 1):
        waiting.append(np.einsum("bpr,br->bp", values[rows], weights))
        if len(waiting) == CHUNK or number == draws:
            whole, variances = _variances(np.stack(waiting, axis=2), parameters)
            for kept, variance in zip(found, variances, strict=True):
                kept.append((variance / whole).T)
            waiting = []
    return [np.concatenate(parts) for parts in found]


def sobol_verdict(row: Any) -> str:
    """What a row of the table of `sobol_indices` says, in words."""
    if row["blocks"] < FEWEST:
        return f"not analysed: {row['left_out']} base samples with runs without a value left too few"
    if row["constant"]:
        return "constant: the metric is the same everywhere"
    if row["drowned"]:
        return "nothing but noise: points differ no more than replications"
    if abs(row["total"]) < 1e-9:
        return "no effect"
    if np.isnan(row["noise"]):
        return "noise unknown: needs 2 replications"
    if row["total"] <= row["noise"]:
        return "cannot be told from noise"
    if row["total_low"] <= 0:
        return "too few points to say"
    if row["rough"] or row["total_high"] - row["total_low"] > VAGUE:
        return "matters; too few points to say how much"
    size = "strong" if row["total"] >= 0.3 else "moderate" if row["total"] >= 0.1 else "weak"
    if row["first_high"] - row["first_low"] > VAGUE:
        return f"{size}; too few points to say whether alone"
    alone = row["first"] / row["total"]
    how = "mostly alone" if alone > 0.7 else "mostly together with others" if alone < 0.3 else "alone and with others"
    return f"{size}, {how}"
