"""Pictures of a report: small panels, each with a text for those who do not see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from simsvc.scenario.timeline import Change
from simsvc.show.axes import COURSE, Series, clean, style, time_axis
from simsvc.show.html.parts import Picture, panel, picture, plain_number
from simsvc.show.numbers import counted, listed

_POINTS = 250
"""Points of a line beyond which nobody sees any more of them."""


def courses(
    days: Mapping[str, pd.DataFrame], changes: Sequence[Change] = (), turn_on: int | None = None
) -> list[Picture]:
    """How things went: one panel per series, one line per structure; dated changes and the turn are marked."""
    marked = [*(change.day for change in changes), *([] if turn_on is None else [turn_on])]
    return [_course(days, series, marked) for series in COURSE]


def _course(days: Mapping[str, pd.DataFrame], series: Series, marked: Sequence[int]) -> Picture:
    figure, axes = panel()
    longest = max(len(frame) for frame in days.values())
    unit = time_axis(axes, longest, 9)
    told, what = [], f"{series.label}, {series.unit}"
    for k, (structure, frame) in enumerate(days.items()):
        day, values = frame["day"].to_numpy(), series.values(frame)
        kept = np.unique(np.linspace(0, len(day) - 1, _POINTS).astype(int))
        axes.plot(day[kept] / unit, values[kept], label=structure, linewidth=1.7, **style(k))
        first, last = (plain_number(float(values[at]), digits(values)) for at in (0, -1))
        told.append(f"'{structure}' from {first} to {last}")
    for mark in marked:
        axes.axvline(mark / unit, color="#555555", linewidth=0.9, linestyle=(0, (2, 2)))
    axes.set_title(what, fontsize=10, loc="left")
    clean(axes)
    axes.tick_params(labelsize=9)
    if len(days) > 1:
        axes.legend(fontsize=8.5, frameon=False, handlelength=2.4)
    marks = f"; dashed lines mark {counted(len(marked), 'dated change')}" if marked else ""
    return picture(figure, f"Lines over {counted(longest, 'day')}: {what}: {listed(told)}{marks}.")


def digits(values: Any) -> int:
    """Decimals that show how far a series moves."""
    reach = float(np.nanmax(values) - np.nanmin(values)) or abs(float(np.nanmax(values))) or 1.0
    return int(np.clip(np.ceil(0.7 - np.log10(reach)), 0, 3))
