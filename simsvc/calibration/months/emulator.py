"""What the model would answer between the settings that were run: one Gaussian process per figure.

Runs are dear and calibration asks for tens of thousands of settings. So the model is run at some hundred
points that fill the ranges evenly, and a Gaussian process (Sacks et al. 1989; Rasmussen & Williams 2006)
says what it would give elsewhere and how sure that is. The model is stochastic: of each figure both the mean
over organisations with the same settings is emulated and the variance between such organisations, which is
the noise of the one organisation that exists (heteroscedastic simulators: Ankenman, Nelson & Staum 2010).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.linalg import cho_solve

from simsvc.calibration.months.monthly_figures import Floats
from simsvc.errors import InputError

if TYPE_CHECKING:
    from sklearn.gaussian_process import GaussianProcessRegressor

FOLDS = 5
"""Parts into which points are divided for validation; each is predicted from the others."""
LEAST_POINTS = 10


@dataclass(frozen=True)
class Prediction:
    """What an emulator says of some settings.

    Attributes:
        mean: float (points, figures): mean over organisations.
        error: float (points, figures, figures): covariance of that mean's error, from having run few points.
        noise: float (points, figures, figures): covariance between organisations with the same settings.
    """

    mean: Floats
    error: Floats
    noise: Floats


@dataclass(frozen=True)
class Emulator:
    """Gaussian processes for the means of some figures, and models of their variances.

    Attributes:
        names: of the figures.
        correlation: float (figures, figures): of the noise of figures of the same organisation.
        validation: how well points were predicted that had been left out, one row per figure: `figure`,
            `r2` (share of the variance of the means over points that is predicted), `spread` (root mean
            square of standardised errors; 1 if the emulator is as sure as it should be), `within` (share of
            errors within 1.96 standard deviations), `points`.
    """

    names: tuple[str, ...]
    correlation: Floats
    validation: pd.DataFrame
    _figures: tuple[_Figure, ...]

    def predict(self, points: Floats) -> Prediction:
        """What the model is expected to give.

        Args:
            points: float (points, settings), shares 0-1 of the ranges.
        """
        means, variances, chances, noises = (
            np.stack(some, 1) for some in zip(*(f.at(points) for f in self._figures), strict=True)
        )
        # What chance did to the runs that were learnt from, it did to all figures of an organisation together; where
        # two figures go together, so do the errors of their means. What is left is how a smooth curve may
        # run between points, of each figure for itself.
        error = np.einsum("pin,pjn->pij", chances, chances) * self.correlation
        which = np.arange(len(self.names))
        error[:, which, which] = variances
        spread = np.sqrt(noises)
        return Prediction(means, error, spread[:, :, None] * self.correlation * spread[:, None, :])


def emulate(points: Floats, outcomes: Floats, names: Sequence[str]) -> Emulator:
    """Learn what the model gives from runs.

    Args:
        points: float (points, settings), shares 0-1 of the ranges.
        outcomes: float (points, replications, figures), independent luck in all runs; NaN where a run
            failed or gave no figure.
        names: of the figures.

    Raises:
        InputError: if too few points gave a figure, or all gave the same.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # matrices are small: threads of the linear algebra would only wait for each other
        return _emulated(points, outcomes, names)


def _emulated(points: Floats, outcomes: Floats, names: Sequence[str]) -> Emulator:
    learned, checks, leftovers = [], [], []
    for k, name in enumerate(names):
        sample = outcomes[:, :, k]
        valid = np.isfinite(sample)
        usable = valid.sum(axis=1) >= 2
        if usable.sum() < LEAST_POINTS:
            raise InputError(
                f"{name}: only {usable.sum()} of {len(points)} points of the ranges to be fitted give this figure; "
                f"narrow the ranges, or leave the column out (at least {LEAST_POINTS} are needed)"
            )
        count, there = valid[usable].sum(axis=1), points[usable]
        average = np.nanmean(sample[usable], axis=1)
        spread = np.nanvar(sample[usable], axis=1, ddof=1)
        if np.ptp(average) == 0:
            raise InputError(f"{name}: is the same at all points of the ranges to be fitted; leave the column out")
        bends = _variance(there, spread, count)
        chance = np.exp(_bent(there) @ bends) / count
        process = _process(there, average, chance)
        noise = np.zeros(len(points))
        noise[usable] = np.sqrt(chance)
        inverse = cho_solve((process.L_, True), np.eye(len(there)))
        learned.append(_Figure(process, inverse, average, noise, bends))
        checks.append({"figure": name, **_validated(process, there, average, chance)})
        standard = np.sqrt(np.exp(_bent(points) @ bends) * (1 - 1 / np.maximum(valid.sum(axis=1), 2)))[:, None]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # points at which every run failed have no mean
            leftovers.append(((sample - np.nanmean(sample, axis=1, keepdims=True)) / standard).ravel())
    together = np.stack(leftovers, axis=1)
    together = together[np.isfinite(together).all(axis=1)]
    correlation = np.atleast_2d(np.corrcoef(together, rowvar=False)) if together.size else np.eye(len(names))
    return Emulator(tuple(names), correlation, pd.DataFrame(checks), tuple(learned))


@dataclass(frozen=True)
class _Figure:
    """What was learnt of one figure.

    Attributes:
        process: a Gaussian process of the mean over organisations.
        inverse: float (points learnt from, points learnt from): of the covariance between its points.
        values: float (points learnt from,): these means where it was run.
        noise: float (points run,): standard deviation of these means by chance; 0 for points not learnt from.
        bends: of the variance between organisations, see `_variance`.
    """

    process: GaussianProcessRegressor
    inverse: Floats
    values: Floats
    noise: Floats
    bends: Floats

    def at(self, points: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """What is told of some points.

        The regressor's own method does not tell what each point learnt from adds, and solves anew at every call,
        of which chains make tens of thousands.

        Args:
            points: float (points, settings).

        Returns:
            Mean and variance of its error, float (points,); what a standard deviation of chance at each point run
            does to the mean, float (points, points run); variance between organisations, float (points,).
        """
        there, scale = _centred(points), float(np.std(self.values))
        across = self.process.kernel_(self.process.X_train_, there)
        shares = self.inverse @ across
        left = np.maximum(self.process.kernel_.diag(there) - (across * shares).sum(axis=0), 1e-12)
        chance = np.zeros((len(points), len(self.noise)))
        learnt = self.noise > 0
        chance[:, learnt] = shares.T * self.noise[learnt]
        middle = self.values.mean()
        return middle + (self.values - middle) @ shares, scale**2 * left, chance, np.exp(_bent(points) @ self.bends)


def _process(points: Floats, values: Floats, variance: Floats, kernel: Any = None) -> GaussianProcessRegressor:
    """A Gaussian process of means over replications, by maximum likelihood or with a given kernel.

    Args:
        points: float (points, settings).
        values: float (points,), means over replications.
        variance: float (points,), of these means: known noise instead of a fitted nugget.
        kernel: with hyperparameters in place, not to be fitted again.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern

    smooth = ConstantKernel(4.0, (1e-2, 1e3)) * Matern(np.full(points.shape[1], 4.0), (0.2, 40.0), nu=2.5)
    process = GaussianProcessRegressor(
        kernel or smooth,
        alpha=variance / np.var(values) + 1e-8,
        optimizer=None if kernel else "fmin_l_bfgs_b",
        n_restarts_optimizer=0 if kernel else 1,
        normalize_y=True,
        random_state=1,
    )
    with warnings.catch_warnings():
        # a length at its upper end only says that a setting does not matter for this figure
        warnings.simplefilter("ignore", ConvergenceWarning)
        return process.fit(_centred(points), values)


def _variance(points: Floats, spread: Floats, count: Floats) -> Floats:
    """Variance between organisations with the same settings, log-linear in settings and their squares.

    A gamma regression: a sample variance is the true one times chi-square over its freedom.

    Args:
        points: float (points, settings).
        spread: float (points,), sample variances.
        count: replications behind each.

    Returns:
        Coefficients of `_bent`, which give the logarithm of the variance.
    """
    from sklearn.linear_model import GammaRegressor

    unit = max(float(np.mean(spread)), 1e-16)
    # a gamma variable is never exactly 0; a figure that did not vary between runs may be
    scaled = np.maximum(spread / unit, 1e-3)
    model = GammaRegressor(alpha=0.02, max_iter=1000).fit(_bent(points)[:, 1:], scaled, sample_weight=count - 1)
    return np.array([model.intercept_ + math.log(unit), *model.coef_])


def _centred(points: Floats) -> Floats:
    """Shares of the ranges as numbers from -1 to 1."""
    return 2.0 * points - 1.0


def _bent(points: Floats) -> Floats:
    """One, settings and their squares."""
    x = _centred(points)
    return np.column_stack([np.ones(len(x)), x, x**2])


def _validated(process: Any, points: Floats, values: Floats, variance: Floats) -> dict[str, float]:
    """How well each fifth of the points is predicted from the others (Bastos & O'Hagan 2009)."""
    fold = np.random.default_rng(1).permutation(len(points)) % FOLDS
    predicted, error = np.empty(len(points)), np.empty(len(points))
    for part in range(FOLDS):
        rest = fold != part
        learned = _process(points[rest], values[rest], variance[rest], process.kernel_)
        predicted[~rest], error[~rest] = learned.predict(_centred(points[~rest]), return_std=True)
    standard = (values - predicted) / np.sqrt(error**2 + variance)
    return {
        "r2": 1.0 - float(((values - predicted) ** 2).sum() / ((values - values.mean()) ** 2).sum()),
        "spread": float(np.sqrt((standard**2).mean())),
        "within": float((np.abs(standard) <= 1.96).mean()),
        "points": len(points),
    }
