"""The queueing network with escalation against an event-driven model of it, written apart from the program in SimPy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from simsvc.evidence.queueing import observe, queue_estimates, two_tier_scenario
from simsvc.scenario.loading import changed

simpy = pytest.importorskip("simpy")

ARRIVALS, SERVICE, SERVERS, PASSED_ON, SECOND, MANAGERS, PATIENCE = 20.0, 6.0, 4, 0.25, 5.0, 2, 2.0
"""An hour: calls, calls that one of the front line ends; share passed on, decisions of a manager, rate of giving up."""
BATCHES, HOURS = 20, 100.0


def events() -> dict[str, Any]:
    """Share that gives up and mean wait in hours, by batch of time; the first batch is left out."""
    rng, world = np.random.default_rng(7), simpy.Environment()
    front, managers = simpy.Resource(world, SERVERS), simpy.Resource(world, MANAGERS)
    calls = [np.zeros(3) for _ in range(BATCHES + 1)]  # calls, given up, hours waited

    def decided() -> Iterator[Any]:
        with managers.request() as turn:
            yield turn
            yield world.timeout(rng.exponential(1 / SECOND))

    def call() -> Iterator[Any]:
        begun = world.now
        batch = calls[min(int(begun / HOURS), BATCHES)]
        with front.request() as turn:
            patience = world.timeout(rng.exponential(1 / PATIENCE))
            yield turn | patience
            batch += (1, not turn.triggered, world.now - begun)
            if not turn.triggered:
                return
            yield world.timeout(rng.exponential(1 / SERVICE))
        if rng.random() < PASSED_ON:  # put aside: whoever served is free for the next call
            yield from decided()

    def arrivals() -> Iterator[Any]:
        while True:
            yield world.timeout(rng.exponential(1 / ARRIVALS))
            world.process(call())

    world.process(arrivals())
    world.run((BATCHES + 1) * HOURS)
    table = np.array(calls[1:])
    return {"p_abandon": table[:, 1] / table[:, 0], "mean_wait": table[:, 2] / table[:, 0]}


def test_waits_and_abandonment_are_those_of_an_event_driven_model() -> None:
    """Four standard errors of both: missed once in 15,000 tries."""
    scenario = two_tier_scenario(ARRIVALS, SERVICE, SERVERS, PASSED_ON, SECOND, MANAGERS)
    scenario = changed(scenario, {"demand.patience": 60 / PATIENCE})
    found = queue_estimates(scenario, observe(scenario, 100_000))
    for measure, batches in events().items():
        error = np.hypot(found[measure].error, batches.std(ddof=1) / np.sqrt(BATCHES))
        assert error < 0.06 * batches.mean()  # sharp enough to notice a wrong rule
        assert abs(found[measure].value - batches.mean()) < 4 * error, (measure, found[measure].value, batches.mean())
