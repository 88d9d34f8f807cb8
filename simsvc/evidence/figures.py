"""Published findings as a figure: what the model gives, against the range."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from simsvc.show.axes import COLOURS, clean

if TYPE_CHECKING:
    import pandas as pd

    from simsvc.evidence.findings import Measured

REACH = 2.2
"""How far the picture goes, in half-widths of a range from its middle; what lies beyond stands at the edge."""


def scale(one: Measured, others: Sequence[Measured]) -> tuple[float, float]:
    """Middle and half-width by which a finding is drawn.

    A direction has no width: its end lies where the band ends, and the largest value at one half-width beyond.
    """
    low, high = one.finding.low, one.finding.high
    if math.isfinite(low) and math.isfinite(high):
        return (low + high) / 2, (high - low) / 2
    end = low if math.isfinite(low) else high
    values = [abs(other.value.mean - end) for other in others if math.isfinite(other.value.mean)]
    width = max([*values, 1e-12])
    return (end + width, width) if math.isfinite(low) else (end - width, width)


def over_worlds(table: pd.DataFrame) -> Figure:
    """Share of the worlds in which each finding is met, by chart; filled where it is met as assumptions stand."""
    names = list(dict.fromkeys(table["name"]))
    figure = Figure(figsize=(9.5, 1.6 + 0.24 * len(names)), layout="constrained")
    axes = figure.subplots()
    for k, (chart, mine) in enumerate(table.groupby("chart", sort=False)):
        rows = mine["name"].map(names.index) + 0.13 * (k - 1.5)
        faces = [COLOURS[k] if met else "white" for met in mine["default_inside"]]
        axes.scatter(100 * mine["share"], rows, c=faces, edgecolors=COLOURS[k], marker="oD^s"[k % 4], s=22, zorder=3,
                     label=str(chart))  # fmt: skip
    axes.set_yticks(range(len(names)), [name.replace("_", " ") for name in names], fontsize=8)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(-3, 103)
    axes.set_xlabel("worlds with a value in the published range, % (filled: so at the assumptions as they stand, too)",
                    fontsize=8)  # fmt: skip
    clean(axes, "both")
    figure.legend(fontsize=8, frameon=False, loc="outside upper left", ncols=4)
    return figure


def against_ranges(measured: Sequence[Measured], kinds: bool = True) -> Figure:
    """Every finding as a line, the range as a band, values with intervals by chart.

    Args:
        measured: one per finding and chart.
        kinds: whether to name the kind of each finding.
    """
    names = list(dict.fromkeys(one.finding.name for one in measured))
    charts = list(dict.fromkeys(one.chart for one in measured))
    figure = Figure(figsize=(9.5, 1.6 + 0.27 * len(names)), layout="constrained")
    axes = figure.subplots()
    first = {one.finding.name: one.finding for one in reversed(measured)}
    edge = REACH * 1.05
    begins = [-1.0 if math.isfinite(first[name].low) else -edge for name in names]
    ends_at = [1.0 if math.isfinite(first[name].high) else edge for name in names]
    widths = np.subtract(ends_at, begins)
    axes.barh(range(len(names)), widths, left=begins, height=0.8, color="0.5", alpha=0.18, linewidth=0)
    for k, chart in enumerate(charts):
        shown = [one for one in measured if one.chart == chart and math.isfinite(one.value.mean)]
        ends = [scale(one, [other for other in measured if other.finding is one.finding]) for one in shown]
        places = np.array([
            [(x - middle) / width for x in (one.value.mean, one.value.low, one.value.high)]
            for one, (middle, width) in zip(shown, ends, strict=True)
        ])  # fmt: skip
        places = np.clip(np.nan_to_num(places.reshape(-1, 3)), -REACH, REACH)
        rows = [names.index(one.finding.name) + 0.16 * (k - (len(charts) - 1) / 2) for one in shown]
        reach = [places[:, 0] - places[:, 1], places[:, 2] - places[:, 0]]
        axes.errorbar(places[:, 0], rows, xerr=np.abs(reach), fmt="oD^"[k % 3], color=COLOURS[k], markersize=4,
                      capsize=2, linestyle="none", label=chart)  # fmt: skip
    labels = [f"{n.replace('_', ' ')} ({first[n].kind})" if kinds else n for n in names]
    axes.set_yticks(range(len(names)), labels, fontsize=8)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(-edge, edge)
    axes.set_xticks([-1, 1], ["low end", "high end"], fontsize=8)
    axes.set_xlabel("range of the finding, shaded: open ends go to the edge, and so do values beyond it", fontsize=8)
    clean(axes, "x")
    axes.legend(
        fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(0, 1.0 + 1.2 / len(names)), ncols=len(charts)
    )
    return figure
