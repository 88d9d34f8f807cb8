"""A selection of the best structure as a race."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.runs.metrics import METRICS
from simsvc.show.axes import COLOURS, clean
from simsvc.show.numbers import level_unit


def race(plain: Mapping[str, Any], table: pd.DataFrame, course: pd.DataFrame) -> Figure:
    """Running means, one line per structure, to where it went (cross, then dotted) or to the end (dot).

    Of a `Selection`, or of its folder: the result as plain data, its ranking, and its running means.
    """
    metric, first, fate = plain["metric"], plain["first_stage"], "best"
    if not plain["decided"] or len(plain["survivors"]) > 1:
        fate = "equal" if plain["decided"] else "still in"
    factor, unit = level_unit(metric)
    end = int(course["replication"].max())
    figure = Figure(figsize=(11, max(4.2, 1.6 + 0.27 * len(table))), layout="constrained")
    axes = figure.subplots()
    labels = []
    for k, row in enumerate(table.to_dict("records")):
        line = course[course["structure"] == row["structure"]]
        inside = pd.isna(row["eliminated_by"])
        style: dict[str, Any] = {"color": COLOURS[k % len(COLOURS)]}
        last, height = int(line["replication"].iloc[-1]), float(line["mean"].iloc[-1]) * factor
        axes.plot(
            line["replication"], line["mean"] * factor, **style, linewidth=2.2 if inside else 1.1,
            linestyle="-" if inside else "--",
        )  # fmt: skip
        axes.plot(last, height, "o" if inside else "x", **style)
        axes.plot([last, end], [height, height], ":", **style, linewidth=0.9, alpha=0.5)
        text = f"{row['structure']}: {fate if inside else 'out after ' + str(row['eliminated_after'])}"
        labels.append((height, text, style, inside))
    axes.set_xlim(1, max(end * 1.02, 2))
    _name_lines(axes, end, labels)
    axes.set_xlabel(f"replications; nothing goes before the end of the first stage of {first}", fontsize=8)
    axes.set_ylabel(f"{METRICS[metric].label}, running mean" + (f", {unit}" if unit else ""), fontsize=8)
    clean(axes)
    figure.suptitle(textwrap.fill(f"{plain['scenario']}: {plain['finding']}", 135), fontsize=10, x=0.01, ha="left")
    return figure


def _name_lines(axes: Any, end: int, labels: list[tuple[float, str, dict[str, Any], bool]]) -> None:
    """Name lines at the right, each as near to its end as the others allow."""
    ordered = sorted(labels, key=lambda label: label[0])
    low, high = axes.get_ylim()
    step = (high - low) / max(len(labels), 20)
    heights = np.array([height for height, *_ in ordered])
    for _ in range(500):  # names that overlap push each other apart
        overlap = np.clip(step - np.diff(heights), 0, None) / 2
        heights[:-1] -= overlap
        heights[1:] += overlap
        heights = np.clip(heights, low, high)
    for (y, text, style, inside), height in zip(ordered, heights, strict=True):
        axes.annotate(
            text, (end, y), xytext=(axes.get_xlim()[1] * 1.015, height), va="center", fontsize=8,
            fontweight="bold" if inside else "normal", annotation_clip=False,
            arrowprops={"arrowstyle": "-", "linewidth": 0.6, "relpos": (0, 0.5), "shrinkB": 3, **style},
        )  # fmt: skip
    axes.set_ylim(low, high)
