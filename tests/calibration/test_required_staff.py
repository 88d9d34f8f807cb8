"""Service levels: the formulas agree with each other, with a direct simulation, and with what records show."""

from __future__ import annotations

import json
import math
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from calibration.test_reading_calls import CALLS, file, run

from simsvc.calibration.calls.estimates import estimate_calls
from simsvc.calibration.calls.opening_hours import ordinary_hours
from simsvc.calibration.calls.records import read_calls
from simsvc.calibration.calls.required_staff import OTHERS, StaffNeeds
from simsvc.errors import InputError
from simsvc.evidence.queueing import erlang_a, erlang_c
from simsvc.evidence.service_level import Target, read_target, served_within, servers_needed
from simsvc.scenario.loading import load_scenario


def test_erlang_c_gives_what_its_sum_gives() -> None:
    """200 calls an hour of 3 min, 14 agents, 20 s: 10 erlang; the formula written out as in textbooks."""
    load, agents = 10.0, 14
    last = load**agents / math.factorial(agents) * agents / (agents - load)
    waits = last / (sum(load**k / math.factorial(k) for k in range(agents)) + last)
    expected = 1.0 - waits * math.exp(-(agents - load) * 20.0 / 180.0)
    assert served_within(200.0, 20.0, agents, 0.0, 20.0 / 3600.0) == pytest.approx(expected)
    assert expected == pytest.approx(0.888, abs=0.001)
    assert servers_needed(200.0, 20.0, 0.0, 0.8, 20.0 / 3600.0) == 14
    assert served_within(200.0, 20.0, 10, 0.0, 1.0) == 0.0  # the queue grows for ever


def test_with_far_more_servers_than_calls_nobody_waits() -> None:
    assert served_within(10.0, 5.0, 500, 20.0, 0.01) == 1.0
    assert astuple(erlang_a(10.0, 5.0, 500, 20.0)) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(("arrivals", "servers", "patience"), [(60.0, 4, 12.0), (60.0, 8, 20.0), (400.0, 30, 6.0)])
def test_giving_up_agrees_at_its_ends(arrivals: float, servers: int, patience: float) -> None:
    answer = erlang_a(arrivals, 12.0, servers, patience)
    assert served_within(arrivals, 12.0, servers, patience, 0.0) == pytest.approx(1.0 - answer.p_wait)
    assert served_within(arrivals, 12.0, servers, patience, 50.0) == pytest.approx(1.0 - answer.p_abandon)
    if arrivals < 12.0 * servers:
        nearly = served_within(arrivals, 12.0, servers, 1e-3, 0.01)
        assert nearly == pytest.approx(served_within(arrivals, 12.0, servers, 0.0, 0.01), abs=1e-3)
        assert erlang_c(arrivals, 12.0, servers).p_wait > answer.p_wait


def test_the_share_served_in_time_is_that_of_a_simulated_queue() -> None:
    """M/M/5+M by a simulation of its own, 200,000 calls in 40 batches; 4 standard errors."""
    rng = np.random.default_rng(3)
    n, servers = 200_000, 5
    arrive = np.cumsum(rng.exponential(1.0 / 66.0, n))
    work, patience = rng.exponential(1.0 / 12.0, n), rng.exponential(1.0 / 15.0, n)
    free = np.zeros(servers)
    in_time = np.zeros(n)
    for k in range(n):
        first = int(free.argmin())
        wait = max(free[first] - arrive[k], 0.0)
        if wait <= patience[k]:
            free[first] = arrive[k] + wait + work[k]
            in_time[k] = wait <= 0.03
    batches = in_time.reshape(40, -1).mean(axis=1)
    error = batches.std(ddof=1) / math.sqrt(40)
    assert abs(batches.mean() - served_within(66.0, 12.0, servers, 15.0, 0.03)) < 4 * error


@pytest.mark.parametrize("patience", [0.0, 10.0])
@pytest.mark.parametrize("arrivals", [3.0, 45.0, 900.0])
def test_one_agent_fewer_misses_the_target(arrivals: float, patience: float) -> None:
    needed = servers_needed(arrivals, 12.0, patience, 0.9, 0.01)
    assert served_within(arrivals, 12.0, needed, patience, 0.01) >= 0.9
    assert needed == 1 or served_within(arrivals, 12.0, needed - 1, patience, 0.01) < 0.9


def test_the_level_of_records_is_the_share_served_in_time(tmp_path: Path) -> None:
    read = read_calls(file(tmp_path / "calls.csv"))
    found = estimate_calls(read, ordinary_hours(read, 60.0))
    needs = StaffNeeds(found, Target(0.8, 20.0), load_scenario("classroom"))
    counted = CALLS[(CALLS["outcome"] == "served") | (CALLS["wait"] > 0)]
    in_time = (counted["outcome"] == "served") & (counted["wait"] <= 20)
    assert needs.level.mean == pytest.approx(in_time.mean())
    assert found.in_time.mean == needs.level.mean
    assert "calls served within 20 s" in set(found.table()["quantity"])
    assert len(needs.table) == 8
    table = needs.table
    assert (table["erlang_a"] <= table["erlang_c"]).all()  # who gives up makes room for others
    assert found.staffing is not None
    share = found.staffing.profile["available"] / found.staffing.profile["on_duty"]
    np.testing.assert_allclose(table["on_duty"] * share, table["erlang_a"])
    stricter = StaffNeeds(found, Target(0.95, 5.0), load_scenario("classroom")).table
    assert (stricter["erlang_c"] >= table["erlang_c"]).all()
    assert stricter["erlang_c"].sum() > table["erlang_c"].sum()
    json.dumps(needs.as_json(), allow_nan=False)


def test_the_command_writes_half_hours_and_no_scenario(tmp_path: Path) -> None:
    path = file(tmp_path / "calls.csv")
    result = run(str(path), "--staff", "80/20", "--out", str(tmp_path / "o"))
    assert result.exit_code == 0, result.output
    assert "Reached: " in result.stdout
    assert {"required_staff.csv", "required_staff.png", "manifest.json"} <= {f.name for f in (tmp_path / "o").iterdir()}
    assert not (tmp_path / "o" / "scenario.toml").exists()
    hours = pd.read_csv(tmp_path / "o" / "required_staff.csv")["hour"]
    assert list(np.diff(hours).round(6)) == [0.5] * 15


def test_kinds_of_calls_with_agents_of_their_own_need_as_many_as_each_by_itself(tmp_path: Path) -> None:
    """Sales calls take twice as long as service calls; there are 40 of a third kind, and one of a fourth."""
    kinds = np.where(np.arange(len(CALLS)) % 2, "service", "sales").astype(object)
    kinds[np.arange(len(CALLS)) % 15 == 3] = "complaint"
    kinds[7] = "odd"
    long = pd.to_numeric(CALLS["service_time"]) * np.where(kinds == "sales", 2, 1)
    read = read_calls(file(tmp_path / "calls.csv", type=kinds, service_time=long))
    needs = StaffNeeds(estimate_calls(read, ordinary_hours(read, 60.0)), Target(0.8, 20.0), load_scenario("classroom"))
    assert set(needs.by_type["type"]) == {"service", "sales", "complaint", OTHERS}
    np.testing.assert_allclose(needs.by_type.groupby("hour")["calls"].sum(), needs.table["calls"])
    for row in needs.by_type[needs.by_type["type"] == "sales"].to_dict("records"):
        alone = served_within(row["calls"], 60 / row["service"], int(row["erlang_c"]), 0.0, 20 / 3600)
        assert alone >= 0.8
        assert served_within(row["calls"], 60 / row["service"], int(row["erlang_c"]) - 1, 0.0, 20 / 3600) < 0.8
    time = needs.by_type.groupby("type")["service"].mean()
    assert 1.6 < time["sales"] / time["service"] < 2.4
    sums = needs.by_type.groupby("hour")["erlang_a"].sum()
    assert (needs.table["separate"].to_numpy() == sums.to_numpy()).all()
    assert (needs.table["separate"] > needs.table["erlang_a"]).all()  # agents who serve every kind are idle less
    assert set(needs.tables()) == {"required_staff", "required_staff_by_type"}


@pytest.mark.parametrize("text", ["80", "80/", "0/20", "100/20", "80/-1", "x/20", "80/nan"])
def test_a_target_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=f"--staff {text}: "):
        read_target(text, "--staff")
