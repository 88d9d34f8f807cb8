"""Cases that climb the chart and come back down, as the page draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simsvc.model.rows import NOBODY, RESOLVED, UNRESOLVED

if TYPE_CHECKING:
    from simsvc.organization import ServiceOrganization

MOST = 10
"""Cases drawn of each day, at most; the day's numbers count them all."""


class Climbers:
    """Keeps, of the contacts that ended today, those that were passed up.

    A case that ended today is seen before customers have judged it, because afterwards its row may belong to the
    next contact of the same case. The model gets a phase that looks; looking changes nothing.
    """

    def __init__(self, model: ServiceOrganization) -> None:
        self.rows: Any = model.state.cases[:0].copy()

        def see_climbers(_: ServiceOrganization) -> None:
            """The page notes which cases climbed."""
            ended = model.state.ended[: model.state.organisation["ended"][0]]
            cases = model.state.cases
            outcome = cases["outcome"][ended]
            served = (outcome == RESOLVED) | (outcome == UNRESOLVED)
            climbed = served & (cases["level"][ended] > 0) & (cases["staff"][ended] != NOBODY)
            self.rows = cases[ended[climbed]]

        model.phases.insert("see_climbers", see_climbers, before="reactions")

    def longest(self) -> Any:
        """The case that took longest today; None if none climbed."""
        return self.rows[np.argmax(time_of_answer(self.rows))] if len(self.rows) else None

    def sample(self) -> list[dict[str, Any]]:
        """Some of today's cases, spread over the day."""
        step = -(-len(self.rows) // MOST)
        return [_drawn(case) for case in self.rows[:: max(step, 1)]]


def time_of_answer(cases: Any) -> Any:
    """Minutes between asking and the answer: off the line if called back, on it otherwise."""
    held = cases["ended_at"] - cases["left"] - cases["queued_at"]
    return np.where(cases["callback"] == 1, cases["delayed"], held)


def approvers(case: Any) -> list[int]:
    """Numbers of the managers who had it on their desks, from the bottom up."""
    return [*case["approvers"][: int(case["level"]) - 1].tolist(), int(case["manager"])]


def asker(case: Any) -> int:
    """Position at the front line that passed it up."""
    return int(case["asked_by"] if case["asked_by"] != NOBODY else case["staff"])


def _drawn(case: Any) -> dict[str, Any]:
    return {
        "customer": int(case["customer"]),
        "staff": asker(case),
        "managers": approvers(case),
        "granted": bool(case["granted"]),
        "parked": bool(case["callback"]),
        "minutes": round(float(time_of_answer(case))),
    }
