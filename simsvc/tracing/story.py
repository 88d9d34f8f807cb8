"""The story of one person, moment by moment: for reading, as JSON, as a table."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from simsvc.scenario.loading import name_of
from simsvc.tracing.contacts import OUTCOMES
from simsvc.tracing.moments import Moment, Subject
from simsvc.tracing.telling import clock, count, tell

if TYPE_CHECKING:
    import pandas as pd

    from simsvc.model.engine import Engine

WIDTH = 110


@dataclass(frozen=True)
class Story:
    """What happened to one person, in order; print it, go through it, or take its table.

    Example:
        >>> print(model.trace(model.customers[17]))  # doctest: +SKIP
    """

    subject: Subject
    scenario: str
    """Name of the scenario; empty if not known."""
    structure: str
    """Name of the structure of the last day; `own` if it is none that comes with the program."""
    seed: int
    first_day: int
    last_day: int
    moments: tuple[Moment, ...]

    @classmethod
    def of(cls, model: Engine, subject: Subject, moments: tuple[Moment, ...], scenario: str = "") -> Story:
        """The story of somebody of a model, up to its last day."""
        first = moments[0].day if moments else 0
        return cls(
            subject, scenario, name_of(model.settings.structure), model.origin["rng"], first, model.day - 1, moments
        )

    def __iter__(self) -> Iterator[Moment]:
        return iter(self.moments)

    def __len__(self) -> int:
        return len(self.moments)

    def between(self, first: int, last: int) -> Story:
        """The part of the story from one day to another, both included."""
        kept = tuple(one for one in self.moments if first <= one.day <= last)
        return replace(self, first_day=first, last_day=last, moments=kept)

    # -- for reading --------------------------------------------------------------------------

    def title(self) -> str:
        """Whose story it is, and of which run."""
        whose = str(self.subject)
        if self.subject.holder:
            whose += f" (holder {self.subject.holder + 1} of the position)"
        where = f" of {self.scenario}" if self.scenario else ""
        return (
            f"{whose[:1].upper()}{whose[1:]}{where}, structure {self.structure}, seed {self.seed}, "
            f"day {self.first_day} to {self.last_day}: {count(len(self.moments), 'moment')}"
        )

    def text(self, width: int = WIDTH) -> str:
        """The story as text, a block for each moment, wrapped at `width` columns."""
        lines = [self.title(), ""]
        for moment in self.moments:
            head = f"day {moment.day:>4}  {_when(moment):<8}"
            first, *effects = tell(moment)
            blank = " " * len(head)
            lines += textwrap.wrap(first, width, initial_indent=head, subsequent_indent=blank)
            for effect in effects:
                lines += textwrap.wrap(effect, width, initial_indent=f"{blank}- ", subsequent_indent=f"{blank}  ")
        return "\n".join([*lines, "", self.conclusion()])

    def __str__(self) -> str:
        return self.text()

    def conclusion(self) -> str:
        """The story in one line."""
        parts = {"customer": self._customers, "staff": self._staffs, "manager": self._managers}[self.subject.kind]()
        return f"In all: {'; '.join(parts)}."

    def _of_kind(self, kind: str) -> list[Moment]:
        return [one for one in self.moments if one.kind == kind]

    def _customers(self) -> list[str]:
        contacts = self._of_kind("contact")
        parts = [_counted(contacts)]
        paid = sum(one.facts.get("paid", 0.0) for one in contacts)
        if paid > 0:
            parts.append(f"{paid:,.0f} paid")
        if words := len(self._of_kind("words")):
            parts.append(f"words of friends on {count(words, 'day')}")
        parts += [f"left on day {one.day}" for one in self._of_kind("left")]
        return [*parts, *self._course("satisfaction", "loyalty")]

    def _staffs(self) -> list[str]:
        contacts = self._of_kind("contact")
        served, asked, handed = (
            [one for one in contacts if one.people.get(role) == self.subject.number]
            for role in ("staff", "asked_by", "handed_by")
        )
        parts = [_counted(served), f"{len(asked)} passed up", f"{len(handed)} handed over"]
        gone = {"quit": "quit", "promoted": "promoted", "hired": "successor hired"}
        parts += [f"{gone[one.kind]} on day {one.day}" for one in self.moments if one.kind in gone]
        return [*parts, *self._course("morale", "exhaustion", "commitment")]

    def _managers(self) -> list[str]:
        mine = [
            approval
            for one in self._of_kind("contact")
            for approval in one.facts["approvals"]
            if approval["manager"] == self.subject.number
        ]
        passed = sum(approval["passed_up"] for approval in mine)
        granted = sum(approval["granted"] for approval in mine) - passed
        parts = [count(len(mine), "case decided", "cases decided")]
        if mine:
            parts[0] += f" ({granted} granted, {len(mine) - granted - passed} refused, {passed} passed up)"
        days = self._of_kind("day")
        mistaken = sum(bool(one.facts.get("mistaken")) for one in days)
        parts.append(f"on {mistaken} of {count(len(days), 'day')} at work on another cause than the worst")
        parts += [f"left on day {one.day}" for one in self._of_kind("quit")]
        return [*parts, *self._course("morale")]

    def _course(self, *names: str) -> list[str]:
        """First and last of some states of the person: `morale 0.62 -> 0.66`."""
        found = []
        for name in names:
            known = [effect for one in self.moments if name in (effect := one.effects.get(self.subject.kind, {}))]
            if known:
                first = known[0][name] - known[0].get(f"{name}_change", 0.0)
                found.append(f"{name} {first:.2f} -> {known[-1][name]:.2f}")
        return [", ".join(found)] if found else []

    # -- for computing ------------------------------------------------------------------------

    def as_json(self) -> dict[str, Any]:
        """Plain data; `docs/tracing.md` describes it."""
        return {
            "subject": asdict(self.subject),
            "scenario": self.scenario,
            "structure": self.structure,
            "seed": self.seed,
            "first_day": self.first_day,
            "last_day": self.last_day,
            "conclusion": self.conclusion(),
            "moments": [
                asdict(one) | {"reasons": list(one.reasons), "text": " ".join(tell(one))} for one in self.moments
            ],
        }

    def frame(self) -> pd.DataFrame:
        """One row per moment; effects in columns such as `customer.satisfaction_change`."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "day": one.day,
                    "minute": one.minute,
                    "kind": one.kind,
                    **one.people,
                    "decision": one.decision,
                    "reasons": ", ".join(one.reasons),
                    **one.facts,
                    **{f"{who}.{name}": value for who, effect in one.effects.items() for name, value in effect.items()},
                    "text": " ".join(tell(one)),
                }
                for one in self.moments
            ]
        )


def _counted(contacts: Sequence[Moment]) -> str:
    """Contacts by how they ended."""
    outcomes = Counter(one.facts["outcome"] for one in contacts)
    ends = ", ".join(f"{outcomes[name]} {name}" for name in OUTCOMES.values() if outcomes[name])
    return count(len(contacts), "contact") + (f" ({ends})" if ends else "")


def _when(moment: Moment) -> str:
    """Time of day at which a moment stands in the story."""
    if moment.kind != "contact" or moment.minute is None:
        return "evening" if moment.minute is None else "morning"
    return clock(moment.minute if moment.facts["began"] == moment.day else moment.facts["ended"])
