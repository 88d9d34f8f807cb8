"""Figures of experiments: effects with their intervals as dots, and courses of the arms of a design."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.runs.metrics import METRICS
from simsvc.show.axes import COLOURS, clean, smooth, style, time_axis
from simsvc.show.numbers import difference_unit
from simsvc.show.paper import labelled

MARKS = ("o", "D", "s", "^")


def dots(
    table: pd.DataFrame, label: str, metrics: Sequence[str], title: str, *, series: str = "", what: str = "difference"
) -> Figure:
    """A dot plot of effects.

    Args:
        table: columns `label`, metric, mean, low, high and, if named, `series`; NaN leaves a gap.
        label: column of what was tried, one line each, in order of appearance.
        metrics: one panel each, side by side.
        title: of the figure.
        series: column of what is told apart by colour and mark within a line.
        what: is shown: a word for the axes.
    """
    lines = list(dict.fromkeys(table[label]))
    kinds = list(dict.fromkeys(table[series])) if series else [""]
    figure = Figure(figsize=(11, 1.5 + 0.36 * len(lines)), layout="constrained")
    for number, (axes, metric) in enumerate(
        zip(figure.subplots(1, len(metrics), squeeze=False)[0], metrics, strict=True)
    ):
        scale, unit = difference_unit(metric)
        mine = table[table["metric"] == metric]
        for k, kind in enumerate(kinds):
            rows = (mine[mine[series] == kind] if series else mine).set_index(label).reindex(lines)
            mean, low, high = (rows[name].to_numpy(float) * scale for name in ("mean", "low", "high"))
            height = np.arange(len(lines)) + 0.6 * (k + 0.5 - len(kinds) / 2) / len(kinds)
            reach: Any = np.nan_to_num([mean - low, high - mean])
            axes.errorbar(
                mean, height, xerr=reach, fmt=MARKS[k % len(MARKS)], color=COLOURS[k % len(COLOURS)],
                markersize=4.5, capsize=2, linewidth=1, label=labelled(str(kind)),
            )  # fmt: skip
        axes.axvline(0, color="black", linewidth=0.8)
        axes.set_yticks(
            range(len(lines)), [textwrap.fill(labelled(str(line)), 42) for line in lines] if number == 0 else []
        )
        axes.set_ylim(len(lines) - 0.5, -0.5)
        axes.set_title(textwrap.fill(METRICS[metric].label, 110 // len(metrics)), fontsize=10, loc="left")
        axes.set_xlabel(f"{what}, {unit}", fontsize=8)
        clean(axes, "both")
        if series and number == 0:
            _below(figure, axes, len(kinds), title=series, title_fontsize=8)
    return _titled(figure, title)


def courses(series: pd.DataFrame, labels: Sequence[str], shown: Mapping[str, str], title: str) -> Figure:
    """Daily series side by side, one line per combination of labels.

    Args:
        series: columns of the labels, `day`, and what is shown; see `simsvc.studies.study.Study.series`.
        labels: columns that tell lines apart.
        shown: title of the panel by column.
        title: of the figure.
    """
    figure = Figure(figsize=(11, 3.9), layout="constrained")
    panels = figure.subplots(1, len(shown), squeeze=False)[0]
    for axes, (name, text) in zip(panels, shown.items(), strict=True):
        for k, (values, line) in enumerate(series.groupby(list(labels), sort=False)):
            axes.plot(
                line["day"] / time_axis(axes, len(line)),
                smooth(line[name]),
                label=", ".join(map(str, values)),
                **style(k),
            )
        axes.set_title(text, fontsize=10, loc="left")
        clean(axes)
    _below(figure, panels[0], 3)
    return _titled(figure, title)


def _below(figure: Figure, axes: Any, columns: int, **how: Any) -> None:
    """A legend of what one of the panels shows, below all of them."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=columns, fontsize=8, frameon=False, **how)


def _titled(figure: Figure, title: str) -> Figure:
    figure.suptitle(textwrap.fill(title, 125), fontsize=10, x=0.01, ha="left")
    return figure
