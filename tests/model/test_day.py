"""How contacts are served: queues, closing time, escalation, hand-overs, those who give up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from conftest import BEHAVIOUR_OFF
from scipy import stats

from simsvc.model.rows import (
    ABANDONED,
    ARRIVING,
    ASKING,
    CLOSED,
    FAILURE,
    IN_QUEUE,
    NOBODY,
    RESOLVED,
    SILENT_LOSS,
    TURNED_AWAY,
    UNNOTICED,
    UNRESOLVED,
    WITH_MANAGER,
)
from simsvc.organization import ServiceOrganization

MakeModel = Callable[..., ServiceOrganization]

# One person at one desk, one manager, nobody in a hurry, nothing but waiting and serving.
ONE_DESK = {
    **BEHAVIOUR_OFF,
    "market.customers": 60,
    "market.dissatisfaction_churn": 0.0,
    "market.incident_churn": 0.0,
    "market.neutral_churn": 0.0,
    "rules.word_of_mouth": 0.0,
    "workforce.frontline": 1,
    "workforce.departments": 1,
    "workforce.managers": 1,
    "workforce.directors": 0,
    "workforce.quit_rate": 0.0,
    "structure.training_days": 0.0,
    "structure.frontline_limit": 1e6,
    "structure.latitude": 1.0,
    "demand.contacts_per_year": 60.0,
    "demand.patience": 1e9,
    "demand.silent_share": 0.0,
    "demand.illegitimate_share": 0.0,
    "operations.causes": 0,
    "rules.screening": 0.0,
    "rules.hassle": 0.0,
    "rules.bending": 0.0,
}
# Every case is a claim beyond the desk's authority, and every claim is granted.
ALL_ASK = {**ONE_DESK, "demand.failure_share": 1.0, "structure.frontline_limit": 0.0, "demand.patience_aside": 1e6}


def noted(model: ServiceOrganization, days: int) -> Any:
    """Simulate days; returns all contacts as they stood when they had ended."""
    rows: list[Any] = []

    def note(model: ServiceOrganization) -> None:
        ended = model.state.ended[: model.state.organisation["ended"][0]]
        rows.append(model.state.cases[ended].copy())

    model.phases.insert("note", note, before="reactions")
    model.advance(days)
    return np.concatenate(rows)


# -- waiting --------------------------------------------------------------------------------------


def test_who_comes_first_is_served_first(organisation: MakeModel) -> None:
    contacts = noted(organisation({**ONE_DESK, "demand.contacts_per_year": 150.0}), 10)
    served = np.sort(contacts[np.isin(contacts["outcome"], (RESOLVED, UNRESOLVED))], order="contact_at")
    begun = served["contact_at"] + served["waited"]
    assert (served["waited"] > 0).sum() > 50
    assert (np.diff(begun) >= 0).all()


def test_nobody_waits_while_somebody_is_free(organisation: MakeModel) -> None:
    contacts = noted(organisation({**ONE_DESK, "workforce.frontline": 2}), 10)
    served = np.sort(contacts[np.isin(contacts["outcome"], (RESOLVED, UNRESOLVED))], order="contact_at")
    begun, ended = served["contact_at"] + served["waited"], served["ended_at"]
    np.testing.assert_allclose(begun + served["minutes"], ended)
    for k in np.flatnonzero(served["waited"] > 0):
        # those who were being served while this one waited
        busy = (begun <= served["contact_at"][k]) & (ended > served["contact_at"][k])
        assert np.count_nonzero(busy) == 2
    assert (served["waited"] > 0).any()


def test_who_has_been_free_longest_takes_the_next_call(organisation: MakeModel) -> None:
    contacts = noted(organisation({**ONE_DESK, "workforce.frontline": 3, "demand.contacts_per_year": 10.0}), 60)
    order = np.sort(contacts, order="contact_at")["staff"]
    assert len(order) > 100
    # with hardly any queue, three people take turns
    in_turn = np.mean((order[3:] == order[:-3]) & (order[3:] != order[2:-1]))
    assert in_turn > 0.9


def test_who_gives_up_waiting_uses_no_capacity(organisation: MakeModel) -> None:
    model = organisation({**ONE_DESK, "demand.patience": 2.0, "demand.contacts_per_year": 250.0})
    contacts = noted(model, 20)
    days = model.days
    assert days["abandoned"].sum() > 100
    np.testing.assert_allclose(days["busy"], days["service_time"])
    gone = contacts[contacts["outcome"] == ABANDONED]
    assert (gone["minutes"] == 0).all()
    assert (gone["staff"] == NOBODY).all()
    np.testing.assert_allclose(gone["contact_at"] + gone["waited"], gone["leaves_at"])


def test_nobody_is_more_patient_than_its_patience(organisation: MakeModel) -> None:
    contacts = noted(organisation({**ONE_DESK, "demand.patience": 20.0, "demand.contacts_per_year": 250.0}), 20)
    np.testing.assert_array_less(contacts["waited"], contacts["leaves_at"] - contacts["contact_at"] + 1e-6)


def test_at_closing_time_those_waiting_are_turned_away_and_come_back_next_day(organisation: MakeModel) -> None:
    model = organisation({**ONE_DESK, "demand.contacts_per_year": 250.0, "demand.persistence": 0.0})
    contacts = noted(model, 5)
    days = model.days
    assert (days["turned_away"] > 0).all()
    assert list(days["repeats"][1:]) == list(days["turned_away"][:-1])
    closing = 480.0 * (1 + contacts["contact_at"] // 480.0)
    away = contacts["outcome"] == TURNED_AWAY
    np.testing.assert_allclose((contacts["contact_at"] + contacts["waited"])[away], closing[away])
    assert (contacts["attempts"][away] >= 1).all()
    assert contacts["attempts"].max() > 1


def test_work_under_way_at_closing_time_is_finished_in_overtime(organisation: MakeModel) -> None:
    model = organisation({**ONE_DESK, "demand.contacts_per_year": 250.0, "operations.service_minutes": 100.0})
    contacts = noted(model, 5)
    begun = contacts["contact_at"] + contacts["waited"]
    served = np.isin(contacts["outcome"], (RESOLVED, UNRESOLVED))
    closing = 480.0 * (1 + contacts["contact_at"] // 480.0)
    late = served & (contacts["ended_at"] > closing)
    assert late.any()
    assert (begun[late] < closing[late]).all(), "nobody begins after closing time"
    assert model.days["overtime"].sum() == pytest.approx((contacts["ended_at"] - closing)[late].sum())


def test_a_clock_that_never_stops_turns_nobody_away(organisation: MakeModel) -> None:
    model = organisation({**ONE_DESK, "demand.contacts_per_year": 120.0, "operations.continuous": True})
    contacts = noted(model, 20)
    assert model.days["turned_away"].sum() == 0
    overnight = contacts["contact_at"] // 480.0 < contacts["ended_at"] // 480.0
    assert overnight.any()


def test_a_flat_profile_spreads_arrivals_evenly_over_the_day(organisation: MakeModel) -> None:
    model, minutes = organisation({**ONE_DESK, "demand.persistence": 0.0, "demand.contacts_per_year": 200.0}), []
    model.phases.insert(
        "note",
        lambda model: minutes.extend(
            case["contact_at"] % 480.0
            for case in model.state.cases[model.state.cases["stage"] == ARRIVING]
            if case["attempts"] == 1
        ),
        after="needs",
    )
    model.advance(40)
    assert len(minutes) > 1500
    # the seed is fixed; a right model had a chance of one in a thousand to fail when this was written
    assert stats.kstest(np.array(minutes) / 480.0, "uniform").pvalue > 0.001


def test_customers_come_when_the_profile_says(organisation: MakeModel) -> None:
    model = organisation({**ONE_DESK, "demand.profile": [0.0, 3.0, 0.0, 1.0], "demand.persistence": 0.0})
    contacts = noted(model, 40)
    quarter = (contacts["contact_at"][contacts["attempts"] == 1] % 480.0 // 120.0).astype(int)
    shares = np.bincount(quarter, minlength=4) / len(quarter)
    assert shares[0] == shares[2] == 0
    assert shares[1] == pytest.approx(0.75, abs=0.07)  # 4.2 standard errors of 650 contacts


def test_customers_come_on_the_first_day_as_on_any_other(organisation: MakeModel) -> None:
    model = organisation({"market.population": 2000, "market.customers": 2000, "demand.contacts_per_year": 25.0})
    model.advance(5)
    # 200 needs a day, Poisson: 5 standard errors either way
    assert model.days["cases_in"].between(200 - 70, 200 + 70).all()


def test_who_says_nothing_uses_nobodys_time(organisation: MakeModel) -> None:
    model = organisation({**ALL_ASK, "demand.silent_share": 1.0})
    contacts = noted(model, 10)
    days = model.days
    assert days["cases_in"].sum() > 50
    assert list(days["cases_in"]) == list(days["silent_failures"]) == list(days["given_up"])
    assert (contacts["outcome"] == SILENT_LOSS).all()
    assert days[["contacts", "served", "busy"]].sum().sum() == 0


# -- escalation -----------------------------------------------------------------------------------


def test_a_parked_case_frees_its_member_of_staff(organisation: MakeModel) -> None:
    slow = {**ALL_ASK, "operations.approval_delay": 60.0, "operations.reexplain_minutes": 0.0}
    parked, blocked = organisation(slow, escalation="parked"), organisation(slow, escalation="blocked")
    for model in (parked, blocked):
        model.advance(10)
    assert parked.days["asked"].sum() > 50
    # the desk of a parked case is at work for as long as it serves, that of a blocked one also while it waits
    held = blocked.days["busy"].sum() - blocked.days["service_time"].sum()
    assert held > 30.0 * blocked.days["asked"].sum()
    put_aside = parked.state.cases[np.isin(parked.state.cases["stage"], (IN_QUEUE, ASKING, WITH_MANAGER, UNNOTICED))]
    under_way = put_aside["minutes"].sum()
    assert parked.days["busy"].sum() == pytest.approx(parked.days["service_time"].sum() + under_way)


def test_a_parked_case_is_answered_by_a_call_back_and_a_blocked_one_on_the_line(organisation: MakeModel) -> None:
    parked, blocked = organisation(ALL_ASK, escalation="parked"), organisation(ALL_ASK, escalation="blocked")
    # what was granted once is not asked for again
    answered = [
        contacts[(contacts["outcome"] != TURNED_AWAY) & (contacts["attempts"] == 1)]
        for contacts in (noted(parked, 10), noted(blocked, 10))
    ]
    assert (answered[0]["callback"] == 1).all()
    assert (answered[0]["delayed"] >= 0).all()
    assert (answered[0]["delayed"] > 0).mean() > 0.95
    assert (answered[1]["callback"] == 0).all()
    assert (answered[1]["delayed"] == 0).all()
    # a blocked customer hangs on while the manager considers
    assert blocked.days["wait"].sum() > blocked.days["waited_served"].sum() * 0.99 > 0
    for contact in answered[1]:
        assert contact["ended_at"] - contact["contact_at"] == pytest.approx(contact["waited"] + contact["minutes"])
    for contact in answered[0]:
        spent = contact["waited"] + contact["minutes"] + contact["delayed"]
        assert contact["ended_at"] - contact["contact_at"] == pytest.approx(spent, abs=60.0)


def test_a_call_back_that_is_due_at_closing_time_is_made_next_morning(organisation: MakeModel) -> None:
    # the manager notices at once and thinks for long
    slow = {"operations.approval_delay": 0.0, "operations.approval_minutes": 120.0, "demand.contacts_per_year": 4.0}
    contacts = noted(organisation({**ALL_ASK, **slow}, escalation="parked"), 150)
    days_apart = contacts["ended_at"] // 480.0 - contacts["contact_at"] // 480.0
    overnight = contacts[(days_apart > 0) & (contacts["attempts"] == 1)]
    assert len(overnight) > 10
    assert np.mean(days_apart[days_apart > 0] == 1) > 0.9
    assert np.median(overnight["ended_at"] % 480.0) < 120.0


@pytest.mark.parametrize("delay", [30.0, 300.0, 3000.0])
def test_an_approver_who_is_slow_to_notice_is_slow_whatever_the_hour(organisation: MakeModel, delay: float) -> None:
    slow = {"operations.approval_delay": delay, "operations.approval_minutes": 0.01, "demand.contacts_per_year": 10.0}
    model = organisation({**ALL_ASK, **slow}, escalation="parked")
    contacts = noted(model, 200)
    first = contacts[(contacts["attempts"] == 1) & (contacts["contact_at"] < 480.0 * 100)]
    assert len(first) > 150
    # delays are exponential: within 4 standard errors of the mean, cut at the 100 days that are observed at least
    assert first["delayed"].mean() == pytest.approx(delay, rel=4.0 / np.sqrt(len(first)))


def test_the_director_is_asked_only_beyond_the_managers_limit(organisation: MakeModel) -> None:
    top = {**ALL_ASK, "workforce.directors": 1}
    contacts = noted(organisation(top, manager_limit=60.0), 20)
    asked = contacts[contacts["level"] > 0]
    assert set(asked["level"]) == {1, 2}
    assert (asked["remedy"][asked["level"] == 2] > 60.0).all()
    assert (asked["remedy"][asked["level"] == 1] <= 60.0).all()
    trusted = organisation(top, manager_limit=1e6)
    trusted.advance(20)
    assert trusted.days["escalated_1"].sum() > 0 == trusted.days["escalated_2"].sum()


def test_without_directors_the_manager_has_the_last_word(organisation: MakeModel) -> None:
    model = organisation(ALL_ASK, manager_limit=0.0)
    model.advance(20)
    assert model.days["escalated_1"].sum() > 0 == model.days["escalated_2"].sum()
    assert model.days["refused"].sum() == 0


def test_without_managers_nobody_is_asked_and_what_is_beyond_the_limit_is_refused(organisation: MakeModel) -> None:
    model = organisation({**ALL_ASK, "workforce.managers": 0, "rules.screening": 1.0})
    model.advance(20)
    assert model.days["asked"].sum() == 0
    assert model.days["served"].sum() == model.days["refused"].sum() > 0
    assert model.days["grant_cost"].sum() == 0
    assert len(model.state.managers) == 0


def test_within_its_limit_the_desk_asks_nobody(organisation: MakeModel) -> None:
    model = organisation({**ALL_ASK, "structure.frontline_limit": 1e6})
    model.advance(20)
    assert model.days["asked"].sum() == 0
    assert model.days["grants"].sum() > 0


def test_however_tight_the_policy_nobodys_limit_falls_below_nothing(organisation: MakeModel) -> None:
    model = organisation({**ALL_ASK, "rules.ratchet": 3.0}, frontline_limit=100.0, manager_limit=100.0)
    model.state.departments["tightness"] = 0.9
    contacts = noted(model, 5)
    assert (model.state.staff["limit"] == 0).all()
    assert (contacts["paid"] >= 0).all()


def test_every_level_loses_some_of_the_case(organisation: MakeModel) -> None:
    top = {**ALL_ASK, "workforce.directors": 1, "operations.information_loss": 0.2}
    contacts = noted(organisation(top, manager_limit=60.0), 10)
    contacts = contacts[contacts["attempts"] == 1]  # later, what an approver has found out may hold
    np.testing.assert_allclose(contacts["information"], 0.8 ** contacts["level"])


def test_what_is_granted_is_paid_once_the_matter_is_settled(organisation: MakeModel) -> None:
    model = organisation({**ALL_ASK, "structure.generosity": 0.5})
    contacts = noted(model, 20)
    settled = (contacts["outcome"] == RESOLVED) & (contacts["kind"] == FAILURE)
    np.testing.assert_allclose(contacts["paid"][settled], 1.5 * contacts["remedy"][settled])
    assert (contacts["paid"][~settled] == 0).all()
    assert model.days["grant_cost"].sum() == pytest.approx(100 * contacts["paid"].sum(), rel=1e-4)


def test_managers_spare_time_is_what_approvals_leave(organisation: MakeModel) -> None:
    model = organisation(ALL_ASK)
    model.advance(5)
    days = model.days
    assert (days["approvals"] > 0).all()
    spare = days["manager_time"] - days["approvals"]
    np.testing.assert_allclose(days["control"], model.settings.structure.share_control * spare)
    used = days[["control", "coaching", "floor", "removing", "approvals"]].sum(axis=1)
    assert (used <= days["manager_time"]).all()


# -- departments ----------------------------------------------------------------------------------

TWO_DESKS = {**ONE_DESK, "workforce.frontline": 2, "workforce.departments": 2, "demand.misrouted_share": 0.5}


def test_hand_overs_reach_the_owners_department(organisation: MakeModel) -> None:
    model, arrived = organisation(TWO_DESKS, permeability=0.0), []
    model.phases.insert(
        "arrivals",
        lambda model: arrived.append(model.state.cases[model.state.cases["stage"] == ARRIVING].copy()),
        after="needs",
    )
    contacts = noted(model, 20)
    wrong = np.concatenate(arrived)
    wrong = wrong[wrong["department"] != wrong["owner"]]
    served = contacts[np.isin(contacts["outcome"], (RESOLVED, UNRESOLVED))]
    assert (model.state.staff["department"][served["staff"]] == served["owner"]).all()
    assert 0 < model.days["handoffs"].sum() <= len(wrong)
    handed = served[(served["information"] < 1) & (served["attempts"] == 1)]  # later, it may know the case
    assert len(handed) > 50
    assert (handed["reexplained"] > 0).all()


def test_between_open_departments_a_case_is_dealt_with_where_it_arrives(organisation: MakeModel) -> None:
    model = organisation(TWO_DESKS, permeability=1.0)
    contacts = noted(model, 20)
    assert model.days["handoffs"].sum() == 0
    assert (contacts["department"] != contacts["owner"]).any()


def test_a_department_of_absentees_serves_nobody_and_others_go_on(organisation: MakeModel) -> None:
    model = organisation({**TWO_DESKS, "demand.misrouted_share": 0.0})
    model.state.staff["present"][0] = 0
    model.state.staff["returns"][0] = 5
    contacts = noted(model, 10)
    served = contacts[np.isin(contacts["outcome"], (RESOLVED, UNRESOLVED))]
    day = (served["ended_at"] // 480.0).astype(int)
    assert set(served["department"][day < 5]) == {1}
    assert set(served["department"][day >= 5]) == {0, 1}
    assert list(model.days["vacancies"]) == [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
    assert model.days["hires"][4] == 1


# -- coming back ----------------------------------------------------------------------------------


def test_a_case_left_unresolved_comes_back_or_is_given_up(organisation: MakeModel) -> None:
    stubborn = {**ONE_DESK, "operations.resolution": 0.3, "demand.return_days": 1.0}
    for persistence in (0.0, 1.0):
        model = organisation({**stubborn, "demand.persistence": persistence})
        contacts = noted(model, 40)
        given_up = model.days["given_up"].sum()
        came_back = (contacts["attempts"] > 1).sum() - model.days["turned_away"].sum()
        assert (given_up > 0) == (persistence == 0.0)
        assert (came_back > 0) == (persistence == 1.0)


def test_who_leaves_takes_the_open_case_along(organisation: MakeModel) -> None:
    model = organisation({**ONE_DESK, "operations.resolution": 0.01, "demand.persistence": 1.0})
    model.advance(5)
    assert model.days["cases_open"].iloc[-1] > 0
    model.change({"market.neutral_churn": 5.0, "demand.contacts_per_year": 0.0, "market.joining_rate": 0.0})
    model.advance(600)
    assert model.days["customers"].iloc[-1] == 0
    assert model.days["cases_open"].iloc[-1] == 0


def test_who_walks_out_over_one_case_still_gave_up_waiting_in_another(organisation: MakeModel) -> None:
    angry = {"demand.contacts_per_year": 250.0, "market.large_loss": 1.0, "demand.patience": 3.0}
    churn = {"market.incident_churn": 1.0, "demand.persistence": 0.0, "market.joining_rate": 10.0}
    model = organisation({**ALL_ASK, **angry, **churn, "operations.resolution": 0.0})
    model.advance(60)
    days = model.days
    assert days["left_incident"].sum() > 100
    assert (days["contacts"] == days["served"] + days["abandoned"] + days["turned_away"] + days["hung_up"]).all()


def test_one_customers_cases_are_noted_with_that_customer(organisation: MakeModel) -> None:
    model = organisation({**ONE_DESK, "demand.contacts_per_year": 250.0})
    model.step()
    waiting = model.state.cases[np.isin(model.state.cases["stage"], (0, CLOSED), invert=True)]
    assert len(waiting) > 0
    for number in set(waiting["customer"]):
        assert model.customers[int(number)].open_cases == np.count_nonzero(waiting["customer"] == number)
