"""Staff for a service level: what is found is what the rule of Erlang says where the rule holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import simsvc
from simsvc.errors import InputError
from simsvc.evidence.queueing import queue_scenario
from simsvc.evidence.service_level import servers_needed
from simsvc.runs.progress import Progress
from simsvc.staffing import compute
from simsvc.staffing.compute import fewest

CALLS, SERVICE = 200.0, 20.0
"""An hour: calls, and calls one server ends."""


@pytest.mark.parametrize(
    ("start", "least", "wanted"), [(1, 1, 1), (1, 1, 7), (8, 3, 3), (8, 3, 9), (8, 3, 8), (80, 1, 2)]
)
def test_the_fewest_that_reach_an_aim_are_found(start: int, least: int, wanted: int) -> None:
    tried: list[int] = []
    assert fewest(lambda number: tried.append(number) or number >= wanted, start, least) == wanted  # type: ignore[func-returns-value]
    assert len(set(tried)) == len(tried)
    assert min(tried) >= least


def test_large_numbers_are_found_to_one_per_cent() -> None:
    found = fewest(lambda number: number >= 12_345, 20_000, 1)
    assert 12_345 <= found <= 12_345 * 1.01


@pytest.mark.parametrize("patience", [0.0, 10.0])
def test_in_a_plain_queue_it_takes_as_many_as_erlang_says(patience: float) -> None:
    """60,000 calls: the level is known to a point; with one server more or less it is six or more away from 70 %."""
    expected = servers_needed(CALLS, SERVICE, patience, 0.7, 20.0 / 3600.0)
    scenario = queue_scenario(CALLS, SERVICE, expected + 2, patience)
    found = simsvc.staff(scenario, {"plain": scenario.structure}, "70/20", replications=2, days=9)
    assert found.needed == {"plain": expected}
    assert found.erlang["plain"]["erlang_c" if patience == 0 else "erlang_a"] == expected


def test_a_search_goes_on_where_it_stopped_and_says_what_it_found(tmp_path: Path) -> None:
    seen: list[Progress] = []
    options = {"replications": 2, "days": 20, "out": tmp_path, "watch": seen.append}
    first = simsvc.staff("classroom", ["traditional"], "60/30", **options)  # type: ignore[arg-type]
    first.save(tmp_path)
    seen.clear()
    again = simsvc.staff("classroom", ["traditional"], "60/30", **options)  # type: ignore[arg-type]
    assert all(one.found for one in seen)
    assert again.as_json() == first.as_json() == json.loads((tmp_path / "result.json").read_text())
    row = first.table.iloc[0]
    assert row["service_level"] >= 0.6
    fewer = first.tried[first.tried["positions"] < row["positions"]]
    assert (fewer["mean"] < 0.6).all()
    assert f"{row['positions']} under 'traditional'" in first.sentence()


def test_a_target_out_of_reach_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute, "MOST", 1)
    scenario = simsvc.load_scenario("classroom", {"workforce.frontline": 3})
    with pytest.raises(InputError, match="traditional: 3 positions do not reach 99 % of calls"):
        simsvc.staff(scenario, ["traditional"], "99/0", replications=2, days=5)
