"""What a story is made of: whose it is, and the moments in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from simsvc.model.compiling import columns_wanted, taking_coefficients

if TYPE_CHECKING:
    from simsvc.model.engine import Engine

Kind = Literal["customer", "staff", "manager"]
TIME = {
    "approvals": "approvals",
    "control": "control",
    "coaching": "coaching",
    "floor": "the floor",
    "removing": "removing causes",
}
"""What managers spend time on, as rows call it and as people do."""


@dataclass(frozen=True)
class Subject:
    """Whose story is told."""

    kind: Kind
    number: int
    """Of the person in the market, of the position at the front line, of the manager's position."""
    holder: int | None = None
    """Which holder of the position, from 0; None: everybody who ever holds it."""

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    def is_meant(self, holder: int) -> bool:
        """Whether the story is about this holder of the position."""
        return self.holder is None or holder == self.holder


@dataclass(frozen=True)
class Moment:
    """Something that happened to somebody, with its reasons and its effects.

    `docs/tracing.md` lists what each kind of moment holds.
    """

    day: int
    """The day on which it took effect."""
    minute: float | None
    """When it began, in minutes since opening; a contact may have begun on an earlier day. None: the evening."""
    kind: str
    people: Mapping[str, int]
    """Numbers of those concerned, by what they are."""
    decision: str = ""
    """What was decided, one word; empty if nothing was."""
    reasons: tuple[str, ...] = ()
    """Why, in few words each."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What it was about."""
    effects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What it did to whom: states after it, and changes."""


def rule_of(model: Engine, own: Callable[..., Any], customer: Any = None) -> Callable[..., Any]:
    """A rule of ours, or what a user has put in its place in this model; own columns are those of a customer's row."""
    if own.__name__ not in model.origin["rules"]:
        return own
    found: Callable[..., Any] = model.origin["rules"][own.__name__]
    wanted, without = columns_wanted(found, own, model.phases.columns) or ((), False)
    if not wanted:
        return taking_coefficients(found, own)
    return lambda *values: found(*values[: len(values) - without], *(customer[name] for name in wanted))
