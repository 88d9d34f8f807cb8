"""Call records as figures: arrivals, service times, patience, staff, waits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.calibration.calls.arrivals import Arrivals
from simsvc.calibration.calls.patience import FAMILIES, Patience
from simsvc.calibration.calls.service_times import ServiceTimes, distributions
from simsvc.calibration.calls.staffing import Staffing
from simsvc.show.axes import COLOURS, DASHES, clean, style

_GREY = "#777777"


def _panels(title: str, count: int, width: float = 11.0, height: float = 4.2) -> tuple[Figure, Any]:
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    return figure, figure.subplots(1, count, squeeze=False)[0]


def _label(axes: Any, title: str, x: str, y: str, /, **legend: Any) -> None:
    """Title, axes, and a legend if anything on them has a name."""
    axes.set_title(title, fontsize=10, loc="left")
    axes.set_xlabel(x, fontsize=8)
    axes.set_ylabel(y, fontsize=8)
    clean(axes)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=8, frameon=False, **legend)


def _by_time(axes: Any, hours: Any) -> None:
    """Ticks at whole hours of the day, and values from 0 up."""
    axes.set_ylim(bottom=0)
    step = 1 if len(hours) < 2 or hours.max() - hours.min() < 10 else 2
    ticks = np.arange(math.ceil(hours.min() / step) * step, hours.max() + step, step)
    axes.set_xticks(ticks, [f"{tick:.0f}:00" for tick in ticks], fontsize=8, rotation=45)


def _edges(starts: Any) -> Any:
    """Starts of equal parts and the end of the last."""
    starts = np.asarray(starts, float)
    return np.append(starts, starts[-1] + (starts[1] - starts[0] if len(starts) > 1 else 1.0))


def _line(axes: Any, edges: Any, values: Any, **how: Any) -> None:
    """A piecewise constant line."""
    axes.stairs(np.asarray(values, float), edges, baseline=None, **{"linewidth": 1.6, **how})


def _band(axes: Any, edges: Any, table: pd.DataFrame, label: str = "95 % interval") -> None:
    """A piecewise constant band."""
    low, high = (np.append(table[end], table[end].iloc[-1:]) for end in ("low", "high"))
    axes.fill_between(edges, low, high, step="post", alpha=0.25, linewidth=0, color=COLOURS[0], label=label)


def _reach(table: pd.DataFrame, name: str) -> list[Any]:
    """How far the interval of each estimate reaches to either side."""
    return [table[name] - table["low"], table["high"] - table[name]]


def arrivals_figure(arrivals: Arrivals) -> Figure:
    """Calls an hour by time of day, with intervals from day to day and by chance alone; and by weekday."""
    profile = arrivals.profile
    hours = profile["hour"].to_numpy()
    figure, (left, right) = _panels("When calls come", 2)
    edges = _edges(hours)
    _band(left, edges, profile, "95 % interval, from day to day")
    for name in ("poisson_low", "poisson_high"):
        label = "what it would be by chance alone" if name == "poisson_low" else None
        _line(left, edges, profile[name], color=_GREY, linewidth=0.8, linestyle=":", label=label)
    _line(left, edges, profile["calls_per_hour"], color=COLOURS[0], label="mean")
    _by_time(left, hours)
    _label(left, "An ordinary day", "", "calls an hour")
    days = arrivals.weekdays
    at = np.arange(len(days))
    right.bar(at, days["calls"], color=COLOURS[5], width=0.6)
    right.errorbar(at, days["calls"], yerr=_reach(days, "calls"), fmt="none", color="black", capsize=3, linewidth=1)
    right.set_xticks(at, [f"{name[:3]}\n({n} days)" for name, n in zip(days["weekday"], days["days"], strict=True)])
    _label(right, "By weekday, with 95 % intervals", "", "calls a day")
    return figure


def service_figure(service: ServiceTimes) -> Figure:
    """Observed against fitted quantiles of service times; their mean by time of day; agents' differences."""
    figure, (left, centre, right) = _panels("How long calls take", 3, 14.0)
    by_time = service.by_time
    hours = by_time["hour"].to_numpy()
    _band(centre, _edges(hours), by_time)
    _line(centre, _edges(hours), by_time["mean"], color=COLOURS[0], label="mean")
    centre.axhline(service.work.mean, color="black", linewidth=0.8)
    _by_time(centre, hours)
    _label(centre, "By time of day (technical drops included)", "", "minutes")
    n = len(service.minutes)
    shares = (np.arange(n) + 0.5) / n
    keep = np.unique(np.concatenate([np.linspace(0, n - 1, min(n, 400)).astype(int), np.arange(max(n - 40, 0), n)]))
    fits = distributions(service.minutes, service.log_mean, service.log_sd.mean)
    ends = [service.minutes[0], service.minutes[-1]]
    for k, (name, fitted) in enumerate(fits.items()):
        expected = fitted.ppf(shares[keep])
        left.plot(
            expected, service.minutes[keep], marker="o^"[k], linestyle="none", markersize=2.5, color=COLOURS[k],
            label=name,
        )  # fmt: skip
        ends = [min(ends[0], expected[0]), max(ends[1], expected[-1])]
    left.plot(ends, ends, color="black", linewidth=0.8)
    left.set_xscale("log")
    left.set_yscale("log")
    left.set_xlim(left=service.minutes[0] / 3)
    left.set_ylim(service.minutes[0] / 2, 2 * max(ends[1], service.minutes[-1]))
    title = f"Quantiles of {n:,} services: on the line if the fit is right"
    _label(left, title, "fitted, min", "observed, min", title="fitted distribution", title_fontsize=8)
    if service.spread is None:
        right.set_axis_off()
        return figure
    agents = service.spread.agents
    at = np.arange(len(agents))
    right.errorbar(
        agents["shrunk"], at, xerr=_reach(agents, "shrunk"), fmt="o", color=COLOURS[0], markersize=4, linewidth=1,
        label="drawn towards 1, 95 % interval",
    )  # fmt: skip
    right.plot(agents["ratio"], at, "x", color=COLOURS[1], markersize=4, label="as observed")
    right.axvline(1.0, color="black", linewidth=0.8)
    right.set_yticks(at, [str(name) for name in agents["agent"]])
    _label(right, "Agents: time per call over the average, like calls", "ratio", "", loc="lower right")
    right.tick_params(axis="y", labelsize=6 if len(agents) > 15 else 8)
    right.margins(y=0.1)
    return figure


def patience_figure(patience: Patience) -> Figure:
    """Share of callers still patient, fitted and as seen; rate of giving up by time waited."""
    figure, (left, right) = _panels("How long callers wait before they give up", 2)
    curve = patience.survival
    longest = min(float(curve["minutes"].max()), 12.0)
    left.fill_between(
        curve["minutes"], curve["low"], curve["high"], step="post", color="black", alpha=0.15, linewidth=0,
        label="95 % band",
    )  # fmt: skip
    left.step(curve["minutes"], curve["survival"], where="post", color="black", linewidth=1.4, label="Kaplan-Meier")
    grid = np.linspace(1e-3, longest, 300)
    for k, fit in enumerate(patience.fits.to_dict("records")):
        name = str(fit["distribution"])
        family: Any = FAMILIES[name]
        fitted = family(*(fit["shape"],)[: family.numargs], scale=fit["scale"])
        left.plot(grid, fitted.sf(grid), color=COLOURS[k], linestyle=DASHES[k + 1], linewidth=1.4, label=name)
    left.set_xlim(0, longest)
    left.set_ylim(0, 1)
    _label(left, "Share who would still wait", "minutes waited", "share")
    rate = patience.hazard[patience.hazard["at_risk"] >= 50]
    edges = np.append(rate["start"], rate["end"].iloc[-1:])
    _band(right, edges, rate)
    _line(right, edges, rate["per_minute"], color=COLOURS[0])
    right.axhline(1.0 / patience.mean.mean, color=COLOURS[1], linestyle="--", linewidth=1.2, label="exponential")
    right.set_ylim(bottom=0)
    _label(right, "Rate of giving up of those who still wait", "minutes waited", "per minute")
    return figure


def staffing_figure(staffing: Staffing) -> Figure:
    """Agents on duty, available and serving by time of day; on duty by weekday."""
    profile = staffing.profile
    hours = profile["hour"].to_numpy()
    edges = _edges(hours)
    figure, (left, right) = _panels("Who was on duty, inferred from who served when", 2)
    _band(left, edges, profile)
    shown = {"on_duty": "on duty", "available": "available (serve while somebody waits)", "busy": "serving"}
    for k, (name, label) in enumerate(shown.items()):
        _line(left, edges, profile[name], label=label, **style(k))
    _by_time(left, hours)
    left.set_ylim(0, 1.3 * float(profile["high"].max()))
    _label(left, "An ordinary day", "", "agents", loc="upper right", ncols=2)
    for k, (weekday, day) in enumerate(staffing.by_weekday.groupby("weekday", sort=False)):
        _line(right, edges, day["on_duty"], label=str(weekday), linewidth=1.4, **style(k))
    _by_time(right, hours)
    _label(right, "On duty, by weekday", "", "agents")
    return figure


def waits_figure(observed: pd.DataFrame, others: Mapping[str, pd.DataFrame], title: str) -> Figure:
    """Waits and abandonment by time of day: observed with intervals, beside simulations and formulas.

    Args:
        observed: result of `simsvc.calibration.calls.waits_by_time.observed_by_time`.
        others: tables with `hour`, `mean_wait`, `p_wait`, `p_abandon`, by the name in the legend.
        title: of the figure.
    """
    figure, panels = _panels(title, 3, 13.0, 4.4)
    day = observed[observed["hour"].notna()]
    hours = day["hour"].to_numpy()
    edges = _edges(hours)
    middle = (edges[:-1] + edges[1:]) / 2
    names = {
        "mean_wait": ("Mean wait of all calls", "seconds", 1.0),
        "p_wait": ("Calls that wait", "%", 100.0),
        "p_abandon": ("Calls that give up", "%", 100.0),
    }
    for axes, (name, (label, unit, scale)) in zip(panels, names.items(), strict=True):
        _label(axes, label, "", unit)  # before anything has a name: one legend serves all panels
        reach = [scale * (day[name] - day[f"{name}_low"]), scale * (day[f"{name}_high"] - day[name])]
        axes.errorbar(
            middle, scale * day[name], yerr=reach, fmt="o", color="black", markersize=3.5, linewidth=0.8,
            label="observed, 95 % interval",
        )  # fmt: skip
        for k, (other, table) in enumerate(others.items()):
            _line(axes, edges, scale * table[name], linewidth=1.5, label=other, **style(k))
        _by_time(axes, hours)
    entries = panels[0].get_legend_handles_labels()
    figure.legend(*entries, fontsize=9, frameon=False, loc="outside lower center", ncols=2)
    return figure


def needs_figure(table: pd.DataFrame, target: str) -> Figure:
    """Agents that a service level needs by time of day, beside those available.

    Args:
        table: of `simsvc.calibration.calls.required_staff.StaffNeeds`.
        target: in words.
    """
    figure, (axes,) = _panels(f"Agents needed: {target}", 1, 7.0)
    hours = table["hour"].to_numpy()
    edges = _edges(hours)
    shown = {"available": "available in the records", "erlang_a": "needed, Erlang A", "erlang_c": "needed, Erlang C"}
    if "shared" in table:  # between the two; one formula is enough beside it
        del shown["erlang_c" if table["erlang_a"].notna().any() else "erlang_a"]
        shown |= {"shared": "needed, these skills", "separate": "needed, each kind by itself"}
    for k, (name, label) in enumerate(shown.items()):
        if table[name].notna().any():
            _line(axes, edges, table[name], label=label, **style(k))
    _by_time(axes, hours)
    axes.set_ylim(0, 1.35 * float(np.nanmax(table[list(shown)].to_numpy())))
    _label(axes, "An ordinary day", "", "agents", loc="upper right", ncols=2)
    return figure
