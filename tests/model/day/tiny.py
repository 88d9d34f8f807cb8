"""Organisations so small and plain that a day in them can be worked out by hand."""

from __future__ import annotations

from typing import Any

from conftest import BEHAVIOUR_OFF

from simsvc.organization import ServiceOrganization
from simsvc.scenario.loading import load_scenario

# One desk and one manager; a service takes exactly ten minutes, an approval six; nobody is in a hurry, nothing goes
# wrong by chance, and nobody needs anything unless the test says so.
PLAIN = {
    **BEHAVIOUR_OFF,
    **{
        f"rules.{name}": 0.0
        for name in ("word_of_mouth", "screening", "hassle", "bending", "opportunism", "promise", "distortion")
    },
    "market.population": 12,
    "market.customers": 8,
    "market.ties": 2,
    "market.neutral_churn": 0.0,
    "market.joining_rate": 0.0,
    "demand.contacts_per_year": 0.0,
    "demand.failure_share": 0.0,
    "demand.request_share": 0.0,
    "demand.silent_share": 0.0,
    "demand.illegitimate_share": 0.0,
    "demand.unworthy_share": 0.0,
    "demand.misrouted_share": 0.0,
    "demand.patience": 1e9,
    "demand.patience_aside": 1e6,
    "workforce.frontline": 1,
    "workforce.departments": 1,
    "workforce.managers": 1,
    "workforce.directors": 0,
    "workforce.quit_rate": 0.0,
    "workforce.manager_quit_rate": 0.0,
    "workforce.notice_days": 0.0,
    "workforce.mood_spread": 0.0,
    "operations.open_minutes": 480.0,
    "operations.service_minutes": 10.0,
    "operations.service_cv": 0.0,
    "operations.diagnosis_share": 0.4,
    "operations.approval_minutes": 6.0,
    "operations.approval_delay": 0.0,
    "operations.reexplain_minutes": 3.0,
    "operations.resolution": 1.0,
    "operations.causes": 0,
    "structure.training_days": 0.0,
    "structure.frontline_limit": 1e6,
    "structure.latitude": 1.0,
}
FAILURES = {"demand.failure_share": 1.0, "demand.remedy_cv": 0.0, "demand.remedy": 100.0}
ASKING = {**FAILURES, "structure.frontline_limit": 0.0, "structure.manager_limit": 1e6}


def organisation(settings: dict[str, Any] | None = None) -> ServiceOrganization:
    """A plain organisation with other settings here and there."""
    return ServiceOrganization(load_scenario("contact_centre", {**PLAIN, **(settings or {})}), rng=1)


def need(model: ServiceOrganization, minutes: dict[int, float]) -> None:
    """Give customers (numbers) a need at so many minutes after today's opening."""
    for number, minute in minutes.items():
        model.state.customers["next_need"][number] = model.day + minute / 480.0
        model.state.due[number] = model.day


def run(model: ServiceOrganization, *names: str) -> None:
    """Some phases of the day."""
    for name in names:
        model.phases[name].run(model)


def serve(model: ServiceOrganization, minutes: dict[int, float] | None = None) -> Any:
    """The day up to the evening; returns the contacts that ended, in the order of their end."""
    need(model, minutes or {})
    run(model, "opening", "waking", "room", "needs", "moments_of_truth")
    state = model.state
    return state.cases[state.ended[: state.organisation["ended"][0]]]


def evening(model: ServiceOrganization) -> None:
    """The rest of the day."""
    run(model, "reactions", "customers_evening", "staffing", "staff_evening", "managers_day", "world", "measure")


def today(model: ServiceOrganization) -> Any:
    """What is counted of the day under way."""
    return model.state.days[model.day]
