"""The engine: a Mesa model whose state lies in rows and whose days are compiled."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import mesa
import numpy as np
import pandas as pd

from simsvc.errors import InputError
from simsvc.model.agents import Customer, FrontlineStaff, Manager, People, Roster
from simsvc.model.changing import change_clocks, change_need_rate, follow_settings
from simsvc.model.day.customers import settle, settle_everybody
from simsvc.model.day.managers import replace_manager
from simsvc.model.parameters import lever_rows, parameter_row, profile_table, put_wages, shift_table
from simsvc.model.phases import Phases
from simsvc.model.random import run_key
from simsvc.model.rows import State
from simsvc.model.start import first_morning, populate, with_room
from simsvc.model.tables import as_table
from simsvc.scenario.loading import FIXED, adjusted, changed, differences, load_structure, turned, with_structure
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import Structure


class Engine(mesa.Model):  # type: ignore[misc]
    """A service organisation without stories; see `simsvc.ServiceOrganization` for its arguments."""

    def __init__(
        self,
        settings: Scenario | None = None,
        structure: str | Structure | None = None,
        *,
        rng: int | None = None,
        replication: int = 0,
        rules: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        settings = settings or Scenario()
        seed = settings.run.seed if rng is None else int(rng)
        if seed < 0:
            raise InputError(f"rng = {seed}: a seed is an integer of 0 or more")
        super().__init__(rng=seed)
        if structure is not None:
            settings = with_structure(settings, structure)
        self.settings = settings
        """The settings in force today."""
        self.origin: dict[str, Any] = {
            "settings": settings,
            "rng": seed,
            "replication": replication,
            "rules": rules or {},
        }
        """Arguments of a second run of the same."""
        self._structures = [settings.structure] * settings.workforce.departments
        self._changes = sorted(settings.timeline, key=lambda change: change.day)
        for change in self._changes:
            for name in change.set:
                if name in FIXED:
                    raise InputError(f"timeline: {name} is fixed on the first morning and cannot change during a run")
        self._key = run_key(seed, replication)
        self.phases = Phases()
        """The phases of a day, in order."""
        self._functions: dict[str, Any] = {
            "populate": populate,
            "settle": settle,
            "settle_everybody": settle_everybody,
            "change_need_rate": change_need_rate,
            "change_clocks": change_clocks,
            "replace_manager": replace_manager,
        }
        if rules:
            self._functions = self.phases.substitute(dict(rules), self._functions)
        self.state: State = first_morning(settings, self._key, self._functions["populate"])
        """All rows; what compiled phases work on."""
        self._roster: Roster | None = None
        self.agents_seen = 0
        """How many agents have come into being."""

    # -- time ---------------------------------------------------------------------------------

    def step(self) -> None:
        """One working day."""
        self.advance(1)

    def advance(self, days: int) -> None:
        """Several working days, without Mesa's bookkeeping of steps."""
        self.state = with_room(self.state, cases=0, days=self.day + days)
        self.phases.run(self, days)
        if self._roster is not None:
            self._roster.follow()

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
        return f"year {self.day // 250 + 1}, day {self.day % 250 + 1}"

    def make_room(self) -> None:
        """Grow the case table to what today needs (the phase `room`)."""
        organisation = self.state.organisation
        if organisation["short"][0] > 0:
            self.state = with_room(self.state, cases=int(organisation["new_cases"][0]), days=self.day + 1)

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
                self.restructure(change.structure, change.components, change.departments, change.levers, change.domains)
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
    ) -> None:
        """Turn the chart: take over a structure's levers from now on.

        Args:
            structure: name, file or `Structure`.
            components: only the levers of these components, or
            departments: only in these departments; in all if empty.
            levers: only these levers, or
            domains: only the levers of these decision domains (`simsvc.scenario.structure.DOMAINS`);
                all levers if none of the three is given.

        Raises:
            InputError: if there is no such structure, component, department, lever or domain, or if
                managers would have more than one day a day.
        """
        other = structure if isinstance(structure, Structure) else load_structure(structure)
        structures = turned(self._structures, other, components, departments, levers, domains)
        self._put(with_structure(self.settings, structures[0]), structures)

    def replace_managers(self, numbers: Sequence[int]) -> None:
        """Managers leave, and somebody new takes their places: for example a bad boss.

        Args:
            numbers: of the managers' positions; team managers first, then those of each level above.

        Raises:
            InputError: if there is no such manager.
        """
        n = len(self.state.managers)
        for m in numbers:
            if not 0 <= m < n:
                raise InputError(f"managers_leave = {m}: allowed: 0 to {n - 1}")
        for m in numbers:
            self._functions["replace_manager"](self.state, m)

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
        follow_settings(self.state, old, new, self._functions["change_clocks"])
        self._functions["settle_everybody"](self.state)

    def settle(self, customer: int) -> None:
        """Let what a script has written to a customer's row count: spend, sums, rate of leaving."""
        self._functions["settle"](self.state, customer, self.day - 1)

    def change_need_rate(self, customer: int, before: float, after: float) -> None:
        """Let a customer's needs come at another rate from now on; rates as ratios to the mean."""
        mean = self.settings.demand.contacts_per_year / 250.0
        self._functions["change_need_rate"](self.state, customer, mean * before, mean * after)
        self.settle(customer)
