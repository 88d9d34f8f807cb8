"""The teaching page in a real browser: the two organisations run, turn and are changed, as the model says."""

# ruff: noqa: F401, F811  fixtures are imported and then asked for by name
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from demo_page import (
    address,
    browser,
    computed,
    day,
    numbers,
    picture,
    play,
    set_slider,
    settled,
    steps,
    tier_heights,
    visit,
)
from playwright.sync_api import Page, expect

import simsvc
from simsvc.demo.names import People
from simsvc.demo.series import SERIES
from simsvc.demo.session import Beginning, Session
from simsvc.runs.metrics import METRICS

USUAL = [series for series in SERIES if series.usual]
TOKENS = """() => {
    const canvas = document.querySelector('#a canvas');
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    let [up, back] = [0, 0];
    for (let k = 0; k < pixels.length; k += 4) {
        up += pixels[k] === 255 && pixels[k + 1] === 213 && pixels[k + 3] === 255;
        back += pixels[k] === 11 && pixels[k + 1] === 122 && pixels[k + 3] === 255;
    }
    return [up, back];
}"""
"""Counts the pixels of cases on their way up, and of answers that were granted."""
FILM = """() => {
    window.film = [];
    const tiers = ['Director', 'Team managers', 'Front line', 'Customers']
        .map((name) => document.querySelector(`#a svg g[aria-label^='${name} of'] .person`));
    const shoot = () => {
        film.push(tiers.map((person) => person.getBoundingClientRect().y));
        if (film.length < 2000) requestAnimationFrame(shoot);
    };
    shoot();
}"""
"""Notes in every frame how high each tier of A stands."""

# -- running --------------------------------------------------------------------------------------


def test_it_starts_with_two_organisations_of_people(visit: Callable[..., Page], picture: Any) -> None:
    page = visit(tab="")
    for side, chart in (("a", "well run hierarchy"), ("b", "inverted")):
        expect(page.locator(f"#name-{side}")).to_have_text(re.compile(chart))
        assert page.locator(f"#{side} .face").count() == 8 + 2 + 1
        assert page.locator(f"#{side} .person").count() == 200 + 8 + 2 + 1
    up, down = tier_heights(page, "a"), tier_heights(page, "b")
    assert up["Director"] < up["Team managers"] < up["Front line"] < up["Customers"]
    assert down["Director"] > down["Team managers"] > down["Front line"] > down["Customers"]
    titles = page.locator("#a .face").evaluate_all("all => all.map(one => one.parentNode.getAttribute('aria-label'))")
    managers = ["Team manager 1 of A", "Team manager 2 of A", "Director of A"]
    assert titles == [*(f"Agent {k} of A" for k in range(1, 9)), *managers]
    page.locator("#a [aria-label='Director of A']").hover()
    director = People(simsvc_session().sides["a"].model).manager_alone(2)
    expect(page.locator("#a .card")).to_have_text(re.compile(f"^Director: {director}, morale"))
    assert page.locator("figure.chart").count() == len(USUAL) == 7
    expect(page.locator("#start")).to_contain_text("A small contact centre, twice")
    picture(page, "start")
    page.locator("#follow-case").click()  # one case by hand, with the keyboard, to the end; then the run plays
    case = simsvc_session().first_case()
    assert case is not None
    for number, step in enumerate(case["steps"], 1):
        expect(page.locator("#case")).to_contain_text(f"{case['title']} · step {number} of {len(case['steps'])}")
        expect(page.locator(".case-step")).to_contain_text(step["text"])
        for side in "ab":
            assert page.locator(f"#{side}.spot .chosen").count() == (step["side"] in ("both", side))
        expect(page.locator("#case-next")).to_be_focused()
        if number == 3:
            picture(page, "case")
        page.keyboard.press("Enter")
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#case")).to_be_hidden()


def simsvc_session() -> Session:
    """What the server begins with."""
    return Session(Beginning("classroom", simsvc.load_scenario("classroom"), ("well_run_hierarchy", "inverted"), 1))


def test_it_plays_pauses_and_steps(visit: Callable[..., Page], picture: Any) -> None:
    page = visit()
    page.locator("#play").click()
    expect(page.locator("#play")).to_have_text(re.compile("Pause"))
    page.wait_for_function("() => Number(document.getElementById('day').textContent.slice(4)) >= 15")
    picture(page, "playing")
    page.locator("#play").click()
    settled(page)
    stopped = day(page)
    page.wait_for_timeout(600)
    assert day(page) == stopped
    steps(page, 2)
    assert day(page) == stopped + 2
    page.locator("body").click(position={"x": 640, "y": 2})
    page.keyboard.press("Space")
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#telling")).to_contain_text("Day")


@pytest.mark.parametrize("speed", ["25", "fastest"])
def test_faster_is_faster_and_misses_no_day(visit: Callable[..., Page], speed: str) -> None:
    page = visit()
    page.locator("#speed").select_option(speed)
    play(page, 120)
    days = page.evaluate(
        "() => new Promise(resolve => requestAnimationFrame(() => resolve(document.getElementById('day').textContent)))"
    )
    table = numbers(page)
    assert days == f"Day {day(page)}"
    assert table == computed(day(page), 1)


def test_what_it_shows_is_what_simsvc_run_computes(visit: Callable[..., Page], picture: Any) -> None:
    page = visit()
    page.locator("#seed").fill("11")
    page.locator("#reset").click()
    expect(page.locator("#telling")).to_contain_text("new run")
    play(page, 60)
    days = day(page)
    assert numbers(page) == computed(days, 11)
    charts = ("well_run_hierarchy", "inverted")
    rows = [simsvc.run("classroom", 11, structure=chart, days=days).rows for chart in charts]
    picture(page, "numbers")
    for series in USUAL:
        for side, mine in zip("ab", rows, strict=True):
            text = page.locator(f"#chart-{series.metric} .now .{side}").inner_text()
            value = series.value(mine)
            assert value is not None
            assert float(text[2:].replace(",", "")) == pytest.approx(value, abs=0.51 * 10**-series.decimals)


def test_cases_climb_and_come_back(visit: Callable[..., Page]) -> None:
    page = visit(allowed="willReadFrequently")  # the browser notes that this test looks often
    assert page.evaluate(TOKENS) == [0, 0]
    page.locator("#step").click()
    page.wait_for_function(f"() => ({TOKENS})()[0] > 50")  # boxes on their way up
    page.wait_for_function(f"() => ({TOKENS})()[1] > 50")  # answers on their way back
    page.wait_for_function(f"() => ({TOKENS})().every((pixels) => pixels === 0)")


def test_drawing_is_capped(visit: Callable[..., Page]) -> None:
    page = visit()
    page.evaluate(
        "() => { window.drawn = 0; const clear = CanvasRenderingContext2D.prototype.clearRect;"
        " CanvasRenderingContext2D.prototype.clearRect = function (...box) {"
        " if (this.canvas.closest('#a')) drawn += 1; return clear.apply(this, box); }; }"
    )
    page.locator("#play").click()
    page.wait_for_timeout(1000)
    drawn = page.evaluate(
        "() => { const [first, begun] = [drawn, performance.now()]; return new Promise(resolve => setTimeout(() =>"
        " resolve((drawn - first) * 1000 / (performance.now() - begun)), 3000)); }"
    )
    assert 1 < drawn < 36


# -- turning --------------------------------------------------------------------------------------


def test_one_chart_turns_tier_after_tier_while_it_runs(visit: Callable[..., Page], picture: Any) -> None:
    page = visit()
    play(page, 10)
    other = tier_heights(page, "b")
    page.locator("#play").click()
    page.evaluate(FILM)
    page.locator("#flip-a").click()
    page.wait_for_function("() => film.at(-1)[0] > film[0][0] + 60")
    picture(page, "turning")
    expect(page.locator("#a svg:not(.turning)")).to_be_visible()
    page.locator("#play").click()
    settled(page)
    film = page.evaluate("() => film")  # heights of director, managers, front line, customers
    moved = [next(k for k, shot in enumerate(film) if abs(shot[tier] - film[0][tier]) > 10) for tier in range(4)]
    assert moved == sorted(moved), "from the top tier down"
    assert moved[0] < moved[3], "the director goes first, customers go last"
    assert len({shot[0] for shot in film}) > 5, "a motion, not a jump"
    after = tier_heights(page, "a")
    assert after["Director"] > after["Team managers"] > after["Front line"] > after["Customers"]
    assert tier_heights(page, "b") == pytest.approx(other, abs=2)
    expect(page.locator("#name-a")).to_have_text(re.compile("inverted"))
    page.locator("#tab-log").click()
    expect(page.locator("#log")).to_contain_text("You turned the chart of A after day")
    page.locator("#tab-settings").click()
    expect(page.locator("[id='set-a-structure.latitude']")).to_have_value("0.7")


def test_with_reduced_motion_the_chart_turns_at_once_and_nothing_flies(visit: Callable[..., Page]) -> None:
    page = visit(reduced_motion="reduce", allowed="willReadFrequently")
    page.locator("#step").click()
    expect(page.locator("#day")).to_have_text("Day 1")
    page.wait_for_function(f"() => ({TOKENS})()[1] > 50")  # answers lie beside the desks
    still = page.evaluate(TOKENS)
    for _ in range(10):
        assert page.evaluate(TOKENS) == still
        page.wait_for_timeout(50)
    page.evaluate(FILM)
    page.locator("#flip-a").click()
    page.wait_for_function("() => film.at(-1)[0] > film.at(-1)[3]")
    page.wait_for_timeout(500)
    assert page.evaluate("() => new Set(film.map((heights) => heights[0])).size") == 2, (
        "before and after, nothing between"
    )


# -- changing -------------------------------------------------------------------------------------


def test_sliders_act_at_once_in_running_organisations(visit: Callable[..., Page]) -> None:
    page = visit()
    steps(page, 3)
    set_slider(page, "demand.contacts_per_year", 40)
    expect(page.locator("#telling")).to_contain_text("You changed both organisations, after day 3: Demand: 40 instead")
    page.locator("#side-b").check()
    set_slider(page, "structure.frontline_limit", 0)
    expect(page.locator("#telling")).to_contain_text("You changed B, after day 3: Front line may pay: 0 instead of 150")
    play(page, 40)
    days = day(page)
    change = {"day": 3, "set": {"demand.contacts_per_year": 40.0}}
    own = {"day": 3, "set": {"structure.frontline_limit": 0.0}}
    classroom = simsvc.load_scenario("classroom").model_dump()
    plans = [
        simsvc.Scenario.model_validate({**classroom, "timeline": timeline}) for timeline in ([change], [change, own])
    ]
    a, b = computed(days, 1, scenario=plans[0]), computed(days, 1, scenario=plans[1])
    assert numbers(page) == {name: (a[name][0], b[name][1]) for name in METRICS}


def test_the_frame_of_a_chosen_slider_touches_no_text(visit: Callable[..., Page]) -> None:
    page = visit()
    page.locator("#scenario").focus()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("() => document.activeElement.id") == "set-both-demand.failure_share":
            break
    outline, above, below = page.evaluate(
        "() => { const [one, style] = [document.activeElement, getComputedStyle(document.activeElement)];"
        " const box = (what) => what.getBoundingClientRect();"
        " const label = document.querySelector(`label[for='${one.id}']`);"
        " return [parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset),"
        " box(one).top - box(label).bottom, box(one.nextElementSibling).top - box(one).bottom]; }"
    )
    assert outline <= min(above, below) + 0.5


def test_a_lever_that_does_not_fit_is_refused_in_words(visit: Callable[..., Page]) -> None:
    page = visit(allowed="400")
    page.locator("#more-levers summary").click()
    set_slider(page, "structure.share_control", 0.8)
    expect(page.locator("#settings [role='alert']")).to_contain_text("managers have only one day a day")
    expect(page.locator("[id='set-a-structure.share_control']")).to_have_value("0.1")


def test_what_acts_when_is_said_on_screen(visit: Callable[..., Page]) -> None:
    page = visit()
    said = {
        group.locator("legend").inner_text(): group.locator(".when-acts strong").inner_text()
        for group in page.locator("#settings fieldset").all()
    }
    assert said == {
        "Both organisations": "Acts at once",
        "One organisation’s levers": "Acts at once",
        "New run": "Needs a reset.",
    }


def test_a_seed_that_is_none_is_said_and_the_run_stays(visit: Callable[..., Page]) -> None:
    page = visit()
    steps(page, 1)
    for odd in ("", "-3", "1.5", "9007199254740993"):
        page.locator("#seed").fill(odd)
        page.locator("#reset").click()
        expect(page.locator("#telling")).to_contain_text("Not reset: the seed should be a whole number from 0 to")
        expect(page.locator("#seed")).to_have_value("1")
        page.locator("#telling").evaluate("line => { line.textContent = ''; }")
    steps(page, 1)
    assert day(page) == 2


def test_only_of_a_run_as_it_is_the_numbers_are_those_of_simsvc_run(visit: Callable[..., Page]) -> None:
    page = visit()
    for what in ("", "#flip-a"):
        if what:
            page.locator(what).click()
        steps(page, 1)
        page.locator("#tab-numbers").click()
        expect(page.locator("#numbers h2")).to_have_text(f"After {day(page)} days")
        assert ("What simsvc run prints" in page.locator("#numbers").inner_text()) == (not what)


def test_reset_begins_anew_with_changed_settings(visit: Callable[..., Page]) -> None:
    page = visit()
    steps(page, 2)
    page.locator("#structure-b").select_option("flat")
    set_slider(page, "workforce.frontline", 12)
    set_slider(page, "demand.idiosyncrasy", 0.6)
    page.locator("#seed").fill("4")
    page.locator("#reset-here").click()
    expect(page.locator("#day")).to_have_text("Day 0")
    expect(page.locator("#name-b")).to_have_text(re.compile("flat"))
    names = page.locator("#b .tier-name").evaluate_all("all => all.map(one => one.textContent).filter(Boolean)")
    assert sorted(names) == ["Customers", "Front line", "Managers"]
    assert page.locator("#a .face").count() == 12 + 3
    expect(page.locator("[id='set-both-demand.idiosyncrasy']")).to_have_value("0.6")
    play(page, 20)
    changed = simsvc.load_scenario("classroom", {"workforce.frontline": 12, "demand.idiosyncrasy": 0.6})
    assert numbers(page) == computed(day(page), 4, b="flat", scenario=changed)
    page.locator("#tab-settings").click()
    page.locator("#forget").click()
    expect(page.locator("#day")).to_have_text("Day 0")
    expect(page.locator("[id='set-both-demand.idiosyncrasy']")).to_have_value("0.3")
    assert page.locator("#a .face").count() == 8 + 3


def test_another_scenario_with_other_tiers(visit: Callable[..., Page], picture: Any) -> None:
    page = visit()
    page.locator("#scenario").select_option("hospital_ward")
    page.locator("#reset-here").click()
    expect(page.locator("#a .face")).to_have_count(12 + 2 + 1 + 1)
    up = tier_heights(page, "a")
    assert up["Executive"] < up["Director"] < up["Team managers"] < up["Nurses"] < up["Patients"]
    play(page, 5)
    picture(page, "hospital_ward")
