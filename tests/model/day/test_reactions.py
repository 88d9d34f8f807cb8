"""What a contact does to those who met, and to those they tell, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tiny import FAILURES, organisation, run, today

from simsvc.model.rows import (
    ABANDONED,
    AWAY,
    FAILURE,
    FREE,
    NOBODY,
    REQUEST,
    RESOLVED,
    ROUTINE,
    SILENT_LOSS,
    TURNED_AWAY,
    UNRESOLVED,
)
from simsvc.model.rules import loyalty
from simsvc.organization import ServiceOrganization

NO_ONE_REACTS = {f"rules.{name}": 0.0 for name in ("incidents", "leaving", "spending", "repeat_contacts")}


def met(model: ServiceOrganization, **fields: Any) -> Any:
    """A contact of customer 0 with the desk that has ended today; returns its case."""
    state = model.state
    organisation_ = state.organisation
    row = int(organisation_["free_case"][0])
    case = state.cases[row]
    organisation_["free_case"], organisation_["open_cases"] = case["next"], organisation_["open_cases"] + 1
    usual = dict(customer=0, spell=state.customers["spell"][0], day=model.day, number=0, outcome=RESOLVED, kind=ROUTINE,
                 department=0, owner=0, cause=NOBODY, legitimate=1, granted=1, attempts=1, plan=0, staff=0,
                 manager=NOBODY, stage=7, quality=0.8, fit=0.6, courtesy=0.7)  # fmt: skip
    for name, value in {**usual, **fields}.items():
        case[name] = value
    k = int(organisation_["ended"][0])
    state.ended[k] = row
    organisation_["ended"] = k + 1
    return case


def test_a_customer_judges_outcome_procedure_and_manner() -> None:
    model = organisation({**NO_ONE_REACTS, "structure.latitude": 0.4, "structure.clarity": 0.7})
    c = model.state.customers[0]
    c["satisfaction"], c["expectation"], c["uncertainty"], c["loyalty"] = 0.7, 0.95, 0.05, 0.5
    case = met(model, kind=FAILURE, remedy=100.0, paid=50.0, waited=15.0, delayed=120.0, attempts=2, reexplained=1.0,
               gesture=0.5)  # fmt: skip
    run(model, "reactions")
    outcome = 0.3 * 0.7 + 0.65 * 0.75
    procedure = 1 / (1 + 15 / 30 + 120 / 480 + 0.45 + 0.2) * (1 - 0.2 * (0.4 * 0.5 + 0.5 * 0.3))
    felt = 0.45 * outcome + 0.25 * procedure + 0.3 * 0.7 + 0.06
    experience = felt + 0.3 * (felt - 0.95)
    assert experience < 0.7, "a disappointment: it counts twice"
    assert (case["outcome_felt"], case["procedure_felt"]) == pytest.approx((outcome, procedure))
    assert case["experience"] == pytest.approx(experience)
    satisfaction = 0.7 + 0.5 * (experience - 0.7)
    attitude = 0.5 + 0.07 * (0.5 * satisfaction + 0.5 * (0.35 * outcome + 0.25 * procedure + 0.4 * 0.7) - 0.5)
    assert (c["satisfaction"], c["loyalty"]) == pytest.approx((satisfaction, attitude))
    assert c["expectation"] == pytest.approx(0.95 + 0.25 * (felt - 0.95))
    assert c["uncertainty"] == pytest.approx(0.0415)
    assert case["satisfaction_change"] == pytest.approx(satisfaction - 0.7)
    assert case["loyalty_change"] == pytest.approx(attitude - 0.5)
    assert today(model)["grant_cost"] == 5000
    assert (today(model)["gap_down"], today(model)["moved_down"]) == pytest.approx(
        (0.7 - experience, 0.7 - satisfaction)
    )
    assert (today(model)["gap_up"], today(model)["moved_up"]) == (0.0, 0.0)


@pytest.mark.parametrize("outcome", [ABANDONED, SILENT_LOSS])
def test_who_was_not_served_has_got_next_to_nothing(outcome: int) -> None:
    model = organisation(NO_ONE_REACTS)
    case = met(model, outcome=outcome, staff=NOBODY, attempts=0)
    run(model, "reactions")
    procedure = 1.0 if outcome == ABANDONED else 0.0  # no wait here; who says nothing never gets an answer
    assert (case["outcome_felt"], case["procedure_felt"]) == pytest.approx((0.1, procedure * (1 - 0.2 * 0.8)), abs=1e-5)


def test_the_member_of_staff_feels_how_the_customer_took_it() -> None:
    model = organisation(NO_ONE_REACTS)
    cases = [met(model, courtesy=0.2), met(model, courtesy=0.9)]
    run(model, "reactions")
    assert model.state.staff["judged"][0] == 2
    assert model.state.staff["felt"][0] == pytest.approx(cases[0]["experience"] + cases[1]["experience"])


def test_first_contacts_second_contacts_and_later_ones_are_counted_apart() -> None:
    model = organisation(NO_ONE_REACTS)
    for attempts, callback, outcome in ((1, 0, RESOLVED), (1, 1, RESOLVED), (2, 0, RESOLVED), (3, 0, RESOLVED),
                                        (1, 0, UNRESOLVED), (4, 0, RESOLVED)):  # fmt: skip
        met(model, attempts=attempts, callback=callback, outcome=outcome)
    met(model, outcome=ABANDONED, waited=7.0, staff=NOBODY)
    met(model, outcome=SILENT_LOSS, staff=NOBODY)
    met(model, outcome=RESOLVED, waited=3.0, delayed=20.0, attempts=2)
    run(model, "reactions")
    day = today(model)
    assert (day["first_contact_judged"], day["first_contact_resolved"]) == (3, 1)
    assert (day["judged_1"], day["judged_2"], day["judged_3"], day["calls_judged"]) == (2, 2, 2, 7)
    assert (day["wait"], day["waited_at_all"], day["delay"], day["abandoned"]) == (10.0, 2, 20.0, 1)
    assert (day["resolved"], day["given_up"]) == (6, 3)
    rows = model.state.cases[model.state.ended[:9]]
    judged = rows[[0, 1, 2, 3, 4, 5, 8]]
    assert day["episode"] == pytest.approx(judged["experience"].sum())
    tops = [loyalty.chance_of_top_box(e) for e in judged["experience"]]
    assert day["top_box"] == pytest.approx(sum(tops))
    assert (day["top_1"], day["top_2"], day["top_3"]) == pytest.approx(
        (tops[0] + tops[1], tops[2] + tops[6], tops[3] + tops[5])
    )
    assert model.state.organisation["open_cases"][0] == 0
    assert (rows["stage"] == FREE).all()


@pytest.mark.parametrize("mean", [1.0, 1.5, 2.0, 100.5])
def test_an_unresolved_case_comes_back_after_as_many_days_as_are_set(mean: float) -> None:
    model = organisation({**NO_ONE_REACTS, "rules.repeat_contacts": 1.0, "demand.persistence": 1.0,
                          "demand.return_days": mean})  # fmt: skip
    for number in range(60):
        met(model, outcome=UNRESOLVED, number=number)
    run(model, "reactions")
    rows = model.state.cases[model.state.ended[:60]]
    assert (rows["stage"] == AWAY).all()
    days = [int(row["contact_at"] // 480.0) for row in rows]
    assert min(days) >= 1
    # geometric: four standard errors, seed fixed
    assert np.mean(days) == pytest.approx(mean, abs=4 * (mean * (mean - 1)) ** 0.5 / 60**0.5)
    assert today(model)["talked_bad"] == 0


def test_who_does_not_persist_gives_up() -> None:
    model = organisation({**NO_ONE_REACTS, "rules.repeat_contacts": 1.0, "demand.persistence": 0.0})
    case = met(model, outcome=UNRESOLVED)
    run(model, "reactions")
    assert (case["stage"], today(model)["given_up"]) == (FREE, 1)


def test_who_is_turned_away_comes_back_next_day_and_judges_nothing() -> None:
    model = organisation({**NO_ONE_REACTS, "demand.persistence": 0.0})
    before = model.state.customers[0].copy()
    case = met(model, outcome=TURNED_AWAY, waited=9.0, staff=NOBODY)
    run(model, "reactions")
    day = today(model)
    assert (case["stage"], int(case["contact_at"] // 480.0)) == (AWAY, 1)
    assert (day["turned_away"], day["wait"], day["calls_judged"]) == (1, 0.0, 0)
    assert model.state.customers[0] == before


def test_of_a_customer_who_has_left_nothing_but_the_bill_is_counted() -> None:
    model = organisation(NO_ONE_REACTS)
    case = met(model, spell=99, paid=12.0)
    met(model, spell=99, outcome=ABANDONED, waited=4.0)
    run(model, "reactions")
    day = today(model)
    assert (day["grant_cost"], day["resolved"], day["given_up"], day["abandoned"], day["wait"]) == (1200, 1, 1, 1, 4.0)
    assert (case["stage"], day["calls_judged"]) == (FREE, 0)


def test_people_who_meet_get_to_know_each_other() -> None:
    model = organisation({**NO_ONE_REACTS, "rules.relationship": 1.0, "workforce.frontline": 2})
    c = model.state.customers[0]
    c["known_staff"], c["bond"] = NOBODY, 0.0
    met(model, staff=1)
    model.state.staff["person"][1] = 3
    run(model, "reactions")
    assert (c["known_staff"], c["known_person"], c["bond"]) == (1, 3, pytest.approx(0.1))
    model.state.organisation["ended"] = 0
    met(model, staff=1, familiar=1)
    run(model, "reactions")
    assert c["bond"] == pytest.approx(0.1 + 0.15 * 0.9)
    model.state.organisation["ended"] = 0
    met(model, staff=0, familiar=0)
    run(model, "reactions")
    assert (c["known_staff"], c["bond"]) == (1, pytest.approx(0.235 * 0.85))


@pytest.mark.parametrize("gone", ["left", "replaced"])
def test_a_customer_minds_that_the_one_it_knew_has_gone(gone: str) -> None:
    model = organisation({**NO_ONE_REACTS, "rules.relationship": 1.0, "rules.loyalty": 0.0, "workforce.frontline": 2})
    c = model.state.customers[0]
    c["known_staff"], c["known_person"], c["bond"], c["loyalty"] = 1, 0, 0.4, 0.5
    model.state.staff["present" if gone == "left" else "person"][1] = 0 if gone == "left" else 1
    met(model, staff=0)
    run(model, "reactions")
    assert c["loyalty"] == pytest.approx(0.44)
    assert (c["known_staff"], c["bond"]) == (0, pytest.approx(0.1))


def test_troubles_met_are_reported_answered_and_carried_up_with_losses() -> None:
    loud = {"workforce.managers": 1, "workforce.directors": 1, "workforce.executives": 1, "operations.causes": 2}
    model = organisation({**NO_ONE_REACTS, **loud, "rules.distortion": 1.0, "operations.information_loss": 0.2,
                          "structure.reports_answered": 1.0})  # fmt: skip
    state = model.state
    state.staff["voice"], state.departments["answers"] = 1.0, 1.0
    met(model, cause=1)
    met(model, refused=1, kind=REQUEST)
    met(model)
    run(model, "reactions")
    one, day = state.staff[0], today(model)
    assert (one["reports"], one["reports_answered"], one["judged"]) == (2, 2, 3)
    assert (day["reports"], day["reports_answered"]) == (2, 2)
    assert (state.departments["promised"][0], state.departments["answered"][0]) == (2, 2)
    assert state.told[:, 1] == pytest.approx([0.8, 0.64, 0.512])
    assert (state.told[:, 0] == 0).all()


def test_one_trouble_is_answered_once_a_week_however_many_report_it() -> None:
    model = organisation({**NO_ONE_REACTS, "operations.causes": 2, "structure.reports_answered": 1.0})
    state = model.state
    state.staff["voice"], state.departments["answers"] = 1.0, 1.0
    for _ in range(7):
        met(model, cause=1)
    met(model, cause=0)
    run(model, "reactions")
    assert (state.staff["reports"][0], state.staff["reports_answered"][0]) == (8, 8)
    assert (state.departments["promised"][0], state.departments["answered"][0]) == (2, 2)
    for day, answers in ((4, 0), (5, 1)):
        state.organisation["day"], state.organisation["ended"] = day, 0
        state.departments["promised"], state.departments["answered"], state.staff["reports_answered"] = 0, 0, 0
        met(model, cause=1)
        run(model, "reactions")
        assert (state.departments["promised"][0], state.departments["answered"][0]) == (answers, answers)
        assert state.staff["reports_answered"][0] == 1
    state.organisation["day"], state.organisation["ended"], state.departments["answers"] = 10, 0, 0.0
    state.departments["promised"] = 0
    for _ in range(3):
        met(model, cause=1)
    run(model, "reactions")
    assert (state.departments["promised"][0], state.staff["reports_answered"][0]) == (1, 1), "no time for it today"


def test_without_time_for_answers_none_is_given_and_the_silent_report_nothing() -> None:
    model = organisation({**NO_ONE_REACTS, "structure.reports_answered": 1.0, "operations.causes": 1})
    model.state.staff["voice"], model.state.departments["answers"] = 1.0, 0.0
    met(model, cause=0)
    run(model, "reactions")
    assert (today(model)["reports"], today(model)["reports_answered"]) == (1, 0)
    silent = organisation({**NO_ONE_REACTS, "structure.reports_answered": 1.0, "operations.causes": 1})
    silent.state.staff["voice"] = 0.0
    met(silent, cause=0)
    run(silent, "reactions")
    assert today(silent)["reports"] == 0
    assert (silent.state.told == 0).all()


def test_of_several_managers_of_a_team_one_hears_a_report() -> None:
    model = organisation({**NO_ONE_REACTS, "workforce.managers": 2, "workforce.directors": 1, "operations.causes": 1})
    model.state.staff["voice"] = 1.0
    met(model, cause=0)
    run(model, "reactions")
    assert model.state.told[:, 0] == pytest.approx([0.5, 0.5, 1.0])


def test_only_the_own_managers_hear_of_a_teams_troubles() -> None:
    two = {"workforce.frontline": 2, "workforce.departments": 2, "workforce.managers": 2, "operations.causes": 1}
    model = organisation({**NO_ONE_REACTS, **two})
    model.state.staff["voice"] = 1.0
    met(model, cause=0, staff=0)
    run(model, "reactions")
    assert model.state.told[:, 0] == pytest.approx([1.0, 0.0])


def test_bad_news_travel_twice_as_far_as_good_ones_and_take_half_as_much() -> None:
    told = {"rules.word_of_mouth": 1.0, "market.told_after_good": 2.0, "market.post_share": 0.0, "market.customers": 1}
    for quality, number, appeal, kind in ((1.0, 2, 0.1, "good"), (0.01, 4, -0.055, "bad")):
        model = organisation({**NO_ONE_REACTS, **told})
        state = model.state
        state.join_at[1:] = 5.0
        met(model, quality=quality, fit=quality, courtesy=quality)
        run(model, "reactions")
        assert today(model)[f"told_{kind}"] == number
        assert today(model)[f"talked_{kind}"] == 1
        assert (5.0 - state.join_at[1:]).sum() == pytest.approx(number * appeal)
        assert today(model)["posts"] == 0


def test_friends_who_are_customers_think_a_little_better_or_worse_of_the_firm() -> None:
    told = {"rules.word_of_mouth": 1.0, "market.told_after_good": 1.0, "market.post_share": 0.0}
    model = organisation({**NO_ONE_REACTS, **told, "market.population": 8})
    before = model.state.customers["satisfaction"].copy()
    case = met(model, quality=1.0, fit=1.0, courtesy=1.0)
    run(model, "reactions")
    moved = [k for k in range(1, 8) if model.state.customers["satisfaction"][k] != before[k]]
    (friend,) = moved
    assert friend in model.customers[0].friends
    after = before[friend] + 0.01 * (case["experience"] - before[friend])
    assert model.state.customers["satisfaction"][friend] == pytest.approx(after)
    assert model.state.customers["counted_satisfaction"][friend] == int(after * 1e6 + 0.5), "settled at once"


@pytest.mark.parametrize("customers", [8, 80])
def test_a_post_moves_the_firms_name_the_less_the_more_there_are(customers: int) -> None:
    model = organisation({**NO_ONE_REACTS, "rules.word_of_mouth": 1.0, "market.post_share": 1.0,
                          "market.told_after_good": 0.0, "market.population": 99, "market.customers": customers,
                          "demand.contacts_per_year": 125.0})  # fmt: skip
    case = met(model, quality=1.0, fit=1.0, courtesy=1.0)
    run(model, "reactions")
    assert today(model)["posts"] == 1
    assert model.state.organisation["reputation"][0] == pytest.approx(
        0.75 + (case["experience"] - 0.75) / (4.6 * customers / 2)
    )
    assert (today(model)["told_good"], today(model)["talked_good"]) == (0, 0)


def test_a_large_loss_not_put_right_drives_customers_out_at_once() -> None:
    angry = {"rules.incidents": 3.0, "market.incident_churn": 1.0, "market.large_loss": 100.0}
    model = organisation({**NO_ONE_REACTS, **FAILURES, **angry})
    c = model.state.customers[0]
    met(model, kind=FAILURE, remedy=100.0, outcome=SILENT_LOSS, staff=NOBODY)
    run(model, "reactions")
    assert (c["since"], today(model)["left_incident"], today(model)["left_dissatisfied"]) == (-1, 1, 0)
    claim = organisation({**NO_ONE_REACTS, **FAILURES, **angry})
    met(claim, kind=FAILURE, remedy=100.0, outcome=SILENT_LOSS, staff=NOBODY, legitimate=0)
    run(claim, "reactions")
    assert claim.state.customers["since"][0] == 0, "who had no reason stays"


def test_failures_not_put_right_are_remembered() -> None:
    model = organisation({**NO_ONE_REACTS, **FAILURES})
    for outcome in (RESOLVED, UNRESOLVED, SILENT_LOSS):
        met(model, kind=FAILURE, remedy=10.0, paid=10.0, outcome=outcome)
    met(model, kind=FAILURE, remedy=10.0, outcome=UNRESOLVED, legitimate=0)
    met(model, outcome=UNRESOLVED)
    run(model, "reactions")
    assert model.state.customers["failures"][0] == 2


def test_a_loss_is_noted_of_whom_it_befell() -> None:
    model = organisation({**NO_ONE_REACTS, **FAILURES, "market.large_loss": 100.0})
    model.state.customers["spell"][3] = 2
    met(model, kind=FAILURE, remedy=100.0, customer=3, spell=2)
    run(model, "reactions")
    assert [model.state.losses[name][0] for name in ("customer", "spell")] == [3, 2]


@pytest.mark.parametrize(
    ("settings", "handling"),
    [
        ({}, [0, 1, 1, 2, 3, 3, 3, 3]),
        ({"assumptions.leaving.put_right": 0.05}, [0, 1, 3, 2, 3, 3, 3, 3]),
        ({"assumptions.leaving.fast_days": 0.5}, [0, 1, 1, 2, 2, 3, 3, 3]),
    ],
)
def test_large_losses_are_followed_by_how_they_were_handled(settings: dict[str, float], handling: list[int]) -> None:
    model = organisation({**NO_ONE_REACTS, **FAILURES, "market.large_loss": 100.0, **settings})
    large = dict(kind=FAILURE, remedy=100.0, paid=100.0, first_at=0.0)
    met(model, **large, outcome=SILENT_LOSS)
    met(model, **large, outcome=UNRESOLVED)
    met(model, **{**large, "paid": 0.0}, outcome=RESOLVED)  # settled, but hardly
    met(model, **large, ended_at=481.0)
    met(model, **large, ended_at=480.0)
    met(model, **large, ended_at=10.0, attempts=2)
    met(model, **large, ended_at=10.0, callback=1)
    met(model, **{**large, "remedy": 99.9})
    met(model, **large, legitimate=0)
    met(model, **{**large, "remedy": 5.0, "paid": 5.0})
    run(model, "reactions")
    assert model.state.organisation["losses_noted"][0] == 8
    assert list(model.state.losses["handling"][:8]) == handling
    assert list(model.state.losses["small"][:8]) == [0] * 7 + [1]
    assert list(model.state.losses["customer"][:8]) == [0] * 8
    assert list(model.state.losses["spell"][:8]) == [1] * 8
    assert list(model.state.losses["day"][:8]) == [0] * 8


@pytest.mark.parametrize("remedy", [30.0, 100.0])
def test_saying_nothing_of_a_loss_is_no_better_than_complaining_in_vain(remedy: float) -> None:
    stayed, liked = {}, {}
    for outcome in (SILENT_LOSS, UNRESOLVED):
        angry = {"rules.incidents": 1.0, "market.incident_churn": 1.0, "market.large_loss": 100.0}
        model = organisation({**NO_ONE_REACTS, **FAILURES, **angry, "market.customers": 60, "market.population": 60})
        for number in range(60):
            met(model, customer=number, spell=1, kind=FAILURE, remedy=remedy, outcome=outcome, waited=3.0)
        run(model, "reactions")
        stayed[outcome] = np.mean(model.state.customers["since"] >= 0)
        liked[outcome] = model.state.customers["satisfaction"].mean()
    assert stayed[SILENT_LOSS] < stayed[UNRESOLVED] < 1.0, "small losses matter, too"
    assert liked[SILENT_LOSS] < liked[UNRESOLVED]


def test_the_long_standing_leave_less_over_the_same_incident() -> None:
    angry = {"rules.incidents": 1.0, "rules.tenure": 1.0, "market.incident_churn": 0.5, "market.large_loss": 100.0}
    left = []
    for uncertainty in (0.0266, 0.05):  # of whoever has been there for years, of a newcomer
        model = organisation({**NO_ONE_REACTS, **FAILURES, **angry, "market.customers": 60, "market.population": 60})
        model.state.customers["uncertainty"] = uncertainty
        for number in range(60):
            met(model, customer=number, spell=1, kind=FAILURE, remedy=100.0, outcome=UNRESOLVED, staff=0)
        run(model, "reactions")
        left.append(float(today(model)["left_incident"]))
    assert left[0] < left[1]


def test_what_is_put_right_late_makes_less_good() -> None:
    angry = {"rules.incidents": 1.0, "market.incident_churn": 1.0, "market.large_loss": 100.0, "rules.waiting": 1.0}
    left = []
    for days in (0.0, 3.0, 30.0):
        model = organisation({**NO_ONE_REACTS, **FAILURES, **angry, "market.customers": 60, "market.population": 60})
        for number in range(60):
            met(model, customer=number, spell=1, kind=FAILURE, remedy=100.0, paid=100.0, ended_at=480.0 * days)
        run(model, "reactions")
        left.append(float(today(model)["left_incident"]))
    assert left[0] < left[1] < left[2]


def test_the_ladder_is_a_sample_where_there_is_no_room() -> None:
    model = organisation({**NO_ONE_REACTS, **FAILURES, "market.large_loss": 100.0})
    model.state.organisation["losses_noted"], model.state.organisation["losses_judged"] = 300, 300 - 255
    for _ in range(2):
        met(model, kind=FAILURE, remedy=100.0, outcome=SILENT_LOSS)
    run(model, "reactions")
    assert model.state.organisation["losses_noted"][0] == 301
    assert model.state.losses["spell"][300 % 256] == 1


def test_who_gives_up_waiting_notices_too_that_the_one_it_knew_has_gone() -> None:
    model = organisation({**NO_ONE_REACTS, "rules.relationship": 1.0, "workforce.frontline": 2})
    c = model.state.customers[0]
    c["known_staff"], c["known_person"], c["bond"] = 1, 7, 0.4
    met(model, outcome=ABANDONED, staff=NOBODY)
    run(model, "reactions")
    assert (c["known_staff"], c["bond"]) == (NOBODY, 0.0)


def test_a_talker_tells_the_own_friends_and_no_others() -> None:
    told = {"rules.word_of_mouth": 1.0, "market.told_after_good": 40.0, "market.post_share": 0.0}
    for number in range(8):
        model = organisation({**NO_ONE_REACTS, **told, "market.population": 8})
        before = model.state.customers["satisfaction"].copy()
        friends = set(model.customers[number].friends)
        met(model, customer=number, spell=1, quality=1.0, fit=1.0, courtesy=1.0)
        run(model, "reactions")
        moved = set(np.flatnonzero(model.state.customers["satisfaction"] != before)) - {number}
        assert moved == friends - {number}
        assert today(model)["told_good"] == (40 if friends else 0)
