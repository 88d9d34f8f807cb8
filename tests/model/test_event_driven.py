"""The queueing network with escalation and hand-overs against a Markov chain and a SimPy model, both written apart.

Where customer and member of staff wait together for a manager, a wait is time in the queue and on hold. People give up
in the queue and hang up on hold, when they have waited as long as their patience; being served uses none of it up. A
case that reaches the wrong department is handed over as `docs/odd.md` says, and keeps its patience and its work.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

import numpy as np
import pytest
import simpy
from simpy.util import start_delayed

from simsvc.evidence.queueing import estimate, observe, queue_estimates, two_tier_scenario
from simsvc.scenario.loading import changed
from simsvc.scenario.settings import Scenario

ARRIVALS, SERVICE, SERVERS, SECOND, PATIENCE = 20.0, 6.0, 4, 5.0, 2.0
"""An hour and department: calls, calls one of the front line ends; decisions of a manager, rate of giving up."""
WITHIN = 0.02
"""Hours in which a call counts as answered in time."""
BATCHES, HOURS, PERIOD = 40, 80, 24
"""Batches of time and open hours of each; a day of the event-driven model, in hours."""


class Network(NamedTuple):
    """What happens to calls; times in hours."""

    passed_on: float = 0.25
    managers: int = 2
    escalation: str = "blocked"
    delay: float = 0.0  # mean, until a manager takes notice
    diagnosis: float = 1.0  # share of the service before a manager is asked
    directors: int = 0  # who must agree to every other case
    departments: int = 1  # that share the managers evenly
    opened: int = PERIOD  # hours a day; all of them: the clock never stops
    persistence: float = 0.0  # share of those who got no answer that gets in touch again
    redial_share: float = 0.0  # of these, who gave up in the queue and would do so the same day, once; others the next
    redial: float = 0.0  # mean, until they do
    misrouted: float = 0.0  # share of cases that belong to the department before the one they reach
    on_the_spot: float = 0.0  # share of calls about these that are not handed over
    hand_over: float = 0.25  # share of the service before they are
    explaining: float = 0.0  # to a member of staff who was not the last to hear of the case

    def scenario(self) -> Scenario:
        """The same as a scenario of the program."""
        calls, people = ARRIVALS * self.departments, SERVERS * self.departments
        plain = two_tier_scenario(calls, SERVICE, people, self.passed_on, SECOND, self.managers)
        values: dict[str, Any] = {
            "demand.patience": 60 / PATIENCE,
            "demand.answer_within": 60 * WITHIN,
            "workforce.departments": self.departments,
            "structure.escalation": self.escalation,
            "operations.approval_delay": 60 * self.delay,
            "operations.diagnosis_share": self.diagnosis,
            "rules.repeat_contacts": 1.0,
            "demand.persistence": self.persistence,
            "demand.redial_share": self.redial_share,
            "demand.redial_minutes": 60 * self.redial,
            "demand.return_days": 1.0,
            "rules.handoffs": 1.0,
            "demand.misrouted_share": self.misrouted,
            "structure.permeability": self.on_the_spot,
            "assumptions.service_time.hand_over_share": self.hand_over,
            "operations.reexplain_minutes": 60 * self.explaining,
        }
        if self.directors:  # half of the remedies exceed their median, the managers' limit
            values |= {"demand.request_share": 0.0, "demand.failure_share": self.passed_on}
            values |= {"workforce.directors": self.directors, "demand.remedy": 100.0, "demand.remedy_cv": 1.0}
            values |= {"structure.manager_limit": 100 / math.sqrt(2)}
        if self.opened < PERIOD:
            values |= {"operations.continuous": False, "operations.open_minutes": 60 * self.opened}
            values |= {"demand.contacts_per_year": plain.demand.contacts_per_year * self.opened / PERIOD}
        return changed(plain, values)


# -- blocked, all times exponential, the clock never stops: a Markov chain ------------------------


def chain(passed_on: float, managers: int, most: int = 40) -> dict[str, float]:
    """Exact share that waits, gives up, hangs up; mean wait and time of managers, in hours.

    A state: staff on hold, staff serving, queue, managers busy with the case of somebody who has hung up.
    """
    all_busy = [
        (h, SERVERS - h, q, g) for h in range(SERVERS + 1) for q in range(most + 1) for g in range(managers + 1)
    ]
    some_idle = [(h, b, 0, g) for h in range(SERVERS) for b in range(SERVERS - h) for g in range(managers + 1)]
    states = some_idle + all_busy
    number = {state: i for i, state in enumerate(states)}
    rates = np.zeros((len(states), len(states)))
    for (held, serving, waiting, gone), i in number.items():
        full, queue = held + serving == SERVERS, waiting > 0
        in_hand = min(held, managers - gone)
        freed = (held - 1, serving + queue, waiting - queue)
        for to, rate in (
            ((held, serving, waiting + 1, gone) if full else (held, serving + 1, 0, gone), ARRIVALS),
            ((held, serving, waiting - 1, gone), PATIENCE * waiting),
            ((held, serving - (not queue), waiting - queue, gone), SERVICE * serving * (1 - passed_on)),
            ((held + 1, serving - 1, waiting, gone), SERVICE * serving * passed_on),
            ((*freed, gone), SECOND * in_hand + PATIENCE * (held - in_hand)),
            ((*freed, gone + 1), PATIENCE * in_hand),
            ((held, serving, waiting, gone - 1), SECOND * gone),
        ):
            if rate > 0 and to in number:
                rates[i, number[to]] += rate
    balance = (rates - np.diag(rates.sum(axis=1))).T
    balance[0] = 1.0
    chance = np.linalg.solve(balance, np.eye(len(states))[0])
    held_up, _, waiting_on, _ = chance @ np.array(states)
    busy = chance[-len(all_busy) :].sum()
    at_work = chance @ np.array([min(held + gone, managers) for held, _, _, gone in states])
    return {
        "p_wait": busy + (1 - busy) * passed_on,
        "mean_wait": (waiting_on + held_up) / ARRIVALS,  # in the queue and on hold
        "p_abandon": PATIENCE * waiting_on / ARRIVALS,
        "hung_up": PATIENCE * held_up / ARRIVALS,
        "approvals": at_work / ARRIVALS,
    }


@pytest.mark.parametrize("managers", [1, 2])
def test_calls_that_hold_the_front_line_wait_as_the_chain_says(managers: int) -> None:
    """A correct model with other draws fails with probability 1e-3."""
    network = Network(managers=managers)
    plain = network.scenario()
    a_year = plain.demand.contacts_per_year / 72  # in days of 20 minutes, so that midnight finds many on hold
    scenario = changed(plain, {"operations.open_minutes": 20.0, "demand.contacts_per_year": a_year})
    batches = observe(scenario, 60_000)
    found = queue_estimates(scenario, batches)
    for name, unit in (("hung_up", 1.0), ("approvals", 60.0)):
        found[name] = estimate(scenario, batches, [name], ["contacts"], unit)
    for measure, exact in chain(network.passed_on, managers).items():
        assert found[measure].error < 0.03 * exact  # sharp enough to notice a wrong rule
        assert abs(found[measure].value - exact) < found[measure].half_width(1e-4), (measure, found[measure], exact)


# -- with delays, callbacks, levels, departments, hand-overs, closing hours: event by event, in SimPy ----

COUNTS = ("answered_in_time", "abandoned", "turned_away", "hung_up", "repeats", "handoffs")
IN_MINUTES = ("wait", "delay", "busy", "approvals", "overtime")
MEASURES = COUNTS + IN_MINUTES
Process = Generator[simpy.Event, Any, Any]


@dataclass
class Case:
    """What a call is about."""

    owner: int  # department that it belongs to
    department: int  # where it is
    passed_on: bool
    small: bool  # a manager has the last word
    granted: bool = False
    heard: int | None = None  # by whom last


class CallCentre:
    """What a network does, with sums by batch of the `MEASURES` and of the contacts; times in hours."""

    def __init__(self, network: Network, seed: int = 7) -> None:
        self.network, self.env, self.rng = network, simpy.Environment(), Random(seed)
        self.end = (BATCHES + 1) * HOURS * PERIOD / network.opened
        self.sums = [dict.fromkeys(("contacts", *MEASURES), 0.0) for _ in range(BATCHES + 1)]  # the first is left out
        pools = min(network.departments, network.managers)
        managers = [simpy.Resource(self.env, network.managers // pools) for _ in range(pools)]
        directors = [simpy.Resource(self.env, network.directors)] if network.directors else []
        self.desks = [[managers[d % pools], *directors] for d in range(network.departments)]
        self.idle = [simpy.Store(self.env) for _ in range(network.departments)]  # who has been idle longest comes first
        for who in range(network.departments * SERVERS):
            self.idle[who // SERVERS].put(who)
        for department in range(network.departments):
            self.env.process(self.arrivals(department))

    def run(self) -> dict[str, Any]:
        self.env.run(until=self.end)
        return {name: np.array([one[name] for one in self.sums[1:]]) for name in self.sums[0]}

    def ends(self, time: float) -> float:
        return time // PERIOD * PERIOD + self.network.opened

    def closes(self, time: float) -> float:
        return self.ends(time) if self.network.opened < PERIOD else math.inf

    def arrivals(self, owner: int) -> Process:
        network, env, rng = self.network, self.env, self.rng
        while True:
            yield env.timeout(rng.expovariate(ARRIVALS))
            if env.now < self.ends(env.now):
                reached = (owner + (rng.random() < network.misrouted)) % network.departments
                env.process(self.call(Case(owner, reached, rng.random() < network.passed_on, rng.random() < 0.5)))
            else:
                yield env.timeout(PERIOD - env.now % PERIOD)

    def call(self, case: Case, repeated: bool = False, redialled: bool = False) -> Process:
        network, env, rng = self.network, self.env, self.rng
        batch = self.sums[int(env.now / self.end * len(self.sums))]
        batch["contacts"] += 1
        batch["repeats"] += repeated
        patience, work, waited, minutes = rng.expovariate(PATIENCE), rng.expovariate(SERVICE), 0.0, 0.0
        while True:  # until it is where it is dealt with
            joined, patient_for, open_for = env.now, patience - waited, self.closes(env.now) - env.now
            who = yield from self.turn(case.department, min(patient_for, open_for))
            waited += env.now - joined
            if who is None and open_for < patient_for:
                batch["turned_away"] += 1
                return self.try_tomorrow(case)
            if who is None:
                batch["abandoned"] += 1
                batch["wait"] += waited
                luck, redials = rng.random(), rng.expovariate(1 / network.redial)
                would_redial = luck < network.redial_share * network.persistence and not redialled
                if would_redial and env.now + redials < self.ends(joined):
                    start_delayed(env, self.call(case, True, True), redials)
                elif luck < network.persistence:
                    self.try_tomorrow(case)
                return None
            batch["answered_in_time"] += minutes == 0 and waited <= WITHIN
            taken, minutes = env.now, work + self.explaining(case, who)
            if case.department == case.owner or rng.random() < network.on_the_spot:
                break
            yield env.timeout(network.hand_over * minutes)
            batch["handoffs"] += 1
            case.department = case.owner
            self.release(who, taken, batch)
        asks = case.passed_on and not case.granted
        left = minutes * (1 - network.diagnosis) if asks else 0.0
        yield env.timeout(minutes - left)
        if asks:
            asked, hung_up = env.now, env.event()
            answer = env.process(self.approval(case, hung_up, batch))
            if network.escalation == "parked":
                self.release(who, taken, batch)
                yield answer
                who = yield self.idle[case.department].get()
                taken = env.now
                batch["delay"] += taken - asked
                left += self.explaining(case, who)
            else:
                yield answer | env.timeout(patience - waited)
                waited += env.now - asked
                if not answer.triggered:
                    hung_up.succeed()
                    batch["hung_up"] += 1
                    left = 0.0
                    if rng.random() < network.persistence:
                        self.try_tomorrow(case)
            yield env.timeout(left)
        batch["wait"] += waited
        self.release(who, taken, batch)

    def turn(self, department: int, limit: float) -> Process:
        """Somebody of the front line, or None if nobody is free in time or doors are closed."""
        if limit <= 0:
            return None
        with self.idle[department].get() as somebody:
            yield somebody | self.env.timeout(limit)
        return somebody.value if somebody.triggered else None

    def explaining(self, case: Case, who: int) -> float:
        anew = case.heard not in (None, who)
        case.heard = who
        return self.network.explaining * anew

    def approval(self, case: Case, hung_up: simpy.Event, batch: dict[str, float]) -> Process:
        for desk in self.desks[case.department]:
            if self.network.delay:
                yield self.env.timeout(self.rng.expovariate(1 / self.network.delay))
            with desk.request() as turn:
                yield turn | hung_up
                if hung_up.triggered:
                    return
                taken = self.env.now
                yield self.env.timeout(self.rng.expovariate(SECOND))  # who has the case in hand does not notice
                batch["approvals"] += self.env.now - taken
            if case.small:
                break
        case.granted = True

    def release(self, who: int, taken: float, batch: dict[str, float]) -> None:
        batch["busy"] += self.env.now - taken
        batch["overtime"] += max(self.env.now - max(self.closes(taken), taken), 0.0)
        self.idle[who // SERVERS].put(who)

    def try_tomorrow(self, case: Case) -> None:
        begins = (self.env.now // PERIOD + 1) * PERIOD + self.rng.uniform(0, self.network.opened)
        start_delayed(self.env, self.call(case, True), begins - self.env.now)


def per_contact(measure: Any, contacts: Any) -> tuple[float, float]:
    """A sum per contact and its standard error, from batches."""
    ratio = measure.sum() / contacts.sum()
    return ratio, (measure - ratio * contacts).std(ddof=1) / len(contacts) ** 0.5 / contacts.mean()


@pytest.mark.parametrize(
    "network",
    [
        Network(escalation="parked", delay=0.1, diagnosis=0.5, persistence=0.8, redial_share=0.7, redial=0.5),
        Network(
            passed_on=0.12,
            managers=1,
            delay=0.2,
            diagnosis=0.2,
            directors=1,
            departments=2,
            opened=4,
            persistence=0.8,
            redial_share=0.7,
            redial=0.5,
        ),
        Network(
            passed_on=0.15,
            escalation="parked",
            delay=0.1,
            diagnosis=0.5,
            departments=2,
            persistence=0.8,
            redial_share=0.7,
            redial=0.5,
            misrouted=0.5,
            on_the_spot=0.2,
            hand_over=0.4,
            explaining=0.04,
        ),
    ],
    ids=["parked", "blocked", "handed_over"],
)
def test_calls_fare_as_in_an_event_driven_model(network: Network) -> None:
    """4.5 standard errors of both, 11 measures: a correct model with other draws fails once in a thousand tries."""
    found, expected = observe(network.scenario(), 640_000 * network.departments), CallCentre(network).run()
    for measure in MEASURES:
        unit = 60 if measure in IN_MINUTES else 1
        value, error = per_contact(found[measure] / unit, found["contacts"])
        known, noise = per_contact(expected[measure], expected["contacts"])
        assert (value > 0) == (known > 0), measure
        error = math.hypot(error, noise)
        assert error <= 0.05 * known  # sharp enough to notice a wrong rule
        assert abs(value - known) <= 4.5 * error, (measure, value, known)
