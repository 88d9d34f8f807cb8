"""Customers and staff followed one by one through a run."""

from __future__ import annotations

from typing import Any

import numpy as np

from simsvc.evidence.branches import correlation
from simsvc.evidence.levels import LEVELS
from simsvc.evidence.measuring import NAN, Values
from simsvc.model.rows import FAILURE, NEVER, RESOLVED, TURNED_AWAY
from simsvc.organization import ServiceOrganization
from simsvc.runs.metrics import measured
from simsvc.scenario.calendar import DAYS_PER_YEAR


def bend(x: Any, y: Any) -> float:
    """Quadratic coefficient of the parabola through points, by least squares; NaN for fewer than four."""
    return float(np.polyfit(np.asarray(x, float), np.asarray(y, float), 2)[0]) if len(x) > 3 else NAN


def mean_of(values: Any) -> float:
    """Mean; NaN of nothing."""
    return float(np.mean(values)) if len(values) else NAN


NEW, OLD = DAYS_PER_YEAR // 2, 2 * DAYS_PER_YEAR
"""Days as a customer below which somebody is new, and from which long-standing."""
FAST = 1.0
"""Working days within which something is put right fast (TARP)."""
MET = 0.02
"""Distance of an experience from what was expected up to which it counts as met."""
BAD = 0.5
"""Expectation below which bad service is expected; a competitor gives more."""


class _Contacts:
    """Adds up, evening by evening, how contacts moved customers."""

    def __init__(self, people: int) -> None:
        self.spell = np.full(people, -1)
        self.failures = np.zeros(people, int)
        self.sums = dict.fromkeys(("new", "new gap", "old", "old gap"), 0.0)
        self.recovered: dict[str, list[float]] = {"first": [], "first loyalty": [], "later": []}
        self.expectation = np.full(people, NAN)
        self.judged: list[Any] = []

    def look(self, model: ServiceOrganization, is_measured: bool) -> None:
        state = model.state
        expectation, self.expectation = self.expectation, state.customers["expectation"].copy()
        organisation = state.organisation[0]
        ended = state.cases[state.ended[: organisation["ended"]]]
        ended = ended[(ended["outcome"] != TURNED_AWAY) & (ended["experience"] > 0)]
        who = ended["customer"]
        customers = state.customers[who]
        stays = (customers["since"] >= 0) & (customers["spell"] == ended["spell"])
        ended, who, customers = ended[stays], who[stays], customers[stays]
        if is_measured:
            before = customers["satisfaction"] - ended["satisfaction_change"]
            gap, moved = np.abs(ended["experience"] - before), np.abs(ended["satisfaction_change"])
            tenure = organisation["day"] - customers["since"]
            for name, mine in (("new", tenure < NEW), ("old", tenure >= OLD)):
                self.sums[name] += float(moved[mine].sum())
                self.sums[f"{name} gap"] += float(gap[mine].sum())
            expected = expectation[who]
            self.judged.append(
                np.array([ended["experience"] - expected, expected, customers["satisfaction"], ended["loyalty_change"]])
            )
        over = (ended["kind"] == FAILURE) & (ended["legitimate"] == 1) & (ended["attempts"] <= 1)
        for case in ended[over]:
            i = case["customer"]
            if self.spell[i] != case["spell"]:
                self.spell[i], self.failures[i] = case["spell"], 0
            days = (case["ended_at"] - case["first_at"]) / model.settings.operations.open_minutes
            well = case["outcome"] == RESOLVED and case["outcome_felt"] >= 0.6 and days <= FAST
            if is_measured and well:
                which = "first" if self.failures[i] == 0 else "later"
                self.recovered[which].append(float(case["satisfaction_change"]))
                if which == "first":
                    self.recovered["first loyalty"].append(float(case["loyalty_change"]))
            self.failures[i] += 1

    def values(self) -> Values:
        mean = {name: 100 * mean_of(moves) for name, moves in self.recovered.items()}
        surprise, expected, satisfaction, change = np.concatenate(self.judged or [np.empty((4, 0))], axis=1)
        met = np.abs(surprise) <= MET
        new, old = (self.sums[name] / self.sums[f"{name} gap"] if self.sums[name] else NAN for name in ("new", "old"))
        return {
            "experience_dampens": old / new,
            "paradox_of_satisfaction": mean["first"],
            "no_paradox_of_loyalty": mean["first loyalty"],
            "no_second_paradox": mean["later"],
            "disconfirmation": correlation(surprise, satisfaction),
            "expectation_met": 100 * mean_of(change[met]),
            "bad_as_expected": 100 * mean_of(change[met & (expected < BAD)]),
        }


class _Staff:
    """Looks at everybody at the front line every half year, and at what became of them."""

    def __init__(self) -> None:
        self.looks: list[Any] = []
        self.felt = self.judged = np.zeros(0)
        self.performed: list[Any] = []

    def evening(self, model: ServiceOrganization, done: int) -> None:
        staff = model.state.staff
        if len(staff) > len(self.felt):
            more = np.zeros(len(staff) - len(self.felt))
            self.felt, self.judged = np.append(self.felt, more), np.append(self.judged, more)
        self.felt += staff["felt"]
        self.judged += staff["judged"]
        if done % NEW == 0:
            self.performed.append((self.felt, self.judged))
            self.felt, self.judged = np.zeros(len(staff)), np.zeros(len(staff))
            self.looks.append(staff.copy())

    def values(self, first: int) -> Values:
        """Correlations over everybody seen from a look on.

        Args:
            first: number of the look.
        """
        attitudes, performance, fate = [], [], []
        for k in range(first, len(self.looks) - 1):
            then = self.looks[k]
            here = np.flatnonzero((then["present"] == 1) & (then["leaves"] == NEVER))
            attitudes.append(np.array([then[name][here] for name in ("morale", "commitment", "empowerment")]))
            later = self.looks[k + 1][here]
            stays = (later["person"] == then["person"][here]) & (later["present"] == 1)
            felt, judged = (sums[here] for sums in self.performed[k + 1])
            performance.append(np.where(stays & (judged > 0), felt / np.maximum(judged, 1), NAN))
            year = self.looks[k + 2][here] if k + 2 < len(self.looks) else None
            gone = NAN if year is None else (year["person"] != then["person"][here]) | (year["present"] == 0)
            fate.append(np.broadcast_to(gone, len(here)).astype(float))
        morale, commitment, empowerment = np.concatenate(attitudes or [np.empty((3, 0))], axis=1)
        performed, left = np.concatenate([*performance, []]), np.concatenate([*fate, []])
        return {
            "morale_and_quitting": known_correlation(morale, left),
            "commitment_and_quitting": known_correlation(commitment, left),
            "autonomy_and_morale": known_correlation(empowerment, morale),
            "morale_and_performance": known_correlation(morale, performed),
        }


def known_correlation(one: Any, other: Any) -> float:
    """Correlation where both are known."""
    known = np.isfinite(one) & np.isfinite(other)
    return correlation(one[known], other[known])


def follow_all(model: ServiceOrganization, days: int) -> Values:
    """A drive: looks at every contact, at who is a customer a year before the end and at the end, and at the staff."""
    first = int(days * model.settings.run.settling)
    contacts, staff = _Contacts(len(model.state.customers)), _Staff()
    values: Values = {}
    before: Any = None
    for day in range(days):
        model.advance(1)
        contacts.look(model, day >= first)
        staff.evening(model, day + 1)
        if day == days - DAYS_PER_YEAR - 1:
            before = model.state.customers.copy()
    if before is not None:
        here = before["since"] >= 0
        now, then = model.state.customers[here], before[here]
        kept = (now["since"] >= 0) & (now["spell"] == then["spell"])
        spend = then["spend"] / then["spend_level"]
        values = {
            "staying_is_convex": bend(then["satisfaction"], kept),
            "spending_is_convex": bend(then["satisfaction"], spend / spend.mean()),
            "intent_is_concave": bend(then["satisfaction"], then["counted_score"]),
        }
    rows = measured(model.state.days[:days], model.settings.run.settling)
    for rung in ("silent", "vain", "right", "fast"):
        losses = float(rows[f"losses_small_{rung}"].sum())
        values[f"small_loss_{rung}"] = 100 * float(rows[f"kept_small_{rung}"].sum()) / losses if losses else NAN
    bad = float(rows["told_bad"].sum())
    values["good_words"] = float(rows["told_good"].sum()) / bad if bad else NAN
    values |= staff.values(max(first // NEW - 1, 0))
    return {**values, **contacts.values(), **{level.name: level.of(rows) for level in LEVELS}}


def follow_staff(model: ServiceOrganization, days: int) -> float:
    """A drive: correlation of surface acting per contact and exhaustion over staff there all the last half year."""
    model.advance(days - NEW)
    staff = model.state.staff
    person, present = staff["person"].copy(), staff["present"].copy()
    many = len(staff)
    acting, contacts, tired = (np.zeros(many) for _ in range(3))
    for _ in range(NEW):
        model.advance(1)
        staff = model.state.staff
        acting += staff["acting"][:many]
        contacts += staff["contacts"][:many]
        tired += staff["exhaustion"][:many]
    staff = staff[:many]
    same = (staff["person"] == person) & (present == 1) & (staff["present"] == 1) & (contacts > 0)
    return correlation(acting[same] / contacts[same], tired[same])
