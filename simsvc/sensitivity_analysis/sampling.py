"""Where a model is run to screen many parameters or to share out its variance: points as SALib samples them."""

from __future__ import annotations

from typing import Any

import numpy as np

from simsvc.errors import needs

GRID = 4
"""Levels of the grid of Morris trajectories, the usual number; a move is two thirds of a range."""


def trajectories(parameters: int, count: int, seed: int) -> Any:
    """Shares of the ranges along random trajectories (Morris 1991).

    Args:
        parameters: how many.
        count: trajectories.
        seed: 0 or more; the first trajectories are the same for any count.

    Returns:
        Float (count, parameters + 1, parameters), 0-1.
    """
    problem = _problem(parameters, "Morris screening")
    from SALib.sample import morris

    shares = morris.sample(problem, count, num_levels=GRID, seed=np.random.default_rng(seed))
    return np.clip(shares, 0.0, 1.0).reshape(count, parameters + 1, parameters)


def saltelli(parameters: int, count: int, second_order: bool, seed: int) -> Any:
    """Shares of the ranges: base points, and each with one coordinate of its partner (Saltelli et al. 2010).

    Args:
        parameters: how many.
        count: base samples, a power of two.
        second_order: whether indices of pairs are wanted, which nearly doubles the points.
        seed: 0 or more.

    Returns:
        Float (count, parameters + 2 or 2 parameters + 2, parameters), 0-1: first A, then A with one column of B
        each, then (for second order) B with one column of A each, last B.
    """
    problem = _problem(parameters, "Sobol indices")
    from SALib.sample import sobol

    shares = sobol.sample(problem, count, calc_second_order=second_order, seed=np.random.default_rng(seed))
    return shares.reshape(count, -1, parameters)


def _problem(parameters: int, what: str) -> dict[str, Any]:
    """Ranges as SALib takes them; generators go in beside them, since SALib ignores a seed of 0."""
    needs("SALib", "analysis", what)
    return {"num_vars": parameters, "names": list(map(str, range(parameters))), "bounds": [[0.0, 1.0]] * parameters}
