"""The page without a server: opened from its file, it plays lessons as the page itself does."""

# ruff: noqa: F401, F811  fixtures are imported and then asked for by name
from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from demo_page import PHONE, PROJECTOR, browser, picture
from everybody import (
    test_a_lesson_plays_with_the_stage_in_sight,
    test_axe_finds_nothing_serious,
    test_on_a_phone_nothing_sticks_out,
    test_people_are_reached_by_keyboard,
    test_the_keyboard_alone_runs_a_lesson,
)
from lesson_walk import walk
from playwright.sync_api import Browser, Page, expect

from simsvc.demo import exporting
from simsvc.demo.handout import handout
from simsvc.demo.lessons import load_lesson
from simsvc.demo.server import Offer
from simsvc.reports import write_report
from simsvc.scenario.loading import load_scenario

RESULTS = Path(__file__).parents[2] / "results"
LESSON = """+++
title = "Short"
question = "What happens?"
seed = 3
[[steps]]
title = "One"
text = "Look."
run = 15
expect = [{ metric = "escalation_rate", is = "lower" }]
[[steps]]
title = "It goes on"
text = "Both may do more."
run = 10
settings = { "demand.idiosyncrasy" = 0.6 }
expect = [{ metric = "escalation_rate", of = "b", is = "higher" }]
[[steps]]
title = "Anew"
text = "Alike."
run = 10
restart = true
structures = ["flat", "flat"]
+++
Notes.
"""


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A page with a short lesson, and the files of lessons by name; another page if SIMSVC_EXPORT names it."""
    if file := os.environ.get("SIMSVC_EXPORT"):
        return Path(file), {}
    folder = tmp_path_factory.mktemp("class")
    mine = folder / "mine.md"
    mine.write_text(LESSON, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exporting, "PEOPLE", (("staff", 3), ("customer", 0)))
        patch.setattr(exporting, "DAYS", 20)
        charts = ("well_run_hierarchy", "inverted")
        offer = Offer("classroom", load_scenario("classroom"), charts, None, {"mine": load_lesson(str(mine))})
        return exporting.export(offer, folder / "page", lambda _: None), {"mine": str(mine)}


@pytest.fixture
def visit(browser: Browser, exported: tuple[Path, dict[str, str]]) -> Iterator[Callable[..., Page]]:
    """A function that opens the page from its file; it may ask for nothing and complain of nothing."""
    assert exported[0].stat().st_size < exporting.LARGEST
    contexts, asked, complaints = [], [], []

    def open_page(tab: str = "settings", **options: Any) -> Page:
        contexts.append(browser.new_context(**({"viewport": PROJECTOR} | options)))
        found = contexts[-1].new_page()
        found.add_init_script("window.waiting = 0; window.answered = -Infinity;")
        found.on("request", lambda request: asked.append(request.url))
        found.on("console", lambda message: complaints.append(message.text))
        found.on("pageerror", lambda error: complaints.append(str(error)))
        found.goto(exported[0].as_uri())
        expect(found.locator("#b .person").nth(200)).to_be_attached()
        if tab:
            found.locator(f"#tab-{tab}").click()
        return found

    yield open_page
    for context in contexts:
        context.close()
    assert {url.partition(":")[0] for url in asked} <= {"file", "data", "blob"}
    assert complaints == []


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """The page as it opens."""
    return visit(tab="")


@pytest.fixture
def lesson(exported: tuple[Path, dict[str, str]]) -> str:
    """A lesson for the tests of everybody."""
    return exported[1].get("mine", "queue_or_empowerment")


def test_on_the_exported_page_too_text_stage_numbers_and_ticks_agree(
    page: Page, exported: tuple[Path, dict[str, str]]
) -> None:
    offered = page.locator("[data-lesson]").evaluate_all("all => all.map((one) => one.dataset.lesson)")
    walk(page, [exported[1].get(name, name) for name in offered], seeds=exporting.OTHER_SEEDS + 1)


def test_the_exported_page_says_what_was_not_recorded(page: Page, exported: tuple[Path, dict[str, str]]) -> None:
    page.locator("#tab-numbers").click()
    expect(page.locator("#numbers")).to_contain_text("play to its end, day")
    page.locator("#flip-a").click()
    expect(page.locator("#telling")).to_contain_text("nothing can be changed while they run")
    page.locator("#seed").fill("77")
    page.locator("#reset").click()
    expect(page.locator("#telling")).to_contain_text("without a lesson those with the seed 1")
    expect(page.locator("#seed")).to_have_value("1")
    page.locator("#a [aria-label^='Customer 1 ']").click(force=True)
    expect(page.locator("#story h2")).to_contain_text("customer 1")
    expect(page.locator("#story")).to_contain_text("Recorded at the end of the run, after")
    page.locator("#b [aria-label^='Customer 31 ']").click(force=True)
    expect(page.locator("#story")).to_contain_text("Of whom you chose no story was recorded")
    page.locator("#tab-settings").click()
    page.locator("[id='set-later-demand.idiosyncrasy']").evaluate(
        "one => { one.value = 0.5; for (const what of ['input', 'change']) one.dispatchEvent(new Event(what)); }"
    )
    page.locator("#reset-here").click()
    expect(page.locator("[id='set-later-demand.idiosyncrasy']")).to_have_value("0.6")
    page.locator("#tab-lesson").click()
    page.locator(".offered").first.click()
    page.locator("#other-luck").click()
    expect(page.locator("#telling")).to_contain_text("Step 1 begins anew")
    page.locator("#ten-runs").click()
    expect(page.locator(".other-luck li").first).to_contain_text("of 10 runs")
    page.locator("#seed").fill("77")
    page.locator("#reset").click()
    expect(page.locator("#telling")).to_contain_text("of this step those with the seeds")
    page.locator("#speed").select_option("fastest")
    page.locator("#take-step").click()
    expect(page.locator("#play")).to_be_disabled()
    page.locator("#tab-numbers").click()
    expect(page.locator("#numbers h2")).to_have_text(
        page.locator("#day").inner_text().replace("Day", "After") + " days"
    )
    if folder := os.environ.get("SIMSVC_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/export.png")


def test_a_handout_is_two_sheets_of_paper(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    longest = ("how_sure", "over_promising", "queue_or_empowerment")  # those with the most text and the most rows
    of_results = [
        write_report(RESULTS / name, tmp_path / f"{name}.html", handout=True) for name in ("flip", "components")
    ]
    for told in [*(handout(name, *load_lesson(name)) for name in longest), *(file.read_text() for file in of_results)]:
        page.set_content(told)
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 2
        page.set_viewport_size(PHONE)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    page.close()
