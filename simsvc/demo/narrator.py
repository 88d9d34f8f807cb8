"""What just happened and why, in plain words, from the numbers of the days.

Every sentence is made when its facts are there and names them; nothing is said that the rows of the day do not
hold. Causes are named where the model has one rule for them (a case is passed up because it exceeds a limit, limits
tighten because concessions cost more than was budgeted for). Where several may be at work, the sentence says what else
was so on that day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from simsvc.demo.climbing import approvers, asker, time_of_answer
from simsvc.demo.names import People
from simsvc.demo.running import RunningOrganisation
from simsvc.demo.series import SERIES
from simsvc.model.reasons import LEFT_FOR_OWN_REASONS, LEFT_OVER_SERVICE
from simsvc.model.rows import FAILURE
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.scenario.words import OWN, Words

USUAL = 20
"""Days before today that say what is usual."""
QUIET = 15
"""Days until the same kind of thing is told again of the same organisation."""
REVIEW = 50
"""Days between two looks at both organisations together."""


@dataclass(frozen=True)
class Note:
    """Something worth telling."""

    day: int
    side: str
    """`A` or `B`; empty for both."""
    kind: str
    weight: float
    """The larger the sooner it is told."""
    text: str


class Narrator:
    """Looks at both organisations every evening and tells the one thing most worth telling, if there is any."""

    def __init__(self, a: RunningOrganisation, b: RunningOrganisation, words: Words = OWN) -> None:
        self._witnesses = {"A": _Witness("A", a), "B": _Witness("B", b)}
        self._words = words
        self._told: dict[tuple[str, str], int] = {}

    def evening(self) -> Note | None:
        """What to tell of the day that has just ended."""
        found = [note for witness in self._witnesses.values() for note in witness.notes()]
        found += self._review()
        news = [note for note in found if note.day >= self._told.get((note.side, note.kind), -QUIET) + QUIET]
        if not news:
            return None
        best = max(news, key=lambda note: note.weight)
        self._told[best.side, best.kind] = best.day
        return replace(best, text=self._words.put(best.text))

    def _review(self) -> Iterator[Note]:
        """Every so often: how the two stand."""
        a, b = (witness.organisation.days for witness in self._witnesses.values())
        if len(a) % REVIEW:
            return
        parts = []
        for series in SERIES:
            left, right = series.value(a), series.value(b)
            if series.metric in ("satisfaction", "morale", "mean_wait", "retention") and None not in (left, right):
                parts.append(
                    f"{series.label.lower()} {left:.{series.decimals}f} in A, {right:.{series.decimals}f} in B"
                )
        if parts:
            yield Note(len(a) - 1, "", "review", 0.5, f"After {len(a)} days: {'; '.join(parts)}.")


class _Witness:
    """Sees one organisation from evening to evening."""

    def __init__(self, side: str, organisation: RunningOrganisation) -> None:
        self.side, self.organisation = side, organisation
        self._remember()

    def _remember(self) -> None:
        state = self.organisation.model.state
        self._staff = state.staff.copy()
        self._managers = state.managers.copy()
        self._causes = state.causes.copy()
        self._tightness = state.departments["tightness"].copy()

    def notes(self) -> list[Note]:
        """Everything worth telling of the day that has just ended."""
        day = self.organisation.day - 1
        found = [
            Note(day, self.side, kind, weight, f"Day {day + 1}, {self.side}: {text}")
            for kind, weight, text in (
                *self._queue(),
                *self._climber(),
                *self._people(),
                *self._managers_posts(),
                *self._policy(),
                *self._grave(),
                *self._walked_out(),
                *self._practice(),
                *self._repairs(),
            )
        ]
        self._remember()
        return found

    def _queue(self) -> Iterator[tuple[str, float, str]]:
        """Customers waited much longer than of late."""
        days = self.organisation.days
        if len(days) <= USUAL:
            return
        today, before = days[-1], days[-1 - USUAL : -1]
        waited, usual = _wait(days[-1:]), _wait(before)
        if not waited > max(1.6 * usual, usual + 2.0):
            return
        also = []
        contacts = float(before["contacts"].mean())
        if today["contacts"] > 1.1 * contacts:
            also.append(f"{today['contacts']:.0f} contacts came instead of about {contacts:.0f}")
        if today["vacancies"] > 0:
            also.append(f"{_positions(int(today['vacancies']))} vacant")
        away = int(np.count_nonzero(self.organisation.model.state.staff["training"]))
        if away:
            also.append(f"{away} of the staff in training")
        why = (
            f"; {', '.join(also)}"
            if also
            else "; about as many contacts as usual, nobody missing or in training: long cases, or many at once"
        )
        gave_up = f" {today['abandoned']:.0f} gave up." if today["abandoned"] > 0 else ""
        yield "queue", 3.0, f"customers waited {waited:.0f} minutes in the mean, usually {usual:.0f}{why}.{gave_up}"

    def _climber(self) -> Iterator[tuple[str, float, str]]:
        """The case that took longest to be answered."""
        case = self.organisation.climbers.longest()
        if case is None:
            return
        minutes, model = float(time_of_answer(case)), self.organisation.model
        staff = asker(case)
        limit, latitude = (float(model.state.staff[name][staff]) for name in ("limit", "latitude"))
        today = case["contact_at"] // model.state.p["open_minutes"][0] == model.day - 1  # under today's limits
        exceeds = []
        if case["kind"] == FAILURE and case["remedy"] > limit:
            exceeds.append(f"a claim of {case['remedy']:.0f} is beyond the limit of {limit:.0f}")
        if case["distance"] > latitude:
            exceeds.append("the need is further from the script than the front line may go")
        if not exceeds or not today or minutes < 10.0:
            return
        people = People(model)
        desks = [people.manager(number) for number in approvers(case)]
        up = f"{', then '.join(desks[:-1])} passed it further up, " if desks[1:] else ""
        up += desks[-1]
        answer = "granted" if case["granted"] else "refused"
        waiting = (
            f"was told {minutes:.0f} minutes later" if case["callback"] else f"waited there, {minutes:.0f} minutes"
        )
        yield (
            "climber",
            1.0 + min(minutes, 120.0) / 120.0,
            f"{people.staff(staff)} has to pass up the case of {people.customer(case['customer'])}: "
            f"{', and '.join(exceeds)}. {up[0].upper() + up[1:]} {answer} it; the customer {waiting}.",
        )

    def _people(self) -> Iterator[tuple[str, float, str]]:
        """Somebody quit, or started."""
        people = People(self.organisation.model)
        staff = self.organisation.model.state.staff
        were = np.zeros(len(staff), bool)  # the table may have grown since
        were[: len(self._staff)] = self._staff["present"] == 1
        for j in np.flatnonzero(were & (staff["present"] == 0)):
            one = self._staff[j]
            others = float(self._staff["morale"][self._staff["present"] == 1].mean())
            years = (self.organisation.day - int(one["since"])) / DAYS_PER_YEAR
            yield (
                "quit",
                4.0,
                f"{people.staff(int(j), int(one['person']))} has left after {years:.1f} years: morale "
                f"{100 * one['morale']:.0f} (all: {100 * others:.0f}), commitment {100 * one['commitment']:.0f}. The "
                "position is vacant, for the others there is more to do.",
            )
        for j in np.flatnonzero(~were & (staff["present"] == 1)):
            skill = 100 * float(staff["skill"][j])
            others = 100 * float(staff["skill"][staff["present"] == 1].mean())
            yield (
                "hire",
                2.0,
                f"{people.staff(int(j))} is new at the front line, with skill {skill:.0f} (all: {others:.0f}).",
            )

    def _managers_posts(self) -> Iterator[tuple[str, float, str]]:
        """A manager's place has a new holder."""
        model = self.organisation.model
        for m in np.flatnonzero(self._managers["person"] != model.state.managers["person"]):
            where = "from the front line" if model.state.managers["insider"][m] else "from outside"
            people, before = People(model), int(self._managers["person"][m])
            left = people.manager(int(m), before)
            yield "manager", 3.5, f"{left} has left; the successor, {people.manager(int(m))}, comes {where}."

    def _policy(self) -> Iterator[tuple[str, float, str]]:
        """Limits were tightened by another tenth."""
        state = self.organisation.model.state
        now = state.departments["tightness"]
        budget = 100.0 * state.p["policy"]["budgeted"][0]
        for d in np.flatnonzero(np.floor(now * 10.0) > np.floor(self._tightness * 10.0)):
            limits = state.staff["limit"][(state.staff["department"] == d) & (state.staff["present"] == 1)]
            may = f"; the front line may now pay {limits.mean():.0f}" if len(limits) else ""
            yield (
                "policy",
                3.0,
                f"limits in department {d + 1} are {100 * now[d]:.0f} % tighter than the chart says{may}. Concessions "
                f"cost more than the budget, which is {budget:.0f} % of what justified claims would cost.",
            )

    def _grave(self) -> Iterator[tuple[str, float, str]]:
        """A grave error was made."""
        today = self.organisation.days[-1]
        if today["grave_errors"] > 0:
            tired = 100.0 * float(today["exhaustion"])
            yield "grave", 2.5, f"a grave error with a customer; exhaustion of the front line: {tired:.0f} of 100."

    def _walked_out(self) -> Iterator[tuple[str, float, str]]:
        """Many customers left for reasons of the service."""
        days = self.organisation.days
        if len(days) <= USUAL:
            return
        left = sum(days[column] for column in LEFT_OVER_SERVICE)
        usual = float(left[-1 - USUAL : -1].mean())
        if left[-1] >= max(3.0, 3.0 * usual):
            for_own = sum(float(days[column][-1]) for column in LEFT_FOR_OWN_REASONS)
            others = f", {for_own:.0f} for reasons of their own" if for_own else ""
            yield "left", 3.0, f"{left[-1]:.0f} customers left over the service today, usually {usual:.1f}{others}."

    def _practice(self) -> Iterator[tuple[str, float, str]]:
        """After a change: how far the new ways are lived."""
        days = self.organisation.days["practice"]
        if len(days) > 1 and np.floor(days[-1] * 4.0) > np.floor(days[-2] * 4.0) and days[-1] < 0.99:
            lived = f"changed ways of working are lived to {100 * days[-1]:.0f} %"
            yield "practice", 3.2, f"{lived}; people need weeks to take them over."

    def _repairs(self) -> Iterator[tuple[str, float, str]]:
        """A cause of trouble was worked down by half."""
        causes = self.organisation.model.state.causes
        half = 0.5 * causes["base"]
        for cause in np.flatnonzero((self._causes["prevalence"] > half) & (causes["prevalence"] <= half)):
            spoiled = 100.0 * float(causes["prevalence"][cause])
            yield (
                "repair",
                3.0,
                f"managers have worked cause {cause + 1} of trouble down to half of what it was untouched: it now "
                f"spoils {spoiled:.1f} % of routine needs in its department.",
            )


def _wait(days: Any) -> float:
    """Mean wait per customer over some days, in minutes."""
    waiting = float(days["calls_judged"].sum() + days["abandoned"].sum())
    return float(days["wait"].sum()) / waiting if waiting else 0.0


def _positions(number: int) -> str:
    return "one position" if number == 1 else f"{number} positions"
