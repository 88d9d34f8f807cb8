"""Effects over worlds, what they hang on, where they lose, and the regret of every chart."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.comparison.factors import EFFECTS
from simsvc.robustness.regret import behind_best
from simsvc.runs.metrics import METRICS
from simsvc.scenario.words import setting_words
from simsvc.show.axes import COLOURS, clean
from simsvc.show.numbers import difference_unit

_BARS = 12


def _panels(count: int, height: float, title: str) -> tuple[Figure, Any]:
    figure = Figure(figsize=(11, height), layout="constrained")
    figure.suptitle(textwrap.fill(title, 125), fontsize=10, x=0.01, ha="left")
    return figure, figure.subplots(1, count, squeeze=False)[0]


def _finish(axes: Any, metric: str, what: str, values: Any = "x") -> None:
    axes.set_title(textwrap.fill(METRICS[metric].label, 36), fontsize=10, loc="left")
    axes.set_xlabel(what, fontsize=8)
    clean(axes, values)


def drawn(plain: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> dict[str, Callable[[], Figure]]:
    """What draws the figures of a `Robustness`, or of its folder, by name.

    Args:
        plain: the result as plain data.
        tables: effects, drivers, variance and worlds. Of folders written before levels and boxes were kept with them,
            what needs these is left out.
    """
    worlds, baseline = tables["worlds"], plain["structures"][0]
    told = {name: EFFECTS.get(name, f"'{name}' less '{baseline}'") for name in plain["effects"]}
    size = f"{plain['kept']} worlds of {plain['draws']} draws, {plain['replications']} pairs each, {plain['days']} days"
    title = f"{plain['scenario']}: {next(iter(told.values()))}, {size}"
    metrics = list(tables["variance"]["metric"])
    effects = {words: {metric: worlds[f"{metric} of {name}"].dropna() for metric in metrics}
               for name, words in told.items()}  # fmt: skip
    rows = tables["effects"].assign(effect=tables["effects"]["effect"].map(told))
    found: dict[str, Callable[[], Figure]] = {
        "effects": lambda: distributions(
            effects, rows, f"{title}; black: the 95\u00a0% interval of luck at the assumptions as they stand"
        ),
        "drivers": lambda: ranked(tables["drivers"], tables["variance"], f"{title}: shares of the variance"),
    }
    levels = {metric: {name.removeprefix(f"{metric} under "): worlds[name] for name in map(str, worlds)
                       if name.startswith(f"{metric} under ")} for metric in metrics}  # fmt: skip
    if all(levels.values()):
        behind = {metric: behind_best(metric, mine) for metric, mine in levels.items()}
        found["regret"] = lambda: regret(behind, f"{title}: how far each chart is behind the best of its world")
    losing = {metric: mine for metric, mine in plain["boxes"].items() if mine and "shares" in mine[0]}
    if losing:
        found["boxes"] = lambda: boxes(losing, f"{title}: where it loses")
    return found


def distributions(effects: Mapping[str, Mapping[str, Any]], table: pd.DataFrame, title: str) -> Figure:
    """Every effect over the worlds: 5 to 95 %, quartiles, median, and the interval of luck above them.

    Args:
        effects: by what they are called and metric, float (worlds,).
        table: one row per effect, in the same words, and metric, with luck_low and luck_high.
        title: of the figure.
    """
    names, metrics = list(effects), list(next(iter(effects.values())))
    figure, panels = _panels(len(metrics), 1.4 + 0.7 * len(names), title)
    for number, (axes, metric) in enumerate(zip(panels, metrics, strict=True)):
        factor, unit = difference_unit(metric)
        for height, name in enumerate(names):
            mean = effects[name][metric] * factor
            row = table[(table["effect"] == name) & (table["metric"] == metric)].iloc[0]
            low, q1, middle, q3, high = np.quantile(mean, (0.05, 0.25, 0.5, 0.75, 0.95))
            scatter = np.random.default_rng(1).uniform(-0.3, 0.3, len(mean))
            axes.plot(mean, height + scatter, ".", color=COLOURS[5], markersize=2.5, alpha=0.6)
            axes.plot([low, high], [height] * 2, color=COLOURS[0], linewidth=1.4)
            axes.plot([q1, q3], [height] * 2, color=COLOURS[0], linewidth=5, alpha=0.6, solid_capstyle="butt")
            axes.plot(middle, height, "o", color="white", markeredgecolor=COLOURS[0], markersize=5)
            ends = [row["luck_low"] * factor, row["luck_high"] * factor]
            axes.plot(ends, [height] * 2, color="black", linewidth=3, solid_capstyle="butt")
        axes.axvline(0, color="black", linewidth=0.8)
        axes.set_yticks(range(len(names)), [textwrap.fill(name, 24) for name in names] if number == 0 else [])
        axes.set_ylim(len(names) - 0.4, -0.6)
        _finish(axes, metric, unit)
    return figure


def ranked(drivers: pd.DataFrame, variance: pd.DataFrame, title: str) -> Figure:
    """Shares of the variance by driver, and by luck and what is given to none; tables as of a `Robustness`."""
    figure, panels = _panels(len(variance), 4.4, f"{title}; blue: more of it favours turning, orange: less of it")
    for axes, parts in zip(panels, variance.to_dict("records"), strict=True):
        mine = drivers[drivers["metric"] == parts["metric"]].head(_BARS)
        names = [*mine["name"], "luck", "to no single number"]
        share = 100 * np.array([*mine["share"], parts["luck"], parts["unattributed"]], float)
        signs = [COLOURS[0] if value >= 0 else COLOURS[1] for value in mine["correlation"]]
        axes.barh(range(len(names)), share, color=[*signs, "black", "grey"], alpha=0.75)
        axes.set_yticks(range(len(names)), [setting_words(name) for name in names])
        axes.set_ylim(len(names) - 0.4, -0.6)
        _finish(axes, str(parts["metric"]), "% of the variance")
        axes.tick_params(labelsize=7)
    return figure


def boxes(found: Mapping[str, Sequence[Mapping[str, Any]]], title: str) -> Figure:
    """Limits of the boxes of some metrics within the ranges, one line per limit; boxes are plain data."""
    most = max(sum(len(box["shares"]) for box in mine) for mine in found.values())
    figure, panels = _panels(len(found), 1.6 + 0.4 * most, title)
    for axes, (metric, mine) in zip(panels, found.items(), strict=True):
        lines: list[str] = []
        for number, box in enumerate(mine, 1):
            for name, (low, high) in box["shares"].items():
                axes.plot([0, 1], [len(lines)] * 2, color="lightgrey", linewidth=2)
                axes.plot([low, high], [len(lines)] * 2, color=COLOURS[number - 1], linewidth=6, solid_capstyle="butt")
                lines.append(f"{number}: {setting_words(name)}")
        axes.set_yticks(range(len(lines)), lines)
        axes.set_ylim(len(lines) - 0.4, -0.6)
        told = "; ".join(f"box {number}: loses in {100 * box['density']:.0f} %" for number, box in enumerate(mine, 1))
        _finish(axes, metric, f"share of the range drawn; {told}")
    return figure


def regret(behind: Mapping[str, Mapping[str, Any]], title: str) -> Figure:
    """How far charts are behind the best one of their world, as shares of worlds: by metric and chart, (worlds,)."""
    figure, panels = _panels(len(behind), 3.9, title)
    for axes, (metric, charts) in zip(panels, behind.items(), strict=True):
        factor, unit = difference_unit(metric)
        for k, (name, values) in enumerate(charts.items()):
            share = 100 * np.arange(1, len(values) + 1) / len(values)
            axes.step(np.sort(values) * factor, share, where="post", color=COLOURS[k % len(COLOURS)], label=name)
        axes.set_ylabel("% of worlds at most so far behind", fontsize=8)
        _finish(axes, metric, unit, "both")
    panels[0].legend(fontsize=8, frameon=False)
    return figure
