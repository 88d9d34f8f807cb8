"""Service level against positions at the front line."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from simsvc.show.axes import clean, style


def levels(plain: Mapping[str, Any], tried: pd.DataFrame, needed: pd.DataFrame) -> Figure:
    """Mean service level of every number of positions tried, with its interval; a ring where the target is reached.

    Of a `StaffNeeded`, or of its folder: the result as plain data, what was tried, and its `table`.
    """
    share, seconds = (float(plain["target"][name]) for name in ("share", "seconds"))
    figure = Figure(figsize=(9, 5), layout="constrained")
    axes = figure.subplots()
    axes.axhline(100 * share, color="black", linewidth=0.8, linestyle=":")
    for number, row in enumerate(needed.to_dict("records")):
        mine = tried[tried["structure"] == row["structure"]]
        look = style(number)
        reach = 100 * (mine["mean"] - mine["low"]), 100 * (mine["high"] - mine["mean"])
        axes.errorbar(mine["positions"], 100 * mine["mean"], yerr=reach, fmt="o-", markersize=4, capsize=2, linewidth=1,
                      color=look["color"], label=f"{row['structure']}: {row['positions']} positions")  # fmt: skip
        axes.plot(row["positions"], 100 * row["service_level"], "o", markersize=11, markerfacecolor="none",
                  color=look["color"])  # fmt: skip
        axes.plot(row["erlang_a"], 100 * share, "^", color=look["color"], markersize=8, clip_on=False,
                  label=f"{row['structure']}: {row['erlang_a']} by Erlang A")  # fmt: skip
    axes.set_xlabel("positions at the front line", fontsize=9)
    axes.set_ylabel(f"answered within {seconds:g} s, %", fontsize=9)
    axes.legend(fontsize=8, frameon=False, loc="lower right")
    clean(axes)
    figure.suptitle(textwrap.fill(f"{plain['scenario']}: {plain['finding']}", 115), fontsize=10, x=0.01, ha="left")
    return figure
