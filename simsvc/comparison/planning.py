"""How wide intervals would be with other numbers of pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from simsvc.runs.statistics import expected_half_width

PLANNED = (10, 30, 100, 300)
"""Pairs that are told of."""


def planning(
    effects: Mapping[str, pd.DataFrame],
    metrics: Sequence[str],
    sureness: Callable[[str, pd.DataFrame], tuple[float, float]],
) -> pd.DataFrame:
    """Half-widths to be expected, by the spread of the pairs there are.

    Args:
        effects: of every structure, one row per pair, one column per metric.
        metrics: those told of.
        sureness: coverage of an interval of a metric, and what a rare event would do.

    Returns:
        Columns metric, structure, pairs, half_width (NaN for a single pair).
    """
    rows = [
        (name, structure, n, expected_half_width(values[name], n, *sureness(name, values)))
        for structure, values in effects.items()
        for name in metrics
        for n in PLANNED
    ]
    return pd.DataFrame(rows, columns=["metric", "structure", "pairs", "half_width"])
