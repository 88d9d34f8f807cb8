"""Simulation noise beside effects of parameters: what of the scatter between runs is luck.

Everything here takes arrays float (points, replications): one metric of the runs of a design. With common
random numbers replication k has the same luck at every point; the luck then shifts all points of a
replication alike, and only what remains after that shift blurs effects.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy import stats

LEVEL = 0.95
"""Coverage of intervals, and of the bound under which noise alone stays."""
DRAWS = 1000
"""Resampled data sets behind an interval."""


def components(values: Any, common_luck: bool = True) -> dict[str, float]:
    """Where the variance between runs comes from, as shares of it.

    Two-way analysis of variance, points x replications, without common random numbers one-way (Searle,
    Casella & McCulloch 1992). Components below 0 by chance are set to 0.

    Args:
        values: float (points, replications), without NaN.
        common_luck: whether replication k has the same luck at every point.

    Returns:
        `points`: share due to what varies between points; `luck`: due to luck that acts on all points alike;
        `noise`: the rest; `variance`: of a single run, in squared units of the metric; `f_probability`: chance
        that points without any difference would scatter as much. NaN where one replication tells nothing.
    """
    y = np.asarray(values, float)
    p, r = y.shape
    nothing = dict.fromkeys(("points", "luck", "noise", "variance", "f_probability"), math.nan)
    if p < 2:
        return nothing
    if r < 2:
        return nothing | {"variance": float(y.var(ddof=1))}
    mean, by_point, by_luck = y.mean(), y.mean(axis=1, keepdims=True), y.mean(axis=0, keepdims=True)
    between = r * float(((by_point - mean) ** 2).sum()) / (p - 1)
    if common_luck:
        df = (p - 1) * (r - 1)
        rest = float(((y - by_point - by_luck + mean) ** 2).sum()) / df
        luck = max(p * float(((by_luck - mean) ** 2).sum()) / (r - 1) - rest, 0.0) / p
    else:
        df = p * (r - 1)
        rest = float(((y - by_point) ** 2).sum()) / df
        luck = 0.0
    points = max(between - rest, 0.0) / r
    total = points + luck + rest
    if total <= _dust(y) ** 2:
        return {"points": 0.0, "luck": 0.0, "noise": 0.0, "variance": 0.0, "f_probability": 1.0}
    chance = float(stats.f.sf(between / rest, p - 1, df)) if rest > 0 else 0.0
    return {"points": points / total, "luck": luck / total, "noise": rest / total, "variance": total,
            "f_probability": chance}  # fmt: skip


def is_constant(values: Any) -> bool:
    """Whether a metric has the same value at every point, but for rounding; NaN are left out."""
    y = np.asarray(values, float)
    known = y[np.isfinite(y)]
    return known.size == 0 or float(np.ptp(known)) <= _dust(known)


def _dust(values: Any) -> float:
    """Differences below this are rounding."""
    return 1e-12 * float(np.abs(values).max(initial=0.0))


def noise_free(at_mean: Any, at_each: Any, replications: int) -> Any:
    """A mean square or product as it would be after infinitely many replications.

    Noise adds to a mean square in proportion to 1 / replications: from its value at the mean over the
    replications and its mean value at single replications follows what is left without noise. The result is
    the mean over pairs of different replications, and unbiased.

    Args:
        at_mean: computed from the mean over replications.
        at_each: computed from each replication alone, mean of these.
        replications: number of them; with 1 nothing can be taken off.
    """
    return at_mean if replications < 2 else (replications * at_mean - at_each) / (replications - 1)


def resampled(
    blocks: int, replications: int, *, common_luck: bool = True, draws: int = DRAWS, seed: int = 1
) -> Iterator[tuple[Any, Any]]:
    """Draws of blocks and of replications, with replacement, both at a time.

    The two are crossed, so both are drawn (Owen 2007, the pigeonhole bootstrap; slightly wide rather than narrow).

    Args:
        blocks: trajectories or base samples: what was drawn independently.
        replications: of every block.
        common_luck: whether a replication means the same luck in all blocks; if not, replications are drawn
            for every block apart.
        draws: how many.
        seed: of the drawing.

    Yields:
        Numbers of the blocks drawn, int (blocks,), and weights of their replications, float (blocks, replications),
        that add up to 1 for each.
    """
    rng = np.random.default_rng(seed)
    equal = np.full(replications, 1.0 / replications)
    for _ in range(draws):
        rows = rng.integers(0, blocks, blocks)
        weights = rng.multinomial(replications, equal, 1 if common_luck else blocks) / replications
        yield rows, np.broadcast_to(weights, (blocks, replications))


def noise_bound(
    effects: Any, statistic: Callable[[Any], Any], *, common_luck: bool = True, draws: int = DRAWS, seed: int = 1
) -> tuple[Any, Any]:
    """What a statistic of mean effects shows when there is nothing but noise.

    As in a t-test what counts is the statistic beside the scatter of replications, which is itself known from few
    of them only. How that ratio varies is found by drawing means and scatter anew without any effect. With common
    random numbers a replication's luck may favour a parameter in all blocks at once, and then there are no more
    independent values than replications; or it is another in each block, and there are as many as runs.
    `common_share` tells where between the two a parameter stands. With two replications the first is assumed.

    Args:
        effects: float (blocks, parameters, replications).
        statistic: of mean effects (blocks, any number of cases), one value per case; mean of a power of them.
        common_luck: whether a replication means the same luck in all blocks.
        draws: how often.
        seed: of the drawing.

    Returns:
        The statistic where all mean effects are as large as their standard errors, and the bound that 95 % stay
        under, by parameter; NaN for one replication.
    """
    blocks, parameters, replications = effects.shape
    if replications < 2:
        return np.full(parameters, np.nan), np.full(parameters, np.nan)
    errors = effects.std(axis=2, ddof=1) / math.sqrt(replications)
    shares = common_share(effects) if common_luck else np.zeros(parameters)
    rng, df = np.random.default_rng(seed), replications - 1
    # of means: the part in common and that of each block; of deviations: length of the part in common, what of
    # each block's own lies along it, and square of what lies across
    luck, own = rng.normal(size=draws), rng.normal(size=(blocks, draws))
    length, along = np.sqrt(rng.chisquare(df, draws)), rng.normal(size=(blocks, draws))
    across = rng.chisquare(df - 1, (blocks, draws)) if df > 1 else np.zeros((blocks, draws))
    usual, ratio = np.asarray(statistic(errors)), np.zeros(parameters)
    for k in np.flatnonzero(usual > 0):
        size = _less_scattered(errors[:, k], df)[:, None]
        common, apart = math.sqrt(shares[k]), math.sqrt(1 - shares[k])
        means = size * (common * luck + apart * own)
        scatter = size * np.sqrt(((common * length + apart * along) ** 2 + apart**2 * across) / df)
        ratio[k] = np.quantile(statistic(means) / statistic(scatter), LEVEL)
    return usual, ratio * usual


def common_share(effects: Any) -> Any:
    """How much of the noise in effects is the same luck in all blocks, 0 to 1, by parameter.

    The root of the mean squared correlation between two blocks' noise, as estimated without bias from the scatter
    of replications (Srivastava 2005). Where luck has hidden the common part there is little of it to be seen:
    estimates are raised, the more the fewer the replications are, to 1 for two, which cannot tell.

    Args:
        effects: float (blocks, parameters, replications), 2 replications or more.
    """
    blocks, parameters, replications = effects.shape
    df = replications - 1
    if df < 2 or blocks < 2:
        return np.ones(parameters)
    deviations = effects - effects.mean(axis=2, keepdims=True)
    variances = (deviations**2).sum(axis=2) / df
    between = np.einsum("bpr,bps->prs", deviations, deviations) / df
    alone = (variances**2).sum(axis=0)
    largest = variances.sum(axis=0) ** 2 - alone  # over pairs of blocks: product of variances, squared covariance
    squares = (between**2).sum(axis=(1, 2)) - alone
    common = (squares - largest / df) * df**2 / ((df + 2) * (df - 1))
    possible = largest - 2 * common / df
    share = np.divide(common, possible, out=np.zeros(parameters), where=possible > 0)
    return np.clip(share, 0.0, 1.0) ** (0.5 * (df - 1) / (df + 1))


def _less_scattered(errors: Any, df: int) -> Any:
    """Standard errors of blocks with less of the scatter that comes from knowing each from few replications.

    Variances are drawn towards their mean; only half of the way, as factors go, that would leave them with the
    scatter of the true ones: blocks that are noisier than others make the bound higher.
    """
    variances = errors**2
    mean, scatter = variances.mean(), variances.var()
    true = max(1 - 2 / (df + 2) * (variances**2).mean() / scatter, 0.0) if scatter > 0 else 0.0
    return np.sqrt(mean + true**0.25 * (variances - mean))


def quantiles(draws: Any) -> tuple[Any, Any]:
    """Lower and upper end of the middle 95 % of draws, along the first axis."""
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return low, high


def told_apart(verdict: str) -> bool:
    """Whether a verdict says that a parameter has an effect."""
    return not verdict.startswith(("no effect", "cannot", "constant", "noise", "nothing", "not analysed", "too few"))
