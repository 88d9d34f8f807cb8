"""Does what a lesson says to expect come about? Its settings, run for its days, with several seeds."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from simsvc.demo.lessons import Expectation, Lesson, lesson_scenario
from simsvc.demo.running import Side
from simsvc.demo.session import SIDES, Beginning, Session
from simsvc.runs.metrics import METRICS
from simsvc.show.numbers import level_unit

SETTLING = 1 / 3
"""First part of a step's days that does not count, as in a run."""
SEEDS = 8


@dataclass(frozen=True)
class Outcome:
    """What came of one expectation.

    Args:
        step: its number, from 1.
        expectation: itself.
        differences: one for each seed, in the metric's unit.
    """

    step: int
    expectation: Expectation
    differences: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Over the seeds."""
        return statistics.fmean(self.differences)

    @property
    def holds(self) -> bool:
        """Whether the mean lies on the stated side by more than twice its standard error."""
        sign = 1.0 if self.expectation.side == "higher" else -1.0
        error = statistics.stdev(self.differences) / len(self.differences) ** 0.5
        return bool(sign * self.mean > 2.0 * error)

    def text(self) -> str:
        """In a line."""
        factor, unit = level_unit(self.expectation.metric)
        verdict = "holds" if self.holds else "DOES NOT HOLD"
        low, high = (factor * pick(self.differences) for pick in (min, max))
        return (
            f"step {self.step}: {self.expectation.words()}: {verdict} ({factor * self.mean:+.3g} {unit}".rstrip()
            + f" in the mean of {len(self.differences)} seeds, {low:+.3g} to {high:+.3g})"
        )


def try_lesson(lesson: Lesson, folder: Path, seeds: Iterable[int] = range(1, SEEDS + 1)) -> list[Outcome]:
    """Run a lesson as the page does, once for each seed.

    Args:
        lesson: to try.
        folder: from which its scenario is looked for.
        seeds: take the place of the lesson's own.
    """
    found: dict[tuple[int, Expectation], list[float]] = {}
    for seed in seeds:
        for key, difference in _differences(lesson.model_copy(update={"seed": seed}), folder).items():
            found.setdefault(key, []).append(difference)
    return [Outcome(step, expectation, tuple(values)) for (step, expectation), values in found.items()]


def _differences(lesson: Lesson, folder: Path) -> dict[tuple[int, Expectation], float]:
    scenario = lesson_scenario(lesson, folder)
    session = Session(Beginning(lesson.scenario, scenario, lesson.structures, lesson.seed))
    found = {}
    before: dict[Side, dict[str, float]] = {}
    for number, step in enumerate(lesson.steps):
        session.take_step(lesson, lesson.scenario, number, scenario)
        first = session.day + int(step.run * SETTLING)
        for organisation in session.sides.values():
            organisation.model.advance(step.run)
        names = {expectation.metric for one in lesson.steps for expectation in one.expect}
        now: dict[Side, dict[str, float]] = {
            side: {name: METRICS[name].of(session.sides[side].days[first:]) for name in names} for side in SIDES
        }
        for expectation in step.expect:
            name = expectation.metric
            if expectation.of == "b-a":
                difference = now["b"][name] - now["a"][name]
            else:
                difference = now[expectation.of][name] - before[expectation.of][name]
            found[number + 1, expectation] = difference
        before = now
    return found
