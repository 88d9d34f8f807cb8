"""Watching people of a running model, and seeing the past of a model in a second run of it.

A run that is watched is the same run, number for number; a run that is not watched pays nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsvc.errors import InputError
from simsvc.model.agents import Customer, FrontlineStaff, Manager, Person
from simsvc.tracing.moments import Kind, Moment, Subject
from simsvc.tracing.observers import CustomerObserver, ManagerObserver, Observer, StaffObserver

if TYPE_CHECKING:
    from simsvc.model.engine import Engine

_KINDS: dict[Kind, tuple[type[Person], type[Observer]]] = {
    "customer": (Customer, CustomerObserver),
    "staff": (FrontlineStaff, StaffObserver),
    "manager": (Manager, ManagerObserver),
}


class Watch:
    """Watches people of a model from now on, which gets a few phases that look and change nothing.

    Raises:
        InputError: if a phase to be looked at has been dropped.
    """

    def __init__(self, model: Engine) -> None:
        self._model = model
        self._observers: dict[Subject, Observer] = {}
        model.phases.insert("keep_contacts", self._keep_contacts, before="reactions")
        model.phases.insert("note_contacts", self._note_contacts, after="reactions")
        model.phases.insert("note_customers", self._note_customers, after="customers_evening")
        model.phases.insert("note_staff", self._note_staff, after="staff_evening")
        model.phases.insert("note_managers", self._note_managers, after="managers_day")

    def _keep_contacts(self, _: Engine) -> None:
        """Traces keep the contacts that ended."""
        rows = self._model.state.ended[: self._model.state.organisation["ended"][0]].copy()
        cases = self._model.state.cases[rows]
        for one in self._observers.values():
            one.before_reactions(rows, cases)

    def _note_contacts(self, _: Engine) -> None:
        """Traces note how they were taken."""
        for one in self._observers.values():
            one.after_reactions()

    def _note_customers(self, _: Engine) -> None:
        """Traces note which customers come and go."""
        for one in self._observers.values():
            one.after_customers_evening()

    def _note_staff(self, _: Engine) -> None:
        """Traces note what the day did to staff."""
        for one in self._observers.values():
            one.after_staff_evening()

    def _note_managers(self, _: Engine) -> None:
        """Traces note what managers did."""
        for one in self._observers.values():
            one.after_managers_day()

    def add(self, subject: Subject) -> None:
        """Watch one more; whoever is watched already goes on being watched."""
        if subject not in self._observers:
            self._observers[subject] = _KINDS[subject.kind][1](self._model, subject)

    def __contains__(self, subject: Subject) -> bool:
        return subject in self._observers

    def moments(self, subject: Subject) -> tuple[Moment, ...]:
        """What has happened to somebody watched, in order."""
        return tuple(self._observers[subject].moments)


def subject_of(person: Person) -> Subject:
    """The subject that an agent is: a customer whenever it was one, staff and managers as long as they hold the job.

    Raises:
        InputError: if it is no agent of a model.
    """
    for kind, (agent, _) in _KINDS.items():
        if isinstance(person, agent):
            return Subject(kind, person.number, None if kind == "customer" else person._identity)
    raise InputError(f"{person!r} has no story: give a customer, a member of staff or a manager of the model")


def subject_by_number(model: Engine, kind: Kind, number: int) -> Subject:
    """The subject of that number, with everybody who ever holds the position.

    Raises:
        InputError: if the model has no such person, position or manager.
    """
    rows = len(getattr(model.state, _KINDS[kind][1].ROWS))
    if not 0 <= number < rows:
        allowed = f"allowed: 0 to {rows - 1}" if rows else "this scenario has none"
        raise InputError(f"there is no {kind} {number}; {allowed}")
    return Subject(kind, number)


def replay(model: Engine, subject: Subject) -> tuple[Moment, ...]:
    """What has happened to somebody so far, seen in a second run of the same settings and luck.

    Raises:
        InputError: if that run went another way, because a script has changed this one.
    """
    again = type(model)(**model.origin)
    watch = Watch(again)
    watch.add(subject)
    again.advance(model.day)
    rows = _KINDS[subject.kind][1].ROWS
    this, other = (
        (getattr(one.state, rows)[subject.number].item(), one.state.days[: one.day].tobytes()) for one in (model, again)
    )
    if this != other:
        raise InputError(
            f"the past of {subject} cannot be told: a script has changed agents, settings or phases of this model, so "
            "that a second run of its scenario goes another way; call model.watch(person) before the days to be traced"
        )
    return watch.moments(subject)
