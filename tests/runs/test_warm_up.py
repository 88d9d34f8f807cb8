"""The warm-up diagnostic on series of which the warm-up is known."""

from __future__ import annotations

import numpy as np
import pytest

from simsvc.runs.metrics import HEADLINES
from simsvc.runs.warm_up import truncation, unsettled
from simsvc.scenario.settings import Scenario

NOISE = np.random.default_rng(1).normal(size=200)
BATCHES = np.arange(200)


@pytest.mark.parametrize(
    ("bias", "low", "high"),
    [
        (0.0 * BATCHES, 0, 20),
        (np.where(BATCHES < 40, 5.0, 0.0), 40, 42),
        (-20.0 * 0.9**BATCHES, 15, 60),  # below the noise after 28 batches
    ],
    ids=["settled", "a step", "a decay"],
)
def test_the_truncation_point_is_where_the_bias_ends(bias: np.ndarray, low: int, high: int) -> None:
    found = truncation(NOISE + bias)
    assert found is not None
    assert low <= found <= high


@pytest.mark.parametrize(
    "series",
    [NOISE + 0.1 * BATCHES, np.where(BATCHES < 150, 5.0, 0.0) + NOISE, NOISE[:9], np.full(50, np.nan)],
    ids=["drift", "too late", "too short", "no numbers"],
)
def test_a_series_that_does_not_settle_has_none(series: np.ndarray) -> None:
    assert truncation(series) is None


def test_the_line_names_what_is_measured_too_early() -> None:
    late = dict.fromkeys(HEADLINES, 0) | {"loyalty": None, "profit": 300}
    line = unsettled({"'flat'": late}, 500, Scenario())
    assert "loyalty under 'flat' not within the run, profit under 'flat' by day 301;" in line
    assert unsettled({"": dict.fromkeys(HEADLINES, 100)}, 500, Scenario()) == ""
