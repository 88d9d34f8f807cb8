"""One browser's session: two organisations with the same customers and the same luck, and what happens to them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simsvc.demo.controls import Scope, checked_settings, controls, differing_factors, whom
from simsvc.demo.first_case import first_case
from simsvc.demo.lessons import Lesson
from simsvc.demo.names import FIRST, LAST
from simsvc.demo.narrator import Narrator
from simsvc.demo.running import RunningOrganisation, Side
from simsvc.demo.series import SERIES, points, table
from simsvc.demo.stage import Stage
from simsvc.demo.stories import as_page
from simsvc.errors import InputError
from simsvc.scenario.explaining import plain
from simsvc.scenario.loading import FIXED, changed, load_structure
from simsvc.scenario.settings import Scenario, setting_value
from simsvc.scenario.structure import Structure
from simsvc.scenario.words import spoken, words_of
from simsvc.tracing.moments import Kind

MOST_DAYS = 2500
"""Days of one run, ten years: a page that nobody watches ends there and holds no more memory than that."""
MOST_AT_ONCE = 25
"""Days asked for at once, at most."""
Did = tuple[int, str, dict[str, Any] | None]
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

    def first_morning(self) -> dict[Side, RunningOrganisation]:
        """Both organisations as they are before the first day."""
        scenario = changed(self.scenario, self.settings)
        return {
            side: RunningOrganisation(scenario, structure, self.own[side], self.seed)
            for side, structure in zip(SIDES, self.structures, strict=True)
        }


class Session:
    """Two organisations side by side, as one browser sees them."""

    def __init__(self, beginning: Beginning) -> None:
        self.lock = threading.Lock()
        """Held by whoever works with the session."""
        self.beginning = beginning
        self.stage: Stage | None = None
        """The step of a lesson that is on the stage, if any is."""
        self.taken: set[int] = set()
        """Numbers of the lesson's steps whose days have run."""
        self.reset(beginning)

    def reset(self, beginning: Beginning) -> None:
        """A new run.

        Raises:
            InputError: for settings that do not go together; the old run then goes on.
        """
        a, b = beginning.first_morning().values()
        self.stage = None
        self.did: list[Did] = []
        """What the class did since the run or the step began: day, side, settings; none: the chart was turned."""
        self.beginning = beginning
        self.sides: dict[Side, RunningOrganisation] = {"a": a, "b": b}
        self._words = words_of(beginning.name)
        self._narrator = Narrator(a, b, self._words)
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
            self._look()
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
            "lesson": self.checked(),
        }

    def advance(self, days: int) -> None:
        """Let days go by unseen; what happened on them is in the charts, not in the diary."""
        for organisation in self.sides.values():
            organisation.model.advance(days)
        self._narrator = Narrator(self.sides["a"], self.sides["b"], self._words)
        self._look()

    def _look(self) -> None:
        """A step counts as taken when its days have run."""
        if self.stage and self.day >= self.stage.last:
            self.taken.add(self.stage.number)

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
        self.did.append((self.day, side, dict(values)))
        what = "; ".join(
            f"{self._controls[name].label}: {self._controls[name].text(value)} instead of "
            f"{self._controls[name].text(before[name])}"
            for name, value in values.items()
        )
        return self._words.put(f"You changed {whom(side)}, after day {self.day}: {what}.")

    def flip(self, side: str) -> str:
        """Turn the chart of one organisation upside down, while it runs, and say what was done."""
        organisation = self._one(side)
        organisation.turn()
        self.did.append((self.day, side, None))
        return (
            f"You turned the chart of {whom(side)} after day {self.day}: '{organisation.chart}'. Who decides has "
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

    def open_step(
        self,
        lesson: Lesson,
        number: int,
        scenario: Scenario,
        seed: int | None = None,
        settings: Mapping[str, Any] | None = None,
        own: Mapping[Side, Mapping[str, Any]] | None = None,
    ) -> str:
        """Set the stage for a step of a lesson, counted from 0, and say what was done.

        A step that goes on with the run of the step before does so if that is on the stage and its days have run;
        otherwise the steps before it are run first.

        Args:
            lesson: itself.
            number: of the step.
            scenario: of the lesson, with its settings.
            seed: of a new run; if left out that of the lesson's step on the stage, or else the lesson's own.
            settings: of both, given by the class besides, from the step's beginning on; a step begins anew with them.
            own: levers of A and of B likewise.

        Raises:
            InputError: if there is no such step, or what is given besides does not go together with it.
        """
        if not 0 <= number < len(lesson.steps):
            raise InputError(f"step = {number}: the lesson has {len(lesson.steps)} steps")
        now, anew = self.stage, seed is not None or settings is not None or own is not None
        same = now is not None and now.lesson.title == lesson.title
        taken = self.taken - {number} if same else set()
        begun = number
        while not lesson.begins_anew(begun):
            begun -= 1
        if anew or begun == number or not (same and now and now.number == number - 1 and self.day >= now.last):
            fixed = {name: value for name, value in (settings or {}).items() if name in FIXED}
            luck = seed if seed is not None else self.beginning.seed if same else lesson.seed
            self._begin_step(lesson, begun, scenario, luck, fixed)
            for k in range(begun, number):
                self.advance(lesson.steps[k].run)
                self._go_on(lesson, k + 1)
            said = f"Step {number + 1}: a new run begins." if begun == number else ""
        else:
            self._go_on(lesson, number)
            said = ""
        self.taken |= taken
        self.taken.discard(number)
        self.did = []
        self._set = self.values()
        self._apply(SIDES, {name: value for name, value in (settings or {}).items() if name not in FIXED})
        for side, values in (own or {}).items():
            self._apply((side,), values)
        changes = f", changed after day {self.day}" if lesson.steps[number].changes else ""
        return said or f"Step {number + 1}: the two organisations go on{changes}."

    def _begin_step(self, lesson: Lesson, number: int, scenario: Scenario, seed: int, fixed: Mapping[str, Any]) -> None:
        step = lesson.steps[number]
        settings = {**lesson.settings_of(number, scenario), **fixed}
        earlier: dict[str, dict[str, float]] = {}
        if number and (back := Stage(lesson, number, 0).looks_back):
            past = Session(self.beginning)
            past.open_step(lesson, number - 1, scenario, seed)
            past.advance(lesson.steps[number - 1].run)
            earlier = past.measured(back)
        own: dict[Side, Mapping[str, Any]] = {"a": step.a, "b": step.b}
        self.reset(Beginning(lesson.scenario, scenario, lesson.structures_of(number), seed, settings, own))
        self.stage, self.taken = Stage(lesson, number, 0, earlier), set()

    def _go_on(self, lesson: Lesson, number: int) -> None:
        step = lesson.steps[number]
        earlier = self.measured(Stage(lesson, number, 0).looks_back)
        self.stage = Stage(lesson, number, self.day, earlier)
        for side, structure in zip(SIDES, step.structures or ("", ""), strict=True):
            if structure and load_structure(structure) != self.sides[side].model.settings.structure:
                self.sides[side].take_over(structure)
        if step.settings:
            self._apply(SIDES, step.settings)
        for side, values in zip(SIDES, (step.a, step.b), strict=True):
            if values:
                self._apply((side,), values)

    def measured(self, metrics: Iterable[str]) -> dict[str, dict[str, float]]:
        """Values of A and of B by metric, over the days of the step that count."""
        return {name: self.stage.measure(self._days(), name) for name in metrics} if self.stage else {}

    def _days(self, until: int | None = None) -> dict[str, Any]:
        return {side: organisation.days[:until] for side, organisation in self.sides.items()}

    def checked(self, until: int | None = None) -> dict[str, Any] | None:
        """How the step stands: its expectations in numbers, which steps have been taken, what the class has changed.

        Args:
            until: day at whose end the numbers are taken; today if left out.
        """
        if self.stage is None:
            return None
        days, done = self._days(until), self.stage.number in self.taken
        checks, means = self.stage.checks(days), self.stage.means(days)
        return {"checks": checks, "taken": sorted(self.taken), "done": done, "changed": self._changed(), "means": means}

    def _told_of_lesson(self) -> dict[str, Any] | None:
        """What the page needs to know of the step on the stage."""
        stage = self.stage
        if stage is None:
            return None
        return {
            "title": stage.lesson.title,
            "step": stage.number,
            "first": stage.first,
            "measured": stage.measured,
            "last": stage.last,
            "set": self._set_by_step(stage),
            "charts": stage.lesson.charts(stage.number),
        }

    def _set_by_step(self, stage: Stage) -> list[str]:
        """What the step set, in words."""
        step, lesson = stage.step, stage.lesson
        charts = step.structures or (lesson.structures_of(stage.number) if lesson.begins_anew(stage.number) else None)
        told = [f"charts: A {spoken(charts[0])}, B {spoken(charts[1])}"] if charts else []
        if step.only != "behaviour":
            told.append(f"rules beyond {step.only} are switched off")
        of_run = lesson.settings if lesson.begins_anew(stage.number) else {}
        for whose, values in (("both", {**of_run, **step.settings}), ("A", step.a), ("B", step.b)):
            told += [f"{whose}: {self._said(name, value)}" for name, value in values.items()]
        return told

    def _changed(self) -> list[str]:
        """What the class has changed since the step was set."""
        assert self.stage is not None
        told = []
        if self.beginning.seed != self.stage.lesson.seed:
            told.append(f"seed {self.beginning.seed} instead of {self.stage.lesson.seed}")
        told += [f"{whom(side)}: chart turned on day {day}" for day, side, settings in self.did if settings is None]
        turned = {side for _, side, settings in self.did if settings is None}
        now = self.values()
        for side, values in self._set.items():
            for name, value in values.items():
                by_turning = side in turned and Structure.factor_of(name.partition(".")[2]) == "power"
                if now[side][name] != value and not by_turning:
                    whose = "both" if side == "both" else side.upper()
                    told.append(
                        f"{whose}: {self._said(name, now[side][name])} instead of {self._said(name, value, '')}"
                    )
        return told

    def _said(self, name: str, value: Any, label: str | None = None) -> str:
        known = self._controls.get(name)
        words = name.partition(".")[2].replace("_", " ") if known is None else self._words.put(known.label)
        return f"{words if label is None else label} {known.text(value) if known else plain(value)}".strip()

    # -- telling ------------------------------------------------------------------------------

    def describe(self) -> dict[str, Any]:
        """What the page needs to know before it can draw anything."""
        settings = self.sides["a"].model.settings
        start = {"own": self.beginning.scenario, "both": settings}
        return {
            "scenario": self.beginning.name,
            "structures": [Path(name).name for name in self.beginning.structures],
            "seed": self.beginning.seed,
            "differs": differing_factors(*(one.model.settings.structure for one in self.sides.values())),
            "most_days": MOST_DAYS,
            "layout": {side: organisation.layout() for side, organisation in self.sides.items()},
            "words": {**self._words.as_json(), "first": FIRST, "last": LAST},
            "series": [self._in_words(series.describe(), "label", "meaning") for series in SERIES],
            "controls": [
                self._in_words(one.describe(setting_value(start[one.scope], name)), "label", "meaning")
                for name, one in self._controls.items()
            ],
            "values": self.values(),
            "besides": self._besides(),
            "lesson": self._told_of_lesson(),
            "course": [
                [day, *points(self.sides["a"].days[:day]), *points(self.sides["b"].days[:day])]
                for day in range(1, self.day + 1)
            ],
        }

    def _in_words(self, told: dict[str, Any], *keys: str) -> dict[str, Any]:
        """The same with some texts in this organisation's words."""
        return {**told, **{key: self._words.put(told[key]) for key in keys}}

    def _besides(self) -> list[str]:
        """Settings of this run that the page has no control for."""
        others = {name: value for name, value in self.beginning.settings.items() if name not in self._controls}
        off = [name for name, value in others.items() if name.startswith("rules.") and value == 0]
        told = [f"{len(off)} rules are switched off"] if len(off) > 3 else []
        return told + [f"{name} = {plain(value)}" for name, value in others.items() if not (told and name in off)]

    def values(self) -> dict[str, dict[str, Any]]:
        """The values of all controls now: of both, of A and of B."""
        found: dict[str, dict[str, Any]] = {"both": {}, "a": {}, "b": {}}
        for name, control in self._controls.items():
            for side in ("both",) if control.scope == "both" else SIDES:
                found[side][name] = self._value(side, name)
        return found

    def numbers(self) -> list[dict[str, Any]]:
        """Every metric of both organisations over the days so far, as `simsvc run` would print them."""
        rows = table(self.sides["a"].days, self.sides["b"].days, self.beginning.scenario.run.settling)
        return [self._in_words(row, "label", "meaning") for row in rows]

    def first_case(self) -> dict[str, Any] | None:
        """A case to follow by hand, from the first days of the run as it began."""
        return first_case(self.beginning.first_morning(), self._words)

    def story(self, side: str, kind: Kind, number: int, whole: bool) -> dict[str, Any]:
        """The story so far of a person, who is followed from now on."""
        organisation = self._one(side)
        organisation.follow(kind, number, whole)
        return {
            **as_page(organisation.story(self.beginning.name), organisation.model, self._words),
            "since": organisation.followed_since,
        }
