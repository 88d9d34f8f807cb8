"""The teaching page in a real browser: stories, lessons, several browsers, and everybody who is to use it."""

# ruff: noqa: F401, F811  fixtures are imported and then asked for by name
from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from demo_page import (
    PATIENCE,
    PHONE,
    PROJECTOR,
    address,
    browser,
    computed,
    day,
    demo,
    numbers,
    picture,
    play,
    settled,
    steps,
    visit,
)
from everybody import (
    test_a_lesson_plays_with_the_stage_in_sight,
    test_axe_finds_nothing_serious,
    test_on_a_phone_nothing_sticks_out,
    test_people_are_reached_by_keyboard,
    test_the_keyboard_alone_runs_a_lesson,
)
from playwright.sync_api import Page, expect

import simsvc
from simsvc.demo.stories import as_page
from simsvc.scenario.words import words_of


@pytest.fixture
def lesson() -> str:
    """A lesson for the tests of everybody."""
    return "queue_or_empowerment"


# -- stories --------------------------------------------------------------------------------------


def test_a_click_opens_a_story_that_goes_on(visit: Callable[..., Page], picture: Any) -> None:
    page = visit()
    play(page, 15)
    page.locator("#b [aria-label^='Agent 4 ']").click()
    head = re.compile(r"\w+ \w+, front line, department 2")
    expect(page.locator("#story h2")).to_have_text(head, timeout=120_000)  # the first story of all compiles
    told = page.locator("#story .moments > li").first
    expect(told).to_contain_text(f"Day {day(page)}, evening: ")
    picture(page, "story")
    steps(page, 1)
    expect(told).to_contain_text(f"Day {day(page)}, evening: ")
    page.locator("#a .person[aria-label^='Director']").click()
    expect(page.locator("#story h2")).to_have_text(re.compile(r"\w+ \w+, director"))


def test_a_customer_has_a_story_and_the_same_person_one_in_the_other_organisation(
    visit: Callable[..., Page], picture: Any
) -> None:
    page = visit()
    play(page, 30)
    page.locator("#a [aria-label^='Customer 1 ']").click(force=True)
    expect(page.locator("#story h2")).to_contain_text("Anna Berg, customer 1")
    expect(page.locator("#story .conclusion")).to_contain_text("In all: ")
    page.locator("#twin").click()
    expect(page.locator("#story .conclusion")).to_have_count(2)
    picture(page, "twins")
    for side, structure in (("a", "well_run_hierarchy"), ("b", "inverted")):
        model = simsvc.ServiceOrganization(simsvc.load_scenario("classroom"), structure=structure, rng=1)
        model.advance(day(page))
        story = as_page(model.trace(model.customers[0]), model, words_of("classroom"))
        said = page.locator(f"#story .{side} .conclusion").inner_text()
        assert said == f"{side.upper()}: Anna Berg {story['conclusion']}"
        told = page.locator(f"#story .moments .{side} .moment, #story .moments .same .moment").all_inner_texts()
        assert len(told) == len(story["moments"])
        assert all(any(moment["text"] in text for text in told) for moment in story["moments"])
    page.locator("#tab-settings").click()
    expect(page.locator("body.twins")).to_have_count(0)


# -- several browsers -----------------------------------------------------------------------------


def test_two_browsers_do_not_mix(visit: Callable[..., Page]) -> None:
    one, other = visit(), visit()
    steps(one, 3)
    one.locator("#flip-a").click()
    expect(one.locator("#name-a")).to_have_text(re.compile("inverted"))
    steps(other, 5)
    expect(other.locator("#name-a")).to_have_text(re.compile("well run hierarchy"))
    assert (day(one), day(other)) == (3, 5)
    assert numbers(other) == computed(5, 1)


def test_a_full_demo_says_so_and_has_room_when_somebody_leaves(visit: Callable[..., Page], picture: Any) -> None:
    with demo("--sessions", "1") as to:
        one = visit(to)
        other = visit(to, ready=False, allowed="503")
        expect(other.locator("#over-text")).to_contain_text("The demo is full")
        picture(other, "full")
        one.goto("about:blank")
        other.locator("#anew").click()
        expect(other.locator("#b .person").nth(200)).to_be_attached()
        steps(other, 1)
        other.goto("about:blank")  # it would miss its server


def test_when_a_session_has_ended_or_the_server_is_down_the_page_says_so_and_goes_on(
    visit: Callable[..., Page],
) -> None:
    page = visit(allowed="410|ERR_INTERNET_DISCONNECTED")
    with page.expect_request("**/step") as asked:
        page.locator("#step").click()
    expect(page.locator("#day")).to_have_text("Day 1")
    page.evaluate("url => fetch(url.replace('/step', '/leave'), { method: 'POST' }).then(() => {})", asked.value.url)
    page.locator("#step").click()
    expect(page.locator("#over-text")).to_contain_text("session has ended")
    expect(page.locator("#anew")).to_have_text("Go on")
    page.locator("#anew").click()
    expect(page.locator("#over")).to_be_hidden()
    steps(page, 1)
    assert day(page) == 2
    page.context.set_offline(True)  # as if the server had been stopped
    page.locator("#step").click()
    expect(page.locator("#over-text")).to_contain_text("The server does not answer")
    expect(page.locator("#anew")).to_have_text("Try again")
    page.context.set_offline(False)
    page.locator("#anew").click()
    expect(page.locator("#over")).to_be_hidden()
    steps(page, 1)
    assert day(page) == 3


def test_a_page_left_open_does_not_grow(visit: Callable[..., Page]) -> None:
    page = visit()
    kept = page.evaluate(
        "() => import('/js/series.js').then(({ Course }) => { const course = new Course([]);"
        " for (let day = 1; day <= 2500; day += 1) course.add([[day, day]]);"
        " for (let day = 1; day <= 500; day += 1) course.mark(day);"
        " return [course.points.length, course.points.at(-1)[0], course.marks.length]; })"
    )
    assert kept[0] <= 701
    assert kept[1:] == [2500, 100]
    lines = page.evaluate(
        "() => import('/js/teller.js').then(({ Teller }) => { const [line, log] = [1, 2].map(() =>"
        " document.createElement('div')); const teller = new Teller(line, log);"
        " for (let k = 0; k < 1000; k += 1) teller.add([`line ${k}`]); return teller.list.children.length; })"
    )
    assert lines == 200


def test_small_differences_are_drawn_small(visit: Callable[..., Page]) -> None:
    values = [[8.04, 8.44], [8, 8], [0, 0], [0, 0.85], [-3, -3], [1000, 1001], [55.9, 58.9], [-488, 153]]
    axes = visit().evaluate(
        "(all) => import('/js/series.js').then(({ axis }) => all.map((one) => axis(...one)))", values
    )
    for (low, high), (bottom, top) in zip(values, axes, strict=True):
        assert bottom <= low <= high <= top
        assert top - bottom >= max(2, 0.05 * max(abs(low), abs(high)))
        assert bottom >= 0 or low < 0
    assert axes[-2:] == [[54, 60], [-500, 500]]


# -- lessons --------------------------------------------------------------------------------------


def test_a_lesson_file_goes_on_from_step_to_step(visit: Callable[..., Page], tmp_path: Path) -> None:
    file = tmp_path / "mine.md"
    file.write_text(
        '+++\ntitle = "<script>alert(1)</script> & co"\nquestion = "<b>bold</b>?"\n'
        '[[steps]]\ntitle = "<i>One</i>"\ntext = "<img src=x onerror=alert(2)> *look*"\nrun = 6\n'
        '[[steps]]\ntitle = "Two"\ntext = "Turn."\nstructures = ["inverted", "inverted"]\nrun = 4\n+++\nNotes.\n',
        encoding="utf-8",
    )
    with demo("--lesson", str(file)) as to:
        page = visit(to)
        expect(page.locator("#lesson h2")).to_have_text("<script>alert(1)</script> & co")
        expect(page.locator(".step-title")).to_have_text("1. <i>One</i>")
        expect(page.locator("#lesson em")).to_have_text("look")
        assert page.locator("#lesson img, #lesson script").count() == 0
        page.locator("#take-step").click()
        expect(page.locator("#day")).to_have_text("Day 6")
        page.locator("#next-step").click()
        page.locator("#take-step").click()
        expect(page.locator("#day")).to_have_text("Day 10")
        expect(page.locator("#name-a")).to_have_text(re.compile("inverted"))
        page.goto("about:blank")  # it would miss its server


def test_a_name_with_markup_is_shown_as_it_is(visit: Callable[..., Page], tmp_path: Path) -> None:
    name = "<script>alert(1)<script><img src=x onerror=alert(2)>"
    (tmp_path / f"{name}.toml").write_text('base = "classroom"\n', encoding="utf-8")
    with demo(f"{name}.toml", folder=tmp_path) as to:
        page = visit(to)
        expect(page.locator("#scenario")).to_have_value(name)
        assert page.locator("img").count() == 0
        assert page.locator("script").count() == 1


# -- for everybody --------------------------------------------------------------------------------


def test_on_a_projector_all_is_seen_without_scrolling(visit: Callable[..., Page]) -> None:
    page = visit()
    play(page, 5)
    assert page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        PROJECTOR["width"], PROJECTOR["height"]]  # fmt: skip
    for place in ("#play", "#a svg", "#b svg", "#telling", "#chart-profit", "#tab-log"):
        box = page.locator(place).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PROJECTOR["width"]
        assert box["y"] + box["height"] <= PROJECTOR["height"]
    assert page.locator("#a svg").bounding_box()["height"] > 300  # type: ignore[index]
    sizes = page.locator("main :text-matches('.')").evaluate_all(
        "all => all.filter(one => !one.closest('svg') && one.offsetParent)"
        ".map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 12


def test_large_charts_take_the_place_of_the_panel(visit: Callable[..., Page], picture: Any) -> None:
    page = visit()
    small = page.locator("#chart-profit canvas").bounding_box()
    page.locator("#large").click()
    expect(page.locator("#tab-settings")).to_be_hidden()
    play(page, 30)
    picture(page, "large_charts")
    large = page.locator("#chart-profit canvas").bounding_box()
    assert small is not None
    assert large is not None
    assert large["width"] > 1.3 * small["width"]
    assert large["height"] > 1.3 * small["height"]
    assert large["y"] + large["height"] <= PROJECTOR["height"]
    page.locator("#b [aria-label^='Agent 4 ']").click()
    expect(page.locator("#story h2")).to_be_visible()
    expect(page.locator("#large")).to_have_attribute("aria-pressed", "false")


def test_a_lesson_that_an_address_opens_puts_its_text_in_the_place_of_large_charts(visit: Callable[..., Page]) -> None:
    page = visit()
    page.locator("#large").click()
    page.evaluate("() => { location.hash = 'lesson=smile_training&step=2&seed=2'; }")
    expect(page.locator(".step-title")).to_have_text("2. Two years")
    expect(page.locator("#take-step")).to_be_visible()


def test_the_line_that_tells_is_not_faster_than_it_can_be_read(visit: Callable[..., Page]) -> None:
    page = visit()
    page.evaluate(
        "() => { window.told = []; new MutationObserver(() => told.push([performance.now(),"
        " document.getElementById('telling').textContent])).observe(document.getElementById('telling'),"
        " { childList: true, characterData: true, subtree: true }); }"
    )
    page.locator("#speed").select_option("fastest")
    page.locator("#play").click()
    time.sleep(10)
    told = page.evaluate("() => told")
    assert len(told) >= 2
    gaps = [later[0] - sooner[0] for sooner, later in itertools.pairwise(told)]
    assert min(gaps, default=9999) >= 2400  # at this speed; else four seconds
