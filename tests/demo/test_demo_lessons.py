"""Lessons keep their word: text, stage, numbers and ticks agree, whatever is clicked.

Random walks of clicks on one page; what it has to show is computed here, from the lesson, step, seed and day alone.
SIMSVC_WALK=300 walks that many clicks instead of a few, SIMSVC_WALK_SEED chooses which.
"""

# ruff: noqa: F401, F811  fixtures are imported and then asked for by name
from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from demo_page import address, browser, day, demo, picture, settled, visit
from playwright.sync_api import Page, expect

from simsvc.demo.lessons import built_in_lessons, lesson_scenario, load_lesson
from simsvc.demo.session import Beginning, Session

CLICKS = int(os.environ.get("SIMSVC_WALK", "14"))
QUICK = [name for name in built_in_lessons() if load_lesson(name)[0].scenario == "classroom"]


def should_be(name: str, step: int, seed: int, until: int) -> dict[str, Any]:
    """What the server knows of a lesson's step that has come to a day with a seed, opened by itself."""
    lesson, folder = load_lesson(name)
    scenario = lesson_scenario(lesson, folder)
    session = Session(Beginning(lesson.scenario, scenario, lesson.structures, seed))
    session.open_step(lesson, step, scenario, None if seed == lesson.seed else seed)
    session.advance(until - session.day)
    frame = session.frame()
    charts = [frame["sides"][side]["chart"].replace("_", " ") for side in "ab"]
    return {**frame["lesson"], "charts": charts, "first": session.stage.first, "last": session.stage.last}  # type: ignore[union-attr]


def agrees(page: Page, name: str, step: int, seed: int, until: int, taken: set[int]) -> dict[str, Any]:
    """All that the page says belongs to one and the same run."""
    lesson = load_lesson(name)[0]
    true = should_be(name, step, seed, until)
    expect(page.locator("#lesson h2")).to_have_text(lesson.title)
    expect(page.locator(".step-title")).to_have_text(f"{step + 1}. {lesson.steps[step].title}")
    expect(page.locator("#day")).to_have_text(f"Day {until}")
    settled(page)
    assert page.locator("#seed").input_value() == str(seed)
    for side, chart in zip("ab", true["charts"], strict=True):
        expect(page.locator(f"#name-{side}")).to_have_text(re.compile(f"{chart}$"))
    for row, check in zip(page.locator(".checks > li").all(), true["checks"], strict=True):
        said = row.inner_text()
        assert check["label"] in said
        if check["holds"] is not None:
            assert f"{check['values'][0]}, {check['names'][1]} {check['values'][1]}" in said
            assert f"{check['difference']} {check['points']}" in said
        assert row.get_attribute("data-holds") == {None: "", True: "true", False: "false"}[check["holds"]]
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
    assert (at["lesson"], int(at["step"]) - 1, int(at["seed"])) == (name, step, seed)
    assert int(at.get("day", 0)) == until
    return true


def test_whatever_is_clicked_text_stage_numbers_and_ticks_agree(visit: Callable[..., Page], picture: Any) -> None:
    luck = random.Random(int(os.environ.get("SIMSVC_WALK_SEED", "1")))
    page = visit()
    page.locator("#speed").select_option("fastest")
    page.locator("#tab-lesson").click()
    name, step, seed, taken = "", 0, 0, set[int]()
    begun = until = 0
    for _ in range(CLICKS):
        what = (
            luck.choice(["open", "step", "play", "play", "one", "reset", "luck", "list", "reload"]) if name else "open"
        )
        if what == "open":
            if name:
                page.locator("#all-lessons").click()
            name = luck.choice(QUICK)
            page.locator(f"[data-lesson={name}]").click()
        lesson = load_lesson(name)[0]
        if what in ("open", "step"):
            before, was = (step, until) if what == "step" else (-1, 0)
            step = luck.randrange(len(lesson.steps)) if what == "step" else 0
            if what == "step":
                page.locator(".steps button").nth(step).click()
            goes_on = not lesson.begins_anew(step) and step == before + 1 and was >= begun + lesson.steps[before].run
            seed = seed if goes_on else lesson.seed
            taken = (taken if what == "step" else set()) | (set() if goes_on else replayed(lesson, step))
        elif what == "play":
            if page.locator("#take-step").is_enabled():
                page.locator("#take-step").click()
            expect(page.locator("#take-step")).to_be_disabled(timeout=30_000)
        elif what == "one":
            page.locator("#step").click()
            expect(page.locator("#day")).to_have_text(f"Day {until + 1}")
        elif what in ("reset", "luck"):
            page.locator("#reset" if what == "reset" else "#other-luck").click()
            seed += what == "luck"
            taken |= replayed(lesson, step)
        elif what == "list":
            page.locator("#all-lessons").click()
            page.locator("#back-to-step").click()
        else:
            page.reload()
            expect(page.locator(".step-title")).to_be_visible()
            page.locator("#speed").select_option("fastest")
            taken = replayed(lesson, step)
        if what in ("open", "step", "reset", "luck"):
            begun = until = should_begin(lesson, step)
            taken.discard(step)
        elif what == "play":
            until = max(until, begun + lesson.steps[step].run)
        elif what == "one":
            until += 1
        if until >= begun + lesson.steps[step].run:
            taken.add(step)
        agrees(page, name, step, seed, until, taken)
    picture(page, "walk")


def should_begin(lesson: Any, step: int) -> int:
    return sum(lesson.steps[number].run for number in replayed(lesson, step))


def replayed(lesson: Any, step: int) -> set[int]:
    """The steps whose run a step goes on with."""
    found: set[int] = set()
    while not lesson.begins_anew(step):
        step -= 1
        found.add(step)
    return found


def test_a_reset_keeps_what_the_step_sets_and_what_the_class_changed(visit: Callable[..., Page]) -> None:
    page = visit()
    page.locator("#tab-lesson").click()
    page.locator("[data-lesson=smile_training]").click()
    page.locator("#guess-1").select_option("higher")
    page.locator("#seed").fill("11")
    page.locator("#reset").click()
    expect(page.locator(".changed")).to_have_text("Changed since: seed 11 instead of 2.")
    page.locator("#speed").select_option("fastest")
    page.locator("#take-step").click()
    expect(page.locator("#day")).to_have_text("Day 60")
    checks = agrees(page, "smile_training", 0, 11, 60, {0})["checks"]
    assert all(check["values"][0] != check["values"][1] for check in checks)
    expect(page.locator(".checks li").nth(1)).to_contain_text("you guessed: higher")
    expect(page.locator("#guess-1")).to_be_disabled()
    page.locator("#tab-settings").click()
    page.locator("[id='set-both-demand.failure_share']").evaluate(
        "one => { one.value = 0.2; for (const what of ['input', 'change']) one.dispatchEvent(new Event(what)); }"
    )
    page.locator("#reset").click()
    expect(page.locator("#day")).to_have_text("Day 0")
    expect(page.locator("[id='set-both-demand.failure_share']")).to_have_value("0.2")
    page.locator("#tab-lesson").click()
    expect(page.locator(".changed")).to_contain_text("both: Failures 20 % instead of")
    expect(page.locator(".set")).to_contain_text("B: Smile training 1")
    page.locator("#ten-runs").click()
    expect(page.locator(".other-luck li").first).to_contain_text("of 10 runs")
    with page.expect_popup() as opened:
        page.locator("#notes").click()
    expect(opened.value.locator("body")).to_contain_text("What to expect, and why")
    expect(opened.value.locator("#now")).to_contain_text("Day 0 of 60")
    assert "What to expect, and why" not in page.locator("body").inner_text()


def test_back_goes_to_the_step_before_and_its_day(visit: Callable[..., Page]) -> None:
    page = visit()
    page.locator("#tab-lesson").click()
    page.locator("[data-lesson=queue_or_empowerment]").click()
    page.locator("#step").click()
    expect(page.locator("#day")).to_have_text("Day 1")
    page.locator(".steps button").nth(1).click()
    expect(page.locator("#day")).to_have_text("Day 0")
    page.go_back()
    agrees(page, "queue_or_empowerment", 0, 1, 1, set())
