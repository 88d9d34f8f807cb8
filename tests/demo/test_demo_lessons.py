"""Lessons keep their word: text, stage, numbers and ticks agree, whatever is clicked."""

# ruff: noqa: F401, F811  fixtures are imported and then asked for by name
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from demo_page import address, browser, picture, visit
from lesson_walk import EVERY, agrees, walk
from playwright.sync_api import Page, expect

from simsvc.demo.lessons import built_in_lessons, load_lesson

LESSONS = [name for name in built_in_lessons() if EVERY or load_lesson(name)[0].scenario == "classroom"]
"""Of large organisations only where time does not count."""


def test_whatever_is_clicked_text_stage_numbers_and_ticks_agree(visit: Callable[..., Page], picture: Any) -> None:
    page = visit()
    walk(page, LESSONS)
    picture(page, "walk")


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
    checks = agrees(page, "smile_training", 0, 11, 60, {0}, guesses={1: "higher"})["checks"]
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
    page.reload()  # the address holds it, and what it differs in is said again
    expect(page.locator(".changed")).to_contain_text("seed 11 instead of 2; both: Failures 20 % instead of")
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
