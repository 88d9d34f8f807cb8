"""Lessons: texts beside the running model, written as files that a lecturer can copy and change.

A lesson is a Markdown file. Between two lines `+++` stands what the page does, in TOML: scenario, structures, seed
and the steps with their texts and questions; below it, what the lecturer should expect and why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from simsvc.demo.series import LABELS
from simsvc.errors import InputError, nearest
from simsvc.evidence.robust_effects import CHARTS, published_effects
from simsvc.runs.metrics import METRICS
from simsvc.scenario.carried import OwnRules
from simsvc.scenario.explaining import at, line_of, shown
from simsvc.scenario.fields import Section
from simsvc.scenario.loading import (
    FIXED,
    changed,
    differences,
    load_scenario,
    load_structure,
    presets,
    structures,
    with_structure,
)
from simsvc.scenario.settings import Scenario
from simsvc.scenario.sources import parse_toml
from simsvc.scenario.stages import up_to_stage
from simsvc.scenario.words import spoken, words_of
from simsvc.show.numbers import difference, difference_unit, whole_percent

LONGEST_STEP = 1000
"""Days of one step at most."""
MOST_CHARTS = 5
"""Charts of one step at most: as many as can be read side by side on a screen 1280 wide."""
FIRST = "chart_or_management.md"
"""The lesson that all others rest on."""
_FENCE = re.compile(r"\A\ufeff?\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*(?:\n(.*))?\Z", re.DOTALL)
_Text = Annotated[str, Field(min_length=1)]


class Expectation(Section):
    """What a step should show, in a form that can be checked."""

    metric: str
    """Name of a metric."""
    of: Literal["b-a", "a", "b"] = "b-a"
    """B against A; or one organisation against itself at the end of the step before."""
    side: Literal["higher", "lower"] = Field(alias="is")

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.metric not in METRICS:
            raise ValueError(f"metric = '{self.metric}': there is no such metric{nearest(self.metric, METRICS)}")
        return self

    def words(self) -> str:
        """As a sentence for the lecturer."""
        against = "B than in A" if self.of == "b-a" else f"{self.of.upper()} than in the step before"
        return f"{LABELS[self.metric]}: {self.side} in {against}"


class Step(Section):
    """One step: a text, questions, and what happens on the page."""

    title: _Text
    text: _Text
    questions: Annotated[tuple[_Text, ...], Field(strict=False)] = ()
    restart: bool = False
    """A new run, from the first morning; the first step always is one."""
    structures: Annotated[tuple[str, str] | None, Field(strict=False)] = None
    """Charts of A and B; taken over in the running organisations if it is no new run."""
    only: Literal["queueing", "decisions", "behaviour"] = "behaviour"
    """Rules up to this stage are on, those of later stages are switched off; for new runs."""
    settings: dict[str, Any] = Field({})
    """Settings of both organisations."""
    a: dict[str, Any] = Field({})
    """Levers of A alone, by full name."""
    b: dict[str, Any] = Field({})
    """Levers of B alone."""
    charts: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Metrics whose charts are shown first, besides those of which it expects something."""
    run: int = Field(250, ge=1, le=LONGEST_STEP)
    """Days that are played."""
    expect: Annotated[tuple[Expectation, ...], Field(strict=False)] = ()
    worlds: str = ""
    """Organisation whose published range over all that is assumed is told once the step's days have run."""

    def over_worlds(self) -> list[str]:
        """What was published of what it expects, over luck and over worlds, after a line on whose it is."""
        if not self.worlds:
            return []
        firm, charts = load_scenario(self.worlds), {name: load_structure(name) for name in CHARTS}
        table = published_effects(self.worlds, firm, firm.run.days, charts)
        table = table[(table["effect"] == CHARTS[1]) & table["metric"].isin([one.metric for one in self.expect])]
        told = [
            f"Published ({spoken(self.worlds)}, {', '.join(map(spoken, CHARTS))}, born so, the last two of its years):"
        ]
        for row in table.to_dict("records"):
            metric, low, high = str(row["metric"]), float(row["luck_low"]), float(row["luck_high"])
            luck = difference(metric, (low + high) / 2, low, high, ends_sign="+").interval
            worlds = difference(metric, *(float(row[end]) for end in ("p50", "p05", "p95")), ends_sign="+")
            below, unit = whole_percent(row["share_below_zero"]), difference_unit(metric).name
            told.append(
                f"{LABELS[metric]}: interval of luck {luck} {unit}; over {row['kept']} worlds {worlds} (median, 5 and "
                f"95 %), below 0 in {below} of them"
            )
        return told

    @property
    def changes(self) -> bool:
        """Whether it changes anything in the organisations, if it goes on with the run."""
        return bool(self.structures or self.settings or self.a or self.b)

    @model_validator(mode="after")
    def _known_charts(self) -> Self:
        have = list(LABELS)
        for metric in (*self.charts, *(one.metric for one in self.expect)):
            if metric not in have:
                raise ValueError(f"there is no chart of '{metric}'{nearest(metric, have)}; have: {', '.join(have)}")
        return self

    @model_validator(mode="after")
    def _levers_only(self) -> Self:
        for side, name in [*(("a", name) for name in self.a), *(("b", name) for name in self.b)]:
            if not name.startswith("structure."):
                raise ValueError(
                    f"{side} = {{ {name} = ... }}: one organisation alone can have levers of its own "
                    "(structure.NAME); what belongs to the world of both goes into settings"
                )
        return self


class Lesson(Section):
    """A lesson as it was written down."""

    title: _Text
    question: _Text
    """What the class should be able to answer afterwards."""
    claims: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Numbers of the claims it is built on."""
    minutes: int = Field(30, ge=1, le=600)
    """How long it takes in class."""
    scenario: str = "classroom"
    structures: Annotated[tuple[str, str], Field(strict=False)] = ("traditional", "inverted")
    seed: int = Field(1, ge=0, le=2**63 - 1)
    settings: dict[str, Any] = Field({})
    """Settings of both organisations in every new run of the lesson."""
    steps: Annotated[tuple[Step, ...], Field(strict=False, min_length=1)]
    notes: str = ""
    """What the lecturer should expect and why, in Markdown."""

    def settings_of(self, number: int, scenario: Scenario) -> dict[str, Any]:
        """Settings that a step gives both organisations, rules switched off among them."""
        step = self.steps[number]
        off = differences(scenario, up_to_stage(scenario, step.only)) if self.begins_anew(number) else {}
        return {**{name: new for name, (_, new) in off.items()}, **step.settings}

    def structures_of(self, number: int) -> tuple[str, str]:
        """The charts in force at a step's beginning, if nobody has flipped any meanwhile."""
        for step in self.steps[number::-1]:
            if step.structures:
                return step.structures
            if step.restart:
                break
        return self.structures

    def charts(self, number: int) -> list[str]:
        """The metrics of the charts that belong to a step: those it names and those of which it expects something.

        At least three; no more than `MOST_CHARTS`.
        """
        step = self.steps[number]
        own = dict.fromkeys([*step.charts, *(one.metric for one in step.expect)])
        after = (one.metric for later in self.steps for one in later.expect)
        wanted = dict.fromkeys([*own, *after, "satisfaction", "morale"])
        return list(wanted)[: min(max(len(own), 3), MOST_CHARTS)]

    def begins_anew(self, number: int) -> bool:
        """Whether a step is a new run."""
        return number == 0 or self.steps[number].restart

    def check(self, folder: Path = Path()) -> None:
        """Whether everything it names is there and goes together; a scenario's file is looked for in the folder.

        Raises:
            InputError: with the step's number.
        """
        scenario = lesson_scenario(self, folder)
        for number, step in enumerate(self.steps, 1):
            try:
                live = () if self.begins_anew(number - 1) else {**step.settings, **step.a, **step.b}
                if fixed := [name for name in live if name in FIXED]:
                    raise InputError(f"{fixed[0]} is fixed on the first morning: add restart = true to the step")
                if step.only != "behaviour" and not self.begins_anew(number - 1):
                    raise InputError(f"only = '{step.only}' needs a new run: add restart = true to the step")
                if step.worlds and len(step.over_worlds()) < 2:
                    raise InputError(f"worlds = '{step.worlds}': nothing is published of it that the step expects")
                for structure, own in zip(self.structures_of(number - 1), (step.a, step.b), strict=True):
                    changed(with_structure(changed(scenario, self.settings_of(number - 1, scenario)), structure), own)
            except InputError as error:
                raise InputError(f"step {number}: {error}") from None


def lesson_scenario(lesson: Lesson, folder: Path = Path(), own: OwnRules | None = None) -> Scenario:
    """The scenario of a lesson with its settings, and own rules; a file's name starts from the lesson's folder."""
    name = lesson.scenario if lesson.scenario in presets() else str(folder / lesson.scenario)
    return changed(load_scenario(name), lesson.settings).carrying(own)


@cache
def built_in_lessons() -> dict[str, str]:
    """Texts of the lessons that come with the program, by name, in the order in which they are shown."""
    folder = resources.files("simsvc.demo") / "lessons"
    texts = {entry.name: entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".md")}
    names = sorted(texts, key=lambda name: (name != FIRST, name))
    return {name.removesuffix(".md"): texts[name] for name in names}


def load_lesson(name: str, seed: int | None = None) -> tuple[Lesson, Path]:
    """A lesson by name, or from a file whose name ends in .md, and the folder from which its scenario is looked for.

    Args:
        name: of it.
        seed: in place of its own.

    Raises:
        InputError: naming file, line, key, value and what is allowed.
    """
    texts = built_in_lessons()
    text, origin, folder = (texts[name], f"lesson {name}", Path()) if name in texts else _read(name)
    lesson = parse(text, origin)
    try:
        lesson.check(folder)
    except InputError as error:
        step = re.match(r"step (\d+)", str(error))
        place = ("steps", str(int(step.group(1)) - 1)) if step else ("scenario",)
        raise InputError(f"{at(origin, line_of(text, place))}: {error}") from None
    return lesson if seed is None else lesson.model_copy(update={"seed": seed}), folder


def _read(name: str) -> tuple[str, str, Path]:
    """Text, name and folder of a lesson's file."""
    if not name.endswith(".md"):
        have = built_in_lessons()
        raise InputError(
            f"there is no lesson '{name}'{nearest(name, have)}; have: {', '.join(have)}, or a file whose name ends "
            "in .md"
        )
    path = Path(name)
    try:
        return path.read_text(encoding="utf-8-sig"), str(path), path.parent
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}") from None


def parse(text: str, origin: str) -> Lesson:
    """A lesson from its text; errors call it by its origin.

    Raises:
        InputError: for the first thing that is wrong.
    """
    text = text.replace("\r\n", "\n")
    parts = _FENCE.match(text)
    if not parts:
        raise InputError(f"{origin}: a lesson begins with a line +++, then its settings in TOML, then a line +++")
    content = parse_toml(parts.group(1), origin, above=1)
    if "notes" in content:
        raise InputError(f"{at(origin, line_of(text, ('notes',)))}: notes stand below the second line +++")
    try:
        lesson = Lesson.model_validate({**content, "notes": (parts.group(2) or "").strip()})
    except ValidationError as error:
        raise _explained(error, text, origin) from None
    known = structures()
    for number, charts in enumerate([lesson.structures, *(step.structures for step in lesson.steps)]):
        for name in charts or ():
            if name not in known:
                place = ("steps", str(number - 1), "structures") if number else ("structures",)
                where = at(origin, line_of(text, place))
                raise InputError(f"{where}: there is no structure '{name}'{nearest(name, known)}")
    return lesson


def _explained(error: ValidationError, text: str, origin: str) -> InputError:
    """One line for the first thing that is wrong."""
    first = error.errors()[0]
    place = tuple(first["loc"])
    where = at(origin, line_of(text, place[:1] if first["type"] == "missing" else place[:3]))
    step = f"step {int(place[1]) + 1}: " if len(place) > 1 and place[0] == "steps" and str(place[1]).isdigit() else ""
    key = str(place[-1]) if place else ""
    if first["type"] == "extra_forbidden":
        model: type[Section] = Expectation if "expect" in place else Step if step else Lesson
        have = [field.alias or name for name, field in model.model_fields.items() if name != "notes"]
        message = f"there is no '{key}'{nearest(key, have)}; have: {', '.join(have)}"
    elif first["type"] == "missing":
        message = f"'{key}' is missing"
    elif first["type"] == "value_error":
        message = first["msg"].removeprefix("Value error, ")
    else:
        message = f"{key} = {shown(first['input'])}: {first['msg'].replace('Input should', 'should')}"
    return InputError(f"{where}: {step}{message}")


def rendered(markdown: str) -> str:
    """Markdown as HTML in which nothing runs, loads or leads away: no HTML of the text's own, no images, no links."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return str(parser.disable(["image", "link", "autolink", "html_inline", "html_block"]).render(markdown))


def as_page(name: str, lesson: Lesson) -> dict[str, Any]:
    """A lesson as the page is told of it."""
    words = words_of(lesson.scenario)
    return {
        "name": name,
        "title": lesson.title,
        "question": lesson.question,
        "claims": list(lesson.claims),
        "minutes": lesson.minutes,
        "steps": [
            {
                "title": step.title,
                "html": rendered(step.text),
                "questions": [rendered(question) for question in step.questions],
                "run": step.run,
                "restart": lesson.begins_anew(number),
                "changes": step.changes,
                "worlds": step.over_worlds(),
                "expect": [words.put(expectation.words()) for expectation in step.expect],
            }
            for number, step in enumerate(lesson.steps)
        ],
        "notes": rendered(lesson.notes),
    }


def all_lessons(also: Sequence[str] = (), seed: int | None = None) -> Mapping[str, tuple[Lesson, Path]]:
    """The lessons that come with the program, and some from files, by name; all with a seed, if one is given."""
    found = {name: load_lesson(name, seed) for name in built_in_lessons()}
    return {**found, **{Path(name).stem: load_lesson(name, seed) for name in also if name not in found}}
