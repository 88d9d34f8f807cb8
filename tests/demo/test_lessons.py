"""Lessons: files that a lecturer can copy and change, and that promise nothing the model does not show."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from simsvc.demo.controls import controls
from simsvc.demo.handout import handout
from simsvc.demo.lessons import MOST_CHARTS, as_page, built_in_lessons, load_lesson, rendered
from simsvc.demo.series import LABELS
from simsvc.demo.session import Beginning, Session
from simsvc.demo.trying import try_lesson
from simsvc.errors import InputError
from simsvc.evidence.claims import claims
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.words import words_of

GOOD = '''+++
title = "A lesson"
question = "What happens?"

[[steps]]
title = "One"
text = """
Look *here*.
"""
questions = ["Why?"]
run = 20

[[steps]]
title = "Two"
text = "And here."
run = 20
b = { "structure.latitude" = 0.9 }
expect = [{ metric = "escalation_rate", is = "lower" }]
+++
Notes.
'''
SAID = {
    "satisfaction": "(satisf|please|notice|changes for customers)",
    "loyalty": "loyal",
    "morale": "(morale|staff)",
    "retention": "retention",
    "profit": "(profit|earn|owner)",
    "mean_wait": "wait(s|ing)?\\b(?<!give up waiting)",
    "abandonment": "give up",
    "escalation_rate": "passed up",
    "grant_cost": "(remedies|grants)",
    "causes_open": "broken",
}
"""How questions speak of metrics."""


def test_there_are_lessons_enough_for_a_course() -> None:
    assert len(built_in_lessons()) >= 6


@pytest.mark.parametrize("name", built_in_lessons())
def test_what_a_lesson_says_to_expect_comes_about(name: str) -> None:
    lesson, folder = load_lesson(name)
    outcomes = try_lesson(lesson, folder, seeds=range(101, 107))
    assert len(outcomes) >= len(lesson.steps)
    failed = [outcome.text() for outcome in outcomes if not outcome.holds]
    assert not failed


@pytest.mark.parametrize("name", built_in_lessons())
def test_every_lesson_has_questions_notes_and_known_claims(name: str) -> None:
    lesson, _ = load_lesson(name)
    known = {claim.number for claim in claims()}
    assert set(lesson.claims) <= known
    assert lesson.claims
    assert all(step.questions for step in lesson.steps)
    for number in range(1, len(lesson.steps) + 1):
        if lesson.steps[number - 1].expect:
            assert f"**Step {number}.**" in lesson.notes


@pytest.mark.parametrize("name", built_in_lessons())
def test_what_a_step_asks_for_or_expects_is_in_its_charts(name: str) -> None:
    lesson, _ = load_lesson(name)
    for number, step in enumerate(lesson.steps):
        said = " ".join(step.questions)
        asked = {metric for metric, how in SAID.items() if re.search(rf"\b{how}", said, re.IGNORECASE)}
        shown = lesson.charts(number)
        assert asked | {*step.charts} | {one.metric for one in step.expect} <= {*shown}, step.title
        assert 3 <= len(shown) <= MOST_CHARTS


@pytest.mark.parametrize("name", built_in_lessons())
def test_a_handout_asks_for_what_the_page_tells_and_keeps_the_answers_to_itself(name: str) -> None:
    lesson, folder = load_lesson(name)
    sheets = unescape(handout(name, lesson, folder))
    rows = re.findall(r"<tr><td>(.*?)</td>", sheets)
    wanted = [one for step in lesson.steps for one in step.expect or [None] * 3]
    assert len(rows) == len(wanted)
    for row, one in zip(rows, wanted, strict=True):
        if one:
            assert row.startswith(words_of(lesson.scenario).put(LABELS[one.metric]))
            against = "" if one.of == "b-a" else f": {one.of.upper()} against the step before"
            assert row.endswith(against)
            assert bool(against) == ("against" in row)
    assert all(step.title in sheets for step in lesson.steps)
    assert unescape(rendered(lesson.notes))[:80] not in sheets


def test_the_documentation_lists_every_lesson() -> None:
    page = (Path(__file__).parents[2] / "docs" / "teaching.md").read_text(encoding="utf-8")
    for name in built_in_lessons():
        assert f"`{name}`" in page


def test_a_copy_of_a_lesson_can_be_changed(tmp_path: Path) -> None:
    file = tmp_path / "mine.md"
    file.write_text(GOOD, encoding="utf-8")
    lesson, folder = load_lesson(str(file))
    assert (lesson.title, folder) == ("A lesson", tmp_path)
    page = as_page("mine", lesson)
    assert page["steps"][0]["html"] == "<p>Look <em>here</em>.</p>\n"
    assert [step["restart"] for step in page["steps"]] == [True, False]
    assert page["notes"] == "<p>Notes.</p>\n"


def test_a_step_opened_by_itself_is_the_step_that_one_comes_to(tmp_path: Path) -> None:
    file = tmp_path / "mine.md"
    file.write_text(GOOD, encoding="utf-8")
    lesson, _ = load_lesson(str(file))
    classroom = load_scenario("classroom")
    walked, opened = (Session(Beginning("classroom", classroom, ("flat", "flat"), 9)) for _ in range(2))
    walked.open_step(lesson, 0, classroom)
    assert walked.beginning.structures == ("traditional", "inverted")
    walked.step(20)
    assert walked.taken == {0}
    for session in (walked, opened):
        session.open_step(lesson, 1, classroom)
        assert session.day == 20
        assert session.taken == {0}
        assert session.values()["b"]["structure.latitude"] == 0.9
    frames = [session.step(20) for session in (walked, opened)]
    for part in ("points", "lesson"):
        assert frames[0][part] == frames[1][part]
    opened.open_step(lesson, 1, classroom, 4, {}, {"a": {"structure.latitude": 0.5}})  # a reset with another seed
    assert opened.values()["a"]["structure.latitude"] == 0.5
    assert opened.frame()["lesson"]["changed"] == [
        "seed 4 instead of 1",
        "A: Freedom of the front line 0.5 instead of 0.15",
    ]
    opened.open_step(lesson, 0, classroom)
    assert (opened.day, opened.beginning.seed) == (0, 4), "steps of a lesson keep the luck that the class has chosen"
    opened.open_step(lesson, 0, classroom, lesson.seed)  # as the list of lessons opens it
    assert opened.beginning.seed == 1


def test_a_step_that_changes_nothing_says_that_it_goes_on() -> None:
    lesson, _ = load_lesson("smile_training")
    classroom = load_scenario("classroom")
    session = Session(Beginning("classroom", classroom, ("flat", "flat"), 9))
    assert session.open_step(lesson, 0, classroom) == "Step 1: a new run begins."
    assert session.open_step(lesson, 1, classroom) == "Step 2: the two organisations go on."
    assert [step["changes"] for step in as_page("smile_training", lesson)["steps"]][1] is False


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "by cost alone"), (1.0, "by customers alone"), (0.25, "25 % by customers, the rest by cost")],
)
def test_what_lies_between_two_things_is_said_in_words(value: float, said: str) -> None:
    control = controls(load_scenario("classroom"))["structure.kpi"]
    assert control.text(value) == said
    assert control.describe(value)["label"] == "Managers steer by cost (0) or by customers (1)"


def test_a_scenario_file_of_a_lesson_stands_beside_it(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text('base = "classroom"\n[workforce]\nfrontline = 6\n', encoding="utf-8")
    file = tmp_path / "mine.md"
    file.write_text(GOOD.replace("\n[[steps]]", 'scenario = "shop.toml"\n[[steps]]', 1), encoding="utf-8")
    assert load_lesson(str(file))[0].scenario == "shop.toml"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("+++\ntitle", "title", "mine.md: a lesson begins with a line +++"),
        ("run = 20", "run = ", "mine.md, line 11: not valid TOML"),
        ("run = 20", "run = 0", "mine.md, line 11: step 1: run = 0: should be greater than or equal to 1"),
        ("run = 20", "runs = 20", "mine.md, line 11: step 1: there is no 'runs'; did you mean 'run'?"),
        ('title = "A lesson"\n', "", "mine.md: 'title' is missing"),
        ('title = "Two"\n', "", "step 2: 'title' is missing"),
        ("escalation_rate", "escalations", "metric = 'escalations': there is no such metric; did you mean"),
        ('"lower"', '"smaller"', "should be 'higher' or 'lower'"),
        ("structure.latitude", "demand.idiosyncrasy", "one organisation alone can have levers"),
        ("structure.latitude", "structure.latitud", "did you mean 'structure.latitude'?"),
        ("= 0.9", "= 1.9", "out of range"),
        ("b = {", 'structures = ["flat", "flatt"]\nb = {', "there is no structure 'flatt'; did you mean 'flat'?"),
        ("b = {", 'settings = { "workforce.frontline" = 9 }\nb = {', "add restart = true to the step"),
        ("b = {", 'only = "queueing"\nb = {', "needs a new run"),
        ('title = "A lesson"', 'title = "A lesson"\nscenario = "moon"', "there is no such file"),
        ('title = "A lesson"', 'title = "A lesson"\nnotes = "x"', "notes stand below the second line +++"),
    ],
)
def test_what_is_wrong_in_a_lesson_is_said_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    file = tmp_path / "mine.md"
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_lesson(str(file))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_expectation_that_does_not_come_about_is_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.md"
    file.write_text(GOOD.replace('"lower"', '"higher"'), encoding="utf-8")
    (outcome,) = try_lesson(*load_lesson(str(file)), seeds=range(1, 4))
    assert not outcome.holds
    assert "DOES NOT HOLD" in outcome.text()


def test_texts_of_lessons_bring_no_markup_no_pictures_and_no_links() -> None:
    text = rendered(
        "<script>alert(1)</script>\n\n![x](http://example.org/x.png) [y](http://example.org) <http://example.org>\n\n"
        "<img src=x onerror=alert(1)> **bold** `code`\n\n| a |\n|---|\n| b |\n"
    )
    assert set(re.findall(r"<(\w+)", text)) == {"p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td"}
    assert "&lt;script&gt;" in text
