"""One browser's session: two organisations with the same customers and the same luck, and what happens to them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simsvc.demo.controls import Scope, checked_settings, controls
from simsvc.demo.lessons import Lesson
from simsvc.demo.narrator import Narrator
from simsvc.demo.running import RunningOrganisation, Side
from simsvc.demo.series import points, table
from simsvc.errors import InputError
from simsvc.organization import ServiceOrganization
from simsvc.scenario.loading import changed, load_structure
from simsvc.scenario.management import LEVELS
from simsvc.scenario.settings import Scenario, setting_value
from simsvc.tracing.moments import Kind
from simsvc.tracing.story import Story
from simsvc.tracing.telling import clock, tell

MOST_DAYS = 2500
"""Days of one run, ten years: a page that nobody watches ends there and holds no more memory than that."""
MOST_AT_ONCE = 25
"""Days asked for at once, at most."""
MOMENTS = 60
"""Moments of a story that the page shows, the last ones."""
SIDES: tuple[Side, Side] = ("a", "b")


@dataclass(frozen=True)
class Beginning:
    """What a run begins with."""

    name: str
    scenario: Scenario
    structures: tuple[str, str]
    seed: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Of both organisations, beyond the scenario."""
    own: Mapping[Side, Mapping[str, Any]] = field(default_factory=lambda: {"a": {}, "b": {}})
    """Levers by side, beyond the charts."""


class Session:
    """Two organisations side by side, as one browser sees them."""

    def __init__(self, beginning: Beginning) -> None:
        self.lock = threading.Lock()
        """Held by whoever works with the session."""
        self.beginning = beginning
        self._lesson: tuple[str, int, int] | None = None
        """Title of the lesson, the step that began this run, the last step taken in it."""
        self.reset(beginning)

    def reset(self, beginning: Beginning) -> None:
        """A new run.

        Raises:
            InputError: for settings that do not go together; the old run then goes on.
        """
        scenario = changed(beginning.scenario, beginning.settings)
        a, b = (
            RunningOrganisation(scenario, structure, beginning.own[side], beginning.seed)
            for side, structure in zip(SIDES, beginning.structures, strict=True)
        )
        if self._lesson and beginning.scenario is not self.beginning.scenario:
            self._lesson = None
        elif self._lesson:
            title, first, _ = self._lesson
            self._lesson = (title, first, first)
        self.beginning = beginning
        self.sides: dict[Side, RunningOrganisation] = {"a": a, "b": b}
        self._narrator = Narrator(a, b)
        self._controls = controls(beginning.scenario)

    @property
    def day(self) -> int:
        """Days gone by."""
        return self.sides["a"].day

    # -- running ------------------------------------------------------------------------------

    def step(self, days: int) -> dict[str, Any]:
        """Some working days; tells what the page needs to draw them."""
        if not 1 <= days <= MOST_AT_ONCE:
            raise InputError(f"days = {days}: allowed: 1 to {MOST_AT_ONCE}")
        notes: list[str] = []
        drawn = []
        for _ in range(min(days, MOST_DAYS - self.day)):
            for organisation in self.sides.values():
                organisation.step()
            if note := self._narrator.evening():
                notes.append(note.text)
            drawn.append([self.day, *points(self.sides["a"].days), *points(self.sides["b"].days)])
        return self.frame(drawn, notes)

    def frame(self, drawn: list[Any] | None = None, notes: list[str] | None = None) -> dict[str, Any]:
        """How things are, with what is new since the last time.

        Args:
            drawn: of every new day its number and the values of all charts, of A and of B.
            notes: what happened.
        """
        return {
            "day": self.day,
            "over": self.day >= MOST_DAYS,
            "sides": {side: organisation.picture() for side, organisation in self.sides.items()},
            "points": drawn or [],
            "notes": notes or [],
        }

    # -- changing -----------------------------------------------------------------------------

    def change(self, side: str, given: Any) -> str:
        """Change settings in the running organisations, and say what was changed.

        Args:
            side: `a`, `b` or `both`.
            given: values by full name; levers for one side, everything else for both.

        Raises:
            InputError: if the page does not offer that, or it does not go together.
        """
        scope: Scope = "both" if side == "both" else "own"
        values = checked_settings(given, self._controls, self.beginning.scenario, scope)
        before = {name: self._value(side, name) for name in values}
        self._apply(self._chosen(side), values)
        what = "; ".join(
            f"{self._controls[name].label}: {self._controls[name].text(value)} instead of "
            f"{self._controls[name].text(before[name])}"
            for name, value in values.items()
        )
        return f"You changed {_whom(side)}, from day {self.day} on: {what}."

    def flip(self, side: str) -> str:
        """Turn the chart of one organisation upside down, while it runs, and say what was done."""
        organisation = self._one(side)
        organisation.turn()
        return (
            f"You turned the chart of {_whom(side)} from day {self.day} on: '{organisation.chart}'. Who decides has "
            "turned, not how people are led. Limits are in force the next morning; ways of working take weeks."
        )

    def _apply(self, sides: tuple[Side, ...], values: Mapping[str, Any]) -> None:
        """Change settings on several sides, or on none if one of them cannot take them."""
        for side in sides:
            changed(self.sides[side].model.settings, values)
        for side in sides:
            self.sides[side].change(values)

    def _chosen(self, side: str) -> tuple[Side, ...]:
        found = SIDES if side == "both" else tuple(known for known in SIDES if known == side)
        if not found:
            raise InputError("side: allowed: a, b")
        return found

    def _one(self, side: str) -> RunningOrganisation:
        (chosen,) = self._chosen("" if side == "both" else side)
        return self.sides[chosen]

    def _value(self, side: str, name: str) -> Any:
        return setting_value(self.sides[self._chosen(side)[0]].model.settings, name)

    # -- lessons ------------------------------------------------------------------------------

    def take_step(self, lesson: Lesson, number: int, scenario: Scenario) -> str:
        """Set up a step of a lesson, counted from 0, and say what was done.

        Raises:
            InputError: if there is no such step, or it goes on with a run that the step before did not set up.
        """
        if not 0 <= number < len(lesson.steps):
            raise InputError(f"step = {number}: the lesson has {len(lesson.steps)} steps")
        step = lesson.steps[number]
        own: dict[Side, Mapping[str, Any]] = {"a": step.a, "b": step.b}
        if lesson.begins_anew(number):
            settings = lesson.settings_of(number, scenario)
            self.reset(Beginning(lesson.scenario, scenario, lesson.structures_of(number), lesson.seed, settings, own))
            self._lesson = (lesson.title, number, number)
            return f"Step {number + 1}: a new run begins."
        title, first, last = self._lesson or ("", 0, 0)
        if title != lesson.title or number not in (last, last + 1):
            raise InputError(f"step {number + 1} goes on with the run of step {number}: take step {number} first")
        self._lesson = (title, first, number)
        for side, structure in zip(SIDES, step.structures or ("", ""), strict=True):
            if structure and load_structure(structure) != self.sides[side].model.settings.structure:
                self.sides[side].take_over(structure)
        if step.settings:
            self._apply(SIDES, step.settings)
        for side, values in own.items():
            if values:
                self._apply((side,), values)
        changes = f", changed from day {self.day} on" if step.changes else ""
        return f"Step {number + 1}: the two organisations go on{changes}."

    # -- telling ------------------------------------------------------------------------------

    def describe(self) -> dict[str, Any]:
        """What the page needs to know before it can draw anything."""
        settings = self.sides["a"].model.settings
        start = {"own": self.beginning.scenario, "both": settings}
        return {
            "scenario": self.beginning.name,
            "structures": [Path(name).name for name in self.beginning.structures],
            "seed": self.beginning.seed,
            "most_days": MOST_DAYS,
            "layout": {side: organisation.layout() for side, organisation in self.sides.items()},
            "controls": [one.describe(setting_value(start[one.scope], name)) for name, one in self._controls.items()],
            "values": self.values(),
            "besides": self._besides(),
        }

    def _besides(self) -> list[str]:
        """Settings of this run that the page has no control for."""
        others = {name: value for name, value in self.beginning.settings.items() if name not in self._controls}
        off = [name for name, value in others.items() if name.startswith("rules.") and value == 0]
        told = [f"{len(off)} rules are switched off"] if len(off) > 3 else []
        return told + [f"{name} = {_shown(value)}" for name, value in others.items() if not (told and name in off)]

    def values(self) -> dict[str, dict[str, Any]]:
        """The values of all controls now: of both, of A and of B."""
        found: dict[str, dict[str, Any]] = {"both": {}, "a": {}, "b": {}}
        for name, control in self._controls.items():
            for side in ("both",) if control.scope == "both" else SIDES:
                found[side][name] = self._value(side, name)
        return found

    def numbers(self) -> list[dict[str, Any]]:
        """Every metric of both organisations over the days so far, as `simsvc run` would print them."""
        return table(self.sides["a"].days, self.sides["b"].days, self.beginning.scenario.run.settling)

    def story(self, side: str, kind: Kind, number: int, whole: bool) -> dict[str, Any]:
        """The story so far of a person, who is followed from now on."""
        organisation = self._one(side)
        organisation.follow(kind, number, whole)
        return {
            **_told(organisation.story(self.beginning.name), organisation.model),
            "since": organisation.followed_since,
        }


def _told(story: Story, model: ServiceOrganization) -> dict[str, Any]:
    """A story as the page shows it: the last moments first."""
    moments = []
    for moment in story.moments[: -MOMENTS - 1 : -1]:
        what, *effects = tell(moment)
        when = "evening" if moment.minute is None else clock(moment.minute) if moment.kind == "contact" else "morning"
        moments.append({"day": moment.day, "when": when, "text": what, "effects": effects})
    return {
        "title": f"{str(story.subject).capitalize()}, {_position(story, model)}",
        "conclusion": story.conclusion(),
        "moments": moments,
        "earlier": len(story.moments) - len(moments),
        "day": model.day,
    }


def _position(story: Story, model: ServiceOrganization) -> str:
    """What a person is, as the class knows it."""
    number = story.subject.number
    if story.subject.kind == "staff":
        return f"front line, department {model.state.staff['department'][number]}"
    if story.subject.kind == "manager":
        return LEVELS[int(model.state.managers["level"][number]) - 1].title
    there = model.state.customers["since"][number] >= 0
    return "one of the firm's customers" if there else "not a customer today"


def _whom(side: str) -> str:
    return "both organisations" if side == "both" else side.upper()


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
