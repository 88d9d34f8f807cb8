"""The engine: a Mesa model whose state lies in rows and whose days are compiled."""

from __future__ import annotations

import copy
import operator
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import mesa
import numpy as np
import pandas as pd

from simsvc.errors import InputError
from simsvc.model.agents import Customer, FrontlineStaff, Manager, People, Person, Roster
from simsvc.model.changing import follow_settings
from simsvc.model.parameters import lever_rows, parameter_row, profile_table, put_wages, shift_table
from simsvc.model.phases import Phases
from simsvc.model.random import run_key
from simsvc.model.rows import NEVER, NOBODY, State
from simsvc.model.start import first_morning, with_room
from simsvc.model.tables import as_table
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.scenario.loading import FIXED, adjusted, changed, differences, load_structure, turned, with_structure
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import Structure

Luck = int | Sequence[int] | np.random.SeedSequence | np.random.Generator | None
"""What a seed is taken from: as Mesa's `rng`. None: a fresh seed."""


class Engine(mesa.Model):  # type: ignore[misc]
    """A service organisation without stories; see `simsvc.ServiceOrganization` for its arguments."""

    time: float  # Mesa's own, from 3.4 on

    def __init__(
        self,
        settings: Scenario | None = None,
        structure: str | Structure | None = None,
        *,
        rng: Luck = None,
        replication: int = 0,
        rules: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        settings = settings or Scenario()
        seed = _seed_of(rng)
        super().__init__(rng=seed)
        self._seed = seed
        self.steps = 0
        """Days gone by, as Mesa counts them until 4.0."""
        if structure is not None:
            settings = with_structure(settings, structure)
        own = settings.own
        rules = {**(own.rules if own else {}), **(rules or {})}
        self.settings = settings
        """The settings in force today."""
        self.origin: dict[str, Any] = {
            "settings": settings,
            "rng": seed,
            "replication": replication,
            "rules": rules,
        }
        """Arguments of a second run of the same; `origin["rng"]` is the seed."""
        self._structures = [settings.structure] * settings.workforce.departments
        self._changes = sorted(settings.timeline, key=lambda change: change.day)
        for change in self._changes:
            for name in change.set:
                if name in FIXED:
                    raise InputError(f"timeline: {name} is fixed on the first morning and cannot change during a run")
        self._key = run_key(seed, replication)
        columns = own.columns if own else {}
        self.phases = Phases(rules, columns)
        """The phases of a day, in order."""
        if own:
            own.change_day(self.phases)
        self.state: State = first_morning(settings, self._key, self.phases.functions, columns)
        """All rows; what compiled phases work on."""
        self._under_way = False
        self._roster: Roster | None = None
        self.agents_seen = 0
        """How many agents have come into being."""

    def __setstate__(self, attributes: dict[str, Any]) -> None:
        self.__dict__.update(attributes, _under_way=False)  # a copy made within a day goes on by itself
        # as compiled code takes them, wherever they come from; some tables are two views of one memory
        rows = State._make(np.require(table, requirements=["C", "A", "W"]) for table in self.state)
        self.state = rows._replace(lever_table=as_table(rows.levers), day_table=as_table(rows.days))

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "time" and "state" in self.__dict__:
            # Mesa 3.5 on sets it to when a step was due, then to one after it began; `advance` may have gone further
            value = max(value, float(self.day))
        super().__setattr__(name, value)

    def __copy__(self) -> Any:
        return copy.deepcopy(self)  # two models with the same rows would be one

    # -- time ---------------------------------------------------------------------------------

    def step(self) -> None:
        """One working day."""
        self._go_through(1)

    def advance(self, days: int) -> None:
        """Several working days, faster than step by step; a `step` of your own is not called.

        An event of a script's own (`schedule_event`, Mesa 3.5 on) that falls into them comes with the next step.

        Raises:
            InputError: if that is no whole number of days, or fewer than none.
        """
        self._go_through(_whole("advance", days, 0, NEVER - 1 - self.day))

    def _go_through(self, days: int) -> None:
        if self._under_way:
            raise InputError("a day is under way: its phases cannot begin another one of the same model")
        # what a script does before the next day begins is counted in that day
        self.state = with_room(self.state, cases=0, days=self.day + days + 1)
        self._under_way = True
        try:
            self.phases.run(self, days)
        finally:
            self._under_way = False
        if self.origin["rules"]:
            self._look_for_nan()
        if self._roster is not None:
            self._roster.follow()
        self.steps = self.day
        if hasattr(self, "time"):
            self.time = float(self.day)

    def _look_for_nan(self) -> None:
        """A user's rule that gives no number would go unnoticed: whatever is compared with it is false."""
        for kind in ("customers", "staff", "managers", "departments", "organisation"):
            rows = getattr(self.state, kind)
            for name in rows.dtype.names:
                if rows.dtype[name].kind == "f" and np.isnan(rows[name]).any():
                    number = int(np.flatnonzero(np.isnan(rows[name]))[0])
                    raise InputError(
                        f"by day {self.day} {name} of {kind}[{number}] is NaN: look for what gives no number in the "
                        f"rules replaced: {', '.join(self.origin['rules'])}"
                    )

    @property
    def day(self) -> int:
        """Days gone by; the next step simulates the day of this number."""
        return int(self.state.organisation["day"][0])

    @property
    def days_to_next_change(self) -> int:
        """Days from today's morning to the next dated change of the scenario; many if there is none."""
        return self._changes[0].day - self.day if self._changes else sys.maxsize

    @property
    def date(self) -> str:
        """Today's date in the model's calendar of 250 working days a year, as text."""
        return f"year {self.day // DAYS_PER_YEAR + 1}, day {self.day % DAYS_PER_YEAR + 1}"

    def make_room(self) -> None:
        """Grow the tables of cases and of staff to what today needs (the phase `room`)."""
        now = self.state.organisation[0]
        if now["short"] > 0:
            self.state = with_room(
                self.state, cases=int(now["new_rows"]), days=self.day + 1, positions=int(now["places_short"])
            )

    # -- looking ------------------------------------------------------------------------------

    def _look(self) -> Roster:
        """Agents as of now; made when somebody looks for the first time."""
        if self._roster is None:
            self._roster = Roster(self)
        self._roster.follow()
        return self._roster

    @property
    def agents(self) -> Any:
        """All agents: customers, frontline staff and managers, as a Mesa AgentSet."""
        if hasattr(self, "state"):
            self._look()
        return super().agents

    @agents.setter
    def agents(self, agents: Any) -> None:
        raise AttributeError("the agents of a model follow from its rows and cannot be set")

    @property
    def agents_by_type(self) -> Any:
        """Agents by class, as Mesa AgentSets."""
        if hasattr(self, "state"):
            self._look()
        return super().agents_by_type

    @property
    def customers(self) -> People[Customer]:
        """Today's customers, as a Mesa AgentSet; `model.customers[17]` is the person of that number."""
        return self._look().customers

    @property
    def frontline(self) -> People[FrontlineStaff]:
        """Frontline staff at work for the firm today, as a Mesa AgentSet."""
        return self._look().frontline

    @property
    def managers(self) -> People[Manager]:
        """Managers of all levels, as a Mesa AgentSet."""
        return self._look().managers

    @property
    def days(self) -> pd.DataFrame:
        """What happened so far, one row per day; see `simsvc.model.rows.DAY`."""
        return pd.DataFrame(self.state.days[: self.day])

    # -- changes ------------------------------------------------------------------------------

    def apply_timeline(self) -> None:
        """Let the changes dated today take effect (the phase `timeline`)."""
        while self._changes and self._changes[0].day <= self.day:
            change = self._changes.pop(0)
            self.settings = self.settings.model_copy(update={"timeline": tuple(self._changes)})
            if change.structure:
                self.restructure(
                    change.structure,
                    change.components,
                    change.departments,
                    change.levers,
                    change.domains,
                    change.factors,
                )
            if change.set:
                self.change(change.set)
            if change.managers_leave:
                self.replace_managers(change.managers_leave)

    def change(self, values: Mapping[str, Any]) -> None:
        """Give settings new values from now on, for example `{"demand.idiosyncrasy": 0.5}`.

        Raises:
            InputError: for unknown settings, values out of range, or settings that make the
                organisation what it is on its first morning, which cannot change during a run.
        """
        structures = adjusted(self._structures, values)
        new = changed(self.settings, values, charts=structures)
        for name in differences(self.settings, new):
            if name in FIXED:
                raise InputError(f"{name} is fixed on the first morning and cannot change during a run")
        self._put(new, structures)

    def restructure(
        self,
        structure: str | Structure,
        components: Sequence[str] = (),
        departments: Sequence[int] = (),
        levers: Sequence[str] = (),
        domains: Sequence[str] = (),
        factors: Sequence[str] = (),
    ) -> None:
        """Turn the chart: take over a structure's levers from now on.

        Args:
            structure: name, file or `Structure`.
            components: only the levers of these components, or
            departments: only in these departments; in all if empty.
            levers: only these levers, or
            domains: only the levers of these decision domains (`simsvc.scenario.structure.DOMAINS`), or
            factors: only the levers of power or of management (`simsvc.scenario.structure.FACTORS`);
                all levers if none of the four is given.

        Raises:
            InputError: if there is no such structure, component, department, lever, domain or factor, or
                if managers would have more than one day a day.
        """
        other = structure if isinstance(structure, Structure) else load_structure(structure)
        structures = turned(self._structures, other, components, departments, levers, domains, factors)
        self._put(with_structure(self.settings, structures[0]), structures)

    def replace_managers(self, numbers: Sequence[int]) -> None:
        """Managers leave, and somebody new takes their places: for example a bad boss.

        Args:
            numbers: of the managers' positions; team managers first, then those of each level above.

        Raises:
            InputError: if there is no such manager.
        """
        n = len(self.state.managers)
        for m in [_whole("managers_leave", m, 0, n - 1) for m in numbers]:
            self.phases.functions["replace_manager"](self.state, m)

    def _put(self, new: Scenario, structures: list[Structure]) -> None:
        if new == self.settings and structures == self._structures:
            return
        old, self.settings, self._structures = self.settings, new, structures
        state = self.state
        state.p[:] = parameter_row(new, self._key)
        put_wages(state.levels, new)
        written = as_table(lever_rows(structures))
        new_way = written != state.chart_table
        state.chart_table[:] = written
        if self.day == 0:  # the first chart is nobody's new way
            for table in (state.lever_table, state.old_table, state.home_table):
                table[:] = written
        else:
            state.old_table[new_way] = state.lever_table[new_way]
            state.practice[new_way] = 0.0
            state.changed_on[new_way] = self.day
        self.state = self.state._replace(
            profile=profile_table(new.demand.profile),
            shifts=shift_table(new.workforce.shift_profile),
            service_profile=np.array(new.operations.service_profile),
        )
        follow_settings(self.state, old, new, self.phases.functions)
        self.phases.functions["settle_everybody"](self.state)

    def settle(self, customer: int) -> None:
        """Let what a script has written to a customer's row count: spend, sums, rate of leaving."""
        number = _whole("customer", customer, 0, len(self.state.customers) - 1)
        self.phases.functions["settle"](self.state, number, self.day - 1)

    def change_need_rate(self, customer: int, before: float, after: float) -> None:
        """Let a customer's needs come at another rate from now on; rates as ratios to the mean."""
        self.settle(customer)
        for rate in (before, after):
            if not 0 <= rate < np.inf:
                raise InputError(f"rate = {rate}: allowed are numbers of 0 or more")
        mean = self.settings.demand.contacts_per_year / DAYS_PER_YEAR
        self.phases.functions["change_need_rate"](self.state, customer, mean * before, mean * after)
        self.settle(customer)

    def let_go(self, person: Person) -> None:
        """A customer or a member of staff leaves now, for no reason of the firm's.

        Raises:
            InputError: for a manager, whose place is never empty, and for staff with a case in hand.
        """
        if isinstance(person, Manager):
            raise InputError(
                f"{person} cannot just go: model.replace_managers([{person.number}]) puts somebody new in the place"
            )
        if isinstance(person, Customer):
            self.phases.functions["lose_customer"](self.state, person.number)
        elif person.row()["case"] != NOBODY:
            raise InputError(f"{person} has a case in hand: let it be done first, for example by model.step()")
        else:
            self.phases.functions["lose_staff"](self.state, person.number)

    def deregister_agent(self, agent: Any) -> None:
        """A person leaves, see `let_go`; who has left, and an agent of a script's own, is forgotten, see Mesa."""
        if isinstance(agent, Person) and agent.is_present:
            self.let_go(agent)
        else:
            super().deregister_agent(agent)

    def remove_all_agents(self) -> None:
        """Not possible: there is no organisation without people."""
        raise InputError("an organisation is nothing without its people: agent.remove() lets one of them leave")


def _seed_of(rng: Luck) -> int:
    """The seed of a run: itself, a fresh one, or drawn from what Mesa takes besides."""
    if rng is None:
        return secrets.randbits(32)
    if isinstance(rng, Sequence | np.random.SeedSequence | np.random.Generator) and not isinstance(rng, str | bytes):
        try:
            return int(np.random.default_rng(rng).integers(sys.maxsize))
        except (TypeError, ValueError):
            pass
    return _whole("rng", rng, 0, sys.maxsize)


def _whole(name: str, value: Any, low: int, high: int) -> int:
    """A whole number that a script has given, checked."""
    try:
        number = low - 1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = low - 1
    if not low <= number <= high:
        raise InputError(f"{name} = {value}: allowed: {low} to {high}, whole numbers")
    return number
