"""The page without a server: opened from its file, it plays a lesson as the page itself does."""

# ruff: noqa: F401, F811  fixtures are imported and then asked for by name
from __future__ import annotations

import os
from pathlib import Path

import pytest
from demo_page import PROJECTOR, browser
from playwright.sync_api import Browser, expect

from simsvc.demo import exporting
from simsvc.demo.lessons import load_lesson
from simsvc.demo.server import Offer
from simsvc.demo.session import Beginning, Session
from simsvc.scenario.loading import load_scenario


def test_the_exported_page_plays_a_lesson_from_its_file(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "OTHER_SEEDS", 0)
    monkeypatch.setattr(exporting, "LUCK", 10)
    monkeypatch.setattr(exporting, "PEOPLE", (("customer", 0),))
    monkeypatch.setattr(exporting, "DAYS", 20)
    classroom, name = load_scenario("classroom"), "turned_not_born"
    lesson, beside = load_lesson(name)
    charts = ("well_run_hierarchy", "inverted")
    offer = Offer("classroom", classroom, charts, None, {name: (lesson, beside)})
    file = exporting.export(offer, tmp_path / "class", lambda _: None)
    assert file.stat().st_size < 1_500_000
    context = browser.new_context(viewport=PROJECTOR)
    page, asked, complaints = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    expect(page.locator("#b .person").nth(200)).to_be_attached()
    page.locator("#tab-lesson").click()
    page.locator(f"[data-lesson={name}]").click()
    page.locator("#speed").select_option("fastest")
    session = Session(Beginning("classroom", classroom, lesson.structures, lesson.seed))
    for number, step in enumerate(lesson.steps):
        expect(page.locator(".step-title")).to_have_text(f"{number + 1}. {step.title}")
        page.locator("#take-step").click()
        session.open_step(lesson, number, classroom)
        session.advance(step.run)
        expect(page.locator("#day")).to_have_text(f"Day {session.day}")
        for row, check in zip(page.locator(".checks > li").all(), session.frame()["lesson"]["checks"], strict=True):
            expect(row).to_contain_text(f"{check['difference']} {check['points']}")
        if number == 0:
            page.locator("#ten-runs").click()
            expect(page.locator(".other-luck li").first).to_contain_text("of 10 runs")
            page.locator("#next-step").click()
    if folder := os.environ.get("SIMSVC_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/export.png")
    page.locator("#flip-a").click()
    expect(page.locator("#telling")).to_contain_text("recorded")
    page.reload()
    expect(page.locator("#day")).to_have_text(f"Day {session.day}")
    assert {url.partition(":")[0] for url in asked} <= {"file", "data", "blob"}
    assert complaints == []
    context.close()
