"""Customers, frontline staff and managers as Mesa agents: live views of their rows.

Reading an attribute reads the row, writing one writes it, and what is written counts from then on. What
there is to read is declared with the rows, see `simsvc.model.tables`.
Agents come into being when somebody looks and follow joiners, leavers, quits and hires exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import mesa
import numpy as np
import numpy.typing as npt
from mesa.agent import AgentSet

from simsvc.errors import InputError
from simsvc.model.people import CustomerRow, ManagerRow, StaffRow
from simsvc.model.tables import Floats, Table

if TYPE_CHECKING:
    from simsvc.model.engine import Engine

A = TypeVar("A", bound="Person")
Identities = npt.NDArray[np.integer[Any]]


class Person(mesa.Agent):  # type: ignore[misc]
    """Somebody of the organisation or its market, seen through one row.

    People come and go by what happens in the model, so a script cannot make one.

    Attributes:
        number: index of the row: of the person in the market, of the position, of the manager.
        unique_id: Mesa's number; counts agents of the model in the order they were first seen.
    """

    model: Engine

    def __init__(self, model: Engine, number: int | None = None, identity: int = -1) -> None:
        if number is None:
            raise InputError(
                f"{type(self).__name__}: people come by what happens; model.change() of market.joining_rate or "
                "workforce.vacancy_days lets them come faster"
            )
        super().__init__(model)
        # Mesa 3.3 numbers agents in a table that keeps the model alive for good: let go of it
        ids = getattr(mesa.Agent, "_ids", None)
        if ids is not None:
            ids.pop(model, None)
        model.agents_seen += 1
        self.unique_id = model.agents_seen
        self.number = number
        self._identity = identity

    def __getattr__(self, name: str) -> Any:
        """An own column of the user's, if there is one of that name."""
        if name.startswith("_") or name not in self._own_columns():
            raise AttributeError(f"{type(self).__name__} has no attribute '{name}'")
        return self.row()[name].item()

    def _own_columns(self) -> Collection[str]:
        return ()

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._own_columns():
            self.row()[name] = value
            return
        if name in ("model", "number", "unique_id", "_identity") and hasattr(self, "_identity"):
            raise AttributeError(f"{name} says who {self} is and cannot be set")
        super().__setattr__(name, value)

    def remove(self) -> None:
        """The person leaves now; nothing happens if it has left already. See `model.let_go`."""
        if self.is_present:
            self.model.let_go(self)

    def _rows(self) -> Table[Any]:
        raise TypeError("a person is a customer, a member of staff or a manager")

    def _identity_now(self) -> int:
        """Whom the row belongs to today; -1: nobody."""
        return self._identity

    def row(self) -> Any:
        """The row this agent is a view of.

        Raises:
            LookupError: if the person has left and the row may be somebody else's.
        """
        if self._identity_now() != self._identity:
            raise LookupError(f"{self} has left")
        return self._rows()[self.number]

    @property
    def is_present(self) -> bool:
        """Whether the person is still with the organisation."""
        return self._identity_now() == self._identity

    def changed(self, name: str, before: float) -> None:
        """Called after a script has written to the row."""

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.number}"

    __repr__ = __str__


class Customer(Person, CustomerRow):
    """A customer. `number` is the same person under every structure."""

    def _rows(self) -> Table[CustomerRow]:
        return self.model.state.customers

    def _own_columns(self) -> Collection[str]:
        return self.__dict__["model"].phases.columns if "model" in self.__dict__ else ()

    def _identity_now(self) -> int:
        row = self.model.state.customers[self.number]
        return int(row["spell"]) if row["since"] >= 0 else -1

    @property
    def type(self) -> str:  # type: ignore[override]
        """By attitude and behaviour: loyal, hostage, mercenary, or defector-to-be."""
        return ("loyal", "hostage", "mercenary", "defector-to-be")[int(self.row()["type"])]

    @property
    def open_cases(self) -> int:
        """Cases of this customer that are not settled yet."""
        cases = self.model.state.cases
        return int(np.count_nonzero((cases["stage"] != 0) & (cases["customer"] == self.number)))

    @property
    def friends(self) -> list[int]:
        """Floats of the people it talks with, customers or not."""
        start, end = self.model.state.tie_start[self.number : self.number + 2]
        return [int(k) for k in self.model.state.tie[start:end]]

    def changed(self, name: str, before: float) -> None:
        """Let what was written count: spend, sums, rate of leaving, and when the next need comes."""
        self.model.settle(self.number)
        if name == "contact_rate":
            self.model.change_need_rate(self.number, before, self.contact_rate)


class FrontlineStaff(Person, StaffRow):
    """A member of the frontline staff. `number` is the position; its holder changes with turnover."""

    def _rows(self) -> Table[StaffRow]:
        return self.model.state.staff

    def _identity_now(self) -> int:
        row = self.model.state.staff[self.number]
        return int(row["person"]) if row["present"] else -1


class Manager(Person, ManagerRow):
    """A manager of any level, see `simsvc.scenario.management.LEVELS`.

    `number` is the position; its holder changes with turnover.
    """

    def _rows(self) -> Table[ManagerRow]:
        return self.model.state.managers

    def _identity_now(self) -> int:
        return int(self.model.state.managers[self.number]["person"])

    @property
    def beliefs(self) -> Floats:
        """What share of all trouble the manager thinks each cause makes, 0-1, float64 (causes,).

        Who is given other beliefs forgets what led to the old ones.
        """
        view: Floats = self.model.state.beliefs[self.number]
        view.flags.writeable = False  # single numbers written would be overwritten by the old evidence
        return view

    @beliefs.setter
    def beliefs(self, shares: Sequence[float] | Floats) -> None:
        state = self.model.state
        values = np.asarray(shares, float)
        if values.shape != state.beliefs[self.number].shape or not ((values >= 0) & (values <= 1)).all():
            raise InputError(f"beliefs of {self} = {shares}: allowed are {state.beliefs.shape[1]} numbers from 0 to 1")
        state.beliefs[self.number] = values
        state.priors[self.number] = values
        state.evidence[self.number] = 0.0

    def changed(self, name: str, before: float) -> None:
        """Let what was written count: the teams' mean teacher."""
        self.model.phases.functions["count_teaching"](self.model.state)


class People(AgentSet, Generic[A]):  # type: ignore[misc]
    """A Mesa AgentSet whose members are found by number: `model.customers[17]`.

    Numbers are never negative, so `model.customers[-1]` is the last, and slices count places, as in
    any AgentSet. It is the roster itself, so it cannot be thinned out; what `select`, `shuffle`, `sort` and
    `groupby` return are ordinary AgentSets.
    """

    def __init__(self, model: Engine) -> None:
        super().__init__([], random=model.random)
        self.by_number: dict[int, A] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "by_number": self.by_number}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self.by_number = state["by_number"]

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice) or (isinstance(number, int | np.integer) and number < 0):
            return list(self.by_number.values())[number]
        if number not in self.by_number:
            raise KeyError(f"nobody of number {number} is there today")
        return self.by_number[number]

    def __iter__(self) -> Iterator[A]:
        return iter(list(self.by_number.values()))

    def __len__(self) -> int:
        return len(self.by_number)

    def __copy__(self) -> Any:
        return AgentSet(list(self), self.random)

    def __reversed__(self) -> Iterator[A]:
        return iter(list(self.by_number.values())[::-1])

    def select(self, *args: Any, inplace: bool = False, **kwargs: Any) -> Any:
        """Those for whom a condition holds, as an AgentSet of their own; see Mesa."""
        return self._apart(inplace).select(*args, **kwargs)

    def shuffle(self, inplace: bool = False) -> Any:
        """Everybody in random order, as an AgentSet of its own; see Mesa."""
        return self._apart(inplace).shuffle()

    def sort(self, *args: Any, inplace: bool = False, **kwargs: Any) -> Any:
        """Everybody in the order of an attribute, as an AgentSet of its own; see Mesa."""
        return self._apart(inplace).sort(*args, **kwargs)

    def groupby(self, *args: Any, **kwargs: Any) -> Any:
        """Everybody by an attribute; see Mesa."""
        return self._apart(False).groupby(*args, **kwargs)

    def add(self, agent: Any) -> None:
        """Not possible for somebody who is not there: who is there follows from the rows."""
        if agent not in self:
            raise InputError(
                f"{agent}: who is there follows from the rows; simsvc.Customer(model) lets a customer join, "
                "simsvc.FrontlineStaff(model) hires"
            )

    def discard(self, agent: Any) -> None:
        """Not possible for somebody who is there; likewise."""
        if agent in self:
            raise InputError(f"{agent}: who is there follows from the rows; {agent}.remove() lets somebody leave")

    def remove(self, agent: Any) -> None:
        """Not possible; likewise."""
        self.discard(agent)
        raise KeyError(agent)

    def _apart(self, inplace: bool) -> Any:
        if inplace:
            raise InputError("inplace=True: who is there follows from the rows; use the set that is returned")
        return AgentSet(list(self), self.random)

    def enter(self, agent: A) -> None:
        """Somebody arrives."""
        super().add(agent)
        self.by_number[agent.number] = agent

    def go(self, number: int) -> None:
        """Somebody leaves."""
        agent = self.by_number.pop(number)
        super().discard(agent)
        mesa.Agent.remove(agent)


class Roster:
    """All agents of a model; follows what happens to the rows."""

    def __init__(self, model: Engine) -> None:
        self._model = model
        self.customers: People[Customer] = People(model)
        self.frontline: People[FrontlineStaff] = People(model)
        self.managers: People[Manager] = People(model)
        state = model.state
        self._customers_before = np.full(len(state.customers), -1)
        self._staff_before = np.full(len(state.staff), -1)
        self._managers_before = np.full(len(state.managers), -1)

    def follow(self) -> None:
        """Bring the agents up to date: exactly those who are there now."""
        state = self._model.state
        customers, staff = state.customers, state.staff
        self._customers_before = self._update(
            self.customers,
            Customer,
            self._customers_before,
            np.where(customers["since"] >= 0, customers["spell"], -1),
        )
        self._staff_before = self._update(
            self.frontline, FrontlineStaff, self._staff_before, np.where(staff["present"] == 1, staff["person"], -1)
        )
        self._managers_before = self._update(
            self.managers, Manager, self._managers_before, state.managers["person"].copy()
        )

    def _update(self, people: People[A], kind: type[A], before: Identities, now: Identities) -> Identities:
        before = np.concatenate([before, np.full(len(now) - len(before), -1)])  # tables grow
        for number in np.flatnonzero(before != now):
            if before[number] >= 0:
                people.go(int(number))
            if now[number] >= 0:
                people.enter(kind(self._model, int(number), int(now[number])))
        return now
