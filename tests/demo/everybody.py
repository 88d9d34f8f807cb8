"""Everybody is to use the page: tests for it with a server and without one, which both files of tests import.

They ask for `visit`, which opens the page, and for `lesson`, one that the page offers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from demo_page import PATIENCE, PHONE, PROJECTOR, play, settled
from playwright.sync_api import Page, expect

from simsvc.demo.lessons import load_lesson

ZOOMED = {"width": PROJECTOR["width"] // 2, "height": PROJECTOR["height"] // 2}
"""What a projector shows at a zoom of 200 %."""


def test_the_keyboard_alone_runs_a_lesson(visit: Callable[..., Page], lesson: str, picture: Any) -> None:
    page, told = visit(), load_lesson(lesson)[0]

    def reach(name: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate(
                "name => document.activeElement.matches('button, summary')"
                " && document.activeElement.textContent.includes(name)",
                name,
            ):
                return
        pytest.fail(f"Tab does not reach '{name}'")

    page.locator("#speed").focus()
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    reach("Settings")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#lesson")).to_be_visible()
    reach(told.title)
    page.keyboard.press("Enter")
    expect(page.locator("#lesson h2")).to_be_focused()
    reach(f"Play to day {told.steps[0].run}")
    page.keyboard.press("Enter")
    expect(page.locator("#day")).to_have_text(f"Day {told.steps[0].run}", timeout=3 * PATIENCE)
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".checks li").first).to_contain_text("expected: lower")
    picture(page, "lesson")
    reach("Next step")
    page.keyboard.press("Enter")
    expect(page.locator(".step-title")).to_have_text(f"2. {told.steps[1].title}")
    expect(page.locator(".step-title")).to_be_focused()


def test_people_are_reached_by_keyboard(visit: Callable[..., Page]) -> None:
    page = visit()
    page.locator("#flip-a").focus()
    page.keyboard.press("Tab")
    first = page.evaluate("() => document.activeElement.getAttribute('aria-label')")
    assert re.match(r"Customer \d+ of A: \w+ \w+, satisfaction \d+ of 100", first)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    moved = page.evaluate("() => document.activeElement.getAttribute('aria-label')")
    assert moved != first
    page.keyboard.press("Enter")
    who = re.findall(r"customer \d+", moved, re.IGNORECASE)[0].lower()
    expect(page.locator("#story")).to_contain_text(re.compile(rf"\b{who}\b|Of whom you chose no story was recorded"))


@pytest.mark.parametrize("size", [PROJECTOR, PHONE], ids=["projector", "phone"])
def test_axe_finds_nothing_serious(visit: Callable[..., Page], lesson: str, size: dict[str, int]) -> None:
    page = visit(viewport=size)
    play(page, 8)
    page.locator("#a [aria-label^='Agent 4 ']").click()
    expect(page.locator("#story h2")).to_be_visible()
    found = {}
    for tab in ("start", "story", "settings", "numbers", "log", "lesson"):
        page.locator(f"#tab-{tab}").click()
        if tab in ("start", "story"):
            page.locator("#follow-case" if tab == "start" else "#twin").click()
            expect(page.locator("#case-next" if tab == "start" else "#story .pair .b").first).to_be_visible()
        settled(page)
        if tab == "lesson":
            page.locator(f"[data-lesson={Path(lesson).stem}]").click()
            expect(page.locator("#take-step")).to_be_visible()
        found[tab] = serious(page, "html" if tab in ("start", "lesson") else ".panel")  # all else stays as it was
    page.locator("#take-step").click()
    expect(page.locator("#day")).not_to_have_text("Day 0")
    found["a lesson plays"] = serious(page)
    page.locator("#speed").select_option("fastest")
    expect(page.locator("#take-step")).to_be_disabled(timeout=3 * PATIENCE)
    with page.expect_popup() as opened:
        page.locator("#notes").click()
    expect(opened.value.locator("#now")).to_contain_text("Day")
    found["notes"] = serious(opened.value)
    page.locator("#all-lessons").click()
    found["lessons"] = serious(page, ".panel")
    if page.locator("#large").is_visible():
        page.locator("#large").click()
        found["large charts"] = serious(page)
    page.evaluate("() => document.getElementById('over').showModal()")
    found["dialog"] = serious(page)
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def serious(page: Page, where: str = "html") -> dict[str, str]:
    """What axe-core calls serious or critical, by rule."""
    found = Axe().run(page, where).response["violations"]
    return {one["id"]: one["nodes"][0]["html"] for one in found if one["impact"] in ("serious", "critical")}


@pytest.mark.parametrize("size", [PROJECTOR, PHONE, ZOOMED], ids=["projector", "phone", "200 %"])
def test_a_lesson_plays_with_the_stage_in_sight(
    visit: Callable[..., Page], lesson: str, size: dict[str, int], picture: Any
) -> None:
    page = visit(viewport=size)
    page.locator("#tab-lesson").click()
    page.locator(f"[data-lesson={Path(lesson).stem}]").click()
    page.locator("#take-step").click()
    expect(page.locator("#day")).not_to_have_text("Day 0")
    for place in ("#play", "#telling", "#a [aria-label='Director of A']"):
        expect(page.locator(place)).to_be_in_viewport(ratio=1)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= size["width"]
    picture(page, f"lesson_{size['width']}")
    page.evaluate("() => { const it = document.querySelector('#play[aria-pressed=true]'); if (it) it.click(); }")
    settled(page)


def test_on_a_phone_nothing_sticks_out(visit: Callable[..., Page], picture: Any) -> None:
    page = visit(viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2)
    play(page, 5)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    picture(page, "phone")
    page.locator("#tab-start").tap()
    page.locator("#follow-case").tap()
    for place in ("#case-next", "#a [aria-label='Director of A']"):
        expect(page.locator(place)).to_be_in_viewport(ratio=1)
    page.locator("#case-leave").tap()
    page.locator("#down").tap()  # the tabs lie far below the stage
    expect(page.locator("#tab-lesson")).to_be_in_viewport()
    page.locator("#a [aria-label^='Agent 4 ']").tap()
    expect(page.locator("#story h2")).to_be_in_viewport()
    picture(page, "phone_story")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
