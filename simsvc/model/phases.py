"""The phases of a day, in order, in one place."""

from __future__ import annotations

import functools
import inspect
import math
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numba
from numba.core.dispatcher import Dispatcher

from simsvc.errors import InputError, nearest
from simsvc.model.changing import change_clocks, change_need_rate, change_traits, lose_customer, lose_staff
from simsvc.model.compiling import rule_names as rule_names  # all of them, since every phase is loaded here
from simsvc.model.compiling import substitute
from simsvc.model.day.customers import customers_evening, settle, settle_everybody
from simsvc.model.day.managers import count_teaching, managers_day, replace_manager
from simsvc.model.day.moments import moments_of_truth
from simsvc.model.day.needs import needs
from simsvc.model.day.opening import opening, waking
from simsvc.model.day.reactions import reactions
from simsvc.model.day.staff import staff_evening
from simsvc.model.day.staffing import staff_to_demand
from simsvc.model.day.world import measure, world
from simsvc.model.many_days import Addresses, addresses, can_be_called_by_address, days_until_short
from simsvc.model.rows import State
from simsvc.model.saying import said_by
from simsvc.model.start import appoint, populate

if TYPE_CHECKING:
    from simsvc.model.engine import Engine


_codes: weakref.WeakKeyDictionary[Any, dict[Any, Callable[[State], None]]] = weakref.WeakKeyDictionary()


def machine_code(function: Any, state: State) -> Callable[[State], None]:
    """The machine code of a compiled phase; states of all models with the same own columns have the same types."""
    codes, layout = _codes.setdefault(function, {}), state.customers.dtype
    if layout not in codes:
        codes[layout] = function.compile((numba.typeof(state),))  # type: ignore[no-untyped-call]
    return codes[layout]


@dataclass
class Phase:
    """One phase of the day.

    A compiled function is given the `State` (rows); a plain Python function is given the model
    (Mesa agents).
    """

    name: str
    does: str
    function: Callable[..., Any]
    seconds: float = field(default=0.0, compare=False)
    """Time spent in it so far, if the phases are timed."""

    @functools.cached_property
    def is_compiled(self) -> bool:
        """Whether it works on rows (compiled) rather than on agents (Python)."""
        return isinstance(self.function, Dispatcher)

    def run(self, model: Engine) -> None:
        """Go through the phase.

        Compiled phases are called without Numba's dispatch, which looks at every field of every row
        type at each call; a state's types never change during a run.
        """
        if self.is_compiled:
            machine_code(self.function, model.state)(model.state)
        else:
            self.function(model)


_STRETCH = 1_500_000
"""Customer-days in one call of compiled code; between two calls Ctrl-C is heard."""


def _room(model: Engine) -> None:
    model.make_room()


def _timeline(model: Engine) -> None:
    model.apply_timeline()


def default_phases() -> list[Phase]:
    """The day as this package knows it."""
    return [
        Phase("timeline", "dated changes of the scenario take effect", _timeline),
        Phase("opening", "people take their places, limits of the day are set", opening),
        Phase("waking", "find the customers something is due for today", waking),
        Phase("room", "make room for today's cases and for new positions", _room),
        Phase("needs", "needs become cases, unresolved cases come back", needs),
        Phase("moments_of_truth", "contacts wait, are served, climb, and end", moments_of_truth),
        Phase("reactions", "customers judge, staff feel it, some talk or walk away", reactions),
        Phase("customers_evening", "customers stay or leave, new ones join", customers_evening),
        Phase("staffing", "positions follow the work of the last weeks", staff_to_demand),
        Phase("staff_evening", "staff learn, tire or recover, quit or start", staff_evening),
        Phase("managers_day", "managers spend what approvals left of their time", managers_day),
        Phase("world", "loads settle, policy moves, causes grow back", world),
        Phase("measure", "the day is counted, the page is turned", measure),
    ]


_BETWEEN_DAYS: tuple[Any, ...] = (
    populate,
    appoint,
    settle,
    settle_everybody,
    change_need_rate,
    change_clocks,
    change_traits,
    count_teaching,
    replace_manager,
    lose_customer,
    lose_staff,
)
"""Compiled functions that a model calls besides its phases."""


@functools.lru_cache(maxsize=16)
def functions_under(
    rules: tuple[tuple[str, Callable[..., Any]], ...], columns: tuple[str, ...] = (), said: str = ""
) -> Mapping[str, Any]:
    """The phases' functions and those called between days, by name; those that reach a replaced rule are rebuilt.

    Models with the same rules share them, so that they are compiled once.

    Args:
        rules: names of rules, each with the user's function; see `simsvc.model.compiling.substitute`.
        columns: names of own columns of customers.
        said: what the rules say, see `said_by`; a number that they use may be another one by now.
    """
    ours = {phase.name: phase.function for phase in default_phases()}
    ours |= {function.__name__: function for function in _BETWEEN_DAYS}
    if not rules:
        return ours
    new = substitute(ours, dict(rules), columns)
    for name, function in rules:
        _try_out(name, getattr(function, "py_func", function))
    return new


def _known_by_name(_: Engine) -> None:
    """Stands for a phase of the package in a copy or a file."""


def _try_out(name: str, function: Callable[..., Any]) -> None:
    """Refuse a user's rule that never gives a number, before time goes into compiling it."""
    arguments = len(inspect.signature(function).parameters)
    try:
        tried = [float(function(*[share] * arguments)) for share in (0.2, 0.5, 0.8)]
    except Exception:  # it may be made for other arguments than shares
        return
    if all(math.isnan(value) for value in tried):
        raise InputError(f"rule '{name}' gives NaN, which is no number")


class Phases:
    """The phases of a model's day: print them, insert, replace or drop one.

    Example:
        >>> model.phases.insert("bonus", pay_bonus, after="staff_evening")  # doctest: +SKIP

    Args:
        rules: the user's functions by the name of the rule each replaces.
        columns: names of own columns of customers, which rules may take.
    """

    def __init__(self, rules: Mapping[str, Callable[..., Any]], columns: Iterable[str] = ()) -> None:
        self._rules, self.columns = tuple(rules.items()), tuple(columns)
        self._said = said_by(dict(self._rules), self.columns)
        self.functions = functions_under(self._rules, self.columns, self._said)
        """Compiled functions of the package under these rules, by name."""
        self._phases = [replace(phase, function=self.functions[phase.name]) for phase in default_phases()]
        self.timed = False
        """Whether to add up the time each phase takes; shown when printed."""
        self._addressed: list[Any] = []
        self._addresses: Addresses | None = None

    def __getstate__(self) -> dict[str, Any]:
        """What a copy needs: machine code stays in its process, and our functions are found by name."""
        phases = [
            replace(
                phase, function=_known_by_name if phase.function is self.functions.get(phase.name) else phase.function
            )
            for phase in self._phases
        ]
        kept = {"_rules": self._rules, "columns": self.columns, "_said": self._said, "_phases": phases}
        return {**kept, "timed": self.timed, "_addressed": [], "_addresses": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self.functions = functions_under(self._rules, self.columns, self._said)
        for phase in self._phases:
            if phase.function is _known_by_name:
                phase.function = self.functions[phase.name]

    def __iter__(self) -> Iterator[Phase]:
        return iter(self._phases)

    def __len__(self) -> int:
        return len(self._phases)

    def __getitem__(self, name: str) -> Phase:
        return self._phases[self._index(name)]

    def _index(self, name: str) -> int:
        names = [phase.name for phase in self._phases]
        if name not in names:
            raise InputError(f"there is no phase '{name}'{nearest(name, names)}; phases: {', '.join(names)}")
        return names.index(name)

    def insert(self, name: str, function: Callable[..., Any], *, before: str = "", after: str = "") -> None:
        """Add a phase before or after an existing one.

        Args:
            name: of the new phase.
            function: `function(model)` in plain Python, or `function(state)` compiled with
                `numba.njit`.
            before: name of the phase it goes before; or
            after: name of the phase it follows.

        Raises:
            InputError: if the name is taken, or not exactly one existing place is named.
        """
        if any(phase.name == name for phase in self._phases):
            raise InputError(f"there is a phase '{name}' already; use replace")
        if bool(before) == bool(after):
            raise InputError("say where the phase goes: either before=... or after=...")
        place = self._index(before) if before else self._index(after) + 1
        self._phases.insert(place, Phase(name, (function.__doc__ or "").split("\n")[0], function))

    def replace(self, name: str, function: Callable[..., Any]) -> None:
        """Put another function in the place of a phase."""
        place = self._index(name)
        self._phases[place] = Phase(name, (function.__doc__ or "").split("\n")[0], function)

    def drop(self, name: str) -> None:
        """Take a phase out of the day."""
        del self._phases[self._index(name)]

    def run(self, model: Engine, days: int) -> None:
        """So many days; whole stretches in one call of compiled code where nothing in them is Python."""
        longest = _STRETCH // max(1, len(model.state.customers))
        while days > 0:
            stretch = min(days, model.days_to_next_change, longest)
            phases = self._with_needs_counted()
            ahead = self._ahead(model, phases) if stretch > 1 else None
            if ahead is None:
                self._run_phases(model, phases)
                days -= 1
                continue
            before, after, rest = ahead
            done = days_until_short(model.state, before, after, stretch)
            days -= done
            if done < stretch:
                self._run_phases(model, rest)
                days -= 1

    def _with_needs_counted(self) -> list[Phase]:
        """The day, with needs counted again where something may bring more between `waking`, `room` and `needs`.

        `needs` takes rows for cases without looking whether there are any left.
        """
        functions = [phase.function for phase in self._phases]
        last = self.functions["needs"]
        counted = [self.functions["waking"], self.functions["room"]]
        if last not in functions:
            return self._phases
        place = functions.index(last)
        if functions[max(place - 2, 0) : place] == counted:
            return self._phases
        again = [Phase(function.__name__, "", function) for function in counted]
        return [*self._phases[:place], *again, *self._phases[place:]]

    def _run_phases(self, model: Engine, phases: list[Phase]) -> None:
        if not self.timed:
            for phase in phases:
                phase.run(model)
            return
        for phase in phases:
            begun = time.perf_counter()
            phase.run(model)
            phase.seconds += time.perf_counter() - begun

    def _ahead(self, model: Engine, phases: list[Phase]) -> tuple[Addresses, Addresses, list[Phase]] | None:
        """Addresses of the phases before and after `room`, and the phases from `room` on.

        None if phases are timed, or if any but `timeline` and `room` needs the interpreter.
        """
        busy = [phase for phase in phases if phase.function is not _timeline]
        places = [place for place, phase in enumerate(busy) if phase.function is _room]
        if self.timed or len(places) != 1:
            return None
        before, after = busy[: places[0]], busy[places[0] + 1 :]
        functions = [phase.function for phase in before + after]
        for_these = [model.state.customers.dtype, *functions]
        if for_these != self._addressed:
            if not all(can_be_called_by_address(function) for function in functions):
                return None
            self._addressed, self._addresses = for_these, addresses(functions, model.state)
        if self._addresses is None:
            return None
        return self._addresses[: len(before)], self._addresses[len(before) :], busy[places[0] :]

    def __str__(self) -> str:
        rows = [("phase", "kind", "seconds", "what happens")]
        for phase in self._phases:
            kind = "compiled" if phase.is_compiled else "Python"
            rows.append((phase.name, kind, f"{phase.seconds:.3f}" if self.timed else "", phase.does))
        widths = [max(len(row[k]) for row in rows) for k in range(3)]
        return "\n".join("  ".join([*(c.ljust(w) for c, w in zip(row, widths, strict=False)), row[3]]) for row in rows)
