"""What the model would answer between the settings that were run: one Gaussian process per figure.

Runs are dear and calibration asks for tens of thousands of settings. So the model is run at some hundred
points that fill the ranges evenly, and a Gaussian process (Sacks et al. 1989; Rasmussen & Williams 2006)
says what it would give elsewhere and how sure that is. The model is stochastic: of each figure both the mean
over organisations with the same settings is emulated and the variance between such organisations, which is
the noise of the one organisation that exists (heteroscedastic simulators: Ankenman, Nelson & Staum 2010).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from simsvc.calibration.months.data import Floats
from simsvc.errors import InputError

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
    _means: tuple[_Mean, ...]
    _variances: tuple[_Variance, ...]

    def predict(self, points: Floats) -> Prediction:
        """What the model is expected to give.

        Args:
            points: float (points, settings), shares 0-1 of the ranges.
        """
        told = [mean.at(points) for mean in self._means]
        spread = np.sqrt(np.stack([variance.at(points) for variance in self._variances], axis=1))
        # What chance did to the runs that were learnt from, it did to all figures of an organisation together; where
        # two figures go together, so do the errors of their means. What is left is how a smooth curve may
        # run between points, of each figure for itself.
        chance = np.stack([shares for _, _, shares in told], axis=1)
        error = np.einsum("pin,pjn->pij", chance, chance) * self.correlation
        which = np.arange(len(self.names))
        error[:, which, which] = np.stack([variance for _, variance, _ in told], axis=1)
        return Prediction(
            np.stack([mean for mean, _, _ in told], axis=1),
            error,
            spread[:, :, None] * self.correlation * spread[:, None, :],
        )


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
    means, variances, checks, leftovers = [], [], [], []
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
        variance = _Variance.learn(there, spread, count)
        noise = variance.at(there)
        mean = _Mean.learn(there, average, noise / count).among(np.flatnonzero(usable), len(points))
        means.append(mean)
        variances.append(variance)
        checks.append({"figure": name, **_validated(mean, there, average, noise / count)})
        standard = np.sqrt(variance.at(points) * (1 - 1 / np.maximum(valid.sum(axis=1), 2)))[:, None]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # points at which every run failed have no mean
            leftovers.append(((sample - np.nanmean(sample, axis=1, keepdims=True)) / standard).ravel())
    together = np.stack(leftovers, axis=1)
    together = together[np.isfinite(together).all(axis=1)]
    correlation = np.atleast_2d(np.corrcoef(together, rowvar=False)) if together.size else np.eye(len(names))
    return Emulator(tuple(names), correlation, pd.DataFrame(checks), tuple(means), tuple(variances))


@dataclass(frozen=True)
class _Mean:
    """A Gaussian process ready to predict: the mean of a figure over organisations."""

    kernel: Any
    inputs: Floats
    weights: Floats
    whitening: Floats
    noise: Floats
    middle: float
    scale: float
    places: NDArray[np.intp]
    count: int

    @classmethod
    def learn(cls, points: Floats, values: Floats, variance: Floats, kernel: Any = None) -> _Mean:
        """Fit by maximum likelihood, or with a given kernel.

        Args:
            points: float (points, settings).
            values: float (points,), means over replications.
            variance: float (points,), of these means: known noise instead of a fitted nugget.
            kernel: with hyperparameters in place, not to be fitted again.
        """
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import ConstantKernel, Matern

        middle, scale = float(np.mean(values)), float(np.std(values))
        smooth = ConstantKernel(4.0, (1e-2, 1e3)) * Matern(np.full(points.shape[1], 4.0), (0.2, 40.0), nu=2.5)
        process = GaussianProcessRegressor(
            kernel or smooth,
            alpha=variance / scale**2 + 1e-8,
            optimizer=None if kernel else "fmin_l_bfgs_b",
            n_restarts_optimizer=0 if kernel else 1,
            random_state=1,
        )
        inputs = _centred(points)
        with warnings.catch_warnings():
            # a length at its upper end only says that a setting does not matter for this figure
            warnings.simplefilter("ignore", ConvergenceWarning)
            process.fit(inputs, (values - middle) / scale)
        whitening = solve_triangular(process.L_, np.eye(len(inputs)), lower=True)
        found = process.kernel_
        return cls(
            found, inputs / found.k2.length_scale, process.alpha_, whitening, np.sqrt(variance), middle, scale,
            np.arange(len(points)), len(points),
        )  # fmt: skip

    def among(self, places: NDArray[np.intp], count: int) -> _Mean:
        """The same, as learnt from points that stand at some places among a number of points."""
        return replace(self, places=places, count=count)

    def at(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """What is told of some points.

        Chains ask tens of thousands of times, each time for few points; the regressor's own method checks
        its input anew at every call, which costs more than the answer.

        Args:
            points: float (points, settings).

        Returns:
            Mean and variance of its error, float (points,); and what a standard deviation of chance at each
            point learnt from does to the mean, float (points, points learnt from).
        """
        there = _centred(points) / self.kernel.k2.length_scale
        squares = (there**2).sum(axis=1)[:, None] + (self.inputs**2).sum(axis=1) - 2.0 * there @ self.inputs.T
        distance = np.sqrt(5.0 * np.maximum(squares, 0.0))
        variance = self.kernel.k1.constant_value
        across = variance * (1.0 + distance + distance**2 / 3.0) * np.exp(-distance)  # Matérn, smoothness 5/2
        white = across @ self.whitening.T
        left = np.maximum(variance - (white**2).sum(axis=1), 1e-12)
        chance = np.zeros((len(points), self.count))
        chance[:, self.places] = (white @ self.whitening) * self.noise
        return self.middle + self.scale * (across @ self.weights), self.scale**2 * left, chance


def _centred(points: Floats) -> Floats:
    """Shares of the ranges as numbers from -1 to 1."""
    return 2.0 * points - 1.0


@dataclass(frozen=True)
class _Variance:
    """Variance between organisations with the same settings: a log-linear model of sample variances."""

    model: Any
    unit: float

    @classmethod
    def learn(cls, points: Floats, spread: Floats, count: Floats) -> _Variance:
        """Fit a gamma regression: a sample variance is the true one times chi-square over its freedom.

        Args:
            points: float (points, settings).
            spread: float (points,), sample variances.
            count: replications behind each.
        """
        from sklearn.linear_model import GammaRegressor

        unit = max(float(np.mean(spread)), 1e-16)
        model = GammaRegressor(alpha=0.02, max_iter=1000)
        # a gamma variable is never exactly 0; a figure that did not vary between runs may be
        model.fit(_bends(points), np.maximum(spread / unit, 1e-3), sample_weight=count - 1)
        return cls(model, unit)

    def at(self, points: Floats) -> Floats:
        """Variance, float (points,)."""
        found: Floats = self.unit * np.exp(_bends(points) @ self.model.coef_ + self.model.intercept_)
        return found


def _bends(points: Floats) -> Floats:
    """Settings and their squares."""
    x = _centred(points)
    return np.column_stack([x, x**2])


def _validated(mean: _Mean, points: Floats, values: Floats, variance: Floats) -> dict[str, float]:
    """How well each fifth of the points is predicted from the others (Bastos & O'Hagan 2009)."""
    fold = np.random.default_rng(1).permutation(len(points)) % FOLDS
    predicted, error = np.empty(len(points)), np.empty(len(points))
    for part in range(FOLDS):
        rest = fold != part
        learned = _Mean.learn(points[rest], values[rest], variance[rest], mean.kernel)
        predicted[~rest], error[~rest], _ = learned.at(points[~rest])
    standard = (values - predicted) / np.sqrt(error + variance)
    return {
        "r2": 1.0 - float(((values - predicted) ** 2).sum() / ((values - values.mean()) ** 2).sum()),
        "spread": float(np.sqrt((standard**2).mean())),
        "within": float((np.abs(standard) <= 1.96).mean()),
        "points": len(points),
    }
