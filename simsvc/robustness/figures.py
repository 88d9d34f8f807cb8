"""Effects over worlds, what they hang on, where they lose, and the regret of every chart."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from simsvc.runs.metrics import METRICS
from simsvc.show.axes import COLOURS, clean
from simsvc.show.numbers import difference_unit

if TYPE_CHECKING:
    from simsvc.robustness.result import Robustness

_BARS = 12


def _panels(count: int, height: float, title: str) -> tuple[Figure, Any]:
    figure = Figure(figsize=(11, height), layout="constrained")
    figure.suptitle(textwrap.fill(title, 125), fontsize=10, x=0.01, ha="left")
    return figure, figure.subplots(1, count, squeeze=False)[0]


def _finish(axes: Any, metric: str, what: str, values: Any = "x") -> None:
    axes.set_title(textwrap.fill(METRICS[metric].label, 36), fontsize=10, loc="left")
    axes.set_xlabel(what, fontsize=8)
    clean(axes, values)


def distributions(result: Robustness, title: str) -> Figure:
    """Every effect over the worlds: 5 to 95 %, quartiles, median, and the interval of luck inside."""
    names = list(result.effects)
    figure, panels = _panels(len(result.metrics), 1.4 + 0.7 * len(names), title)
    for number, (axes, metric) in enumerate(zip(panels, result.metrics, strict=True)):
        factor, unit = difference_unit(metric)
        for height, name in enumerate(names):
            mean = result.effects[name][metric].mean(axis=1)
            mean = mean[np.isfinite(mean)] * factor
            row = result.table[(result.table["effect"] == name) & (result.table["metric"] == metric)].iloc[0]
            low, q1, middle, q3, high = np.quantile(mean, (0.05, 0.25, 0.5, 0.75, 0.95))
            scatter = np.random.default_rng(1).uniform(-0.3, 0.3, len(mean))
            axes.plot(mean, height + scatter, ".", color=COLOURS[5], markersize=2.5, alpha=0.6)
            axes.plot([low, high], [height] * 2, color=COLOURS[0], linewidth=1.4)
            axes.plot([q1, q3], [height] * 2, color=COLOURS[0], linewidth=5, alpha=0.6, solid_capstyle="butt")
            axes.plot(middle, height, "o", color="white", markeredgecolor=COLOURS[0], markersize=5)
            ends = [row["luck_low"] * factor, row["luck_high"] * factor]
            axes.plot(ends, [height + 0.36] * 2, color="black", linewidth=3, solid_capstyle="butt")
        axes.axvline(0, color="black", linewidth=0.8)
        axes.set_yticks(range(len(names)), [textwrap.fill(result.told(n), 24) for n in names] if number == 0 else [])
        axes.set_ylim(len(names) - 0.4, -0.6)
        _finish(axes, metric, unit)
    return figure


def ranked(result: Robustness, title: str) -> Figure:
    """Shares of the variance by driver, and by luck, interplay and what is given to none."""
    variance = result.variance.set_index("metric")
    figure, panels = _panels(len(result.metrics), 4.4, title)
    for axes, metric in zip(panels, result.metrics, strict=True):
        mine = result.drivers[result.drivers["metric"] == metric].head(_BARS)
        names = [*mine["name"], "luck", "to no single number"]
        parts = variance.loc[metric]
        share = 100 * np.array([*mine["share"], parts["luck"], parts["unattributed"]], float)
        signs = [COLOURS[0] if value >= 0 else COLOURS[1] for value in mine["correlation"]]
        axes.barh(range(len(names)), share, color=[*signs, "black", "grey"], alpha=0.75)
        axes.set_yticks(range(len(names)), [name.removeprefix("assumptions.") for name in names])
        axes.set_ylim(len(names) - 0.4, -0.6)
        _finish(axes, metric, "% of the variance; blue: more of it favours turning, orange: less")
        axes.tick_params(labelsize=7)
    return figure


def boxes(result: Robustness, title: str) -> Figure:
    """Limits of the boxes within the ranges, one line per limit."""
    shown = [metric for metric in result.metrics if result.boxes[metric]]
    most = max(sum(len(box.limits) for box in result.boxes[metric]) for metric in shown)
    figure, panels = _panels(len(shown), 1.6 + 0.4 * most, title)
    for axes, metric in zip(panels, shown, strict=True):
        lines: list[str] = []
        for number, box in enumerate(result.boxes[metric], 1):
            for k, (low, high) in box.limits.items():
                axes.plot([0, 1], [len(lines)] * 2, color="lightgrey", linewidth=2)
                axes.plot([low, high], [len(lines)] * 2, color=COLOURS[number - 1], linewidth=6, solid_capstyle="butt")
                lines.append(f"{number}: {result.parameters[k].name.removeprefix('assumptions.')}")
        axes.set_yticks(range(len(lines)), lines)
        axes.set_ylim(len(lines) - 0.4, -0.6)
        told = "; ".join(f"box {n}: loses in {100 * box.density:.0f} %" for n, box in
                         enumerate(result.boxes[metric], 1))  # fmt: skip
        _finish(axes, metric, f"share of the range drawn; {told}")
    return figure


def regret(result: Robustness, title: str) -> Figure:
    """How far each chart is behind the best one of its world, as shares of worlds."""
    figure, panels = _panels(len(result.metrics), 3.9, title)
    for axes, metric in zip(panels, result.metrics, strict=True):
        factor, unit = difference_unit(metric)
        for k, (name, behind) in enumerate(result.regrets(metric).items()):
            values = np.sort(behind) * factor
            share = 100 * np.arange(1, len(values) + 1) / len(values)
            axes.step(values, share, where="post", color=COLOURS[k % len(COLOURS)], label=name, linewidth=1.6)
        axes.set_ylabel("% of worlds at most so far behind", fontsize=8)
        _finish(axes, metric, unit, "both")
    panels[0].legend(fontsize=8, frameon=False)
    return figure
