"""Which settings go with the figures observed: a sample of them, and what the figures cannot tell apart.

The likelihood of settings is that of the observed figures under a normal distribution whose mean and
covariance the emulator gives: a synthetic likelihood (Wood 2010) with the emulator's own uncertainty and, if
asked for, a discrepancy between model and organisation added (Kennedy & O'Hagan 2001). It is sampled with
the affine-invariant ensemble of Goodman & Weare (2010) as the library emcee provides it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2, qmc, rankdata

from simsvc.calibration.months.emulator import Emulator
from simsvc.calibration.months.monthly_figures import Floats

WALKERS = 64
STARTS = 4096
"""Points among which the walkers' first places are chosen, the likeliest."""
BURN_IN = 200
CHUNK = 200
MOST_STEPS = 6000
LENGTHS = 20
"""Autocorrelation times after which chains are long enough: about 1,300 independent draws from all walkers."""
DRAWS = 4000
UNIFORM_SD = 1 / math.sqrt(12)

TELLING, SILENT = 0.5, 0.8
"""Ratio of the posterior's standard deviation to the prior's below which figures tell a setting well, and above
which they tell next to nothing of it."""
KNOWN_WORDS = {"well": "well", "partly": "partly", "in combination": "in combination only", "not": "not"}
"""How well a setting is known, as tables and figures say it."""
SPLIT = 1.15
"""Ratio from which on a posterior is wider than flat: it lies at both ends of the range."""
TIED = 0.8
"""Rank correlation from which on two settings are told in combination only."""


@dataclass(frozen=True)
class Posterior:
    """A sample of settings that go with what was observed.

    Attributes:
        ranges: lowest and highest value by setting: the prior is uniform between them.
        draws: float (draws, settings), in the units of the settings.
        worth: number of independent draws that the sample is worth.
        long_enough: whether the chains were run for `LENGTHS` autocorrelation times.
    """

    ranges: Mapping[str, tuple[float, float]]
    draws: Floats
    worth: float
    long_enough: bool

    @property
    def shares(self) -> Floats:
        """The draws as shares 0-1 of the ranges."""
        return to_shares(self.draws, self.ranges)

    def middle(self) -> Floats:
        """The draw nearest to the median of all, float (settings,).

        Medians of settings that are known in combination only need not go together; a draw does.
        """
        shares = self.shares
        away = shares - np.median(shares, axis=0)
        within = np.linalg.pinv(np.atleast_2d(np.cov(shares, rowvar=False)) + 1e-12 * np.eye(shares.shape[1]))
        found: Floats = self.draws[np.argmin(np.einsum("ij,jk,ik->i", away, within, away))]
        return found


def to_shares(values: Floats, ranges: Mapping[str, tuple[float, float]]) -> Floats:
    """Values of settings as shares 0-1 of their ranges."""
    low, high = np.array(list(ranges.values())).T
    shares: Floats = (values - low) / (high - low)
    return shares


def to_values(shares: Floats, ranges: Mapping[str, tuple[float, float]]) -> Floats:
    """Shares of the ranges as values of the settings."""
    low, high = np.array(list(ranges.values())).T
    values: Floats = low + shares * (high - low)
    return values


def _compared(emulator: Emulator, points: Floats, observed: Floats, extra: Floats) -> tuple[Floats, Floats]:
    """How far what was observed lies from what is expected.

    Returns:
        Squared distance in units of the covariance, and half the log determinant of the covariance; each
        float (points,).
    """
    told = emulator.predict(points)
    factor = np.linalg.cholesky(told.noise + told.error + np.diag(extra))
    scaled = np.linalg.solve(factor, (observed - told.mean)[:, :, None])[:, :, 0]
    return (scaled**2).sum(axis=1), np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)


def log_likelihood(emulator: Emulator, points: Floats, observed: Floats, extra: Floats) -> Floats:
    """Log density of what was observed, at each of some settings.

    Args:
        emulator: of the figures.
        points: float (points, settings), shares 0-1 of the ranges.
        observed: float (figures,), on the scale of the emulator.
        extra: float (figures,): variance of the discrepancy between model and organisation.
    """
    distance, width = _compared(emulator, points, observed, extra)
    return -0.5 * distance - width


def surprise(posterior: Posterior, emulator: Emulator, observed: Floats, extra: Floats) -> float:
    """How often organisations with the settings found would lie further from what is expected of them.

    A posterior predictive check of all figures together (Gelman, Meng & Stern 1996), 0-1. Figures may each lie in
    reach and yet not go together; then this is small.

    Args:
        posterior: of the settings.
        emulator: of the figures.
        observed: float (figures,), on the scale of the emulator.
        extra: float (figures,): variance of the discrepancy between model and organisation.
    """
    distance, _ = _compared(emulator, posterior.shares[::20], observed, extra)
    return float(chi2.sf(distance, len(observed)).mean())


def sample(
    emulator: Emulator,
    observed: Floats,
    ranges: Mapping[str, tuple[float, float]],
    *,
    extra: Floats | None = None,
    temper: float = 1.0,
    seed: int = 1,
) -> Posterior:
    """Draw settings from their posterior.

    Args:
        emulator: of the figures.
        observed: float (figures,), on the scale of the emulator.
        ranges: lowest and highest value by setting; the prior is uniform between them.
        extra: float (figures,): variance of the discrepancy between model and organisation; none if left out.
        temper: the log likelihood is divided by it; above 1 for a wider sample.
        seed: of the chains.
    """
    import emcee
    from threadpoolctl import threadpool_limits

    dimensions = len(ranges)
    discrepancy = np.zeros(len(observed)) if extra is None else extra

    def log_posterior(points: Floats) -> Floats:
        inside = ((points >= 0) & (points <= 1)).all(axis=1)
        found = np.full(len(points), -np.inf)
        if inside.any():
            found[inside] = log_likelihood(emulator, points[inside], observed, discrepancy) / temper
        return found

    with threadpool_limits(1):  # matrices are small: threads of the linear algebra would only wait for each other
        starts = qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed)).random(STARTS)
        likeliest = np.argsort(log_posterior(starts))[-WALKERS:]
        sampler = emcee.EnsembleSampler(WALKERS, dimensions, log_posterior, vectorize=True)
        sampler.random_state = np.random.RandomState(seed % 2**32).get_state()
        state = sampler.run_mcmc(starts[likeliest], BURN_IN)
        sampler.reset()
        length = math.inf
        while sampler.iteration < MOST_STEPS and sampler.iteration < LENGTHS * length:
            state = sampler.run_mcmc(state, CHUNK)
            length = float(np.max(sampler.get_autocorr_time(tol=0)))
    chain = sampler.get_chain(flat=True)
    picked = chain[np.linspace(0, len(chain) - 1, DRAWS).astype(int)]
    return Posterior(
        dict(ranges), to_values(picked, ranges), len(chain) / length, sampler.iteration >= LENGTHS * length
    )


@dataclass(frozen=True)
class Identified:
    """What the figures tell of the settings, and what they leave open.

    Attributes:
        settings: one row per setting: `setting`, `median`, `low`, `high` (95 %), `low_50`, `high_50`,
            `sd_ratio` (posterior over prior standard deviation), `known` (well, partly, in combination, not),
            `edge` (the end of the range at which the posterior piles up: low, high, or empty).
        pairs: rank correlations: `first`, `second`, `correlation`; the strongest first.
        directions: principal directions of the posterior in units of the prior: `sd_ratio`, then one
            column per setting with its loading; the best known direction first.
    """

    settings: pd.DataFrame
    pairs: pd.DataFrame
    directions: pd.DataFrame

    @property
    def tied(self) -> pd.DataFrame:
        """Pairs that are told in combination only."""
        return self.pairs[self.pairs["correlation"].abs() > TIED]

    def words(self) -> list[str]:
        """What the data cannot tell apart, a sentence each."""
        found = []
        for row in self.tied.to_dict("records"):
            first, second, strength = row["first"], row["second"], row["correlation"]
            way = "higher" if strength > 0 else "lower"
            found.append(
                f"{first} and {second} cannot be told apart: a higher {first} with a {way} {second} gives nearly the "
                f"same figures (rank correlation {strength:+.2f}); only their combination is known."
            )
        for row in self.settings.to_dict("records"):
            if row["sd_ratio"] > SPLIT:
                found.append(
                    f"{row['setting']} goes with the figures near both ends of the range, less in between: how likely "
                    "each end is, is not well determined; look at the figure of the posterior."
                )
            elif row["known"] == "not":
                found.append(
                    f"{row['setting']} is left open: the figures say next to nothing of it (spread "
                    f"{row['sd_ratio']:.2f} times that of the range searched)."
                )
            if row["edge"] and row["sd_ratio"] <= SPLIT:
                found.append(
                    f"{row['setting']} piles up at the {row['edge']} end of the range searched: the range may be too "
                    "narrow, or the model does not fit."
                )
        determined = int((self.directions["sd_ratio"] < TELLING).sum())
        count = len(self.settings)
        if determined < count and count > 1:
            found.append(
                f"Of {count} directions in which the settings can move together, the figures tell {determined} well; "
                + self._loose()
            )
        return found

    def _loose(self) -> str:
        """The direction that the figures tell least of, in words."""
        loosest = self.directions.iloc[-1]
        loadings = loosest.drop("sd_ratio").astype(float)
        main = loadings[loadings.abs() > 0.4 * loadings.abs().max()]
        sign = 1.0 if main.iloc[0] > 0 else -1.0
        parts = [f"{name} {'up' if sign * value > 0 else 'down'}" for name, value in main.items()]
        return f"the one they tell least of: {', '.join(parts)} ({loosest['sd_ratio']:.2f} times the prior's spread)."


def identify(posterior: Posterior) -> Identified:
    """See what a posterior tells of the settings.

    Args:
        posterior: of the settings.
    """
    names = list(posterior.ranges)
    shares = posterior.shares
    ratios = shares.std(axis=0) / UNIFORM_SD
    ranks = np.atleast_2d(np.corrcoef(np.apply_along_axis(rankdata, 0, shares), rowvar=False))
    pairs = pd.DataFrame(
        [
            (names[i], names[j], float(ranks[i, j]))
            for i in range(len(names))
            for j in range(i + 1, len(names))
        ],
        columns=["first", "second", "correlation"],
    ).sort_values("correlation", key=lambda column: -column.abs(), ignore_index=True)  # fmt: skip
    tied = pairs[pairs["correlation"].abs() > TIED]
    linked = {*tied["first"], *tied["second"]}
    rows = []
    for k, name in enumerate(names):
        low, low_50, median, high_50, high = np.quantile(posterior.draws[:, k], (0.025, 0.25, 0.5, 0.75, 0.975))
        ends = (shares[:, k] < 0.05).mean(), (shares[:, k] > 0.95).mean()
        known = "well" if ratios[k] < TELLING else "partly" if ratios[k] < SILENT else "not"
        # the ends of a range hold 5 % each where nothing is known
        edge = "low" if ends[0] > 0.25 else "high" if ends[1] > 0.25 else ""
        rows.append(
            (name, median, low, high, low_50, high_50, ratios[k],
             "in combination" if name in linked and known != "well" else known, edge)
        )  # fmt: skip
    columns = ["setting", "median", "low", "high", "low_50", "high_50", "sd_ratio", "known", "edge"]
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(shares, rowvar=False)) / UNIFORM_SD**2)
    directions = pd.DataFrame(vectors.T, columns=names)
    directions.insert(0, "sd_ratio", np.sqrt(np.maximum(values, 0.0)))
    return Identified(pd.DataFrame(rows, columns=columns), pairs, directions)
