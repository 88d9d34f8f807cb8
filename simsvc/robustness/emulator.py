"""What the model would give at draws that were not run: a Gaussian process of the few inputs that count.

Of hundreds of inputs only some move a number noticeably. These are picked one after the other by how much of the
scatter each explains, as a line and an arc, beyond those before it; the process is of these, and its noise holds the
others and the luck of the runs (Vernon, Goldstein & Bower 2010, active variables).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

MOST_ACTIVE = 20
FOLDS = 5


@dataclass(frozen=True)
class Emulator:
    """A number as a function of what was drawn.

    Attributes:
        active: int (k,), inputs that count, the strongest first.
        weights: float (k,), how strongly each moves the number.
        process: of the active inputs, weighted; none if no input counts.
        mean: of the number where it was run.
        error: its standard deviation where no input counts.
    """

    active: Any
    weights: Any
    process: Any
    mean: float
    error: float

    def predict(self, shares: Any) -> tuple[Any, Any]:
        """Mean and standard deviation of the number in a run at some points.

        Args:
            shares: float (points, inputs), 0-1.

        Returns:
            Float (points,) each; the deviation holds what is not known of the curve, other inputs and luck.
        """
        if self.process is None:
            return np.full(len(shares), self.mean), np.full(len(shares), self.error)
        mean, error = self.process.predict(self._place(shares), return_std=True)
        return mean, error

    def _place(self, shares: Any) -> Any:
        return (2.0 * shares[:, self.active] - 1.0) * self.weights


def active_inputs(shares: Any, values: Any, chance: float, most: int = MOST_ACTIVE) -> tuple[Any, Any]:
    """Inputs that a number depends on, the strongest first, and how strongly.

    One after the other, the input is taken whose line and arc explain most of what those before it left over, as long
    as that is more than the largest of as many inputs without any effect would explain.

    Args:
        shares: float (points, inputs), 0-1.
        values: float (points,).
        chance: that an input is taken which has no effect; above 1 not a chance, but how many of them to expect.
        most: inputs taken.

    Returns:
        Numbers of the inputs, int (k,), and standard deviations of what each does, float (k,).
    """
    n, count = shares.shape
    x = 2.0 * shares - 1.0
    terms = np.stack([x, 1.5 * x**2 - 0.5])  # Legendre polynomials
    terms = terms - terms.mean(axis=1, keepdims=True)
    taken: list[int] = []
    basis, rest = np.zeros((n, 0)), values - values.mean()
    while len(taken) < min(most, n // 5):
        left = n - 3 - 2 * len(taken)
        gains = _explained(terms, basis, rest)
        gains[taken] = 0.0
        best = int(np.argmax(gains))
        # the share that two columns of chance explain has a beta distribution with 1 and left / 2
        if gains[best] <= 1.0 - min(chance / count, 1.0) ** (2.0 / left) or gains[best] <= 1e-9:
            break
        taken.append(best)
        basis = np.linalg.qr(terms[:, :, taken].transpose(1, 2, 0).reshape(n, -1))[0]
        rest = values - values.mean()
        rest = rest - basis @ (basis.T @ rest)
    if not taken:
        return np.zeros(0, int), np.zeros(0)
    columns = terms[:, :, taken].transpose(1, 2, 0).reshape(n, -1)
    slopes = np.linalg.lstsq(columns, values - values.mean(), rcond=None)[0].reshape(-1, 2)
    spread = np.sqrt((slopes**2) @ np.array([1 / 3, 1 / 5]))
    order = np.argsort(-spread)
    return np.array(taken)[order], spread[order]


def _explained(terms: Any, basis: Any, rest: Any) -> Any:
    """Share of what is left that line and arc of every input explain, beyond the basis: float (inputs,)."""
    whole = float(rest @ rest)
    if whole <= 0:
        return np.zeros(terms.shape[2])
    line, arc = (one - basis @ (basis.T @ one) for one in terms)
    a, b, c = (line * line).sum(axis=0), (arc * arc).sum(axis=0), (line * arc).sum(axis=0)
    p, q = line.T @ rest, arc.T @ rest
    determinant = a * b - c * c
    safe = determinant > 1e-9 * np.maximum(a * b, 1e-300)
    both = (b * p**2 - 2 * c * p * q + a * q**2) / np.where(safe, determinant, 1.0)
    alone = p**2 / np.where(a > 1e-12, a, np.inf)
    return np.where(safe, both, alone) / whole


def emulate(shares: Any, values: Any, chance: float = 1.0) -> Emulator:
    """Learn a number from runs.

    Args:
        shares: float (points, inputs), 0-1, where it was run.
        values: float (points,), one number each.
        chance: see `active_inputs`.
    """
    from threadpoolctl import threadpool_limits

    active, weights = active_inputs(shares, values, chance)
    mean, error = float(values.mean()), float(values.std(ddof=1))
    if not len(active):
        return Emulator(active, weights, None, mean, error)
    empty = Emulator(active, weights / weights.max(), None, mean, error)
    with threadpool_limits(1):
        return Emulator(active, empty.weights, _process(empty._place(shares), values), mean, error)


def _process(places: Any, values: Any) -> Any:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, WhiteKernel

    line = ConstantKernel(1.0, (1e-3, 1e3)) * DotProduct(0.1, "fixed")
    bent = ConstantKernel(0.3, (1e-4, 1e2)) * RBF(2.0, (0.2, 20.0))
    process = GaussianProcessRegressor(
        line + bent + WhiteKernel(0.2, (1e-6, 2.0)), normalize_y=True, n_restarts_optimizer=1, random_state=1
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a length at its end says that there is no bend
        return process.fit(places, values)


def foretold(shares: Any, values: Any, chance: float) -> float:
    """Share of the scatter of a number that is foretold at points not learnt from, 0-1; inputs are picked anew."""
    fold = np.random.default_rng(1).permutation(len(values)) % FOLDS
    missed = 0.0
    for part in range(FOLDS):
        rest = fold != part
        missed += float(((values[~rest] - emulate(shares[rest], values[rest], chance).predict(shares[~rest])[0]) ** 2)
                        .sum())  # fmt: skip
    whole = float(((values - values.mean()) ** 2).sum())
    return max(1.0 - missed / whole, 0.0) if whole > 0 else 0.0


def standard_normal(shares: Any) -> Any:
    """Shares as places on the line of a standard normal distribution."""
    return stats.norm.ppf(np.clip(shares, 1e-9, 1 - 1e-9))


def shares_of(places: Any) -> Any:
    """The reverse of `standard_normal`."""
    return stats.norm.cdf(places)
