"""A run too large for this machine is refused in a line that says how much it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

import simsvc
from simsvc.errors import InputError
from simsvc.organization import ServiceOrganization
from simsvc.runs import memory, perform
from simsvc.runs.order import Order
from simsvc.scenario.loading import load_scenario

LARGE = {"market.population": 20_000}


@pytest.mark.parametrize("ties", [0, 6, 40])
def test_the_need_is_about_what_the_tables_take(ties: int) -> None:
    """Within half of it: arrays alive after the start, without what making the network takes for a while."""
    scenario = load_scenario("classroom", {**LARGE, "market.ties": ties})
    state: Any = ServiceOrganization(scenario, rng=1).state
    arrays = [getattr(state, one.name) for one in fields(state)] if hasattr(state, "__dataclass_fields__") else state
    taken = sum(one.nbytes for one in arrays if isinstance(one, np.ndarray))
    assert taken / 1.5 < memory.bytes_needed(scenario) < taken * 1.5


def test_what_cannot_fit_is_refused_before_it_is_tried(
    monkeypatch: pytest.MonkeyPatch, command: Callable[..., tuple[int, str, str]]
) -> None:
    scenario = load_scenario("classroom", LARGE)
    monkeypatch.setattr(memory, "bytes_allowed", lambda: 1e6)
    with pytest.raises(InputError, match=r"needs about 0\.0047 GB .* market\.population = 20000"):
        simsvc.run(scenario)
    assert "needs about" in perform.perform(Order(scenario, seed=1)).message
    code, out, told = command("run", "classroom", "--set", "market.population=20000")
    assert (code, out) == (2, "")
    assert told.splitlines()[-1].startswith("simsvc: a run of this size needs about")


def test_memory_that_runs_out_all_the_same_is_told_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(perform, "ServiceOrganization", full)
    with pytest.raises(InputError, match="needs about"):
        perform.simulate(Order(load_scenario("classroom"), seed=1))


def test_limits_of_the_process_count() -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (1 << 38, before[1]))
    try:
        assert memory.bytes_allowed() <= 1 << 38
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
    assert memory.bytes_allowed() > 1e8
