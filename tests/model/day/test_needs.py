"""Morning and needs: who is there, what each may do, what customers come with, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tiny import FAILURES, evening, need, organisation, run, serve, today

from simsvc.model.rows import AWAY, FAILURE, FREE, NOBODY, REQUEST, ROUTINE, SILENT_LOSS
from simsvc.organization import ServiceOrganization

MANY = {"market.population": 300, "market.customers": 300, "market.ties": 0, "workforce.frontline": 4}


def mornings_cases(model: ServiceOrganization, minutes: dict[int, float]) -> np.ndarray:
    """The cases of a morning, as they arrive."""
    need(model, minutes)
    run(model, "opening", "waking", "room", "needs")
    cases = model.state.cases
    return np.sort(cases[cases["stage"] != FREE], order="customer")


def everybodys(model: ServiceOrganization) -> np.ndarray:
    """A case of each customer."""
    return mornings_cases(model, {i: 0.5 for i in range(len(model.state.customers))})


def test_limits_of_the_day_follow_chart_policy_and_skill() -> None:
    levers = {"structure.frontline_limit": 100.0, "structure.adaptive_limits": 0.5, "structure.latitude": 0.3}
    model = organisation({**levers, "rules.ratchet": 1.0, "rules.adaptive_limits": 1.0})
    model.state.departments["tightness"], model.state.staff["skill"] = 0.25, 0.82
    run(model, "opening")
    assert (model.state.staff["limit"][0], model.state.staff["latitude"][0]) == pytest.approx((90.0, 0.3))


def test_the_morning_sets_the_departments_day() -> None:
    behaviour = {f"rules.{name}": 1.0 for name in ("kpi", "floor_service", "information", "pressure", "opportunism")}
    model = organisation({**behaviour, "structure.kpi": 0.75, "structure.information_share": 0.7,
                          "operations.causes": 2, "demand.failure_share": 0.1,
                          "demand.illegitimate_share": 0.2})  # fmt: skip
    department = model.state.departments[0]
    model.state.causes["prevalence"] = [0.05, 0.15]
    department["floor"], department["load"], department["succeeded_share"] = 48.0, 1.2 * 0.86, 0.5
    for name in ("attempts", "succeeded", "promised", "answered", "demanded", "granted", "lost"):
        department[name] = 7
    model.state.told[:], model.state.seen[:] = 1.0, 1.0
    run(model, "opening")
    assert (department["pace"], department["help"], department["information"]) == pytest.approx((1.05, 1 / 1.08, 0.7))
    assert department["pressure"] == pytest.approx((1.2 * 0.86 / model.settings.workforce.comfortable_load) ** -0.64)
    spoiled = 1 - 0.9 * np.exp(-0.2)
    assert department["spoiled"] == pytest.approx(spoiled)
    # three times as many as succeed: 3 x 0.2 x 0.5
    assert department["invited"] == pytest.approx(spoiled * 0.3)
    assert model.state.organisation["claiming"][0] == pytest.approx(1 + spoiled * 0.3)
    for name in ("attempts", "succeeded", "promised", "answered", "demanded", "granted", "lost"):
        assert department[name] == 0, name
    assert (model.state.told == 0).all()
    assert (model.state.seen == 0).all()


def test_what_was_counted_yesterday_of_a_member_of_staff_is_forgotten() -> None:
    model = organisation()
    of_the_day = ("busy", "contacts", "refusals", "overreach", "stretch", "overtime", "acting", "obstacles", "felt",
                  "judged", "reports", "reports_answered", "training", "away")  # fmt: skip
    for name in of_the_day:
        model.state.staff[name] = 1
    model.state.managers["approvals"], model.state.departments["capacity"] = 9.0, 7.0
    run(model, "opening")
    assert [model.state.staff[name][0] for name in of_the_day] == [0] * len(of_the_day)
    assert model.state.managers["approvals"][0] == 0.0
    assert (today(model)["available"], model.state.departments["capacity"][0]) == (480.0, 480.0)
    assert (model.state.staff["scheduled"][0], model.state.staff["on_duty"][0]) == (480.0, 1)


def test_training_and_meetings_take_staff_away_from_customers() -> None:
    away = {"workforce.frontline": 400, "rules.learning": 1.0, "structure.training_days": 50.0}
    model = organisation({**away, "rules.participation": 1.0, "structure.information_share": 1.0,
                          "structure.peer_learning": 1.0})  # fmt: skip
    model.state.departments["coaching"] = 48.0
    model.state.staff["present"][0] = 0
    run(model, "opening")
    staff = model.state.staff[1:]
    # a fifth in training, and a tenth and 6 % in meetings: four standard errors of 400
    assert staff["training"].mean() == pytest.approx(0.2, abs=0.08)
    assert staff["away"].mean() == pytest.approx(0.36, abs=0.096)
    assert (staff["away"][staff["training"] == 1] == 1).all()
    assert today(model)["available"] == 480.0 * (staff["away"] == 0).sum()
    assert today(model)["scheduled"] == 480.0 * 399, "a meeting is time on duty"
    assert model.state.departments["capacity"][0] == today(model)["available"]


def test_a_need_becomes_a_case_at_its_minute_and_the_next_need_is_drawn() -> None:
    model = organisation({"demand.contacts_per_year": 25.0, "demand.contact_rate_cv": 0.0})
    model.state.customers["next_need"] = 1e9
    (case,) = mornings_cases(model, {3: 120.0})
    assert (case["customer"], case["first_at"], case["contact_at"]) == (3, pytest.approx(120.0), pytest.approx(120.0))
    assert (case["attempts"], case["number"], case["day"], case["spell"]) == (1, 0, 0, 1)
    assert (case["staff"], case["cause"], case["legitimate"], case["remedy"]) == (NOBODY, NOBODY, 1, 0.0)
    assert (case["information"], case["reexplained"], case["courtesy"]) == (1.0, 0.0, 0.5)
    assert model.state.customers["next_need"][3] > 0.25
    day = today(model)
    assert (day["cases_in"], day["contacts"], day["failures"], day["repeats"]) == (1, 1, 0, 0)
    assert model.state.organisation["open_cases"][0] == 1


def test_two_needs_on_one_day_are_two_cases() -> None:
    model = organisation({"demand.contacts_per_year": 250.0, "demand.contact_rate_cv": 0.0, "market.customers": 1})
    for _ in range(12):
        numbers = serve(model)["number"]
        if len(numbers) > 1:
            assert sorted(numbers) == list(range(len(numbers)))
            assert today(model)["cases_in"] == len(numbers) == model.state.organisation["new_cases"][0]
            return
        evening(model)
    pytest.fail("twelve days of a need a day without two on one day")


@pytest.mark.parametrize(("mean", "spread"), [(0.3, 0.5), (0.3, 1.5), (0.8, 1.0)])
def test_wishes_are_as_far_from_the_standard_as_is_set(mean: float, spread: float) -> None:
    model = organisation({**MANY, "market.population": 20_000, "demand.idiosyncrasy": mean,
                          "demand.idiosyncrasy_spread": spread})  # fmt: skip
    assert model.state.customers["idiosyncrasy"].mean() == pytest.approx(mean, abs=0.01)


def test_the_profile_says_when_in_the_day_a_share_of_the_arrivals_has_come() -> None:
    model = organisation({"demand.profile": [1.0, 0.0, 3.0]})
    minutes = {0: 0.0, 1: 60.0, 2: 240.0, 3: 479.0}  # as shares of the day: 0, 1/8, 1/2, 479/480
    arrived = mornings_cases(model, minutes)["contact_at"]
    assert arrived == pytest.approx([0.0, 80.0, 320.0 + 160.0 / 3, 480.0 - 160.0 * (1 / 480) / 0.75])


def test_needs_are_routine_wishes_or_failures_in_their_shares_and_routine_is_close_to_the_standard() -> None:
    kinds = {"demand.failure_share": 0.3, "demand.request_share": 0.5, "demand.idiosyncrasy_spread": 0.0}
    model = organisation({**MANY, **kinds, "demand.remedy_cv": 0.0, "demand.remedy": 70.0})
    cases = everybodys(model)
    shares = [np.mean(cases["kind"] == kind) for kind in (FAILURE, REQUEST, ROUTINE)]
    assert shares == pytest.approx([0.3, 0.5, 0.2], abs=0.08)  # seeds are fixed; chances of 1 in 300 to miss
    assert today(model)["failures"] == (cases["kind"] == FAILURE).sum()
    assert set(cases["remedy"][cases["kind"] == FAILURE]) == {70.0}
    assert set(cases["remedy"][cases["kind"] != FAILURE]) == {0.0}
    means = [cases["distance"][cases["kind"] == kind].mean() for kind in (FAILURE, REQUEST, ROUTINE)]
    assert means == pytest.approx([0.7 * 0.3, 0.3, 0.4 * 0.3], abs=0.07)
    assert cases["distance"][cases["kind"] == ROUTINE].max() <= 0.4
    assert cases["distance"][cases["kind"] == FAILURE].max() <= 0.7
    assert cases["difficulty"].mean() == pytest.approx(0.4, abs=0.05)


def test_claims_without_a_reason_silent_customers_and_lost_ways_come_in_their_shares() -> None:
    odd = {"demand.illegitimate_share": 0.25, "demand.silent_share": 0.4, "demand.misrouted_share": 0.3}
    model = organisation({**MANY, **FAILURES, **odd, "rules.handoffs": 1.0, "workforce.departments": 4})
    cases = everybodys(model)
    assert np.mean(cases["legitimate"] == 0) == pytest.approx(0.25, abs=0.08)
    silent = cases["outcome"] == SILENT_LOSS
    assert silent[cases["legitimate"] == 1].mean() == pytest.approx(0.4, abs=0.1)
    assert not silent[cases["legitimate"] == 0].any(), "nobody keeps quiet about a failure that was none"
    day = today(model)
    assert (day["silent_failures"], day["contacts"]) == (silent.sum(), (~silent).sum())
    assert model.state.organisation["ended"][0] == silent.sum()
    assert (cases["attempts"][silent] == 0).all()
    lost = cases["department"] != cases["owner"]
    assert lost.mean() == pytest.approx(0.3, abs=0.08)
    assert (cases["department"][lost] == (cases["owner"][lost] + 1) % 4).all()
    assert np.bincount(cases["owner"]) / 300 == pytest.approx([0.25] * 4, abs=0.08)


def test_claims_that_success_invites_come_on_top_of_needs() -> None:
    many = {**MANY, "demand.failure_share": 0.3, "demand.request_share": 0.3, "demand.illegitimate_share": 0.3,
            "workforce.departments": 2, "rules.opportunism": 1.0}  # fmt: skip
    found = {}
    for succeeded in (0.0, 1.0):
        model = organisation(many)
        model.state.departments["succeeded_share"] = (0.0, succeeded)  # in one department only
        cases = everybodys(model)
        found[succeeded] = np.array(
            [[np.sum((cases["owner"] == d) & (cases["kind"] == kind)) for kind in (ROUTINE, REQUEST, FAILURE)]
             for d in (0, 1)]
        ) / len(cases)  # fmt: skip
        assert model.state.organisation["claiming"][0] == pytest.approx(1 + 0.5 * 0.3 * 0.9 * succeeded)
    # 0.27 more a need where they succeed: 1 + 1.27 in all
    assert found[0.0][0] == pytest.approx([0.2, 0.15, 0.15], abs=0.06)
    assert found[1.0][0] == pytest.approx(np.array([0.4, 0.3, 0.3]) / 2.27, abs=0.06)
    assert found[1.0][1] == pytest.approx(np.array([0.4, 0.3, 0.3 + 0.27]) / 2.27, abs=0.06)


def test_failures_above_the_unexplained_share_are_due_to_known_causes_in_proportion() -> None:
    model = organisation({**MANY, "demand.failure_share": 0.2, "operations.causes": 2, "workforce.departments": 2})
    model.state.causes["prevalence"] = [0.6, 0.2, 0.1, 0.3]
    cases = everybodys(model)
    for department, causes in ((0, [0.6, 0.2]), (1, [0.1, 0.3])):
        own = cases[cases["owner"] == department]
        spoiled = 1 - 0.8 * np.exp(-sum(causes))
        assert np.mean(own["kind"] == FAILURE) == pytest.approx(spoiled, abs=0.12)
        for k, prevalence in enumerate(causes):
            due = np.mean(own["cause"] == 2 * department + k)
            assert due == pytest.approx((spoiled - 0.2) * prevalence / sum(causes), abs=0.11)
        assert (own["cause"][own["kind"] != FAILURE] == NOBODY).all()


def test_remedies_vary_around_their_mean() -> None:
    model = organisation({**MANY, **FAILURES, "demand.remedy_cv": 0.5})
    remedies = everybodys(model)["remedy"]
    assert remedies.mean() == pytest.approx(100.0, abs=4 * 50 / 300**0.5)
    assert remedies.std() == pytest.approx(50.0, rel=0.3)


@pytest.mark.parametrize("came_back", [True, False])
def test_whoever_has_left_meanwhile_does_not_come_back_with_a_case(came_back: bool) -> None:
    model = organisation()
    serve(model, {0: 475.0, 1: 476.0})
    evening(model)
    assert (model.state.cases["stage"] == AWAY).sum() == 1
    if came_back:
        model.state.customers["spell"][1] += 1
    else:
        model.state.customers["since"][1] = -1
    assert len(serve(model)) == 0
    assert (today(model)["given_up"], today(model)["repeats"], today(model)["cases_open"]) == (1, 0, 0)
    assert model.state.organisation["open_cases"][0] == 0


@pytest.mark.parametrize(("desks", "retold"), [(1, 0.0), (2, 1.0)])
def test_who_comes_back_has_to_tell_it_again_to_somebody_else(desks: int, retold: float) -> None:
    again = {
        "operations.resolution": 0.0,
        "demand.persistence": 1.0,
        "rules.repeat_contacts": 1.0,
        "rules.relationship": 0.0,
    }
    model = organisation({**again, "demand.return_days": 1.0, "workforce.frontline": desks})
    serve(model, {0: 100.0})
    evening(model)
    (contact,) = serve(model)
    assert (contact["attempts"], contact["reexplained"]) == (2, retold)
    assert contact["minutes"] == pytest.approx(10.0 + 3.0 * retold)


def test_new_ways_are_lived_in_part_and_limits_at_once() -> None:
    model = organisation({"rules.upkeep": 1.0, "structure.upkeep": 0.5, "structure.latitude": 0.2})
    model.state.organisation["day"] = 1
    model.change({"structure.latitude": 0.8, "structure.frontline_limit": 30.0})
    model.state = model.state._replace(days=model.state.days.repeat(2))
    run(model, "opening")
    # a thirtieth of the way on the first day
    assert model.state.levers["latitude"][0] == pytest.approx(0.2 + 0.6 / 30)
    assert model.state.levers["frontline_limit"][0] == 30.0
    assert model.state.departments["practice"][0] == pytest.approx(1 / 30)
    model.state.organisation["day"] = 121
    model.state = model.state._replace(days=model.state.days.repeat(200))
    run(model, "opening")
    held = 1 - (1 - max(0.5, float(np.exp(-120 / 120))))
    lived = 1 / 30 + (held - 1 / 30) / 30
    assert model.state.levers["latitude"][0] == pytest.approx(0.2 + 0.6 * lived)


def test_the_way_home_needs_no_upkeep() -> None:
    model = organisation({"rules.upkeep": 1.0, "structure.upkeep": 0.0, "structure.latitude": 0.2})
    model.state = model.state._replace(days=model.state.days.repeat(99))
    model.state.organisation["day"] = 1
    model.change({"structure.latitude": 0.8})
    model.state.organisation["day"] = 2
    model.change({"structure.latitude": 0.2})
    model.state.practice[0, model.state.levers.dtype.names.index("latitude")] = 0.4
    model.state.organisation["day"] = 2 + 1200
    run_at = model.state.organisation["day"][0]
    assert run_at == 1202
    run(model, "opening")
    assert model.state.practice[0].min() == pytest.approx(0.4 + 0.6 / 30)


def test_what_is_needed_today_is_known_in_the_morning() -> None:
    busy = {"market.population": 100, "market.customers": 100, "demand.contacts_per_year": 200.0}
    model = organisation({**busy, "workforce.frontline": 40})
    for _ in range(5):
        run(model, "opening", "waking")
        organisation_ = model.state.organisation[0]
        room = len(model.state.cases) - organisation_["open_cases"]
        assert organisation_["short"] == max(organisation_["new_rows"] - room, 0)
        expected = int(organisation_["new_cases"])
        run(model, "room", "needs", "moments_of_truth")
        assert today(model)["cases_in"] == expected > 40
        evening(model)
    assert model.state.organisation["short"][0] == 0


def test_people_learn_and_stay_within_their_bounds() -> None:
    many = {"workforce.frontline": 300, "workforce.skill": 0.6, "workforce.skill_spread": 0.1}
    staff = organisation({**many, "workforce.potential": 0.75}).state.staff
    assert staff["skill"].mean() == pytest.approx(0.6, abs=0.024)  # four standard errors of 300
    assert staff["skill"].std() == pytest.approx(0.1, rel=0.17)
    assert (staff["potential"] >= staff["skill"]).all()
    assert staff["potential"].mean() == pytest.approx(0.76, abs=0.025)
    keen = organisation({**many, "workforce.potential": 1.0, "workforce.skill": 1.0}).state.staff
    assert (keen["skill"].max(), keen["potential"].max()) == (0.93, 0.95)
    poor = organisation({**many, "workforce.potential": 0.0, "workforce.skill": 0.0}).state.staff
    assert (poor["skill"].min(), poor["potential"].min()) == (0.05, 0.3)
