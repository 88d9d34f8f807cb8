"""What each part of a difference is worth, as bars."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.runs.metrics import METRICS
from simsvc.show.axes import COLOURS, clean
from simsvc.show.effects import dots
from simsvc.show.numbers import difference_unit

_COLUMNS = 3
"""Panels beside each other."""


def interactions(table: pd.DataFrame, title: str) -> Figure:
    """What two parts give beyond each alone, as dots: columns one, other, metric, mean, low, high."""
    two = table.assign(two=table["one"] + " and " + table["other"])
    return dots(two, "two", list(dict.fromkeys(table["metric"]))[:_COLUMNS], title, what="interaction")


def bars(
    table: pd.DataFrame, order: Sequence[str], whole: Mapping[str, str], title: str, words: Mapping[str, str]
) -> Figure:
    """Shares as bars with intervals, in an order from above; marks for each part turned first and last.

    Args:
        table: columns part, effect, metric, mean, low, high; the effect `none`, if there is one, is a bar of its own.
        order: parts.
        whole: the whole difference in words, by metric; each has a panel.
        title: of the figure.
        words: how effects are called.
    """
    table = table[table["effect"].isin((*words, "none"))]
    rest = list(dict.fromkeys(table.loc[table["effect"] == "none", "part"]))
    columns = min(len(whole), _COLUMNS)
    rows = -(-len(whole) // columns)
    figure = Figure(figsize=(11, 0.5 + rows * (1.1 + 0.34 * len([*order, *rest]))), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for number, (axes, metric) in enumerate(zip(panels, whole, strict=False)):
        factor, unit = difference_unit(metric)
        found = table[table["metric"] == metric].set_index(["effect", "part"])[["mean", "low", "high"]] * factor
        _panel(axes, found, order, rest, words)
        if number % columns:
            axes.set_yticklabels([])
        axes.set_title(textwrap.fill(METRICS[metric].label, 36), fontsize=10, loc="left")
        axes.set_xlabel(f"{unit}; whole difference {whole[metric]}", fontsize=8)
    for axes in panels[len(whole) :]:
        axes.set_visible(False)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles[::-1], labels[::-1], loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    figure.suptitle(textwrap.fill(title, 125), fontsize=10, x=0.01, ha="left")
    return figure


def _panel(axes: Any, found: Any, order: Sequence[str], rest: Sequence[str], words: Mapping[str, str]) -> None:
    """Bars and marks of one metric; `found` has mean, low and high by effect and part, in the unit that is told."""
    bars = [*order, *rest]
    height = np.arange(len(bars))
    shares = pd.concat(found.loc[effect] for effect in ("shapley", *["none"] * len(rest))).loc[bars]
    mean, low, high = (shares[end].to_numpy(float) for end in ("mean", "low", "high"))
    reach: Any = np.nan_to_num([mean - low, high - mean])
    colours = [COLOURS[0] if value >= 0 else COLOURS[1] for value in mean[: len(order)]] + ["#999999"] * len(rest)
    axes.barh(height, mean, height=0.62, color=colours, alpha=0.75, label="share (Shapley value)")
    axes.errorbar(mean, height, xerr=reach, fmt="none", color="black", capsize=2.5, linewidth=1)
    for effect, mark, shift in (("last", "<", 0.2), ("first", ">", -0.2)):
        values = found.loc[effect].loc[list(order), "mean"].to_numpy(float)
        axes.plot(
            values, height[: len(order)] + shift, mark, color="white", markeredgecolor="black", markersize=5,
            markeredgewidth=0.9, linestyle="none", label=words[effect],
        )  # fmt: skip
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(height, bars)
    axes.set_ylim(len(bars) - 0.4, -0.6)
    clean(axes, "x")
    axes.set_axisbelow(True)
