"""Observers: what happens to a customer, a member of staff or a manager, day by day.

When the day is over every case still lies in its row, with who did what and how it was taken. An observer
looks at the rows between the phases of the day. It draws no random numbers and writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from simsvc.model.reasons import DISSATISFIED, INCIDENT, NEUTRAL, REASONS
from simsvc.model.rows import FREE, NOBODY
from simsvc.model.rules.turnover import rate_of_dismissal
from simsvc.model.rules.word_of_mouth import people_told
from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.tracing.contacts import Attitude, Contact, was_judged
from simsvc.tracing.evenings import what_moved_morale
from simsvc.tracing.moments import TIME, Moment, Subject, rule_of

if TYPE_CHECKING:
    from simsvc.model.engine import Engine

MOODS = ("morale", "exhaustion", "commitment", "empowerment", "voice", "skill")
"""States of staff that a story follows, each 0-1."""
COUNTED = ("contacts", "refusals", "obstacles", "reports", "reports_answered")
"""What is counted of a day at the front line."""
ROUNDING = 1e-12
"""Changes up to this size are nothing but rounding."""


def states(row: Any, names: tuple[str, ...], before: Any = None) -> dict[str, float]:
    """States of a row by name, and their changes since an earlier copy of it as `NAME_change`."""
    found = {name: float(row[name]) for name in names}
    if before is not None:
        found |= {f"{name}_change": float(row[name] - before[name]) for name in names}
    return found


class Observer:
    """Watches one person; its moments are in the order in which they took effect."""

    ROWS: ClassVar[str]
    """Table of the state in which the person's row stands."""
    STATES: ClassVar[tuple[str, ...]]
    """How the person is, by fields of that row."""

    def __init__(self, model: Engine, subject: Subject) -> None:
        self.model = model
        self.subject = subject
        self.moments: list[Moment] = []
        self._rows: Any = None
        self._ended: Any = None
        self._mine: Any = None
        self._attitudes: dict[int, Attitude] = {}
        self._is_morning = True
        self._last = self._look()

    def _look(self) -> Any:
        """A copy of the person's row, with what else has to be remembered of now."""
        return getattr(self.model.state, self.ROWS)[self.subject.number].copy()

    def _turn(self) -> tuple[Any, Any]:
        """The row when last looked at, and now."""
        before, self._last = self._last, self._look()
        return before, self._last

    def _feels(self, row: Any, before: Any = None) -> dict[str, dict[str, float]]:
        """How the person of a row is, as effects of a moment."""
        return {self.subject.kind: states(row, self.STATES, before)}

    def _goodbye(self, row: Any) -> dict[str, Any]:
        """Facts of a moment in which the holder of this row leaves the position."""
        return self._about(row) | {"days": self.model.day + 1 - int(row["since"])}

    def _about(self, row: Any) -> dict[str, Any]:
        return {"holder": int(row["person"])}

    def note(self, kind: str, people: dict[str, int] | None = None, **rest: Any) -> None:
        """Something of the morning, if nothing of today has ended yet, or of the evening."""
        concerned = {self.subject.kind: self.subject.number, **(people or {})}
        self.moments.append(Moment(self.model.day, 0.0 if self._is_morning else None, kind, concerned, **rest))

    def concerned(self, cases: Any) -> Any:
        """Which of these cases are this person's, bool (cases,)."""
        raise NotImplementedError

    def before_reactions(self, rows: Any, cases: Any) -> None:
        """Keep the contacts that ended today as they were: what is not settled is about to move on.

        Args:
            rows: of the cases, int (contacts,).
            cases: copies of these rows.
        """
        self._rows, self._ended, self._mine = rows, cases, self.concerned(cases)
        customers = self.model.state.customers
        who = sorted(set(cases["customer"][self._mine].tolist()))
        self._attitudes = {i: Attitude.of(self.model, customers[i]) for i in who}

    def after_reactions(self) -> None:
        """Note the contacts and how they were taken, one after the other."""
        self._is_morning = False
        state = self.model.state
        for k in np.flatnonzero(np.isin(self._ended["customer"], list(self._attitudes))):
            case = self._ended[k]
            who = int(case["customer"])
            after = state.cases[self._rows[k]]
            judged = was_judged(state.customers[who], case, after)
            if self._mine[k]:
                contact = Contact(self.model, int(self._rows[k]), case, self._attitudes[who], judged)
                self.moments.append(contact.moment())
            if judged:
                self._attitudes[who] = self._attitudes[who].after(after)
        self._last = self._look()

    def after_customers_evening(self) -> None:
        """Customers have decided whether to stay."""

    def after_staff_evening(self) -> None:
        """Staff have lived through the day."""

    def after_managers_day(self) -> None:
        """Managers have spent their time; what comes next is of the morning."""
        self._is_morning = True


class CustomerObserver(Observer):
    """A person of the market: contacts, words heard, joining and leaving."""

    ROWS = "customers"
    STATES = ("satisfaction", "loyalty")

    def __init__(self, model: Engine, subject: Subject) -> None:
        super().__init__(model, subject)
        self.note("start", effects=self._feels(self._last) if self._last["since"] >= 0 else {})

    def _look(self) -> Any:
        self._reluctance = float(self.model.state.join_at[self.subject.number])
        return super()._look()

    def concerned(self, cases: Any) -> Any:
        """Its own."""
        return cases["customer"] == self.subject.number

    def before_reactions(self, rows: Any, cases: Any) -> None:
        """What came over the customer since last night, such as what a script wrote, is noted apart."""
        super().before_reactions(rows, cases)
        before, now = self._turn()
        if before["since"] >= 0 and max(abs(now[name] - before[name]) for name in self.STATES) > ROUNDING:
            self.note("changed", effects=self._feels(now, before))

    def after_reactions(self) -> None:
        """Contacts first, then what friends told, then whether that was it."""
        before, reluctance = self._last, self._reluctance
        super().after_reactions()
        if before["since"] < 0:
            if abs(self._reluctance - reluctance) > ROUNDING:
                self._note_words({"reluctance_change": self._reluctance - reluctance})
            return
        judged = self._attitudes.get(self.subject.number)
        change = float(self._last["satisfaction"]) - (judged.satisfaction if judged else float(before["satisfaction"]))
        if abs(change) > ROUNDING:
            self._note_words({"satisfaction": float(self._last["satisfaction"]), "satisfaction_change": change})
        if self._last["since"] < 0:
            self._note_leaving(INCIDENT, int(before["since"]), self._last)

    def _note_words(self, effect: dict[str, float]) -> None:
        """Friends whose contact ended today and who talk about such experiences may have told."""
        state = self.model.state
        p = state.p[0]
        start, end = state.tie_start[self.subject.number : self.subject.number + 2]
        friends = set(state.tie[start:end].tolist())
        talk = plain_numbers(self.model.settings.assumptions.word_of_mouth)
        news = {}
        for row, case in zip(self._rows, self._ended, strict=True):
            who, after = int(case["customer"]), state.cases[row]
            told = rule_of(self.model, people_told, state.customers[who])
            over = who in friends and after["stage"] == FREE and was_judged(state.customers[who], case, after)
            if over and told(after["experience"], p["told_after_good"], p["rule_word_of_mouth"], talk) > 0:
                news[str(who)] = float(after["experience"])
        self.note("words", facts={"friends_with_news": news}, effects={"customer": effect})

    def _note_leaving(self, reason: int, since: int, row: Any) -> None:
        """The customer of this row, which was one since that day, leaves."""
        facts = {
            "days": self.model.day + 1 - since,
            "alternative": float(self.model.state.p["alternative"][0]),
            "rate": float(row["leave_rate"]) * DAYS_PER_YEAR,
            "switching_cost": float(row["switching_cost"]),
            "failures_not_put_right": int(row["failures"]),
        }
        self.note("left", reasons=(REASONS[reason].name,), facts=facts, effects=self._feels(row))

    def after_customers_evening(self) -> None:
        """Who has reasons of its own, or has stood enough, leaves; who has heard enough joins."""
        before, now = self._turn()
        anew = before["spell"] != now["spell"]
        if before["since"] >= 0 and (now["since"] < 0 or anew):
            neutral = before["neutral_leave"] < self.model.day + 1
            self._note_leaving(NEUTRAL if neutral else DISSATISFIED, int(before["since"]), before)
        if anew:
            self.note("joined", facts={"spell": int(now["spell"])}, effects=self._feels(now))


class StaffObserver(Observer):
    """A position at the front line: contacts, evenings, holders that come and go."""

    ROWS = "staff"
    STATES = MOODS

    def __init__(self, model: Engine, subject: Subject) -> None:
        super().__init__(model, subject)
        if self._is_there(self._last):
            facts = {"department": int(self._last["department"]), "days": model.day - int(self._last["since"])}
            self.note("start", facts=self._about(self._last) | facts, effects=self._feels(self._last))

    def _is_there(self, row: Any) -> bool:
        return bool(row["present"] == 1 and self.subject.is_meant(int(row["person"])))

    def concerned(self, cases: Any) -> Any:
        """Those the holder meant served, passed up or handed over."""
        number, row = self.subject.number, self._look()
        holder = int(row["person"])
        served = (cases["staff"] == number) & self.subject.is_meant(holder)
        passed_on = (cases["asked_by"] == number) | (cases["handed_by"] == number)
        # what was asked before today's holder came was asked by the one before
        earlier = cases["contact_at"] < row["since"] * self.model.state.p["open_minutes"][0]
        meant = np.where(earlier, self.subject.is_meant(holder - 1), self.subject.is_meant(holder))
        return served | (passed_on & meant)

    def before_reactions(self, rows: Any, cases: Any) -> None:
        """What came over the member of staff since last night, such as what a script wrote, is noted apart."""
        super().before_reactions(rows, cases)
        before, now = self._turn()
        changed = tuple(name for name in MOODS if abs(now[name] - before[name]) > ROUNDING)
        if self._is_there(before) and now["present"] == 0:
            self._note_promotion(before)
        elif self._is_there(before) and changed:
            self.note("changed", effects={"staff": states(now, changed, before)})

    def after_staff_evening(self) -> None:
        """What the day did; whether the member of staff goes, whether a new one comes."""
        before, now = self._turn()
        if self._is_there(before):
            self._note_evening(before)
            if now["present"] == 0:
                self._note_quitting(before)
        elif before["present"] == 0 and self._is_there(now):
            self.note("hired", facts=self._about(now) | states(now, ("disposition",)), effects=self._feels(now))

    def after_managers_day(self) -> None:
        """Whether the member of staff becomes a manager."""
        before, now = self._turn()
        if self._is_there(before) and now["present"] == 0:
            self._note_promotion(before)
        super().after_managers_day()

    def _note_evening(self, before: Any) -> None:
        """What happened over the day, and what it did."""
        judged = int(before["judged"])
        moved = what_moved_morale(self.model, before, self._last)
        facts = self._about(before) | {
            "busy": float(before["busy"] / self.model.state.p["open_minutes"][0]),
            "overtime": float(before["overtime"]),
            **{name: int(before[name]) for name in COUNTED},
            **{name: bool(before[name]) for name in ("training", "away")},
            "met": float(before["felt"] / judged) if judged else None,
            "usually": float(before["gratitude"]),
            "moved_morale": moved,
        }
        most = sorted(moved, key=lambda name: -abs(moved[name]))[:3]
        reasons = tuple(name for name in most if abs(moved[name]) > ROUNDING)
        self.note("evening", reasons=reasons, facts=facts, effects=self._feels(self._last, before))

    def _note_quitting(self, before: Any) -> None:
        state = self.model.state
        p, lever = state.p[0], state.levers[before["department"]]
        dismissal = rule_of(self.model, rate_of_dismissal)
        facts = self._goodbye(before) | {
            "rate": float(before["exposure"] - self._last["exposure"]) * DAYS_PER_YEAR,
            "usual_rate": float(p["quit_rate"]),
            "dismissal_rate": float(
                dismissal(self._last["disposition"], lever["replace_unsuited"], p["rule_hospitality"], p["turnover"])
            ),
            "vacant_until": int(self._last["returns"]),
        }
        in_bad_mood = facts["rate"] - facts["dismissal_rate"] > facts["usual_rate"]
        reasons = ("mood" if in_bad_mood else "own reasons",) + ("unsuited",) * (facts["dismissal_rate"] > 0)
        self.note("quit", reasons=reasons, facts=facts, effects=self._feels(self._last))

    def _note_promotion(self, before: Any) -> None:
        """The best of the teams below takes the place of a team manager who left."""
        state = self.model.state
        pool = state.departments["pool"][before["department"]]
        new = np.flatnonzero((state.managers["pool"] == pool) & (state.managers["since"] == self.model.day))
        people = {"manager": int(new[0])} if len(new) == 1 else {}
        facts = self._goodbye(before) | {"vacant_until": int(self._last["returns"])}
        self.note("promoted", people, facts=facts, effects=self._feels(before))


class ManagerObserver(Observer):
    """A manager's position: cases decided, how each day is spent, holders that come and go."""

    ROWS = "managers"
    STATES = ("morale",)

    def __init__(self, model: Engine, subject: Subject) -> None:
        super().__init__(model, subject)
        self._note_taking_office("start")

    def _look(self) -> Any:
        self._staff_present = self.model.state.staff["present"].copy()
        self._prevalence = self.model.state.causes["prevalence"].copy()
        return super()._look()

    def _about(self, row: Any) -> dict[str, Any]:
        return super()._about(row) | {"level": int(row["level"])}

    def concerned(self, cases: Any) -> Any:
        """Those that reached this desk."""
        number = self.subject.number
        mine = (cases["approvers"] == number).any(axis=1) | ((cases["level"] > 0) & (cases["manager"] == number))
        return mine & self.subject.is_meant(int(self._look()["person"]))

    def before_reactions(self, rows: Any, cases: Any) -> None:
        """A change of holder since last night was on the timeline."""
        super().before_reactions(rows, cases)
        self._note_change("replaced")

    def after_staff_evening(self) -> None:
        """Who is there to be promoted."""
        self._last = self._look()

    def after_managers_day(self) -> None:
        """How the day was spent; whether somebody else takes over."""
        if self.subject.is_meant(int(self._last["person"])):
            self._note_day()
        self._note_change("own reasons")
        super().after_managers_day()

    def _note_day(self) -> None:
        """The day's time ledger, and what the manager works on against what does most harm."""
        state, number = self.model.state, self.subject.number
        row = state.managers[number]
        facts = self._about(self._last) | states(row, tuple(TIME))
        facts["hours"] = float(state.p["day_minutes"][0] + row["overtime"])
        effects = self._feels(row, self._last) if row["person"] == self._last["person"] else {}
        priority = int(row["priority"])
        if priority != NOBODY:
            pools = state.departments["pool"][state.causes["department"]]
            reach = np.flatnonzero((row["level"] > 1) | (pools == row["pool"]))
            worst = int(reach[np.argmax(self._prevalence[reach])])
            facts |= {
                "works_on": priority,
                "believed_share": float(state.beliefs[number, priority]),
                "true_share": float(self._prevalence[priority] / max(self._prevalence[reach].sum(), ROUNDING)),
                "worst": worst,
                "mistaken": bool(self._prevalence[priority] < self._prevalence[worst]),
            }
            now = float(state.causes["prevalence"][priority])
            effects["cause"] = {"prevalence": now, "prevalence_change": now - float(self._prevalence[priority])}
        facts |= {"told": float(state.told[number].sum()), "seen": float(state.seen[number].sum())}
        self.note("day", facts=facts, effects=effects)

    def _note_change(self, reason: str) -> None:
        """Whether the holder changed, why, and where the new one comes from."""
        state = self.model.state
        left_front = (self._staff_present == 1) & (state.staff["present"] == 0)
        before, now = self._turn()
        if before["person"] == now["person"]:
            return
        if self.subject.is_meant(int(before["person"])):
            self.note("quit", reasons=(reason,), facts=self._goodbye(before), effects=self._feels(before))
        mine = state.departments["pool"][state.staff["department"]] == before["pool"]
        self._note_taking_office("appointed", np.flatnonzero(left_front & mine).tolist())

    def _note_taking_office(self, kind: str, promoted: list[int] | None = None) -> None:
        row = self._last
        if self.subject.is_meant(int(row["person"])):
            facts = self._about(row) | states(row, ("skill", "teaching", "own_prior"))
            if promoted is not None:
                facts["from_the_front_line"] = promoted
            self.note(kind, facts=facts, effects=self._feels(row))
