"""Calls of which something is doubtful: nothing is believed, converted or set without a count and a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from calibration.test_reading_calls import CALLS, file, run

from simsvc.calibration.calls import scenario_from_calls
from simsvc.calibration.calls.intervals import likeliest
from simsvc.calibration.calls.opening_hours import ordinary_hours
from simsvc.calibration.calls.records import CallRecords
from simsvc.calibration.calls.repeat_calls import estimate_repeats
from simsvc.scenario.loading import load_scenario

# -- settings that follow ---------------------------------------------------------------------------


def test_what_a_flat_likelihood_does_not_tell_is_unknown_and_not_exact() -> None:
    found, errors, _ = likeliest(lambda x: float((x[0] - 0.3) ** 2), np.zeros(2))
    assert found[0] == pytest.approx(0.3, abs=1e-4)
    assert errors[0] == pytest.approx(np.sqrt(0.5), rel=1e-3)
    assert errors[1] == np.inf


def test_a_return_after_the_end_of_the_records_is_not_identified() -> None:
    """Those who gave up are slow to come back; eight days do not tell how slow, but thirty do."""
    rng = np.random.default_rng(3)
    rows = []
    dates = pd.bdate_range("2025-01-06", periods=60)
    for customer in range(4000):
        day, served = int(rng.integers(60)), rng.random() < 0.5
        rows.append((dates[day], served, f"c{customer}"))
        back = day + int(rng.geometric(1 / 8))
        if not served and back < 60:
            rows.append((dates[back], True, f"c{customer}"))
    calls = pd.DataFrame(rows, columns=["date", "served", "customer"]).sort_values("date", ignore_index=True)
    calls = calls.assign(second=36_000.0, wait=10.0, service=60.0, agent="x", type=None)
    whole = CallRecords(calls, len(calls), has=frozenset({"customer"}))
    known = estimate_repeats(whole, ordinary_hours(whole))
    assert known is not None
    assert known.identified
    assert known.return_days.low < 8 < known.return_days.high
    few = whole.on(dates[-8:])
    short = estimate_repeats(few, ordinary_hours(few))
    assert short is not None
    assert not short.identified


@pytest.mark.parametrize(
    ("name", "wanted", "kept"),
    [("demand.return_days", 1527.1, 250.0), ("demand.patience", 0.0, 0.01), ("workforce.frontline", 200_000, 100_000),
     ("operations.approval_minutes", 0.0, 0.001), ("operations.service_profile", (0.002, 1.4), (0.01, 1.4)),
     ("market.population", 60_000_000, 50_000_000)],
)  # fmt: skip
def test_a_setting_stays_in_its_range_and_that_is_told(name: str, wanted: Any, kept: Any) -> None:
    beyond: dict[str, Any] = {}
    base = load_scenario("classroom")
    scenario = scenario_from_calls._kept(base, {name: wanted}, beyond)
    assert scenario_from_calls.setting_value(scenario, name) == kept
    assert beyond == {name: wanted}
    (told,) = scenario_from_calls._doubts(beyond, {})
    assert told.startswith(f"WARNING: {name} would have to be ")
    scenario_from_calls._kept(scenario, {name: kept}, beyond)  # a later step is within
    assert beyond == {}


def test_a_run_that_is_far_from_the_records_is_warned_of(tmp_path: Path) -> None:
    """Nothing is known of patience, and far too few agents are seen: the run has other waits than the records."""
    doubts = list(
        scenario_from_calls._doubts(
            {},
            {"calls a day (fitted)": (100.0, 108.0), "service time, min (fitted)": (4.0, 4.5),
             "mean wait in the queue, s": (12.8, 497.0), "calls that give up, %": (12.0, 19.0)},
        )
    )  # fmt: skip
    assert [text.split(":")[1] for text in doubts] == [" service time, min (fitted)", " mean wait in the queue, s"]
    lost = CALLS["outcome"] == "abandoned"
    path = file(tmp_path / "calls.csv", wait=CALLS["wait"].astype(str).mask(lost, ""))
    printed = run(str(path), "classroom", "--json", "--out", str(tmp_path / "mine"))
    assert printed.exit_code == 0, printed.output
    found = json.loads(printed.stdout)
    assert (
        found["check"]["mean wait in the queue, s"]["run"] > 2 * found["check"]["mean wait in the queue, s"]["records"]
    )
    (told,) = [text for text in found["doubts"] if "mean wait" in text]
    assert f"# {told}" in (tmp_path / "mine" / "scenario.toml").read_text(encoding="utf-8")
