"""The evening of the front line: pay, moods, learning, quitting and hiring, by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest
from tiny import organisation, run, today

from simsvc.model.rules import learning, morale, service_time, turnover, voice
from simsvc.scenario.settings import sections

BEHAVIOUR_ON = {
    f"rules.{name}": 1.0
    for name, field in sections()["rules"].model_fields.items()
    if field.json_schema_extra["group"] == "behaviour"
}


def test_everybody_at_work_is_paid_overtime_included() -> None:
    paid = {"economics.frontline_wage": 120.0, "structure.pay": 1.1, "structure.smile_training": 0.5}
    model = organisation({**paid, "workforce.frontline": 3, "economics.training_cost": 90.0})
    staff = model.state.staff
    staff["present"][2], staff["returns"][2] = 0, 99
    staff["overtime"][0], staff["scheduled"] = 48.0, [480.0, 480.0, 480.0]
    staff["training"][1] = 1
    run(model, "staff_evening")
    day = today(model)
    assert day["wages"] == 2 * 13200 + 1320
    assert day["programmes"] == 2 * 120  # half of 600 a year
    assert day["training"] == 9000
    assert (day["present"], day["vacancies"], day["quits"], day["hires"]) == (2, 1, 0, 0)


def test_shifts_are_paid_by_the_hour() -> None:
    model = organisation(
        {"economics.frontline_wage": 120.0, "workforce.frontline": 3, "operations.open_minutes": 960.0}
    )
    staff = model.state.staff
    staff["scheduled"], staff["overtime"] = [240.0, 960.0, 0.0], [0.0, 40.0, 0.0]
    run(model, "staff_evening")
    assert today(model)["wages"] == 6000 + 24000 + 1000 + 0


def test_states_of_a_team_are_means_over_those_present() -> None:
    model = organisation({"workforce.frontline": 3})
    staff = model.state.staff
    staff["present"][2], staff["returns"][2] = 0, 99
    for name in ("morale", "exhaustion", "commitment", "empowerment", "skill", "voice", "standard", "gratitude"):
        staff[name] = [0.4, 0.8, 0.1]
    staff["busy"] = [30.0, 50.0, 0.0]
    staff["since"] = [-249, -749, 0]
    run(model, "staff_evening")
    day = today(model)
    for name in ("morale", "exhaustion", "commitment", "empowerment", "skill", "voice", "standard", "gratitude"):
        assert day[name] == pytest.approx(0.6), name
    assert (day["busy"], day["tenure"]) == pytest.approx((80.0, 2.0))


def test_who_has_had_enough_quits_once_the_case_in_hand_is_done() -> None:
    model = organisation({"workforce.frontline": 3, "workforce.quit_rate": 0.5, "workforce.vacancy_days": 0.0})
    staff = model.state.staff
    staff["exposure"] = [0.5 / 250.0, 0.5 / 250.0, 1.0]
    staff["case"][1] = 5
    run(model, "staff_evening")
    assert list(staff["present"]) == [0, 1, 1]
    assert staff["exposure"] == pytest.approx([0.0, 0.0, 1.0 - 0.002])
    assert (today(model)["quits"], today(model)["present"]) == (1, 3)
    assert staff["returns"][0] == model.day + 1


def test_between_having_had_enough_and_leaving_lies_a_notice() -> None:
    model = organisation({"workforce.frontline": 200, "workforce.notice_days": 20.0, "workforce.hiring_freeze": True})
    staff = model.state.staff
    staff["exposure"] = 0.0
    run(model, "staff_evening")
    notice = staff["leaves"] - model.day
    assert notice[notice > 0].mean() == pytest.approx(20, abs=5)
    assert (staff["present"] == (notice > 0)).all()
    staff["leaves"], staff["exposure"] = model.day, 1.0
    run(model, "staff_evening")
    assert (staff["present"] == 0).all(), "nobody thinks better of it"


def test_people_of_one_team_differ_for_good() -> None:
    model = organisation({**BEHAVIOUR_ON, "workforce.frontline": 60, "workforce.mood_spread": 0.4})
    staff = model.state.staff
    assert staff["outlook"].std() == pytest.approx(0.4, abs=0.15)
    model.advance(200)
    bright = staff["outlook"] > 0
    for name in ("morale", "empowerment"):
        assert staff[name].std() > 0.05, name
        assert staff[name][bright].min() > staff[name][~bright].max() - 0.02, name


def test_newcomers_take_the_firm_as_their_team_does() -> None:
    model = organisation({"workforce.frontline": 6, "workforce.departments": 2, "workforce.managers": 2})
    staff = model.state.staff
    staff["present"][4], staff["returns"][4] = 0, 0
    team = dict(empowerment=0.38, voice=0.2, answered=0.1, gratitude=0.5, standard=0.8)
    for name, value in team.items():
        staff[name][[0, 2]], staff[name][[1, 3, 5]] = [value - 0.02, value + 0.02], 0.9
    run(model, "staff_evening")
    assert {name: staff[name][4] for name in team} == pytest.approx(team)
    assert staff["morale"][4] == pytest.approx(0.62), "in what mood people come is up to the labour market"


def test_the_unsuited_are_let_go() -> None:
    model = organisation({"structure.replace_unsuited": 0.5, "rules.hospitality": 1.0})
    model.state.staff["disposition"] = 0.45
    model.state.staff["exposure"] = 1.0
    run(model, "staff_evening")
    assert model.state.staff["exposure"][0] == pytest.approx(1.0 - 0.3 / 250.0)


def test_a_vacancy_lasts_its_days_and_a_hire_costs_selection_and_months_of_pay() -> None:
    costs = {"economics.frontline_wage": 120.0, "structure.pay": 1.1, "economics.replacement_months": 3.0}
    chosen = {"economics.selection_cost": 800.0, "structure.selectivity": 0.5, "rules.hiring": 1.0}
    model = organisation({**costs, **chosen, "workforce.skill_spread": 0.0, "workforce.hire_skill": 0.4,
                          "rules.learning": 1.0})  # fmt: skip
    one = model.state.staff[0]
    one["present"], one["returns"], one["person"], one["case"] = 0, model.day + 2, 4, 0
    run(model, "staff_evening")
    assert (one["present"], today(model)["hires"], today(model)["vacancies"]) == (0, 0, 1)
    model.state.organisation["day"] += 1
    run(model, "staff_evening")
    assert (one["present"], one["since"], one["person"], one["case"]) == (1, model.day + 1, 5, -1)
    assert today(model)["hires"] == 1
    assert today(model)["hiring"] == pytest.approx(100 * (800 * 0.5 + 3 * 250 / 12 * 132.0))
    assert today(model)["wages"] == 0, "who starts tomorrow is paid from tomorrow on"
    fresh = [one[name] for name in ("skill", "morale", "exhaustion", "commitment", "empowerment", "voice")]
    assert fresh == pytest.approx([0.4, 0.62, 0.35, 0.55, 0.4, 0.45])
    assert [one[name] for name in ("gratitude", "answered", "standard", "accustomed")] == [0.6, 0.3, 1.0, 0.5]


def test_where_nobody_learns_turnover_does_not_unlearn_the_firm() -> None:
    replaced = {
        "workforce.staffing": "fixed",
        "workforce.frontline": 80,
        "workforce.quit_rate": 5.0,
        "workforce.vacancy_days": 0.0,
    }
    model = organisation({**replaced, "workforce.skill": 0.62, "workforce.hire_skill": 0.42})
    model.advance(250)
    assert model.state.staff["person"].mean() > 2
    assert model.state.staff["skill"].mean() == pytest.approx(0.62, abs=0.03)


def test_selection_and_pay_draw_more_hospitable_people() -> None:
    def hired(**settings: Any) -> float:
        model = organisation({"rules.hiring": 1.0, "rules.pay": 1.0, "workforce.disposition": 0.6, **settings})
        model.state.staff["present"], model.state.staff["returns"] = 0, 0
        run(model, "staff_evening")
        return float(model.state.staff["disposition"][0])

    plain = hired(**{"structure.selectivity": 0.0})
    assert hired(**{"structure.selectivity": 0.5}) - plain == pytest.approx(0.06)
    well_paid = hired(**{"structure.selectivity": 0.0, "structure.pay": 1.2})
    assert well_paid - plain == pytest.approx(0.1 * math.log(1.2))


def test_nobody_is_hired_while_hiring_is_frozen() -> None:
    model = organisation({"workforce.hiring_freeze": True})
    model.state.staff["present"], model.state.staff["returns"] = 0, 0
    run(model, "staff_evening")
    assert (today(model)["hires"], model.state.staff["present"][0]) == (0, 0)


def test_how_customers_took_it_and_what_was_answered_is_remembered_a_tenth() -> None:
    model = organisation()
    one = model.state.staff[0]
    one["gratitude"], one["judged"], one["felt"] = 0.6, 4, 3.2
    one["answered"], one["reports"], one["reports_answered"] = 0.4, 5, 4
    run(model, "staff_evening")
    assert (one["gratitude"], one["answered"]) == pytest.approx((0.62, 0.44))
    one["judged"] = one["reports"] = 0
    run(model, "staff_evening")
    assert (one["gratitude"], one["answered"]) == pytest.approx((0.62, 0.44)), "a day without news changes nothing"


def test_what_the_day_does_to_a_member_of_staff() -> None:
    """Every rule is given what it asks for; the rules themselves are worked out in `tests/model/rules`."""
    levers = dict(recognition=0.3, training_days=5.0, pay=1.1, clarity=0.7, peer_learning=0.4, smile_training=0.2)
    others = {"market.promise": 0.8, "workforce.growth_need": 0.7, "workforce.standard_recovery": 0.5}
    model = organisation({**BEHAVIOUR_ON, **others, **{f"structure.{name}": value for name, value in levers.items()}})
    state = model.state
    one, department = state.staff[0], state.departments[0]
    own = dict(
        **dict(
            morale=0.55,
            exhaustion=0.3,
            outlook=0.3,
            commitment=0.65,
            empowerment=0.5,
            voice=0.35,
            standard=0.9,
            accustomed=0.6,
        ),
        **dict(skill=0.5, potential=0.8, disposition=0.6, gratitude=0.7, answered=0.3, limit=90.0, latitude=0.4),
        **dict(busy=300.0, scheduled=400.0, contacts=10, refusals=2, overreach=1.5, stretch=1.0, acting=1.0),
        **dict(obstacles=3, judged=0, reports=0, training=1, away=0, overtime=0.0, present=1, case=-1, exposure=5.0),
    )
    for name, value in own.items():
        one[name] = value
    team = dict(coaching=6.0, floor=3.0, teaching=0.6, removing=2.0, morale=0.7, skill=0.75, trust=0.55, control=9.0)
    for name, value in {**team, "information": 0.45, "pressure": 0.95, "pace": 0.98}.items():
        department[name] = value
    state.organisation["reputation"], state.organisation["delivered"] = 0.85, 0.6
    run(model, "staff_evening")

    support = morale.support_felt(6.0, 3.0, 0.6)
    answered = 0.3 * (1 - 0.5 * 0.5)  # two minutes of removing causes are half of acting
    pay = turnover.pay_felt(154.0, 140.0, 1.0)
    resources = morale.resources_at_work(
        empowerment=0.4 + 1.4 * 0.1,
        support=support,
        recognition=0.3,
        answered=answered,
        colleagues=0.7,
        gratitude=0.7,
        challenge=0.35 + 1.4 * (0.7 - 0.35),  # a tenth is asked where a quarter would fit
        training=5 / 11,
        pay=pay,
    )
    granted = 0.5 * 0.4 + 0.5 * 90 / 150
    demands = morale.demands_at_work(
        overload=morale.overload_felt(0.75, 0.95, model.settings.workforce.comfortable_load, 1.0),
        refusals=0.2,
        overreach=0.15,
        obstacles=0.18,
        control=0.0225,
        acting=0.1,
        ambiguity=granted * 0.3,
        promise=0.15,
    )
    exhaustion = morale.exhaustion_after(0.3, resources, demands, 1.0)
    mood = morale.morale_after(0.55, resources - 0.5 * 0.1, demands, exhaustion, 0.3, 1.0)
    loyal = morale.commitment_after(0.65, mood, support, 0.7, 0.1, 1.0)
    potential = learning.potential_under(0.8, 0.6, 1.0)
    skill = learning.skill_after(0.5, potential, 10.0, 1.0, 1.0)
    skill += learning.skill_from_peers(skill, 0.75, 0.4, 1.0)
    skill += learning.skill_from_coaching(6.0, 0.6, skill, potential, 1.0)
    spoken = voice.voice_after(0.35, 0.3, 0.55, 1.0)
    expected = dict(
        exhaustion=exhaustion,
        morale=mood,
        accustomed=morale.accustomed_after(0.6, resources),
        commitment=loyal,
        empowerment=morale.empowerment_after(0.5, granted, 0.45, 0.55, 0.3, 1.0),
        voice=spoken,
        standard=service_time.standard_after(0.9, 0.9 * 0.95 * 0.98, 0.5, 1.0),
        skill=learning.skill_after_forgetting(skill, 1.0),
        disposition=0.6 + 0.01 * 0.25,
        exposure=5.0 - turnover.rate_of_quitting(
            model.settings.workforce.quit_rate, mood, loyal, exhaustion, spoken * (0.3 - answered), pay, 1.0, 1.0
        ) / 250.0,
    )  # fmt: skip
    for name, value in expected.items():
        assert one[name] == pytest.approx(value, rel=1e-12), name
    tools = model.settings.operations.tools
    assert today(model)["climate"] == pytest.approx((0.45 + tools + 5 / 11 + support + 0.3) / 5)


def test_mood_of_those_who_stay_drives_quitting() -> None:
    model = organisation({"workforce.quit_rate": 0.5, "rules.quitting": 1.0})
    one = model.state.staff[0]
    one["morale"], one["commitment"], one["exhaustion"], one["exposure"] = 0.4, 0.55, 0.4, 1.0
    run(model, "staff_evening")
    assert one["exposure"] == pytest.approx(1.0 - 0.5 * math.exp(0.3) / 250.0)


def test_nobodys_standard_leaves_its_bounds() -> None:
    model = organisation({"rules.standard_erosion": 1.0})
    one, department = model.state.staff[0], model.state.departments[0]
    department["pressure"], department["pace"] = 0.5, 1.0
    one["standard"] = 0.3
    run(model, "staff_evening")
    assert one["standard"] == 0.3
    department["pressure"] = 1.25
    one["standard"] = 1.0
    run(model, "staff_evening")
    assert one["standard"] == 1.0


def test_with_mechanisms_switched_off_a_job_feels_ordinary() -> None:
    model = organisation({"rules.morale": 1.0, "structure.training_days": 20.0, "structure.recognition": 0.9})
    one, department = model.state.staff[0], model.state.departments[0]
    one["morale"], one["empowerment"], one["exhaustion"], one["answered"], one["busy"] = 0.5, 0.4, 0.4, 0.4, 0.0
    one["gratitude"], one["scheduled"], department["morale"], department["coaching"] = 0.1, 480.0, 0.1, 60.0
    run(model, "staff_evening")
    ordinary = 0.2 * 0.4 + 0.2 * 0.6 + 0.1 * 0.5 + 0.1 * 0.3 + 0.15 * 0.6 + 0.25 * 0.6
    balance = 0.6 + 3 * (ordinary - 0.5) + 1.5 * 0.3
    assert one["morale"] == pytest.approx(0.5 + (1 / (1 + math.exp(-balance)) - 0.5) / 20)


def test_several_vacancies_may_end_on_one_day_and_others_begin() -> None:
    model = organisation({"workforce.frontline": 4, "workforce.quit_rate": 0.5})
    staff = model.state.staff
    staff["present"], staff["returns"], staff["exposure"] = [0, 0, 1, 1], [0, 1, 0, 0], [1.0, 1.0, 0.0, 0.0]
    run(model, "staff_evening")
    assert list(staff["present"]) == [1, 1, 0, 0]
    day = today(model)
    assert (day["hires"], day["vacancies"], day["quits"], day["present"]) == (2, 2, 2, 2)
