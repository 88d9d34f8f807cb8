"""Managers' day: where their time goes, what they believe, what it does, and what they cost."""

from __future__ import annotations

import math

import pytest
from tiny import organisation, run, today

from simsvc.model.rules.leading import manager_morale_after
from simsvc.model.rules.voice import trust_after
from simsvc.organization import ServiceOrganization
from simsvc.scenario.loading import load_scenario

SHARES = {f"structure.share_{name}": s for name, s in dict(control=0.1, coaching=0.2, floor=0.3, causes=0.4).items()}


def test_a_managers_time_is_what_approvals_answers_and_upkeep_leave() -> None:
    model = organisation({**SHARES, "rules.capacity_to_act": 1.0, "rules.upkeep": 1.0, "structure.upkeep": 0.5})
    model.state.managers["approvals"] = 80.0
    model.state.departments["answered"] = 4
    run(model, "managers_day")
    spare = (480.0 - 80.0 - 4 * 10.0) * (1 - 0.05)
    day = today(model)
    for name, share in dict(control=0.1, coaching=0.2, floor=0.3, removing=0.4).items():
        assert day[name] == pytest.approx(share * spare), name
        assert model.state.managers[name][0] == pytest.approx(share * spare), name
        assert model.state.departments[name][0] == pytest.approx(share * spare), name  # one head
    assert (day["approvals"], day["manager_time"]) == (80.0, 480.0)


def test_a_desk_full_of_approvals_leaves_no_time() -> None:
    model = organisation({**SHARES, "workforce.managers": 2})
    model.state.managers["approvals"] = [500.0, 100.0]
    run(model, "managers_day")
    assert list(model.state.managers["control"]) == pytest.approx([0.0, 38.0])
    for name in ("approvals", "control", "coaching", "floor", "removing"):
        assert today(model)[name] == pytest.approx(model.state.managers[name].sum()), name
    model.state.managers["approvals"] = [80.0, 180.0]
    model.state.organisation["day"] += 1
    run(model, "managers_day")
    assert [today(model)[name] for name in ("control", "coaching", "floor", "removing")] == pytest.approx(
        [70.0, 140.0, 210.0, 280.0]
    )


def test_answers_are_shared_among_the_managers_of_a_pool_and_other_pools_give_their_own() -> None:
    two = {"workforce.frontline": 2, "workforce.departments": 2, "workforce.managers": 4, "workforce.directors": 1}
    model = organisation({**SHARES, **two, "rules.capacity_to_act": 1.0})
    model.state.departments["answered"] = [6, 0]
    run(model, "managers_day")
    assert model.state.managers["control"] == pytest.approx([45.0, 48.0, 45.0, 48.0, 48.0])


def test_a_team_managers_minutes_reach_the_own_team_a_directors_all_teams() -> None:
    two = {"workforce.frontline": 6, "workforce.departments": 2, "workforce.managers": 2, "workforce.directors": 1}
    model = organisation({**SHARES, **two})
    model.state.staff["present"][[1]] = 0  # three heads in one team, two in the other
    model.state.managers["approvals"] = [0.0, 240.0, 0.0]
    run(model, "managers_day")
    assert model.state.departments["heads"] == pytest.approx([3.0, 2.0])
    assert model.state.departments["control"] == pytest.approx([48 / 3 + 48 / 5, 24 / 2 + 48 / 5])
    assert model.state.departments["coaching"] == pytest.approx([96 / 3 + 96 / 5, 48 / 2 + 96 / 5])
    assert model.state.departments["floor"] == pytest.approx([144 / 3 + 144 / 5, 72 / 2 + 144 / 5])
    assert model.state.departments["removing"] == pytest.approx([192 / 3 + 192 / 5, 96 / 2 + 192 / 5])


def test_managers_of_all_levels_are_paid() -> None:
    levels = {"workforce.managers": 2, "workforce.directors": 1, "workforce.executives": 1}
    wages = {"economics.manager_wage": 200.0, "economics.director_wage": 400.0, "economics.executive_wage": 700.0}
    model = organisation({**levels, **wages})
    run(model, "managers_day")
    assert today(model)["management"] == 100 * (2 * 200 + 400 + 700)
    assert today(model)["manager_time"] == 4 * 480.0


def test_managers_have_hours_of_their_own_however_long_doors_are_open() -> None:
    long = {"operations.open_minutes": 1440.0, "workforce.day_minutes": 480.0, "economics.manager_wage": 240.0}
    model = organisation({**SHARES, **long, "rules.manager_morale": 1.0})
    manager = model.state.managers[0]
    manager["approvals"], manager["overtime"], manager["morale"] = 180.0, 60.0, 0.6
    run(model, "managers_day")
    day = today(model)
    assert [manager[name] for name in ("control", "coaching", "floor", "removing")] == pytest.approx(
        [0.1 * 360, 0.2 * 360, 0.3 * 360, 0.4 * 360]
    )
    assert day["manager_time"] == 540.0
    assert day["management"] == 24000 + 3000
    team = model.state.departments["morale"][0]
    assert manager["morale"] == pytest.approx(manager_morale_after(0.6, team, 180 / 480, 60 / 480, 20.0, 1.0))


def test_each_manager_spends_time_by_the_chart_of_the_own_department() -> None:
    two = {"workforce.frontline": 2, "workforce.departments": 2, "workforce.managers": 2, "rules.manager_morale": 1.0}
    model = organisation({**SHARES, **two})
    model.state.levers["share_control"] = [0.1, 0.05]
    model.state.staff["morale"] = [0.2, 0.9]
    run(model, "managers_day")
    assert model.state.managers["control"] == pytest.approx([48.0, 24.0])
    first, second = model.state.managers["morale"]
    assert first < second
    assert today(model)["manager_morale"] == pytest.approx((first + second) / 2)


@pytest.mark.parametrize("turned", [0, 1, 2])
def test_a_director_follows_all_departments_by_heads_whichever_comes_first(turned: int) -> None:
    three = {"workforce.frontline": 4, "workforce.departments": 3, "workforce.managers": 3, "workforce.directors": 1}
    model = organisation({**SHARES, **three, "rules.upkeep": 1.0, "rules.beliefs": 1.0, "operations.causes": 1})
    state = model.state
    state.staff["department"] = [(turned + k) % 3 for k in (0, 1, 1, 2)]  # a head in the one turned, three in others
    state.levers["share_floor"] = 0.0
    for lever, value in {"share_control": 0.5, "share_causes": 0.0, "upkeep": 1.0, "report_weight": 0.9}.items():
        state.levers[lever] = {"upkeep": 0.0}.get(lever, 0.1)
        state.levers[lever][turned] = value
    state.evidence[:], state.told[:] = 0.0, 40.0
    run(model, "managers_day")
    director = state.managers[3]
    assert director["control"] == pytest.approx(480 * (0.25 * 0.9 * 0.5 + 0.75 * 0.1))
    assert director["removing"] == pytest.approx(480 * 0.75 * 0.1)
    assert state.evidence[3] == pytest.approx([0.25 * 0.9 + 0.75 * 0.1] * 3)
    own = [48.0, 24.0, 48.0]  # each team manager's minutes per head, counted from the department turned
    own[0] = 480 * 0.9 * 0.5
    directed = [480 / 4 * share for share in (0.9 * 0.5, 0.1, 0.1)]
    found = [state.departments["control"][(turned + k) % 3] for k in range(3)]
    assert found == pytest.approx([a + b for a, b in zip(own, directed, strict=True)])


def test_heads_skill_and_morale_of_a_team_are_counted_in_the_evening() -> None:
    model = organisation({"workforce.frontline": 3, "workforce.skill": 0.61})
    staff, department = model.state.staff, model.state.departments[0]
    staff["skill"], staff["morale"] = [0.4, 0.6, 0.9], [0.3, 0.5, 0.9]
    staff["present"][2] = 0
    run(model, "managers_day")
    assert (department["heads"], department["skill"], department["morale"]) == pytest.approx((2.0, 0.5, 0.4))
    staff["present"] = 0
    run(model, "managers_day")
    assert (department["heads"], department["skill"], department["morale"]) == pytest.approx((0.0, 0.61, 0.5))


def test_morale_and_trust_follow_team_desk_floor_and_control() -> None:
    model = organisation({**SHARES, "rules.manager_morale": 1.0, "rules.trust": 1.0, "workforce.frontline": 2})
    model.state.staff["morale"], model.state.staff["skill"] = [0.5, 0.9], [0.5, 0.7]
    model.state.managers["morale"], model.state.managers["approvals"] = 0.6, 240.0
    model.state.departments["trust"] = 0.4
    run(model, "managers_day")
    mood = manager_morale_after(0.6, 0.7, 0.5, 0.0, 20.0, 1.0)
    assert (model.state.managers["morale"][0], today(model)["manager_morale"]) == pytest.approx((mood, mood))
    trust = trust_after(0.4, 0.3 * 240 / 2, 0.6, 0.1 * 240 / 2, 15.0, 1.0)
    assert (model.state.departments["trust"][0], today(model)["trust"]) == pytest.approx((trust, trust))


def test_trust_of_the_day_is_the_mean_of_the_departments() -> None:
    model = organisation({**SHARES, "rules.trust": 1.0, "workforce.frontline": 2, "workforce.departments": 2})
    model.state.departments["trust"] = [0.2, 0.8]
    run(model, "managers_day")
    trust = model.state.departments["trust"]
    assert trust[0] < trust[1]
    assert today(model)["trust"] == pytest.approx(trust.mean())


def test_managers_who_have_had_enough_leave_and_newcomers_from_outside_cost_months_of_pay() -> None:
    model = organisation({"workforce.manager_quit_rate": 0.25, "workforce.managers": 3, "workforce.frontline": 3,
                          "economics.manager_wage": 240.0, "economics.replacement_months": 3.5})  # fmt: skip
    managers = model.state.managers
    managers["exposure"] = [0.0005, 1.0, 0.0005]
    managers["case"][2] = 3
    run(model, "managers_day")
    day = today(model)
    assert list(managers["person"]) == [1, 0, 0]
    assert managers["exposure"][1:] == pytest.approx([1.0 - 0.001, -0.0005])
    assert (day["manager_changes"], day["promoted"]) == (1, 0)
    assert day["hiring"] == pytest.approx(100 * 3.5 * 250 / 12 * 240.0)
    assert (managers["morale"][0], managers["since"][0], managers["insider"][0]) == (0.62, model.day, 0)


def test_the_best_of_the_front_line_is_promoted_at_no_cost() -> None:
    model = organisation({"workforce.frontline": 4, "structure.promotion": 1.0, "rules.promotion": 1.0})
    staff = model.state.staff
    staff["skill"], staff["case"] = [0.5, 0.9, 0.8, 0.7], [-1, 2, -1, -1]  # the very best is in a service
    drawn = organisation({"workforce.frontline": 4, "structure.promotion": 0.0, "rules.promotion": 1.0})
    for other in (drawn, model):
        other.replace_managers([0])
    outsider = drawn.state.managers["skill"][0]
    manager = model.state.managers[0]
    assert manager["skill"] == pytest.approx(0.5 * outsider + 0.5 * 0.95)
    assert (manager["insider"], manager["person"], drawn.state.managers["insider"][0]) == (1, 1, 0)
    assert list(staff["present"]) == [1, 1, 0, 1]
    assert (today(model)["promoted"], today(model)["hiring"]) == (1, 0)
    assert (today(drawn)["promoted"], today(drawn)["hiring"] > 0) == (0, True)


def test_a_director_comes_from_outside_at_a_directors_pay() -> None:
    model = organisation({"workforce.directors": 1, "structure.promotion": 1.0, "rules.promotion": 1.0,
                          "economics.director_wage": 400.0, "economics.replacement_months": 6.0})  # fmt: skip
    model.replace_managers([1])
    assert today(model)["hiring"] == pytest.approx(100 * 6 * 250 / 12 * 400.0)
    assert today(model)["promoted"] == 0


def test_new_managers_have_opinions_that_nothing_supports_and_that_add_up() -> None:
    model = organisation({"operations.causes": 3, "workforce.departments": 2, "workforce.frontline": 2,
                          "workforce.managers": 2, "workforce.directors": 1})  # fmt: skip
    state = model.state
    assert state.beliefs.sum(axis=1) == pytest.approx([1.0, 1.0, 1.0])
    assert (state.beliefs[0, 3:] == 0).all(), "another department's causes are not a team manager's business"
    assert (state.beliefs[1, :3] == 0).all()
    assert (state.beliefs[2] > 0).all()
    state.evidence[:] = 5.0
    before = state.beliefs[0].copy()
    model.replace_managers([0])
    assert state.beliefs[0].sum() == pytest.approx(1.0)
    assert (state.beliefs[0] == state.priors[0]).all()
    assert (state.beliefs[0, :3] != before[:3]).all()
    assert (state.evidence[0] == 0).all()
    assert state.managers["priority"][0] == -1


def test_a_manager_learns_from_reports_desk_and_floor_and_works_on_what_it_believes_in() -> None:
    on = {"rules.beliefs": 1.0, "rules.improvement": 1.0, "structure.report_weight": 0.5, "operations.causes": 2}
    model = organisation({**SHARES, **on, "operations.cause_effort": 1000.0})
    state = model.state
    state.causes["prevalence"], state.causes["base"] = [0.1, 0.2], [0.1, 0.2]
    state.priors[0], state.evidence[0] = [0.5, 0.5], [1.0, 1.0]
    state.told[0], state.seen[0] = [2.0, 8.0], [1.0, 0.5]
    state.staff["contacts"] = 20
    state.managers["own_prior"] = 0.4
    run(model, "managers_day")
    floor = 0.3 * 480 / 120 * 20
    evidence = [1 + (0.5 * 2 + 1 + floor * 0.1 - 1) / 40, 1 + (0.5 * 8 + 0.5 + floor * 0.2 - 1) / 40]
    assert state.evidence[0] == pytest.approx(evidence)
    total = sum(evidence)
    weight = (1 - 0.4 * 0.5) * total / (total + 1)
    assert state.beliefs[0] == pytest.approx([0.5 + weight * (e / total - 0.5) for e in evidence])
    assert state.managers["priority"][0] == 1
    assert state.causes["prevalence"] == pytest.approx([0.1, 0.2 * math.exp(-0.4 * 480 / 1000)])
    assert today(model)["belief_error"] == 0.0


def test_who_works_on_the_lesser_evil_is_mistaken() -> None:
    model = organisation({"operations.causes": 2, "workforce.managers": 2, "workforce.frontline": 2})
    state = model.state
    state.causes["prevalence"] = [0.1, 0.2]
    state.priors[:] = [[0.9, 0.1], [0.1, 0.9]]
    run(model, "managers_day")  # with beliefs off all keep to their priors
    assert list(state.managers["priority"]) == [0, 1]
    assert today(model)["belief_error"] == pytest.approx(0.5)


def test_a_repair_budget_buys_managers_time_for_the_causes_they_believe_in() -> None:
    bought = {"operations.repair_budget": 460.0, "economics.manager_wage": 230.0, "operations.cause_effort": 9600.0}
    model = organisation({**bought, "rules.improvement": 1.0, "operations.causes": 2, "workforce.frontline": 2,
                          "workforce.departments": 2, "workforce.managers": 0})  # fmt: skip
    before = model.state.causes["prevalence"].copy()
    run(model, "managers_day")
    # a day's pay of work per department, on the worst cause where nobody has a belief
    left = math.exp(-480 / 9600)
    assert model.state.causes["prevalence"] == pytest.approx(before * [left, 1.0, left, 1.0])
    assert today(model)["programmes"] == 46000
    led = organisation({**bought, "rules.improvement": 1.0, "operations.causes": 2, "structure.share_causes": 0.0})
    led.state.priors[0] = [0.1, 0.9]
    before = led.state.causes["prevalence"].copy()
    run(led, "managers_day")
    assert led.state.causes["prevalence"] == pytest.approx(before * [1.0, left * left])


def test_promised_answers_need_managers_time() -> None:
    model = organisation({"rules.capacity_to_act": 1.0, "workforce.frontline": 2})
    model.state.managers["approvals"] = 460.0
    model.state.departments["promised"] = 5  # answers of ten minutes; 20 minutes are there
    run(model, "managers_day")
    assert model.state.departments["answers"][0] == pytest.approx(0.4)


def test_a_departments_teaching_is_the_mean_of_its_own_managers() -> None:
    model = organisation({"workforce.managers": 2, "workforce.directors": 1, "rules.manager_morale": 1.0})
    model.state.managers["teaching"], model.state.managers["morale"] = [0.4, 0.8, 0.1], 0.62
    model.state.managers["approvals"] = 0.0
    model.phases["managers_day"].run(model)
    moods = model.state.managers["morale"]
    taught = [t * (1 + 0.5 * (m - 0.62)) for t, m in zip([0.4, 0.8], moods, strict=False)]
    assert model.state.departments["teaching"][0] == pytest.approx(sum(taught) / 2)
    none = organisation({"workforce.managers": 0, "workforce.boss_quality": 0.55})
    run(none, "managers_day")
    assert none.state.departments["teaching"][0] == 0.55


def test_a_boss_of_the_best_tenth_is_worth_a_worker_in_nine() -> None:
    """A team does 8 to 15 % more under a boss of the best tenth than under one of the worst (Lazear et al. 2015)."""
    done = {}
    for tenth in (-1.755, 1.755):  # means of the tails of a normal distribution, in standard deviations
        work = load_scenario("contact_centre").workforce
        boss = {"workforce.boss_quality": work.boss_quality + tenth * work.boss_spread, "workforce.boss_spread": 0.0}
        model = ServiceOrganization(load_scenario("contact_centre", boss), rng=1)
        model.advance(750)
        days = model.days[250:]
        done[tenth] = days["resolved"].sum() / days["busy"].sum()
    assert 1.08 < done[1.755] / done[-1.755] < 1.15


def test_managers_differ_in_skill_teaching_and_stubbornness() -> None:
    many = {"workforce.managers": 300, "workforce.manager_skill": 0.7, "workforce.boss_quality": 0.5}
    managers = organisation({**many, "workforce.own_prior": 0.4}).state.managers
    for name, mean, spread in (("skill", 0.7, 0.07), ("teaching", 0.5, 0.1), ("own_prior", 0.4, 0.2)):
        assert managers[name].mean() == pytest.approx(mean, abs=4 * spread / 300**0.5), name  # four standard errors
        assert managers[name].std() == pytest.approx(spread, rel=0.17), name
    for extreme, bounds in ((0.0, (0.05, 0.02, 0.02)), (1.0, (0.95, 0.98, 0.98))):
        settings = dict.fromkeys(["workforce.manager_skill", "workforce.boss_quality", "workforce.own_prior"], extreme)
        managers = organisation({"workforce.managers": 300, **settings}).state.managers
        for name, bound in zip(("skill", "teaching", "own_prior"), bounds, strict=True):
            assert (managers[name].max() if extreme else managers[name].min()) == bound, name
    assert managers["exposure"].mean() == pytest.approx(1.0, abs=4 / 300**0.5)
