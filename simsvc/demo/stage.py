"""A step of a lesson on the stage: which days are its own, what it set, and what it should show, in numbers.

Everybody who tells of a step (the page, the lecturer's notes, `--check`) takes its numbers from here: over the same
days, the same mean. Of a step's days the first third is left out, as in a run, because what was changed takes time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simsvc.demo.lessons import Expectation, Lesson, Step
from simsvc.demo.series import LABELS
from simsvc.runs.metrics import METRICS
from simsvc.scenario.words import words_of
from simsvc.show.numbers import decimals_of, difference_unit, level_unit, number

SETTLING = 1 / 3
"""First part of a step's days that does not count, as in a run."""
Days = Mapping[str, Any]
"""The days gone by of A and of B, as rows of `simsvc.model.rows.DAY`."""


@dataclass(frozen=True)
class Stage:
    """A step of a lesson in a session.

    Args:
        lesson: itself.
        number: of the step, from 0.
        first: day on which the step begins.
        earlier: values of A and B by metric in the step before, for expectations that compare with it.
    """

    lesson: Lesson
    number: int
    first: int
    earlier: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def step(self) -> Step:
        """The step itself."""
        return self.lesson.steps[self.number]

    @property
    def looks_back(self) -> set[str]:
        """Metrics that it compares with the step before."""
        return {one.metric for one in self.step.expect if one.of != "b-a"}

    @property
    def last(self) -> int:
        """Day on which the step's days have run."""
        return self.first + self.step.run

    @property
    def measured(self) -> int:
        """First day that counts."""
        return self.first + int(self.step.run * SETTLING)

    def measure(self, days: Days, metric: str) -> dict[str, float]:
        """A metric of A and of B over the step's days that count and have gone by; NaN if none has."""
        rows = {side: rows[self.measured : self.last] for side, rows in days.items()}
        return {side: METRICS[metric].of(mine) if len(mine) else math.nan for side, mine in rows.items()}

    def means(self, days: Days) -> dict[str, list[str]]:
        """Values of A and B for the lesson's charts, over the step's days that count; a dash for none."""
        found = {}
        for metric in self.lesson.charts(self.number):
            factor, digits = level_unit(metric).factor, decimals_of(metric)
            found[metric] = [_shown(value * factor, digits) for value in self.measure(days, metric).values()]
        return found

    def compared(self, days: Days, expectation: Expectation) -> tuple[float, float]:
        """What an expectation compares: the value expected to differ, and what it is compared with."""
        now = self.measure(days, expectation.metric)
        if expectation.of == "b-a":
            return now["b"], now["a"]
        return now[expectation.of], self.earlier[expectation.metric][expectation.of]

    def differences(self, days: Days) -> list[float]:
        """By how much each of the step's expectations differs from what it is compared with, in the metric's unit."""
        pairs = (self.compared(days, one) for one in self.step.expect)
        return [value - other for value, other in pairs]

    def checks(self, days: Days) -> list[dict[str, Any]]:
        """Every expectation of the step with its numbers so far, as the page shows them."""
        found = []
        for one in self.step.expect:
            value, other = self.compared(days, one)
            gap = value - other
            digits = decimals_of(one.metric)
            factor, unit = level_unit(one.metric)
            said = difference_shown(one, gap)
            found.append(
                {
                    "metric": one.metric,
                    "label": words_of(self.lesson.scenario).put(LABELS[one.metric]),
                    "unit": unit,
                    "points": difference_unit(one.metric).name,
                    "is": one.side,
                    "of": one.of,
                    "names": ["A", "B"] if one.of == "b-a" else ["step before", one.of.upper()],
                    "values": [_shown(other * factor, digits), _shown(value * factor, digits)],
                    "difference": said["text"],
                    "holds": None if math.isnan(gap) else said["holds"],
                }
            )
        return found


def difference_shown(expectation: Expectation, value: float) -> dict[str, Any]:
    """A difference as the page shows it, and whether it lies on the expected side."""
    holds = value > 0 if expectation.side == "higher" else value < 0
    points = value * difference_unit(expectation.metric).factor
    return {"value": points, "text": _shown(points, decimals_of(expectation.metric), "+"), "holds": bool(holds)}


def _shown(value: float, digits: int, sign: str = "") -> str:
    """A number as the page shows it; of one that would be shown as zero, as many decimals more as it takes."""
    if not math.isfinite(value):
        return "–"
    while value and digits < 3 and not round(value, digits):
        digits += 1
    return number(value, digits, sign)
