"""Maps of a difference over two settings, with the border where its sign changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simsvc.runs.statistics import interval
from simsvc.scenario.words import setting_words
from simsvc.show.numbers import number

_LIGHT = np.array((0.299, 0.587, 0.114))
"""How light red, green and blue look."""
DRAWN = 60
"""Bootstrapped borders drawn, faintly, to show how sure the border is."""


def sign_map(
    axes: Any,
    values: Any,
    rows: Sequence[float],
    columns: Sequence[float],
    *,
    names: tuple[str, str],
    title: str,
    largest: float,
    digits: int,
) -> None:
    """Draw one map: colour and number are the mean, grey lines are borders of resampled replications.

    Numbers stand in brackets where the 95 % interval holds zero. Settings are drawn at equal
    distances, whatever lies between them.

    Args:
        axes: to draw on.
        values: float (replications, rows, columns), differences.
        rows: values of the setting on the vertical axis.
        columns: values of the setting on the horizontal axis.
        names: of the settings on the horizontal and the vertical axis.
        title: of the map.
        largest: value at the ends of the colours, above 0.
        digits: decimals of the numbers.
    """
    mean = values.mean(axis=0)
    image = axes.imshow(mean, origin="lower", cmap="PuOr", vmin=-largest, vmax=largest, aspect="auto")
    for i, j in np.ndindex(mean.shape):
        found = interval(values[:, i, j])
        shown = number(mean[i, j], digits, "+")
        text = f"({shown})" if found.low <= 0 <= found.high else shown
        light = image.to_rgba(mean[i, j])[:3] @ _LIGHT
        axes.annotate(text, (j, i), ha="center", va="center", fontsize=8, color="black" if light > 0.45 else "white")
    rng = np.random.default_rng(1)
    for _ in range(DRAWN):
        drawn = values[rng.integers(0, len(values), len(values))].mean(axis=0)
        if drawn.min() < 0 < drawn.max():
            axes.contour(drawn, levels=[0.0], colors="#444444", linewidths=0.6, alpha=0.25)
    if mean.min() < 0 < mean.max():
        axes.contour(mean, levels=[0.0], colors="black", linewidths=1.8)
        note = "black: where the sign changes"
    else:
        note = f"no border: {'above' if mean.min() >= 0 else 'below'} zero everywhere"
    axes.set_xticks(range(len(columns)), [f"{x:g}" for x in columns])
    axes.set_yticks(range(len(rows)), [f"{y:g}" for y in rows])
    axes.set_xlabel(setting_words(names[0]), fontsize=8)
    axes.set_ylabel(setting_words(names[1]), fontsize=8)
    axes.set_title(f"{title}\n{note}", fontsize=9, loc="left")
    axes.tick_params(labelsize=8)
