"""Published findings as data: what was found, by whom, how it is measured here, and in which range it should lie.

The rows stand in `findings.toml`; the levels of the calibration join them from `simsvc.evidence.levels`. Nothing
is fitted to a finding that is held out or a piece of history: a miss stays in the table, with its reason.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from simsvc.evidence.levels import LEVELS
from simsvc.runs.statistics import Interval

Kind = Literal["held out", "historical", "calibrated"]

HELD_OUT: Kind = "held out"
HISTORICAL: Kind = "historical"
CALIBRATED: Kind = "calibrated"

SEEN = {
    "table": "the table of the original",
    "abstract": "the abstract of the original",
    "secondary": "other texts that quote it",
    "memory": "nothing: quoted from memory",
}
"""How far a source was seen by whoever wrote the row."""

NOT_FITTED = (
    "levels are fitted under the traditional chart only, and another may well change them; for those that are missed "
    "there, see docs/model.md, section 7"
)
"""Why a level of the calibration may be missed."""

MET, OPEN, MISSED, NOTHING = "met", "open", "missed", "no value"

VERDICTS = {
    MET: "the whole 95 % interval lies in the range; or its middle does, and it is at most twice as wide as the range",
    OPEN: "neither: the runs cannot tell",
    MISSED: "the whole 95 % interval lies outside of the range",
    NOTHING: "no run allowed a value",
}
"""What can be said of a finding, and when it is said."""


@dataclass(frozen=True)
class Finding:
    """A published finding.

    Attributes:
        name: identifier.
        finding: what was found, in one sentence.
        measure: how it is measured here.
        unit: of value and range.
        low: lower end of the range; -inf: open.
        high: upper end; inf: open.
        range_from: where the range comes from, in words.
        kind: whether settings were fitted to it.
        source: who found it.
        keys: of `docs/references.bib`.
        seen: how far the source was seen, one of `SEEN`; empty where practice is the only source.
        why: what keeps it from being met, where it is not; empty if nobody has found out.
    """

    name: str
    finding: str
    measure: str
    unit: str
    low: float
    high: float
    range_from: str
    kind: Kind
    source: str
    keys: tuple[str, ...] = ()
    seen: str = ""
    why: str = ""

    def holds(self, value: float) -> bool:
        """Whether a value lies in the range; where that is a direction, its end is not in it. NaN does not."""
        return self.low <= value <= self.high and not (
            math.isinf(self.high - self.low) and value in (self.low, self.high)
        )

    def verdict(self, found: Interval) -> str:
        """One of `VERDICTS`.

        Args:
            found: mean and 95 % interval of the runs, in the finding's unit.
        """
        if not found.n or not math.isfinite(found.mean):
            return NOTHING
        low, high = (found.low, found.high) if found.n > 1 else (found.mean, found.mean)
        if self.low <= low and high <= self.high and self.holds(found.mean):
            return MET
        if high < self.low or low > self.high or (low == high and not self.holds(found.mean)):
            return MISSED
        width = self.high - self.low
        is_near = self.low <= found.mean <= self.high and math.isfinite(width) and high - low <= 2 * width
        return MET if is_near else OPEN


@dataclass(frozen=True)
class Measured:
    """A finding as measured under a chart.

    Attributes:
        finding: what was found.
        chart: under which; or that it is about a difference between charts.
        value: mean and 95 % interval over replications, in the finding's unit.
    """

    finding: Finding
    chart: str
    value: Interval

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`."""
        return self.finding.verdict(self.value)

    @property
    def why(self) -> str:
        """What may keep it from being met; empty if it is, or if there is no value."""
        return self.finding.why if self.verdict in (MISSED, OPEN) else ""


@cache
def findings() -> tuple[Finding, ...]:
    """All findings: those held out, firms of the past, what a setting was set with, levels of the calibration."""
    rows = tomllib.loads((files(__package__) / "findings.toml").read_text("utf-8"))
    published = [
        Finding(**{"name": name, "kind": HELD_OUT, **row, "keys": tuple(row["keys"])}) for name, row in rows.items()
    ]  # fmt: skip
    calibrated = [
        Finding(
            level.name, f"{level.label}: {level.low:g} to {level.high:g} {level.unit}".rstrip() + ".",
            "As in the calibration, years two and three of three.", level.unit, level.low, level.high,
            "the calibration's", CALIBRATED, level.source, level.keys, level.seen, level.why or NOT_FITTED,
        )
        for level in LEVELS
    ]  # fmt: skip
    return (*published, *calibrated)
