"""A day at the desk, to the minute: waiting, serving, asking, handing over, closing."""

from __future__ import annotations

import numpy as np
import pytest
from tiny import ASKING, FAILURES, evening, organisation, run, serve, today

from simsvc.model.rows import (
    ABANDONED,
    AWAY,
    HAND_OVER,
    HUNG_UP,
    IN_QUEUE,
    NOBODY,
    REDIALLED,
    REFUSE,
    RESOLVED,
    TURNED_AWAY,
    UNNOTICED,
    WITHDRAWN,
    WOULD_REDIAL,
)


def test_the_second_caller_waits_until_the_first_is_served() -> None:
    model = organisation()
    first, second = serve(model, {0: 100.0, 1: 104.0})
    assert (first["waited"], first["minutes"], first["ended_at"]) == pytest.approx((0.0, 10.0, 110.0))
    assert (second["waited"], second["minutes"], second["ended_at"]) == pytest.approx((6.0, 10.0, 120.0))
    day = today(model)
    assert (day["served"], day["contacts"], day["cases_in"], day["grants"]) == (2, 2, 2, 0)
    assert (day["service_time"], day["waited_served"]) == pytest.approx((20.0, 6.0))
    one = model.state.staff[0]
    assert (one["busy"], one["contacts"], one["free_at"], one["overtime"]) == pytest.approx((20.0, 2, 120.0, 0.0))
    assert model.state.departments["demanded"][0] == pytest.approx(20.0)
    evening(model)
    assert (day["wait"], day["waited_at_all"], day["abandoned"], day["turned_away"]) == pytest.approx((6.0, 1, 0, 0))


@pytest.mark.parametrize(("minutes", "in_time"), [(5.99, 1), (6.0, 2)])
def test_a_call_counts_as_answered_in_time_up_to_the_wait_that_is_set(minutes: float, in_time: int) -> None:
    model = organisation({"demand.answer_within": minutes})
    serve(model, {0: 100.0, 1: 104.0})
    assert today(model)["answered_in_time"] == in_time


def test_who_call_at_the_same_minute_are_served_in_turn() -> None:
    model = organisation()
    contacts = serve(model, dict.fromkeys(range(8), 100.0))
    assert list(contacts["customer"]) == list(range(8))
    assert contacts["waited"] == pytest.approx([10.0 * k for k in range(8)])


def test_who_has_been_idle_longest_serves_first_and_nobody_waits_beside_an_idle_desk() -> None:
    model = organisation({"workforce.frontline": 3})
    model.state.staff["free_at"] = [-2.0, -3.0, -1.0]
    contacts = serve(model, {0: 10.0, 1: 11.0, 2: 12.0, 3: 13.0, 4: 30.0})
    assert list(contacts["staff"]) == [1, 0, 2, 1, 0]
    assert contacts["waited"] == pytest.approx([0.0, 0.0, 0.0, 7.0, 0.0])


def test_who_runs_out_of_patience_is_gone_when_its_turn_comes() -> None:
    model = organisation({"demand.patience": 0.01, "demand.redial_share": 0.0})
    contacts = serve(model, {0: 100.0, 1: 104.0})
    assert sorted(contacts["outcome"]) == [RESOLVED, ABANDONED]
    gone = contacts[contacts["outcome"] == ABANDONED][0]
    assert gone["ended_at"] == gone["leaves_at"]
    assert gone["waited"] == pytest.approx(gone["leaves_at"] - 104.0, abs=1e-6)
    assert model.state.departments["lost"][0] == 1
    assert model.state.staff["busy"][0] == pytest.approx(10.0)
    evening(model)
    assert (today_before(model)["abandoned"], today_before(model)["served"]) == (1, 1)


REDIALS = {"demand.redial_share": 1.0, "demand.persistence": 1.0, "rules.repeat_contacts": 1.0}


@pytest.mark.parametrize("minutes", [1.0, 30.0, 1e6])
def test_who_gives_up_waiting_tries_again_the_same_day_once(minutes: float) -> None:
    """Before the desk is free again and gives the case up, or after: two contacts of one case; not after closing."""
    model = organisation({**REDIALS, "demand.patience": 0.01, "demand.redial_minutes": minutes})
    contacts = serve(model, {0: 100.0, 1: 104.0})
    gone, *again = np.sort(contacts[contacts["customer"] == 1], order="attempts")
    assert (gone["attempts"], gone["outcome"], gone["ended_at"]) == (1, ABANDONED, gone["leaves_at"])
    assert (gone["redials"], len(again)) == ((WOULD_REDIAL, 0) if minutes > 480.0 else (REDIALLED, 1))
    for one in again:
        assert (one["attempts"], one["redials"]) == (2, 0)
        assert gone["leaves_at"] < gone["redials_at"] == one["contact_at"]
        assert one["outcome"] == (RESOLVED if one["contact_at"] >= 110.0 else ABANDONED)
    day, given_up = today(model), np.count_nonzero(contacts["outcome"] == ABANDONED)
    assert (day["contacts"], day["repeats"]) == (2 + len(again), len(again))
    evening(model)
    assert today_before(model)["abandoned"] == given_up
    settled = np.count_nonzero(contacts["outcome"] == RESOLVED)
    assert (
        model.state.organisation["open_cases"][0] == np.count_nonzero(model.state.cases["stage"] == AWAY) == 2 - settled
    )


def test_who_waits_too_long_for_an_answer_hangs_up_and_frees_the_desk() -> None:
    jam = {**ASKING, "structure.escalation": "blocked", "operations.approval_minutes": 300.0, "demand.patience": 20.0}
    model = organisation(jam)
    contacts = serve(model, {0: 100.0, 1: 300.0})
    assert list(contacts["outcome"]) == [HUNG_UP] * 2
    assert contacts["waited"] == pytest.approx(contacts["leaves_at"] - contacts["queued_at"])
    assert model.state.managers["approvals"][0] == pytest.approx(300.0), "the second left the queue of the manager"
    assert model.state.staff["busy"][0] == pytest.approx(8.0 + contacts["waited"].sum()), "held as long as that"
    assert model.state.departments["demanded"][0] == pytest.approx(20.0 + contacts["waited"].sum())
    day = today(model)
    assert (day["hung_up"], day["callbacks"], day["withdrawn"], day["served"]) == (2, 0, 0, 0)
    patient = organisation({**jam, "demand.patience": 1e6})
    assert list(serve(patient, {0: 100.0})["outcome"]) == [RESOLVED]


def test_being_called_back_by_somebody_else_is_telling_it_again() -> None:
    """The desk that asked is taken by the next caller when the answer comes."""
    model = organisation({**ASKING, "structure.escalation": "parked", "workforce.frontline": 2,
                          "operations.reexplain_minutes": 3.0})  # fmt: skip
    contacts = serve(model, {0: 100.0, 1: 103.0, 2: 105.0})
    others = contacts[contacts["staff"] != contacts["asked_by"]]
    assert len(others) > 0
    assert set(others["reexplained"]) == {1.0}


def today_before(model):  # type: ignore[no-untyped-def]
    """What was counted of the day that is over."""
    return model.state.days[model.day - 1]


def test_closing_time_ends_waiting_but_not_work_under_way() -> None:
    model = organisation()
    contacts = serve(model, {0: 475.0, 1: 476.0})
    served, away = contacts
    assert (served["outcome"], served["ended_at"]) == (RESOLVED, pytest.approx(485.0))
    assert (away["outcome"], away["waited"], away["ended_at"]) == (TURNED_AWAY, pytest.approx(4.0), 480.0)
    assert (today(model)["overtime"], model.state.staff["overtime"][0]) == pytest.approx((5.0, 5.0))
    evening(model)
    day = today_before(model)
    assert (day["turned_away"], day["wait"], day["calls_judged"], day["cases_open"]) == (1, 0.0, 1, 1)
    row = model.state.cases[model.state.cases["stage"] == AWAY][0]
    assert 480.0 <= row["contact_at"] < 960.0, "who is turned away comes back next day"
    contacts = serve(model)
    assert (contacts["attempts"], contacts["reexplained"]) == (2, 0.0)
    assert (today(model)["repeats"], today(model)["contacts"], today(model)["cases_in"]) == (1, 1, 0)


def test_who_gave_up_before_closing_time_is_not_turned_away() -> None:
    model = organisation({"demand.patience": 0.01})
    assert list(serve(model, {0: 475.0, 1: 476.0})["outcome"]) == [RESOLVED, ABANDONED]


def test_a_blocked_case_holds_its_desk_and_its_customer_while_the_manager_decides() -> None:
    model = organisation({**ASKING, "structure.escalation": "blocked"})
    first, second = serve(model, {0: 100.0, 1: 104.0})
    # 4 minutes until it is clear, 6 at the manager's, 6 to finish
    assert (first["waited"], first["minutes"], first["delayed"], first["ended_at"]) == pytest.approx((6, 10, 0, 116))
    assert (second["waited"], second["ended_at"]) == pytest.approx((12.0 + 6.0, 132.0))
    day = today(model)
    assert (day["asked"], day["escalated_1"], day["escalated_2"], day["callbacks"]) == (2, 2, 0, 0)
    assert model.state.staff["busy"][0] == pytest.approx(32.0)
    assert model.state.managers["approvals"][0] == pytest.approx(12.0)
    assert model.state.managers["free_at"][0] == pytest.approx(126.0)
    assert model.state.departments["demanded"][0] == pytest.approx(32.0)
    assert (first["level"], list(first["approvers"]), first["asked_by"]) == (1, [0, NOBODY], 0)
    assert first["information"] == 1.0, "distortion is off"
    assert (day["grants"], day["refused"], model.state.departments["granted"][0]) == (2, 0, 200.0)


def test_approvals_outside_a_managers_hours_are_overtime_of_somebody_on_call() -> None:
    open_long = {**ASKING, "operations.open_minutes": 1440.0, "workforce.day_minutes": 480.0}
    model = organisation(open_long)
    serve(model, {0: 100.0, 1: 200.0, 2: 159.0})  # of 480: in truth at 300, 600 and 477
    manager = model.state.managers[0]
    # hours are the first third of this day; of the approval from 481 on nothing lies in them
    assert (manager["approvals"], manager["overtime"]) == pytest.approx((18.0, 12.0))
    two = organisation({**open_long, "workforce.managers": 2})
    assert serve(two, {0: 250.0})["manager"][0] == 1, "at 754 the second of them is in, whose hours begin at 593"
    assert two.state.managers["overtime"].sum() == 0.0
    two.state.managers["free_at"] = [100.0, 50.0]
    assert serve(two, {1: 30.0})["manager"][-1] == 0, "at 94 the first is, though idle for less long"


def test_a_parked_case_leaves_its_desk_free_and_is_called_back() -> None:
    model = organisation({**ASKING, "structure.escalation": "parked"})
    contacts = serve(model, {0: 100.0, 1: 101.0})
    # 100-104 the first, 104-108 the second, 110-116 the first again, 116-122 the second; all is known
    assert contacts["ended_at"] == pytest.approx([116.0, 122.0])
    assert contacts["minutes"] == pytest.approx([10.0, 10.0])
    # asked at 104, answered and taken up at 110; asked at 108, answered at 116 after the first
    assert contacts["delayed"] == pytest.approx([6.0, 8.0])
    assert contacts["waited"] == pytest.approx([0.0, 3.0])
    day = today(model)
    assert (day["callbacks"], day["asked"], day["escalated_1"]) == (2, 2, 2)
    assert model.state.staff["busy"][0] == pytest.approx(20.0)
    assert model.state.managers["approvals"][0] == pytest.approx(12.0)
    assert model.state.departments["demanded"][0] == pytest.approx(20.0)
    evening(model)
    assert today_before(model)["delay"] == pytest.approx(14.0)
    assert today_before(model)["first_contact_resolved"] == 0, "a call back is no first-contact resolution"


def test_a_call_back_that_is_due_after_closing_is_made_next_morning_first_thing() -> None:
    model = organisation({**ASKING, "structure.escalation": "parked"})
    assert len(serve(model, {0: 472.0})) == 0
    waiting = model.state.cases[model.state.cases["stage"] == IN_QUEUE]
    assert waiting["left"] == pytest.approx([6.0])
    evening(model)
    (contact,) = serve(model)
    assert (contact["ended_at"], contact["delayed"]) == pytest.approx((486.0, 6.0))  # answered at 482


def test_who_is_not_called_back_in_time_gives_up_and_leaves_the_managers_desk() -> None:
    jam = {**ASKING, "structure.escalation": "parked", "operations.approval_minutes": 300.0,
           "demand.patience_aside": 0.01}  # fmt: skip
    model = organisation(jam)
    contacts = serve(model, {0: 100.0, 1: 110.0, 2: 120.0})
    # the manager is busy with the first until 404; by then it and the others have given up
    assert list(contacts["outcome"]) == [WITHDRAWN] * 3
    assert list(contacts["ended_at"]) == list(contacts["leaves_at"])
    assert contacts["delayed"] == pytest.approx(contacts["leaves_at"] - contacts["queued_at"])
    assert model.state.managers["approvals"][0] == pytest.approx(300.0), "no work is done on what nobody waits for"
    assert sorted(contacts["level"]) == [0, 0, 1], "two were decided by nobody"
    assert contacts["paid"].sum() == 0.0
    day = today(model)
    assert (day["withdrawn"], day["callbacks"], day["served"]) == (3, 3, 0)
    rows = model.state.ended[:3].copy()
    evening(model)
    assert (day["calls_judged"], day["first_contact_judged"], day["first_contact_resolved"]) == (3, 3, 0)
    assert set(model.state.cases["outcome_felt"][rows]) == {0.1}, "judged like anything that is not settled"
    patient = organisation({**jam, "demand.patience_aside": 1e6})
    assert list(serve(patient, {0: 100.0})["outcome"]) == [RESOLVED]


def test_the_patient_wait_longer_for_a_call_back() -> None:
    jam = {**ASKING, "structure.escalation": "parked", "operations.approval_minutes": 300.0,
           "demand.patience_aside": 0.01}  # fmt: skip
    waits = []
    for patience in (1.0, 2.0):
        model = organisation(jam)
        model.state.customers["patience"] = patience
        (contact,) = serve(model, {0: 100.0})
        waits.append(contact["leaves_at"] - contact["queued_at"])
    assert waits[1] == pytest.approx(2 * waits[0])


def test_a_request_that_reaches_a_manager_after_closing_waits_on_the_desk() -> None:
    model = organisation({**ASKING, "structure.escalation": "parked"})
    assert len(serve(model, {0: 478.0})) == 0
    assert list(model.state.cases["stage"]).count(UNNOTICED) == 1
    assert (today(model)["overtime"], model.state.managers["approvals"][0]) == pytest.approx((2.0, 0.0))
    evening(model)
    (contact,) = serve(model)
    assert contact["ended_at"] == pytest.approx(482.0 + 6.0 + 6.0)


def test_a_blocked_customer_is_attended_to_after_closing_a_parked_case_is_not() -> None:
    model = organisation({**ASKING, "structure.escalation": "blocked"})
    (contact,) = serve(model, {0: 478.0})
    assert contact["ended_at"] == pytest.approx(494.0)
    assert today(model)["overtime"] == pytest.approx(14.0)


def test_what_exceeds_the_managers_limit_goes_on_to_the_director_and_the_executive() -> None:
    above = {"workforce.directors": 1, "workforce.executives": 1, "structure.manager_limit": 10.0}
    asked = {**ASKING, **above, "structure.escalation": "blocked"}
    model = organisation({**asked, "structure.director_limit": 50.0})
    (contact,) = serve(model, {0: 100.0})
    assert (contact["level"], list(contact["approvers"]), contact["manager"]) == (3, [0, 1], 2)
    assert (contact["waited"], contact["ended_at"]) == pytest.approx((18.0, 128.0))
    day = today(model)
    assert (day["escalated_1"], day["escalated_2"], day["escalated_3"]) == (1, 1, 1)
    assert model.state.managers["approvals"] == pytest.approx([6.0, 6.0, 6.0])
    trusted = organisation({**asked, "structure.director_limit": 100.0})
    assert serve(trusted, {0: 100.0})["level"] == [2]
    alone = organisation({**asked, "structure.director_limit": 50.0, "workforce.executives": 0})
    assert serve(alone, {0: 100.0})["level"] == [2]
    assert [today(alone)[f"escalated_{level}"] for level in (1, 2, 3)] == [1, 1, 0]


def test_a_managers_refusal_is_final_whatever_a_director_would_say() -> None:
    judged = {"rules.screening": 1.0, "demand.illegitimate_share": 0.5, "workforce.frontline": 8}
    model = organisation({**ASKING, **judged, "workforce.directors": 1, "structure.manager_limit": 10.0})
    contacts = serve(model, {k: 10.0 + 50.0 * k for k in range(8)})
    ruled = contacts[contacts["level"] > 0]
    assert set(ruled["level"]) == {1, 2}, "some are refused at once, some granted and too large for the manager"
    assert not ruled["granted"][ruled["level"] == 1].any()


def test_a_tight_policy_lowers_the_managers_limit_too() -> None:
    asked = {**ASKING, "workforce.directors": 1, "structure.manager_limit": 150.0, "rules.ratchet": 1.0}
    for tightness, level in ((0.3, 1), (0.4, 2)):
        model = organisation(asked)
        model.state.departments["tightness"] = tightness
        assert serve(model, {0: 100.0})["level"] == [level]


def test_each_level_up_loses_part_of_the_case() -> None:
    lossy = {"rules.distortion": 1.0, "operations.information_loss": 0.2, "workforce.directors": 1}
    model = organisation({**ASKING, **lossy, "structure.manager_limit": 0.0})
    assert serve(model, {0: 100.0})["information"] == pytest.approx([0.64])


def test_a_case_of_another_department_is_handed_over_with_what_is_left_of_its_customers_patience() -> None:
    two = {"workforce.frontline": 2, "workforce.departments": 2, "rules.handoffs": 1.0, "structure.permeability": 0.0}
    model = organisation({**two, "demand.misrouted_share": 1.0, "demand.patience": 100.0})
    state = model.state
    (contact,) = serve(model, {0: 100.0})
    assert contact["plan"] != HAND_OVER
    assert (contact["department"], contact["handed_by"]) == (contact["owner"], 1 - contact["owner"])
    assert (today(model)["handoffs"], contact["reexplained"]) == (1, pytest.approx(1.0))
    # a quarter of a service until it is clear, then a service and 3 minutes to tell it anew
    assert (contact["minutes"], contact["ended_at"]) == pytest.approx((15.5, 115.5))
    assert state.departments["demanded"][contact["owner"]] == pytest.approx(13.0)
    assert state.departments["demanded"][1 - contact["owner"]] == pytest.approx(2.5)
    # patience goes on where it stood: served for 2.5 minutes, the customer has not waited yet
    fresh = organisation({**two, "demand.misrouted_share": 0.0, "demand.patience": 100.0})
    (same,) = serve(fresh, {0: 100.0})
    assert contact["leaves_at"] - 102.5 == pytest.approx(same["leaves_at"] - 100.0)
    # two more who come at the same minute to the same desk: who waited 2.5 minutes there has 2.5 minutes less
    queue = organisation({**two, "demand.misrouted_share": 1.0, "demand.patience": 100.0})
    contacts = serve(queue, dict.fromkeys(range(8), 100.0))
    calm = organisation({**two, "demand.misrouted_share": 0.0, "demand.patience": 100.0})
    patience = {int(c["customer"]): c["leaves_at"] - 100.0 for c in serve(calm, dict.fromkeys(range(8), 100.0))}
    handed = contacts[(contacts["handed_by"] != NOBODY)]
    assert len(handed) > 4
    for case in handed:
        served_first = 2.5
        assert case["leaves_at"] - 100.0 - served_first == pytest.approx(patience[int(case["customer"])])


def test_a_wide_span_loses_more_of_a_case_that_is_handed_over() -> None:
    two = {"workforce.frontline": 2, "workforce.departments": 2, "rules.handoffs": 1.0, "structure.permeability": 0.0}
    lossy = {"rules.distortion": 1.0, "operations.information_loss": 0.2, "rules.coordination": 1.0}
    model = organisation({**two, **lossy, "demand.misrouted_share": 1.0})
    model.state.departments["span"] = 32.0
    (contact,) = serve(model, {0: 100.0})
    assert (contact["information"], contact["reexplained"]) == pytest.approx((0.6, 2.0))


def test_between_open_departments_the_first_desk_deals_with_it() -> None:
    two = {"workforce.frontline": 2, "workforce.departments": 2, "rules.handoffs": 1.0, "structure.permeability": 1.0}
    model = organisation({**two, "demand.misrouted_share": 1.0})
    (contact,) = serve(model, {0: 100.0})
    assert contact["department"] == 1 - contact["owner"]
    assert (today(model)["handoffs"], contact["minutes"]) == (0, pytest.approx(10.0))


def test_the_desk_that_knows_a_customer_serves_it_if_it_is_free() -> None:
    known = {"workforce.frontline": 3, "operations.continuity": 1.0, "rules.relationship": 1.0}
    model = organisation(known)
    model.state.staff["free_at"] = [-3.0, -2.0, -1.0]
    customers = model.state.customers
    customers["known_staff"][:3] = [2, 2, 1]
    customers["known_person"][:3] = [0, 0, 7]  # the third knew somebody who has left
    customers["bond"][:3] = 0.4
    contacts = serve(model, {0: 10.0, 1: 11.0, 2: 12.0})
    assert {int(c["customer"]): int(c["staff"]) for c in contacts} == {0: 2, 1: 0, 2: 1}
    assert {int(c["customer"]): int(c["familiar"]) for c in contacts} == {0: 1, 1: 0, 2: 0}
    assert today(model)["familiar"] == 1
    assert {int(c["customer"]): float(c["minutes"]) for c in contacts} == pytest.approx({0: 9.4, 1: 10.0, 2: 10.0})


def test_shifts_begin_and_end_during_the_day() -> None:
    model = organisation({"workforce.frontline": 2, "workforce.shift_profile": [0.5, 1.0]})
    contacts = serve(model, {0: 230.0, 1: 231.0, 2: 232.0})
    # one desk until 240, then both
    assert contacts["ended_at"] == pytest.approx([240.0, 250.0, 250.0])
    assert sorted(model.state.staff["scheduled"]) == [240.0, 480.0]
    assert today(model)["available"] == pytest.approx(720.0)


def test_the_ring_of_positions_turns_by_the_golden_ratio_from_day_to_day() -> None:
    model = organisation({"workforce.frontline": 4, "workforce.shift_profile": [0.5, 0.5]})
    begins = []
    for _ in range(3):
        run(model, "opening")
        begins.append(list(model.state.staff["on_duty"]))
        model.advance(1)
    # places are 0.125, 0.375, 0.625, 0.875; from 0 to 0.5 come first; a day later 0.618 has been added to each
    assert begins == [[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 0, 1]]


def test_at_the_end_of_a_shift_the_case_in_hand_is_finished_and_no_other_begun() -> None:
    model = organisation({"workforce.frontline": 2, "workforce.shift_profile": [1.0, 0.5]})
    contacts = serve(model, {0: 235.0, 1: 236.0, 2: 237.0})
    assert contacts["ended_at"] == pytest.approx([245.0, 246.0, 255.0]) or contacts["ended_at"] == pytest.approx(
        [245.0, 246.0, 256.0]
    )
    stays = contacts["staff"][2]
    assert model.state.staff["on_duty"][stays] == 1
    assert model.state.staff["on_duty"][1 - stays] == 0
    assert list(model.state.staff["case"]) == [NOBODY, NOBODY]


def test_a_clock_that_never_stops_takes_the_case_in_hand_into_the_next_day() -> None:
    model = organisation({"operations.continuous": True})
    assert len(serve(model, {0: 475.0, 1: 476.0})) == 0
    evening(model)
    contacts = serve(model)
    assert contacts["ended_at"] == pytest.approx([485.0, 495.0])
    assert contacts["waited"] == pytest.approx([0.0, 9.0])
    assert today(model)["overtime"] == 0.0


def test_the_service_profile_says_how_long_a_case_takes_at_what_hour() -> None:
    model = organisation({"operations.service_profile": [1.0, 2.0]})
    contacts = serve(model, {0: 100.0, 1: 300.0})
    assert contacts["minutes"] == pytest.approx([10.0, 20.0])


def test_a_gesture_goes_with_what_is_solved_without_a_claim() -> None:
    model = organisation({"structure.generosity": 0.5, "rules.generosity": 1.0, "economics.gesture_cost": 20.0})
    (contact,) = serve(model, {0: 100.0})
    assert (contact["gesture"], contact["paid"], today(model)["gestures"]) == pytest.approx((0.5, 10.0, 1))
    assert model.state.departments["granted"][0] == 10.0, "a concession like any other, to the ratchet"
    evening(model)
    assert today_before(model)["grant_cost"] == 1000


def test_a_generous_chart_pays_more_than_is_fair() -> None:
    for asking in (FAILURES, ASKING):
        model = organisation({**asking, "structure.generosity": 0.5, "rules.generosity": 1.0})
        (contact,) = serve(model, {0: 100.0})
        assert (contact["paid"], contact["gesture"], today(model)["grants"]) == (150.0, 0.0, 1)
        assert model.state.departments["granted"][0] == 150.0


def test_without_a_manager_what_is_beyond_the_limit_is_refused_and_paid_up_to_the_limit() -> None:
    model = organisation(
        {**FAILURES, "workforce.managers": 0, "rules.screening": 1.0, "structure.frontline_limit": 99.0}
    )
    contacts = serve(model, {0: 100.0, 1: 200.0, 2: 300.0, 3: 400.0})
    refused = contacts[contacts["refused"] == 1]
    assert len(refused) > 0
    assert set(refused["paid"]) <= {0.0, 99.0}
    day = today(model)
    turned_down, paid = (contacts["plan"] == REFUSE).sum(), (contacts["paid"] == 99.0).sum()
    assert paid > 0
    not_at_all = len(refused) - turned_down
    assert day["refused"] == day["refused_justified"] == pytest.approx(0.01 * turned_down + not_at_all)
    assert day["grants"] == pytest.approx(0.99 * paid), "99 of 100 are granted"
    assert model.state.staff["refusals"] == len(refused)


def test_decisions_of_ones_own_stretch_and_strain() -> None:
    model = organisation({**FAILURES, "rules.authority_load": 1.0, "demand.remedy": 250.0})
    one = model.state.staff
    one["skill"] = 0.4
    (contact,) = serve(model, {0: 100.0})
    needed = max(0.5, contact["distance"])  # half of the most at a usual remedy, whatever that is
    assert one["stretch"][0] == pytest.approx(needed)
    information = model.state.departments["information"][0]
    assert one["overreach"][0] == pytest.approx(0.3 * needed + 0.7 * max(needed - 0.4 * (0.6 + 0.4 * information), 0))
    routine = organisation({"rules.authority_load": 1.0})
    serve(routine, {0: 100.0})
    assert (routine.state.staff["stretch"][0], routine.state.staff["overreach"][0]) == (0.0, 0.0)


def test_waiting_before_and_after_a_hand_over_adds_up_also_for_who_gives_up() -> None:
    two = {"workforce.frontline": 2, "workforce.departments": 2, "rules.handoffs": 1.0, "structure.permeability": 0.0}
    model = organisation({**two, "demand.misrouted_share": 1.0, "operations.service_minutes": 40.0})
    contacts = serve(model, dict.fromkeys(range(8), 100.0))
    assert list(contacts["outcome"]) == [RESOLVED] * 8
    assert model.state.staff["busy"].sum() == pytest.approx(8 * (10.0 + 43.0))
    for contact in contacts:
        assert contact["waited"] + contact["minutes"] == pytest.approx(contact["ended_at"] - 100.0)
    hasty = organisation({**two, "demand.misrouted_share": 1.0, "operations.service_minutes": 40.0,
                          "demand.patience": 60.0})  # fmt: skip
    contacts = serve(hasty, dict.fromkeys(range(8), 100.0))
    late = contacts[(contacts["outcome"] == ABANDONED) & (contacts["handed_by"] != NOBODY)]
    assert len(late) > 0
    for contact in late:
        assert contact["waited"] + contact["minutes"] == pytest.approx(contact["ended_at"] - 100.0)


def test_the_service_profile_begins_anew_each_day() -> None:
    model = organisation({"operations.service_profile": [1.0, 2.0]})
    serve(model)
    evening(model)
    assert serve(model, {0: 100.0, 1: 300.0})["minutes"] == pytest.approx([10.0, 20.0])


def test_a_settled_case_leaves_room_for_another() -> None:
    model = organisation()
    for _ in range(10):
        serve(model, dict.fromkeys(range(8), 100.0))
        evening(model)
    assert len(model.state.cases) == 64
    assert model.state.organisation["open_cases"][0] == 0
    assert today_before(model)["served"] == 8


def test_after_closing_a_manager_attends_to_those_on_the_line_and_to_the_others_next_morning() -> None:
    two = {**ASKING, "workforce.frontline": 4, "workforce.departments": 2}
    found = serve(organisation(two), {i: 10.0 * i for i in range(8)})
    parked, blocked = ([int(c["customer"]) for c in found if c["department"] == d] for d in (0, 1))
    model = organisation(two)
    escalation = model.state.levers["escalation"]
    escalation[:] = [
        organisation({"structure.escalation": e}).state.levers["escalation"][0] for e in ("parked", "blocked")
    ]
    contacts = serve(model, {parked[0]: 471.0, parked[1]: 472.0, blocked[0]: 473.0, blocked[1]: 474.0})
    # the manager: 475-481 the first, parked; then those on the line, 481-487 and 487-493
    assert list(contacts["customer"]) == blocked[:2]
    assert contacts["ended_at"] == pytest.approx([493.0, 499.0])
    assert model.state.managers["approvals"][0] == pytest.approx(18.0)
    evening(model)
    contacts = serve(model)
    assert list(contacts["customer"]) == parked[:2]
    assert contacts["ended_at"] == pytest.approx([486.0, 492.0])
    assert model.state.managers["approvals"][0] == pytest.approx(6.0)


def test_a_case_of_today_has_nothing_of_the_case_whose_place_it_takes() -> None:
    model = organisation({**ASKING, "structure.escalation": "blocked"})
    (claim,) = serve(model, {0: 100.0})
    assert (claim["remedy"], claim["level"], claim["left"]) == pytest.approx((100.0, 1, 6.0))
    evening(model)
    model.change({"demand.failure_share": 0.0})
    (routine,) = serve(model, {1: 100.0})
    assert model.state.cases["customer"][model.state.ended[0]] == 1
    assert [routine[name] for name in ("remedy", "level", "left", "paid", "refused", "asked_by")] == [
        0,
        0,
        0,
        0,
        0,
        NOBODY,
    ]


def test_who_calls_back_after_an_approval_has_to_be_told_if_it_is_somebody_else() -> None:
    model = organisation({**ASKING, "structure.escalation": "parked", "workforce.frontline": 2})
    # 100-104 at one desk; the other one, which has been idle for longer, calls back at 110
    (contact,) = serve(model, {0: 100.0})
    assert (contact["staff"] != contact["asked_by"], contact["minutes"]) == (True, pytest.approx(13.0))
    assert contact["delayed"] == pytest.approx(6.0), "until the call back begins"


def test_the_little_that_is_left_after_an_approval_is_done_too() -> None:
    model = organisation({**ASKING, "structure.escalation": "parked", "operations.diagnosis_share": 0.95})
    assert serve(model, {0: 100.0})["minutes"] == pytest.approx([10.0])
    done = organisation({**ASKING, "structure.escalation": "parked", "operations.diagnosis_share": 1.0})
    (contact,) = serve(done, {0: 100.0})
    assert (contact["minutes"], contact["ended_at"]) == pytest.approx((10.0, 116.0))
