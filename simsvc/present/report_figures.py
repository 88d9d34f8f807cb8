"""Pictures of a report: small panels, each with a text for those who do not see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from simsvc.experiment.metrics import METRICS
from simsvc.experiment.statistics import contrast
from simsvc.experiment.study import readable
from simsvc.present.figures import COURSE, DECOMPOSED, clean, smooth, style, waterfall
from simsvc.present.maps import sign_map
from simsvc.present.report_parts import Picture, counted, listed, panel, picture, plain_number
from simsvc.present.sweep import cloud
from simsvc.scenario.timeline import Change

_POINTS = 250
"""Points of a line beyond which nobody sees any more of them."""


def courses(days: Mapping[str, pd.DataFrame], changes: Sequence[Change] = ()) -> list[Picture]:
    """How things went: one panel per series, one line per structure.

    Args:
        days: daily series by structure.
        changes: dated ones, marked where they happen.
    """
    made = []
    for name, label, unit, factor in COURSE:
        lines = {structure: smooth(frame[name] * factor) for structure, frame in days.items()}
        made.append(_course(days, lines, label, "people" if unit == "people" else unit, changes))
    made.append(_course(days, {k: _waits(frame) for k, frame in days.items()}, "Mean wait of a caller", "min", changes))
    return made


def _waits(frame: pd.DataFrame) -> Any:
    """Minutes that a caller waits, over twenty days."""
    calls = (frame["calls_judged"] + frame["abandoned"]).rolling(20, min_periods=1).sum().clip(lower=1)
    return (frame["wait"].rolling(20, min_periods=1).sum() / calls).to_numpy()


def _course(
    days: Mapping[str, pd.DataFrame], lines: Mapping[str, Any], label: str, unit: str, changes: Sequence[Change]
) -> Picture:
    figure, axes = panel()
    told = []
    for k, (structure, values) in enumerate(lines.items()):
        day = days[structure]["day"].to_numpy()
        kept = np.unique(np.linspace(0, len(day) - 1, _POINTS).astype(int))
        axes.plot(day[kept] / 250, values[kept], label=structure, linewidth=1.7, **style(k))
        ends = [plain_number(float(values[at]), _digits(values)) for at in (0, -1)]
        told.append(f"'{structure}' from {ends[0]} to {ends[1]}")
    for change in changes:
        axes.axvline(change.day / 250, color="#555555", linewidth=0.9, linestyle=(0, (2, 2)))
    axes.set_title(f"{label}, {unit}", fontsize=10, loc="left")
    axes.set_xlabel("year", fontsize=9)
    clean(axes)
    axes.tick_params(labelsize=9)
    if len(lines) > 1:
        axes.legend(fontsize=8.5, frameon=False, handlelength=2.4)
    marks = f"; dashed lines mark {counted(len(changes), 'dated change')}" if changes else ""
    last = max(len(frame) for frame in days.values())
    return picture(figure, f"Lines over {counted(last, 'day')}: {label}, {unit}: {listed(told)}{marks}.")


def _digits(values: Any) -> int:
    """Decimals that show how far a series moves."""
    reach = float(np.nanmax(values) - np.nanmin(values)) or abs(float(np.nanmax(values))) or 1.0
    return int(np.clip(np.ceil(0.7 - np.log10(reach)), 0, 3))


def sources(decomposition: pd.DataFrame, structure: str) -> list[Picture]:
    """Where the difference of a structure to the baseline comes from: one panel of steps per metric."""
    made = []
    for metric, label, unit, factor in DECOMPOSED:
        mine = decomposition[(decomposition["metric"] == metric) & (decomposition["structure"] == structure)]
        table = mine.set_index("stage")
        figure, axes = panel()
        waterfall(axes, table, label, unit, factor)
        axes.set_title(f"{label}, {unit}: {structure}", fontsize=9.5, loc="left")
        axes.set_ylabel("")
        parts = [f"{stage} {plain_number(float(mean) * factor, 1, '+')}" for stage, mean in table["mean"].items()]
        made.append(
            picture(figure, f"Steps that add up to the difference of '{structure}' in {label.lower()}, {unit}: "
                    f"{listed(parts)}.")
        )  # fmt: skip
    return made


def over_setting(table: pd.DataFrame, setting: str, kinds: Sequence[str], metric: str, label: str) -> Picture:
    """A metric over a setting that varies: points with intervals, and their mean.

    Args:
        table: see `simsvc.present.sweep.point_table`.
        setting: that varies.
        kinds: structures, or their differences to the first one, to draw.
        metric: its name.
        label: of the setting, with its unit.
    """
    factor, unit = readable(metric)
    apart = any(" - " in kind for kind in kinds)
    figure, axes = panel()
    for k, kind in enumerate(kinds):
        mine = table[(table["metric"] == metric) & (table["structure"] == kind)]
        cloud(axes, mine, setting, factor, k, kind)
    if apart:
        axes.axhline(0, color="black", linewidth=0.8)
    clean(axes)
    axes.tick_params(labelsize=9)
    axes.set_title(f"{METRICS[metric].label}, {'difference, ' * apart}{unit}", fontsize=9.5, loc="left")
    axes.set_xlabel(label, fontsize=9)
    if len(kinds) > 1:
        figure.legend(loc="outside lower center", ncols=2, fontsize=8, frameon=False)
    mine = table[(table["metric"] == metric) & table["structure"].isin(kinds)]
    ends = listed(plain_number(float(end) * factor, 1) for end in (mine["mean"].min(), mine["mean"].max()))
    alt = (
        f"Dots with intervals, one per point of the design, over {setting}: {METRICS[metric].label}, {unit}, of "
        f"{listed(kinds)}; all means lie between {ends}."
    )
    return picture(figure, alt)


def maps(
    runs: pd.DataFrame, structure: str, baseline: str, settings: tuple[str, str], metrics: Sequence[str]
) -> list[Picture]:
    """Maps of a difference over two settings on a full grid; none if the design is no full grid."""
    across, up = settings
    made = []
    for metric in metrics:
        frame = contrast(
            runs[["structure", "replication", across, up, metric]], "structure", structure, baseline, by=[across, up]
        )
        columns, rows = sorted(frame[across].unique()), sorted(frame[up].unique())
        wide = frame.pivot(index="replication", columns=[up, across], values=metric)
        wide = wide.reindex(columns=pd.MultiIndex.from_product([rows, columns])).dropna()
        if min(len(rows), len(columns)) < 2 or wide.empty:
            return []
        factor, unit = readable(metric)
        values = wide.to_numpy(float).reshape(len(wide), len(rows), len(columns)) * factor
        figure, axes = panel()
        largest = float(np.abs(values.mean(axis=0)).max()) or 1.0
        sign_map(axes, values, rows, columns, names=(across, up), title=f"{METRICS[metric].label}, {unit}",
                 largest=largest)  # fmt: skip
        mean = values.mean(axis=0)
        low, high = np.unravel_index(mean.argmin(), mean.shape), np.unravel_index(mean.argmax(), mean.shape)
        told = [
            f"{word} {plain_number(float(mean[place]), 1, '+')} at {across} {columns[place[1]]:g} and "
            f"{up} {rows[place[0]]:g}"
            for word, place in (("lowest", low), ("highest", high))
        ]
        made.append(
            picture(figure, f"Map of the difference of '{structure}' to '{baseline}' in {METRICS[metric].label}, "
                    f"{unit}: {listed(told)}.")
        )  # fmt: skip
    return made
