"""The numbers of the model stay what they are until somebody renews them knowingly."""

from __future__ import annotations

import json
from typing import Any

import pytest
from baseline import FILE, cases, differing, numbers_of, processor

KEPT: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


def test_every_organisation_and_structure_is_pinned() -> None:
    assert sorted(KEPT["runs"]) == sorted(f"{preset}, {chart}" for preset, chart in cases())


@pytest.mark.parametrize(("preset", "chart"), cases())
def test_short_runs_give_the_numbers_kept(preset: str, chart: str) -> None:
    # to the last bit where they were made; see baseline.TOLERANCE for elsewhere
    exact = KEPT["made on"] == processor()
    assert differing(KEPT["runs"][f"{preset}, {chart}"], numbers_of(preset, chart), exact=exact) == []


def test_a_changed_number_is_seen() -> None:
    before = {"1": {"retention": 0.8, "wait": None}}
    assert differing(before, {"1": {"retention": 0.8 + 1e-15, "wait": None}}, exact=True)
    assert differing(before, {"1": {"retention": 0.83, "wait": None}}, exact=False)
    assert differing(before, {"1": {"retention": 0.8, "wait": 1.0}}, exact=False)
    assert not differing(before, {"1": {"retention": 0.8001, "wait": None}}, exact=False)
