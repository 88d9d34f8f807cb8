"""Does what a lesson says to expect come about? Its settings, run for its days, with several seeds."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from simsvc.demo.lessons import Expectation, Lesson, lesson_scenario
from simsvc.demo.session import Beginning, Session
from simsvc.scenario.carried import OwnRules
from simsvc.scenario.settings import Scenario
from simsvc.show.numbers import difference_unit

SEEDS = 8


@dataclass(frozen=True)
class Outcome:
    """What came of one expectation."""

    step: int
    """Its number, from 1."""
    expectation: Expectation
    differences: tuple[float, ...]
    """One for each seed, in the metric's unit."""

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
        factor, unit = difference_unit(self.expectation.metric)
        verdict = "holds" if self.holds else "DOES NOT HOLD"
        low, high = (factor * pick(self.differences) for pick in (min, max))
        return (
            f"step {self.step}: {self.expectation.words()}: {verdict} ({factor * self.mean:+.3g} {unit}".rstrip()
            + f" in the mean of {len(self.differences)} seeds, {low:+.3g} to {high:+.3g})"
        )


def try_lesson(
    lesson: Lesson, folder: Path, seeds: Iterable[int] = range(1, SEEDS + 1), own: OwnRules | None = None
) -> list[Outcome]:
    """Run a lesson as the page does, once for each seed in place of its own, under own rules if there are any."""
    scenario = lesson_scenario(lesson, folder, own)
    found: dict[tuple[int, Expectation], list[float]] = {}
    for seed in seeds:
        mine = lesson.model_copy(update={"seed": seed})
        session = Session(Beginning(lesson.scenario, scenario, lesson.structures, seed))
        for number, step in enumerate(lesson.steps):
            for expectation, difference in zip(step.expect, _run(session, mine, number, scenario), strict=True):
                found.setdefault((number + 1, expectation), []).append(difference)
    return [Outcome(step, expectation, tuple(values)) for (step, expectation), values in found.items()]


def try_step(lesson: Lesson, number: int, scenario: Scenario, seed: int) -> list[float]:
    """By how much each expectation of a step, as it is written, differs with other luck, in the metric's unit."""
    session = Session(Beginning(lesson.scenario, scenario, lesson.structures, seed))
    return _run(session, lesson.model_copy(update={"seed": seed}), number, scenario)


def _run(session: Session, lesson: Lesson, number: int, scenario: Scenario) -> list[float]:
    session.open_step(lesson, number, scenario)
    session.advance(lesson.steps[number].run)
    assert session.stage is not None
    return session.stage.differences({side: one.days for side, one in session.sides.items()})
