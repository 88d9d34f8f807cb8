"""The teaching page without a browser: what it shows is what the model did."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import simsvc
from simsvc.demo.climbing import Climbers, approvers, asker
from simsvc.demo.controls import turned_share
from simsvc.demo.crowd import EMPTY, MOST, Crowd
from simsvc.demo.names import People
from simsvc.demo.narrator import Narrator
from simsvc.demo.running import RunningOrganisation
from simsvc.demo.series import SERIES, shown
from simsvc.demo.session import SIDES, Beginning, Session
from simsvc.demo.stories import in_plain_words
from simsvc.demo.telling import Telling
from simsvc.organization import ServiceOrganization
from simsvc.runs.metrics import METRICS
from simsvc.scenario.loading import load_scenario, load_structure, presets, structures
from simsvc.scenario.words import words_of
from simsvc.tracing.moments import Subject
from simsvc.tracing.watching import Watch

CLASSROOM = load_scenario("classroom")
CHARTS = ("traditional", "inverted")
LOCAL = "http://127.0.0.1:8410"


def session(seed: int = 1, charts: tuple[str, str] = CHARTS, **settings: Any) -> Session:
    return Session(Beginning("classroom", CLASSROOM, charts, seed, settings))


# -- the page shows what the model did ------------------------------------------------------------


def test_the_numbers_are_those_of_simsvc_run() -> None:
    mine = session(seed=5)
    for _ in range(6):
        mine.step(20)
    rows = {row["name"]: row for row in mine.numbers()}
    assert rows.keys() == METRICS.keys()
    for side, structure in zip(SIDES, CHARTS, strict=True):
        summary = simsvc.run("classroom", 5, structure=structure, days=120).summary
        assert {name: row[side] for name, row in rows.items()} == {
            name: shown(name, value) for name, value in summary.items()
        }


def test_the_charts_show_the_days_of_simsvc_run() -> None:
    frame = session(seed=5).step(25)
    for side, structure in enumerate(CHARTS):
        rows = simsvc.run("classroom", 5, structure=structure, days=25).rows
        for day, *values in frame["points"]:
            mine = values[side * len(SERIES) :][: len(SERIES)]
            assert mine[2] == round(100 * rows["satisfaction"][day - 1], 2)
            assert mine == [series.value(rows[:day]) for series in SERIES]


def test_changes_on_the_page_are_those_of_a_timeline() -> None:
    mine = session(seed=3)
    mine.step(20)
    mine.change("both", {"demand.contacts_per_year": 30.0})
    mine.change("a", {"structure.latitude": 0.5})
    mine.step(10)
    mine.flip("a")
    mine.step(20)
    timeline = [
        {"day": 20, "set": {"demand.contacts_per_year": 30.0, "structure.latitude": 0.5}},
        {"day": 30, "structure": "inverted", "factors": ["power"]},
    ]
    planned = simsvc.Scenario.model_validate({**CLASSROOM.model_dump(), "timeline": timeline})
    assert mine.sides["a"].days.tobytes() == simsvc.run(planned, 3, structure="traditional", days=50).rows.tobytes()


def test_both_organisations_have_the_same_people_and_the_same_luck() -> None:
    twins = session(charts=("traditional", "traditional"))
    frame = twins.step(25)
    assert frame["sides"]["a"] == frame["sides"]["b"]
    assert frame["points"][-1][1 : len(SERIES) + 1] == frame["points"][-1][len(SERIES) + 1 :]


@pytest.mark.parametrize(("kind", "number"), [("customer", 17), ("staff", 3), ("manager", 0), ("manager", 2)])
def test_following_somebody_changes_nothing_and_tells_what_a_trace_tells(kind: str, number: int) -> None:
    alone, followed = (RunningOrganisation(CLASSROOM, "traditional", {}, 2) for _ in range(2))
    for organisation in (alone, followed):
        for day in range(70):
            if day == 30:
                organisation.change({"demand.idiosyncrasy": 0.6})
            if day == 65:
                organisation.take_over("inverted")
            organisation.step()
    followed.follow(kind, number)  # type: ignore[arg-type]
    for organisation in (alone, followed):
        organisation.step()
    assert alone.days.tobytes() == followed.days.tobytes()
    assert alone.picture() == followed.picture()
    planned = CLASSROOM.model_dump() | {
        "timeline": [{"day": 30, "set": {"demand.idiosyncrasy": 0.6}}, {"day": 65, "structure": "inverted"}]
    }
    model = ServiceOrganization(simsvc.Scenario.model_validate(planned), structure="traditional", rng=2)
    person = {"customer": model.customers, "staff": model.frontline, "manager": model.managers}[kind][number]
    model.advance(71)
    told = [one.moments for one in (followed.story("classroom"), model.trace(person))]
    since = followed.followed_since
    assert since == (50 if kind == "staff" else 0)
    texts = [[str(one) for one in moments if one.day >= since and one.kind != "start"] for moments in told]
    assert texts[0] == texts[1]
    assert len(texts[0]) > 0


def test_a_story_can_be_told_from_the_first_day() -> None:
    organisation = RunningOrganisation(CLASSROOM, "traditional", {}, 1)
    for _ in range(80):
        organisation.step()
    organisation.follow("staff", 1)
    assert organisation.followed_since == 60
    organisation.follow("staff", 1, whole=True)
    assert organisation.followed_since == 0
    assert organisation.story("classroom").moments[0].day == 0


def test_cases_that_climbed_are_those_the_day_counts() -> None:
    organisation = RunningOrganisation(CLASSROOM, "traditional", {}, 1)
    seen = 0
    for _ in range(30):
        organisation.step()
        rows = organisation.climbers.rows
        ended = organisation.model.state.ended[: organisation.model.state.organisation["ended"][0]]
        assert len(rows) <= len(ended)
        seen += len(rows)
        for case in rows:
            levels = organisation.model.state.managers["level"][approvers(case)]
            assert levels.tolist() == list(range(1, int(case["level"]) + 1))
            assert 0 <= asker(case) < 8
    days = organisation.days  # some are still under way, some hung up before anybody decided
    asked = days["asked"].sum()
    assert 0.8 * (asked - days["hung_up"].sum()) < seen <= asked + days["escalated_1"].sum()


def test_looking_at_climbers_changes_nothing() -> None:
    plain, seen = (ServiceOrganization(CLASSROOM, rng=4) for _ in range(2))
    Climbers(seen)
    plain.advance(40)
    seen.advance(40)
    assert plain.days.equals(seen.days)


# -- who is drawn ---------------------------------------------------------------------------------


def test_one_dot_stands_for_as_many_customers_as_it_says() -> None:
    model = ServiceOrganization(CLASSROOM, structure="inverted", rng=1)
    crowd = Crowd(model.state.customers)
    assert crowd.each == 6
    for _ in range(20):
        model.advance(20)
        before = crowd.seats.copy()
        left = crowd.follow(model.state.customers)
        there = np.flatnonzero(model.state.customers["since"] >= 0)
        drawn = crowd.seats[crowd.seats != EMPTY]
        assert len(drawn) == min(-(-len(there) // crowd.each), MOST)
        assert len(set(drawn)) == len(drawn)
        assert set(drawn) <= set(there)
        stayed = (crowd.seats == before) & (before != EMPTY)
        assert not stayed[left].any() or model.state.customers["spell"][before[left]].max() > 1
    assert len(crowd.moods(model.state.customers)) <= MOST


def test_a_firm_without_customers_is_an_empty_place() -> None:
    model = ServiceOrganization(load_scenario("classroom", {"market.customers": 0}), rng=1)
    crowd = Crowd(model.state.customers)
    assert crowd.follow(model.state.customers) == []
    assert crowd.moods(model.state.customers) == []


@pytest.mark.parametrize("name", structures())
def test_a_chart_is_turned_between_the_two_ends(name: str) -> None:
    share = turned_share(load_structure(name))
    ends = {"traditional": 0.0, "well_run_hierarchy": 0.0, "only_voice": 0.0, "power_only": 1.0, "inverted": 1.0}
    assert share == ends.get(name, share)
    assert 0.0 <= share <= 1.0


# -- what just happened and why -------------------------------------------------------------------


def test_the_narrator_says_what_the_days_hold() -> None:
    a, b = (RunningOrganisation(CLASSROOM, chart, {}, 1) for chart in CHARTS)
    narrator = Narrator(a, b)
    told = []
    for _ in range(300):
        before = {side: one.model.state.staff["present"].copy() for side, one in (("A", a), ("B", b))}
        a.step()
        b.step()
        note = narrator.evening()
        if note is None:
            continue
        told.append(note)
        one = {"A": a, "B": b}.get(note.side)
        if note.kind == "queue":
            assert one is not None
            waited, usual = (int(n) for n in re.findall(r"waited (\d+) .* usually (\d+)", note.text)[0])
            today = one.days[-1]
            assert waited == round(today["wait"] / (today["calls_judged"] + today["abandoned"]))
            assert waited > usual
            if "contacts came instead of about" in note.text:
                assert f"{today['contacts']:.0f} contacts came" in note.text
                assert today["contacts"] > one.days["contacts"][-21:-1].mean()
        if note.kind == "quit":
            assert one is not None
            (name,) = re.findall(r": (\w+ \w+) has left", note.text)
            left = np.flatnonzero((before[note.side] == 1) & (one.model.state.staff["present"] == 0))
            assert name in [People(one.model).staff(j) for j in left]
        if note.kind == "grave":
            assert one is not None
            assert one.days[-1]["grave_errors"] > 0
        if note.kind == "climber":
            assert one is not None
            (name,) = re.findall(r"case of (\w+ \w+):", note.text)
            assert name in [People(one.model).customer(number) for number in one.climbers.rows["customer"]]
    kinds = {note.kind for note in told}
    assert {"queue", "climber", "review", "grave"} <= kinds
    assert len(told) >= 300 / 20
    for kind, side in {(note.kind, note.side) for note in told}:
        days = [note.day for note in told if (note.kind, note.side) == (kind, side)]
        assert min(np.diff(days), default=99) >= 15


def test_limits_that_are_tightened_are_told_with_what_they_have_become() -> None:
    settings = {"structure.ratchet": 1.0, "structure.generosity": 0.5, "structure.frontline_limit": 200.0}
    a, b = (RunningOrganisation(CLASSROOM, "traditional", settings, 1) for _ in range(2))
    narrator = Narrator(a, b)
    texts = []
    for _ in range(200):
        a.step()
        b.step()
        note = narrator.evening()
        if note is not None and note.kind == "policy":
            texts.append(note.text)
    (tightness,) = re.findall(r"(\d+) % tighter", texts[0])
    (limit,) = re.findall(r"may now pay (\d+)", texts[0])
    assert int(tightness) == 10
    assert int(limit) < 200


# -- in the words of each organisation ------------------------------------------------------------


@pytest.mark.parametrize("name", presets())
def test_every_organisation_has_words_of_its_own_and_no_callers(name: str) -> None:
    words = words_of(name)
    mine = Session(Beginning(name, load_scenario(name), ("traditional", "inverted"), 1))
    frame = mine.step(25)
    said = [*frame["notes"], *(str(one) for part in ("series", "controls") for one in mine.describe()[part])]
    texts = " ".join(re.sub(r"'(name|setting)': '[^']*'", "", text) for text in said)
    assert frame["notes"]
    assert not re.search(r"\bcaller|escalation|climb", texts, re.IGNORECASE)
    for usual, own in (("customer", words.customer), ("front line", words.frontline)):
        assert own in texts.lower()
        assert own == usual or usual not in texts.lower()
    assert words.phone or "called back" not in texts


def test_people_are_called_the_same_in_both_organisations() -> None:
    mine = session()
    names = [People(one.model) for one in mine.sides.values()]
    assert names[0].now() == names[1].now()
    assert len({names[0].customer(number) for number in range(2491)}) == 2491
    assert names[0].staff(3, 0) != names[0].staff(3, 1)


def test_every_outcome_of_a_story_has_a_reason() -> None:
    organisation = RunningOrganisation(CLASSROOM, "traditional", {}, 1)
    watch, subjects = Watch(organisation.model), [Subject("customer", number) for number in range(40)]
    for subject in subjects:
        watch.add(subject)
    for _ in range(60):
        organisation.step()
    telling, granted = Telling(People(organisation.model), words_of("classroom")), 0
    for moment in (moment for subject in subjects for moment in watch.moments(subject)):
        text, numbers = telling.tell(moment)
        assert text.endswith(".")
        assert not re.search(r"nan|None|\{|  |-0\.0|[^.]0\.\d\d", f"{text} {numbers}"), text
        if moment.kind == "contact" and moment.facts["outcome"] == "unsettled":
            assert re.search(r"grave error|it was refused|of 100 such tries \d+ work", text), text
            granted += "Granted, yet not settled" in text
    assert granted


def test_a_conclusion_is_in_plain_words_and_its_days_are_those_of_the_page() -> None:
    said = "In all: 3 contacts (1 settled, 1 abandoned, 1 silent); 1,053 paid; left on day 49; loyalty 0.44 -> 0.48."
    assert in_plain_words(said) == (
        "In all: 3 contacts (1 settled, 1 given up, 1 never complained of); 1,053 in money paid; left on day 50; "
        "loyalty 44 → 48."
    )


def test_a_case_to_follow_is_one_that_only_one_chart_passes_up() -> None:
    case = session().first_case()
    assert case is not None
    told = {side: " ".join(step["text"] for step in case["steps"] if step["side"] == side) for side in SIDES}
    assert "Passed up." in told["a"]
    assert "Passed up" not in told["b"]
    order = "".join(step["side"][0] for step in case["steps"])
    assert re.fullmatch("baa+bb+", order), "what both meet, then A, then B, then both in the end"
    alike = session(charts=("flat", "flat"))
    assert alike.first_case() is None
    assert alike.frame()["sides"]["a"]["flat"]
