"""The levels the baseline is calibrated to, and what a set of runs reaches.

The traditional preset is fitted to these levels and to nothing else; the inverted one is never
fitted. `experiments/calibrate_baseline.py` reports them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simsvc.model.reasons import LEFT, LEFT_FOR_OWN_REASONS
from simsvc.runs.metrics import measured, retention


@dataclass(frozen=True)
class Level:
    """A level of the baseline with the range it should lie in.

    Attributes:
        name: identifier.
        label: for people.
        low: lower end of the range.
        high: upper end.
        unit: of value and range.
        source: of the range.
        of: computes it from the rows of the measured days of all runs, one after the other.
        keys: of `docs/references.bib`; none where practice is the only source.
        seen: how far the source was seen, one of `simsvc.evidence.findings.SEEN`; empty without a publication.
        why: what keeps the traditional chart from being well inside, if anything does.
    """

    name: str
    label: str
    low: float
    high: float
    unit: str
    source: str
    of: Callable[[Any], float]
    keys: tuple[str, ...] = ()
    seen: str = ""
    why: str = ""


def _share(top: str, bottom: str, scale: float = 100.0) -> Callable[[Any], float]:
    return lambda days: scale * float(days[top].sum()) / max(float(days[bottom].sum()), 1e-12)


def _neutral(days: Any) -> float:
    left = sum(days[column].sum() for column in LEFT)
    return 100.0 * float(sum(days[column].sum() for column in LEFT_FOR_OWN_REASONS) / max(left, 1e-12))


def _rating_drop(days: Any) -> float:
    shares = [float(days[f"top_{k}"].sum()) / max(float(days[f"judged_{k}"].sum()), 1e-12) for k in (1, 2, 3)]
    return 100.0 * (shares[0] - shares[2]) / 2


def _wait(days: Any) -> float:
    return float(days["wait"].sum() / max(days["calls_judged"].sum() + days["abandoned"].sum(), 1e-12))


def _turnover(days: Any) -> float:
    return 25_000.0 * float(days["quits"].sum() / max(days["present"].sum(), 1e-12))


def _told(days: Any) -> float:
    """People told per bad experience over people told per good one."""
    return float(
        (days["told_bad"].sum() / max(days["talked_bad"].sum(), 1e-12))
        / max(days["told_good"].sum() / max(days["talked_good"].sum(), 1e-12), 1e-12)
    )


def _losses_against_gains(days: Any) -> float:
    """How far satisfaction follows a contact below it over how far it follows one above it."""
    down = float(days["moved_down"].sum() / max(days["gap_down"].sum(), 1e-12))
    return down / max(float(days["moved_up"].sum() / max(days["gap_up"].sum(), 1e-12)), 1e-12)


def _elasticity(days: Any) -> float:
    """Slope of the logarithm of time per case on that of the load of the day before, within runs."""
    minutes, load = np.log(days["service_time"] / np.maximum(days["served"], 1e-12)), np.log(days["load"])
    top = bottom = 0.0
    for run in np.split(np.arange(len(days)), np.flatnonzero(np.diff(days["day"]) < 0) + 1):
        pressure = load[run[:-1]] - load[run[:-1]].mean()
        top += float((pressure * minutes[run[1:]]).sum())
        bottom += float((pressure * pressure).sum())
    return top / max(bottom, 1e-12)


LEVELS = (
    Level("retention", "Annual retention", 75, 85, "%", "practitioners' range", lambda d: 100 * retention(d)),
    Level("neutral", "Leavers for structure-neutral reasons", 32, 48, "%", "Keaveney 1995: about 40 %", _neutral,
          ("Keaveney1995",), "memory"),
    Level("fcr", "First-contact resolution", 65, 75, "%", "SQM Group: 61-78 % by industry",
          _share("first_contact_resolved", "first_contact_judged"), ("SQM2022",), "secondary"),
    Level("rating_drop", "Drop of top-box rating per extra contact", 10, 20, "points", "SQM Group", _rating_drop,
          ("SQM2022",), "secondary", "At the lower end of the range under the traditional chart, where luck decides."),
    Level("abandonment", "Abandonment", 3, 8, "%", "practice", _share("abandoned", "contacts")),
    Level("wait", "Mean wait", 1, 5, "min", "practice", _wait),
    Level("occupancy", "Occupancy, of the time available for contacts", 80, 88, "%", "practice",
          _share("busy", "available")),
    Level("turnover", "Annual staff turnover", 30, 45, "%", "Global Call Center Report: US 25 to over 50 %", _turnover,
          ("HolmanBattHoltgrewe2007",), "memory"),
    Level("silent", "Still customers a year after a large loss: silent", 1, 17, "%", "TARP 9 +- 8",
          _share("kept_silent", "losses_silent"), ("TARP1986",), "secondary"),
    Level("vain", "... complained in vain", 11, 27, "%", "TARP 19 +- 8", _share("kept_vain", "losses_vain"),
          ("TARP1986",), "secondary"),
    Level("right", "... put right", 46, 62, "%", "TARP 54 +- 8", _share("kept_right", "losses_right"),
          ("TARP1986",), "secondary"),
    Level("fast", "... put right fast", 74, 90, "%", "TARP 82 +- 8", _share("kept_fast", "losses_fast"),
          ("TARP1986",), "secondary"),
    Level("told", "People told, bad against good experience", 1.8, 2.2, ": 1", "TARP", _told,
          ("TARP1986",), "secondary"),
    Level("losses", "Losses against gains", 1.7, 2.3, ": 1", "Mittal et al. 1998", _losses_against_gains,
          ("MittalRossBaldasare1998",), "memory"),
    Level("elasticity", "Elasticity of time per case to work pressure", -0.79, -0.49, "",
          "Oliva & Sterman 2001: -0.64, +- 0.15 as measured",
          _elasticity, ("OlivaSterman2001",), "memory",
          "The standard erodes and long overwork slows people at the same time, so that time per case falls less."),
)  # fmt: skip


class _Noting(dict[str, Any]):
    """Days of nothing but ones, which note what was asked for."""

    def __missing__(self, name: str) -> Any:
        self[name] = np.ones(3)
        return self[name]

    def __len__(self) -> int:
        return 3


def needed_series() -> list[str]:
    """Daily series that all levels are computed from, besides the day."""
    days = _Noting()
    for level in LEVELS:
        level.of(days)
    return sorted(set(days) - {"day"})


@dataclass(frozen=True)
class Reached:
    """A level as reached by runs."""

    level: Level
    value: float

    @property
    def passed(self) -> bool:
        """Whether it lies in its range."""
        return self.level.low <= self.value <= self.level.high


def reached(runs: Sequence[Any], settling: float) -> list[Reached]:
    """Levels reached over several runs taken together.

    Args:
        runs: rows of `simsvc.model.rows.DAY` of each run.
        settling: share of each run that is left out, 0-1.
    """
    days = np.concatenate([measured(run, settling) for run in runs])
    with np.errstate(divide="ignore", invalid="ignore"):  # days without work tell nothing of some levels
        return [Reached(level, level.of(days)) for level in LEVELS]
