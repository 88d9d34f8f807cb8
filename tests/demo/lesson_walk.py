"""Whatever is clicked in lessons, text, stage, numbers and ticks agree: a law, tested over random walks of clicks.

What the page has to show is computed here, from the lesson, step, seed and day alone.
SIMSVC_WALK=300 walks that many clicks instead of a few, SIMSVC_WALK_SEED chooses which; SIMSVC_WALK=every goes through
every step of every lesson with its seed and two others (half an hour on the page, minutes on the exported one).
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from demo_page import PATIENCE, settled
from playwright.sync_api import Page, expect

from simsvc.demo.lessons import lesson_scenario, load_lesson
from simsvc.demo.session import Beginning, Session

CLICKS = os.environ.get("SIMSVC_WALK", "14")
EVERY = CLICKS == "every"
DEEDS = ("open", "step", "guess", "play", "play", "one", "reset", "luck", "list", "reload")
GUESSES = {"higher": "higher", "same": "about the same", "lower": "lower"}


def should_be(name: str, step: int, seed: int, until: int) -> dict[str, Any]:
    """What the server knows of a lesson's step that has come to a day with a seed, opened by itself."""
    lesson, folder = load_lesson(name)
    scenario = lesson_scenario(lesson, folder)
    session = Session(Beginning(lesson.scenario, scenario, lesson.structures, seed))
    session.open_step(lesson, step, scenario, None if seed == lesson.seed else seed)
    session.advance(until - session.day)
    frame = session.frame()
    charts = [frame["sides"][side]["chart"].replace("_", " ") for side in "ab"]
    stage = session.stage
    assert stage is not None
    return {**frame["lesson"], "charts": charts, "measured": stage.measured, "last": stage.last}


def agrees(
    page: Page,
    name: str,
    step: int,
    seed: int,
    until: int,
    taken: set[int],
    pale: int = 0,
    guesses: Mapping[int, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """All that the page says belongs to one and the same run.

    Args:
        page: itself.
        name: of the lesson.
        step: on the stage.
        seed: of the run.
        until: day that it has come to.
        taken: steps whose days have run.
        pale: last day of the pale lines, which are of the step before; 0: there are none.
        guesses: by number of the step's expectation.
    """
    lesson = load_lesson(name)[0]
    true = should_be(name, step, seed, until)
    expect(page.locator("#lesson h2")).to_have_text(lesson.title)
    expect(page.locator(".step-title")).to_have_text(f"{step + 1}. {lesson.steps[step].title}")
    expect(page.locator("#day")).to_have_text(f"Day {until}")
    settled(page)
    assert page.locator("#seed").input_value() == str(seed)
    for side, chart in zip("ab", true["charts"], strict=True):
        expect(page.locator(f"#name-{side}")).to_have_text(re.compile(f"{chart}$"))
    assert page.locator("#charts").get_attribute("data-pale") == (str(pale) if pale else "")
    for k, (row, check) in enumerate(zip(page.locator(".checks > li").all(), true["checks"], strict=True)):
        said = row.inner_text()
        guessed = f": {GUESSES[guesses[k]]}" if k in guesses and check["holds"] is not None else ""
        assert said.partition("; you guessed")[2].strip() == guessed
        assert check["label"] in said
        if check["holds"] is not None:
            assert f"{check['values'][0]}, {check['names'][1]} {check['values'][1]}" in said
            assert f"{check['difference']} {check['points']}" in said
        assert row.get_attribute("data-holds") == {None: "", True: "true", False: "false"}[check["holds"]]
    from_day, last = true["measured"] + 1, true["last"]
    will = f"will be means of days {from_day} to {last}."
    said = will if until < from_day else f"are means of days {from_day} to {min(until, last)}"
    window = page.locator(".window").inner_text()
    assert window.startswith(f"Numbers {said}") if true["checks"] else not window
    for metric, (a, b) in true["means"].items():
        figure = page.locator(f"#chart-{metric} .now")
        if a != "–":
            expect(figure).to_have_text(f"A {a}B {b}")
    ticks = [one.inner_text().endswith("✓") for one in page.locator(".steps button").all()]
    assert ticks == [number in taken for number in range(len(lesson.steps))]
    expect(page.locator(".steps [aria-current]")).to_have_text(re.compile(f"^{step + 1}"))
    changed = page.locator(".changed").inner_text().removeprefix("Changed since: ").removesuffix(".")
    assert changed == "; ".join(true["changed"])
    at = {key: value[0] for key, value in parse_qs(urlsplit(page.url).fragment).items()}
    assert (at["lesson"], int(at["step"]) - 1, int(at["seed"])) == (Path(name).stem, step, seed)
    assert int(at.get("day", 0)) == until
    return true


def at_random(luck: random.Random) -> Iterator[tuple[str, Any]]:
    """What is done: a lesson is opened, and then anything."""
    yield "open", None
    for _ in range(int(CLICKS) - 1):
        yield luck.choice(DEEDS), None


def every(lessons: list[str]) -> Iterator[tuple[str, Any]]:
    """What is done to go through every step of every lesson with three seeds, and back to the first step."""
    for name in lessons:
        yield "open", name
        for step in range(len(load_lesson(name)[0].steps)):
            yield "step", step
            for what in (
                "guess",
                "play",
                "reload",
                "reset",
                "play",
                "luck",
                "play",
                "luck",
                "play",
                "reset",
                "luck",
                "play",
            ):
                yield what, None
        yield "step", 0


def walk(page: Page, lessons: list[str], seeds: int = 0) -> None:
    """A walk of clicks, on one page; what it shows is compared after each.

    Args:
        page: that has just been opened.
        lessons: names of those that are opened, or files; a page calls these by the names of the files.
        seeds: that the page has of each step; 0: any.
    """
    luck = random.Random(int(os.environ.get("SIMSVC_WALK_SEED", "1")))
    page.locator("#speed").select_option("fastest")
    page.locator("#tab-lesson").click()
    name, step, seed, taken = "", 0, 0, set[int]()
    begun = until = pale = 0
    guesses: dict[int, dict[int, str]] = {}
    for what, which in every(lessons) if EVERY else at_random(luck):
        if what == "open":
            if name:
                page.locator("#all-lessons").click()
            name = which or luck.choice(lessons)
            page.locator(f"[data-lesson={Path(name).stem}]").click()
        lesson = load_lesson(name)[0]
        if what in ("open", "step"):
            before, was = (step, until) if what == "step" else (-1, 0)
            step = 0
            if what == "step":
                step = luck.randrange(len(lesson.steps)) if which is None else which
                page.locator(".steps button").nth(step).click()
            goes_on = not lesson.begins_anew(step) and step == before + 1 and was >= begun + lesson.steps[before].run
            if what == "open":
                seed, pale, guesses = lesson.seed, 0, {}
            elif step != before:
                pale = was if step == before + 1 and not goes_on else 0
            taken = (taken if what == "step" else set()) | (set() if goes_on else replayed(lesson, step))
        elif what == "play":
            if page.locator("#take-step").is_enabled():
                page.locator("#take-step").click()
            expect(page.locator("#take-step")).to_be_disabled(timeout=1.5 * PATIENCE)
        elif what == "guess" and until == begun and lesson.steps[step].expect:
            guesses[step] = {0: luck.choice(list(GUESSES))}
            page.locator("#guess-0").select_option(guesses[step][0])
        elif what == "one" and page.locator("#step").is_enabled():
            page.locator("#step").click()
            until += 1
            expect(page.locator("#day")).to_have_text(f"Day {until}")
        elif what in ("reset", "luck"):
            page.locator("#reset" if what == "reset" else "#other-luck").click()
            seed = lesson.seed + (seed - lesson.seed + (what == "luck")) % (seeds or 1_000_000)
            taken |= replayed(lesson, step)
            pale = 0 if what == "luck" and seeds != 1 else pale
        elif what == "list":
            page.locator("#all-lessons").click()
            page.locator("#back-to-step").click()
        elif what == "reload":
            page.reload()
            expect(page.locator(".step-title")).to_be_visible()
            page.locator("#speed").select_option("fastest")
            taken, pale = replayed(lesson, step), 0
        if what in ("open", "step", "reset", "luck"):
            begun = until = should_begin(lesson, step)
            taken.discard(step)
        elif what == "play":
            until = max(until, begun + lesson.steps[step].run)
        if until >= begun + lesson.steps[step].run:
            taken.add(step)
        agrees(page, name, step, seed, until, taken, pale, guesses.get(step, {}))


def should_begin(lesson: Any, step: int) -> int:
    return sum(lesson.steps[number].run for number in replayed(lesson, step))


def replayed(lesson: Any, step: int) -> set[int]:
    """The steps whose run a step goes on with."""
    found: set[int] = set()
    while not lesson.begins_anew(step):
        step -= 1
        found.add(step)
    return found
