"""What a sweep found, at a glance: a sentence, a table of points, a picture with one column per setting that varies."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from simsvc.runs.metrics import METRICS, OUTCOMES
from simsvc.scenario.words import setting_words
from simsvc.show.axes import clean, style
from simsvc.show.numbers import called, difference, difference_unit, in_words, level, level_unit
from simsvc.sweeps.results import Results

MOST_PANELS = 6


def changes_told(changes: pd.DataFrame) -> list[str]:
    """A sentence for each setting and structure of a table of changes."""
    told = []
    for _, mine in changes.groupby(["setting", "structure"], sort=False):
        first, parts = mine.iloc[0], []
        setting, kind = str(first["setting"]), str(first["structure"])
        apart = " - " in kind
        for row in mine.to_dict("records"):
            metric = str(row["metric"])
            shown, unit = (difference, difference_unit) if apart else (level, level_unit)
            ends = " to ".join(shown(metric, row[end]).number for end in ("at_lowest", "at_highest"))
            by = in_words(metric, row["mean"], row["low"], row["high"])
            sure = " (too few replications for an interval)" if row["n"] < 2 else " (no change seen)"
            seen = row["low"] > 0 or row["high"] < 0
            parts.append(f"{called(metric)} from {ends} {unit(metric).name}, by {by}{'' if seen else sure}")
        others = "" if first["alone"] else ", where other settings differ, too,"
        told.append(
            f"With {setting_words(setting)} from {first['lowest']:.4g} to {first['highest']:.4g}{others} "
            f"{'the difference' if apart else 'the level'} ({kind}) goes: {'; '.join(parts)}."
        )
    return told


def kinds_of(table: pd.DataFrame) -> list[str]:
    """What pictures show of a table of points: differences between structures, if there are several; else levels."""
    names = list(dict.fromkeys(table["structure"]))
    return [name for name in names if " - " in name] or names


def what_varies(results: Results, table: pd.DataFrame) -> list[str]:
    """What varies between points: scenarios, if there are several, and settings."""
    names = ["scenario", *(name for name in results.manifest["keys"] if "." in name)]
    return [name for name in names if table[name].nunique() > 1]


def sentences(table: pd.DataFrame) -> list[str]:
    """What differs between structures, in how many points; or the range of levels for a single structure."""
    said = []
    for name, mine in table.groupby("structure", sort=False):
        if " - " not in str(name):
            continue
        structure, baseline = str(name).split(" - ")
        parts = []
        for metric, rows in mine.groupby("metric", sort=False):
            higher, lower = int((rows["low"] > 0).sum()), int((rows["high"] < 0).sum())
            low, high = (difference(str(metric), float(end)).number for end in (rows["mean"].min(), rows["mean"].max()))
            parts.append(
                f"{METRICS[str(metric)].label.lower()} is higher at {higher} of {len(rows)} points, lower at {lower} "
                f"(from {low} to {high} {difference_unit(str(metric)).name})"
            )
        said.append(f"'{structure}' against '{baseline}': {'; '.join(parts)}.")
    return said


def overview(results: Results, table: pd.DataFrame, metrics: Sequence[str] = OUTCOMES) -> Figure:
    """Means of points over each setting that varies: differences if there are several structures, else levels.

    Args:
        results: of the sweep.
        table: see `simsvc.sweeps.points.point_table`.
        metrics: one row of panels each.
    """
    settings = what_varies(results, table)[:MOST_PANELS] or ["point"]
    kinds = kinds_of(table)
    differ = " - " in kinds[0]
    figure = Figure(
        figsize=(max(4.0, min(2.9 * len(settings) + 1, 14)), 2.7 * len(metrics) + 0.8), layout="constrained"
    )
    panels = figure.subplots(len(metrics), len(settings), squeeze=False, sharey="row")
    for row, metric in enumerate(metrics):
        for column, setting in enumerate(settings):
            axes = panels[row][column]
            clouds(axes, table, setting, kinds, metric)
            if row == len(metrics) - 1:
                axes.set_xlabel(setting_words(setting), fontsize=8)
            if column == 0:
                axes.set_title(METRICS[metric].label, fontsize=9, loc="left")
                unit = (difference_unit if differ else level_unit)(metric).name
                axes.set_ylabel("difference, " * differ + unit, fontsize=8)
    if len(kinds) > 1:
        handles, labels = panels[0][0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    what = "Levels" if not differ else kinds[0] if len(kinds) == 1 else "Each structure less the first"
    title = f"{what}: every point (dots, with 95 % interval) and the mean over points of the same value (line)"
    figure.suptitle(textwrap.fill(title, int(9 * figure.get_size_inches()[0])), fontsize=9, x=0.01, ha="left")
    return figure


def clouds(axes: Any, table: pd.DataFrame, setting: str, kinds: Sequence[str], metric: str) -> None:
    """Draw a metric over a setting that varies: structures, or their differences to the first one."""
    for k, kind in enumerate(kinds):
        mine = table[(table["metric"] == metric) & (table["structure"] == kind)]
        _cloud(axes, mine, setting, difference_unit(metric).factor, k, kind)
    if " - " in kinds[0]:
        axes.axhline(0, color="black", linewidth=0.8)
    clean(axes)


def _cloud(axes: Any, table: pd.DataFrame, setting: str, scale: float, number: int, label: str) -> None:
    """Draw points with intervals over a setting, and the mean of those of the same value or of neighbours."""
    colour = style(number)["color"]
    table = table[table[setting].notna()]
    values = table[setting]
    names = list(dict.fromkeys(values)) if not pd.api.types.is_numeric_dtype(values) else []
    x = np.array([names.index(v) for v in values], float) if names else values.to_numpy(float)
    mean, low, high = (table[name].to_numpy(float) * scale for name in ("mean", "low", "high"))
    reach = np.nan_to_num([mean - low, high - mean])
    faint = 0.9 if len(table) <= 12 else 0.35
    axes.errorbar(x, mean, yerr=reach, fmt="o", markersize=3, linewidth=0.7, color=colour, alpha=faint, zorder=2)
    course = pd.DataFrame({"x": x, "y": mean})
    if len(np.unique(x)) <= max(len(table) // 2, 1) or len(table) <= 12:
        course = course.groupby("x", as_index=False).mean()
    else:
        course = course.groupby(pd.qcut(course["x"], min(8, len(x) // 4), labels=False, duplicates="drop")).mean()
    axes.plot(course["x"], course["y"], linewidth=1.6, label=label, zorder=3, **style(number))
    if names:
        axes.set_xticks(range(len(names)), [textwrap.fill(str(n).replace("_", " "), 10) for n in names])
    elif pd.api.types.is_integer_dtype(values):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
