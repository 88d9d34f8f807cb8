"""Pictures of a report: small panels, each with a text for those who do not see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from simsvc.scenario.timeline import Change
from simsvc.show.axes import COURSE, clean, smooth, style
from simsvc.show.html.parts import Picture, counted, listed, panel, picture, plain_number

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
        ends = [plain_number(float(values[at]), digits(values)) for at in (0, -1)]
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


def digits(values: Any) -> int:
    """Decimals that show how far a series moves."""
    reach = float(np.nanmax(values) - np.nanmin(values)) or abs(float(np.nanmax(values))) or 1.0
    return int(np.clip(np.ceil(0.7 - np.log10(reach)), 0, 3))
