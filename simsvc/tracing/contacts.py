"""One contact as a moment: who met, what was decided and why, and what it did to both sides.

Everything is read from rows, in the evening of the day on which the contact ended. Reasons come out of
the rows as well: whether a remedy exceeds what a member of staff may grant today, how far a case went
up, who said no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simsvc.model.rows import (
    ABANDONED,
    ACT,
    ASK,
    AWAY,
    BEND,
    DENY,
    DROP,
    FAILURE,
    FREE,
    HUNG_UP,
    NOBODY,
    REDIALLED,
    REFUSE,
    RESOLVED,
    ROUTINE,
    SILENT_LOSS,
    TURNED_AWAY,
    UNRESOLVED,
    WITHDRAWN,
)
from simsvc.model.rules.authority import beyond_authority
from simsvc.model.rules.encounter import chance_to_resolve
from simsvc.model.rules.policy import tightness_in_force
from simsvc.model.rules.relationship import loyalty_without_acquaintance
from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.management import LEVELS
from simsvc.tracing.moments import Moment, rule_of

if TYPE_CHECKING:
    from simsvc.model.engine import Engine

NEEDS = ("routine", "request", "failure")
OUTCOMES = {
    RESOLVED: "settled",
    UNRESOLVED: "unsettled",
    ABANDONED: "abandoned",
    TURNED_AWAY: "turned away",
    SILENT_LOSS: "silent",
    WITHDRAWN: "withdrawn",
    HUNG_UP: "hung up",
}
DECISIONS = {ACT: "acts", ASK: "asks", BEND: "bends", REFUSE: "refuses", DENY: "denies", DROP: "drops"}
_NOT_SERVED = {ABANDONED: "out of patience", TURNED_AWAY: "closing time", SILENT_LOSS: "says nothing"}
_JUDGEMENT = ("experience", "outcome_felt", "procedure_felt", "satisfaction_change", "loyalty_change")


def was_judged(customer: Any, before: Any, after: Any) -> bool:
    """Whether the customer, as it is after the reactions, judged a contact: row of the case before them and after."""
    if before["outcome"] == TURNED_AWAY or customer["spell"] != before["spell"]:
        return False
    # who has left by now judged the contacts up to the one it walked out over
    return bool(customer["since"] >= 0 or any(before[name] != after[name] for name in _JUDGEMENT))


@dataclass(frozen=True)
class Attitude:
    """Attitude of a customer just before a contact of today counts."""

    satisfaction: float
    loyalty: float
    missed: int = NOBODY
    """Position of the member of staff it knew and will find gone; `NOBODY` if there is none."""
    loss: float = 0.0
    """Loyalty that this will take (C23)."""

    @classmethod
    def of(cls, model: Engine, customer: Any) -> Attitude:
        """Attitude of a customer before any contact of today counts."""
        satisfaction, loyalty = float(customer["satisfaction"]), float(customer["loyalty"])
        known = int(customer["known_staff"])
        if known == NOBODY:
            return cls(satisfaction, loyalty)
        one = model.state.staff[known]
        if one["present"] == 1 and one["person"] == customer["known_person"]:
            return cls(satisfaction, loyalty)
        left = rule_of(model, loyalty_without_acquaintance, customer)(
            loyalty,
            customer["bond"],
            model.state.p["rule_relationship"][0],
            plain_numbers(model.settings.assumptions.relationship),
        )
        return cls(satisfaction, loyalty, known, loyalty - float(left))

    def after(self, case: Any) -> Attitude:
        """Attitude after a contact that was judged, by the row of its case."""
        return Attitude(
            self.satisfaction + float(case["satisfaction_change"]),
            self.loyalty - self.loss + float(case["loyalty_change"]),
        )


@dataclass(frozen=True)
class Contact:
    """A contact that ended today and was reacted to."""

    model: Engine
    row: int
    case: Any
    """Copy of that row from before the reactions: what is not settled has moved on since."""
    attitude: Attitude
    """Of the customer just before."""
    judged: bool
    """Whether the customer was still there to judge it, and did."""

    def moment(self) -> Moment:
        """The contact as a moment."""
        case, day = self.case, self.model.day
        open_minutes = float(self.model.state.p["open_minutes"][0])
        began, minute = divmod(float(case["contact_at"]), open_minutes)
        outcome = int(case["outcome"])
        people = {"customer": int(case["customer"])}
        people |= {role: int(case[role]) for role in ("staff", "asked_by", "handed_by") if case[role] != NOBODY}
        facts: dict[str, Any] = {
            "need": NEEDS[case["kind"]],
            "case": f"{case['customer']}-{case['day']}-{case['number']}",
            "contact": int(case["attempts"]),
            "began": int(began),
            **{name: float(case[name]) for name in ("distance", "difficulty", "remedy")},
            "legitimate": bool(case["legitimate"]),
            "cause": int(case["cause"]) if case["cause"] != NOBODY else None,
            "department": int(case["department"]),
            "owner": int(case["owner"]),
            "outcome": OUTCOMES[outcome],
            "comes_back": self._comes_back(open_minutes),
            "customer_had_left": outcome != TURNED_AWAY and not self.judged,
            "holders": {role: self._holder(role) for role in people if role != "customer"},
        }
        decision = ""
        reasons: tuple[str, ...] = (_NOT_SERVED.get(outcome, ""),)
        if outcome != SILENT_LOSS:
            facts |= {"waited": float(case["waited"]), "ended": max(float(case["ended_at"] - day * open_minutes), 0.0)}
        if case["staff"] != NOBODY:
            decision = DECISIONS[int(case["plan"])]
            facts |= self._service(began == day)
            reasons = self._reasons(facts)
        if case["level"] > 0:
            people["manager"] = int(case["manager"])
        if case["level"] > 0 or (case["staff"] != NOBODY and case["plan"] == ASK):  # none, if given up before
            facts["approvals"] = self._approvals(began == day)
        if case["handed_by"] != NOBODY:
            reasons = ("wrong department", *reasons)
        effects = self._effects() if self.judged else {}
        return Moment(day, minute, "contact", people, decision, reasons, facts, effects)

    def _holder(self, role: str) -> int:
        """Which holder of a position it was, from 0: the one before, if it was done before today's came."""
        one = self.model.state.staff[self.case[role]]
        came = one["since"] * self.model.state.p["open_minutes"][0]
        earlier = role != "staff" and self.case["contact_at"] < came
        return int(one["person"]) - (1 if earlier else 0)

    def _comes_back(self, open_minutes: float) -> int | None:
        """Day of the next contact about the same case, today included; None: it is over."""
        after = self.model.state.cases[self.row]
        if self.case["redials"] == REDIALLED:
            return self.model.day
        return int(after["contact_at"] // open_minutes) if after["stage"] == AWAY else None

    def _service(self, today: bool) -> dict[str, Any]:
        """What the decision rested on and what came of it; limits only if it was decided under those of today."""
        case, staff = self.case, self.model.state.staff
        facts: dict[str, Any] = {
            "familiar": bool(case["familiar"]),
            "granted": bool(case["granted"]),
            "grave_error": bool(case["grave"]),
            **{name: float(case[name]) for name in ("minutes", "paid", "gesture", "fit", "quality", "courtesy")},
        }
        if not case["grave"] and not case["refused"]:
            facts["chance"] = rule_of(self.model, chance_to_resolve)(
                case["quality"], case["difficulty"], self.model.settings.operations.resolution,
                plain_numbers(self.model.settings.assumptions.encounter),
            )  # fmt: skip
        if case["plan"] == ASK:
            # what is left of the service follows the answer; a case not put aside was asked about at `queued_at`
            hung_up = case["outcome"] == HUNG_UP
            held = case["ended_at"] - case["queued_at"] - (0.0 if hung_up else case["left"])
            aside = bool(case["callback"]) and not hung_up
            facts["called_back"] = aside
            facts["answer_took"] = float(case["delayed"] if aside else held)
            facts["waited"] = float(case["waited"] - (0.0 if aside else held))
        if today:
            one = staff[case["asked_by"] if case["plan"] == ASK else case["staff"]]
            facts |= {"limit": float(one["limit"]), "latitude": float(one["latitude"])}
        return facts

    def _reasons(self, facts: Mapping[str, Any]) -> tuple[str, ...]:
        """Why the front line did what it did."""
        case, plan = self.case, int(self.case["plan"])
        beyond = self._beyond(facts)
        if plan == ACT and case["promised"]:
            return (*beyond, "granted before")
        if plan == ACT and beyond:
            return (*beyond, "nothing is refused")
        if plan == ACT:
            looks = "looks justified" if case["granted"] else "looks unjustified"
            return ("within authority", looks) if case["kind"] != ROUTINE else ("within authority",)
        if plan == ASK and case["outcome"] in (WITHDRAWN, HUNG_UP):
            return (*beyond, f"not {'called back' if case['outcome'] == WITHDRAWN else 'answered'} in time")
        if plan == ASK:
            return (*beyond, "approver grants" if case["granted"] else "approver refuses")
        if plan == REFUSE:
            alone = self.model.state.departments["pool"][case["department"]] == NOBODY
            return (*beyond, "nobody to ask" if alone else "not passed up")
        return (*beyond, {BEND: "trusted and daring", DENY: "looks unjustified", DROP: "not worth the trouble"}[plan])

    def _beyond(self, facts: Mapping[str, Any]) -> tuple[str, ...]:
        """In what the case exceeds the authority of who took it."""
        case = self.case
        if "limit" not in facts:
            return () if case["plan"] == ACT else ("beyond authority",)
        exceeds = rule_of(self.model, beyond_authority)
        of = self.model.state.p["authority"][0]
        money = exceeds(case["remedy"], 0.0, facts["limit"], facts["latitude"], of)
        solution = exceeds(0.0, case["distance"], facts["limit"], facts["latitude"], of)
        return ("beyond limit",) * bool(money) + ("beyond latitude",) * bool(solution)

    def _approvals(self, today: bool) -> list[dict[str, Any]]:
        """Who decided at each level, all but the last were for it and passed it on; limits only if those of today."""
        case, state = self.case, self.model.state
        lever = state.levers[case["department"]]
        tightness = rule_of(self.model, tightness_in_force)(
            state.departments["tightness"][case["department"]], state.p["rule_ratchet"][0]
        )
        found = []
        for level in range(1, int(case["level"]) + 1):
            last = level == case["level"]
            manager = int(case["manager"] if last else case["approvers"][level - 1])
            approval: dict[str, Any] = {
                "manager": manager,
                "holder": int(state.managers["person"][manager]),
                "level": level,
                "granted": bool(case["granted"]) if last else True,
                "passed_up": not last,
            }
            if not last and today:
                limit = lever[LEVELS[level - 1].limit]
                approval["limit"] = float(limit * max(1.0 - tightness, 0.0))
            found.append(approval)
        return found

    def _effects(self) -> dict[str, dict[str, Any]]:
        """What the contact did to the customer, to the member of staff and to the manager."""
        state, case = self.model.state, self.case
        after = state.cases[self.row]
        felt = {name: float(after[name]) for name in _JUDGEMENT}
        attitude = self.attitude.after(after)
        customer: dict[str, Any] = {**felt, "satisfaction": attitude.satisfaction, "loyalty": attitude.loyalty}
        if self.attitude.missed != NOBODY:
            customer |= {"missed_staff": self.attitude.missed, "loyalty_lost_with_it": self.attitude.loss}
        failed = case["kind"] == FAILURE and case["legitimate"] == 1 and case["outcome"] != RESOLVED
        if failed and after["stage"] == FREE:
            customer["failures_not_put_right"] = int(state.customers["failures"][case["customer"]])
        effects: dict[str, dict[str, Any]] = {"customer": customer}
        if case["staff"] != NOBODY:
            usual = float(state.staff["gratitude"][case["staff"]])
            effects["staff"] = {
                "met": felt["experience"],
                "usually": usual,
                "grateful": felt["experience"] > usual,
                "refused_justified": bool(case["refused"] == 1 and case["legitimate"] == 1),
                "met_broken": bool(case["cause"] != NOBODY),
            }
        if case["level"] > 0 and case["cause"] != NOBODY:
            effects["manager"] = {"saw_cause": int(case["cause"])}
        return effects
