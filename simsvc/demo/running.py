"""One organisation that runs on the page: its model, what was changed on the way, and whom the class follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from simsvc.demo.climbing import Climbers
from simsvc.demo.controls import turned_share
from simsvc.demo.crowd import Crowd
from simsvc.demo.names import People
from simsvc.errors import InputError
from simsvc.model.reasons import LEFT
from simsvc.organization import ServiceOrganization
from simsvc.scenario.loading import name_of
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import Structure
from simsvc.tracing.moments import TIME, Kind, Subject
from simsvc.tracing.story import Story
from simsvc.tracing.watching import Watch, subject_by_number

MOST_CHANGES = 500
"""Changes that one run remembers."""
RECENT = 20
"""Days back from which the story of a member of staff begins: every day of it takes its time to tell."""
BOUNDLESS = 1e6
"""Limit, in money, from which on nothing is passed up."""
Side = Literal["a", "b"]


@dataclass(frozen=True)
class Deed:
    """Something that the class did to an organisation before a day began."""

    day: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    structure: str = ""
    """Name of the structure whose chart was taken over; empty if none was."""
    factors: tuple[str, ...] = ()
    """Which factors of it; all if empty."""

    def do(self, model: ServiceOrganization) -> None:
        """Do it to a model that has come to that day."""
        if self.structure:
            model.restructure(self.structure, factors=self.factors)
        if self.settings:
            model.change(self.settings)


def is_flat(chart: Structure) -> bool:
    """Whether nothing is ever passed up."""
    return chart.frontline_limit >= BOUNDLESS and chart.latitude >= 1.0


class RunningOrganisation:
    """An organisation under one chart, with levers of its own beyond it.

    Whoever is clicked is followed: the run so far is made a second time, watched, and takes the place of the one that
    nobody watched. Both are the same, number for number.
    """

    def __init__(self, scenario: Scenario, structure: str, settings: Mapping[str, Any], seed: int) -> None:
        self._scenario, self._seed = scenario, seed
        self.chart = structure
        """Name of the chart last taken over as a whole."""
        self._begun = structure, dict(settings)
        self._deeds: list[Deed] = []
        self.model = self._first_morning()
        self.climbers = Climbers(self.model)
        self.crowd = Crowd(self.model.state.customers)
        self._subject: Subject | None = None
        self._watch: Watch | None = None
        self.followed_since = 0
        """First day of the story."""

    def _first_morning(self) -> ServiceOrganization:
        structure, settings = self._begun
        model = ServiceOrganization(self._scenario, structure=structure, rng=self._seed)
        if settings:
            model.change(settings)
        return model

    @property
    def day(self) -> int:
        """Days gone by."""
        return self.model.day

    @property
    def days(self) -> Any:
        """Days gone by, as rows of `simsvc.model.rows.DAY`."""
        return self.model.state.days[: self.model.day]

    def step(self) -> None:
        """One working day."""
        self.model.advance(1)

    # -- what the class does ------------------------------------------------------------------

    def change(self, settings: Mapping[str, Any]) -> None:
        """Give settings new values from the next day on.

        Raises:
            InputError: for values that do not go together, or after too many changes.
        """
        self._do(Deed(self.day, dict(settings)))

    def take_over(self, structure: str) -> None:
        """Take over all levers of a structure from the next day on."""
        self._do(Deed(self.day, structure=structure))
        self.chart = structure

    def turn(self) -> None:
        """Turn the chart upside down, or upright again, from the next day on: who decides, not how people are led."""
        target = "traditional" if self.turned > 0.5 else "inverted"
        self._do(Deed(self.day, structure=target, factors=("power",)))
        name = name_of(self.model.settings.structure)
        self.chart = f"{self.chart}, turned" if name == "own" else name

    def _do(self, deed: Deed) -> None:
        if len(self._deeds) >= MOST_CHANGES:
            raise InputError(f"this run has been changed {MOST_CHANGES} times, which is the most it remembers: reset")
        deed.do(self.model)
        self._deeds.append(deed)

    @property
    def turned(self) -> float:
        """How far the chart is turned upside down, 0-1."""
        return turned_share(self.model.settings.structure)

    @property
    def flat(self) -> bool:
        """Whether the front line decides everything, so that there is nothing above it to be drawn."""
        return is_flat(self.model.settings.structure)

    # -- stories ------------------------------------------------------------------------------

    def follow(self, kind: Kind, number: int, whole: bool = False) -> None:
        """Follow a customer, a position of the front line or a manager's, from some day on.

        Args:
            kind: of person.
            number: of the person in the market, of the position, of the manager.
            whole: from the first day on; otherwise the story of staff, whose every evening is told, begins
                `RECENT` days ago.

        Raises:
            InputError: if there is no such person.
        """
        subject = subject_by_number(self.model, kind, number)
        since = max(self.day - RECENT, 0) if kind == "staff" and not whole else 0
        if subject == self._subject and self.followed_since <= since:
            return
        again = self._first_morning()
        self._relive(again, 0, since)
        watch = Watch(again)
        watch.add(subject)
        self._relive(again, since + 1, self.day)
        rows, self.model = self.climbers.rows, again
        self.climbers = Climbers(again)
        self.climbers.rows = rows
        self._subject, self._watch, self.followed_since = subject, watch, since

    def _relive(self, model: ServiceOrganization, first: int, last: int) -> None:
        """Go on to the morning of the last day, with what was done on the mornings from the first to the last."""
        for deed in self._deeds:
            if first <= deed.day <= last:
                model.advance(deed.day - model.day)
                deed.do(model)
        model.advance(last - model.day)

    def story(self, scenario: str) -> Story:
        """The story of whoever is followed.

        Raises:
            InputError: if nobody is.
        """
        if self._subject is None or self._watch is None:
            raise InputError("nobody is followed: choose a person first")
        return Story.of(self.model, self._subject, self._watch.moments(self._subject), scenario)

    # -- what is drawn ------------------------------------------------------------------------

    def layout(self) -> dict[str, Any]:
        """What does not change during a run of those who are drawn."""
        return {"levels": self.model.state.managers["level"].tolist(), "each": self.crowd.each}

    def picture(self) -> dict[str, Any]:
        """How everybody is now."""
        state = self.model.state
        left = self.crowd.follow(state.customers)
        moods = self.crowd.moods(state.customers)
        staff, managers = state.staff, state.managers
        there = staff["present"] == 1
        minutes = np.stack([managers[name] for name in TIME], axis=1) if len(managers) else np.zeros((0, len(TIME)))
        shares = 100.0 * minutes / np.maximum(minutes.sum(axis=1, keepdims=True), 1e-9)
        return {
            "who": self.crowd.numbers(len(moods)),
            "moods": moods,
            "left": [seat for seat in left if seat < len(moods)],
            "departments": np.where(staff["open"] == 1, staff["department"], -1).tolist(),
            "staff": np.where(there, np.rint(100.0 * staff["morale"]), -1).astype(int).tolist(),
            "training": np.flatnonzero(there & (staff["training"] == 1)).tolist() if self.day else [],
            "managers": np.rint(100.0 * managers["morale"]).astype(int).tolist(),
            "time": np.rint(shares).astype(int).tolist(),
            "cases": self.climbers.sample(),
            "customers": int(np.count_nonzero(state.customers["since"] >= 0)),
            "chart": Path(self.chart).name,
            "turned": round(self.turned, 3),
            "flat": self.flat,
            "today": self._today(),
            "names": People(self.model).now(),
        }

    def _today(self) -> dict[str, float] | None:
        if not self.day:
            return None
        day = self.days[-1]
        left = sum(float(day[name]) for name in LEFT)
        names = ("contacts", "abandoned", "asked", "vacancies", "practice", "tightness")
        return {**{name: round(float(day[name]), 3) for name in names}, "left": left}
